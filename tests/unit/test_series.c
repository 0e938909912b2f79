/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/series.h"
#include "../../observer/store/ledger_writer.h"
#include "../../observer/store/targets.h"
#include "../../observer/target.h"

#include <math.h>
#include <rrd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define T0 INT64_C(1203465600)

static char directory[64];

static int enter_directory(void **state)
{
	(void)state;
	snprintf(directory, sizeof directory, "/tmp/test_series.XXXXXX");
	return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int leave_directory(void **state)
{
	(void)state;
	static const char *const left[] = {"a.csv", "a.rrd", "state/winny.1/ledger",
					   "state/targets"};
	for (size_t i = 0; i < sizeof left / sizeof *left; i++)
		unlink(left[i]);
	rmdir("state/winny.1");
	rmdir("state");
	return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;
}

static void write_text(const char *path, const char *text)
{
	FILE *stream = fopen(path, "w");
	assert_non_null(stream);
	fputs(text, stream);
	fclose(stream);
}

static int load(struct series *series, const char *path, bool attempts, struct failure *failure)
{
	struct series_options options = {.retired = TIME_UNKNOWN, .count_attempts = attempts};
	*failure = (struct failure){.status = EXIT_DONE};
	return series_load(series, path, &options, failure);
}

static void check_refused(const char *text, const char *reason)
{
	struct series series;
	struct failure failure;
	write_text("a.csv", text);
	assert_int_equal(load(&series, "a.csv", false, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	if (!strstr(failure.text, reason))
		fail_msg("'%s' does not say '%s'", failure.text, reason);
	assert_non_null(strstr(failure.text, "a.csv"));
}

#define HEADER "bucket_start_unix,syn,observed_seconds\n"

static void csv_rows_are_read_and_unobserved_ones_left_out(void **state)
{
	(void)state;
	struct series series;
	struct failure failure;
	write_text("a.csv", HEADER "1203465600,5,300\n1203465900,0,0\r\n\n1203466200,2,120\r\n");
	assert_int_equal(load(&series, "a.csv", false, &failure), 0);
	assert_int_equal(series.rows, 2);
	assert_int_equal(series.row[0].syn, 5);
	assert_int_equal(series.row[1].start, T0 + 600);
	assert_int_equal(series.row[1].observed_seconds, 120);
	assert_int_equal(series.revised_unknown, 1);
	assert_string_equal(series.name, "a");
	assert_true(series.retired == T0 && series.retired_assumed && series.first == 0);
	assert_false(series.has_other);
	series_free(&series);
}

static void csv_columns_are_found_by_name(void **state)
{
	(void)state;
	struct series series;
	struct failure failure;
	write_text("a.csv",
		   "flags,observed_seconds,attempts,bucket_start_unix,other_syn,syn,sources\n"
		   "-,300,2,1203465600,9,6,1\n");
	assert_int_equal(load(&series, "a.csv", true, &failure), 0);
	assert_int_equal(series.row[0].count, 2);
	assert_int_equal(series.row[0].syn, 6);
	assert_int_equal(series.row[0].other_syn, 9);
	assert_int_equal(series.row[0].sources, 1);
	assert_true(series.has_other && series.counts_attempts);
	series_free(&series);
}

/* Counts of an hour in which the clock stood still may be in 200 s of it. */
static void a_csv_row_in_which_the_clock_was_set_takes_no_part(void **state)
{
	(void)state;
	struct series series;
	struct failure failure;
	write_text("a.csv", "bucket_start_unix,syn,observed_seconds,flags\n"
			    "1203465600,5,300,-\n"
			    "1203465900,900,200,clock-stepped merged\n"
			    "1203466200,2,300,first last\n");
	assert_int_equal(load(&series, "a.csv", false, &failure), 0);
	assert_int_equal(series.rows, 2);
	assert_int_equal(series.row[1].start, T0 + 600);
	assert_int_equal(series.stepped, 1);
	assert_int_equal(series.stepped_syn, 900);
	series_free(&series);
}

static void rows_out_of_order_are_sorted(void **state)
{
	(void)state;
	struct series series;
	struct failure failure;
	write_text("a.csv", HEADER "1203466200,2,300\n1203465600,5,300\n");
	assert_int_equal(load(&series, "a.csv", false, &failure), 0);
	assert_int_equal(series.row[0].start, T0);
	series_free(&series);
}

static void retirement_given_splits_the_rows(void **state)
{
	(void)state;
	struct series series;
	struct failure failure = {.status = EXIT_DONE};
	struct series_options options = {.retired = T0 + 450};
	write_text("a.csv", HEADER "1203465600,5,300\n1203465900,5,300\n1203466200,2,300\n");
	assert_int_equal(series_load(&series, "a.csv", &options, &failure), 0);
	assert_int_equal(series.rows, 3);
	assert_int_equal(series.first, 2);
	assert_false(series.retired_assumed);
	series_free(&series);
}

static void csv_mistakes_are_told_with_their_line(void **state)
{
	(void)state;
	check_refused("", "empty");
	check_refused(HEADER, "not one observed bucket");
	check_refused("1203465600,5,300\n", "line 1: no column 'bucket_start_unix'");
	check_refused("bucket_start_unix,syn\n1203465600,5\n", "no column 'observed_seconds'");
	check_refused(HEADER "1203465600,5\n", "line 2: 2 fields");
	check_refused(HEADER "1203465600,5,300\n1203465900,-1,300\n", "line 3: syn is '-1'");
	check_refused(HEADER "1203465600,5,301\n", "observed_seconds is '301'");
	check_refused(HEADER "1203465600,nan,300\n", "syn is 'nan'");
	check_refused(HEADER "1203465600,1e3,300\n", "syn is '1e3'");
	check_refused(HEADER "1203465601,5,300\n", "no multiple of 300");
	check_refused(HEADER "1203465600,5,0\n", "5 SYN in 0 observed seconds");
	check_refused(HEADER "1203465600,5,300\n1203465600,6,300\n", "stands there twice");
	check_refused(HEADER "1203465600,99999999999999999999,300\n", "syn is");
}

static void attempts_that_are_not_there_are_asked_for_in_vain(void **state)
{
	(void)state;
	struct series series;
	struct failure failure;
	write_text("a.csv", HEADER "1203465600,5,300\n");
	assert_int_equal(load(&series, "a.csv", true, &failure), -1);
	assert_non_null(strstr(failure.text, "no column 'attempts'"));
}

/* An empty field is no zero for attempts, and no mistake where SYNs are counted. */
static void attempts_left_empty_are_unknown(void **state)
{
	(void)state;
	struct series series;
	struct failure failure;
	write_text("a.csv", "bucket_start_unix,syn,observed_seconds,attempts\n"
			    "1203465600,6,300,2\n1203465900,3,300,\n1203466200,0,300,0\n");
	assert_int_equal(load(&series, "a.csv", true, &failure), 0);
	assert_int_equal(series.rows, 2);
	assert_int_equal(series.row[0].count, 2);
	assert_int_equal(series.row[1].start, T0 + 600);
	assert_int_equal(series.row[1].count, 0);
	assert_int_equal(series.revised_unknown, 1);
	series_free(&series);
	assert_int_equal(load(&series, "a.csv", false, &failure), 0);
	assert_int_equal(series.rows, 3);
	assert_int_equal(series.row[1].count, 3);
	series_free(&series);
	write_text("a.csv", "bucket_start_unix,syn,observed_seconds,attempts\n1203465600,6,300,\n");
	assert_int_equal(load(&series, "a.csv", true, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "a.csv: not one observed bucket whose attempts are "
					     "known: leave --count attempts out"));
}

static void path_that_is_not_there_is_told(void **state)
{
	(void)state;
	struct series series;
	struct failure failure;
	assert_int_equal(load(&series, "nowhere.csv", false, &failure), -1);
	assert_non_null(strstr(failure.text, "nowhere.csv"));
	assert_int_equal(load(&series, "/", false, &failure), -1);
	assert_non_null(strstr(failure.text, "no ledger"));
}

static void rrd_rows_come_back_with_their_gaps(void **state)
{
	(void)state;
	static const char *const layout[] = {
		"DS:syn:GAUGE:300:0:U",	  "DS:attempts:GAUGE:300:0:U", "DS:sources:GAUGE:300:0:U",
		"DS:udp:GAUGE:300:0:U",	  "DS:othersyn:GAUGE:300:0:U", "DS:covered:GAUGE:300:0:U",
		"RRA:AVERAGE:0.5:1:2000", "RRA:AVERAGE:0.5:12:500",
	};
	struct series series;
	struct failure failure;
	assert_int_equal(rrd_create_r("a.rrd", 300, T0, 8, (const char **)(uintptr_t)layout), 0);
	for (int i = 0; i < 3000; i++) { /* more than the 5-minute rows hold */
		char update[128];
		const char *argument[] = {update};
		bool gap = i >= 2000 && i < 2050;
		if (gap)
			snprintf(update, sizeof update, "%lld:U:U:U:U:U:U",
				 (long long)(T0 + 300 * (i + 1)));
		else
			snprintf(update, sizeof update, "%lld:%d:%d:%d:0:%d:%d",
				 (long long)(T0 + 300 * (i + 1)), 3 * i, i, i % 5, 2 * i,
				 i == 2500 ? 77 : 300);
		rrd_clear_error();
		assert_int_equal(rrd_update_r("a.rrd", NULL, 1, argument), 0);
	}
	assert_int_equal(load(&series, "a.rrd", false, &failure), 0);
	assert_int_equal(series.rows, 2000 - 50);
	assert_int_equal(series.row[0].start, T0 + 300 * 1000);
	assert_int_equal(series.row[0].syn, 3000);
	assert_int_equal(series.row[series.rows - 1].start, T0 + 300 * 2999);
	assert_int_equal(series.row[series.rows - 1].syn, 3 * 2999);
	assert_int_equal(series.row[1000].start, T0 + 300 * 2050);
	assert_int_equal(series.row[1450].observed_seconds, 77);
	assert_int_equal(series.row[1450].other_syn, 5000);
	series_free(&series);
	assert_int_equal(load(&series, "a.rrd", true, &failure), 0);
	assert_int_equal(series.row[0].count, 1000);
	assert_int_equal(series.row[0].syn, 3000);
	series_free(&series);
}

/* A bucket whose SYNs are known and whose attempts are not: no evidence for attempts. */
static void unknown_attempts_are_no_zero(void **state)
{
	(void)state;
	static const char *const layout[] = {"DS:syn:GAUGE:300:0:U", "DS:attempts:GAUGE:300:0:U",
					     "DS:covered:GAUGE:300:0:U", "RRA:AVERAGE:0.5:1:2000"};
	static const char *const without[] = {"DS:syn:GAUGE:300:0:U", "DS:covered:GAUGE:300:0:U",
					      "RRA:AVERAGE:0.5:1:2000"};
	struct series series;
	struct failure failure;
	unlink("a.rrd");
	assert_int_equal(rrd_create_r("a.rrd", 300, T0, 4, (const char **)(uintptr_t)layout), 0);
	for (int i = 0; i < 10; i++) {
		char update[64];
		const char *argument[] = {update};
		snprintf(update, sizeof update, i == 4 ? "%lld:6:U:300" : "%lld:6:2:300",
			 (long long)(T0 + 300 * (i + 1)));
		assert_int_equal(rrd_update_r("a.rrd", NULL, 1, argument), 0);
	}
	assert_int_equal(load(&series, "a.rrd", false, &failure), 0);
	assert_int_equal(series.rows, 10);
	series_free(&series);
	assert_int_equal(load(&series, "a.rrd", true, &failure), 0);
	assert_int_equal(series.rows, 9);
	for (size_t i = 0; i < series.rows; i++)
		assert_int_equal(series.row[i].count, 2);
	series_free(&series);
	unlink("a.rrd");
	assert_int_equal(rrd_create_r("a.rrd", 300, T0, 3, (const char **)(uintptr_t)without), 0);
	const char *argument[] = {"1203465900:6:300"};
	assert_int_equal(rrd_update_r("a.rrd", NULL, 1, argument), 0);
	assert_int_equal(load(&series, "a.rrd", true, &failure), -1);
	assert_non_null(strstr(failure.text, "counts only SYNs; leave --count attempts out"));
}

static void file_that_is_no_rrd_is_refused(void **state)
{
	(void)state;
	struct series series;
	struct failure failure;
	unlink("a.rrd");
	write_text("a.rrd", "no round robin database\n");
	assert_int_equal(load(&series, "a.rrd", false, &failure), -1);
	assert_non_null(strstr(failure.text, "a.rrd"));
}

static void target_directory_brings_its_ledger_and_what_is_known_of_it(void **state)
{
	(void)state;
	struct failure failure = {.status = EXIT_DONE};
	struct ledger_writer writer;
	struct series series;
	struct target target = {.started = TIME_UNKNOWN, .retired = TIME_UNKNOWN};
	assert_int_equal(target_parse(&target,
				      "winny.1=192.0.2.1/7743:retired=2008-02-20T00:10:00Z:"
				      "client=Winny:version=2b71:policy=drop",
				      &failure),
			 0);
	struct targets targets = {.target = &target, .targets = 1};
	assert_int_equal(mkdir("state", 0755), 0);
	assert_int_equal(mkdir("state/winny.1", 0755), 0);
	assert_int_equal(targets_write(&targets, "state", &failure), 0);
	assert_int_equal(ledger_writer_open(&writer, "state/winny.1/ledger", &failure), 0);
	for (int i = 0; i < 10; i++) {
		struct bucket_record record = {.start = T0 + 300 * i,
					       .observed_seconds = 300,
					       .covered_to_us = 300000000,
					       .syn = (uint64_t)(3 * i),
					       .attempts = (uint64_t)i};
		assert_int_equal(ledger_writer_append(&writer, &record, &failure), 0);
	}
	assert_int_equal(ledger_writer_close(&writer, &failure), 0);
	assert_int_equal(load(&series, "state/winny.1/", true, &failure), 0);
	assert_string_equal(series.name, "winny.1");
	assert_string_equal(series.client, "Winny");
	assert_string_equal(series.policy, "drop");
	assert_true(series.retired == T0 + 600 && !series.retired_assumed);
	assert_int_equal(series.first, 2);
	assert_int_equal(series.row[9].count, 9);
	assert_int_equal(series.row[9].syn, 27);
	series_free(&series);
	/* The clock was set in the last bucket, as its next revision says. */
	struct bucket_record again = {.start = T0 + 300 * 9,
				      .revision = 1,
				      .observed_seconds = 300,
				      .covered_to_us = 300000000,
				      .syn = 400,
				      .flags = BUCKET_CLOCK_STEPPED | BUCKET_MERGED};
	assert_int_equal(ledger_writer_open(&writer, "state/winny.1/ledger", &failure), 0);
	assert_int_equal(ledger_writer_append(&writer, &again, &failure), 0);
	assert_int_equal(ledger_writer_close(&writer, &failure), 0);
	assert_int_equal(load(&series, "state/winny.1", false, &failure), 0);
	assert_int_equal(series.rows, 9);
	assert_int_equal(series.stepped, 1);
	assert_int_equal(series.stepped_syn, 400);
	series_free(&series);
	/* A ledger without its list of targets is a series all the same. */
	unlink("state/targets");
	assert_int_equal(load(&series, "state/winny.1", false, &failure), 0);
	assert_true(series.retired == T0 && series.retired_assumed);
	series_free(&series);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_rows_are_read_and_unobserved_ones_left_out),
		cmocka_unit_test(csv_columns_are_found_by_name),
		cmocka_unit_test(a_csv_row_in_which_the_clock_was_set_takes_no_part),
		cmocka_unit_test(rows_out_of_order_are_sorted),
		cmocka_unit_test(retirement_given_splits_the_rows),
		cmocka_unit_test(csv_mistakes_are_told_with_their_line),
		cmocka_unit_test(attempts_that_are_not_there_are_asked_for_in_vain),
		cmocka_unit_test(attempts_left_empty_are_unknown),
		cmocka_unit_test(path_that_is_not_there_is_told),
		cmocka_unit_test(rrd_rows_come_back_with_their_gaps),
		cmocka_unit_test(unknown_attempts_are_no_zero),
		cmocka_unit_test(file_that_is_no_rrd_is_refused),
		cmocka_unit_test(target_directory_brings_its_ledger_and_what_is_known_of_it),
	};
	return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
