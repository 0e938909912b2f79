/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * captures: capture files put together byte by byte, as pcap and pcapng write them down. The
 * byte order is that of the octets. */
#ifndef STALENODE_TEST_CAPTURES_H
#define STALENODE_TEST_CAPTURES_H

#include "octets.h"

enum {
	PCAP_MICROSECONDS = 0xa1b2c3d4,
	PCAP_NANOSECONDS = 0xa1b23c4d,
	PCAP_MODIFIED = 0xa1b2cd34,
};

static inline void put_pcap_header(struct octets *file, uint32_t magic, uint32_t link_type)
{
	put32(file, magic);
	put16(file, 2);
	put16(file, 4);
	put64(file, 0);
	put32(file, 262144);
	put32(file, link_type);
}

static inline void put_pcap_record(struct octets *file, uint32_t magic, uint32_t seconds,
				   uint32_t fraction, const void *bytes, uint32_t length)
{
	put32(file, seconds);
	put32(file, fraction);
	put32(file, length);
	put32(file, length + 4);
	if (magic == PCAP_MODIFIED) { /* interface index, protocol, packet type, padding */
		put32(file, 2);
		put16(file, 0x0800);
		put16(file, 0);
	}
	put_bytes(file, bytes, length);
}

/* A block of that type around a body, padded. */
static inline void put_block(struct octets *file, uint32_t type, const struct octets *body)
{
	uint32_t padded = (uint32_t)((body->length + 3) & ~(size_t)3);
	put32(file, type);
	put32(file, padded + 12);
	put_bytes(file, body->bytes, body->length);
	put_zeros(file, padded - body->length);
	put32(file, padded + 12);
}

static inline void put_option(struct octets *body, unsigned code, const void *value, size_t length)
{
	put16(body, code);
	put16(body, (unsigned)length);
	put_bytes(body, value, length);
	put_zeros(body, (4 - length % 4) % 4);
}

static inline void put_section(struct octets *file)
{
	struct octets body = {.little = file->little};
	put32(&body, 0x1a2b3c4d);
	put16(&body, 1);
	put16(&body, 0);
	put64(&body, UINT64_MAX);
	put_option(&body, 4, "a program", 9);
	put32(&body, 0);
	put_block(file, 0x0a0d0d0a, &body);
}

/* resolution: if_tsresol, or -1 for none; offset: if_tsoffset, 0 for none. */
static inline void put_interface(struct octets *file, unsigned link_type, int resolution,
				 int64_t offset)
{
	struct octets body = {.little = file->little};
	put16(&body, link_type);
	put16(&body, 0);
	put32(&body, 262144);
	put_option(&body, 2, "eth0", 4);
	if (resolution >= 0) {
		uint8_t code = (uint8_t)resolution;
		put_option(&body, 9, &code, 1);
	}
	if (offset) {
		put16(&body, 14);
		put16(&body, 8);
		put64(&body, (uint64_t)offset);
	}
	put32(&body, 0);
	put_block(file, 1, &body);
}

static inline void put_enhanced(struct octets *file, uint32_t interface, uint64_t units,
				const void *bytes, uint32_t length)
{
	struct octets body = {.little = file->little};
	put32(&body, interface);
	put32(&body, (uint32_t)(units >> 32));
	put32(&body, (uint32_t)units);
	put32(&body, length);
	put32(&body, length + 4);
	put_bytes(&body, bytes, length);
	put_zeros(&body, (4 - length % 4) % 4);
	put_option(&body, 2, "\0\0\0\1", 4); /* epb_flags */
	put32(&body, 0);
	put_block(file, 6, &body);
}

static inline void put_simple(struct octets *file, const void *bytes, uint32_t length)
{
	struct octets body = {.little = file->little};
	put32(&body, length);
	put_bytes(&body, bytes, length);
	put_block(file, 3, &body);
}

/* The obsolete packet block. */
static inline void put_old_packet(struct octets *file, unsigned interface, uint64_t units,
				  const void *bytes, uint32_t length)
{
	struct octets body = {.little = file->little};
	put16(&body, interface);
	put16(&body, 7); /* drops */
	put32(&body, (uint32_t)(units >> 32));
	put32(&body, (uint32_t)units);
	put32(&body, length);
	put32(&body, length + 4);
	put_bytes(&body, bytes, length);
	put_block(file, 2, &body);
}

#endif
