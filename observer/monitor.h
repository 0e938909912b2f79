/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * monitor: the process that keeps workers counting, one for each interface. It opens the rings and
 * maps the memory in which is counted, forks workers that have both, and starts another when one
 * ends: every start of a worker is also a recovery. While an interface is away, its worker goes on
 * without it, to close and write what is open. The monitor parses no packet and reads no file that
 * strangers had a hand in. It answers the service manager for the workers, by their own progress.
 *
 * Pauses between tries grow from 1 s to 60 s while the cause lasts; one line tells each change of
 * state. SIGTERM and SIGINT end the workers, and then the monitor. */
#ifndef STALENODE_MONITOR_H
#define STALENODE_MONITOR_H

#include "base/failure.h"
#include "capture_ring.h"
#include "live_memory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MONITOR_INTERFACES_MAX 8

/* How a worker ends: its exit status. */
enum worker_end {
	WORKER_DONE = 0,	   /* it was told to end, or its time was up */
	WORKER_FAILED = 1,	   /* its store failed; it has said why */
	WORKER_INTERFACE_LOST = 3, /* the interface is gone; it has said so */
	WORKER_STEPPED_ASIDE = 4,  /* another is to go on at once */
	WORKER_GOES_ON = 5,	   /* no end */
};

struct monitored_interface {
	const char *name;
	int ring_mib;
	int snapshot_bytes;
	/* Owned by the caller, closed (descriptor -1) or open already; left open at the end when
	 * the monitor is to begin anew, so that no packet in it is lost. */
	struct capture_ring *ring;
	/* What its worker counts in; the first region begins with a struct agent_progress. */
	struct live_memory *memory;
	/* Runs in the worker, which inherits ring and memory, and ends with what it returns. `ring`
	 * is NULL while the interface is away. start_flags: bits of enum bucket_flag. */
	enum worker_end (*work)(void *context, struct capture_ring *ring,
				struct live_memory *memory, uint32_t start_flags);
	void *context;
};

struct monitor {
	const struct monitored_interface *interface;
	size_t interfaces;
	bool patient; /* an interface that is absent at the start is waited for */
	/* Called in the monitor at SIGHUP; NULL when there is nothing to read again. True when the
	 * workers are to end and the monitor with them, to begin anew. */
	bool (*reread)(void *context);
	void *context;
};

/* Returns when the workers are done: 0, or -1 with *failure. A worker that failed is started again
 * when the monitor is patient; otherwise its failure is the monitor's (failure->text is empty
 * then: the worker has told it). *begin_anew: it ended because of reread(). */
int monitor_run(const struct monitor *monitor, bool *begin_anew, struct failure *failure);

#endif
