/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/bins.h"
#include "../../graphs/figure.h"
#include "../../graphs/frame.h"
#include "../../graphs/words.h"
#include "../../observer/target.h"
#include "figure_record.h"
#include "slowness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_figure_is_found_by_its_name(void **state)
{
	(void)state;
	const struct figure *figure;
	size_t figures = 0;
	for (; (figure = figure_at(figures)); figures++)
		assert_ptr_equal(figure_find(figure->name), figure);
	assert_true(figures >= 2);
	assert_null(figure_find("no such figure"));
	assert_null(figure_find(""));
}

static void decay_loses_no_count_and_no_observed_hour(void **state)
{
	struct drawn *drawn = *state;
	char *csv = render(&decay_figure, &drawn->request, FORMAT_CSV);
	struct csv_row row;
	double count = 0, hours = 0, wanted = 0, to = 0;
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row)) {
		if (strcmp(row.layer, "mean") != 0 && strcmp(row.layer, "zero") != 0)
			continue;
		assert_true(row.field[0] >= to - 1e-6); /* bins stand in order and do not overlap */
		to = row.field[1];
		count += row.field[5];
		hours += row.field[6];
		assert_near(row.field[2], row.field[5] / row.field[6] / 12, 1e-6);
		assert_true(row.field[3] <= row.field[2] && row.field[2] <= row.field[4]);
		assert_int_equal(strcmp(row.layer, "zero") == 0, row.field[5] == 0);
	}
	free(csv);
	for (int i = 0; i < BUCKETS; i++)
		wanted += wanted_count(i);
	assert_near(count, wanted, 1e-6);
	assert_near(hours, 43 * 24 + 8, 1e-3); /* a day unknown, a day a third observed */
}

static void time_not_observed_is_a_gap_and_not_a_zero(void **state)
{
	struct drawn *drawn = *state;
	char *csv = render(&decay_figure, &drawn->request, FORMAT_CSV);
	struct csv_row row;
	size_t gaps = 0;
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row)) {
		if (strcmp(row.layer, "gap") != 0)
			continue;
		gaps++;
		assert_near(row.field[0], 30 * 24, 1e-6);
		assert_near(row.field[1], 31 * 24, 1e-6);
	}
	assert_int_equal(gaps, 1);
	free(csv);
}

static void decay_marks_the_last_syn(void **state)
{
	struct drawn *drawn = *state;
	int last = 0;
	for (int i = 0; i < BUCKETS; i++)
		if (wanted_count(i) > 0)
			last = i;
	char *csv = render(&decay_figure, &drawn->request, FORMAT_CSV);
	struct csv_row row;
	size_t marks = 0;
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row))
		if (strcmp(row.layer, "last_syn") == 0) {
			marks++;
			assert_near(row.field[0], last / 12.0, 1e-6);
		}
	assert_int_equal(marks, 1);
	free(csv);
}

static void window_holds_each_bucket_as_it_was_counted(void **state)
{
	struct drawn *drawn = *state;
	char *csv = render(&window_figure, &drawn->request, FORMAT_CSV);
	struct csv_row row;
	int bucket = 0;
	double hourly = 0;
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row)) {
		if (strcmp(row.layer, "hourly_mean") == 0)
			hourly += row.field[5];
		if (strcmp(row.layer, "bucket") != 0)
			continue;
		assert_near(row.field[0], bucket / 12.0, 1e-6);
		assert_near(row.field[2], wanted_count(bucket), 0);
		bucket++;
	}
	assert_int_equal(bucket, 3 * 288);
	double wanted = 0;
	for (int i = 0; i < 3 * 288; i++)
		wanted += wanted_count(i);
	assert_near(hourly, wanted, 1e-6);
	free(csv);
}

