/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observation.h"

#include <stdatomic.h>
#include <string.h>

#define US 1000000LL

static struct observation_slot *previous_slot(struct observation *observation)
{
	return &observation->time->slot[!observation->time->current];
}

/* What the ledger's record of a bucket had covered before this run. */
static struct coverage prior_coverage(const struct bucket_record *prior)
{
	struct coverage coverage = {0};
	if (prior)
		coverage_add(&coverage, prior->covered_from_us, prior->covered_to_us);
	return coverage;
}

/* The memory of a killed process must not be written over in another order than it is told here:
 * the compiler keeps stores on their side of it. */
static void in_this_order(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

/* What was counted of the target in that slot, as it goes to the ledger. */
static struct bucket_record record_of(const struct observation_slot *slot,
				      const struct observed_target *target, int index)
{
	const struct open_bucket *bucket = &target->open->bucket[index];
	struct bucket_record record = bucket->record;
	struct coverage before = prior_coverage(target->prior[index]);
	record.start = slot->start;
	record.observed_seconds = coverage_seconds_beyond(&slot->coverage, &before);
	record.covered_from_us = slot->coverage.from_us;
	record.covered_to_us = slot->coverage.to_us;
	record.sources += distinct_count(&bucket->sources); /* to those taken over, if any */
	record.flags |= slot->flags;
	if (bucket->sources.estimated)
		record.flags |= BUCKET_SOURCES_ESTIMATED;
	record.kernel_drops = slot->kernel_drops;
	record.evictions = slot->evictions;
	if (record.evictions)
		record.flags |= BUCKET_ATTEMPTS_UPPER;
	return record;
}

static int close_target(struct observation *observation, struct observed_target *target, int index,
			struct failure *failure)
{
	const struct observation_slot *slot = &observation->time->slot[index];
	const struct bucket_record *prior = target->prior[index];
	if (target->open->start[index] != slot->start)
		return 0; /* it was not observed when the bucket opened */
	struct bucket_record record = record_of(slot, target, index);
	/* Nothing that the ledger does not know already: an import that is repeated. */
	if (record.observed_seconds == 0 && !bucket_record_counted(&record))
		return 0;
	target->buckets++;
	target->syn += record.syn;
	target->attempts += record.attempts;
	target->new_sources += record.new_sources;
	if (prior)
		bucket_record_merge(&record, prior);
	if (observation->closed)
		observation->closed(observation->closed_context, target, &record);
	if (!observation->region)
		return target_store_append(&target->store, &record, failure);
	struct closed_bucket closed = {
		.record = record,
		.held_until_us = observation->time->hold_until_us,
		.target = (uint32_t)target->number,
	};
	/* Without room it is lost, and counted: counting goes on. */
	closed_queue_push(&observation->state->queue, observation->region, &closed);
	return 0;
}

/* Attempts that were forgotten since the last call: the current bucket's attempts are too many. */
static void charge_evictions(struct observation *observation)
{
	struct observation_slot *slot = observation_current(observation);
	uint64_t evictions = observation->queue.attempts.evictions;
	if (evictions == observation->evictions)
		return;
	journal_keep(observation->region, &slot->evictions, sizeof slot->evictions);
	slot->evictions += evictions - observation->evictions;
	observation->evictions = evictions;
}

int observation_settle(struct observation *observation, struct failure *failure)
{
	int result = syn_queue_work_off(&observation->queue, failure);
	charge_evictions(observation);
	return result;
}

/* Evidence that could not be written marks the bucket that is open. */
static void settle_evidence(struct observation *observation)
{
	int current = observation->time->current;
	for (size_t word = 0; word < TARGETS_MAX / 64; word++) {
		uint64_t *bits = &observation->queue.evidence[word];
		for (; *bits; *bits &= *bits - 1) {
			size_t number = word * 64 + (size_t)__builtin_ctzll(*bits);
			struct observed_target *target = &observation->target[number];
			struct bucket_record *record = &target->open->bucket[current].record;
			if (evidence_settle(&target->notes.evidence) == EVIDENCE_KEPT)
				continue;
			journal_keep(target->region, record, sizeof *record);
			record->flags |= BUCKET_EVIDENCE_LOST;
		}
	}
}

int observation_commit(struct observation *observation, struct failure *failure)
{
	struct live_state *state = observation->state;
	if (observation_settle(observation, failure) != 0)
		return -1;
	if (!observation->region)
		return 0;
	settle_evidence(observation);
	journal_keep(observation->region, &state->position, sizeof state->position);
	state->position = observation->position;
	journal_commit(&state->journal);
	return 0;
}

/* All targets' buckets and the slot in one transaction: after a kill it is closed, or it is open
 * and nothing of it is in the queue. */
static int close_slot(struct observation *observation, int index, struct failure *failure)
{
	struct observation_slot *slot = &observation->time->slot[index];
	int result = 0;
	if (slot->start == TIME_UNKNOWN)
		return 0;
	if (observation_commit(observation, failure) != 0)
		return -1;
	for (size_t i = 0; i < observation->targets && result == 0; i++)
		result = close_target(observation, &observation->target[i], index, failure);
	if (result != 0)
		return result;
	journal_keep(observation->region, slot, sizeof *slot);
	slot->start = TIME_UNKNOWN;
	if (observation->region) {
		journal_commit(&observation->state->journal);
		closed_queue_publish(&observation->state->queue);
	}
	return 0;
}

/* Opens a bucket in that slot and makes it the current one. After a kill in the middle it is opened
 * anew: nothing was counted in it. */
static void open_slot(struct observation *observation, int index, int64_t start)
{
	struct observation_slot *slot = &observation->time->slot[index];
	for (size_t i = 0; i < observation->targets; i++) {
		struct observed_target *target = &observation->target[i];
		struct open_bucket *bucket = &target->open->bucket[index];
		bucket->record = (struct bucket_record){0};
		distinct_clear(&bucket->sources);
		target->open->start[index] = start;
		target->prior[index] =
			observation->region ? NULL : ledger_find(&target->store.ledger, start);
	}
	*slot = (struct observation_slot){
		.start = TIME_UNKNOWN,
		.from_us = start * US,
		.end_us = (start + BUCKET_SECONDS) * US,
		.flags = observation->time->flags_next,
	};
	in_this_order();
	slot->start = start; /* last: a kill before leaves the slot free */
	in_this_order();
	observation->time->current = index;
	in_this_order();
	observation->time->flags_next = 0;
}

void observation_add_pending(const struct observation *observation, struct coverage *coverage)
{
	const struct observation_time *time = observation->time;
	const struct observation_slot *slot = observation_current(observation);
	if (slot->start != TIME_UNKNOWN && time->covered_from_us <= time->covered_to_us)
		coverage_add(coverage, (uint32_t)(time->covered_from_us - slot->from_us),
			     (uint32_t)(time->covered_to_us - slot->from_us));
}

/* Writes the pending stretch of observed time into the current bucket's coverage. */
static void settle_coverage(struct observation *observation)
{
	struct observation_slot *slot = observation_current(observation);
	if (slot->start == TIME_UNKNOWN)
		return;
	observation_add_pending(observation, &slot->coverage);
	observation->time->covered_from_us = INT64_MAX;
	observation->time->covered_to_us = INT64_MIN;
}

int observation_close_previous(struct observation *observation, struct failure *failure)
{
	observation->close_previous_us = INT64_MAX;
	return close_slot(observation, !observation->time->current, failure);
}

/* Makes the bucket that begins at `start` the current one; the current one becomes the previous
 * one when it lies right before. */
static int advance(struct observation *observation, int64_t start, struct failure *failure)
{
	settle_coverage(observation);
	if (observation_close_previous(observation, failure) != 0)
		return -1;
	struct observation_slot *slot = observation_current(observation);
	if (slot->start != TIME_UNKNOWN) {
		if (slot->start + BUCKET_SECONDS == start)
			observation->close_previous_us = start * US + GRACE_US;
		else if (close_slot(observation, observation->time->current, failure) != 0)
			return -1;
	}
	open_slot(observation, !observation->time->current, start);
	return 0;
}

static int64_t bucket_start(int64_t time_us)
{
	int64_t seconds = time_us / US;
	return seconds - seconds % BUCKET_SECONDS;
}

/* Observed time that lies before the current bucket, or in part. */
static void cover_previous(struct observation *observation, int64_t from_us, int64_t to_us)
{
	struct observation_slot *slot = previous_slot(observation);
	if (slot->start == TIME_UNKNOWN || to_us < slot->from_us || from_us >= slot->end_us)
		return;
	if (from_us < slot->from_us)
		from_us = slot->from_us;
	if (to_us > slot->end_us)
		to_us = slot->end_us;
	coverage_add(&slot->coverage, (uint32_t)(from_us - slot->from_us),
		     (uint32_t)(to_us - slot->from_us));
}

static int cover(struct observation *observation, int64_t from_us, int64_t to_us,
		 struct failure *failure)
{
	struct observation_slot *slot = observation_current(observation);
	settle_coverage(observation);
	if (slot->start == TIME_UNKNOWN &&
	    advance(observation, bucket_start(from_us), failure) != 0)
		return -1;
	slot = observation_current(observation);
	if (from_us < slot->from_us) {
		cover_previous(observation, from_us, to_us);
		if (to_us < slot->from_us)
			return 0;
		from_us = slot->from_us;
	}
	if (from_us >= slot->end_us && advance(observation, bucket_start(from_us), failure) != 0)
		return -1;
	slot = observation_current(observation);
	while (to_us >= slot->end_us) {
		coverage_add(&slot->coverage, (uint32_t)(from_us - slot->from_us),
			     BUCKET_SECONDS * (uint32_t)US);
		from_us = slot->end_us;
		if (advance(observation, slot->start + BUCKET_SECONDS, failure) != 0)
			return -1;
		slot = observation_current(observation);
	}
	observation->time->covered_from_us = from_us;
	observation->time->covered_to_us = to_us;
	if (to_us >= observation->close_previous_us)
		return observation_close_previous(observation, failure);
	return 0;
}

int observation_cover_further(struct observation *observation, int64_t from_us, int64_t to_us,
			      struct failure *failure)
{
	int result = cover(observation, from_us, to_us, failure);
	const struct observation_slot *slot = observation_current(observation);
	int64_t end_us = slot->start == TIME_UNKNOWN ? INT64_MIN : slot->end_us;
	observation->goes_on_until_us =
		end_us < observation->close_previous_us ? end_us : observation->close_previous_us;
	return result;
}

void observation_kernel_drops(struct observation *observation, uint64_t drops)
{
	struct observation_slot *slot = observation_current(observation);
	journal_keep(observation->region, &slot->kernel_drops, sizeof slot->kernel_drops);
	slot->kernel_drops += drops;
}

void observation_flag(struct observation *observation, uint32_t flags)
{
	struct observation_slot *slot = observation_current(observation);
	if (slot->start == TIME_UNKNOWN)
		observation->time->flags_next |= flags;
	else
		slot->flags |= flags;
}

int observation_pass(struct observation *observation, int64_t now_us, struct failure *failure)
{
	struct observation_slot *slot = observation_current(observation);
	const struct observation_slot *previous = previous_slot(observation);
	if (previous->start != TIME_UNKNOWN && now_us >= previous->end_us + GRACE_US &&
	    observation_close_previous(observation, failure) != 0)
		return -1;
	if (slot->start == TIME_UNKNOWN || now_us < slot->end_us + GRACE_US)
		return 0;
	settle_coverage(observation);
	observation->goes_on_until_us = INT64_MIN;
	return close_slot(observation, observation->time->current, failure);
}

int observation_close_all(struct observation *observation, struct failure *failure)
{
	settle_coverage(observation);
	observation->goes_on_until_us = INT64_MIN;
	if (observation_close_previous(observation, failure) != 0)
		return -1;
	return close_slot(observation, observation->time->current, failure);
}

int observation_end_run(struct observation *observation, struct failure *failure)
{
	observation_current(observation)->flags |= BUCKET_LAST;
	if (observation_close_all(observation, failure) != 0)
		return -1;
	observation->time->flags_next |= BUCKET_FIRST;
	return 0;
}

int observation_finish(struct observation *observation, struct failure *failure)
{
	if (observation_end_run(observation, failure) != 0)
		return -1;
	for (size_t i = 0; i < observation->targets; i++) {
		struct observed_target *target = &observation->target[i];
		if (target_notes_finish(&target->notes, failure) != 0)
			return -1;
		if (!observation->region && target_store_synchronise(&target->store, failure) != 0)
			return -1;
	}
	return 0;
}
