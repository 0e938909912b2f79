/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The beginning and the end of an observation: stores, tables, and what goes on in memory that a
 * former process left. */
#include "observation.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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

/* What is known of the target from its ledger alone. */
static void learn_from_ledger(struct observed_target *target)
{
	struct open_target *open = target->open;
	open->retired = target->target->retired;
	open->before_retirement = record_ends_before(&target->store.ledger, open->retired);
	open->sources = target_store_sources(&target->store, open->retired);
	open->known = 1;
}

/* What all targets share. */
static int open_shared(struct observation *observation, const char *state_directory,
		       const struct observation_options *options, struct failure *failure)
{
	char copies[4096 + 8];
	if (options->anonymise &&
	    anonymiser_open(&observation->anonymiser, state_directory, failure) != 0)
		return -1;
	snprintf(copies, sizeof copies, "%.4000s/.geo", state_directory);
	return geo_open(&observation->geo, &options->geo, copies, failure);
}

static int open_notes(struct observation *observation, struct observed_target *target,
		      const struct observation_options *options, struct failure *failure)
{
	const struct observation_memory *memory = options->memory;
	if (memory)
		target->open->census = memory->census;
	const struct target_notes_options notes = {
		.evidence_budget = options->evidence_budget,
		.sources_left = memory ? &observation->sources_left : NULL,
		.geo = observation->geo,
		.anonymiser = observation->anonymiser,
		.memory = memory ? observation_memory_notes(target->open) : NULL,
		.region = target->region,
		.census = memory ? memory->census : census_capacity_private(),
		.in_transaction = !memory,
	};
	return target_notes_open(&target->notes, target->store.directory, target->open->retired,
				 target->open->sources, &notes, failure);
}

static int open_target(struct observed_target *target, const char *state_directory,
		       const struct observation_options *options, struct failure *failure)
{
	const struct observation_memory *memory = options->memory;
	if (memory) {
		target->open = memory->target[target->number];
		target->region = &memory->region[REGION_TARGETS + target->number];
	} else {
		target->open = calloc(1, sizeof *target->open);
	}
	if (!target->open)
		return fail(failure, EXIT_FAILED, "out of memory");
	/* A retirement that became known is the beginning of another count of new sources. */
	bool learn = !target->open->known || target->open->retired != target->target->retired;
	if (target_store_open(&target->store, state_directory, target->target, learn, failure) != 0)
		return -1;
	if (learn)
		learn_from_ledger(target);
	if (memory) /* it grows for years, and is read again when it is needed */
		ledger_free(&target->store.ledger);
	if (memory && !learn && !target->open->view_under_way)
		target_store_trust_view(&target->store);
	return 0;
}

/* Whether the state was begun for these targets, in this order. */
bool observation_goes_on(const struct live_state *state, const struct targets *targets)
{
	if (!state->begun || state->targets != targets->targets)
		return false;
	for (size_t i = 0; i < targets->targets; i++)
		if (strncmp(state->target[i], targets->target[i].name, TARGET_NAME_SIZE) != 0)
			return false;
	return true;
}

static void begin_state(struct observation *observation, const struct targets *targets)
{
	struct live_state *state = observation->state;
	state->begun = 0;
	state->clock = (struct live_clock){.covered_us = INT64_MIN};
	state->time = (struct observation_time){
		.slot = {{.start = TIME_UNKNOWN}, {.start = TIME_UNKNOWN}},
		.flags_next = BUCKET_FIRST,
		.covered_from_us = INT64_MAX,
		.covered_to_us = INT64_MIN,
	};
	state->position = (struct capture_position){0};
	state->targets = (uint32_t)targets->targets;
	for (size_t i = 0; i < targets->targets; i++)
		memcpy(state->target[i], targets->target[i].name, TARGET_NAME_SIZE);
	journal_commit(&state->journal);
	atomic_signal_fence(memory_order_seq_cst);
	state->begun = 1;
}

/* The state and the attempts: in an agent's memory, or in memory of this process. */
static int open_state(struct observation *observation, const struct targets *targets,
		      const struct observation_options *options, struct failure *failure)
{
	const struct observation_memory *memory = options->memory;
	struct attempt_table *attempts = &observation->queue.attempts;
	if (memory) {
		observation->state = memory->state;
		observation->region = &memory->region[REGION_STATE];
		attempt_table_place(attempts, memory->attempts, memory->attempt_capacity,
				    &memory->region[REGION_ATTEMPTS]);
	} else {
		observation->state = calloc(1, sizeof *observation->state);
		if (!observation->state ||
		    !attempt_table_create(attempts, options->attempt_capacity))
			return fail(failure, EXIT_FAILED, "out of memory");
	}
	observation->time = &observation->state->time;
	if (!observation_goes_on(observation->state, targets)) {
		begin_state(observation, targets);
		/* Attempts are told apart by the numbers of their targets, too. */
		if (memory && !memory->attempts_fresh)
			attempt_table_forget(attempts);
	} else if (memory && memory->attempts_fresh) {
		observation_flag(observation, BUCKET_ATTEMPTS_UPPER);
	}
	return 0;
}

/* Whether what the targets' files hold belongs to the open buckets. */
static bool is_complete(const struct observation *observation)
{
	for (int index = 0; index < 2; index++)
		for (size_t i = 0; i < observation->targets; i++)
			if (observation->time->slot[index].start != TIME_UNKNOWN &&
			    observation->target[i].open->start[index] !=
				    observation->time->slot[index].start)
				return false;
	return true;
}

/* What was open goes on: the previous bucket waits for its grace as before. */
static int go_on(struct observation *observation, struct failure *failure)
{
	const struct observation_slot *previous =
		&observation->time->slot[!observation->time->current];
	observation->position = observation->state->position;
	if (observation->region && !is_complete(observation)) {
		/* A target's file was removed: the others' buckets are closed, so that this one's
		 * does not begin with seconds in which nobody counted for it. */
		observation_flag(observation, BUCKET_RESTARTED);
		return observation_close_all(observation, failure);
	}
	if (previous->start != TIME_UNKNOWN)
		observation->close_previous_us = previous->end_us + GRACE_US;
	return 0;
}

int observation_open(struct observation *observation, const char *state_directory,
		     const struct targets *targets, const struct observation_options *options,
		     struct failure *failure)
{
	*observation = (struct observation){
		.close_previous_us = INT64_MAX,
		.goes_on_until_us = INT64_MIN,
	};
	address_index_build(&observation->index, targets);
	observation->last_first =
		address_index_first(&observation->index, &observation->last_destination);
	observation->sources_left = options->source_capacity;
	observation->target = calloc(targets->targets, sizeof observation->target[0]);
	int result = observation->target ? open_state(observation, targets, options, failure)
					 : fail(failure, EXIT_FAILED,
						"out of memory for %zu targets", targets->targets);
	if (result == 0)
		result = open_shared(observation, state_directory, options, failure);
	for (size_t i = 0; i < targets->targets && result == 0; i++) {
		struct observed_target *target = &observation->target[observation->targets++];
		target->target = &targets->target[i];
		target->notes.sources.descriptor = -1;
		target->number = i;
		result = open_target(target, state_directory, options, failure);
		if (result == 0)
			result = open_notes(observation, target, options, failure);
	}
	if (result == 0)
		result = go_on(observation, failure);
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
		if (!target->region)
			free(target->open);
	}
	free(observation->target);
	if (!observation->region)
		free(observation->state);
	attempt_table_free(&observation->queue.attempts);
	geo_close(observation->geo);
	anonymiser_close(observation->anonymiser);
	*observation = (struct observation){0};
}
