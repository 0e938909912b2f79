/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/comparison.h"
#include "../../analysis/comparison_json.h"
#include "../../analysis/comparison_text.h"
#include "../../observer/target.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RETIRED 1203465600

static void check_interval(struct interval found, double value, double low, double high)
{
	assert_true(found.known);
	assert_true(fabs(found.value / value - 1) < 1e-9);
	assert_true(fabs(found.low / low - 1) < 1e-9);
	assert_true(fabs(found.high / high - 1) < 1e-9);
}

/* With intervals symmetric on the logarithm the variances simply add up. */
static void ratio_of_log_normal_times_has_the_sum_of_their_variances(void **state)
{
	(void)state;
	struct interval first = {10, 10 / exp(0.3), 10 * exp(0.3), true};
	struct interval second = {40, 40 / exp(0.4), 40 * exp(0.4), true};
	check_interval(comparison_ratio(&first, &second), 4, 4 / exp(0.5), 4 * exp(0.5));
	struct interval flat = {10, 7, 13, true}, other = {30, 26, 34, true};
	check_interval(comparison_difference(&flat, &other), 20, 15, 25);
}

static void open_intervals_leave_the_ratio_open(void **state)
{
	(void)state;
	struct interval first = {10, 8, 12, true}, open = {40, 30, INFINITY, true};
	struct interval ratio = comparison_ratio(&first, &open);
	assert_true(ratio.known && isinf(ratio.high) && ratio.low > 2.5 && ratio.low < 4);
	ratio = comparison_ratio(&open, &first);
	assert_true(ratio.low == 0 && ratio.high > 0.25 && ratio.high < 0.4);
	struct interval unknown = {NAN, NAN, NAN, false}, zero = {0, 0, 1, true};
	assert_false(comparison_ratio(&first, &unknown).known);
	assert_false(comparison_ratio(&zero, &first).known);
	assert_false(comparison_difference(&unknown, &first).known);
}

/* Coverage of MOVER where the estimates are skew: the 95 % interval of a rate from a Poisson count
 * (exact, Garwood), the ratio of two of them. */
static void ratio_covers_in_95_of_100_cases(void **state)
{
	(void)state;
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	int covered = 0;
	enum { ROUNDS = 4000 };
	for (int i = 0; i < ROUNDS; i++) {
		struct interval part[2];
		for (int j = 0; j < 2; j++) {
			double count = gsl_ran_poisson(generator, j ? 60 : 25);
			/* Score interval of a Poisson mean. */
			double half = 1.96 * sqrt(count + 0.9604);
			part[j] = (struct interval){count, count + 1.9208 - half,
						    count + 1.9208 + half, true};
		}
		struct interval ratio = comparison_ratio(&part[0], &part[1]);
		covered += ratio.low <= 2.4 && 2.4 <= ratio.high;
	}
	gsl_rng_free(generator);
	/* Standard deviation 0.35 %. */
	assert_true(covered > ROUNDS * 0.935 && covered < ROUNDS * 0.97);
}

/* Expected values from a writing in numpy and scipy. */
static void series_of_one_client_are_pooled_with_their_heterogeneity(void **state)
{
	(void)state;
	struct interval part[3] = {
		{10, 8, 12.5, true}, {20, 15, 80.0 / 3, true}, {14, 9, 196.0 / 9, true}};
	check_interval(comparison_pool(part, 3), 14.0082569268, 5.02701693424, 39.0353294399);
	struct interval alike[2] = {{10, 10 / 1.3, 13, true}, {10.2, 10.2 / 1.3, 13.26, true}};
	check_interval(comparison_pool(alike, 2), 10.0995049384, 3.03370924953, 33.6222068795);
}

static void pooling_leaves_out_what_is_not_known(void **state)
{
	(void)state;
	struct interval part[3] = {
		{NAN, NAN, NAN, false}, {20, 15, 25, true}, {14, 9, INFINITY, true}};
	check_interval(comparison_pool(part, 3), 20, 15, 25);
	assert_false(comparison_pool(part, 1).known);
	assert_true(isinf(comparison_pool(part + 2, 1).high));
}

static struct analysis analysis;
static struct series series;

static void begin(const char *name, const char *client, double half_life, double to_daily)
{
	memset(&analysis, 0, sizeof analysis);
	series = (struct series){.retired = RETIRED, .rows = 48 * 12};
	snprintf(series.name, sizeof series.name, "%s", name);
	snprintf(series.client, sizeof series.client, "%s", client);
	series.row = calloc(series.rows, sizeof *series.row);
	for (size_t i = 0; i < series.rows; i++)
		series.row[i] = (struct series_row){.start = RETIRED + 300 * (int64_t)i,
						    .observed_seconds = i % 2 ? 300 : 60,
						    .count = i < 72 ? 3 : 1};
	analysis.series = &series;
	analysis.last_syn = RETIRED + 26 * 3600;
	analysis.half_life_hours =
		(struct interval){half_life, half_life / 1.2, half_life * 1.2, half_life > 0};
	analysis.hours_to_daily =
		(struct interval){to_daily, to_daily / 1.2, to_daily * 1.2, to_daily > 0};
	analysis.silent_30d = NAN;
}

