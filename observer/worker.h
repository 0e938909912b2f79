/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * worker: the process that counts live, from an open capture into a state directory. It has no
 * privilege and reaches nothing but that directory. Starting and being started again are one
 * path: what a former worker left open is closed first.
 *
 * Two clocks are read once per look and passed on as values: CLOCK_REALTIME, which packets carry
 * and which can be set, and CLOCK_BOOTTIME, which cannot. */
#ifndef STALENODE_WORKER_H
#define STALENODE_WORKER_H

#include "monitor.h"
#include "observation.h"
#include "privilege.h"

struct worker_plan {
	const char *state_path;
	const struct targets *given; /* what this run observes */
	const struct targets *all;   /* what the state directory has */
	struct observation_options options;
	struct worker_identity identity;
	int64_t until_boot_us; /* CLOCK_BOOTTIME in microseconds to end at; INT64_MAX for never */
};

/* Counts until SIGINT, SIGTERM, the end of its time, or the loss of the interface. Says what
 * failed. For the `work` of a monitor. */
enum worker_end worker_run(const struct worker_plan *plan, struct live_capture *capture,
			   uint32_t start_flags, struct worker_report *report);

#endif
