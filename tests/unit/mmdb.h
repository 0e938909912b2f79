/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mmdb: makes small databases in MaxMind's format, as
 * https://maxmind.github.io/MaxMind-DB/ describes it: nodes of 24 bits, IPv6 with IPv4 below
 * ::/96. tests/golden/geo.test has larger ones, made by MaxMind's own writer. */
#ifndef STALENODE_TEST_MMDB_H
#define STALENODE_TEST_MMDB_H

#include "octets.h"

#define MMDB_NODES_MAX 1024

struct mmdb {
	uint32_t node[MMDB_NODES_MAX][2]; /* 0 nothing, n < 2^20 a node, else a record */
	uint32_t nodes;
	struct octets data;
};
#define MMDB_RECORD (1u << 20)

static inline void put_text(struct octets *data, const char *text)
{
	size_t length = strlen(text);
	assert(length < 285);
	put8(data, 2u << 5 | (length < 29 ? (unsigned)length : 29));
	if (length >= 29)
		put8(data, (unsigned)length - 29);
	put_bytes(data, text, length);
}

static inline void put_map(struct octets *data, unsigned entries)
{
	put8(data, 7u << 5 | entries);
}

/* An unsigned number of 16 (type 5) or 32 (type 6) bits. */
static inline void put_number(struct octets *data, unsigned type, uint32_t value)
{
	unsigned size = type == 5 ? 2 : 4;
	put8(data, type << 5 | size);
	put_integer(data, value, size);
}

static inline void mmdb_begin(struct mmdb *mmdb)
{
	memset(mmdb, 0, sizeof *mmdb);
	mmdb->nodes = 1;
}

/* Everything in address/bits leads to the record at that offset of mmdb->data. */
static inline void mmdb_insert(struct mmdb *mmdb, const uint8_t address[16], unsigned bits,
			       uint32_t offset)
{
	uint32_t at = 0;
	for (unsigned i = 0; i < bits; i++) {
		uint32_t *side = &mmdb->node[at][address[i / 8] >> (7 - i % 8) & 1];
		if (i + 1 == bits) {
			*side = MMDB_RECORD + offset;
			return;
		}
		if (*side == 0) {
			assert(mmdb->nodes < MMDB_NODES_MAX);
			*side = mmdb->nodes++;
		}
		at = *side;
	}
}

static inline void mmdb_insert_ipv4(struct mmdb *mmdb, uint32_t address, unsigned bits,
				    uint32_t offset)
{
	uint8_t bytes[16] = {0};
	for (unsigned i = 0; i < 4; i++)
		bytes[12 + i] = (uint8_t)(address >> (24 - 8 * i));
	mmdb_insert(mmdb, bytes, 96 + bits, offset);
}

/* The records that the standard databases have; each returns its offset. */
static inline uint32_t mmdb_country(struct mmdb *mmdb, const char *code)
{
	uint32_t offset = (uint32_t)mmdb->data.length;
	put_map(&mmdb->data, 1);
	put_text(&mmdb->data, "country");
	put_map(&mmdb->data, 1);
	put_text(&mmdb->data, "iso_code");
	put_text(&mmdb->data, code);
	return offset;
}

static inline uint32_t mmdb_system(struct mmdb *mmdb, uint32_t number, const char *name)
{
	uint32_t offset = (uint32_t)mmdb->data.length;
	put_map(&mmdb->data, 2);
	put_text(&mmdb->data, "autonomous_system_number");
	put_number(&mmdb->data, 6, number);
	put_text(&mmdb->data, "autonomous_system_organization");
	put_text(&mmdb->data, name);
	return offset;
}

/* The whole file. */
static inline void mmdb_end(const struct mmdb *mmdb, struct octets *file)
{
	*file = (struct octets){0};
	for (uint32_t i = 0; i < mmdb->nodes; i++)
		for (unsigned side = 0; side < 2; side++) {
			uint32_t value = mmdb->node[i][side];
			if (value == 0)
				value = mmdb->nodes;
			else if (value >= MMDB_RECORD)
				value = mmdb->nodes + 16 + (value - MMDB_RECORD);
			put_integer(file, value, 3);
		}
	put_zeros(file, 16);
	put_bytes(file, mmdb->data.bytes, mmdb->data.length);
	put_bytes(file, "\xab\xcd\xefMaxMind.com", 14);
	put_map(file, 9);
	put_text(file, "binary_format_major_version");
	put_number(file, 5, 2);
	put_text(file, "binary_format_minor_version");
	put_number(file, 5, 0);
	put_text(file, "build_epoch");
	put8(file, 8); /* extended: 64 bits */
	put8(file, 2);
	put64(file, 1203465600);
	put_text(file, "database_type");
	put_text(file, "stalenode-test");
	put_text(file, "description");
	put_map(file, 0);
	put_text(file, "ip_version");
	put_number(file, 5, 6);
	put_text(file, "languages");
	put8(file, 0); /* extended: an empty array */
	put8(file, 4);
	put_text(file, "node_count");
	put_number(file, 6, mmdb->nodes);
	put_text(file, "record_size");
	put_number(file, 5, 24);
}

#endif
