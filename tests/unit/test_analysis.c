/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/analysis.h"
#include "../../analysis/analysis_json.h"
#include "../../analysis/forecast.h"
#include "../../analysis/residuals.h"
#include "../../observer/target.h"
#include "slowness.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RETIRED 1203465600

static struct analysis analysis;

static void make(struct series *series, enum family family, const double *parameter, double phi,
		 int buckets, unsigned long seed)
{
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	gsl_rng_set(generator, seed);
	*series = (struct series){.name = "made", .retired = RETIRED};
	series->row = calloc((size_t)buckets + 1, sizeof *series->row);
	for (int i = 0; i < buckets; i++) {
		double mean = family_integral(family, parameter, i / 12.0, (i + 1) / 12.0) +
			      parameter[family_parameters(family) - 1] / 12;
		struct series_row *row = &series->row[series->rows++];
		row->start = RETIRED + 300 * (int64_t)i;
		row->observed_seconds = 300;
		row->count =
			mean <= 0 ? 0
			: phi > 0 ? gsl_ran_negative_binomial(generator, 1 / (1 + phi), mean / phi)
				  : gsl_ran_poisson(generator, mean);
		row->syn = row->count;
	}
	gsl_rng_free(generator);
}

static void run(const struct series *series)
{
	struct analysis_options options;
	analysis_options_default(&options);
	/* Where it is slow: a family of each kind. */
	if (runs_slowly())
		options.families[FAMILY_BIEXP] = options.families[FAMILY_OMORI] =
			options.families[FAMILY_LOGISTIC] = options.families[FAMILY_PLATEAU_EXP] =
				false;
	assert_int_equal(analysis_run(&analysis, series, &options, NULL), 0);
}

static void family_and_likelihood_of_the_data_are_chosen(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	struct series series;
	make(&series, FAMILY_PLATEAU_EXP, (const double[]){240, 9, 6, 96, 0.001}, 1.8, 4000, 11);
	run(&series);
	assert_int_equal(analysis.best.family, FAMILY_PLATEAU_EXP);
	assert_int_equal(analysis.best.likelihood, LIKELIHOOD_NB1);
	/* A tail that may bend costs one parameter: e^(-ln(4000)/2), a hundredth, is left to it. */
	assert_true(analysis.weight[LIKELIHOOD_NB1][FAMILY_PLATEAU_EXP] > 0.9);
	assert_true(analysis.half_life_hours.known && analysis.half_life_hours.value == 9);
	assert_true(fabs(analysis.best.dispersion - 1.8) < 0.6);
	series_free(&series);
	make(&series, FAMILY_OMORI, (const double[]){300, 6, 1.5, 0.01}, 0, 2000, 12);
	run(&series);
	assert_int_equal(analysis.best.family, FAMILY_OMORI);
	assert_int_equal(analysis.best.likelihood, LIKELIHOOD_POISSON);
	series_free(&series);
}

static void weights_sum_to_one_and_follow_bic(void **state)
{
	(void)state;
	struct series series;
	double sum = 0;
	make(&series, FAMILY_EXP, (const double[]){60, 20, 0.5}, 1, runs_slowly() ? 30 : 600, 13);
	run(&series);
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			const struct fit *fit = &analysis.fit[l][f];
			double best =
				analysis.weight[analysis.best.likelihood][analysis.best.family];
			if (!fit->done)
				continue;
			sum += analysis.weight[l][f];
			assert_true(fit->bic >= analysis.best.bic);
			assert_true(fabs(analysis.weight[l][f] -
					 best * exp((analysis.best.bic - fit->bic) / 2)) < 1e-12);
		}
	assert_true(fabs(sum - 1) < 1e-12);
	series_free(&series);
}