static void window_longer_than_the_record_ends_in_a_gap(void **state)
{
	const struct drawn *drawn = *state;
	struct series first_day = drawn->series;
	first_day.rows = 288; /* one day, of a window of three */
	struct analysis day;
	make_analysis(&day, &first_day);
	struct figure_request request = {.analysis = &day, .analyses = 1, .days = 3};
	char *csv = render(&window_figure, &request, FORMAT_CSV);
	struct csv_row row, gap = {0};
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row))
		if (strcmp(row.layer, "gap") == 0)
			gap = row;
	assert_near(gap.field[0], 24, 1e-6);
	assert_near(gap.field[1], 72, 1e-6);
	free(csv);
	/* Unless asked for more, the window is as long as the record. */
	request.days = 0;
	csv = render(&window_figure, &request, FORMAT_CSV);
	assert_null(strstr(csv, "gap"));
	free(csv);
	assert_near(window_hours(&day), 24, 1e-9);
	assert_near(window_hours(drawn->analysis), 72, 1e-9);
}

static void more_days_or_targets_than_a_figure_shows_are_wrong_use(void **state)
{
	struct drawn *drawn = *state;
	struct failure failure = {0};
	char *bytes = NULL;
	size_t length;
	struct figure_request request = drawn->request;
	request.days = 32;
	assert_int_equal(
		figure_render(&window_figure, &request, FORMAT_CSV, &bytes, &length, &failure), -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
	failure = (struct failure){0};
	request = drawn->request;
	request.analyses = 2;
	assert_int_equal(
		figure_render(&decay_figure, &request, FORMAT_CSV, &bytes, &length, &failure), -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
}

static void every_figure_draws_in_every_format_and_twice_the_same(void **state)
{
	struct drawn *drawn = *state;
	const struct figure *figure;
	for (size_t i = 0; (figure = figure_at(i)) && figure->source == FIGURE_FROM_FITS; i++)
		for (int format = FORMAT_SVG; format < FORMATS; format++) {
			struct figure_request request = request_for(drawn, figure);
			struct failure failure = {0};
			char *first = NULL, *second = NULL;
			size_t first_length, second_length;
			assert_int_equal(figure_render(figure, &request, (enum figure_format)format,
						       &first, &first_length, &failure),
					 0);
			assert_int_equal(figure_render(figure, &request, (enum figure_format)format,
						       &second, &second_length, &failure),
					 0);
			assert_int_equal(first_length, second_length);
			assert_memory_equal(first, second, first_length);
			free(first);
			free(second);
		}
}

static void draw_short(struct series *series)
{
	struct analysis analysis;
	make_analysis(&analysis, series);
	struct figure_request request = {.analysis = &analysis, .analyses = 1};
	free(render(&decay_figure, &request, FORMAT_SVG));
	request.scale = TIME_SCALE_LINEAR;
	free(render(&decay_figure, &request, FORMAT_SVG));
	free(render(&window_figure, &request, FORMAT_SVG));
}

static void a_record_of_silence_and_a_record_of_one_bucket_can_be_drawn(void **state)
{
	(void)state;
	static const size_t lengths[] = {1, 2, 300, 2000};
	/* The shortest alone where it is slow: the others take the same path. */
	size_t most = runs_slowly() ? 1 : sizeof lengths / sizeof lengths[0];
	for (size_t i = 0; i < most; i++) {
		struct series series;
		make_series(&series);
		series.rows = lengths[i];
		draw_short(&series);
		for (size_t row = 0; row < lengths[i]; row++)
			series.row[row].count = series.row[row].syn = 0;
		draw_short(&series);
		series_free(&series);
	}
}

static void hostile_names_stay_text_in_a_figure(void **state)
{
	const struct drawn *drawn = *state;
	struct series named = drawn->series;
	struct analysis analysis[2] = {drawn->analysis[0], drawn->analysis[1]};
	snprintf(named.name, sizeof named.name, "%s",
		 "'</text><script>`touch x`\n\xE2\x80\xAE\xFF");
	snprintf(named.client, sizeof named.client, "%s", "\"<b>'; system('x')");
	analysis[0].series = analysis[1].series = &named;
	const struct figure *figure;
	for (size_t i = 0; (figure = figure_at(i)) && figure->source == FIGURE_FROM_FITS; i++) {
		struct figure_request request = request_for(drawn, figure);
		request.analysis = analysis;
		char *svg = render(figure, &request, FORMAT_SVG);
		assert_null(strstr(svg, "<script"));
		assert_null(strstr(svg, "<b>"));
		assert_null(strstr(svg, "\xE2\x80\xAE"));
		assert_non_null(strstr(svg, "&lt;/text>&lt;scri"));
		free(svg);
	}
}

/* Sum of the NB1 probabilities up to count, from the recurrence of the negative binomial: an
 * oracle that shares nothing with the library's incomplete beta function. */
static double nb1_at_most(int count, double mean, double phi)
{
	double size = mean / phi, probability = pow(1 + phi, -size), sum = probability;
	for (int i = 1; i <= count; i++) {
		probability *= (size + i - 1) / i * phi / (1 + phi);
		sum += probability;
	}
	return sum;
}

static void intervals_leave_a_fortieth_on_either_side(void **state)
{
	(void)state;
	static const double phis[] = {0.1, 1.8, 14};
	static const int counts[] = {0, 1, 2, 7, 40, 300};
	for (size_t i = 0; i < sizeof phis / sizeof phis[0]; i++)
		for (size_t j = 0; j < sizeof counts / sizeof counts[0]; j++) {
			double low, high, buckets = 12;
			bin_interval(counts[j], buckets, phis[i], &low, &high);
			assert_near(nb1_at_most(counts[j], high * buckets, phis[i]), 0.025, 1e-6);
			if (counts[j] == 0)
				assert_near(low, 0, 0);
			else
				assert_near(nb1_at_most(counts[j] - 1, low * buckets, phis[i]),
					    0.975, 1e-6);
		}
}

static void poisson_intervals_are_those_of_the_tables(void **state)
{
	(void)state;
	/* Garwood (1936): 95 % limits for 0, 1, 5 and 10 events. */
	static const double table[][3] = {
		{0, 0, 3.689}, {1, 0.0253, 5.572}, {5, 1.623, 11.668}, {10, 4.795, 18.390}};
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		double low, high;
		bin_interval(table[i][0], 1, 0, &low, &high);
		assert_near(low, table[i][1], 6e-4);
		assert_near(high, table[i][2], 6e-4);
	}
}

static void bins_follow_each_other_and_never_overflow(void **state)
{
	struct drawn *drawn = *state;
	static const double hours[] = {1 / 12.0, 1, 30, 100, 1440, 4320, 17520, 876000};
	for (size_t i = 0; i < sizeof hours / sizeof hours[0]; i++) {
		struct bin bin[BINS_MAX];
		size_t bins = bins_make(&drawn->series, hours[i], BIN_GROWTH_EVEN, bin);
		assert_true(bins > 0 && bins < BINS_MAX);
		assert_near(bin[0].from_hours, 0, 0);
		for (size_t j = 1; j < bins; j++) {
			assert_near(bin[j].from_hours, bin[j - 1].to_hours, 0);
			assert_true(bin[j].to_hours > bin[j].from_hours);
		}
		assert_true(bin[bins - 1].to_hours >= hours[i]);
		assert_true(bin[bins - 1].from_hours < hours[i]);
	}
}

static void durations_are_short_and_have_units(void **state)
{
	(void)state;
	static const struct {
		double hours;
		const char *text, *full;
	} duration[] = {
		{0, "0 h", "0 hours"},	     {1 / 12.0, "5 min", "5 minutes"},
		{1, "1 h", "1 hour"},	     {9, "9 h", "9 hours"},
		{9.5, "9.5 h", "9.5 hours"}, {47.7, "48 h", "48 hours"},
		{50.4, "2.1 d", "2.1 days"}, {72, "3 d", "3 days"},
		{4320, "180 d", "180 days"},
	};
	for (size_t i = 0; i < sizeof duration / sizeof duration[0]; i++) {
		char text[32];
		assert_string_equal(
			word_duration(LANGUAGE_ENGLISH, duration[i].hours, text, sizeof text),
			duration[i].text);
		assert_string_equal(word_duration_in_full(LANGUAGE_ENGLISH, duration[i].hours, text,
							  sizeof text),
				    duration[i].full);
	}
}

static void every_word_exists_in_every_language(void **state)
{
	(void)state;
	for (int which = 0; which < WORDS; which++)
		for (int language = 0; language < LANGUAGES; language++) {
			const char *text = word((enum language)language, (enum word)which);
			assert_non_null(text);
			assert_null(strpbrk(text, "'\"`\\\n")); /* goes into a script as it is */
		}
}

static void loglog_loses_no_count_either(void **state)
{
	struct drawn *drawn = *state;
	char *csv = render(&loglog_figure, &drawn->request, FORMAT_CSV);
	struct csv_row row;
	double count = 0, wanted = 0;
	bool first_bucket_alone = false;
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row)) {
		if (strcmp(row.layer, "mean") != 0)
			continue;
		count += row.field[5];
		first_bucket_alone |= fabs(row.field[1] - 1 / 12.0) < 1e-6 && row.field[5] == 20;
	}
	free(csv);
	for (int i = 0; i < BUCKETS; i++)
		wanted += wanted_count(i);
	assert_near(count, wanted, 1e-6);
	assert_true(first_bucket_alone);
}

