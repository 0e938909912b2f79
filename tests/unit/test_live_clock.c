/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/live_clock.h"
#include "../../observer/recovery.h"
#include "../../observer/store/rrd_view.h"
#include "../../observer/store_writer.h"

#include "frames.h"
#include "workspace.h"

#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define US    INT64_C(1000000)
#define START INT64_C(1767225600) /* 2026-01-01T00:00:00Z, a multiple of 300 */
#define BOOT  INT64_C(5000)	  /* seconds since the boot at START */
#define HOST  0xc6336407	  /* 198.51.100.7 */
#define DAY   INT64_C(86400)

static struct target target;
static const struct targets targets = {&target, 1};
static struct live_memory live;
static struct observation_memory memory;
static struct observation observation;
static int64_t true_time; /* UTC seconds: what a right clock shows */
static int64_t offset;	  /* seconds that the clock is ahead of it */
static uint32_t sent;

static void must(int result, const struct failure *failure)
{
	if (result != 0)
		fail_msg("%s", failure->text);
}

static void begin(int64_t clock_offset)
{
	struct failure failure = {0};
	struct observation_options options = {
		.memory = &memory, .source_capacity = 100000, .evidence_budget = 1 << 20};
	must(target_parse(&target, "winny=198.51.100.7/7743", &failure), &failure);
	live_memory_begin(&live, ".", getuid(), getgid());
	must(observation_memory_plan(&live, "eth0", &targets, 1000, &failure), &failure);
	must(live_memory_prepare(&live, &failure), &failure);
	observation_memory_take(&memory, &live, 1000);
	must(observation_open(&observation, ".", &targets, &options, &failure), &failure);
	true_time = START;
	offset = clock_offset;
	sent = 0;
}

/* As a worker looks: the clocks, the packets that came since, the time until now. */
static void look(bool link_is_up)
{
	struct failure failure = {0};
	int64_t now_us = (true_time + offset) * US;
	must(live_clock_watch(&observation, now_us, (BOOT + true_time - START) * US, &failure),
	     &failure);
	if (link_is_up)
		must(live_clock_cover(&observation, now_us, &failure), &failure);
	must(observation_pass(&observation, now_us, &failure), &failure);
	must(observation_commit(&observation, &failure), &failure);
}

/* One SYN, with the time that the clock shows. */
static void send_syn(void)
{
	struct failure failure = {0};
	int64_t time_us = (true_time + offset) * US;
	struct octets packet =
		tcp_packet(0xc6120000 + sent % 200, HOST, 40000, 7743, sent, FLAG_SYN);
	sent++;
	enum observation_result result = observation_packet(
		&observation, time_us, LINK_RAW, packet.bytes, (uint32_t)packet.length,
		(uint32_t)packet.length, false, &failure);
	if (result == OBSERVATION_TOO_OLD)
		result = observation_packet(&observation, live_clock_present_us(&observation),
					    LINK_RAW, packet.bytes, (uint32_t)packet.length,
					    (uint32_t)packet.length, false, &failure);
	if (result != OBSERVATION_COUNTED)
		fail_msg("%s", failure.text);
}

/* So many seconds of counting, a SYN in each. */
static void count_for(int64_t seconds)
{
	for (int64_t i = 0; i < seconds; i++) {
		struct failure failure = {0};
		true_time++;
		look(true);
		send_syn();
		if (true_time % 60 == 0)
			must(store_writer_drain(&observation, (BOOT + true_time - START) * US,
						&failure),
			     &failure);
	}
}

static void set_clock(int64_t clock_offset)
{
	offset = clock_offset;
}

struct summary {
	uint64_t syn, seconds;
	int64_t first, last; /* starts of buckets */
	uint32_t flags;
};

/* A SYN was sent each second: where more or fewer are said to be in the seconds that were observed,
 * the bucket has to say that the clock was set. */
static void assert_true_rate(const struct bucket_record *record)
{
	if (record->flags & BUCKET_CLOCK_STEPPED)
		return;
	if (record->syn + 1 < record->observed_seconds ||
	    record->syn > record->observed_seconds + 1)
		fail_msg("bucket START%+" PRId64 ": %" PRIu64 " SYN in %" PRIu32
			 " s, and not one word about the clock",
			 record->start - START, record->syn, record->observed_seconds);
}

/* Ends the run, and sums up what is in the ledger; the RRD has to be equal to it. */
static struct summary end(void)
{
	struct failure failure = {0};
	struct ledger ledger;
	struct rrd_comparison comparison;
	struct summary sum = {.first = INT64_MAX, .last = INT64_MIN};
	must(live_clock_finish(&observation, &failure), &failure);
	must(observation_finish(&observation, &failure), &failure);
	closed_queue_release(&memory.state->queue);
	must(store_writer_drain(&observation, 0, &failure), &failure);
	observation_close(&observation);
	live_memory_end(&live);
	must(ledger_read(&ledger, "winny/ledger", &failure), &failure);
	for (size_t i = 0; i < ledger.records; i++) {
		const struct bucket_record *record = &ledger.record[i];
		sum.syn += record->syn;
		sum.seconds += record->observed_seconds;
		sum.flags |= record->flags;
		sum.first = record->start < sum.first ? record->start : sum.first;
		sum.last = record->start > sum.last ? record->start : sum.last;
		assert_true_rate(record);
	}
	must(rrd_view_verify("winny/counts.rrd", &ledger, &comparison, &failure), &failure);
	assert_int_equal(comparison.differing + comparison.invented, 0);
	ledger_free(&ledger);
	return sum;
}