static void few_calls_allow_no_shape_beyond_the_exponential(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	struct series series;
	make(&series, FAMILY_PLATEAU_EXP, (const double[]){2.5, 8, 0.1, 5, 0}, 0, 2880, 14);
	run(&series);
	assert_true(analysis.count > 3 && analysis.count < 30);
	assert_true(analysis.best.family == FAMILY_CONST || analysis.best.family == FAMILY_EXP);
	assert_true(analysis.weight[LIKELIHOOD_POISSON][FAMILY_PLATEAU_EXP] == 0);
	assert_true(analysis.fit[LIKELIHOOD_POISSON][FAMILY_PLATEAU_EXP].done);
	assert_non_null(strstr(analysis.doubt[LANGUAGE_ENGLISH], "too few"));
	assert_non_null(strstr(analysis.doubt[LANGUAGE_JAPANESE], "しかなく"));
	series_free(&series);
}

static void families_within_two_bic_are_named_in_doubt(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	/* A biexp of two like components is an exp, so one of them is close in BIC only by luck:
	 * the sentence must be there exactly when a family is within 2. */
	for (unsigned long seed = 1; seed <= 3; seed++) {
		struct series series;
		bool close = false;
		make(&series, FAMILY_OMORI, (const double[]){60, 6, 1.6, 0.02}, 1.5, 500, seed);
		run(&series);
		for (int f = 0; f < FAMILIES; f++)
			for (int l = 0; l < LIKELIHOODS; l++)
				close |= f != (int)analysis.best.family &&
					 analysis.fit[l][f].bic <= analysis.best.bic + 2;
		assert_int_equal(close, analysis.doubt[LANGUAGE_ENGLISH][0] != '\0');
		series_free(&series);
	}
}

static void silence_has_its_closed_form(void **state)
{
	(void)state;
	struct fit fit = {.done = true,
			  .family = FAMILY_EXP,
			  .likelihood = LIKELIHOOD_NB1,
			  .parameter = {100, 20, 3},
			  .dispersion = 1.8};
	double mean = 100 * 20 * (exp(-5.0) - exp(-10.0));
	assert_true(fabs(forecast_silence(&fit, 100, 200) / pow(2.8, -mean / 1.8) - 1) < 1e-9);
	/* NB1 of size M/phi at zero. */
	assert_true(fabs(forecast_silence(&fit, 100, 200) /
				 gsl_ran_negative_binomial_pdf(0, 1 / 2.8, mean / 1.8) -
			 1) < 1e-9);
	fit.likelihood = LIKELIHOOD_POISSON;
	fit.dispersion = 0;
	assert_true(fabs(forecast_silence(&fit, 100, 200) / exp(-mean) - 1) < 1e-9);
}

static void silence_under_nb2_is_the_product_over_buckets(void **state)
{
	(void)state;
	static const double alphas[] = {1e-4, 0.7, 30};
	static const double parameter[] = {200, 11, 30, 8, 1.3, 0.1};
	struct fit fit = {
		.done = true, .family = FAMILY_PLATEAU_OMORI, .likelihood = LIKELIHOOD_NB2};
	memcpy(fit.parameter, parameter, sizeof parameter);
	for (int i = 0; i < 3; i++) {
		double alpha = fit.dispersion = alphas[i], silence = 0;
		for (int bucket = 10 * 12; bucket < 14 * 12; bucket++) {
			double mean = family_integral(FAMILY_PLATEAU_OMORI, parameter,
						      bucket / 12.0, (bucket + 1) / 12.0);
			silence += log(gsl_ran_negative_binomial_pdf(0, 1 / (1 + alpha * mean),
								     1 / alpha));
		}
		double found = log(forecast_silence(&fit, 10, 14));
		assert_true(fabs(found / silence - 1) < 1e-5);
		/* The rest of time is finite, and costs more than a long stretch of it. */
		double year = log(forecast_silence(&fit, 300, 300 + 8766));
		double ever = log(forecast_silence(&fit, 300, INFINITY));
		assert_true(isfinite(ever) && ever < year && ever > 10 * year);
	}
}

static void new_families_are_chosen_where_they_are_true(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	struct series series;
	make(&series, FAMILY_LOGISTIC, (const double[]){100, 20, 2, 0.1}, 0, 600, 22);
	run(&series);
	assert_int_equal(analysis.best.family, FAMILY_LOGISTIC);
	assert_true(analysis.half_life_hours.known);
	assert_true(analysis.half_life_hours.low < 20 && analysis.half_life_hours.high > 20);
	series_free(&series);
	make(&series, FAMILY_WEIBULL, (const double[]){300, 10, 0.5, 0.05}, 0, 1500, 23);
	run(&series);
	assert_int_equal(analysis.best.family, FAMILY_WEIBULL);
	/* tau (ln 2)^(1/beta) */
	assert_true(analysis.half_life_hours.low < 4.8 && analysis.half_life_hours.high > 4.8);
	assert_true(analysis.residual_total.known);
	series_free(&series);
}

