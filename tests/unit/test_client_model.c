/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/client_model.h"
#include "../../analysis/simulated_traffic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RETIRED	     INT64_C(1203465600) /* 2008-02-20T00:00:00Z */
#define HOUR_US	     INT64_C(3600000000)
#define DAY_US	     (24 * HOUR_US)
#define ATTEMPTS_MAX 20000

/* The mechanism. */

/* All attempts of the first `days` in attempt[]; returns their number. */
static size_t attempts_of(const struct client_parameters *client, enum host_policy policy,
			  uint64_t seed, int64_t days, struct attempt *attempt)
{
	struct failure failure = {0};
	struct client_model model;
	size_t attempts = 0;
	assert_int_equal(
		client_model_begin(&model, client, policy, RETIRED * 1000000, seed, &failure), 0);
	while (client_model_next(&model, &attempt[attempts]) &&
	       attempt[attempts].time_us < days * DAY_US) {
		assert_true(attempts == 0 ||
			    attempt[attempts].time_us >= attempt[attempts - 1].time_us);
		assert_true(attempt[attempts].peer < model.peers);
		assert_true(++attempts < ATTEMPTS_MAX);
	}
	client_model_free(&model);
	return attempts;
}

static struct client_parameters nobody(void)
{
	struct client_parameters client = *client_parameters_published("winny");
	client.running_peers = 0;
	client.returning_peers = 0;
	client.last_call_day = 0;
	client.running_wave = 0;
	client.returning_wave = 0;
	return client;
}

static void running_peers_use_up_exactly_their_retries(void **state)
{
	(void)state;
	struct attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = nobody();
	client.running_peers = 50;
	client.running_retries = 9;
	client.running_interval_minutes = 60;
	client.running_interval_jitter = 0.1;
	size_t attempts = attempts_of(&client, POLICY_DROP, 5, 100, attempt);
	assert_int_equal(attempts, 50 * 9);
	int64_t before[50];
	int made[50] = {0};
	for (size_t i = 0; i < attempts; i++) {
		uint32_t peer = attempt[i].peer;
		int64_t gap = made[peer] ? attempt[i].time_us - before[peer] : 0;
		if (made[peer]++)
			assert_true(gap >= HOUR_US * 9 / 10 - 1 && gap <= HOUR_US * 11 / 10 + 1);
		before[peer] = attempt[i].time_us;
	}
	for (int peer = 0; peer < 50; peer++)
		assert_int_equal(made[peer], 9);
	free(attempt);
}

static void a_list_that_forgot_the_node_is_silent(void **state)
{
	(void)state;
	struct attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = nobody();
	client.returning_peers = 100;
	client.returning_starts = 1000;
	client.returning_away_hours = 12;
	client.returning_forget_days = 10;
	client.returning_forget_spread_days = 2;
	client.returning_second_try = 0.5;
	size_t attempts = attempts_of(&client, POLICY_DROP, 5, 1000, attempt);
	int64_t last = attempt[attempts - 1].time_us;
	assert_true(last > 11 * DAY_US && last < 12 * DAY_US);
	free(attempt);
}

static void a_returning_peer_fails_at_its_number_of_starts(void **state)
{
	(void)state;
	struct attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = nobody();
	client.returning_peers = 100;
	client.returning_starts = 7;
	client.returning_forget_days = 10000;
	assert_int_equal(attempts_of(&client, POLICY_DROP, 5, 10000, attempt), 700);
	/* Each start dials once more when its first attempt has failed. */
	client.returning_second_try = 1;
	assert_int_equal(attempts_of(&client, POLICY_DROP, 5, 10000, attempt), 1400);
	free(attempt);
}

/* At a silent host the SYNs of one attempt are over before the peer's next one. */
static void attempts_of_a_peer_do_not_overlap(void **state)
{
	(void)state;
	struct attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = nobody();
	client.system_weight[SENDER_LINUX_2_6] = 1e6;
	client.running_peers = 5;
	client.running_retries = 1000;
	client.running_interval_minutes = 2;
	client.running_interval_jitter = 0.9;
	client.running_wave = 0.9;
	size_t attempts = attempts_of(&client, POLICY_DROP, 5, 100, attempt);
	assert_int_equal(attempts, 5000);
	int64_t before[5] = {-DAY_US, -DAY_US, -DAY_US, -DAY_US, -DAY_US};
	for (size_t i = 0; i < attempts; i++) {
		assert_true(attempt[i].time_us - before[attempt[i].peer] >= CLIENT_REDIAL_US);
		before[attempt[i].peer] = attempt[i].time_us;
	}
	free(attempt);
}