static void japanese_figures_speak_japanese(void **state)
{
	struct drawn *drawn = *state;
	struct figure_request request = drawn->request;
	request.language = LANGUAGE_JAPANESE;
	const struct figure *figure;
	for (size_t i = 0; (figure = figure_at(i)) && figure->source == FIGURE_FROM_FITS; i++) {
		request.analyses = request_for(drawn, figure).analyses;
		char *svg = render(figure, &request, FORMAT_SVG);
		assert_non_null(strstr(svg, "停止"));
		assert_null(strstr(svg, "retire"));
		free(svg);
	}
}

static void the_mechanism_is_drawn_of_no_target(void **state)
{
	struct drawn *drawn = *state;
	struct figure_request request = {0};
	char *svg = render(&mechanism_figure, &request, FORMAT_SVG);
	assert_non_null(strstr(svg, ">198.51.100.7, held by E<"));
	free(svg);
	request.language = LANGUAGE_JAPANESE;
	svg = render(&mechanism_figure, &request, FORMAT_SVG);
	assert_non_null(strstr(svg, ">198.51.100.7（Eが使用）<"));
	free(svg);
	struct failure failure = {0};
	size_t length;
	assert_int_equal(figure_render(&mechanism_figure, &drawn->request, FORMAT_SVG, &svg,
				       &length, &failure),
			 -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
}

static void dots_per_inch_change_the_size_of_a_png_alone(void **state)
{
	struct drawn *drawn = *state;
	struct figure_request request = drawn->request;
	request.dpi = 300;
	/* Width and height stand in the 16th to 23rd byte: 170 mm are 2009 dots. */
	const unsigned char *png = (unsigned char *)render(&window_figure, &request, FORMAT_PNG);
	assert_near(png[18] * 256 + png[19], 2009, 1);
	free((void *)(uintptr_t)png);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_figure_is_found_by_its_name),
		cmocka_unit_test(every_word_exists_in_every_language),
		cmocka_unit_test(loglog_loses_no_count_either),
		cmocka_unit_test(japanese_figures_speak_japanese),
		cmocka_unit_test(the_mechanism_is_drawn_of_no_target),
		cmocka_unit_test(dots_per_inch_change_the_size_of_a_png_alone),
		cmocka_unit_test(decay_loses_no_count_and_no_observed_hour),
		cmocka_unit_test(time_not_observed_is_a_gap_and_not_a_zero),
		cmocka_unit_test(decay_marks_the_last_syn),
		cmocka_unit_test(window_holds_each_bucket_as_it_was_counted),
		cmocka_unit_test(window_longer_than_the_record_ends_in_a_gap),
		cmocka_unit_test(more_days_or_targets_than_a_figure_shows_are_wrong_use),
		cmocka_unit_test(every_figure_draws_in_every_format_and_twice_the_same),
		cmocka_unit_test(a_record_of_silence_and_a_record_of_one_bucket_can_be_drawn),
		cmocka_unit_test(hostile_names_stay_text_in_a_figure),
		cmocka_unit_test(intervals_leave_a_fortieth_on_either_side),
		cmocka_unit_test(poisson_intervals_are_those_of_the_tables),
		cmocka_unit_test(bins_follow_each_other_and_never_overflow),
		cmocka_unit_test(durations_are_short_and_have_units),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
