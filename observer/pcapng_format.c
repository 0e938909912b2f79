/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pcapng (draft-ietf-opsawg-pcapng): sections of blocks; interface blocks name link types and
 * clocks, packet blocks refer to them. A reader of our own because libpcap refuses files whose
 * interfaces have different link types, which is what a capture on "any" and eth0 gives. */
#include "capture_format.h"

#include <inttypes.h>
#include <string.h>

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete, still written by old tools */
	BLOCK_SIMPLE = 3,
	BLOCK_ENHANCED = 6,
	OPTION_END = 0,
	OPTION_TIME_RESOLUTION = 9,
	OPTION_TIME_OFFSET = 14,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
};

/* Type and length before the body, the length again behind it. */
#define BLOCK_OVERHEAD 12
/* Section blocks hold names and comments; longer ones are damage. */
#define DESCRIPTION_MAX (CAPTURE_BUFFER_SIZE)

static int damaged(const struct capture_file *file, const char *what, struct failure *failure)
{
	return fail(failure, EXIT_FAILED,
		    "%s: damaged after packet %" PRIu64 ": %s: the packets before it are whole",
		    file->name, file->packets, what);
}

static bool recognise(const uint8_t magic[4])
{
	static const uint8_t section[4] = {0x0a, 0x0d, 0x0d, 0x0a};
	return memcmp(magic, section, sizeof section) == 0;
}

/* The section header, whose byte-order magic decides how its own length reads. */
static int read_section(struct capture_file *file, struct failure *failure)
{
	struct capture_buffer *buffer = &file->buffer;
	ssize_t held = capture_buffer_need(buffer, 28, failure);
	if (held < 0)
		return -1;
	if (held < 28)
		return damaged(file, "cut off inside a section header", failure);
	const uint8_t *block = buffer->bytes + buffer->begin;
	file->swapped = false;
	if (capture_read32(file, block + 8) != BYTE_ORDER_MAGIC)
		file->swapped = true;
	if (capture_read32(file, block + 8) != BYTE_ORDER_MAGIC)
		return damaged(file, "a section header without its byte-order mark", failure);
	uint32_t length = capture_read32(file, block + 4);
	if (length < 28 || length % 4 || length > DESCRIPTION_MAX)
		return damaged(file, "a section header of an impossible length", failure);
	if (capture_read16(file, block + 12) != 1)
		return fail(failure, EXIT_FAILED,
			    "%s: pcapng version %u is unknown: convert it with editcap", file->name,
			    capture_read16(file, block + 12));
	file->interfaces = 0;
	int skipped = capture_buffer_skip(buffer, length, failure);
	return skipped > 0 ? damaged(file, "cut off inside a section header", failure) : skipped;
}

/* 10^n, or 2^n with the top bit set (if_tsresol). False when it does not fit. */
static bool time_resolution(uint8_t code, uint64_t *units_per_second)
{
	uint8_t exponent = code & 0x7f;
	if (code & 0x80) {
		if (exponent > 62)
			return false;
		*units_per_second = (uint64_t)1 << exponent;
		return true;
	}
	if (exponent > 18)
		return false;
	*units_per_second = 1;
	while (exponent--)
		*units_per_second *= 10;
	return true;
}

static int read_interface(struct capture_file *file, const uint8_t *body, size_t length,
			  struct failure *failure)
{
	if (file->interfaces == CAPTURE_INTERFACES_MAX)
		return fail(failure, EXIT_FAILED, "%s: more than %d interfaces in one section",
			    file->name, CAPTURE_INTERFACES_MAX);
	if (length < 8)
		return damaged(file, "an interface block that is too short", failure);
	struct capture_interface *interface = &file->interface[file->interfaces];
	*interface = (struct capture_interface){
		.link_type = capture_read16(file, body),
		.units_per_second = 1000000,
	};
	for (size_t at = 8; at + 4 <= length;) {
		uint16_t code = capture_read16(file, body + at);
		size_t value_length = capture_read16(file, body + at + 2);
		const uint8_t *value = body + at + 4;
		if (code == OPTION_END || value_length > length - at - 4)
			break;
		if (code == OPTION_TIME_RESOLUTION && value_length >= 1 &&
		    !time_resolution(value[0], &interface->units_per_second))
			return damaged(file, "an interface whose clock resolution is impossible",
				       failure);
		if (code == OPTION_TIME_OFFSET && value_length >= 8)
			interface->offset_seconds = (int64_t)capture_read64(file, value);
		at += 4 + ((value_length + 3) & ~(size_t)3);
	}
	file->interfaces++;
	return 0;
}

