/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * worker: the process that counts live, from the ring of one interface into a state directory. It
 * has no privilege and reaches nothing but that directory. Starting and being started again are
 * one path: it goes on with what its memory holds, at the packet where its predecessor ended.
 *
 * Both clocks are read once per look and passed on as values: see live_clock.h. */
#ifndef STALENODE_WORKER_H
#define STALENODE_WORKER_H

#include "capture_ring.h"
#include "live_memory.h"
#include "monitor.h"
#include "observation.h"
#include "privilege.h"
#include "recovery.h"

/* Tables of 256 targets in a flood take a third of it; what grows beyond is a defect, and the
 * next worker begins small again. */
#define WORKER_MEMORY_MIB 256

/* Where the worker has the time from: microseconds. A test puts its own here. */
struct worker_clock {
	int64_t (*real_us)(void *context); /* as CLOCK_REALTIME */
	int64_t (*boot_us)(void *context); /* as CLOCK_BOOTTIME */
	void *context;
};
extern const struct worker_clock worker_system_clock;

struct worker_plan {
	const char *state_path;
	const struct targets *targets;	    /* what it observes, all on one interface */
	const struct targets *all;	    /* what the state directory has */
	struct observation_options options; /* its memory is set by the worker */
	struct worker_identity identity;
	bool stays_as_it_is; /* a test's: neither user, nor capabilities, nor directory change */
	char boot[BOOT_ID_SIZE];
	int64_t until_boot_us; /* CLOCK_BOOTTIME in microseconds to end at; INT64_MAX for never */
	struct worker_clock clock;
	/* After packets came, so long more are let come before the next look, milliseconds: in a
	 * flood 10 of them halve the processor time. */
	int rest_ms;
};
#define WORKER_REST_MS 10

/* Counts until SIGINT or SIGTERM, SIGUSR1 (it steps aside, and its successor goes on), the end of
 * its time, or the loss of the interface. `ring` is NULL while there is no interface: then it only
 * closes and writes what is open. Says what failed. For the `work` of a monitor. */
enum worker_end worker_run(const struct worker_plan *plan, struct capture_ring *ring,
			   struct live_memory *memory, uint32_t start_flags);

#endif
