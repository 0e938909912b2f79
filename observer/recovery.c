/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recovery.h"

#include "base/timestamp.h"
#include "observation.h"

#include <stdio.h>

/* What a killed process had begun to close, and whose line the ledger has, is not closed again;
 * neither is a bucket of a target that it did not observe. */
static void forget_what_is_closed(struct observation *observation, struct observed_target *target,
				  int index)
{
	const struct observation_slot *slot = &observation->time->slot[index];
	struct open_target *open = target->open;
	bool stale = open->start[index] != slot->start;
	bool written = open->closing[index] &&
		       ledger_writer_length(&target->store.writer) >= open->closing[index];
	if (stale || written)
		target->skip[index] = true;
	target->prior[index] = ledger_find(&target->store.ledger, slot->start);
}

/* The sources of an open bucket were new when it was counted, but may not be in the file yet. */
static void remember_sources(struct observed_target *target, int index)
{
	const struct distinct *sources = &target->open->bucket[index].sources;
	for (size_t i = 0; i < DISTINCT_SLOTS; i++)
		if (sources->slot[i])
			source_memory_note(&target->notes.sources, sources->slot[i]);
}

static int close_leftovers(struct observation *observation, struct failure *failure)
{
	for (int index = 0; index < 2; index++) {
		struct observation_slot *slot = &observation->time->slot[index];
		if (slot->start == TIME_UNKNOWN)
			continue;
		char time[TIMESTAMP_TEXT_SIZE];
		say_warning(
			"a run was ended in the bucket of %s: it is closed with what was counted",
			timestamp_format(slot->start, time));
		/* The table of attempts died with its process: retransmissions may count again. */
		slot->flags |= BUCKET_RESTARTED | BUCKET_ATTEMPTS_UPPER;
		slot->evictions_before = 0;
		for (size_t i = 0; i < observation->targets; i++) {
			forget_what_is_closed(observation, &observation->target[i], index);
			if (!observation->target[i].skip[index])
				remember_sources(&observation->target[i], index);
		}
	}
	return observation_finish(observation, failure);
}

int recover_open_buckets(const char *state_directory, const struct targets *targets,
			 struct failure *failure)
{
	char path[4096 + 64];
	struct open_state left;
	bool fresh;
	snprintf(path, sizeof path, "%.4000s/open.state", state_directory);
	if (open_state_map(&left, path, sizeof(struct observation_time), false, &fresh, failure) !=
	    0)
		return -1;
	const struct observation_time *time = left.content;
	bool open = time &&
		    (time->slot[0].start != TIME_UNKNOWN || time->slot[1].start != TIME_UNKNOWN);
	open_state_unmap(&left);
	if (!open)
		return 0;
	struct observation observation;
	struct observation_options options = {.attempt_capacity = 1, .mapped = true};
	if (observation_open(&observation, state_directory, targets, &options, failure) != 0)
		return -1;
	int result = close_leftovers(&observation, failure);
	for (size_t i = 0; i < observation.targets && result == 0; i++)
		result = target_store_update_view(&observation.target[i].store, failure);
	observation_close(&observation);
	return result;
}
