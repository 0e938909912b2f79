/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/likelihood.h"
#include "../../analysis/rising.h"
#include "closeness.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RETIRED 1203465600
#define BUCKETS 6000

static const double parameter_of[FAMILIES][MODEL_PARAMETERS_MAX] = {
	{2.5, 1.7},
	{90, 21, 0.3, 1.7},
	{90, 8, 5, 120, 0.3, 1.7},
	{90, 21, 0.6, 0.3, 1.7},
	{90, 7, 1.4, 0.2, 1.7},
	{90, 21, 12, 0.3, 1.7},
	{90, 11, 9, 60, 0.1, 1.7},
	{90, 11, 30, 8, 1.3, 0.1, 1.7},
};

/* Twenty days with two gaps and some buckets covered in part; NB1 counts. */
static void make_series(struct series *series)
{
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	*series = (struct series){.name = "made", .retired = RETIRED};
	series->row = calloc(BUCKETS, sizeof *series->row);
	for (int i = 0; i < BUCKETS; i++) {
		if ((i > 200 && i < 230) || (i > 3000 && i < 3300))
			continue;
		double mean = 7.5 * exp(-i / 300.0) + 0.02;
		struct series_row *row = &series->row[series->rows++];
		row->start = RETIRED + 300 * (int64_t)i;
		row->observed_seconds = i % 97 == 0 ? 120 : 300;
		row->count = gsl_ran_negative_binomial(generator, 1 / 2.7, mean / 1.7);
		row->syn = row->count;
	}
	gsl_rng_free(generator);
}

static double mean_of(enum family family, const double *parameter, const struct series_row *row)
{
	double from = (double)(row->start - RETIRED) / 3600, width = 1.0 / 12;
	double b = parameter[family_parameters(family) - 1];
	return row->observed_seconds / 300.0 *
	       (family_integral(family, parameter, from, from + width) + b * width);
}

static void poisson_equals_a_sum_of_its_probabilities(void **state)
{
	(void)state;
	struct series series;
	struct sample sample;
	make_series(&series);
	assert_int_equal(sample_make(&sample, &series, SAMPLE_MERGED, NULL), 0);
	for (int family = 0; family < FAMILIES; family++) {
		struct model model = {(enum family)family, LIKELIHOOD_POISSON, &sample, 0, 0, 0};
		double sum = 0;
		for (size_t i = 0; i < series.rows; i++)
			sum += log(
				gsl_ran_poisson_pdf(series.row[i].count,
						    mean_of((enum family)family,
							    parameter_of[family], &series.row[i])));
		check_close(likelihood_value(&model, parameter_of[family]), sum, 1e-10);
	}
	sample_free(&sample);
	series_free(&series);
}

static void nb1_equals_a_sum_of_its_probabilities(void **state)
{
	(void)state;
	struct series series;
	struct sample sample;
	make_series(&series);
	assert_int_equal(sample_make(&sample, &series, SAMPLE_MERGED, NULL), 0);
	for (int family = 0; family < FAMILIES; family++) {
		struct model model = {(enum family)family, LIKELIHOOD_NB1, &sample, 0, 0, 0};
		double sum = 0, phi = parameter_of[family][family_parameters((enum family)family)];
		for (size_t i = 0; i < series.rows; i++) {
			double mean =
				mean_of((enum family)family, parameter_of[family], &series.row[i]);
			sum += log(gsl_ran_negative_binomial_pdf(series.row[i].count, 1 / (1 + phi),
								 mean / phi));
		}
		check_close(likelihood_value(&model, parameter_of[family]), sum, 1e-10);
	}
	sample_free(&sample);
	series_free(&series);
}