static void assert_all_counted(const struct summary *sum)
{
	assert_int_equal(sum->syn, sent);
	assert_in_range(sum->first, START, true_time);
	assert_in_range(sum->last, START, true_time);
}

static void a_clock_that_is_left_alone_covers_every_second(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(1000);
	struct summary sum = end();
	assert_all_counted(&sum);
	assert_int_equal(sum.seconds, 1000);
	assert_false(sum.flags & BUCKET_CLOCK_STEPPED);
}

/* Packets in a day's evidence: records of 16 bytes and a SYN of 40. */
static uint64_t kept_in(const char *name)
{
	char path[64];
	struct stat status;
	snprintf(path, sizeof path, "winny/evidence/%s", name);
	return stat(path, &status) == 0 ? ((uint64_t)status.st_size - 24) / 56 : 0;
}

static size_t files_in(const char *directory)
{
	size_t files = 0;
	DIR *open = opendir(directory);
	assert_non_null(open);
	for (struct dirent *entry = readdir(open); entry; entry = readdir(open))
		files += entry->d_name[0] != '.';
	closedir(open);
	return files;
}

static void no_day_that_never_was_has_evidence_or_a_census(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(100);
	set_clock(30 * DAY);
	count_for(200);
	set_clock(0);
	count_for(100);
	struct summary sum = end();
	assert_all_counted(&sum);
	assert_int_equal(kept_in("2026-01-01.pcap"), 200);
	assert_int_equal(kept_in("clock-stepped.pcap"), 200);
	assert_int_equal(files_in("winny/evidence"), 2);
	assert_int_equal(access("winny/census/2026-01-01.tsv", F_OK), 0);
	assert_int_equal(files_in("winny/census"), 1);
}

static void evidence_of_a_clock_that_is_set_for_good_goes_on_in_its_days(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(100);
	set_clock(30 * DAY);
	count_for(3700);
	end();
	assert_int_equal(kept_in("2026-01-01.pcap"), 100);
	assert_in_range(kept_in("clock-stepped.pcap"), 3598, 3602);
	assert_int_equal(kept_in("2026-01-31.pcap"), 3700 - kept_in("clock-stepped.pcap"));
	assert_int_equal(files_in("winny/evidence"), 3);
}

static void evidence_of_before_the_clock_was_set_is_of_no_day(void **state)
{
	(void)state;
	begin(-START);
	look(true);
	count_for(50);
	set_clock(0);
	count_for(100);
	end();
	assert_int_equal(kept_in("clock-stepped.pcap"), 50);
	assert_int_equal(kept_in("2026-01-01.pcap"), 100);
	assert_int_equal(files_in("winny/evidence"), 2);
}

/* Steps of any length, for a while shorter than the hold. */
static void a_clock_set_forward_and_back_costs_nothing(void **state)
{
	(void)state;
	static const int64_t steps[] = {301, 3600, 30 * DAY, 3650 * DAY};
	static const int64_t whiles[] = {1, 20, 400, 3000};
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++) {
			char name[16];
			snprintf(name, sizeof name, "%zu-%zu", i, j);
			assert_int_equal(mkdir(name, 0755) | chdir(name), 0);
			begin(0);
			look(true);
			count_for(100);
			set_clock(steps[i]);
			count_for(whiles[j]);
			set_clock(0);
			count_for(100);
			struct summary sum = end();
			assert_all_counted(&sum);
			/* One second may have been seen in part before the step and in part after.
			 */
			assert_in_range(sum.seconds, 200 + whiles[j], 201 + whiles[j]);
			assert_true(sum.flags & BUCKET_CLOCK_STEPPED);
			assert_int_equal(chdir(".."), 0);
		}
}

static void a_clock_set_forward_for_good_skips_what_it_skipped(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(100);
	set_clock(7200);
	count_for(4000); /* longer than it is held */
	struct summary sum = end();
	assert_int_equal(sum.syn, sent);
	assert_int_equal(sum.first, START);
	assert_int_equal(sum.last, (START + 4100 + 7200) / 300 * 300);
	/* The second of the step is the first of the new time, or was never seen. */
	assert_in_range(sum.seconds, 4098, 4100);
}

static void a_short_step_forward_within_a_bucket_is_not_held(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(10);
	set_clock(60);
	count_for(10);
	assert_int_equal(observation.time->hold_until_us, 0);
	struct summary sum = end();
	assert_int_equal(sum.syn, 20);
	assert_in_range(sum.seconds, 19, 20);
	assert_true(sum.flags & BUCKET_CLOCK_STEPPED);
}

