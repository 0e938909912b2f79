/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/chart.h"
#include "../../graphs/chart_data.h"
#include "../../observer/base/whole_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define RETIRED 1203465720 /* 120 seconds after the beginning of a bucket */
#define DAY	288

/* An analysis of nothing but rows: of each bucket its count, or -1 for one that is unknown. */
static void make_series(struct series *series, struct analysis *analysis, const int *count,
			size_t buckets)
{
	*series = (struct series){.name = "winny", .retired = RETIRED};
	series->row = calloc(buckets, sizeof *series->row);
	assert_non_null(series->row);
	for (size_t i = 0; i < buckets; i++)
		if (count[i] >= 0)
			series->row[series->rows++] =
				(struct series_row){.start = RETIRED - 120 + (int64_t)i * 300,
						    .observed_seconds = i == 0 ? 180 : 300,
						    .count = (uint32_t)count[i]};
	*analysis = (struct analysis){.series = series, .span_hours = (double)buckets / 12};
}

static void assert_numbers(const json_t *data, const char *key, const int *expected, size_t size)
{
	const json_t *list = json_object_get(data, key);
	assert_int_equal(json_array_size(list), size);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(json_integer_value(json_array_get(list, i)), expected[i]);
}

static void unknown_buckets_are_told_apart_from_those_without_a_count(void **state)
{
	static const int count[] = {4, 0, -1, -1, 0, 7, 7, -1, 2};
	static const int counts[] = {0, 4, 4, 7, 0, 7, 1, 2};
	static const int runs[] = {0, 1, 180, 1, 2, 0, 3, 1, 0};
	struct series series;
	struct analysis analysis;
	(void)state;
	make_series(&series, &analysis, count, sizeof count / sizeof count[0]);
	json_t *data = chart_data(&analysis, 100);
	assert_int_equal(json_integer_value(json_object_get(data, "from")), -120);
	assert_int_equal(json_integer_value(json_object_get(data, "step")), 300);
	assert_int_equal(json_integer_value(json_object_get(data, "steps")), 9);
	assert_numbers(data, "counts", counts, sizeof counts / sizeof counts[0]);
	assert_numbers(data, "short", runs, sizeof runs / sizeof runs[0]);
	assert_true(json_is_null(json_object_get(data, "background")));
	json_decref(data);
	free(series.row);
}

static void a_record_with_too_many_numbers_has_wider_steps_and_loses_no_count(void **state)
{
	static int count[30 * DAY];
	struct series series;
	struct analysis analysis;
	(void)state;
	for (size_t i = 0; i < 30 * DAY; i++)
		count[i] = i % 7 == 0 ? -1 : 3;
	make_series(&series, &analysis, count, 30 * DAY);
	json_t *data = chart_data(&analysis, 500);
	json_t *counts = json_object_get(data, "counts");
	assert_true(json_array_size(counts) + json_array_size(json_object_get(data, "short")) <=
		    500);
	assert_true(json_integer_value(json_object_get(data, "step")) > 300);
	long long sum = 0;
	for (size_t i = 1; i < json_array_size(counts); i += 2)
		sum += json_integer_value(json_array_get(counts, i));
	assert_int_equal(sum, 3 * (long long)series.rows);
	json_decref(data);
	free(series.row);
}

static void a_page_of_many_targets_gives_each_less_room(void **state)
{
	(void)state;
	assert_int_equal(chart_numbers(1), CHART_NUMBERS_TARGET);
	assert_int_equal(chart_numbers(100), CHART_NUMBERS_PAGE / 100);
	assert_int_equal(chart_numbers(0), CHART_NUMBERS_TARGET);
}

/* What chart_write() makes of a target of that name; the caller frees it. */
static char *written(const char *name)
{
	static const int count[] = {1};
	struct series series;
	struct analysis analysis;
	struct failure failure = {0};
	char *text = NULL;
	size_t size;
	make_series(&series, &analysis, count, 1);
	snprintf(series.name, sizeof series.name, "%s", name);
	FILE *page = open_memstream(&text, &size);
	assert_int_equal(chart_write(page, &analysis, LANGUAGE_ENGLISH, 1, &failure), 0);
	fclose(page);
	free(series.row);
	return text;
}

static void no_name_ends_the_data_or_runs(void **state)
{
	static const char *const names[] = {"</script><script>alert(1)</script>",
					    "<!--<script>",
					    "]]>",
					    "\"},\"x\":{\"",
					    "\\u003c/script>",
					    "a\nb\r\xE2\x80\xA8",
					    "\xE2\x80\xAEgpj",
					    "\xff\xfe<",
					    "`${alert(1)}`",
					    "&lt;/script&gt;"};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *text = written(names[i]);
		char *begin = strstr(text, "<script type=\"application/json\">");
		assert_non_null(begin);
		begin += strlen("<script type=\"application/json\">");
		/* The first < after the data is that of the end we wrote. */
		char *end = strchr(begin, '<');
		assert_non_null(end);
		assert_string_equal(end, "</script>\n</div>\n");
		*end = '\0';
		for (const char *next = begin; *next; next++)
			assert_true(*next >= ' ' && *next <= '~');
		json_error_t error;
		json_t *data = json_loads(begin, 0, &error);
		assert_non_null(data);
		assert_int_equal(json_object_size(data), 10);
		assert_null(
			strstr(json_string_value(json_object_get(data, "name")), "\xE2\x80\xAE"));
		json_decref(data);
		free(text);
	}
}

static void write_code(const char *directory, const char *name, const char *content)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	fclose(file);
}

static void code_is_read_whole_or_not_at_all(void **state)
{
	static const char *const files[] = {"uPlot.min.css", "chart.css", "uPlot.iife.min.js",
					    "chart.js"};
	char directory[] = "/tmp/stalenode-chart.XXXXXX", path[128];
	struct chart_code code;
	struct failure failure = {0};
	(void)state;
	assert_non_null(mkdtemp(directory));
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(chart_code_read(&code, directory, &failure), 0);
		assert_null(code.script);
		assert_null(code.style);
		write_code(directory, files[i], files[i]);
	}
	assert_int_equal(chart_code_read(&code, directory, &failure), 0);
	assert_string_equal(code.style, "uPlot.min.css\nchart.css\n");
	assert_string_equal(code.script, "uPlot.iife.min.js\nchart.js\n");
	chart_code_free(&code);
	write_code(directory, "chart.js", "x = '</SCRIPT>';");
	assert_int_equal(chart_code_read(&code, directory, &failure), -1);
	assert_non_null(strstr(failure.text, "chart.js"));
	assert_null(code.script);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof path, "%s/%s", directory, files[i]);
		unlink(path);
	}
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_buckets_are_told_apart_from_those_without_a_count),
		cmocka_unit_test(a_record_with_too_many_numbers_has_wider_steps_and_loses_no_count),
		cmocka_unit_test(a_page_of_many_targets_gives_each_less_room),
		cmocka_unit_test(no_name_ends_the_data_or_runs),
		cmocka_unit_test(code_is_read_whole_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