static void nb2_equals_a_sum_of_its_probabilities(void **state)
{
	(void)state;
	static const double alphas[] = {1e-5, 0.3, 40};
	struct series series;
	struct sample sample;
	make_series(&series);
	assert_int_equal(sample_make(&sample, &series, SAMPLE_ROWS, NULL), 0);
	for (int test = 0; test < 3 * FAMILIES; test++) {
		enum family family = (enum family)(test % FAMILIES);
		struct model model = {family, LIKELIHOOD_NB2, &sample, 0, 0, 0};
		double parameter[MODEL_PARAMETERS_MAX], sum = 0, alpha = alphas[test / FAMILIES];
		for (int i = 0; i < family_parameters(family); i++)
			parameter[i] = parameter_of[family][i];
		parameter[family_parameters(family)] = alpha;
		for (size_t i = 0; i < series.rows; i++) {
			double mean = mean_of(family, parameter, &series.row[i]);
			sum += log(gsl_ran_negative_binomial_pdf(
				series.row[i].count, 1 / (1 + alpha * mean), 1 / alpha));
		}
		check_close(likelihood_value(&model, parameter), sum, 1e-9);
	}
	sample_free(&sample);
	series_free(&series);
}

/* Equal buckets are where merging loses nothing: m of size 1/alpha are one of size m/alpha. */
static void nb2_of_a_merged_run_is_that_of_equal_buckets(void **state)
{
	(void)state;
	struct series series;
	struct sample merged, all;
	const double parameter[] = {0.3, 1.7};
	make_series(&series);
	assert_int_equal(sample_make(&merged, &series, SAMPLE_MERGED, NULL), 0);
	assert_int_equal(sample_make(&all, &series, SAMPLE_ROWS, NULL), 0);
	struct model one = {FAMILY_CONST, LIKELIHOOD_NB2, &merged, 0, 0, 0};
	struct model other = {FAMILY_CONST, LIKELIHOOD_NB2, &all, 0, 0, 0};
	check_close(likelihood_value(&one, parameter), likelihood_value(&other, parameter), 1e-12);
	one.family = other.family = FAMILY_OMORI;
	assert_true(fabs(likelihood_value(&one, parameter_of[FAMILY_OMORI]) -
			 likelihood_value(&other, parameter_of[FAMILY_OMORI])) < 0.02);
	sample_free(&merged);
	sample_free(&all);
	series_free(&series);
}

static void large_counts_under_nb2_have_their_probability(void **state)
{
	(void)state;
	static const uint32_t count[] = {0, 1, 255, 256, 257, 4000, 1000000};
	for (size_t i = 0; i < sizeof count / sizeof *count; i++) {
		struct series_row row = {.start = RETIRED, .observed_seconds = 300};
		struct series series = {.name = "one", .retired = RETIRED, .row = &row, .rows = 1};
		struct sample sample;
		row.count = count[i];
		assert_int_equal(sample_make(&sample, &series, SAMPLE_ROWS, NULL), 0);
		struct model model = {FAMILY_CONST, LIKELIHOOD_NB2, &sample, 0, 0, 0};
		const double parameter[] = {12 * 300, 0.8};
		double y = count[i], size = 1 / 0.8;
		double expected = lgamma(size + y) - lgamma(size) - lgamma(y + 1) -
				  size * log1p(0.8 * 300) + y * log(0.8 * 300 / (1 + 0.8 * 300));
		check_close(likelihood_value(&model, parameter), expected, 1e-9);
		sample_free(&sample);
	}
}

static void merged_zero_runs_have_the_likelihood_of_all_rows(void **state)
{
	(void)state;
	struct series series;
	struct sample merged, all;
	make_series(&series);
	assert_int_equal(sample_make(&merged, &series, SAMPLE_MERGED, NULL), 0);
	assert_int_equal(sample_make(&all, &series, SAMPLE_ROWS, NULL), 0);
	assert_true(merged.rows < all.rows / 2);
	assert_int_equal(merged.buckets, all.rows);
	for (int l = LIKELIHOOD_POISSON; l <= LIKELIHOOD_NB1; l++)
		for (int f = 0; f < FAMILIES; f++) {
			struct model one = {(enum family)f, (enum likelihood)l, &merged, 0, 0, 0};
			struct model other = {(enum family)f, (enum likelihood)l, &all, 0, 0, 0};
			check_close(likelihood_value(&one, parameter_of[f]),
				    likelihood_value(&other, parameter_of[f]), 1e-12);
		}
	sample_free(&merged);
	sample_free(&all);
	series_free(&series);
}

