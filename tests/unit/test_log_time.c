/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The times of log lines. The seconds since 1970 are those of date(1). */
#include "../../analysis/alerts/log_time.h"

#include "../../analysis/alerts/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define SECONDS INT64_C(1000000)
/* 26 November 2026, 12:00 UTC, and 1 January 2026 and 2027, 00:00 UTC. */
#define NOON	  (INT64_C(1795694400) * SECONDS)
#define YEAR_2026 (INT64_C(1767225600) * SECONDS)
#define YEAR_2027 (INT64_C(1798761600) * SECONDS)

static int64_t time_of(struct log_clock *clock, const char *text)
{
	int64_t time_us = 1;
	log_time_of_line(clock, text, text + strlen(text), &time_us);
	return time_us;
}

/* A clock of a file that was written at that second. */
static struct log_clock written_at(int64_t time_us)
{
	struct log_clock clock;
	log_clock_begin(&clock, 0, time_us / SECONDS, 0);
	return clock;
}

static void every_form_of_noon_is_noon(void **state)
{
	(void)state;
	static const char *const forms[] = {
		"Nov 26 12:00:00 gate",
		"<134>Nov 26 12:00:00 gate",
		"<134>1 2026-11-26T12:00:00Z gate",
		"<134>1 2026-11-26T21:00:00.000000+09:00 gate",
		"2026-11-26T12:00:00+0000 gate",
		"2026-11-26 12:00:00 gate",
		"2026/11/26 12:00:00: PP[01]",
		"Thu Nov 26 12:00:00 2026 gate",
		"Nov 26 2026 12:00:00: %ASA",
		"26/Nov/2026:12:00:00 +0000 gate",
		"[26/Nov/2026:13:00:00 +0100] gate",
		"1795694400 gate",
		"1795694400.000000 gate",
		"1795694400000 gate",
		"Nov 26 12:00:00 relay 2026-11-26T12:00:00Z gate",
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct log_clock clock = written_at(NOON + 60 * SECONDS);
		if (time_of(&clock, forms[i]) != NOON)
			fail_msg("%s is read as %lld", forms[i],
				 (long long)time_of(&clock, forms[i]));
	}
}

/* The offsets of zones are those of tzdata. */
static void zones_and_halves_of_the_day_are_heeded(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int hours; /* from noon, UTC; 99: no time */
	} times[] = {
		{"Nov 26 2026 12:00:00 JST", -9},    {"Nov 26 2026 12:00:00 EST", 5},
		{"Nov 26 2026 12:00:00 EDT", 4},     {"Nov 26 2026 12:00:00 PST", 8},
		{"Nov 26 2026 12:00:00 PDT", 7},     {"Nov 26 2026 12:00:00 CET", -1},
		{"Nov 26 2026 12:00:00 CEST", -2},   {"Nov 26 2026 12:00:00 EET", -2},
		{"Nov 26 2026 12:00:00 EEST", -3},   {"Nov 26 2026 12:00:00 GMT", 0},
		{"Nov 26 2026 12:00:00 UTC", 0},     {"Nov 26 2026 12:00:00 GATE", 0},
		{"2026-11-26T12:00:00+14:00", -14},  {"2026-11-26T12:00:00-12", 12},
		{"11/26/2026 12:00:00 PM gate", 0},  {"11/26/2026 12:00:00 AM gate", -12},
		{"11/26/2026 01:00:00 PM gate", 1},  {"11/26/2026 11:00:00 AM gate", -1},
		{"11/26/2026 12:00:00 PMS", 0},	     {"11/26/2026 13:00:00 PM gate", 99},
		{"11/26/2026 00:00:00 AM gate", 99}, {"26/11/2026 12:00:00 gate", 0},
		{"26-Nov-2026 12:00:00 gate", 0},    {"26 Nov 2026 12:00:00 gate", 0},
		{"26-11-2026 12:00:00 gate", 99},    {"26/Nov-2026 12:00:00 gate", 99},
		{"13/13/2026 12:00:00 gate", 99},
	};
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct log_clock clock = written_at(NOON + 86400 * SECONDS);
		int64_t found = time_of(&clock, times[i].text);
		if (found != (times[i].hours == 99 ? ALERT_TIME_UNKNOWN
						   : NOON + 3600 * SECONDS * times[i].hours))
			fail_msg("%s is read as %lld", times[i].text, (long long)found);
	}
}

static void fractions_are_cut_to_microseconds(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t microseconds;
	} times[] = {
		{"2026-11-26T12:00:00.5", 500000},
		{"2026-11-26 12:00:00,25 gate", 250000},
		{"2026-11-26T12:00:00.123456789Z", 123456},
		{"2026-11-26T12:00:00.000001Z", 1},
		{"1795694400.5", 500000},
		{"1795694400.", 0},
		{"1795694400,", 0},
	};
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct log_clock clock = written_at(NOON + 60 * SECONDS);
		if (time_of(&clock, times[i].text) != NOON + times[i].microseconds)
			fail_msg("%s is read as %lld", times[i].text,
				 (long long)time_of(&clock, times[i].text));
	}
}