static void the_anchor_calls_once_on_its_day(void **state)
{
	(void)state;
	struct attempt attempt[4];
	struct client_parameters client = nobody();
	client.last_call_day = 25;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		assert_int_equal(attempts_of(&client, POLICY_RST, seed, 3650, attempt), 1);
		assert_true(attempt[0].time_us > 24 * DAY_US && attempt[0].time_us < 25 * DAY_US);
	}
}

static void keepers_call_once_per_interval(void **state)
{
	(void)state;
	struct attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = nobody();
	client.keeper_peers = 10;
	client.keeper_interval_days = 30;
	client.keeper_interval_jitter = 0.2;
	size_t attempts = attempts_of(&client, POLICY_DROP, 5, 3000, attempt);
	assert_in_range(attempts, 1000 - 20, 1000 + 20);
	free(attempt);
}

/* Hours that are as frequent as 1 + a cos(x - peak) have a first harmonic of a / 2 along the peak
 * and none across. */
static void starts_follow_the_daily_wave_of_the_peers_zone(void **state)
{
	(void)state;
	struct attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = nobody();
	client.returning_peers = 2000;
	client.returning_starts = 8;
	client.returning_away_hours = 100;
	client.returning_forget_days = 10000;
	client.returning_wave = 0.7;
	client.zone_hours = 9;
	size_t attempts = attempts_of(&client, POLICY_DROP, 5, 10000, attempt);
	double along = 0, across = 0;
	for (size_t i = 0; i < attempts; i++) {
		/* Retirement at midnight UTC is 09:00 in this zone, twelve hours off the peak. */
		double angle = 2 * acos(-1) * (double)attempt[i].time_us / (double)DAY_US;
		along -= cos(angle);
		across += sin(angle);
	}
	along /= (double)attempts;
	across /= (double)attempts;
	/* 16,000 starts: standard error 0.006. */
	assert_int_equal(attempts, 16000);
	assert_true(fabs(along - 0.35) < 0.03);
	assert_true(fabs(across) < 0.03);
	free(attempt);
}

/* The published clients, out of frames alone. */

struct call_record {
	uint32_t bucket[180 * 288];	/* SYNs to the port */
	double first_syn[ATTEMPTS_MAX]; /* of each attempt, in hours */
	size_t attempts;
	double last_syn; /* hours */
};

/* Runs 180 days and reads everything back from the bytes of the frames. Background is kept low:
 * it has a random stream of its own. */
static void observe(const char *name, uint64_t seed, struct call_record *record)
{
	struct failure failure = {0};
	struct simulated_traffic traffic;
	struct client_parameters client = *client_parameters_published(name);
	struct simulation simulation = {&client, POLICY_DROP, RETIRED, 180 * 86400, seed};
	client.background_syn = 0.1;
	client.background_udp = 0;
	client.background_backscatter = 0;
	memset(record, 0, sizeof *record);
	assert_int_equal(simulated_traffic_begin(&traffic, &simulation, &failure), 0);
	struct packet packet;
	uint8_t frame[FRAME_SIZE_MAX];
	enum { IDENTITY = 10, RECENT = 64 };
	uint8_t recent[RECENT][IDENTITY] = {{0}};
	while (simulated_traffic_next(&traffic, &packet)) {
		packet_frame(&packet, frame);
		int port = frame[36] << 8 | frame[37];
		if (frame[23] != 6 || port != client.port || (frame[47] & 0x12) != 2)
			continue;
		record->last_syn = (double)packet.time_us / (double)HOUR_US;
		record->bucket[packet.time_us / 300000000]++;
		uint8_t identity[IDENTITY];
		memcpy(identity, frame + 26, 4);     /* source */
		memcpy(identity + 4, frame + 34, 2); /* source port */
		memcpy(identity + 6, frame + 38, 4); /* sequence number */
		int known = 0;
		for (int i = 0; i < RECENT && !known; i++)
			known = memcmp(recent[i], identity, IDENTITY) == 0;
		if (known)
			continue;
		memcpy(recent[record->attempts % RECENT], identity, IDENTITY);
		assert_true(record->attempts < ATTEMPTS_MAX);
		record->first_syn[record->attempts++] = record->last_syn;
	}
	simulated_traffic_free(&traffic);
}

static double syn_between(const struct call_record *record, double from_hours, double to_hours)
{
	double sum = 0;
	for (int i = (int)(from_hours * 12); i < (int)(to_hours * 12); i++)
		sum += record->bucket[i];
	return sum;
}

static double active_mean(const struct call_record *record, double from_hours, double to_hours)
{
	int active = 0;
	for (int i = (int)(from_hours * 12); i < (int)(to_hours * 12); i++)
		active += record->bucket[i] > 0;
	return active ? syn_between(record, from_hours, to_hours) / active : 0;
}

/* Where one step down describes the hours up to `hours` best: the split that maximises the Poisson
 * likelihood of two constant rates. */
