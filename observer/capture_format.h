/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capture_format: the two file formats behind capture_file, each a table of two functions over
 * a sliding window of the file. */
#ifndef STALENODE_CAPTURE_FORMAT_H
#define STALENODE_CAPTURE_FORMAT_H

#include "capture_buffer.h"
#include "capture_file.h"

/* A pcapng section may name more; no real capture does. Beyond it the file is refused. */
#define CAPTURE_INTERFACES_MAX 256

struct capture_interface {
	int link_type;
	uint64_t units_per_second; /* of the timestamps */
	int64_t offset_seconds;	   /* added to them */
};

struct capture_file {
	const char *name; /* for messages, owned by path[] */
	const struct capture_format *format;
	bool swapped;		       /* written on a machine of the other byte order */
	bool nanoseconds;	       /* pcap: fractions of a second; else microseconds */
	uint64_t packets;	       /* returned so far */
	uint32_t record_header_length; /* pcap: 16, or 24 in the "modified" form */
	struct capture_interface interface[CAPTURE_INTERFACES_MAX]; /* pcap uses the first */
	size_t interfaces;
	char path[4096];
	struct capture_buffer buffer;
};

struct capture_format {
	const char *name;
	/* True when the file's first four bytes are this format's. */
	bool (*recognise)(const uint8_t magic[4]);
	int (*begin)(struct capture_file *file, struct failure *failure);
	enum capture_next (*next)(struct capture_file *file, struct capture_packet *packet,
				  struct failure *failure);
};

extern const struct capture_format pcap_format;
extern const struct capture_format pcapng_format;

static inline uint16_t capture_read16(const struct capture_file *file, const uint8_t *at)
{
	uint16_t value;
	__builtin_memcpy(&value, at, sizeof value);
	return file->swapped ? __builtin_bswap16(value) : value;
}

static inline uint32_t capture_read32(const struct capture_file *file, const uint8_t *at)
{
	uint32_t value;
	__builtin_memcpy(&value, at, sizeof value);
	return file->swapped ? __builtin_bswap32(value) : value;
}

static inline uint64_t capture_read64(const struct capture_file *file, const uint8_t *at)
{
	uint64_t value;
	__builtin_memcpy(&value, at, sizeof value);
	return file->swapped ? __builtin_bswap64(value) : value;
}

/* The failure of a file that ends in the middle of a packet. */
enum capture_next capture_cut_off(const struct capture_file *file, struct failure *failure);

#endif
