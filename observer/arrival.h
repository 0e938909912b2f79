/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arrival: a packet that came to a target's address, and what it counts as: SYN, attempt, source,
 * UDP, background, backscatter, malformed, excluded. */
#ifndef STALENODE_ARRIVAL_H
#define STALENODE_ARRIVAL_H

#include "decode.h"
#include "distinct.h"
#include "store/journal.h"
#include "store/target_notes.h"
#include "store/target_store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bucket being counted, of one target. No pointers. */
struct open_bucket {
	struct bucket_record record; /* the counts; start, coverage and flags are set at its end */
	struct distinct sources;
};

/* What is being counted of one target, STATE/<target>/open.state: the two open buckets, by slot of
 * the observation, and what goes on beyond a bucket. No pointers: it lives in memory that outlives
 * the process. All zero bytes is a new one. */
struct open_target {
	int64_t start[2]; /* of the bucket in each slot; tells a stale one from its slot */
	struct open_bucket bucket[2];
	uint32_t known;		       /* 1 once the two below are what the ledger says */
	uint32_t before_retirement;    /* no SYN after the retirement has been counted yet */
	int64_t retired;	       /* as it was then: UTC seconds, or TIME_UNKNOWN */
	uint64_t sources;	       /* that the memory of sources holds */
	struct census_capacity census; /* of the notes behind */
	uint32_t view_under_way; /* counts.rrd lacks a line, or is written: not to be trusted */
	uint32_t unused;
	/* Since the file was made: SYNs to the target's ports, and what left from them, by which
	 * 'doctor' tells how the host answers. */
	uint64_t asked, answered, refused;
};

/* A day of the census on its way to its files: see observation_turn_census(). */
enum census_errand { CENSUS_NO_ERRAND, CENSUS_TO_WRITE, CENSUS_WRITTEN };

struct observed_target {
	const struct target *target; /* not owned */
	uint64_t number;	     /* index of the target: tells attempts of two targets apart */
	struct target_store store;
	struct target_notes notes;
	struct open_target *open;	     /* owned in an import, else in live memory */
	const struct journal_region *region; /* that it lies in; NULL in an import */
	/* The ledger's record of each open bucket as it was before this run, or NULL. Only in an
	 * import: an agent's buckets go on where they were left. */
	const struct bucket_record *prior[2];
	uint32_t census_errand;		     /* of enum census_errand; atomic */
	int census_side;		     /* the day's */
	uint64_t buckets;		     /* closed with something new in this run */
	uint64_t syn, attempts, new_sources; /* counted in this run */
	uint64_t arrivals;		     /* packets that came to its address in this run */
	uint64_t known; /* packets that fell into time covered before this run: not counted */
};

struct arrival {
	int64_t time_us;	 /* UTC microseconds */
	int64_t seconds;	 /* UTC: the day that it counts in, see believed_seconds() */
	int64_t evidence_day;	 /* see evidence.h */
	int64_t attempt_seconds; /* for the memory of attempts, by a clock that is not set */
	const struct packet_summary *summary;
	uint64_t source;	  /* fingerprint of the source address */
	const uint8_t *packet;	  /* from the IP header on */
	uint32_t captured_length; /* of the packet */
	uint32_t original_length;
	bool known; /* its instant was covered before this run: remembered, not counted */
};

struct syn_queue;

/* Counts the arrival in the bucket, or queues it to be counted, and keeps its evidence. -1 with
 * *failure when the store fails. */
int arrival_count(struct observed_target *target, struct open_bucket *bucket,
		  struct syn_queue *queue, const struct arrival *arrival, struct failure *failure);

/* Counts a SYN-ACK or a RST that left from a port of the target. */
void arrival_count_answer(struct observed_target *target, struct open_bucket *bucket,
			  const struct packet_summary *summary);

bool arrival_has_port(const uint16_t *port, size_t ports, uint16_t number);

#endif
