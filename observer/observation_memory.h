/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * observation_memory: how an observation's state, attempts and open buckets lie in live memory,
 * one region each, and in the journal under the same numbers. The monitor plans it and its
 * workers take it, so that both speak of the same places. */
#ifndef STALENODE_OBSERVATION_MEMORY_H
#define STALENODE_OBSERVATION_MEMORY_H

#include "arrival.h"
#include "live_memory.h"
#include "live_state.h"
#include "store/targets.h"

struct observation_memory {
	struct live_state *state;
	void *attempts; /* of attempt_table_memory(capacity) bytes */
	size_t attempt_capacity;
	bool attempts_fresh; /* nothing is remembered of former attempts */
	struct open_target *target[TARGETS_MAX];
	struct census_capacity census;			/* of each target */
	struct journal_region region[LIVE_REGIONS_MAX]; /* the state, the attempts, the targets */
	size_t regions;
	struct journal_recent recent;
};

/* The number of each region. */
enum { REGION_STATE, REGION_ATTEMPTS, REGION_TARGETS };

/* What of a target's region is for its notes (store/target_notes.h): behind the open buckets. */
void *observation_memory_notes(struct open_target *target);
size_t observation_memory_target(const struct census_capacity *census);

/* "open.eth0.state": the file of an interface's state, in the state directory. */
void observation_memory_file(char path[LIVE_PATH_SIZE], const char *kind, const char *interface);

/* The interface whose state that file is, "open.eth0.state" being eth0's. */
bool observation_memory_interface(const char *file, char interface[64]);

/* Adds the regions of an observation on that interface to *memory. */
int observation_memory_plan(struct live_memory *memory, const char *interface,
			    const struct targets *targets, size_t attempt_capacity,
			    struct failure *failure);
/* After live_memory_prepare(). */
void observation_memory_take(struct observation_memory *memory, const struct live_memory *live,
			     size_t attempt_capacity);

#endif
