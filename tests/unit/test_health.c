/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/health.h"
#include "../../observer/live_memory.h"

#include "workspace.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-11-23T12:00:00Z, a bucket boundary. */
#define NOON 1795435200
#define DAY  86400

/* `records` whole buckets, the last of which ends at `end`. */
static struct ledger whole_buckets(size_t records, int64_t end)
{
	struct ledger ledger = {.records = records, .lines = records};
	ledger.record = calloc(records ? records : 1, sizeof ledger.record[0]);
	assert_non_null(ledger.record);
	for (size_t i = 0; i < records; i++)
		ledger.record[i] = (struct bucket_record){
			.start = end - (int64_t)(records - i) * 300,
			.observed_seconds = 300,
			.covered_to_us = 300000000,
		};
	return ledger;
}

/* Judged with an RRD that follows. */
static struct target_health judged(const struct ledger *ledger, int64_t at)
{
	struct health_input input = {.ledger = ledger, .rrd_updated = INT64_MAX};
	struct target_health target;
	target_health_judge(&target, &input, at, at);
	return target;
}

static const struct health_reason *reason_of(const struct health *health, enum health_code code)
{
	for (size_t i = 0; i < health->reasons; i++)
		if (health->reason[i].code == code)
			return &health->reason[i];
	return NULL;
}

/* Exactly one reason, of this code, grade and with this in its text. */
static void only_reason(const struct health *health, enum health_code code, enum health_grade grade,
			const char *said)
{
	if (health->reasons != 1 || health->reason[0].code != code)
		fail_msg("%zu reasons, the first: %s", health->reasons, health->reason[0].text);
	assert_int_equal(health->grade, grade);
	assert_int_equal(health->reason[0].grade, grade);
	if (!strstr(health->reason[0].text, said))
		fail_msg("%s", health->reason[0].text);
}

static void a_day_that_was_all_observed_is_healthy(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(3 * 288, NOON);
	ledger.record[500].syn = 7;
	struct target_health target = judged(&ledger, NOON + 100);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	assert_int_equal(target.health.reasons, 0);
	assert_int_equal(target.first_observed, NOON - 3 * DAY);
	assert_int_equal(target.last_observed, NOON);
	assert_int_equal(target.last_syn, ledger.record[500].start);
	assert_int_equal(target.window_from, NOON - DAY);
	assert_int_equal(target.window_until, NOON);
	assert_int_equal(target.window_covered, DAY);
	assert_int_equal(target.all.buckets, 3 * 288);
	assert_int_equal(target.all.syn, 7);
	assert_int_equal(target.day.syn, 0);
	ledger_free(&ledger);
}

static void it_is_down_after_fifteen_minutes_and_not_before(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(576, NOON);
	assert_int_equal(judged(&ledger, NOON + 900).health.grade, HEALTH_HEALTHY);
	struct target_health target = judged(&ledger, NOON + 901);
	only_reason(&target.health, HEALTH_SILENT, HEALTH_DOWN, "2026-11-23T12:00:00Z");
	ledger_free(&ledger);
}

static void the_last_bucket_counts_until_its_last_covered_instant(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(576, NOON);
	/* A run that ended 100 s into its last bucket. */
	ledger.record[575].covered_to_us = 99500000;
	ledger.record[575].observed_seconds = 100;
	struct target_health target = judged(&ledger, NOON + 600);
	assert_int_equal(target.last_observed, NOON - 200);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	assert_int_equal(judged(&ledger, NOON + 701).health.grade, HEALTH_DOWN);
	ledger_free(&ledger);
}

static void coverage_below_95_percent_degrades(void **state)
{
	(void)state;
	/* 86,400 s less 14 buckets is 95.14 %, less 15 94.79 %. */
	struct ledger ledger = whole_buckets(576, NOON);
	memmove(&ledger.record[300], &ledger.record[314], (576 - 314) * sizeof ledger.record[0]);
	ledger.records -= 14;
	struct target_health target = judged(&ledger, NOON + 40);
	assert_int_equal(target.window_covered, DAY - 14 * 300);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	memmove(&ledger.record[300], &ledger.record[301],
		(ledger.records - 301) * sizeof ledger.record[0]);
	ledger.records--;
	target = judged(&ledger, NOON + 40);
	only_reason(&target.health, HEALTH_LOW_COVERAGE, HEALTH_DEGRADED, "94.7 %");
	assert_true(fabs(target_health_coverage(&target) - 0.94791666) < 1e-6);
	ledger_free(&ledger);
}