static void impossible_times_are_unknown(void **state)
{
	(void)state;
	static const char *const forms[] = {
		"Nov 31 12:00:00 gate",
		"Foo 26 12:00:00 gate",
		"Nov 26 24:00:00 gate",
		"Nov 26 12:60:00 gate",
		"2026-02-29T12:00:00Z gate",
		"2026-13-01T12:00:00Z gate",
		"2026-11-26T12:00:61Z gate",
		"Nov 0 12:00:00 gate",
		"99999999999999999999 gate",
		"no time at all",
		"",
		"<999>",
		"\xff\xfe",
		"2026-00-00 00:00:00 nothing",
		"Nov 99 99:99:99 gate",
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct log_clock clock = written_at(NOON);
		if (time_of(&clock, forms[i]) != ALERT_TIME_UNKNOWN)
			fail_msg("%s is read as a time", forms[i]);
	}
}

static void the_leap_day_needs_a_leap_year(void **state)
{
	(void)state;
	struct log_clock clock;
	log_clock_begin(&clock, 2024, 0, 0);
	assert_int_equal(time_of(&clock, "Feb 29 00:00:00 gate"), INT64_C(1709164800) * SECONDS);
	log_clock_begin(&clock, 2026, 0, 0);
	assert_int_equal(time_of(&clock, "Feb 29 00:00:00 gate"), ALERT_TIME_UNKNOWN);
	/* A file of 2026 can mean only the one of 2024. */
	clock = written_at(NOON);
	assert_int_equal(time_of(&clock, "Feb 29 00:00:00 gate"), INT64_C(1709164800) * SECONDS);
}

static void the_year_is_that_of_the_file(void **state)
{
	(void)state;
	struct log_clock clock = written_at(YEAR_2027 + 3600 * SECONDS);
	assert_int_equal(time_of(&clock, "Dec 31 23:59:59 gate"), YEAR_2027 - SECONDS);
	clock = written_at(YEAR_2027 + 3600 * SECONDS);
	assert_int_equal(time_of(&clock, "Jan  1 00:00:00 gate"), YEAR_2027);
	clock = written_at(NOON);
	assert_int_equal(time_of(&clock, "Jan  1 00:00:00 gate"), YEAR_2026);
}

static void a_given_year_is_that_of_the_first_line(void **state)
{
	(void)state;
	struct log_clock clock;
	log_clock_begin(&clock, 2026, (YEAR_2027 + NOON) / SECONDS, 0);
	assert_int_equal(time_of(&clock, "Nov 26 12:00:00 gate"), NOON);
}

static void a_log_goes_on_past_new_year(void **state)
{
	(void)state;
	struct log_clock clock;
	log_clock_begin(&clock, 2026, 0, 0);
	assert_int_equal(time_of(&clock, "Dec 31 23:59:59 gate"), YEAR_2027 - SECONDS);
	assert_int_equal(time_of(&clock, "Jan  1 00:00:00 gate"), YEAR_2027);
	/* A line that was late, and on. */
	assert_int_equal(time_of(&clock, "Dec 31 23:59:58 gate"), YEAR_2027 - 2 * SECONDS);
	assert_int_equal(time_of(&clock, "Jan  1 00:00:01 gate"), YEAR_2027 + SECONDS);
	/* Logs begin in one year and end in the next but one. */
	assert_int_equal(time_of(&clock, "Jun 15 00:00:00 gate"),
			 YEAR_2027 + INT64_C(165) * 86400 * SECONDS);
}

static void a_zone_that_is_not_told_is_the_one_asked_for(void **state)
{
	(void)state;
	struct log_clock clock;
	log_clock_begin(&clock, 2026, 0, 9 * 3600);
	assert_int_equal(time_of(&clock, "Nov 26 21:00:00 gate"), NOON);
	assert_int_equal(time_of(&clock, "2026-11-26 21:00:00 gate"), NOON);
	assert_int_equal(time_of(&clock, "2026-11-26T12:00:00Z gate"), NOON);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_noon_is_noon),
		cmocka_unit_test(zones_and_halves_of_the_day_are_heeded),
		cmocka_unit_test(fractions_are_cut_to_microseconds),
		cmocka_unit_test(impossible_times_are_unknown),
		cmocka_unit_test(the_leap_day_needs_a_leap_year),
		cmocka_unit_test(the_year_is_that_of_the_file),
		cmocka_unit_test(a_given_year_is_that_of_the_first_line),
		cmocka_unit_test(a_log_goes_on_past_new_year),
		cmocka_unit_test(a_zone_that_is_not_told_is_the_one_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
