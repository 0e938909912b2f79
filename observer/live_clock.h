/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * live_clock: the two clocks of an agent, CLOCK_REALTIME, which packets carry and which can be set,
 * and CLOCK_BOOTTIME, which cannot; and what of the time was observed. Clocks are read elsewhere
 * and come in as values, microseconds.
 *
 * A clock that was set forward by more than a bucket is not believed at once: the time in between
 * is unknown, buckets closed from then on are held back for LIVE_CLOCK_HOLD_US, and when it is set
 * back meanwhile, the time since is observed as if nothing had been, and what they counted is moved
 * into the present: no ledger has a record of a time that never was. While the clock shows a time
 * before OBSERVATION_FLOOR_US it was never set, and everything is held. A clock that is set back to
 * where time was observed already stands still until it has caught up: packets count in the open
 * bucket, which is flagged. */
#ifndef STALENODE_LIVE_CLOCK_H
#define STALENODE_LIVE_CLOCK_H

#include "observation.h"

#define LIVE_CLOCK_HOLD_US (3600 * INT64_C(1000000))
/* More than this between the two clocks is a step, not their drift, nor a leap second. */
#define LIVE_CLOCK_STEP_US INT64_C(2000000)

/* Time was observed without a pause until time_us, or from it on when none was before. */
int live_clock_cover(struct observation *observation, int64_t time_us, struct failure *failure);
/* Nothing is observed from now on, until live_clock_cover() begins anew. */
void live_clock_pause(struct observation *observation);
/* Looks at both clocks, and says what was done to them. */
int live_clock_watch(struct observation *observation, int64_t real_us, int64_t boot_us,
		     struct failure *failure);
/* At the end of a run: the clock as it is now is the best that is known. */
int live_clock_finish(struct observation *observation, struct failure *failure);
/* Whether the clock was never set yet. */
bool live_clock_is_unset(const struct observation *observation);
/* An instant of the open bucket, for a packet that came at a time that cannot be. */
int64_t live_clock_present_us(const struct observation *observation);

#endif
