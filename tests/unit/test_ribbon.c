/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/ribbon.h"
#include "slowness.h"

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
#define BUCKETS 2880 /* ten days */

/* Counts that follow rate * e^(-hours / tau) as closely as whole numbers can. */
static void analyse_decay(double per_bucket, double tau, struct series *series,
			  struct analysis *analysis)
{
	struct analysis_options options;
	struct failure failure = {0};
	double due = 0;
	memset(series, 0, sizeof *series);
	snprintf(series->name, sizeof series->name, "decay");
	series->retired = RETIRED;
	series->rows = BUCKETS;
	series->row = calloc(BUCKETS, sizeof *series->row);
	assert_non_null(series->row);
	for (int i = 0; i < BUCKETS; i++) {
		due += per_bucket * exp(-(i + 0.5) / 12 / tau);
		uint32_t count = (uint32_t)floor(due + 0.5);
		due -= count;
		series->row[i] = (struct series_row){.start = RETIRED + i * 300,
						     .observed_seconds = 300,
						     .count = count,
						     .syn = count};
	}
	analysis_options_default(&options);
	/* Where it is slow: the two that are chosen, and one that might be. */
	for (int family = 0; runs_slowly() && family < FAMILIES; family++)
		options.families[family] =
			family == FAMILY_CONST || family == FAMILY_EXP || family == FAMILY_WEIBULL;
	assert_int_equal(analysis_run(analysis, series, &options, &failure), 0);
	assert_true(analysis->best.done);
}

/* From the information of a Poisson record, written out: means m, and (1, t / tau) as what the
 * logarithm of the rate changes by with those of A and tau. */
static double wanted_deviation(double per_bucket, double tau, double hours)
{
	double one = 0, both = 0, two = 0, slope = hours / tau;
	for (int i = 0; i < BUCKETS; i++) {
		double t = (i + 0.5) / 12, mean = per_bucket * exp(-t / tau);
		one += mean;
		both += mean * t / tau;
		two += mean * t * t / (tau * tau);
	}
	double determinant = one * two - both * both;
	return sqrt((two - 2 * slope * both + slope * slope * one) / determinant);
}

static void the_band_of_an_exponential_is_that_of_its_information(void **state)
{
	(void)state;
	static const double hours[] = {0, 12, 30, 60, 90};
	struct series series;
	struct analysis *analysis = calloc(1, sizeof *analysis);
	struct ribbon ribbon;
	struct failure failure = {0};
	analyse_decay(10, 30, &series, analysis);
	assert_int_equal(analysis->best.family, FAMILY_EXP);
	assert_int_equal(ribbon_make(&ribbon, analysis, &failure), 0);
	assert_true(ribbon.known);
	for (size_t i = 0; i < sizeof hours / sizeof hours[0]; i++) {
		double low, high, wanted = wanted_deviation(10, 30, hours[i]);
		double rate = fit_per_bucket(&analysis->best, hours[i]);
		ribbon_at(&ribbon, hours[i], &low, &high);
		assert_true(low < rate && rate < high);
		double found = log(high / low) / (2 * 1.959963984540054);
		/* The background that there might be makes it wider, late more than early. */
		if (found < 0.97 * wanted || found > (hours[i] > 60 ? 1.2 : 1.1) * wanted)
			fail_msg("at %g h: %g, wanted %g", hours[i], found, wanted);
	}
	free(series.row);
	free(analysis);
}

static void a_constant_has_the_interval_of_its_background(void **state)
{
	(void)state;
	struct series series;
	struct analysis *analysis = calloc(1, sizeof *analysis);
	struct ribbon ribbon;
	struct failure failure = {0};
	double low, high;
	analyse_decay(0.25, 1e9, &series, analysis);
	assert_int_equal(analysis->best.family, FAMILY_CONST);
	assert_int_equal(ribbon_make(&ribbon, analysis, &failure), 0);
	ribbon_at(&ribbon, 50, &low, &high);
	assert_true(fabs(low * 12 / analysis->best.ci[0].low - 1) < 1e-9);
	assert_true(fabs(high * 12 / analysis->best.ci[0].high - 1) < 1e-9);
	free(series.row);
	free(analysis);
}

static void without_a_fit_nothing_is_known(void **state)
{
	(void)state;
	struct analysis *analysis = calloc(1, sizeof *analysis);
	struct ribbon ribbon;
	struct failure failure = {0};
	double low = 0, high = 0;
	assert_int_equal(ribbon_make(&ribbon, analysis, &failure), 0);
	assert_false(ribbon.known);
	ribbon_at(&ribbon, 1, &low, &high);
	assert_true(isnan(low) && isnan(high));
	free(analysis);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_band_of_an_exponential_is_that_of_its_information),
		cmocka_unit_test(a_constant_has_the_interval_of_its_background),
		cmocka_unit_test(without_a_fit_nothing_is_known),
	};
	return cmocka_run_group_tests_name("ribbon", tests, NULL, NULL);
}