static int plateau_hours(const struct call_record *record, int hours)
{
	int best = 0;
	double best_likelihood = -INFINITY;
	for (int split = 1; split < hours; split++) {
		double before = syn_between(record, 0, split);
		double after = syn_between(record, split, hours);
		double likelihood = before > 0 ? before * log(before / split) : 0;
		likelihood += after > 0 ? after * log(after / (hours - split)) : 0;
		if (likelihood > best_likelihood) {
			best_likelihood = likelihood;
			best = split;
		}
	}
	return best;
}

static double last_attempt_before(const struct call_record *record, double hours)
{
	double last = -1;
	for (size_t i = 0; i < record->attempts && record->first_syn[i] < hours; i++)
		last = record->first_syn[i];
	return last;
}

static int attempts_between(const struct call_record *record, double from_hours, double to_hours)
{
	int count = 0;
	for (size_t i = 0; i < record->attempts; i++)
		count += record->first_syn[i] >= from_hours && record->first_syn[i] < to_hours;
	return count;
}

#define SEEDS 12

static void skype_calls_for_twelve_hours_and_once_on_day_5(void **state)
{
	(void)state;
	struct call_record *record = calloc(1, sizeof *record);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		observe("skype", seed, record);
		double per_bucket = syn_between(record, 0, 12) / 144;
		assert_in_range(plateau_hours(record, 96), 11, 13);
		assert_true(per_bucket >= 3.5 && per_bucket <= 4.5);
		assert_true(last_attempt_before(record, 72) < 13);
		assert_int_equal(attempts_between(record, 13, 4320), 1);
		assert_true(record->last_syn >= 96 && record->last_syn < 120);
		assert_in_range((int)syn_between(record, 13, 4320), 1, 3);
	}
	free(record);
}

static void winny_calls_for_nine_hours_two_weeks_and_on_day_25(void **state)
{
	(void)state;
	struct call_record *record = calloc(1, sizeof *record);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		observe("winny", seed, record);
		double per_bucket = syn_between(record, 0, 9) / 108;
		double active = active_mean(record, 10, 20 * 24);
		double intermittent_days = last_attempt_before(record, 20 * 24) / 24;
		assert_int_equal(plateau_hours(record, 96), 9);
		assert_true(per_bucket >= 18 && per_bucket <= 22);
		assert_true(active >= 2.5 && active <= 3.5);
		assert_true(intermittent_days >= 12 && intermittent_days <= 16);
		/* Thinning out, to the end of the two weeks. */
		int first_days = attempts_between(record, 10, 5 * 24);
		int last_days = attempts_between(record, 9 * 24, 14 * 24);
		assert_true(2 * first_days > 3 * last_days && last_days >= 10);
		assert_int_equal(attempts_between(record, 20 * 24, 4320), 1);
		assert_true(record->last_syn >= 24 * 24 && record->last_syn <= 24.99 * 24);
	}
	free(record);
}

static void share_calls_for_a_day_and_still_twice_a_month_after_half_a_year(void **state)
{
	(void)state;
	struct call_record *record = calloc(1, sizeof *record);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		observe("share", seed, record);
		double active = active_mean(record, 26, 4320);
		assert_in_range(plateau_hours(record, 96), 22, 26);
		for (int hour = 0; hour < 24; hour++) {
			double per_bucket = syn_between(record, hour, hour + 1) / 12;
			assert_true(per_bucket >= 10 && per_bucket <= 30);
		}
		assert_true(active >= 2.5 && active <= 5);
		/* Falling slowly: fewer calls in each of these spans, of the same length or longer.
		 */
		const double day[] = {2, 9, 23, 51, 107};
		for (int i = 0; i < 3; i++)
			assert_true(attempts_between(record, day[i] * 24, day[i + 1] * 24) >
				    attempts_between(record, day[i + 1] * 24, day[i + 2] * 24));
		assert_in_range(attempts_between(record, 120 * 24, 4320), 2, 8);
	}
	free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(running_peers_use_up_exactly_their_retries),
		cmocka_unit_test(a_list_that_forgot_the_node_is_silent),
		cmocka_unit_test(a_returning_peer_fails_at_its_number_of_starts),
		cmocka_unit_test(attempts_of_a_peer_do_not_overlap),
		cmocka_unit_test(the_anchor_calls_once_on_its_day),
		cmocka_unit_test(keepers_call_once_per_interval),
		cmocka_unit_test(starts_follow_the_daily_wave_of_the_peers_zone),
		cmocka_unit_test(skype_calls_for_twelve_hours_and_once_on_day_5),
		cmocka_unit_test(winny_calls_for_nine_hours_two_weeks_and_on_day_25),
		cmocka_unit_test(share_calls_for_a_day_and_still_twice_a_month_after_half_a_year),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
