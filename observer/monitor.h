/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * monitor: the process that keeps a worker counting. It opens the capture, forks a worker that
 * has the open handle, and starts another when the interface or the worker goes: every start of
 * a worker is also a recovery. It parses no packet and reads no file that strangers had a hand
 * in. It answers the service manager for the worker, by the worker's own progress.
 *
 * Pauses between starts grow from 1 s to 60 s while the cause lasts; one line tells each change
 * of state. SIGTERM and SIGINT end the worker, and then the monitor. */
#ifndef STALENODE_MONITOR_H
#define STALENODE_MONITOR_H

#include "base/failure.h"
#include "live_capture.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* How a worker ends: its exit status. */
enum worker_end {
	WORKER_DONE = 0,	   /* it was told to end, or its time was up */
	WORKER_FAILED = 1,	   /* its store failed; it has said why */
	WORKER_INTERFACE_LOST = 3, /* the interface failed; it has said why */
};

/* What a worker tells of itself, in memory that both see. */
struct worker_report {
	volatile uint64_t looks;    /* grows each time the worker has looked at the interface */
	volatile uint64_t open_syn; /* SYNs in the open buckets, of all targets */
	volatile uint64_t drops;    /* packets lost by the kernel since its start */
	volatile uint64_t targets;
};

struct monitor {
	const char *interface;
	int ring_mib;
	bool patient; /* an interface that is absent at the start is waited for */
	/* Runs in the worker, which owns the open capture and ends with what it returns.
	 * start_flags: bits of enum bucket_flag for its first bucket. */
	enum worker_end (*work)(void *context, struct live_capture *capture, uint32_t start_flags,
				struct worker_report *report);
	/* Called in the monitor at SIGHUP; NULL when there is nothing to read again. */
	void (*reread)(void *context);
	void *context;
};

/* Returns when the worker is done: 0, or -1 with *failure. A worker that failed is started again
 * when the monitor is patient; otherwise its failure is the monitor's (failure->text is empty
 * then: the worker has told it). */
int monitor_run(const struct monitor *monitor, struct failure *failure);

/* To be called before any signal may come. SIGINT, SIGTERM and SIGHUP are then seen only in
 * ppoll() with the waiting mask: none can slip between a look and a wait. */
void monitor_catch_signals(void);
const sigset_t *monitor_waiting_mask(void);
/* Whether SIGINT or SIGTERM came, in this process. */
bool monitor_stop_wanted(void);

#endif
