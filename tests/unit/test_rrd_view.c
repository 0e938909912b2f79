/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every row is read back through librrd's own fetch, not through the code under test. */
#include "../../observer/store/rrd_view.h"

#include "octets.h"
#include "workspace.h"

#include <math.h>
#include <rrd.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START INT64_C(1203465600)

static struct bucket_record bucket(int64_t number, uint64_t *random)
{
	return (struct bucket_record){
		.start = START + BUCKET_SECONDS * number,
		.observed_seconds = 1 + (uint32_t)(next_number(random) % 300),
		.syn = next_number(random) % 30000000000000,
		.attempts = next_number(random) % 100000,
		.sources = next_number(random) % 1000,
		.udp = next_number(random) % 3,
		.other_syn = next_number(random) % 100000000,
	};
}

/* Buckets with gaps of every length between them, in one piece of memory. */
static struct ledger make_ledger(size_t records, uint64_t seed)
{
	uint64_t random = seed;
	struct ledger ledger = {.record = calloc(records, sizeof ledger.record[0])};
	int64_t number = 0;
	for (size_t i = 0; i < records; i++) {
		ledger.record[ledger.records++] = bucket(number, &random);
		number += next_number(&random) % 10 ? 1 : (int64_t)(2 + next_number(&random) % 40);
	}
	return ledger;
}

/* One 5-minute row as librrd gives it. */
static void fetch(const char *path, int64_t start, double row[RRD_VIEW_SOURCES])
{
	time_t from = start, until = start + BUCKET_SECONDS - 1;
	unsigned long step = BUCKET_SECONDS, sources;
	char **names;
	rrd_value_t *data;
	rrd_clear_error();
	assert_int_equal(
		rrd_fetch_r(path, "AVERAGE", &from, &until, &step, &sources, &names, &data), 0);
	assert_int_equal(step, BUCKET_SECONDS);
	assert_int_equal(sources, RRD_VIEW_SOURCES);
	assert_int_equal(from, start);
	for (unsigned long i = 0; i < sources; i++) {
		row[i] = data[i];
		assert_string_equal(names[i], rrd_view_source_name[i]);
		rrd_freemem(names[i]);
	}
	rrd_freemem(names);
	rrd_freemem(data);
}

static void assert_rows(const char *path, const struct ledger *ledger)
{
	size_t next = 0;
	int64_t end = ledger->record[ledger->records - 1].start;
	for (int64_t start = ledger->record[0].start; start <= end; start += BUCKET_SECONDS) {
		double row[RRD_VIEW_SOURCES];
		fetch(path, start, row);
		if (ledger->record[next].start != start) {
			for (size_t i = 0; i < RRD_VIEW_SOURCES; i++)
				assert_true(isnan(row[i]));
			continue;
		}
		const struct bucket_record *record = &ledger->record[next++];
		const uint64_t expected[] = {record->syn,	record->attempts,
					     record->sources,	record->udp,
					     record->other_syn, record->observed_seconds};
		for (size_t i = 0; i < RRD_VIEW_SOURCES; i++) {
			assert_true(!isnan(row[i]));
			assert_int_equal((uint64_t)row[i], expected[i]);
			assert_true(row[i] >= floor(row[i]) && row[i] <= floor(row[i]));
		}
	}
	assert_int_equal(next, ledger->records);
}

static struct rrd_comparison verified(const char *path, const struct ledger *ledger)
{
	struct failure failure = {0};
	struct rrd_comparison comparison;
	if (rrd_view_verify(path, ledger, &comparison, &failure) != 0)
		fail_msg("%s", failure.text);
	return comparison;
}

static void assert_equal_to_ledger(const char *path, const struct ledger *ledger)
{
	struct rrd_comparison comparison = verified(path, ledger);
	assert_int_equal(comparison.buckets, ledger->records);
	assert_int_equal(comparison.differing + comparison.invented, 0);
}

static void every_count_comes_back_bit_exact_and_every_gap_unknown(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct ledger ledger = make_ledger(1000, 1);
	assert_int_equal(rrd_view_build("counts.rrd", &ledger, &failure), 0);
	assert_rows("counts.rrd", &ledger);
	assert_equal_to_ledger("counts.rrd", &ledger);
	assert_int_equal(entries_of("."), 1);
	ledger_free(&ledger);
}

/* Appending bucket by bucket, in batches, or building at once: one and the same. */
static void however_it_grows_it_holds_the_same_rows(void **state)
{
	(void)state;
	struct ledger ledger = make_ledger(300, 2);
	struct failure failure = {0};
	struct ledger part = {.record = ledger.record};
	uint64_t random = 3;
	while (part.records < ledger.records) {
		part.records += 1 + next_number(&random) % 20;
		if (part.records > ledger.records)
			part.records = ledger.records;
		assert_int_equal(rrd_view_update("updated.rrd", &part, &failure), 0);
		assert_int_equal(rrd_view_update("updated.rrd", &part, &failure), 0);
	}
	part.records = 1;
	assert_int_equal(rrd_view_build("appended.rrd", &part, &failure), 0);
	for (size_t i = 1; i < ledger.records; i++)
		assert_int_equal(rrd_view_append("appended.rrd", &ledger.record[i], 1, &failure),
				 0);
	assert_int_equal(failure.status, EXIT_DONE);
	assert_rows("updated.rrd", &ledger);
	assert_rows("appended.rrd", &ledger);
	assert_equal_to_ledger("updated.rrd", &ledger);
	assert_equal_to_ledger("appended.rrd", &ledger);
	ledger_free(&ledger);
}