static void gradient_equals_differences(void **state)
{
	(void)state;
	struct series series;
	struct sample sample;
	make_series(&series);
	assert_int_equal(sample_make(&sample, &series, SAMPLE_MERGED, NULL), 0);
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			struct model model = {
				(enum family)f, (enum likelihood)l, &sample, 3, 50, 0};
			struct evaluation here;
			likelihood_evaluate(&model, parameter_of[f], &here);
			assert_true(here.loglik == likelihood_value(&model, parameter_of[f]));
			for (int i = 0; i < model_parameters(&model); i++) {
				double moved[MODEL_PARAMETERS_MAX], step = 1e-5;
				if (i == family_plateau((enum family)f))
					continue;
				for (int j = 0; j < MODEL_PARAMETERS_MAX; j++)
					moved[j] = parameter_of[f][j];
				double place = model_to_coordinate(&model, i, parameter_of[f][i]);
				moved[i] = model_from_coordinate(&model, i, place + step);
				double above = likelihood_value(&model, moved);
				moved[i] = model_from_coordinate(&model, i, place - step);
				double below = likelihood_value(&model, moved);
				double slope = (above - below) / (2 * step);
				if (!(fabs(here.gradient[i] - slope) < 1e-3 + 1e-5 * fabs(slope)))
					fail_msg("%s %s: slope %g is not %g",
						 family_name((enum family)f),
						 family_parameter_name((enum family)f, i),
						 here.gradient[i], slope);
			}
		}
	sample_free(&sample);
	series_free(&series);
}

static void baseline_adds_a_poisson_term_for_the_background(void **state)
{
	(void)state;
	struct series series;
	struct sample sample;
	make_series(&series);
	assert_int_equal(sample_make(&sample, &series, SAMPLE_MERGED, NULL), 0);
	struct model without = {FAMILY_EXP, LIKELIHOOD_POISSON, &sample, 0, 0, 0};
	struct model with = {FAMILY_EXP, LIKELIHOOD_POISSON, &sample, 17, 336, 0};
	double b = parameter_of[FAMILY_EXP][2];
	check_close(likelihood_value(&with, parameter_of[FAMILY_EXP]) -
			    likelihood_value(&without, parameter_of[FAMILY_EXP]),
		    log(gsl_ran_poisson_pdf(17, 336 * b)), 1e-9);
	sample_free(&sample);
	series_free(&series);
}

static void check_rising(double mean, double phi, double count, double relative)
{
	struct rising sums;
	double expected[6] = {0};
	for (double j = 0; j < count; j++) {
		double u = mean + phi * j;
		expected[0] += log(u);
		expected[1] += 1 / u;
		expected[2] += j / u;
		expected[3] += 1 / (u * u);
		expected[4] += j / (u * u);
		expected[5] += j * j / (u * u);
	}
	rising_sums(mean, phi, count, &sums);
	check_close(sums.log_product, expected[0], relative);
	check_close(sums.inverse, expected[1], relative);
	check_close(sums.index, expected[2], relative);
	check_close(sums.inverse_square, expected[3], 1e-3);
	check_close(sums.index_inverse, expected[4], 1e-3);
	check_close(sums.index_square, expected[5], 1e-3);
	assert_true(rising_log_product(mean, phi, count) == sums.log_product);
}

static void long_counts_have_the_sums_of_their_terms(void **state)
{
	(void)state;
	static const double phi[] = {0, 1e-8, 1e-4, 0.03, 1.8, 25, 1e4};
	static const double count[] = {1, 7, 63, 64, 65, 200, 5000, 100000};
	for (size_t i = 0; i < sizeof phi / sizeof *phi; i++)
		for (size_t j = 0; j < sizeof count / sizeof *count; j++) {
			check_rising(1.3, phi[i], count[j], 1e-11);
			check_rising(40000, phi[i], count[j], 1e-11);
		}
	check_rising(1e-9, 1.8, 5, 1e-12);
}

