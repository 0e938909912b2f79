/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * retire: when did a target's client stop? While it lives, its own SYN-ACKs leave from the port;
 * the ledger counts them per bucket. The end of the last bucket with some, when an hour of observed
 * time without followed, is proposed. A client that nobody called was silent too: it may have
 * stopped as late as the first SYN that was not answered, which is told as well. */
#ifndef STALENODE_RETIRE_H
#define STALENODE_RETIRE_H

#include "base/verb.h"
#include "store/ledger.h"

#include <stdbool.h>
#include <stdint.h>

extern const struct verb retire_verb;

/* Observed seconds without a SYN-ACK that make a silence. */
#define RETIRE_SILENCE_SECONDS 3600

/* Time after a bucket with own SYN-ACKs, up to the next such bucket or the end of the ledger. */
struct silence {
	int64_t begin;		  /* UTC seconds: end of the last bucket with own SYN-ACKs */
	int64_t observed_seconds; /* that were observed since; what was not proves nothing */
	uint64_t syn;		  /* SYNs to the ports in these: not answered */
	int64_t first_syn;	  /* start of the first bucket with such a SYN, or TIME_UNKNOWN */
	int64_t end;		  /* start of the bucket that ends it, or TIME_UNKNOWN */
};

/* The next silence of RETIRE_SILENCE_SECONDS or more at or after record number *next, which goes
 * on behind it; begin with 0. False when there is none. */
bool retire_next_silence(const struct ledger *ledger, size_t *next, struct silence *silence);

/* The silence that lasts until the end of the ledger, or -1 with the reason why the ledger
 * supports no proposal, and the mend. */
int retire_propose(const struct ledger *ledger, struct silence *silence, struct failure *failure);

#endif