static void a_bucket_in_which_the_clock_was_set_is_unknown_in_it(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct rrd_comparison comparison;
	struct ledger ledger = make_ledger(50, 5);
	ledger.record[0].flags = ledger.record[20].flags = BUCKET_CLOCK_STEPPED | BUCKET_FIRST;
	assert_int_equal(rrd_view_build("a.rrd", &ledger, &failure), 0);
	for (size_t i = 0; i < 50; i++) {
		double row[RRD_VIEW_SOURCES];
		fetch("a.rrd", ledger.record[i].start, row);
		for (size_t source = 0; source < RRD_VIEW_SOURCES; source++)
			assert_int_equal(isnan(row[source]) != 0, i == 0 || i == 20);
	}
	assert_int_equal(rrd_view_verify("a.rrd", &ledger, &comparison, &failure), 0);
	assert_int_equal(comparison.differing + comparison.invented, 0);
	/* One that shows its counts is not what the ledger makes. */
	ledger.record[30].flags = BUCKET_CLOCK_STEPPED;
	assert_int_equal(rrd_view_verify("a.rrd", &ledger, &comparison, &failure), 0);
	assert_int_equal(comparison.differing, 1);
	ledger_free(&ledger);
}

static void a_record_that_it_has_already_is_not_added_again(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct ledger ledger = make_ledger(20, 4);
	assert_int_equal(rrd_view_build("counts.rrd", &ledger, &failure), 0);
	assert_int_equal(rrd_view_append("counts.rrd", &ledger.record[15], 5, &failure), 0);
	assert_rows("counts.rrd", &ledger);
	ledger_free(&ledger);
}

static void two_years_and_more_keep_the_latest_rows(void **state)
{
	(void)state;
	struct failure failure = {0};
	uint64_t random = 5;
	size_t records = RRD_VIEW_ROWS + 1000;
	struct ledger ledger = {.record = calloc(records, sizeof ledger.record[0])};
	for (size_t i = 0; i < records; i++)
		ledger.record[ledger.records++] = bucket((int64_t)i, &random);
	assert_int_equal(rrd_view_build("counts.rrd", &ledger, &failure), 0);
	struct rrd_comparison comparison = verified("counts.rrd", &ledger);
	assert_int_equal(comparison.buckets, RRD_VIEW_ROWS);
	assert_int_equal(comparison.differing + comparison.invented, 0);
	ledger_free(&ledger);
}

static void every_changed_row_is_found(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct ledger ledger = make_ledger(200, 6);
	assert_int_equal(rrd_view_build("counts.rrd", &ledger, &failure), 0);
	static const size_t changed[] = {0, 1, 57, 198, 199};
	for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) {
		struct bucket_record *record = &ledger.record[changed[i]];
		uint64_t *const values[] = {&record->syn, &record->attempts, &record->sources,
					    &record->udp, &record->other_syn};
		for (size_t j = 0; j < sizeof values / sizeof values[0]; j++) {
			++*values[j];
			struct rrd_comparison comparison = verified("counts.rrd", &ledger);
			assert_int_equal(comparison.differing, 1);
			assert_int_equal(comparison.invented, 0);
			assert_int_equal(comparison.first_differing, record->start);
			--*values[j];
		}
		record->observed_seconds ^= 1;
		assert_int_equal(verified("counts.rrd", &ledger).differing, 1);
		record->observed_seconds ^= 1;
	}
	assert_equal_to_ledger("counts.rrd", &ledger);
	ledger_free(&ledger);
}

static void a_row_that_the_ledger_does_not_know_is_found_wherever_it_is(void **state)
{
	(void)state;
	struct failure failure = {0};
	static const size_t missing[] = {0, 1, 100, 199};
	for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
		struct ledger ledger = make_ledger(200, 7);
		int64_t start = ledger.record[missing[i]].start;
		assert_int_equal(rrd_view_build("counts.rrd", &ledger, &failure), 0);
		memmove(&ledger.record[missing[i]], &ledger.record[missing[i] + 1],
			(ledger.records - missing[i] - 1) * sizeof ledger.record[0]);
		ledger.records--;
		struct rrd_comparison comparison = verified("counts.rrd", &ledger);
		assert_int_equal(comparison.invented, 1);
		assert_int_equal(comparison.differing, 0);
		assert_int_equal(comparison.first_differing, start);
		ledger_free(&ledger);
	}
}

static void buckets_that_it_lacks_are_found(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct ledger ledger = make_ledger(50, 8);
	struct ledger part = {.record = ledger.record, .records = 40};
	assert_int_equal(rrd_view_build("counts.rrd", &part, &failure), 0);
	struct rrd_comparison comparison = verified("counts.rrd", &ledger);
	assert_int_equal(comparison.differing, 10);
	assert_int_equal(comparison.buckets, 50);
	assert_int_equal(comparison.first_differing, ledger.record[40].start);
	ledger_free(&ledger);
}

