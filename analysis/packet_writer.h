/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * packet_writer: simulated packets, in time order, as a capture file (pcap 2.4, Ethernet,
 * microseconds, little-endian on every machine, so that the bytes are the same everywhere) or as
 * CSV with one row per 5-minute bucket of the period: SYNs to the target's port and, when asked
 * for, attempts, which are counted where their first SYN arrives. */
#ifndef STALENODE_PACKET_WRITER_H
#define STALENODE_PACKET_WRITER_H

#include "packet_frame.h"

#include <stdint.h>
#include <stdio.h>

enum output_format { OUTPUT_PCAP, OUTPUT_CSV };

struct packet_writer {
	FILE *stream; /* not owned */
	enum output_format format;
	int64_t from, to; /* the period, UTC seconds */
	uint16_t target_port;
	uint64_t packets; /* written or counted */
	uint64_t syn;	  /* of these, SYNs to the target's port */
	int64_t bucket;	  /* start of the bucket that is counted, UTC seconds */
	uint32_t bucket_syn, bucket_attempts;
	bool with_attempts; /* CSV has a fourth column, attempts */
};

/* Writes the head of the file. Write errors stay in the stream for its owner to find: ferror(). */
void packet_writer_begin(struct packet_writer *writer, FILE *stream, enum output_format format,
			 int64_t from, int64_t to, uint16_t target_port, bool with_attempts);
/* Times must not go back and must lie in the period. */
void packet_writer_add(struct packet_writer *writer, const struct packet *packet);
/* Writes what is left: the rows to the end of the period. */
void packet_writer_end(struct packet_writer *writer);

#endif
