/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent_reading.h"

#include "live_memory.h"
#include "observation_memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define US 1000000LL

/* Everything that comes before the journal. */
#define READ_BYTES offsetof(struct live_state, journal)

static bool read_agent(struct agent *agent, const char *path)
{
	struct live_state *state = malloc(sizeof *state); /* most of it is never touched */
	bool found = state && live_memory_read(path, sizeof *state, state, READ_BYTES) &&
		     state->begun && state->targets <= TARGETS_MAX;
	if (found) {
		agent->progress = state->progress;
		agent->progress.store_failure[sizeof agent->progress.store_failure - 1] = '\0';
		agent->targets = state->targets;
		memcpy(agent->target, state->target, sizeof agent->target);
		for (size_t i = 0; i < TARGETS_MAX; i++)
			agent->target[i][TARGET_NAME_SIZE - 1] = '\0';
	}
	free(state);
	return found;
}

static int by_interface(const void *left, const void *right)
{
	return strcmp(((const struct agent *)left)->interface,
		      ((const struct agent *)right)->interface);
}

size_t agent_reading_take(struct agent *agent, const char *state_directory)
{
	DIR *directory = opendir(state_directory);
	const struct dirent *entry;
	size_t agents = 0;
	char path[4096 + LIVE_PATH_SIZE];
	if (!directory)
		return 0;
	while (agents < AGENTS_MAX && (entry = readdir(directory))) {
		if (!observation_memory_interface(entry->d_name, agent[agents].interface))
			continue;
		snprintf(path, sizeof path, "%s/%.128s", state_directory, entry->d_name);
		agents += read_agent(&agent[agents], path);
	}
	closedir(directory);
	qsort(agent, agents, sizeof agent[0], by_interface);
	return agents;
}

bool agent_is_alive(const struct agent *agent, int64_t at)
{
	int64_t looked = agent->progress.looked_us / US;
	return agent->progress.looked_us != 0 && looked <= at + AGENT_ALIVE_SECONDS &&
	       at - looked <= AGENT_ALIVE_SECONDS;
}

int64_t agent_looked_for(const struct agent *agent, size_t agents, const char *target, int64_t at)
{
	for (size_t i = 0; i < agents; i++)
		for (size_t j = 0; j < agent[i].targets; j++)
			if (strcmp(agent[i].target[j], target) == 0 &&
			    agent_is_alive(&agent[i], at))
				return agent[i].progress.looked_us / US;
	return 0;
}
