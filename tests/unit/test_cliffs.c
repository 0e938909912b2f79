/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/cliffs.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define ROWS 2000

struct made {
	double from[ROWS], to[ROWS], exposure[ROWS], count[ROWS];
	struct sample sample;
};

/* Buckets of 5 minutes with one mean before `step` and another after it; in each tenth only half
 * was observed. */
static void make(struct made *made, double before, double after, size_t step, unsigned long seed)
{
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	gsl_rng_set(generator, seed);
	memset(made, 0, sizeof *made);
	made->sample = (struct sample){.from = made->from,
				       .to = made->to,
				       .exposure = made->exposure,
				       .count = made->count,
				       .rows = ROWS};
	for (size_t i = 0; i < ROWS; i++) {
		made->from[i] = (double)i / 12;
		made->to[i] = (double)(i + 1) / 12;
		made->exposure[i] = i % 10 == 9 ? 0.5 : 1;
		made->count[i] =
			gsl_ran_poisson(generator, made->exposure[i] * (i < step ? before : after));
		made->sample.total += made->count[i];
		made->sample.hours += made->exposure[i] / 12;
	}
	gsl_rng_free(generator);
}

/* Sum of ln Poisson without ln y!, row by row, each part of the record at its own rate. */
static double loglik_of_two_rates(const struct made *made, size_t step)
{
	double count[2] = {0, 0}, hours[2] = {0, 0}, loglik = 0;
	for (size_t i = 0; i < ROWS; i++) {
		count[i >= step] += made->count[i];
		hours[i >= step] += made->exposure[i] / 12;
	}
	for (size_t i = 0; i < ROWS; i++) {
		double mean = made->exposure[i] / 12 * count[i >= step] / hours[i >= step];
		loglik += (made->count[i] > 0 ? made->count[i] * log(mean) : 0) - mean;
	}
	return loglik;
}

static void greatest_cliff_is_the_step_that_no_other_place_beats(void **state)
{
	(void)state;
	for (unsigned long seed = 1; seed <= 4; seed++) {
		struct made made;
		struct cliffs cliffs;
		make(&made, 0.4, 0.3, 700, seed);
		cliffs_find(&cliffs, &made.sample);
		assert_true(cliffs.count > 0);
		double whole = loglik_of_two_rates(&made, 0), greatest = -INFINITY;
		for (size_t step = 1; step < ROWS; step += 1) {
			double gain = loglik_of_two_rates(&made, step) - whole;
			double count = 0, hours = 0;
			for (size_t i = 0; i < step; i++) {
				count += made.count[i];
				hours += made.exposure[i] / 12;
			}
			if (count / hours > made.sample.total / made.sample.hours)
				greatest = fmax(greatest, gain);
		}
		assert_true(fabs(cliffs.cliff[0].gain - greatest) < 1e-6);
	}
}

static void cliffs_are_an_hour_apart_and_the_greatest_comes_first(void **state)
{
	(void)state;
	for (unsigned long seed = 1; seed <= 20; seed++) {
		struct made made;
		struct cliffs cliffs;
		make(&made, 0.3, 0.3, 0, seed);
		cliffs_find(&cliffs, &made.sample);
		assert_true(cliffs.count <= CLIFFS_MAX);
		for (size_t i = 0; i < cliffs.count; i++) {
			assert_true(cliffs.cliff[i].before > cliffs.cliff[i].after);
			assert_true(cliffs.cliff[i].gain > 0);
			assert_true(i == 0 || cliffs.cliff[i].gain <= cliffs.cliff[i - 1].gain);
			for (size_t j = 0; j < i; j++)
				assert_true(fabs(cliffs.cliff[i].hours - cliffs.cliff[j].hours) >=
					    1);
		}
	}
}

static void counts_that_only_rise_have_no_cliff(void **state)
{
	(void)state;
	struct made made;
	struct cliffs cliffs;
	make(&made, 0, 0, 0, 1);
	for (size_t i = 0; i < ROWS; i++)
		made.sample.total += made.count[i] = (double)i;
	cliffs_find(&cliffs, &made.sample);
	assert_int_equal(cliffs.count, 0);
}

static void sample_without_a_count_or_a_second_row_has_no_cliff(void **state)
{
	(void)state;
	struct made made;
	struct cliffs cliffs;
	make(&made, 0, 0, 0, 1);
	cliffs_find(&cliffs, &made.sample);
	assert_int_equal(cliffs.count, 0);
	made.sample.rows = 1;
	cliffs_find(&cliffs, &made.sample);
	assert_int_equal(cliffs.count, 0);
	made.sample.rows = 0;
	cliffs_find(&cliffs, &made.sample);
	assert_int_equal(cliffs.count, 0);
}

static void start_at_a_cliff_falls_there_from_one_rate_to_the_other(void **state)
{
	(void)state;
	static const enum family family[] = {FAMILY_WEIBULL, FAMILY_LOGISTIC};
	const struct cliff cliff = {48, 30, 2, 1};
	for (int i = 0; i < 2; i++) {
		struct model model = {family[i], LIKELIHOOD_POISSON, NULL, 0, 0, 0};
		double parameter[MODEL_PARAMETERS_MAX] = {0};
		assert_true(cliff_start(&model, &cliff, false, parameter));
		double b = parameter[family_parameters(family[i]) - 1];
		assert_true(fabs(family_rate(family[i], parameter, 36) + b - 30) < 0.1);
		assert_true(fabs(family_rate(family[i], parameter, 60) + b - 2) < 1e-9);
	}
	struct model model = {FAMILY_EXP, LIKELIHOOD_POISSON, NULL, 0, 0, 0};
	double parameter[MODEL_PARAMETERS_MAX] = {0};
	assert_false(cliff_start(&model, &cliff, false, parameter));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(greatest_cliff_is_the_step_that_no_other_place_beats),
		cmocka_unit_test(cliffs_are_an_hour_apart_and_the_greatest_comes_first),
		cmocka_unit_test(counts_that_only_rise_have_no_cliff),
		cmocka_unit_test(sample_without_a_count_or_a_second_row_has_no_cliff),
		cmocka_unit_test(start_at_a_cliff_falls_there_from_one_rate_to_the_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
