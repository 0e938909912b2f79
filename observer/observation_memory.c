/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observation_memory.h"

#include "attempt_table.h"

#include <stdio.h>
#include <string.h>

#define NOTES_OFFSET ((sizeof(struct open_target) + 63) / 64 * 64)

void *observation_memory_notes(struct open_target *target)
{
	return (uint8_t *)target + NOTES_OFFSET;
}

size_t observation_memory_target(const struct census_capacity *census)
{
	return NOTES_OFFSET + target_notes_memory(census);
}

void observation_memory_file(char path[LIVE_PATH_SIZE], const char *kind, const char *interface)
{
	snprintf(path, LIVE_PATH_SIZE, "%s.%.64s.state", kind, interface);
}

bool observation_memory_interface(const char *file, char interface[64])
{
	static const char begin[] = "open.", end[] = ".state";
	size_t length = strlen(file), around = sizeof begin + sizeof end - 2;
	if (length <= around || length - around >= 64 ||
	    strncmp(file, begin, sizeof begin - 1) != 0 ||
	    strcmp(file + length - (sizeof end - 1), end) != 0)
		return false;
	snprintf(interface, 64, "%.*s", (int)(length - around), file + sizeof begin - 1);
	return true;
}

int observation_memory_plan(struct live_memory *memory, const char *interface,
			    const struct targets *targets, size_t attempt_capacity,
			    struct failure *failure)
{
	char path[LIVE_PATH_SIZE];
	const struct census_capacity census = census_capacity_shared(targets->targets);
	observation_memory_file(path, "open", interface);
	if (live_memory_add(memory, path, sizeof(struct live_state), failure) != 0)
		return -1;
	observation_memory_file(path, "attempts", interface);
	if (live_memory_add(memory, path, attempt_table_memory(attempt_capacity), failure) != 0)
		return -1;
	for (size_t i = 0; i < targets->targets; i++) {
		snprintf(path, sizeof path, "%s/open.state", targets->target[i].name);
		if (live_memory_add(memory, path, observation_memory_target(&census), failure) != 0)
			return -1;
	}
	return 0;
}

void observation_memory_take(struct observation_memory *memory, const struct live_memory *live,
			     size_t attempt_capacity)
{
	*memory = (struct observation_memory){
		.state = (struct live_state *)(void *)live->region[REGION_STATE].content,
		.attempts = live->region[REGION_ATTEMPTS].content,
		.attempt_capacity = attempt_capacity,
		.attempts_fresh = live->region[REGION_ATTEMPTS].fresh,
		.regions = live->regions,
		.census = census_capacity_shared(live->regions - REGION_TARGETS),
	};
	for (size_t i = 0; i < live->regions; i++) {
		memory->region[i] = (struct journal_region){
			.log = &memory->state->journal,
			.recent = &memory->recent,
			.memory = live->region[i].content,
			.size = live->region[i].size,
			.number = (uint32_t)i,
		};
		if (i >= REGION_TARGETS)
			memory->target[i - REGION_TARGETS] =
				(struct open_target *)(void *)live->region[i].content;
	}
}