static void a_young_record_is_measured_from_its_own_beginning(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(3, NOON);
	ledger.record[0].covered_from_us = 200000000;
	ledger.record[0].observed_seconds = 100;
	/* The bucket that begins at noon is open: it is not missing. */
	struct target_health target = judged(&ledger, NOON + 329);
	assert_int_equal(target.window_from, NOON - 700);
	assert_int_equal(target.window_until, NOON);
	assert_int_equal(target.window_covered, 700);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	/* From 30 s after its end on it is. */
	target = judged(&ledger, NOON + 330);
	assert_int_equal(target.window_until, NOON + 300);
	assert_int_equal(target.window_covered, 700);
	only_reason(&target.health, HEALTH_LOW_COVERAGE, HEALTH_DEGRADED, "70.0 %");
	ledger_free(&ledger);
}

static void before_its_first_bucket_is_due_coverage_is_unknown_and_no_reason(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(1, NOON);
	ledger.record[0].covered_to_us = 20000000;
	ledger.record[0].observed_seconds = 20;
	struct target_health target = judged(&ledger, NOON - 200);
	assert_true(isnan(target_health_coverage(&target)));
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	assert_int_equal(target.last_observed, NOON - 280);
	ledger_free(&ledger);
}

static void an_open_bucket_fills_no_gap(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(577, NOON + 300);
	ledger.record[576].covered_to_us = 60000000;
	ledger.record[576].observed_seconds = 60;
	memmove(&ledger.record[400], &ledger.record[401], 176 * sizeof ledger.record[0]);
	ledger.records--;
	struct target_health target = judged(&ledger, NOON + 70);
	assert_int_equal(target.window_until, NOON);
	assert_int_equal(target.window_covered, DAY - 300);
	assert_int_equal(target.last_observed, NOON + 60);
	ledger_free(&ledger);
}

static void drops_and_full_tables_degrade_for_a_day(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(700, NOON);
	ledger.record[699].kernel_drops = 3;
	ledger.record[650].kernel_drops = 4;
	struct target_health target = judged(&ledger, NOON);
	only_reason(&target.health, HEALTH_KERNEL_DROPS, HEALTH_DEGRADED, "dropped 7 packets");
	assert_int_equal(target.day.kernel_drops, 7);
	ledger.record[699].kernel_drops = ledger.record[650].kernel_drops = 0;
	ledger.record[690].flags = BUCKET_ATTEMPTS_UPPER;
	ledger.record[691].flags = BUCKET_NEW_SOURCES_LOWER;
	/* What is exact within its own definition is no fault. */
	ledger.record[692].flags = BUCKET_SOURCES_ESTIMATED | BUCKET_FIRST | BUCKET_MERGED;
	target = judged(&ledger, NOON);
	only_reason(&target.health, HEALTH_TABLE_FULL, HEALTH_DEGRADED, "2 buckets");
	ledger.record[690].flags = ledger.record[691].flags = 0;
	/* The bucket that ends as the day begins is no part of it. */
	ledger.record[700 - 289].kernel_drops = 5;
	ledger.record[700 - 289].flags = BUCKET_ATTEMPTS_UPPER;
	target = judged(&ledger, NOON);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	assert_int_equal(target.all.kernel_drops, 5);
	ledger.record[700 - 288].kernel_drops = 6;
	target = judged(&ledger, NOON);
	only_reason(&target.health, HEALTH_KERNEL_DROPS, HEALTH_DEGRADED, "dropped 6 packets");
	ledger_free(&ledger);
}

static void damage_and_a_torn_line_degrade_with_their_mend(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(288, NOON);
	ledger.damaged_lines = 2;
	ledger.first_damaged = 44;
	struct target_health target = judged(&ledger, NOON);
	only_reason(&target.health, HEALTH_DAMAGED, HEALTH_DEGRADED, "line 44: 2 damaged lines");
	ledger.damaged_lines = 0;
	ledger.torn_bytes = 17;
	target = judged(&ledger, NOON);
	only_reason(&target.health, HEALTH_TORN, HEALTH_DEGRADED, "17 bytes");
	assert_int_equal(target.torn_bytes, 17);
	ledger_free(&ledger);
}

