/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bootstrap.h"

#include "scoring.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ITERATIONS   30
#define TOLERANCE    1e-3 /* of log-likelihood */
#define FEWEST_DAYS  8
#define NORMAL_ABOVE 1e7 /* Poisson counts above this are drawn as normal ones */

int bootstrap_begin(struct bootstrap *bootstrap, const struct sample *sample, double baseline_hours,
		    struct failure *failure)
{
	size_t room = sample->rows ? sample->rows : 1;
	*bootstrap = (struct bootstrap){
		.sample = sample, .drawn = *sample, .baseline_hours = baseline_hours};
	bootstrap->drawn.count = calloc(room, sizeof(double));
	bootstrap->mean = calloc(room, sizeof(double));
	if (!bootstrap->drawn.count || !bootstrap->mean) {
		bootstrap_end(bootstrap);
		return fail(failure, EXIT_FAILED, "no memory to draw records of %zu rows",
			    sample->rows);
	}
	return 0;
}

void bootstrap_end(struct bootstrap *bootstrap)
{
	free(bootstrap->drawn.count);
	free(bootstrap->mean);
	*bootstrap = (struct bootstrap){.sample = NULL};
}

static double draw_poisson(gsl_rng *generator, double mean)
{
	if (mean > NORMAL_ABOVE)
		return round(mean + gsl_ran_gaussian(generator, sqrt(mean)));
	return mean > 0 ? gsl_ran_poisson(generator, mean) : 0;
}

static double draw_count(gsl_rng *generator, const struct fit *truth, double mean, double buckets)
{
	double dispersion = truth->dispersion;
	if (truth->likelihood == LIKELIHOOD_NB1 && dispersion > 1e-6)
		mean = gsl_ran_gamma(generator, mean / dispersion, dispersion);
	else if (truth->likelihood == LIKELIHOOD_NB2 && dispersion > 1e-6)
		mean *= gsl_ran_gamma(generator, buckets / dispersion, dispersion / buckets);
	return draw_poisson(generator, mean);
}

static double day_of(const struct sample *sample, size_t row)
{
	return floor(sample->from[row] / 24 + 1e-6);
}

static size_t end_of_day(const struct sample *sample, size_t row)
{
	size_t end = row + 1;
	while (end < sample->rows && day_of(sample, end) == day_of(sample, row))
		end++;
	return end;
}

static void draw_record(struct bootstrap *bootstrap, gsl_rng *generator, const struct fit *truth,
			double clustering)
{
	struct sample *drawn = &bootstrap->drawn;
	drawn->total = 0;
	for (size_t day = 0; day < drawn->rows;) {
		size_t end = end_of_day(drawn, day);
		double expected = 0, factor = 1;
		for (size_t i = day; i < end; i++)
			expected += bootstrap->mean[i];
		if (clustering > 0 && expected > 0)
			factor = gsl_ran_gamma(generator, expected / clustering,
					       clustering / expected);
		for (; day < end; day++) {
			drawn->count[day] =
				draw_count(generator, truth, factor * bootstrap->mean[day],
					   drawn->merged[day]);
			drawn->total += drawn->count[day];
		}
	}
}

static double fano_of_days(const struct sample *sample, const double *mean)
{
	double squares = 0, expected = 0;
	size_t days = 0;
	for (size_t row = 0; row < sample->rows; days++) {
		size_t end = end_of_day(sample, row);
		double off = 0;
		for (; row < end; row++) {
			off += sample->count[row] - mean[row];
			expected += mean[row];
		}
		squares += off * off;
	}
	return days >= FEWEST_DAYS && expected > 0 ? squares / expected : NAN;
}

double bootstrap_refit(struct bootstrap *bootstrap, const struct fit *truth, double clustering,
		       unsigned long seed, struct fit *refit)
{
	struct model model = {truth->family,
			      truth->likelihood,
			      &bootstrap->drawn,
			      0,
			      bootstrap->baseline_hours,
			      0};
	double parameter[MODEL_PARAMETERS_MAX] = {0};
	int size = family_parameters(truth->family);
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	*refit = *truth;
	if (!generator)
		return NAN;
	gsl_rng_set(generator, seed);
	memcpy(parameter, truth->parameter, sizeof *parameter * (size_t)size);
	parameter[size] = truth->dispersion;
	likelihood_means(&model, parameter, bootstrap->mean);
	draw_record(bootstrap, generator, truth, clustering);
	model.baseline_count =
		draw_poisson(generator, parameter[size - 1] * bootstrap->baseline_hours);
	gsl_rng_free(generator);
	struct scoring scoring = {
		.model = &model, .iterations = ITERATIONS, .tolerance = TOLERANCE};
	refit->loglik = scoring_climb(&scoring, parameter);
	memcpy(refit->parameter, parameter, sizeof *parameter * (size_t)size);
	if (likelihood_dispersions(truth->likelihood))
		refit->dispersion = parameter[size];
	likelihood_means(&model, parameter, bootstrap->mean);
	return fano_of_days(&bootstrap->drawn, bootstrap->mean);
}
