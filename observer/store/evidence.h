/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * evidence: STATE/<target>/evidence/DATE.pcap, the counted SYNs themselves, one standard pcap per
 * UTC day. The link layer is left out (LINKTYPE_RAW), so that packets of any link fit in one
 * file. Budgeted per day: beyond the budget only counting goes on, and the caller is told. */
#ifndef STALENODE_EVIDENCE_H
#define STALENODE_EVIDENCE_H

#include "../base/failure.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Some 200,000 SYNs a day and target; the published clients stay under 10,000. */
#define EVIDENCE_BUDGET_DEFAULT (16u << 20)
/* IP header with options or extensions and the TCP header; a SYN seldom has more. */
#define EVIDENCE_PACKET_MAX 256

struct evidence {
	char directory[4096 + 64];
	uint64_t budget;     /* bytes per UTC day; 0 keeps none */
	int64_t day;	     /* UTC days since 1970 of the open file */
	int64_t cut_from_us; /* the budget is used up for the time [from, until) */
	int64_t cut_until_us;
	uint64_t used; /* bytes of the open file */
	FILE *stream;  /* owned; NULL when no file is open */
	char path[4096 + 128];
};

/* Creates the directory. */
int evidence_open(struct evidence *evidence, const char *directory, uint64_t budget,
		  struct failure *failure);
/* Writes one packet, from its IP header on. 0 written, 1 the day's budget is used up, -1 with
 * *failure. */
int evidence_write(struct evidence *evidence, int64_t time_us, const uint8_t *packet,
		   uint32_t captured_length, uint32_t original_length, struct failure *failure);
/* Whether the budget of that time is known to be used up: saves the call. */
static inline bool evidence_is_cut(const struct evidence *evidence, int64_t time_us)
{
	return time_us >= evidence->cut_from_us && time_us < evidence->cut_until_us;
}
int evidence_close(struct evidence *evidence, struct failure *failure);

#endif