static void an_rrd_behind_the_ledger_degrades_once_it_had_the_time(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(288, NOON);
	struct health_input input = {.ledger = &ledger, .rrd_updated = NOON - 300};
	struct target_health target;
	target_health_judge(&target, &input, NOON + 29, NOON + 29);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	target_health_judge(&target, &input, NOON + 30, NOON + 30);
	only_reason(&target.health, HEALTH_RRD_BEHIND, HEALTH_DEGRADED, "300 s behind");
	assert_int_equal(target.rrd_behind, 300);
	input.rrd_updated = NOON;
	target_health_judge(&target, &input, NOON + 30, NOON + 30);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	assert_true(target.rrd_known);
	input.rrd_updated = TIME_UNKNOWN;
	target_health_judge(&target, &input, NOON + 30, NOON + 30);
	only_reason(&target.health, HEALTH_RRD_BEHIND, HEALTH_DEGRADED, "rebuild");
	assert_false(target.rrd_known);
	ledger_free(&ledger);
}

static void buckets_later_than_the_clock_degrade(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(288, NOON);
	struct health_input input = {.ledger = &ledger, .rrd_updated = INT64_MAX};
	struct target_health target;
	target_health_judge(&target, &input, NOON - 3600, NOON - 3600);
	only_reason(&target.health, HEALTH_FUTURE, HEALTH_DEGRADED, "2026-11-23T11:55:00Z");
	/* A look back is not a clock that is behind. */
	target_health_judge(&target, &input, NOON - 3600, NOON);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	assert_int_equal(target.last_observed, NOON - 3600);
	assert_int_equal(target.all.buckets, 288 - 12);
	ledger_free(&ledger);
}

static void what_was_never_observed_is_down_and_unknown(void **state)
{
	(void)state;
	struct health_input input = {.rrd_updated = TIME_UNKNOWN};
	struct target_health target;
	target_health_judge(&target, &input, NOON, NOON);
	only_reason(&target.health, HEALTH_NO_LEDGER, HEALTH_DOWN, "no ledger");
	assert_true(target.last_observed == TIME_UNKNOWN && target.last_syn == TIME_UNKNOWN);
	assert_true(isnan(target_health_coverage(&target)));
	input.unreadable = "x/ledger: not a ledger";
	target_health_judge(&target, &input, NOON, NOON);
	only_reason(&target.health, HEALTH_UNREADABLE, HEALTH_DOWN, "x/ledger: not a ledger");
	struct ledger empty = whole_buckets(0, NOON);
	target = judged(&empty, NOON);
	only_reason(&target.health, HEALTH_SILENT, HEALTH_DOWN, "no bucket before");
	ledger_free(&empty);
	/* A record that begins after the moment. */
	struct ledger later = whole_buckets(12, NOON);
	input = (struct health_input){.ledger = &later, .rrd_updated = NOON};
	target_health_judge(&target, &input, NOON - DAY, NOON);
	only_reason(&target.health, HEALTH_SILENT, HEALTH_DOWN, "no bucket before");
	ledger_free(&later);
}

static void everything_wrong_at_once_fits(void **state)
{
	(void)state;
	struct ledger ledger = whole_buckets(10, NOON);
	ledger.record[9].kernel_drops = 1;
	ledger.record[9].flags = BUCKET_ATTEMPTS_UPPER;
	ledger.damaged_lines = 1;
	ledger.torn_bytes = 1;
	struct health_input input = {.ledger = &ledger, .rrd_updated = NOON - 3600};
	struct target_health target;
	target_health_judge(&target, &input, NOON + 3600, NOON - 700);
	assert_int_equal(target.health.grade, HEALTH_DOWN);
	static const enum health_code expected[] = {
		HEALTH_SILENT,	HEALTH_LOW_COVERAGE, HEALTH_KERNEL_DROPS, HEALTH_TABLE_FULL,
		HEALTH_DAMAGED, HEALTH_TORN,	     HEALTH_FUTURE,	  HEALTH_RRD_BEHIND,
	};
	assert_int_equal(target.health.reasons, sizeof expected / sizeof expected[0]);
	for (size_t i = 0; i < target.health.reasons; i++) {
		assert_non_null(reason_of(&target.health, expected[i]));
		assert_true(strlen(health_code_name(expected[i])) > 0);
	}
	ledger_free(&ledger);
}

static struct disk_space disk_of(uint64_t free_bytes, uint64_t size_bytes)
{
	return (struct disk_space){
		.known = true, .free_bytes = free_bytes, .size_bytes = size_bytes};
}