static void a_clock_set_back_counts_in_the_open_bucket_until_it_has_caught_up(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(700);
	set_clock(-400);
	count_for(400); /* it shows 700 again */
	count_for(190);
	struct summary sum = end();
	assert_int_equal(sum.syn, sent);
	assert_int_equal(sum.last, START + 600);
	assert_in_range(sum.seconds, 889, 891); /* none of them twice */
	assert_true(sum.flags & BUCKET_CLOCK_STEPPED);
}

/* A packet whose time lies in the bucket before would give that one two minutes' worth in one. */
static void a_clock_set_back_over_the_end_of_a_bucket_counts_nothing_in_the_one_before(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(605);
	set_clock(-60);
	count_for(300);
	struct summary sum = end();
	assert_int_equal(sum.syn, sent);
	assert_int_equal(sum.last, START + 600);
	assert_in_range(sum.seconds, 844, 846);
}

static void a_leap_seconds_repeat_is_no_step(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(100);
	set_clock(-1);
	count_for(100);
	struct summary sum = end();
	assert_all_counted(&sum);
	assert_int_equal(sum.seconds, 199);
	assert_false(sum.flags & BUCKET_CLOCK_STEPPED);
}

static void before_the_clock_is_set_nothing_is_written_and_then_all_of_it_is(void **state)
{
	(void)state;
	begin(-START); /* it shows 1970 */
	look(true);
	count_for(1000);
	assert_true(live_clock_is_unset(&observation));
	struct failure failure = {0};
	must(store_writer_drain(&observation, INT64_MAX - 1, &failure), &failure);
	assert_int_equal(observation.target[0].store.last_appended, TIME_UNKNOWN);
	set_clock(0);
	count_for(100);
	struct summary sum = end();
	assert_all_counted(&sum);
	assert_in_range(sum.seconds, 99, 101); /* when the rest was, nobody knows */
	assert_true(sum.flags & BUCKET_CLOCK_STEPPED);
}

static void a_clock_that_falls_to_1970_and_is_set_right_costs_no_packet(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(100);
	set_clock(-START);
	count_for(50);
	set_clock(0);
	count_for(100);
	struct summary sum = end();
	assert_all_counted(&sum);
	assert_in_range(sum.seconds, 199, 201);
	assert_true(sum.flags & BUCKET_CLOCK_STEPPED);
}

static void a_step_back_after_the_hold_claims_no_seconds_that_went_to_another_time(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(100);
	set_clock(30 * DAY);
	count_for(4000);
	set_clock(0);
	count_for(100);
	struct summary sum = end();
	assert_int_equal(sum.syn, sent);
	/* 400 of the wrong time are in the open bucket still and are moved, their seconds not. */
	assert_in_range(sum.seconds, 100 + 3700, 4200);
	assert_int_equal(sum.first, START);
}

static void the_end_of_a_run_leaves_no_record_of_the_future(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(100);
	set_clock(3600);
	count_for(10);
	set_clock(-3600); /* before the run: it stands still */
	count_for(10);
	struct summary sum = end();
	assert_int_equal(sum.syn, sent);
	assert_in_range(sum.last, START - 3600, START + 300);
}

static void a_pause_of_the_link_is_not_covered_over_a_step(void **state)
{
	(void)state;
	begin(0);
	look(true);
	count_for(100);
	set_clock(3600);
	count_for(10);
	live_clock_pause(&observation);
	for (int i = 0; i < 50; i++) {
		true_time++;
		look(false);
	}
	set_clock(0);
	count_for(100);
	struct summary sum = end();
	assert_all_counted(&sum);
	assert_in_range(sum.seconds, 199, 211);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_clock_that_is_left_alone_covers_every_second),
		in_workspace(no_day_that_never_was_has_evidence_or_a_census),
		in_workspace(evidence_of_a_clock_that_is_set_for_good_goes_on_in_its_days),
		in_workspace(evidence_of_before_the_clock_was_set_is_of_no_day),
		in_workspace(a_clock_set_forward_and_back_costs_nothing),
		in_workspace(a_clock_set_forward_for_good_skips_what_it_skipped),
		in_workspace(a_short_step_forward_within_a_bucket_is_not_held),
		in_workspace(a_clock_set_back_counts_in_the_open_bucket_until_it_has_caught_up),
		in_workspace(
			a_clock_set_back_over_the_end_of_a_bucket_counts_nothing_in_the_one_before),
		in_workspace(a_leap_seconds_repeat_is_no_step),
		in_workspace(before_the_clock_is_set_nothing_is_written_and_then_all_of_it_is),
		in_workspace(a_clock_that_falls_to_1970_and_is_set_right_costs_no_packet),
		in_workspace(
			a_step_back_after_the_hold_claims_no_seconds_that_went_to_another_time),
		in_workspace(the_end_of_a_run_leaves_no_record_of_the_future),
		in_workspace(a_pause_of_the_link_is_not_covered_over_a_step),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
