/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "retransmission.h"

#define SECONDS INT64_C(1000000)
#define MS	INT64_C(1000)

/* Delay in the network beyond the constant part of the way. */
#define DELAY_MEAN_US 4000.0
#define DELAY_MAX_US  (200 * MS)

static const struct retransmission_schedule schedule_of[SENDER_SYSTEMS] = {
	/* Windows of that time checks its TCP timers every 100 ms. */
	[SENDER_WINDOWS_XP] = {3, {0, 3 * SECONDS, 9 * SECONDS}, 100 * MS, 21 * SECONDS},
	[SENDER_WINDOWS_VISTA] = {3, {0, 3 * SECONDS, 9 * SECONDS}, 50 * MS, 21 * SECONDS},
	[SENDER_LINUX_2_6] = {6,
			      {0, 3 * SECONDS, 9 * SECONDS, 21 * SECONDS, 45 * SECONDS,
			       93 * SECONDS},
			      4 * MS,
			      189 * SECONDS},
	[SENDER_LINUX_3_1] = {6,
			      {0, 1 * SECONDS, 3 * SECONDS, 7 * SECONDS, 15 * SECONDS,
			       31 * SECONDS},
			      4 * MS,
			      63 * SECONDS},
	[SENDER_LINUX_6_5] = {9,
			      {0, 1 * SECONDS, 2 * SECONDS, 3 * SECONDS, 4 * SECONDS, 5 * SECONDS,
			       7 * SECONDS, 11 * SECONDS, 19 * SECONDS},
			      4 * MS,
			      35 * SECONDS},
};

static const struct retransmission_schedule refused = {1, {0}, 0, 50 * MS};

const struct retransmission_schedule *retransmission_schedule(enum sender_system system,
							      enum host_policy policy)
{
	return policy == POLICY_RST ? &refused : &schedule_of[system];
}

int64_t retransmission_arrival_us(const struct retransmission_schedule *schedule, size_t index,
				  struct random_stream *random)
{
	int64_t timer = 0;
	if (index > 0)
		timer = (int64_t)random_below(random, (uint32_t)(2 * schedule->timer_us + 1)) -
			schedule->timer_us;
	int64_t delay = (int64_t)(DELAY_MEAN_US * random_exponential(random));
	return schedule->offset_us[index] + timer + (delay < DELAY_MAX_US ? delay : DELAY_MAX_US);
}