static void distribution_equals_that_of_gsl(void **state)
{
	(void)state;
	static const double mean[] = {0.001, 0.3, 4, 150, 5000};
	for (size_t i = 0; i < sizeof mean / sizeof *mean; i++)
		for (unsigned count = 0; count < 6000; count = 2 * count + 1) {
			double poisson =
				residuals_distribution(LIKELIHOOD_POISSON, mean[i], 0, count);
			double nb1 = residuals_distribution(LIKELIHOOD_NB1, mean[i], 1.8, count);
			double alpha = 0.7, scaled = alpha * mean[i];
			double nb2 = residuals_distribution(LIKELIHOOD_NB2, mean[i], alpha, count);
			assert_true(fabs(nb2 - gsl_cdf_negative_binomial_P(count, 1 / (1 + scaled),
									   1 / alpha)) < 1e-9);
			assert_true(fabs(poisson - gsl_cdf_poisson_P(count, mean[i])) < 1e-9);
			assert_true(fabs(nb1 - gsl_cdf_negative_binomial_P(count, 1 / 2.8,
									   mean[i] / 1.8)) < 1e-9);
		}
}

static void residuals_of_the_true_model_look_uniform_and_independent(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	struct series series;
	make(&series, FAMILY_EXP, (const double[]){200, 50, 6}, 1.8, 6000, 15);
	struct analysis_options options = {.families[FAMILY_EXP] = true,
					   .likelihoods[LIKELIHOOD_NB1] = true};
	assert_int_equal(analysis_run(&analysis, &series, &options, NULL), 0);
	assert_true(analysis.residual_ks_p > 0.001);
	assert_true(fabs(analysis.residual_acf1) < 4 / sqrt(6000));
	assert_true(fabs(analysis.residual_acf288) < 4 / sqrt(6000));
	assert_true(fabs(analysis.fano[0] - 2.8) < 0.5);
	assert_true(fabs(analysis.fano[1] - 2.8) < 1);
	series_free(&series);
}

static void wrong_model_is_seen_in_its_residuals(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	struct series series;
	struct analysis_options options = {.families[FAMILY_CONST] = true,
					   .likelihoods[LIKELIHOOD_POISSON] = true};
	make(&series, FAMILY_EXP, (const double[]){200, 50, 6}, 0, 6000, 16);
	assert_int_equal(analysis_run(&analysis, &series, &options, NULL), 0);
	assert_int_equal(analysis.best.family, FAMILY_CONST);
	assert_true(analysis.residual_ks_p < 1e-6);
	assert_true(analysis.residual_acf1 > 0.3);
	series_free(&series);
}

static void baseline_is_named_as_the_source_of_the_background(void **state)
{
	(void)state;
	struct series series;
	struct analysis_options options;
	make(&series, FAMILY_EXP, (const double[]){200, 20, 0.6}, 0, 3000, 17);
	options = (struct analysis_options){.families[FAMILY_EXP] = true};
	options.likelihoods[LIKELIHOOD_POISSON] = true;
	options.baseline_syn = 144;
	options.baseline_seconds = 10 * 86400;
	assert_int_equal(analysis_run(&analysis, &series, &options, NULL), 0);
	assert_string_equal(analysis.background_from, "baseline");
	assert_true(fabs(analysis.background_per_bucket.value - 0.05) < 0.01);
	series_free(&series);
}

static void check_null(const json_t *object, const char *group, const char *key)
{
	const json_t *value = json_object_get(json_object_get(object, group), key);
	assert_non_null(value);
	if (json_is_object(value))
		value = json_object_get(value, "value");
	assert_true(json_is_null(value));
}

