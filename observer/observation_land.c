/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A clock that was set forward by mistake and back again, or was never set before: what was counted
 * meanwhile carries times that never were. As far as it is not in a ledger yet, it is moved into
 * the present. */
#include "observation.h"

#define US 1000000LL

/* Adds what a held bucket had counted to the one that is open now. Its sources may be the same as
 * those: the sum is an upper bound, and flagged. The seconds are set as the bucket closes. */
static void take_over(void *context, const struct closed_bucket *closed)
{
	struct observation *observation = context;
	struct observed_target *target = &observation->target[closed->target];
	struct bucket_record *record = &target->open->bucket[observation->time->current].record;
	struct bucket_record before = *record;
	journal_keep(target->region, record, sizeof *record);
	bucket_record_merge(record, &closed->record);
	record->revision = before.revision;
	record->flags |= BUCKET_CLOCK_STEPPED | BUCKET_MERGED;
	journal_commit(&observation->state->journal);
}

/* All that was counted since from_us goes into the last bucket: of none of these do the seconds
 * tell how long its counts took. */
static int cover_flagged(struct observation *observation, int64_t from_us, int64_t now_us,
			 struct failure *failure)
{
	int64_t until_us;
	observation_flag(observation, BUCKET_CLOCK_STEPPED);
	do {
		int64_t end_us = (from_us / US / BUCKET_SECONDS + 1) * BUCKET_SECONDS * US;
		until_us = end_us < now_us ? end_us : now_us;
		if (observation_cover_further(observation, from_us, until_us, failure) != 0)
			return -1;
		observation_flag(observation, BUCKET_CLOCK_STEPPED);
		from_us = until_us;
	} while (until_us < now_us);
	return 0;
}

int observation_land(struct observation *observation, int64_t from_us, int64_t now_us, bool all,
		     struct failure *failure)
{
	int64_t start = now_us / US / BUCKET_SECONDS * BUCKET_SECONDS;
	/* What is open is held with the rest, and recalled with it. */
	if (observation_close_all(observation, failure) != 0)
		return -1;
	observation->time->hold_until_us = 0;
	if (cover_flagged(observation, from_us, now_us, failure) != 0)
		return -1;
	closed_queue_recall(&observation->state->queue, observation->region,
			    OBSERVATION_FLOOR_US / US, all ? INT64_MIN : start + BUCKET_SECONDS,
			    take_over, observation);
	/* What is left lies before now: it was right all the time. */
	closed_queue_release(&observation->state->queue);
	return 0;
}
