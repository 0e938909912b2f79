/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The beginning and the end of an observation: stores, tables and mapped files. */
#include "observation.h"

#include <stdio.h>
#include <stdlib.h>

#define US 1000000LL

/* Whether a ledger, as far as it goes, lies before the retirement. */
static bool record_ends_before(const struct ledger *ledger, int64_t retired)
{
	if (retired == TIME_UNKNOWN)
		return false;
	if (ledger->records == 0)
		return true;
	const struct bucket_record *last = &ledger->record[ledger->records - 1];
	return last->start * US + last->covered_to_us < retired * US;
}

static int open_time(struct observation *observation, const char *state_directory, bool mapped,
		     struct failure *failure)
{
	bool fresh = true;
	if (mapped) {
		char path[4096 + 64];
		snprintf(path, sizeof path, "%.4000s/open.state", state_directory);
		if (open_state_map(&observation->time_file, path, sizeof *observation->time, true,
				   &fresh, failure) != 0)
			return -1;
		observation->time = observation->time_file.content;
	} else {
		observation->time = calloc(1, sizeof *observation->time);
		if (!observation->time)
			return fail(failure, EXIT_FAILED, "out of memory");
	}
	if (fresh)
		*observation->time = (struct observation_time){
			.slot = {{.start = TIME_UNKNOWN}, {.start = TIME_UNKNOWN}},
			.covered_from_us = INT64_MAX,
			.covered_to_us = INT64_MIN,
		};
	return 0;
}

static int open_geo(struct observation *observation, const char *state_directory,
		    const struct observation_options *options, struct failure *failure)
{
	char copies[4096 + 8];
	snprintf(copies, sizeof copies, "%.4000s/.geo", state_directory);
	return geo_open(&observation->geo, &options->geo, copies, failure);
}

static int open_notes(struct observation *observation, struct observed_target *target,
		      const struct targets *targets, const struct observation_options *options,
		      struct failure *failure)
{
	int64_t since = target->target->retired;
	const struct target_notes_options notes = {
		.evidence_budget = options->evidence_budget,
		.geo = observation->geo,
		.census = options->mapped ? census_capacity_shared(targets->targets)
					  : census_capacity_private(),
		.in_transaction = !options->mapped,
	};
	return target_notes_open(&target->notes, target->store.directory, since,
				 target_store_sources(&target->store, since), &notes, failure);
}

static int open_target(struct observed_target *target, const char *state_directory,
		       const struct observation_options *options, struct failure *failure)
{
	if (target_store_open(&target->store, state_directory, target->target, failure) != 0)
		return -1;
	target->before_retirement =
		record_ends_before(&target->store.ledger, target->target->retired);
	if (options->mapped) {
		char path[sizeof target->store.directory + 64];
		bool fresh;
		snprintf(path, sizeof path, "%s/open.state", target->store.directory);
		if (open_state_map(&target->open_file, path, sizeof *target->open, true, &fresh,
				   failure) != 0)
			return -1;
		target->open = target->open_file.content;
	} else {
		target->open = calloc(1, sizeof *target->open);
	}
	return target->open ? 0 : fail(failure, EXIT_FAILED, "out of memory");
}

int observation_open(struct observation *observation, const char *state_directory,
		     const struct targets *targets, const struct observation_options *options,
		     struct failure *failure)
{
	*observation = (struct observation){
		.close_previous_us = INT64_MAX,
		.goes_on_until_us = INT64_MIN,
		.flags_next = BUCKET_FIRST,
	};
	address_index_build(&observation->index, targets);
	observation->last_first =
		address_index_first(&observation->index, &observation->last_destination);
	observation->target = calloc(targets->targets, sizeof observation->target[0]);
	if (!observation->target ||
	    !attempt_table_create(&observation->queue.attempts, options->attempt_capacity)) {
		observation_close(observation);
		return fail(failure, EXIT_FAILED, "out of memory for %zu targets",
			    targets->targets);
	}
	int result = open_time(observation, state_directory, options->mapped, failure);
	if (result == 0)
		result = open_geo(observation, state_directory, options, failure);
	for (size_t i = 0; i < targets->targets && result == 0; i++) {
		struct observed_target *target = &observation->target[observation->targets++];
		target->target = &targets->target[i];
		target->number = i;
		result = open_target(target, state_directory, options, failure);
		if (result == 0)
			result = open_notes(observation, target, targets, options, failure);
	}
	if (result != 0)
		observation_close(observation);
	return result;
}

void observation_close(struct observation *observation)
{
	for (size_t i = 0; i < observation->targets; i++) {
		struct observed_target *target = &observation->target[i];
		target_store_close(&target->store);
		target_notes_close(&target->notes);
		if (!target->open_file.content)
			free(target->open);
		open_state_unmap(&target->open_file);
	}
	free(observation->target);
	if (!observation->time_file.content)
		free(observation->time);
	open_state_unmap(&observation->time_file);
	attempt_table_free(&observation->queue.attempts);
	geo_close(observation->geo);
	*observation = (struct observation){0};
}
