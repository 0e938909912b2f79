/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live_clock.h"

#include <inttypes.h>

#define US 1000000LL

int live_clock_cover(struct observation *observation, int64_t time_us, struct failure *failure)
{
	struct live_clock *clock = &observation->state->clock;
	if (clock->covered_us == INT64_MIN)
		clock->covered_us = time_us;
	if (time_us < clock->covered_us)
		return 0;
	int result = observation_cover(observation, clock->covered_us, time_us, failure);
	clock->covered_us = time_us;
	return result;
}

void live_clock_pause(struct observation *observation)
{
	observation->state->clock.covered_us = INT64_MIN;
	observation->state->clock.paused = 1;
}

bool live_clock_is_unset(const struct observation *observation)
{
	return observation->time->hold_until_us == INT64_MAX;
}

int64_t live_clock_present_us(const struct observation *observation)
{
	const struct observation_time *time = observation->time;
	const struct observation_slot *slot = observation_current(observation);
	if (slot->start == TIME_UNKNOWN)
		return observation->state->clock.real_us;
	return time->covered_to_us >= slot->from_us ? time->covered_to_us : slot->from_us;
}

/* A step forward skips time of which nothing is known; whether the clock is right now is seen when
 * it stays. before_us: what the clock would show without the step. */
static int step_forward(struct observation *observation, int64_t before_us, int64_t real_us,
			int64_t boot_us, struct failure *failure)
{
	struct live_clock *clock = &observation->state->clock;
	if (real_us <= clock->covered_us)
		return 0; /* it was behind, and is less so: it still stands still */
	if (clock->covered_us != INT64_MIN) {
		if (live_clock_cover(observation, before_us, failure) != 0)
			return -1;
		clock->covered_us = real_us;
	}
	if (live_clock_is_unset(observation) ||
	    (real_us - before_us <= BUCKET_SECONDS * US && !observation->time->hold_until_us))
		return 0;
	if (!observation->time->hold_until_us) {
		clock->skipped_from_us = before_us;
		clock->skipped_to_us = before_us;
		clock->paused = 0;
		/* What was counted before the step is right, and is not held. */
		if (observation_close_all(observation, failure) != 0)
			return -1;
	}
	if (real_us > clock->skipped_to_us)
		clock->skipped_to_us = real_us;
	observation->time->hold_until_us = boot_us + LIVE_CLOCK_HOLD_US;
	return 0;
}

/* What was counted at times that were wrong is moved to now. */
static int land(struct observation *observation, int64_t from_us, int64_t real_us,
		struct failure *failure)
{
	struct live_clock *clock = &observation->state->clock;
	/* After steps everything that is held has a wrong time; a clock that fell to 1970 for a
	 * while found an open bucket with a right one. */
	bool all = !live_clock_is_unset(observation);
	bool observed = clock->covered_us != INT64_MIN && !clock->paused;
	if (clock->covered_us != INT64_MIN)
		clock->covered_us = real_us;
	clock->skipped_from_us = clock->skipped_to_us = 0;
	/* After the hold there is nothing to recall but what is open. */
	observation->time->hold_until_us = INT64_MAX;
	return observation_land(observation, observed ? from_us : real_us, real_us, all, failure);
}

static int step_back(struct observation *observation, int64_t real_us, struct failure *failure)
{
	const struct live_clock *clock = &observation->state->clock;
	/* While it is not believed, every time since the first step forward is as good. */
	bool held = observation->time->hold_until_us && !live_clock_is_unset(observation);
	/* It stands still until the clock has caught up: what comes meanwhile belongs into the
	 * bucket that says so, not into the one before. */
	if (real_us < clock->skipped_from_us || (!held && real_us >= clock->skipped_to_us))
		return observation_close_previous(observation, failure);
	say_warning("what was counted since the clock was set forward goes on now");
	return land(observation, clock->skipped_from_us, real_us, failure);
}

int live_clock_finish(struct observation *observation, struct failure *failure)
{
	const struct live_clock *clock = &observation->state->clock;
	if (observation->time->hold_until_us == 0 || live_clock_is_unset(observation))
		return 0;
	/* Held buckets of the future, whichever way the clock came to where it is. */
	const struct observation_slot *slot = observation_current(observation);
	if (slot->start == TIME_UNKNOWN || slot->from_us <= clock->real_us)
		return 0;
	return land(observation, clock->real_us, clock->real_us, failure);
}

static int watch_floor(struct observation *observation, int64_t real_us, struct failure *failure)
{
	bool unset = live_clock_is_unset(observation);
	if (real_us < OBSERVATION_FLOOR_US) {
		if (!unset)
			say_warning("the clock was not set: what is counted waits until it is");
		observation->time->hold_until_us = INT64_MAX;
		return 0;
	}
	if (!unset)
		return 0;
	say_warning("the clock is set");
	return land(observation, real_us, real_us, failure);
}

int live_clock_watch(struct observation *observation, int64_t real_us, int64_t boot_us,
		     struct failure *failure)
{
	struct live_clock *clock = &observation->state->clock;
	int64_t before_us = clock->real_us + (boot_us - clock->boot_us);
	int64_t step_us = real_us - before_us;
	int result = 0;
	if (clock->real_us != 0 &&
	    (step_us > LIVE_CLOCK_STEP_US || step_us < -LIVE_CLOCK_STEP_US)) {
		say_warning("the clock was set by %+" PRId64 " s", (int64_t)(step_us / US));
		observation_flag(observation, BUCKET_CLOCK_STEPPED);
		result = step_us > 0
				 ? step_forward(observation, before_us, real_us, boot_us, failure)
				 : step_back(observation, real_us, failure);
		observation_flag(observation, BUCKET_CLOCK_STEPPED);
	}
	clock->real_us = real_us;
	clock->boot_us = boot_us;
	observation->attempt_time_us = boot_us;
	if (result == 0)
		result = watch_floor(observation, real_us, failure);
	int64_t *hold_until_us = &observation->time->hold_until_us;
	if (*hold_until_us && boot_us >= *hold_until_us) {
		*hold_until_us = 0; /* the clock stayed: it is believed, */
		clock->paused = 1;  /* and what was counted since goes to the ledgers */
	}
	return result;
}
