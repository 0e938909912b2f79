/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * agent_reading: what the agents of a state directory tell of themselves, read from the beginning
 * of their STATE/open.<interface>.state while they may be at work. */
#ifndef STALENODE_AGENT_READING_H
#define STALENODE_AGENT_READING_H

#include "live_state.h"

#include <stdbool.h>
#include <stddef.h>

#define AGENTS_MAX 16 /* interfaces that were ever observed; further ones are left out */
/* An agent looks once a second; one that is busy with a flood, or has its disk to wait for at its
 * start, is given a while. */
#define AGENT_ALIVE_SECONDS 30

struct agent {
	char interface[64];
	struct agent_progress progress;
	uint32_t targets;
	char target[TARGETS_MAX][TARGET_NAME_SIZE];
};

/* Into agent[AGENTS_MAX]; returns their number. What is not readable, or of another version, is
 * left out. */
size_t agent_reading_take(struct agent *agent, const char *state_directory);
/* Whether it was at work at the moment `at` (UTC seconds). */
bool agent_is_alive(const struct agent *agent, int64_t at);
/* When one that is alive last looked for that target, UTC seconds; 0 for none. */
int64_t agent_looked_for(const struct agent *agent, size_t agents, const char *target, int64_t at);

#endif
