/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The classic capture file: a header of 24 bytes, then records of a header and the bytes
 * (draft-ietf-opsawg-pcap). A reader of our own because libpcap, through stdio, costs as much a
 * packet as all the counting does. */
#include "capture_format.h"

#include <inttypes.h>
#include <string.h>

enum {
	MAGIC_MICROSECONDS = 0xa1b2c3d4,
	MAGIC_NANOSECONDS = 0xa1b23c4d,
	MAGIC_MODIFIED = 0xa1b2cd34, /* libpcap 0.8 with patches: 24 bytes of record header */
};

#define HEADER_LENGTH 24

static bool magic_known(uint32_t magic)
{
	return magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS || magic == MAGIC_MODIFIED;
}

static bool recognise(const uint8_t magic[4])
{
	uint32_t value;
	memcpy(&value, magic, sizeof value);
	return magic_known(value) || magic_known(__builtin_bswap32(value));
}

static int begin(struct capture_file *file, struct failure *failure)
{
	struct capture_buffer *buffer = &file->buffer;
	ssize_t held = capture_buffer_need(buffer, HEADER_LENGTH, failure);
	if (held < 0)
		return -1;
	if (held < HEADER_LENGTH)
		return fail(failure, EXIT_FAILED, "%s: cut off inside the file header", file->name);
	const uint8_t *header = buffer->bytes + buffer->begin;
	uint32_t magic = capture_read32(file, header);
	file->swapped = !magic_known(magic);
	magic = capture_read32(file, header);
	uint16_t major = capture_read16(file, header + 4);
	if (major != 2)
		return fail(failure, EXIT_FAILED,
			    "%s: pcap version %u is unknown: convert it with editcap", file->name,
			    major);
	file->record_header_length = magic == MAGIC_MODIFIED ? 24 : 16;
	file->interface[0] = (struct capture_interface){
		/* The upper bits tell of frame check sequences, not of the link. */
		.link_type = (int)(capture_read32(file, header + 20) & 0x03ffffff),
	};
	file->interfaces = 1;
	file->nanoseconds = magic == MAGIC_NANOSECONDS;
	buffer->begin += HEADER_LENGTH;
	return 0;
}

/* The rest of next(), when the record does not stand in the buffer as a whole, or is wrong. */
static enum capture_next cannot_read(struct capture_file *file, uint32_t length, ssize_t held,
				     struct failure *failure)
{
	if (held < 0)
		return CAPTURE_FAILED;
	if (length <= CAPTURED_LENGTH_MAX)
		return capture_cut_off(file, failure);
	fail(failure, EXIT_FAILED,
	     "%s: damaged at packet %" PRIu64 ", which claims %" PRIu32 " bytes: the %" PRIu64
	     " before it are whole",
	     file->name, file->packets + 1, length, file->packets);
	return CAPTURE_FAILED;
}

static enum capture_next next(struct capture_file *file, struct capture_packet *packet,
			      struct failure *failure)
{
	struct capture_buffer *buffer = &file->buffer;
	uint32_t header_length = file->record_header_length;
	ssize_t held = capture_buffer_need(buffer, header_length, failure);
	if (held == 0)
		return CAPTURE_END;
	if (held < (ssize_t)header_length)
		return cannot_read(file, 0, held, failure);
	const uint8_t *header = buffer->bytes + buffer->begin;
	uint32_t length = capture_read32(file, header + 8);
	if (length > CAPTURED_LENGTH_MAX)
		return cannot_read(file, length, held, failure);
	held = capture_buffer_need(buffer, header_length + length, failure);
	if (held < (ssize_t)(header_length + length))
		return cannot_read(file, length, held, failure);
	header = buffer->bytes + buffer->begin;
	uint32_t fraction = capture_read32(file, header + 4);
	if (file->nanoseconds)
		fraction /= 1000;
	packet->time_us = (int64_t)capture_read32(file, header) * 1000000 + fraction;
	packet->number = ++file->packets;
	packet->captured_length = length;
	packet->original_length = capture_read32(file, header + 12);
	packet->link_type = file->interface[0].link_type;
	packet->has_time = true;
	packet->bytes = header + header_length;
	buffer->begin += header_length + length;
	return CAPTURE_PACKET;
}

const struct capture_format pcap_format = {"pcap", recognise, begin, next};