static void slower_is_said_only_when_the_whole_interval_says_it(void **state)
{
	(void)state;
	static const struct {
		const char *client;
		double half_life, to_daily;
	} made[] = {{"A", 9, 600}, {"B", 9, 620}, {"C", 24, 4000}, {"D", 1, 0}, {"A", 10, 610}};
	struct comparison comparison;
	assert_int_equal(comparison_begin(&comparison, 5, NULL), 0);
	for (int i = 0; i < 5; i++) {
		char name[8] = {'s', (char)('0' + i), 0};
		begin(name, made[i].client, made[i].half_life, made[i].to_daily);
		comparison_add(&comparison, &analysis);
		series_free(&series);
	}
	comparison_add(&comparison, &analysis); /* no room: left out */
	assert_int_equal(comparison_finish(&comparison, NULL), 0);
	assert_int_equal(comparison.members, 5);
	assert_int_equal(comparison.groups, 4);
	assert_int_equal(comparison.group[0].members, 2);
	assert_int_equal(comparison.pairs, 6);
	/* A B, A C, A D, B C, B D, C D */
	assert_int_equal(comparison.pair[0].verdict, VERDICT_UNDECIDED);
	assert_int_equal(comparison.pair[3].verdict, VERDICT_SLOWER);
	assert_int_equal(comparison.pair[4].verdict, VERDICT_FASTER); /* by the half-life */
	assert_false(comparison.pair[4].to_daily_ratio.known);
	/* The rate counts observed time: 3 in 180 seconds on average, and 1. */
	assert_true(fabs(comparison.member[0].rate[0] - 60) < 1e-9);
	assert_true(fabs(comparison.member[0].rate[1] - 20) < 1e-9);
	assert_true(isnan(comparison.member[0].rate[3]));
	assert_true(comparison.member[0].last_syn_hours == 26);
	json_t *object = comparison_to_json(&comparison);
	assert_non_null(object);
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(json_object_get(object, "pairs"), 3), "verdict")),
		"slower");
	json_decref(object);
	comparison_free(&comparison);
}

static void end_of_a_plateau_is_known_to_half_an_hour(void **state)
{
	(void)state;
	struct comparison comparison;
	assert_int_equal(comparison_begin(&comparison, 1, NULL), 0);
	begin("a", "A", 9, 100);
	analysis.best.family = FAMILY_PLATEAU_EXP;
	analysis.best.parameter[family_plateau(FAMILY_PLATEAU_EXP)] = 9;
	analysis.half_life_hours = (struct interval){9, 9, 9, true};
	comparison_add(&comparison, &analysis);
	assert_true(comparison.member[0].half_life.low == 8.5 &&
		    comparison.member[0].half_life.high == 9.5);
	series_free(&series);
	comparison_free(&comparison);
}

/* Whatever is unknown, both languages print it, and no cell says nan. */
static void tables_never_say_nan(void **state)
{
	(void)state;
	struct comparison comparison;
	assert_int_equal(comparison_begin(&comparison, 2, NULL), 0);
	begin("a", "", 0, 0);
	comparison_add(&comparison, &analysis);
	series_free(&series);
	begin("b", "B", 5, 0);
	analysis.last_syn = TIME_UNKNOWN;
	series.policy[0] = 'd';
	comparison_add(&comparison, &analysis);
	series_free(&series);
	assert_int_equal(comparison_finish(&comparison, NULL), 0);
	for (int i = 0; i < LANGUAGES; i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *stream = open_memstream(&text, &size);
		comparison_print(&comparison, (enum language)i, stream);
		fclose(stream);
		assert_null(strstr(text, "nan"));
		assert_non_null(strstr(text, i ? "判断できない" : "cannot be said"));
		assert_non_null(strstr(text, "--count attempts"));
		free(text);
	}
	comparison_free(&comparison);
}

static void no_number_has_an_exponent(void **state)
{
	(void)state;
	static const struct {
		struct interval hours;
		const char *text;
	} cases[] = {{{.value = 69360, .low = 0.0000716, .high = 710412, .known = true},
		      "2890 d (0.0000716 h to 29600 d)"},
		     {{.value = 9, .low = 0.00123, .high = 47.96, .known = true},
		      "9 h (0.00123 h to 48 h)"},
		     {{.value = 24e6, .low = 0, .high = INFINITY, .known = true},
		      "1000000 d (0 h or more)"}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[COMPARISON_ESTIMATE_SIZE];
		assert_string_equal(
			comparison_estimate_text(&cases[i].hours, LANGUAGE_ENGLISH, text),
			cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ratio_of_log_normal_times_has_the_sum_of_their_variances),
		cmocka_unit_test(open_intervals_leave_the_ratio_open),
		cmocka_unit_test(ratio_covers_in_95_of_100_cases),
		cmocka_unit_test(series_of_one_client_are_pooled_with_their_heterogeneity),
		cmocka_unit_test(pooling_leaves_out_what_is_not_known),
		cmocka_unit_test(slower_is_said_only_when_the_whole_interval_says_it),
		cmocka_unit_test(end_of_a_plateau_is_known_to_half_an_hour),
		cmocka_unit_test(tables_never_say_nan),
		cmocka_unit_test(no_number_has_an_exponent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
