/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store_writer: the thread that brings closed buckets from the queue into the ledgers, makes them
 * durable, lets the RRDs follow, and writes the days of the census. It alone waits for the disk.
 * When the store cannot be written (a full or failing disk, a removed directory) the buckets stay
 * in the queue; it says so once, tries again after 1 s, then ever later up to 60 s, and says when
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
	pthread_mutex_t lock;  /* of what follows */
	pthread_cond_t wanted; /* something is to be written, or it is to end */
	bool running, ending, finished;
	bool work; /* buckets were published since it last looked */
	/* The state directory is another one than this process's, or is gone: only a new process
	 * can enter it. */
	bool moved;
	const char *state_path;	       /* to tell that; NULL does not look */
	struct evidence_keeper keeper; /* the thread's own */
	int64_t pause_us;	       /* before the next try; 0 when the last one succeeded */
};

/* Starts the thread. */
int store_writer_begin(struct store_writer *writer, struct observation *observation,
		       const char *state_path, struct failure *failure);
/* Buckets were published. */
void store_writer_wake(struct store_writer *writer);
/* Whether this process should end, to be started again in the new state directory. */
bool store_writer_moved(struct store_writer *writer);
/* Ends the thread after it has tried once more to write everything, for `wait_us` at most: a disk
 * that hangs is left hanging. False when the thread is still at it; what it uses must then not be
 * freed. */
bool store_writer_end(struct store_writer *writer, int64_t wait_us);

/* The same without a thread, once: 0 when the queue is empty afterwards (but for held buckets), -1
 * with why not. */
int store_writer_drain(struct observation *observation, int64_t boot_now_us,
		       struct failure *failure);

#endif