static void an_rrd_of_another_layout_is_not_compared(void **state)
{
	(void)state;
	static const char *const layouts[][8] = {
		{"DS:syn:GAUGE:300:0:U", "RRA:AVERAGE:0.5:1:100"},
		{"DS:syn:GAUGE:300:0:U", "DS:sources:GAUGE:300:0:U", "DS:attempts:GAUGE:300:0:U",
		 "DS:udp:GAUGE:300:0:U", "DS:othersyn:GAUGE:300:0:U", "DS:covered:GAUGE:300:0:U",
		 "RRA:AVERAGE:0.5:1:100"},
		{"DS:syn:GAUGE:300:0:U", "DS:attempts:GAUGE:300:0:U", "DS:sources:GAUGE:300:0:U",
		 "DS:udp:GAUGE:300:0:U", "DS:othersyn:GAUGE:300:0:U", "DS:covered:GAUGE:300:0:U",
		 "DS:more:GAUGE:300:0:U", "RRA:AVERAGE:0.5:1:100"},
	};
	static const int lines[] = {2, 7, 8};
	struct ledger ledger = make_ledger(10, 9);
	for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
		struct failure failure = {0};
		struct rrd_comparison comparison;
		rrd_clear_error();
		assert_int_equal(rrd_create_r2("other.rrd", 300, START, 0, NULL, NULL, lines[i],
					       (const char **)(uintptr_t)layouts[i]),
				 0);
		assert_int_equal(rrd_view_verify("other.rrd", &ledger, &comparison, &failure), -1);
		assert_int_equal(failure.status, EXIT_FAILED);
		assert_non_null(strstr(failure.text, "other.rrd: an RRD of another layout"));
	}
	/* The same sources, but too few rows for the ledger. */
	static const char *const few[] = {"DS:syn:GAUGE:300:0:U",      "DS:attempts:GAUGE:300:0:U",
					  "DS:sources:GAUGE:300:0:U",  "DS:udp:GAUGE:300:0:U",
					  "DS:othersyn:GAUGE:300:0:U", "DS:covered:GAUGE:300:0:U",
					  "RRA:AVERAGE:0.5:12:100"};
	struct failure failure = {0};
	struct rrd_comparison comparison;
	assert_int_equal(rrd_create_r2("hours.rrd", 300, START, 0, NULL, NULL, 7,
				       (const char **)(uintptr_t)few),
			 0);
	assert_int_equal(rrd_view_verify("hours.rrd", &ledger, &comparison, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	ledger_free(&ledger);
}

static void what_is_no_rrd_is_told_and_can_be_built_anew(void **state)
{
	(void)state;
	struct ledger ledger = make_ledger(10, 10);
	static const char *const contents[] = {"", "RRD",
					       "not an RRD at all, but long enough to be"};
	for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
		struct failure failure = {0};
		struct rrd_comparison comparison;
		write_text("counts.rrd", contents[i]);
		assert_int_equal(rrd_view_verify("counts.rrd", &ledger, &comparison, &failure), -1);
		assert_int_equal(failure.status, EXIT_FAILED);
		assert_int_equal(strncmp(failure.text, "counts.rrd: ", 12), 0);
		failure = (struct failure){0};
		assert_int_equal(rrd_view_append("counts.rrd", ledger.record, 1, &failure), -1);
		failure = (struct failure){0};
		assert_int_equal(rrd_view_update("counts.rrd", &ledger, &failure), 0);
		assert_equal_to_ledger("counts.rrd", &ledger);
	}
	struct failure failure = {0};
	struct rrd_comparison comparison;
	assert_int_equal(rrd_view_verify("absent.rrd", &ledger, &comparison, &failure), -1);
	assert_int_equal(rrd_view_build("absent/counts.rrd", &ledger, &failure), -1);
	ledger_free(&ledger);
}

static void a_ledger_without_records_makes_no_file(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct ledger ledger = {0};
	assert_int_equal(rrd_view_build("counts.rrd", &ledger, &failure), 0);
	assert_int_equal(rrd_view_update("counts.rrd", &ledger, &failure), 0);
	assert_int_equal(entries_of("."), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(every_count_comes_back_bit_exact_and_every_gap_unknown),
		in_workspace(however_it_grows_it_holds_the_same_rows),
		in_workspace(a_bucket_in_which_the_clock_was_set_is_unknown_in_it),
		in_workspace(a_record_that_it_has_already_is_not_added_again),
		in_workspace(two_years_and_more_keep_the_latest_rows),
		in_workspace(every_changed_row_is_found),
		in_workspace(a_row_that_the_ledger_does_not_know_is_found_wherever_it_is),
		in_workspace(buckets_that_it_lacks_are_found),
		in_workspace(an_rrd_of_another_layout_is_not_compared),
		in_workspace(what_is_no_rrd_is_told_and_can_be_built_anew),
		in_workspace(a_ledger_without_records_makes_no_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
