/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store_writer: the thread that brings closed buckets from the queue into the ledgers, makes them
 * durable, lets the RRDs follow, and writes the days of the census. It alone waits for the disk.
 * When the store cannot be written (a full or failing disk, a removed directory) the buckets stay
 * in the queue; it says so once, tries again after 1 s, then ever later up to 4 s, and says when
 * all is written.
 *
 * It touches of a target only its record (struct target_store), `view_under_way`, and a day of the
 * census that is over; what is counted belongs to the thread that counts. */
#ifndef STALENODE_STORE_WRITER_H
#define STALENODE_STORE_WRITER_H

#include "base/failure.h"
#include "evidence_keeper.h"
#include "observation.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct store_writer {
	struct observation *observation; /* not owned; outlives the thread */
	pthread_t thread;
	bool running;
	int wanted, finished; /* eventfds: there is work, or an end; the thread has ended */
	bool ending;	      /* atomic */
	struct evidence_keeper keeper; /* the thread's own */
	int pause_ms; /* the thread's: before the next try; 0 when the last one succeeded */
};

/* Starts the thread. */
int store_writer_begin(struct store_writer *writer, struct observation *observation,
		       struct failure *failure);
/* Buckets were published. */
void store_writer_wake(struct store_writer *writer);
/* Ends the thread after it has tried once more to write everything, for `wait_ms` at most: a disk
 * that hangs is left hanging. False when the thread is still at it; what it uses must then not be
 * freed. */
bool store_writer_end(struct store_writer *writer, int wait_ms);

/* The same without a thread, once: 0 when the queue is empty afterwards (but for held buckets), -1
 * with why not. */
int store_writer_drain(struct observation *observation, int64_t boot_now_us,
		       struct failure *failure);

#endif
