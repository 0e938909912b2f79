/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arrival: a packet that came to a target's address, and what it counts as: SYN, attempt, source,
 * UDP, background, backscatter, malformed, excluded. */
#ifndef STALENODE_ARRIVAL_H
#define STALENODE_ARRIVAL_H

#include "decode.h"
#include "distinct.h"
#include "store/target_store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bucket being counted, of one target. No pointers. */
struct open_bucket {
	struct bucket_record record; /* the counts; start, coverage and flags are set at its end */
	struct distinct sources;
};

struct observed_target {
	const struct target *target; /* not owned */
	uint64_t number;	     /* index of the target: tells attempts of two targets apart */
	struct target_store store;
	bool before_retirement;	      /* no SYN after the retirement has been counted yet */
	struct open_bucket bucket[2]; /* by slot of the observation */
	/* The ledger's record of each open bucket as it was before this run, or NULL. */
	const struct bucket_record *prior[2];
	uint64_t buckets;		     /* closed with something new in this run */
	uint64_t syn, attempts, new_sources; /* counted in this run */
	uint64_t arrivals;		     /* packets that came to its address in this run */
	uint64_t known; /* packets that fell into time covered before this run: not counted */
};

struct arrival {
	int64_t time_us; /* UTC microseconds */
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

bool arrival_has_port(const uint16_t *port, size_t ports, uint16_t number);

#endif
