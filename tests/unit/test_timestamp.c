/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/base/timestamp.h"

#include "octets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static void every_form_of_a_time_is_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
		{"2008-02-20", 1203465600},
		{"2008-02-20T09:30", 1203499800},
		{"2008-02-20T09:30:15Z", 1203499815},
		{"2008-02-20t09:30:15z", 1203499815},
		{"2008-02-20 09:30:15", 1203499815},
		{"2008-02-20T09:30:15.987654321Z", 1203499815},
		{"2008-02-20T09:30:15,5", 1203499815},
		{"2008-02-20T09:30:15+09:00", 1203467415},
		{"2008-02-20T09:30:15+0900", 1203467415},
		{"2008-02-20T09:30:15+09", 1203467415},
		{"2008-02-20T09:30:15-03:30", 1203512415},
		{"2008-02-20T09:30Z", 1203499800},
		{"2016-12-31T23:59:60Z", 1483228800}, /* a leap second */
		{"1203465600", 1203465600},
		{"2008", 2008}, /* a number alone is always Unix seconds */
		{"0", 0},
		{"1970-01-01", 0},
		{"1970-01-01T09:00:00+09:00", 0},
		{"9999-12-31T23:59:59Z", LAST},
		{"253402300799", LAST},
		{"2000-02-29", 951782400},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t seconds = -1;
		if (!timestamp_parse(cases[i].text, &seconds))
			fail_msg("'%s' is refused", cases[i].text);
		assert_int_equal(seconds, cases[i].seconds);
	}
}

static void what_is_no_time_is_refused_and_leaves_the_value_alone(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"",
		" ",
		"-1",
		"+1",
		"1203465600 ",
		" 1203465600",
		"1e9",
		"0x10",
		"2008-02",
		"2008-2-20",
		"2008-02-30",
		"2009-02-29",
		"2100-02-29",
		"2008-00-10",
		"2008-13-10",
		"2008-01-00",
		"2008-01-32",
		"2008-02-20T",
		"2008-02-20T09",
		"2008-02-20T09:",
		"2008-02-20T24:00",
		"2008-02-20T09:60",
		"2008-02-20T09:30:61",
		"2008-02-20T09:30:",
		"2008-02-20T09:30:00.",
		"2008-02-20T09:30:00ZZ",
		"2008-02-20T09:30:00+9",
		"2008-02-20T09:30:00+09:",
		"2008-02-20T09:30:00+09:6",
		"2008-02-20T09:30:00+09:60",
		"2008-02-20T09:30:00+15:00",
		"2008-02-20T09:30:00+09:00x",
		"2008-02-20 09:30 UTC",
		"20-02-2008",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+09:00", /* before 1970 in UTC */
		"9999-12-31T23:59:59-14:00", /* after 9999 in UTC */
		"253402300800",
		"999999999999",
		"99999999999999999999",
		"now",
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t seconds = 4711;
		if (timestamp_parse(cases[i], &seconds) || seconds != 4711)
			fail_msg("'%s' is read as %lld", cases[i], (long long)seconds);
	}
}

static void every_day_to_2200_agrees_with_the_c_library(void **state)
{
	(void)state;
	for (int64_t day = 0; day < 84006; day++) {
		time_t noon = (time_t)(day * 86400 + 45296);
		struct tm parts;
		char expected[64], text[TIMESTAMP_TEXT_SIZE];
		int64_t seconds = -1;
		gmtime_r(&noon, &parts);
		snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02dZ",
			 parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
			 parts.tm_min, parts.tm_sec);
		assert_string_equal(timestamp_format(noon, text), expected);
		assert_true(timestamp_parse(expected, &seconds));
		assert_int_equal(seconds, noon);
		expected[10] = '\0';
		assert_string_equal(timestamp_format_date(noon, text), expected);
		assert_true(timestamp_parse(text, &seconds));
		assert_int_equal(seconds, day * 86400);
	}
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	uint64_t random = 1;
	for (int i = 0; i < 100000; i++) {
		int64_t time = (int64_t)(next_number(&random) % (uint64_t)(LAST + 1)), back = -1;
		char text[TIMESTAMP_TEXT_SIZE];
		assert_true(timestamp_parse(timestamp_format(time, text), &back));
		assert_int_equal(back, time);
	}
}

static void the_most_distant_times_fit_their_text(void **state)
{
	(void)state;
	static const int64_t times[] = {INT64_MIN, INT64_MAX, -1, LAST + 1, 0};
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		char text[TIMESTAMP_TEXT_SIZE];
		memset(text, 'x', sizeof text);
		assert_non_null(memchr(timestamp_format(times[i], text), '\0', sizeof text));
		assert_non_null(memchr(timestamp_format_date(times[i], text), '\0', sizeof text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_a_time_is_read),
		cmocka_unit_test(what_is_no_time_is_refused_and_leaves_the_value_alone),
		cmocka_unit_test(every_day_to_2200_agrees_with_the_c_library),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(the_most_distant_times_fit_their_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
