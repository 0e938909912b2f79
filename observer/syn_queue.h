/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * syn_queue: the SYNs to a port of a target, from their arrival until attempts and sources are
 * told apart. Each needs a place or two in tables that are larger than the cache; while a SYN
 * waits here its places are fetched, so that the waits for memory overlap. In a flood this is
 * half of the time of counting. */
#ifndef STALENODE_SYN_QUEUE_H
#define STALENODE_SYN_QUEUE_H

#include "arrival.h"
#include "attempt_table.h"

/* More than a processor fetches at a time; few enough to stay in its first cache. */
#define SYN_QUEUE_LENGTH 16

struct queued_syn {
	struct observed_target *target;
	struct open_bucket *bucket;
	int64_t seconds;	 /* UTC */
	int64_t attempt_seconds; /* see struct arrival */
	uint64_t source;	 /* fingerprint of the source address */
	struct address address;
	uint64_t attempt; /* fingerprint of the connection attempt */
	uint16_t port;	  /* destination */
	bool known;	  /* covered before this run: remembered, not counted */
};

struct syn_queue {
	struct attempt_table attempts;
	struct queued_syn syn[SYN_QUEUE_LENGTH];
	size_t length;
	struct census_queue census;
	/* Bits of targets, by number, whose evidence is to be settled before the next commit. */
	uint64_t evidence[TARGETS_MAX / 64];
};

/* Counts everything that waits: before a bucket closes. -1 with *failure when the store fails. */
int syn_queue_work_off(struct syn_queue *queue, struct failure *failure);

/* The place for the next SYN, to be filled before syn_queue_add(). */
static inline struct queued_syn *syn_queue_next(struct syn_queue *queue)
{
	return &queue->syn[queue->length];
}

/* Takes the SYN in; works the queue off when it is full. */
static inline int syn_queue_add(struct syn_queue *queue, struct failure *failure)
{
	attempt_table_prefetch(&queue->attempts, queue->syn[queue->length].attempt);
	return ++queue->length == SYN_QUEUE_LENGTH ? syn_queue_work_off(queue, failure) : 0;
}

#endif