static void a_directory_is_as_its_worst_target_and_its_disk(void **state)
{
	(void)state;
	struct target_health target[3] = {{.health.grade = HEALTH_HEALTHY}};
	struct disk_space roomy = disk_of(50000000000, 100000000000);
	struct health health;
	state_health_judge(&health, target, 3, NULL, 0, &roomy, 0);
	assert_int_equal(health.grade, HEALTH_HEALTHY);
	target[1].health.grade = HEALTH_DEGRADED;
	state_health_judge(&health, target, 3, NULL, 0, &roomy, 0);
	assert_int_equal(health.grade, HEALTH_DEGRADED);
	target[2].health.grade = HEALTH_DOWN;
	state_health_judge(&health, target, 3, NULL, 0, &roomy, 0);
	assert_int_equal(health.grade, HEALTH_DOWN);
	assert_int_equal(health.reasons, 0);
	state_health_judge(&health, target, 0, NULL, 0, &roomy, 0);
	only_reason(&health, HEALTH_NO_TARGETS, HEALTH_DOWN, "no targets");
	/* 5 % and 100 MB are still enough; unknown is no reason. */
	struct disk_space edge = disk_of(5000000000, 100000000000);
	state_health_judge(&health, target, 1, NULL, 0, &edge, 0);
	assert_int_equal(health.grade, HEALTH_HEALTHY);
	edge = disk_of(100000000, 200000000);
	state_health_judge(&health, target, 1, NULL, 0, &edge, 0);
	assert_int_equal(health.grade, HEALTH_HEALTHY);
	struct disk_space unknown = {0};
	state_health_judge(&health, target, 1, NULL, 0, &unknown, 0);
	assert_int_equal(health.grade, HEALTH_HEALTHY);
	struct disk_space share = disk_of(4999999999, 100000000000);
	state_health_judge(&health, target, 1, NULL, 0, &share, 0);
	only_reason(&health, HEALTH_DISK_FULL, HEALTH_DEGRADED, "5.0 GB (5.0 %)");
	struct disk_space bytes = disk_of(99999999, 200000000);
	state_health_judge(&health, target, 1, NULL, 0, &bytes, 0);
	only_reason(&health, HEALTH_DISK_FULL, HEALTH_DEGRADED, "100.0 MB (50.0 %)");
}

static void the_disk_of_a_path_is_known_and_of_no_path_is_not(void **state)
{
	(void)state;
	struct disk_space disk = disk_space_of("/");
	assert_true(disk.known && disk.size_bytes > 0 && disk.free_bytes <= disk.size_bytes);
	disk = disk_space_of("/no/such/directory");
	assert_false(disk.known);
	assert_true(isnan(disk_space_free_share(&disk)));
}

static void bytes_are_told_in_decimal_units(void **state)
{
	(void)state;
	char text[BYTES_TEXT_SIZE];
	assert_string_equal(bytes_text(0, text), "0 B");
	assert_string_equal(bytes_text(999, text), "999 B");
	assert_string_equal(bytes_text(1000, text), "1.0 kB");
	assert_string_equal(bytes_text(999960, text), "1.0 MB");
	assert_string_equal(bytes_text(75300000000, text), "75.3 GB");
	assert_string_equal(bytes_text(UINT64_MAX, text), "18.4 EB");
}

static void what_the_agents_at_work_cannot_do_degrades_and_is_said(void **state)
{
	(void)state;
	struct target_health target = {.health.grade = HEALTH_HEALTHY};
	struct disk_space roomy = disk_of(50000000000, 100000000000);
	static struct agent agent[2];
	struct health health;
	for (size_t i = 0; i < 2; i++) {
		agent[i] = (struct agent){.interface = "eth0"};
		agent[i].progress.looked_us = NOON * INT64_C(1000000);
		agent[i].progress.link_is_up = agent[i].progress.in_files = 1;
	}
	state_health_judge(&health, &target, 1, agent, 2, &roomy, NOON);
	assert_int_equal(health.grade, HEALTH_HEALTHY);
	agent[1].progress.link_is_up = 0;
	snprintf(agent[1].interface, sizeof agent[1].interface, "ppp0");
	state_health_judge(&health, &target, 1, agent, 2, &roomy, NOON + AGENT_ALIVE_SECONDS);
	only_reason(&health, HEALTH_LINK_DOWN, HEALTH_DEGRADED, "interface ppp0");
	/* Of one that is not at work any more, the link says nothing. */
	state_health_judge(&health, &target, 1, agent, 2, &roomy, NOON + AGENT_ALIVE_SECONDS + 1);
	assert_int_equal(health.grade, HEALTH_HEALTHY);
	agent[1].progress.link_is_up = 1;
	agent[0].progress.in_files = 0;
	state_health_judge(&health, &target, 1, agent, 2, &roomy, NOON);
	only_reason(&health, HEALTH_ONLY_IN_MEMORY, HEALTH_DEGRADED, "on eth0 is in memory only");
	agent[0].progress.in_files = 1;
	agent[0].progress.store_failed_us = (NOON - 600) * INT64_C(1000000);
	agent[0].progress.waiting = 200;
	snprintf(agent[0].progress.store_failure, sizeof agent[0].progress.store_failure,
		 "./a/ledger: cannot write: No space left on device");
	/* Buckets that wait are told of whether or not somebody is at work. */
	state_health_judge(&health, &target, 1, agent, 2, &roomy, NOON + 86400);
	only_reason(&health, HEALTH_STORE_FAILING, HEALTH_DEGRADED,
		    "200 closed buckets wait to be written (./a/ledger: cannot write: No space");
}