static int64_t to_microseconds(const struct capture_interface *interface, uint64_t units)
{
	uint64_t seconds = units / interface->units_per_second;
	uint64_t rest = units % interface->units_per_second;
	uint64_t microseconds =
		(uint64_t)((unsigned __int128)rest * 1000000 / interface->units_per_second);
	/* A time beyond the year 10,000 cannot be right, and would overflow below. */
	const uint64_t limit = 253402300800;
	if (seconds > limit)
		seconds = limit;
	int64_t offset = interface->offset_seconds;
	if (offset > (int64_t)limit || offset < -(int64_t)limit)
		offset = 0;
	return ((int64_t)seconds + offset) * 1000000 + (int64_t)microseconds;
}

/* Fills *packet from a packet block's body: where its fields stand depends on the type. */
static int read_packet(struct capture_file *file, uint32_t type, const uint8_t *body, size_t length,
		       struct capture_packet *packet, struct failure *failure)
{
	size_t header_length = type == BLOCK_SIMPLE ? 4 : 20;
	if (length < header_length)
		return damaged(file, "a packet block that is too short", failure);
	uint32_t index = 0;
	if (type == BLOCK_ENHANCED)
		index = capture_read32(file, body);
	else if (type == BLOCK_PACKET)
		index = capture_read16(file, body);
	if (index >= file->interfaces)
		return damaged(file, "a packet of an interface that was not described", failure);
	const struct capture_interface *interface = &file->interface[index];
	if (type == BLOCK_SIMPLE) {
		packet->original_length = capture_read32(file, body);
		packet->captured_length = packet->original_length < length - 4
						  ? packet->original_length
						  : (uint32_t)(length - 4);
		packet->has_time = false;
		packet->time_us = 0;
	} else {
		uint64_t units = (uint64_t)capture_read32(file, body + 4) << 32 |
				 capture_read32(file, body + 8);
		packet->time_us = to_microseconds(interface, units);
		packet->has_time = true;
		packet->captured_length = capture_read32(file, body + 12);
		packet->original_length = capture_read32(file, body + 16);
		if (packet->captured_length > length - header_length)
			return damaged(file, "a packet longer than its block", failure);
	}
	packet->link_type = interface->link_type;
	packet->bytes = body + header_length;
	packet->number = ++file->packets;
	return 0;
}

static int begin(struct capture_file *file, struct failure *failure)
{
	return read_section(file, failure);
}

static bool is_packet(uint32_t type)
{
	return type == BLOCK_ENHANCED || type == BLOCK_SIMPLE || type == BLOCK_PACKET;
}

static enum capture_next next(struct capture_file *file, struct capture_packet *packet,
			      struct failure *failure)
{
	struct capture_buffer *buffer = &file->buffer;
	for (;;) {
		ssize_t held = capture_buffer_need(buffer, 8, failure);
		if (held <= 0)
			return held < 0 ? CAPTURE_FAILED : CAPTURE_END;
		if (held < 8)
			return capture_cut_off(file, failure);
		const uint8_t *block = buffer->bytes + buffer->begin;
		if (recognise(block)) {
			if (read_section(file, failure) != 0)
				return CAPTURE_FAILED;
			continue;
		}
		uint32_t type = capture_read32(file, block);
		uint32_t length = capture_read32(file, block + 4);
		bool wanted = is_packet(type) || type == BLOCK_INTERFACE;
		size_t limit = wanted ? CAPTURE_BUFFER_SIZE : UINT32_MAX;
		if (length < BLOCK_OVERHEAD || length % 4 || length > limit) {
			damaged(file, "a block of an impossible length", failure);
			return CAPTURE_FAILED;
		}
		if (!wanted) {
			int skipped = capture_buffer_skip(buffer, length, failure);
			if (skipped != 0)
				return skipped > 0 ? capture_cut_off(file, failure)
						   : CAPTURE_FAILED;
			continue;
		}
		held = capture_buffer_need(buffer, length, failure);
		if (held < (ssize_t)length)
			return held < 0 ? CAPTURE_FAILED : capture_cut_off(file, failure);
		const uint8_t *body = buffer->bytes + buffer->begin + 8;
		size_t body_length = length - BLOCK_OVERHEAD;
		buffer->begin += length;
		if (type == BLOCK_INTERFACE) {
			if (read_interface(file, body, body_length, failure) != 0)
				return CAPTURE_FAILED;
			continue;
		}
		if (read_packet(file, type, body, body_length, packet, failure) != 0)
			return CAPTURE_FAILED;
		return CAPTURE_PACKET;
	}
}

const struct capture_format pcapng_format = {"pcapng", recognise, begin, next};
