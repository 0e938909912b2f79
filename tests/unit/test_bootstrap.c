/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/bootstrap.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define RETIRED 1203465600
#define DAYS	40
#define DRAWS	150

struct made {
	struct series series;
	struct sample sample;
	struct bootstrap bootstrap;
};

static void make(struct made *made, double baseline_hours)
{
	made->series = (struct series){.name = "made", .retired = RETIRED};
	made->series.row = calloc(DAYS * 288, sizeof *made->series.row);
	for (int i = 0; i < DAYS * 288; i++)
		made->series.row[made->series.rows++] = (struct series_row){
			.start = RETIRED + 300 * (int64_t)i, .observed_seconds = 300};
	assert_int_equal(sample_make(&made->sample, &made->series, SAMPLE_DAYS, NULL), 0);
	assert_int_equal(bootstrap_begin(&made->bootstrap, &made->sample, baseline_hours, NULL), 0);
}

static void release(struct made *made)
{
	bootstrap_end(&made->bootstrap);
	sample_free(&made->sample);
	series_free(&made->series);
}

/* Variance of ln tau of A e^(-t/tau) + b under NB1 by the inverse of the expected information, hour
 * by hour. */
static double variance_of_tau(double amplitude, double tau, double b, double phi)
{
	gsl_matrix *information = gsl_matrix_calloc(3, 3);
	for (double t = 0.5; t < DAYS * 24; t++) {
		double rate = amplitude * exp(-t / tau), slope[3] = {rate, rate * t / tau, 1};
		for (size_t i = 0; i < 3; i++)
			for (size_t j = 0; j < 3; j++)
				*gsl_matrix_ptr(information, i, j) +=
					slope[i] * slope[j] / ((1 + phi) * (rate + b));
	}
	gsl_linalg_cholesky_decomp1(information);
	gsl_linalg_cholesky_invert(information);
	double variance = gsl_matrix_get(information, 1, 1);
	gsl_matrix_free(information);
	return variance;
}

static void refits_scatter_as_theory_says(void **state)
{
	(void)state;
	struct made made;
	const struct fit truth = {.done = true,
				  .family = FAMILY_EXP,
				  .likelihood = LIKELIHOOD_NB1,
				  .parameter = {100, 200, 2},
				  .dispersion = 2,
				  .k = 4};
	double sum = 0, squares = 0, fano = 0;
	make(&made, 0);
	for (unsigned long seed = 1; seed <= DRAWS; seed++) {
		struct fit refit;
		fano += bootstrap_refit(&made.bootstrap, &truth, 0, seed, &refit) / DRAWS;
		double off = log(refit.parameter[1] / 200);
		sum += off;
		squares += off * off;
	}
	double variance = squares / DRAWS - sum / DRAWS * sum / DRAWS;
	assert_true(fabs(sum / DRAWS) < 0.015);
	double expected = variance_of_tau(100, 200, 2, 2);
	/* A chi-squared of 150: 0.65 to 1.43 holds all but one in ten thousand. */
	assert_true(variance > 0.65 * expected && variance < 1.43 * expected);
	/* Days as heavy as tau / 12 hours in all, two of them used up by A and tau. */
	assert_true(fabs(fano - 3 * (1 - 2 / (200 / 12.0))) < 0.3);
	release(&made);
}

static void clustering_adds_to_the_fano_factor_of_days(void **state)
{
	(void)state;
	struct made made;
	const struct fit truth = {.done = true,
				  .family = FAMILY_CONST,
				  .likelihood = LIKELIHOOD_POISSON,
				  .parameter = {5},
				  .k = 1};
	double without = 0, with = 0;
	make(&made, 0);
	for (unsigned long seed = 1; seed <= DRAWS; seed++) {
		struct fit refit;
		without += bootstrap_refit(&made.bootstrap, &truth, 0, seed, &refit) / DRAWS;
		with += bootstrap_refit(&made.bootstrap, &truth, 8, seed, &refit) / DRAWS;
	}
	/* One of 40 degrees of freedom goes to the rate. */
	assert_true(fabs(without - 39.0 / 40) < 0.1);
	assert_true(fabs(with - 9 * 39.0 / 40) < 1);
	release(&made);
}

static void same_seed_draws_the_same_record(void **state)
{
	(void)state;
	struct made made;
	struct fit one, other, third;
	const struct fit truth = {.done = true,
				  .family = FAMILY_EXP,
				  .likelihood = LIKELIHOOD_NB2,
				  .parameter = {100, 40, 0.1},
				  .dispersion = 0.5,
				  .k = 4};
	make(&made, 100);
	bootstrap_refit(&made.bootstrap, &truth, 3, 7, &one);
	bootstrap_refit(&made.bootstrap, &truth, 3, 8, &third);
	bootstrap_refit(&made.bootstrap, &truth, 3, 7, &other);
	assert_true(one.parameter[1] == other.parameter[1] && one.loglik == other.loglik);
	assert_true(one.parameter[1] != third.parameter[1]);
	release(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refits_scatter_as_theory_says),
		cmocka_unit_test(clustering_adds_to_the_fano_factor_of_days),
		cmocka_unit_test(same_seed_draws_the_same_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