static void a_target_that_an_agent_is_at_work_on_is_not_down(void **state)
{
	(void)state;
	struct target_health target;
	struct health_input input = {.rrd_updated = TIME_UNKNOWN};
	target_health_judge(&target, &input, NOON, NOON);
	assert_int_equal(target.health.grade, HEALTH_DOWN);
	input.looked = NOON - 1;
	target_health_judge(&target, &input, NOON, NOON);
	assert_int_equal(target.health.grade, HEALTH_HEALTHY);
	/* Its last bucket is old: those since wait for a disk. */
	struct ledger ledger = whole_buckets(10, NOON - 7200);
	input.ledger = &ledger;
	input.rrd_updated = NOON - 7200;
	target_health_judge(&target, &input, NOON, NOON);
	assert_null(reason_of(&target.health, HEALTH_SILENT));
	input.looked = 0;
	target_health_judge(&target, &input, NOON, NOON);
	assert_non_null(reason_of(&target.health, HEALTH_SILENT));
	ledger_free(&ledger);
}

static void agents_are_found_by_their_files(void **state)
{
	(void)state;
	static struct agent agent[AGENTS_MAX];
	static struct live_state left;
	struct live_memory memory;
	struct failure failure = {0};
	assert_int_equal(agent_reading_take(agent, "absent"), 0);
	left.begun = 1;
	left.targets = 2;
	left.progress.looked_us = NOON * INT64_C(1000000);
	snprintf(left.target[1], sizeof left.target[1], "winny");
	for (int i = 0; i < 2; i++) {
		live_memory_begin(&memory, ".", getuid(), getgid());
		assert_int_equal(live_memory_add(&memory,
						 i ? "open.eth0.state" : "open.ppp 0.1.state",
						 sizeof left, &failure),
				 0);
		assert_int_equal(live_memory_prepare(&memory, &failure), 0);
		memcpy(memory.region[0].content, &left, sizeof left);
		live_memory_end(&memory);
	}
	write_text("open.damaged.state", "something else");
	write_text("open..state", "");
	write_text("reopen.eth1.state", "");
	assert_int_equal(agent_reading_take(agent, "."), 2);
	assert_string_equal(agent[0].interface, "eth0");
	assert_string_equal(agent[1].interface, "ppp 0.1");
	assert_int_equal(agent_looked_for(agent, 2, "winny", NOON), NOON);
	assert_int_equal(agent_looked_for(agent, 2, "share", NOON), 0);
	assert_int_equal(agent_looked_for(agent, 2, "winny", NOON + 3600), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_that_was_all_observed_is_healthy),
		cmocka_unit_test(it_is_down_after_fifteen_minutes_and_not_before),
		cmocka_unit_test(the_last_bucket_counts_until_its_last_covered_instant),
		cmocka_unit_test(coverage_below_95_percent_degrades),
		cmocka_unit_test(a_young_record_is_measured_from_its_own_beginning),
		cmocka_unit_test(before_its_first_bucket_is_due_coverage_is_unknown_and_no_reason),
		cmocka_unit_test(an_open_bucket_fills_no_gap),
		cmocka_unit_test(drops_and_full_tables_degrade_for_a_day),
		cmocka_unit_test(damage_and_a_torn_line_degrade_with_their_mend),
		cmocka_unit_test(an_rrd_behind_the_ledger_degrades_once_it_had_the_time),
		cmocka_unit_test(buckets_later_than_the_clock_degrade),
		cmocka_unit_test(what_was_never_observed_is_down_and_unknown),
		cmocka_unit_test(everything_wrong_at_once_fits),
		cmocka_unit_test(a_directory_is_as_its_worst_target_and_its_disk),
		cmocka_unit_test(what_the_agents_at_work_cannot_do_degrades_and_is_said),
		cmocka_unit_test(a_target_that_an_agent_is_at_work_on_is_not_down),
		in_workspace(agents_are_found_by_their_files),
		cmocka_unit_test(the_disk_of_a_path_is_known_and_of_no_path_is_not),
		cmocka_unit_test(bytes_are_told_in_decimal_units),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
