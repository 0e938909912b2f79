/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recovery.h"

#include "base/timestamp.h"
#include "observation.h"
#include "store_writer.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"

void recover_read_boot_id(char boot[BOOT_ID_SIZE])
{
	memset(boot, 0, BOOT_ID_SIZE);
	int descriptor = open(BOOT_ID_PATH, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return;
	ssize_t length = read(descriptor, boot, BOOT_ID_SIZE - 1);
	boot[length > 0 ? length : 0] = '\0';
	boot[strcspn(boot, "\n")] = '\0';
	close(descriptor);
}

/* What only made sense with the clock and the rings of the former boot. */
static void forget_boot(struct live_state *state)
{
	journal_commit(&state->journal);
	state->clock = (struct live_clock){.covered_us = INT64_MIN};
	state->position = (struct capture_position){0};
	/* What was counted before the clock was set waits for a clock that is. */
	if (state->time.hold_until_us == INT64_MAX)
		return;
	state->time.hold_until_us = 0;
	closed_queue_release(&state->queue);
}

void recover_resume(struct observation_memory *memory, const char *boot)
{
	struct live_state *state = memory->state;
	uint32_t flags = BUCKET_RESTARTED;
	if (!state->begun)
		return;
	if (strncmp(state->boot, boot, BOOT_ID_SIZE) != 0) {
		forget_boot(state);
		flags |= BUCKET_ATTEMPTS_UPPER;
	} else if (!journal_undo(&state->journal, memory->region, memory->regions)) {
		flags |= BUCKET_ATTEMPTS_UPPER;
	}
	closed_queue_begin(&state->queue);
	for (int index = 0; index < 2; index++)
		if (state->time.slot[index].start != TIME_UNKNOWN)
			state->time.slot[index].flags |= flags;
}

/* The targets by whose names the state was begun. One that is recorded nowhere any more still has
 * its directory, and its ledger gets what was counted. */
static int recorded_targets(const struct live_state *state, const struct targets *all,
			    struct targets *targets, struct failure *failure)
{
	size_t count = state->targets < TARGETS_MAX ? state->targets : TARGETS_MAX;
	targets->target = calloc(count + 1, sizeof targets->target[0]);
	if (!targets->target)
		return fail(failure, EXIT_FAILED, "out of memory");
	for (size_t i = 0; i < count; i++) {
		char name[TARGET_NAME_SIZE];
		snprintf(name, sizeof name, "%.*s", TARGET_NAME_SIZE - 1, state->target[i]);
		if (!target_name_valid(name))
			continue;
		const struct target *known = targets_find(all, name);
		struct target *target = &targets->target[targets->targets++];
		if (known) {
			*target = *known;
			continue;
		}
		target_clear(target);
		snprintf(target->name, sizeof target->name, "%s", name);
	}
	return 0;
}

static void say_what_was_left(const struct live_state *state)
{
	char time[TIMESTAMP_TEXT_SIZE];
	for (int index = 0; index < 2; index++)
		if (state->time.slot[index].start != TIME_UNKNOWN)
			say_warning("a run was ended in the bucket of %s: it is closed with what "
				    "was counted",
				    timestamp_format(state->time.slot[index].start, time));
}

/* Closes everything and writes it. When that fails it stays in the memory, for the next try. */
static int close_leftovers(const char *state_directory, struct observation_memory *memory,
			   const struct targets *targets, struct failure *failure)
{
	struct observation observation;
	struct observation_options options = {.memory = memory, .source_capacity = SIZE_MAX};
	char boot[BOOT_ID_SIZE];
	recover_read_boot_id(boot);
	recover_resume(memory, boot);
	say_what_was_left(memory->state);
	if (observation_open(&observation, state_directory, targets, &options, failure) != 0)
		return -1;
	int result = observation_finish(&observation, failure);
	for (size_t i = 0; i < observation.targets && result == 0; i++)
		result = census_release(&observation.target[i].notes.census, failure);
	if (result == 0) {
		closed_queue_release(&observation.state->queue);
		result = store_writer_drain(&observation, INT64_MAX, failure);
	}
	if (result == 0)
		observation.state->begun = 0;
	observation_close(&observation);
	return result;
}

static void begin_memory(struct live_memory *live, const char *state_directory)
{
	struct stat status;
	uid_t user = geteuid();
	gid_t group = getegid();
	if (stat(state_directory, &status) == 0) {
		user = status.st_uid;
		group = status.st_gid;
	}
	live_memory_begin(live, state_directory, user, group);
}

/* *begun: somebody was in the middle of something on that interface, which nobody goes on with;
 * *targets are whose buckets he had open. */
static int look_at_state(const char *state_directory, const char *interface,
			 const struct targets *all, const struct recovery_goes_on *goes_on,
			 size_t observations, struct targets *targets, bool *begun,
			 struct failure *failure)
{
	struct live_memory live;
	char path[LIVE_PATH_SIZE];
	begin_memory(&live, state_directory);
	observation_memory_file(path, "open", interface);
	if (live_memory_add(&live, path, sizeof(struct live_state), failure) != 0 ||
	    live_memory_prepare(&live, failure) != 0)
		return -1;
	const struct live_state *state =
		(const struct live_state *)(const void *)live.region[0].content;
	*begun = state->begun != 0;
	for (size_t i = 0; i < observations; i++)
		if (strcmp(goes_on[i].interface, interface) == 0 &&
		    observation_goes_on(state, goes_on[i].targets))
			*begun = false;
	int result = *begun ? recorded_targets(state, all, targets, failure) : 0;
	live_memory_end(&live);
	return result;
}

static int recover_interface(const char *state_directory, const char *interface,
			     const struct targets *all, const struct recovery_goes_on *goes_on,
			     size_t observations, struct failure *failure)
{
	struct targets targets = {0};
	bool begun = false;
	if (look_at_state(state_directory, interface, all, goes_on, observations, &targets, &begun,
			  failure) != 0)
		return -1;
	if (!begun)
		return 0;
	struct live_memory live;
	struct observation_memory memory;
	begin_memory(&live, state_directory);
	/* Attempts are of no use any more: the least table will do. */
	int result = observation_memory_plan(&live, interface, &targets, 1, failure);
	if (result == 0)
		result = live_memory_prepare(&live, failure);
	if (result == 0) {
		observation_memory_take(&memory, &live, 1);
		result = close_leftovers(state_directory, &memory, &targets, failure);
	}
	live_memory_end(&live);
	targets_free(&targets);
	return result;
}

/* What a target's memory holds beyond its open buckets goes to its files, before an import adds to
 * them; and who goes on after it reads the ledger again, which has grown meanwhile. */
static int release_notes(const char *state_directory, struct live_memory *live,
			 const struct target *target, struct failure *failure)
{
	struct open_target *open = (struct open_target *)(void *)live->region[0].content;
	struct census census;
	char directory[STORE_PATH_SIZE];
	if (!open->known)
		return 0;
	open->known = 0;
	snprintf(directory, sizeof directory, "%.900s/%s/census", state_directory, target->name);
	const struct journal_region region = {.memory = live->region[0].content,
					      .size = live->region[0].size};
	if (live->region[0].size != observation_memory_target(&open->census))
		return 0;
	if (census_open(&census, directory, target_notes_census(observation_memory_notes(open)),
			&open->census, &region, NULL, failure) != 0)
		return -1;
	int result = census_release(&census, failure);
	census_free(&census);
	return result;
}

static int release_target(const char *state_directory, const struct target *target,
			  struct failure *failure)
{
	struct live_memory live;
	struct stat status;
	char path[LIVE_PATH_SIZE], full[4096 + LIVE_PATH_SIZE];
	snprintf(path, sizeof path, "%s/open.state", target->name);
	snprintf(full, sizeof full, "%s/%s", state_directory, path);
	if (stat(full, &status) != 0)
		return 0;
	size_t size = live_memory_content((size_t)status.st_size);
	if (size < sizeof(struct open_target))
		return 0;
	begin_memory(&live, state_directory);
	int result = live_memory_add(&live, path, size, failure);
	if (result == 0)
		result = live_memory_prepare(&live, failure);
	if (result == 0)
		result = release_notes(state_directory, &live, target, failure);
	live_memory_end(&live);
	return result;
}

bool recover_has_work(const char *state_directory)
{
	DIR *directory = opendir(state_directory);
	const struct dirent *entry;
	char interface[64];
	bool found = false;
	if (!directory)
		return false;
	while (!found && (entry = readdir(directory)))
		found = observation_memory_interface(entry->d_name, interface);
	closedir(directory);
	return found;
}

int recover_open_buckets(const char *state_directory, const struct targets *all,
			 const struct recovery_goes_on *goes_on, size_t observations,
			 struct failure *failure)
{
	DIR *directory = opendir(state_directory);
	if (!directory)
		return 0;
	int result = 0;
	const struct dirent *entry;
	char interface[64];
	while (result == 0 && (entry = readdir(directory)))
		if (observation_memory_interface(entry->d_name, interface))
			result = recover_interface(state_directory, interface, all, goes_on,
						   observations, failure);
	closedir(directory);
	for (size_t i = 0; i < all->targets && result == 0 && observations == 0; i++)
		result = release_target(state_directory, &all->target[i], failure);
	return result;
}
