/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * census: STATE/<target>/census/DATE.tsv, what came to the address on one UTC day, per protocol
 * and destination port: packets (TCP: SYNs; UDP: datagrams) and distinct sources. Appended when
 * the day, or the run that observed a part of it, ends: several runs on one day give several
 * blocks of lines, whose packets add up and whose sources add up to an upper bound.
 *
 * Bounded: CENSUS_PORTS_MAX pairs of protocol and port; packets to further ones are summed under
 * port 0. CENSUS_SOURCES_MAX pairs of port and source; when they are used up, the
 * sources of every port that is still called are a lower bound, and the column sources_exact says
 * no. */
#ifndef STALENODE_CENSUS_H
#define STALENODE_CENSUS_H

#include "../base/failure.h"
#include "fingerprint_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CENSUS_PORTS_MAX   4096
#define CENSUS_SOURCES_MAX 131072

struct census_port {
	uint8_t protocol; /* IANA number; 0 marks a free slot */
	bool sources_cut;
	uint16_t port;
	uint32_t sources;
	uint64_t packets;
};

/* A source that is still to be looked up: its place in memory is being fetched meanwhile. */
struct census_pending {
	uint8_t protocol;
	uint16_t port;
	uint64_t pair; /* fingerprint of port and source */
};
#define CENSUS_PENDING 16

struct census {
	char directory[4096 + 64];
	int64_t day;		  /* UTC days since 1970 */
	bool open;		  /* something was counted on that day */
	struct census_port *port; /* owned; open addressing */
	size_t slots, ports;
	size_t last; /* slot of the packet before: most go to one port */
	struct fingerprint_set sources;
	struct census_pending pending[CENSUS_PENDING];
	size_t pendings;
};

int census_open(struct census *census, const char *directory, struct failure *failure);
/* A retransmission comes at most so long after the first packet of its attempt. */
#define CENSUS_REPEAT_SECONDS 120

/* Counts one packet. Writes the day before when a new one begins. `repeated`: a retransmission,
 * whose source was noted with its first packet: saves looking it up. */
int census_note(struct census *census, int64_t seconds, uint8_t protocol, uint16_t port,
		uint64_t source_fingerprint, bool repeated, struct failure *failure);
/* Appends the open day to its file and forgets it. */
int census_flush(struct census *census, struct failure *failure);
void census_free(struct census *census);

#endif
