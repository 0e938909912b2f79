/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * live_state: what an agent has under way on one interface, STATE/open.<interface>.state, besides
 * the open buckets of the targets: what is open and covered, how far the ring was read, what waits
 * for its ledger, the journal. No pointers: it lives in memory that outlives the process (see
 * live_memory.h), and is then all that the next process needs to go on. An import has one in its
 * own memory, and neither journal nor queue are used. */
#ifndef STALENODE_LIVE_STATE_H
#define STALENODE_LIVE_STATE_H

#include "capture_ring.h"
#include "closed_queue.h"
#include "coverage.h"
#include "store/journal.h"
#include "target.h"

#include <stdint.h>

/* One of the two open buckets, as far as it is the same for all targets. */
struct observation_slot {
	int64_t start;		 /* UTC seconds, or TIME_UNKNOWN when the slot is free */
	int64_t from_us, end_us; /* [from_us, end_us) in the time of packets */
	struct coverage coverage;
	uint32_t flags;
	uint64_t kernel_drops;
	uint64_t evictions; /* attempts forgotten early while it was the current one */
};

/* Which buckets are open and what of them was observed. */
struct observation_time {
	struct observation_slot slot[2];
	int32_t current;	 /* slot of the current bucket; the other is the previous one */
	uint32_t flags_next;	 /* for the next bucket to open */
	int64_t covered_from_us; /* the stretch of observed time that is not in a coverage yet: */
	int64_t covered_to_us;	 /* it lies in the current bucket */
	/* CLOCK_BOOTTIME until which closed buckets are held back (see closed_queue.h), or 0. */
	int64_t hold_until_us;
};

/* Both clocks at one look, and how far the packets in the ring were counted then. */
struct live_clock {
	int64_t real_us;    /* CLOCK_REALTIME; 0 before the first look */
	int64_t boot_us;    /* CLOCK_BOOTTIME */
	int64_t covered_us; /* observed until here; INT64_MIN for not yet */
	/* The time that steps forward skipped, [from, to): nothing is known of it, unless the clock
	 * is set back into it. Then that time was observed, when it was without a pause. */
	int64_t skipped_from_us, skipped_to_us;
	uint64_t paused; /* 1 when there was a pause since */
};

/* What a worker tells of itself, to the monitor and to 'stalenode status'. Written by one thread,
 * read without a lock: each number is right by itself. */
struct agent_progress {
	uint64_t looks;		 /* grows each time the worker has looked at the interface */
	int64_t looked_us;	 /* when it last did; UTC microseconds */
	uint64_t targets;	 /* observed */
	uint64_t open_syn;	 /* SYNs in the open buckets, of all targets */
	uint64_t open_seconds;	 /* length of the current bucket so far, */
	uint64_t open_covered;	 /* and how many of these seconds were observed */
	uint64_t drops;		 /* packets lost by the kernel since the state was begun */
	uint64_t waiting;	 /* closed buckets that are not in their ledgers yet, */
	uint64_t lost;		 /* and that found no room to wait */
	int64_t store_failed_us; /* since when the store cannot be written; 0 when it can */
	char store_failure[256]; /* why */
	uint32_t link_is_up;	 /* at the last look */
	uint32_t in_files;	 /* what is being counted would outlive the agent */
};

struct live_state {
	struct agent_progress progress; /* first: 'status' reads it by its place */
	uint64_t begun;			/* 0 in a new one: everything else is to be set */
	char boot[40];			/* the kernel's boot_id: after another boot the journal is
					 * of no use */
	struct live_clock clock;
	struct observation_time time;
	struct capture_position position; /* of the ring: what was counted and committed */
	uint32_t targets;
	uint32_t unused;
	char target[TARGETS_MAX][TARGET_NAME_SIZE]; /* whose buckets are open, by index */
	struct journal_log journal;
	struct closed_queue queue;
};

#endif
