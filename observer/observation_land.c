/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A clock that was set forward by mistake and back again, or was never set before: what was counted
 * meanwhile carries times that never were. As far as it is not in a ledger yet, it is moved into
 * the present. */
#include "observation.h"

#define US 1000000LL

struct landing {
	struct observation *observation;
	int slot;
};

/* Adds what a held bucket had counted to the one that is open now. Its sources may be the same as
 * those: the sum is an upper bound, and flagged. */
static void take_over(void *context, const struct closed_bucket *closed)
{
	const struct landing *landing = context;
	struct observation *observation = landing->observation;
	struct observed_target *target = &observation->target[closed->target];
	struct bucket_record *record = &target->open->bucket[landing->slot].record;
	journal_keep(target->region, record, sizeof *record);
	uint32_t revision = record->revision;
	bucket_record_merge(record, &closed->record);
	record->revision = revision;
	record->flags |= BUCKET_CLOCK_STEPPED | BUCKET_MERGED;
	journal_commit(&observation->state->journal);
}

/* The open bucket begins at `start` instead; what of it was covered was another time. */
static void move_slot(struct observation *observation, int index, int64_t start)
{
	struct observation_slot *slot = &observation->time->slot[index];
	journal_keep(observation->region, slot, sizeof *slot);
	for (size_t i = 0; i < observation->targets; i++) {
		struct observed_target *target = &observation->target[i];
		journal_keep(target->region, &target->open->start[index], sizeof(int64_t));
		target->open->start[index] = start;
	}
	slot->start = start;
	slot->from_us = start * US;
	slot->end_us = (start + BUCKET_SECONDS) * US;
	slot->coverage = (struct coverage){0};
	slot->flags |= BUCKET_CLOCK_STEPPED;
	observation->goes_on_until_us = INT64_MIN;
	observation->time->covered_from_us = INT64_MAX;
	observation->time->covered_to_us = INT64_MIN;
}

int observation_land(struct observation *observation, int64_t now_us, struct failure *failure)
{
	struct observation_time *time = observation->time;
	int64_t start = now_us / US / BUCKET_SECONDS * BUCKET_SECONDS;
	/* A previous bucket is closed as any other, and is held: it is recalled with the rest. */
	if (observation_close_previous(observation, failure) != 0 ||
	    observation_commit(observation, failure) != 0)
		return -1;
	/* There is a bucket of now to move things to. */
	if (observation_current(observation)->start == TIME_UNKNOWN &&
	    observation_cover_further(observation, now_us, now_us, failure) != 0)
		return -1;
	const struct observation_slot *slot = observation_current(observation);
	if (slot->start > start || slot->from_us < OBSERVATION_FLOOR_US) {
		move_slot(observation, time->current, start);
		journal_commit(&observation->state->journal);
	}
	struct landing landing = {observation, time->current};
	closed_queue_recall(&observation->state->queue, observation->region,
			    OBSERVATION_FLOOR_US / US, start + BUCKET_SECONDS, take_over, &landing);
	return 0;
}
