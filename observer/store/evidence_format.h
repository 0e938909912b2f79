/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * evidence_format: the pcap that evidence is written as
 * (https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/), in the byte order of the machine. */
#ifndef STALENODE_EVIDENCE_FORMAT_H
#define STALENODE_EVIDENCE_FORMAT_H

#include "evidence.h"

#define LINKTYPE_RAW 101

struct pcap_file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t reserved[2];
	uint32_t snapshot_length;
	uint32_t link_type;
};

struct pcap_record_header {
	uint32_t seconds, microseconds, captured_length, original_length;
};

static const struct pcap_file_header evidence_file_header = {
	0xa1b2c3d4, 2, 4, {0, 0}, EVIDENCE_PACKET_MAX, LINKTYPE_RAW,
};

/* The bytes of the whole records that `length` bytes at `records` begin with. */
static inline size_t evidence_whole_records(const uint8_t *records, size_t length)
{
	size_t at = 0;
	struct pcap_record_header header;
	while (length - at >= sizeof header) {
		__builtin_memcpy(&header, records + at, sizeof header);
		if (header.captured_length > EVIDENCE_PACKET_MAX ||
		    length - at - sizeof header < header.captured_length)
			break;
		at += sizeof header + header.captured_length;
	}
	return at;
}

#endif