static void series_without_a_call_is_analysed_with_unknowns(void **state)
{
	(void)state;
	struct series series;
	make(&series, FAMILY_CONST, (const double[]){0}, 0, runs_slowly() ? 300 : 1440, 18);
	run(&series);
	assert_true(analysis.last_syn == TIME_UNKNOWN && analysis.phases == 1);
	assert_true(isnan(analysis.silent_30d) && !analysis.half_life_hours.known);
	assert_non_null(strstr(analysis.doubt[LANGUAGE_ENGLISH], "not one SYN"));
	json_t *json = analysis_to_json(&analysis);
	assert_true(json_is_null(json_object_get(json, "last_syn")));
	check_null(json, "derived", "half_life_hours");
	check_null(json, "derived", "hours_to_background");
	check_null(json, "fano", "1d");
	json_decref(json);
	series_free(&series);
}

static void single_bucket_and_no_bucket_are_analysed(void **state)
{
	(void)state;
	struct series series;
	make(&series, FAMILY_CONST, (const double[]){60}, 0, 1, 19);
	run(&series);
	assert_int_equal(analysis.buckets, 1);
	assert_true(analysis.best.done && isfinite(analysis.best.bic));
	json_t *json = analysis_to_json(&analysis);
	assert_non_null(json);
	json_decref(json);
	series.retired += 86400;
	series.first = 1;
	run(&series);
	assert_int_equal(analysis.buckets, 0);
	assert_false(analysis.best.done);
	assert_non_null(strstr(analysis.doubt[LANGUAGE_ENGLISH], "no observed bucket"));
	json = analysis_to_json(&analysis);
	assert_non_null(json);
	json_decref(json);
	series_free(&series);
}

static void enormous_counts_stay_finite(void **state)
{
	(void)state;
	struct series series;
	make(&series, FAMILY_EXP, (const double[]){9e5, 20, 100}, 0, runs_slowly() ? 20 : 100, 20);
	for (size_t i = 0; i < 3; i++)
		series.row[i].count = series.row[i].syn = UINT32_MAX;
	run(&series);
	json_t *json = analysis_to_json(&analysis);
	/* jansson writes no nan and no inf: a text shows that every number was finite or null. */
	char *text = json_dumps(json, 0);
	assert_non_null(text);
	free(text);
	json_decref(json);
	series_free(&series);
}

static void many_at_a_time_are_what_they_are_one_by_one(void **state)
{
	(void)state;
	struct series series[3];
	struct analysis_job job[3];
	struct analysis_options options;
	options = (struct analysis_options){.families[FAMILY_EXP] = true,
					    .families[FAMILY_PLATEAU_OMORI] = true,
					    .likelihoods[LIKELIHOOD_NB1] = true};
	for (int i = 0; i < 3; i++) {
		make(&series[i], FAMILY_EXP, (const double[]){60, 15, 0.4}, 1.5,
		     (runs_slowly() ? 12 : 100) * (3 + i), (unsigned long)(30 + i));
		job[i] = (struct analysis_job){.series = &series[i],
					       .analysis = malloc(sizeof(struct analysis))};
	}
	analysis_run_all(job, 3, &options);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(job[i].result, 0);
		assert_int_equal(analysis_run(&analysis, &series[i], &options, NULL), 0);
		json_t *one = analysis_to_json(&analysis),
		       *other = analysis_to_json(job[i].analysis);
		assert_true(json_equal(one, other));
		json_decref(one);
		json_decref(other);
		series_free(&series[i]);
		free(job[i].analysis);
	}
}

static struct silence month(const struct series *series, double seconds)
{
	struct analysis_options options;
	analysis_options_default(&options);
	options.baseline_seconds = seconds;
	assert_int_equal(analysis_run(&analysis, series, &options, NULL), 0);
	return analysis.silence[SILENCE_MONTH];
}

