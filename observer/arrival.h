/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arrival: a packet that came to a target's address, and what it counts as: SYN, attempt, source,
 * UDP, background, backscatter, malformed, excluded. */
#ifndef STALENODE_ARRIVAL_H
#define STALENODE_ARRIVAL_H

#include "decode.h"
#include "distinct.h"
#include "open_state.h"
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

/* What is being counted of one target: the two open buckets, by slot of the observation. No
 * pointers: it may live in a mapped file. */
struct open_target {
	int64_t start[2];    /* of the bucket in each slot; tells a stale one from its slot */
	uint64_t closing[2]; /* 0, or 1 + the ledger's length when the bucket began to be closed */
	struct open_bucket bucket[2];
};

struct observed_target {
	const struct target *target; /* not owned */
	uint64_t number;	     /* index of the target: tells attempts of two targets apart */
	struct target_store store;
	struct target_notes notes;
	bool before_retirement;	  /* no SYN after the retirement has been counted yet */
	struct open_target *open; /* owned, or in open_file */
	struct open_state open_file;
	/* The ledger's record of each open bucket as it was before this run, or NULL. */
	const struct bucket_record *prior[2];
	bool skip[2];	  /* the open bucket is not to be closed: it is in the ledger already */
	uint64_t buckets; /* closed with something new in this run */
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