static void both_become_poisson_as_their_dispersion_vanishes(void **state)
{
	(void)state;
	struct series series;
	struct sample sample;
	make_series(&series);
	assert_int_equal(sample_make(&sample, &series, SAMPLE_MERGED, NULL), 0);
	double parameter[] = {90, 21, 0.3, 1e-8};
	struct model nb1 = {FAMILY_EXP, LIKELIHOOD_NB1, &sample, 0, 0, 0};
	struct model poisson = {FAMILY_EXP, LIKELIHOOD_POISSON, &sample, 0, 0, 0};
	struct model nb2 = {FAMILY_EXP, LIKELIHOOD_NB2, &sample, 0, 0, 0};
	check_close(likelihood_value(&nb1, parameter), likelihood_value(&poisson, parameter), 1e-6);
	check_close(likelihood_value(&nb2, parameter), likelihood_value(&poisson, parameter), 1e-6);
	sample_free(&sample);
	series_free(&series);
}

static void means_carry_the_exposure(void **state)
{
	(void)state;
	struct series series;
	struct sample sample;
	make_series(&series);
	assert_int_equal(sample_make(&sample, &series, SAMPLE_ROWS, NULL), 0);
	struct model model = {FAMILY_BIEXP, LIKELIHOOD_POISSON, &sample, 0, 0, 0};
	double *mean = calloc(sample.rows, sizeof *mean);
	likelihood_means(&model, parameter_of[FAMILY_BIEXP], mean);
	for (size_t i = 0; i < sample.rows; i++)
		check_close(mean[i],
			    mean_of(FAMILY_BIEXP, parameter_of[FAMILY_BIEXP], &series.row[i]),
			    1e-9);
	free(mean);
	sample_free(&sample);
	series_free(&series);
}

/* Equal counts told once, at their mean time: the height is nearly that of all rows, and the slopes
 * too, which is what decides where the maximum lies. */
static void grouped_buckets_have_nearly_the_likelihood_of_all_rows(void **state)
{
	(void)state;
	struct series series;
	struct sample grouped, all;
	make_series(&series);
	for (size_t i = 0; i < series.rows; i++)
		series.row[i].count = series.row[i].count / 2 + (uint32_t)(i * i % 5);
	assert_int_equal(sample_make(&grouped, &series, SAMPLE_GROUPED, NULL), 0);
	assert_int_equal(sample_make(&all, &series, SAMPLE_ROWS, NULL), 0);
	assert_true(grouped.rows < all.rows / 2);
	check_close(grouped.total, all.total, 1e-15);
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			struct model one = {(enum family)f, (enum likelihood)l, &grouped, 3, 50, 0};
			struct model other = {(enum family)f, (enum likelihood)l, &all, 3, 50, 0};
			struct evaluation near, exact;
			likelihood_evaluate(&one, parameter_of[f], &near);
			likelihood_evaluate(&other, parameter_of[f], &exact);
			check_close(near.loglik, exact.loglik, 1e-4);
			for (int i = 0; i < model_parameters(&one); i++)
				assert_true(fabs(near.gradient[i] - exact.gradient[i]) <=
					    1e-2 * sqrt(exact.information[i][i]) +
						    1e-3 * fabs(exact.gradient[i]));
		}
	sample_free(&grouped);
	sample_free(&all);
	series_free(&series);
}

/* The wave of a bucket from the clock that it began at, by the calendar functions. */
static double wave_of(const struct series_row *row, const double *coefficient)
{
	time_t middle = (time_t)(row->start + 150);
	struct tm tm;
	gmtime_r(&middle, &tm);
	double day = (tm.tm_hour * 60 + tm.tm_min + tm.tm_sec / 60.0) / 1440;
	double week = ((tm.tm_wday + 3) % 7 + day) / 7; /* from Thursday on */
	return exp(coefficient[0] * cos(2 * M_PI * day) + coefficient[1] * sin(2 * M_PI * day) +
		   coefficient[2] * cos(2 * M_PI * week) + coefficient[3] * sin(2 * M_PI * week));
}