/* The tail of the decay looks like a background; a year without a SYN before it says otherwise. */
static void baseline_takes_the_background_out_of_the_forecast(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	struct series series;
	make(&series, FAMILY_BIEXP, (const double[]){80, 8, 0.6, 90, 0}, 0, 4000, 33);
	struct silence without = month(&series, 0);
	assert_false(analysis.background_joint_per_bucket.known);
	struct silence with = month(&series, 365 * 86400);
	assert_true(analysis.background_joint_per_bucket.known);
	assert_true(analysis.background_joint_per_bucket.high >
		    analysis.background_per_bucket.high);
	assert_true(with.probability > without.probability);
	assert_true(with.residual_only >= with.probability);
	assert_true(with.low <= with.probability && with.probability <= with.high);
	series_free(&series);
}

/* Sessions: each of them leaves 15 counts within some hours of one day. */
static void counts_of_days_that_vary_together_widen_the_intervals(void **state)
{
	(void)state;
	struct series series;
	double width[2];
	struct analysis_options options = {.families[FAMILY_EXP] = true,
					   .likelihoods[LIKELIHOOD_NB1] = true};
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	/* Where it is slow, only the path is walked. */
	int days = runs_slowly() ? 6 : 40;
	for (int clustered = runs_slowly(); clustered < 2; clustered++) {
		make(&series, FAMILY_CONST, (const double[]){0}, 0, days * 288, 34);
		double each = clustered ? 15 : 1;
		for (int day = 0; day < days; day++) {
			double sessions = gsl_ran_poisson(generator, 300 * exp(-day / 10.0) / each);
			for (double i = 0; i < sessions * each; i++) {
				size_t hours = (size_t)gsl_rng_uniform_int(generator, 288);
				series.row[(size_t)day * 288 + hours].count++;
			}
		}
		for (size_t i = 0; i < series.rows; i++)
			series.row[i].syn = series.row[i].count;
		assert_int_equal(analysis_run(&analysis, &series, &options, NULL), 0);
		if (runs_slowly()) {
			series_free(&series);
			break;
		}
		assert_int_equal(analysis.clustered, clustered);
		width[clustered] = log(analysis.best.ci[1].high / analysis.best.ci[1].low);
		assert_true(analysis.best.ci[1].low < 240 && analysis.best.ci[1].high > 240);
		series_free(&series);
	}
	gsl_rng_free(generator);
	if (runs_slowly())
		return;
	/* By the square root of 15, as far as two draws tell. */
	assert_true(width[1] / width[0] > 2.2 && width[1] / width[0] < 7);
}

/* The hours to a level of an exponential have a closed form. */
static void times_and_totals_are_those_of_the_curve(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	struct series series;
	make(&series, FAMILY_EXP, (const double[]){200, 30, 0.5}, 0, 3000, 35);
	run(&series);
	const double *p = analysis.best.parameter;
	assert_int_equal(analysis.best.family, FAMILY_EXP);
	assert_true(fabs(analysis.half_life_hours.value - p[1] * log(2)) < 1e-6);
	assert_true(fabs(analysis.hours_to_background.value - p[1] * log(p[0] / p[2])) < 1e-6);
	assert_true(fabs(analysis.hours_to_daily.value - p[1] * log(p[0] * 24)) < 1e-6);
	assert_true(fabs(analysis.hours_to_monthly.value - p[1] * log(p[0] * 720)) < 1e-6);
	double total = p[0] * p[1] * exp(-250 / p[1]);
	assert_true(fabs(analysis.residual_total.value / total - 1) < 1e-9);
	assert_true(analysis.hours_to_daily.low < 30 * log(200 * 24) &&
		    analysis.hours_to_daily.high > 30 * log(200 * 24));
	series_free(&series);
}

/* Three calls an hour for a fortnight, then none for eight days: no curve bends like that. */
static void calls_that_broke_off_are_not_forecast_to_go_on(void **state)
{
	(void)state;
	if (runs_slowly())
		skip();
	struct series series;
	struct analysis_options options = {.families[FAMILY_EXP] = true,
					   .likelihoods[LIKELIHOOD_NB1] = true};
	make(&series, FAMILY_EXP, (const double[]){3, 1000, 0}, 1.8, 22 * 288, 27);
	for (size_t i = 14 * 288; i < series.rows; i++)
		series.row[i].count = series.row[i].syn = 0;
	assert_int_equal(analysis_run(&analysis, &series, &options, NULL), 0);
	struct fit level = fit_leveled(&analysis.best);
	assert_true(forecast_silence(&level, 22 * 24, 29 * 24) < 0.1);
	assert_true(analysis.silence[1].probability > 0.5);
	assert_true(analysis.silence[2].probability < analysis.silence[1].probability);
	/* The same eight days without an observer say nothing of the kind. */
	size_t silent = 8 * 288;
	memmove(series.row + series.rows - silent, series.row + series.rows - 1,
		sizeof *series.row);
	series.rows -= silent - 1;
	assert_int_equal(analysis_run(&analysis, &series, &options, NULL), 0);
	assert_true(analysis.silence[1].probability < 0.1);
	series_free(&series);
}

