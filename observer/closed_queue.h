/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * closed_queue: closed buckets on their way to the ledgers. Counting never waits for a disk: who
 * counts pushes, another thread writes and marks what is written; while the disk is full or gone
 * the buckets wait here. Lives in mapped memory: no pointers, all zero bytes is an empty one.
 *
 * CLOSED_QUEUE_LENGTH buckets wait at most: for 100 targets nearly seven hours, for one a month.
 * A bucket that finds no room is lost, which is counted: it will be unknown in the ledger. A target
 * whose buckets cannot be written takes only their own room from the others: see
 * closed_queue_close_up().
 *
 * One thread pushes, recalls and publishes, another takes and marks. */
#ifndef STALENODE_CLOSED_QUEUE_H
#define STALENODE_CLOSED_QUEUE_H

#include "store/bucket_record.h"
#include "store/journal.h"

#include <stdbool.h>
#include <stdint.h>

#define CLOSED_QUEUE_LENGTH 8192

enum closed_state {
	CLOSED_WAITING,
	CLOSED_CLAIMED, /* about to be written; when its process dies, it waits again */
	CLOSED_WRITING, /* line is perhaps in the ledger: who finds it so after a kill looks */
	CLOSED_WRITTEN,
	CLOSED_RECALLING, /* nobody writes it; when its process dies, it waits again */
	CLOSED_RECALLED,  /* taken back by who pushed it */
};

struct closed_bucket {
	struct bucket_record record;
	struct bucket_record line; /* as it goes to the ledger; from CLOSED_WRITING on */
	/* Not to be written before this time of CLOCK_BOOTTIME, microseconds: the clock was set
	 * shortly before, and may be set back. 0 for at once. */
	int64_t held_until_us;
	uint32_t target; /* index */
	uint32_t state;	 /* of enum closed_state; atomic */
};

struct closed_queue {
	uint64_t head;	    /* number of the oldest bucket that is not done; only grows */
	uint64_t tail;	    /* of the next to be pushed */
	uint64_t published; /* of the next that may not be taken yet: tail after a commit */
	uint64_t lost;	    /* buckets that found no room */
	/* While a bucket is moved: its place and where it goes, each + 1, in one word; 0 for none.
	 */
	uint64_t moving;
	struct closed_bucket bucket[CLOSED_QUEUE_LENGTH];
};

/* Pushes a bucket in the transaction that is under way. False when there is no room: it is lost,
 * and counted. */
bool closed_queue_push(struct closed_queue *queue, const struct journal_region *region,
		       const struct closed_bucket *bucket);
/* At the start of a process, before there is another thread. */
void closed_queue_begin(struct closed_queue *queue);
/* After the commit: what was pushed may be taken. */
void closed_queue_publish(struct closed_queue *queue);
/* Takes buckets back that are still held and begin before `floor` or at `from` or later: calls
 * back for each, whose counts the caller takes over in the transaction that is under way. */
void closed_queue_recall(struct closed_queue *queue, const struct journal_region *region,
			 int64_t floor, int64_t from,
			 void (*recalled)(void *, const struct closed_bucket *), void *context);

/* Nothing is held any more. */
void closed_queue_release(struct closed_queue *queue);

/* The number of buckets that wait. */
uint64_t closed_queue_waiting(const struct closed_queue *queue);
/* The oldest bucket at or after number *at that is to be written now, or NULL; *at is then its
 * number. It is CLOSED_CLAIMED, or still CLOSED_WRITING when a process died over it. */
struct closed_bucket *closed_queue_take(struct closed_queue *queue, uint64_t *at,
					int64_t boot_now_us);
/* The claimed bucket is written as that line from now on. */
void closed_queue_writing(struct closed_bucket *bucket, const struct bucket_record *line);
/* It is in the ledger and durable. */
void closed_queue_written(struct closed_queue *queue, struct closed_bucket *bucket);
/* Claimed, but not to be written now: it waits again. */
void closed_queue_put_back(struct closed_bucket *bucket);
/* In the writing thread, when some could not be written: moves what waits up to the tail, in its
 * order, so that the places of what is written are free for others. Buckets that are held stay, and
 * what is behind them. */
void closed_queue_close_up(struct closed_queue *queue);

#endif