static void waves_multiply_the_residual_and_not_the_background(void **state)
{
	(void)state;
	struct series series;
	struct sample sample;
	const double parameter[MODEL_PARAMETERS_MAX] = {90, 21, 0.3, 1.7, 0.6, -0.3, 0.2, 0.1};
	make_series(&series);
	assert_int_equal(sample_make(&sample, &series, SAMPLE_ROWS, NULL), 0);
	assert_int_equal(sample_add_waves(&sample, series.retired, NULL), 0);
	struct model model = {FAMILY_EXP, LIKELIHOOD_NB1, &sample, 0, 0, 4};
	double sum = 0, *mean = calloc(sample.rows, sizeof *mean);
	likelihood_means(&model, parameter, mean);
	for (size_t i = 0; i < series.rows; i++) {
		const struct series_row *row = &series.row[i];
		double background = 0.3 / 12 * row->observed_seconds / 300;
		double residual = mean_of(FAMILY_EXP, parameter, row) - background;
		double expected = residual * wave_of(row, parameter + 4) + background;
		check_close(mean[i], expected, 1e-9);
		sum += log(gsl_ran_negative_binomial_pdf(row->count, 1 / 2.7, expected / 1.7));
	}
	check_close(likelihood_value(&model, parameter), sum, 1e-9);
	struct evaluation here;
	likelihood_evaluate(&model, parameter, &here);
	for (int i = 0; i < model_parameters(&model); i++) {
		double moved[MODEL_PARAMETERS_MAX], step = 1e-5;
		memcpy(moved, parameter, sizeof moved);
		double place = model_to_coordinate(&model, i, parameter[i]);
		moved[i] = model_from_coordinate(&model, i, place + step);
		double above = likelihood_value(&model, moved);
		moved[i] = model_from_coordinate(&model, i, place - step);
		double slope = (above - likelihood_value(&model, moved)) / (2 * step);
		assert_true(fabs(here.gradient[i] - slope) < 1e-3 + 1e-5 * fabs(slope));
	}
	free(mean);
	sample_free(&sample);
	series_free(&series);
}

static void background_that_drifts_is_weighed_in_every_form_of_sample(void **state)
{
	(void)state;
	struct series series;
	struct sample sample;
	make_series(&series);
	double *drift = calloc(series.rows, sizeof *drift), expected = 0;
	for (size_t i = 0; i < series.rows; i++) {
		drift[i] = i < series.rows / 2 ? 0.5 : 1.5;
		expected += drift[i] * series.row[i].observed_seconds / 3600;
	}
	series.drift = drift;
	for (int form = SAMPLE_ROWS; form <= SAMPLE_DAYS; form++) {
		double sum = 0;
		assert_int_equal(sample_make(&sample, &series, (enum sample_form)form, NULL), 0);
		for (size_t i = 0; i < sample.rows; i++)
			sum += sample.background[i] * sample.weight[i];
		check_close(sum, expected, 1e-12);
		sample_free(&sample);
	}
	free(drift);
	series_free(&series);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(poisson_equals_a_sum_of_its_probabilities),
		cmocka_unit_test(nb1_equals_a_sum_of_its_probabilities),
		cmocka_unit_test(nb2_equals_a_sum_of_its_probabilities),
		cmocka_unit_test(nb2_of_a_merged_run_is_that_of_equal_buckets),
		cmocka_unit_test(large_counts_under_nb2_have_their_probability),
		cmocka_unit_test(merged_zero_runs_have_the_likelihood_of_all_rows),
		cmocka_unit_test(gradient_equals_differences),
		cmocka_unit_test(baseline_adds_a_poisson_term_for_the_background),
		cmocka_unit_test(long_counts_have_the_sums_of_their_terms),
		cmocka_unit_test(both_become_poisson_as_their_dispersion_vanishes),
		cmocka_unit_test(means_carry_the_exposure),
		cmocka_unit_test(grouped_buckets_have_nearly_the_likelihood_of_all_rows),
		cmocka_unit_test(waves_multiply_the_residual_and_not_the_background),
		cmocka_unit_test(background_that_drifts_is_weighed_in_every_form_of_sample),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