static void json_has_the_agreed_keys(void **state)
{
	(void)state;
	static const char *const keys[] = {"series",	 "retired",    "buckets",   "covered_hours",
					   "syn",	 "last_syn",   "fits",	    "best",
					   "background", "fano",       "derived",   "fit_quality",
					   "phases",	 "saved_list", "modulation"};
	static const char *const fit_keys[] = {"loglik", "k",	   "aic",  "aicc",
					       "bic",	 "params", "ci95", "at_bound"};
	static const char *const derived[] = {"half_life_hours",      "hours_to_background",
					      "residual_syn_total",   "silent_next_30d",
					      "last_syn_expected",    "hours_to_one_a_day",
					      "hours_to_one_a_month", "silent"};
	struct series series;
	make(&series, FAMILY_EXP, (const double[]){100, 20, 0.4}, 1.5, runs_slowly() ? 30 : 500,
	     21);
	run(&series);
	json_t *json = analysis_to_json(&analysis);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		assert_non_null(json_object_get(json, keys[i]));
	json_t *fit = json_object_get(json_object_get(json_object_get(json, "fits"), "nb1"), "exp");
	for (size_t i = 0; i < sizeof fit_keys / sizeof *fit_keys; i++)
		assert_non_null(json_object_get(fit, fit_keys[i]));
	assert_non_null(json_object_get(json_object_get(fit, "params"), "phi"));
	const json_t *nb2 = json_object_get(json_object_get(json, "fits"), "nb2");
	assert_int_equal(json_object_size(nb2), runs_slowly() ? 4 : FAMILIES);
	fit = json_object_get(nb2, "plateau_omori");
	assert_non_null(json_object_get(json_object_get(fit, "params"), "alpha"));
	assert_int_equal(json_object_size(json_object_get(fit, "params")), 7);
	for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
		assert_non_null(json_object_get(json_object_get(json, "derived"), derived[i]));
	json_decref(json);
	series_free(&series);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(family_and_likelihood_of_the_data_are_chosen),
		cmocka_unit_test(weights_sum_to_one_and_follow_bic),
		cmocka_unit_test(few_calls_allow_no_shape_beyond_the_exponential),
		cmocka_unit_test(families_within_two_bic_are_named_in_doubt),
		cmocka_unit_test(silence_has_its_closed_form),
		cmocka_unit_test(silence_under_nb2_is_the_product_over_buckets),
		cmocka_unit_test(new_families_are_chosen_where_they_are_true),
		cmocka_unit_test(distribution_equals_that_of_gsl),
		cmocka_unit_test(residuals_of_the_true_model_look_uniform_and_independent),
		cmocka_unit_test(wrong_model_is_seen_in_its_residuals),
		cmocka_unit_test(baseline_is_named_as_the_source_of_the_background),
		cmocka_unit_test(series_without_a_call_is_analysed_with_unknowns),
		cmocka_unit_test(single_bucket_and_no_bucket_are_analysed),
		cmocka_unit_test(enormous_counts_stay_finite),
		cmocka_unit_test(many_at_a_time_are_what_they_are_one_by_one),
		cmocka_unit_test(baseline_takes_the_background_out_of_the_forecast),
		cmocka_unit_test(counts_of_days_that_vary_together_widen_the_intervals),
		cmocka_unit_test(times_and_totals_are_those_of_the_curve),
		cmocka_unit_test(calls_that_broke_off_are_not_forecast_to_go_on),
		cmocka_unit_test(json_has_the_agreed_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
