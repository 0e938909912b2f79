/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit.h"

#include "hills.h"
#include "plateau.h"
#include "scoring.h"
#include "starts.h"

#include <math.h>
#include <string.h>

#define SEARCH_STARTS	  20
#define SEARCH_SEED	  20080220 /* any fixed number: the same data give the same fit */
#define SEARCH_ITERATIONS 40
#define SEARCH_TOLERANCE  1e-2
#define HILL_WITHIN	  10.0 /* lower hills of the coarse search are not climbed again */
#define EXACT_ITERATIONS  80
#define EXACT_TOLERANCE	  1e-7
#define FINISH_ITERATIONS 12
#define FINISH_WITHIN	  0.1 /* lower hills are not finished */
#define FINISH_TOLERANCE  1e-10
/* A component whose absence changes the log-likelihood by less is reported as absent. */
#define ABSENCE_COST 1e-8

int fit_plateau_limit(const struct sample *sample)
{
	int half = (int)floor(fmin(sample->end, 1e6) / 2 + 1e-9);
	return half < SAMPLE_PLATEAU_HOURS ? half : SAMPLE_PLATEAU_HOURS;
}

static void make_model(struct model *model, const struct fit_data *data,
		       const struct sample *sample, enum family family, enum likelihood likelihood)
{
	*model = (struct model){family, likelihood, sample, data->baseline_count,
				data->baseline_hours};
}

void fit_model(const struct fit *fit, const struct fit_data *data, const struct sample *sample,
	       struct model *model, double parameter[MODEL_PARAMETERS_MAX])
{
	int size = family_parameters(fit->family);
	make_model(model, data, sample, fit->family, fit->likelihood);
	memcpy(parameter, fit->parameter, sizeof *parameter * (size_t)size);
	parameter[size] = fit->dispersion;
}

static double climb(const struct model *model, double *parameter, int iterations, double tolerance)
{
	struct scoring scoring = {.model = model, .iterations = iterations, .tolerance = tolerance};
	return scoring_climb(&scoring, parameter);
}

/* Many starts on the coarse sample; the hills found are climbed again on the exact one. */
static void smooth_search(struct hills *hills, const struct model *model,
			  const struct model *coarse, const struct fit *others, size_t other_fits)
{
	struct hills rough = {.count = 0};
	struct outlook outlook;
	double parameter[MODEL_PARAMETERS_MAX] = {0};
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	outlook_take(&outlook, coarse->sample);
	if (generator) {
		gsl_rng_set(generator, SEARCH_SEED);
		for (size_t i = 0; i < SEARCH_STARTS; i++) {
			starts_draw(model, &outlook, generator, i, SEARCH_STARTS, parameter);
			double loglik =
				climb(coarse, parameter, SEARCH_ITERATIONS, SEARCH_TOLERANCE);
			hills_add(&rough, model, parameter, loglik);
		}
		gsl_rng_free(generator);
	}
	for (size_t i = 0; i < other_fits; i++) {
		double start[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX] = {{0}};
		size_t starts = starts_from_fit(model, &others[i], start);
		for (size_t s = 0; s < starts; s++) {
			double loglik =
				climb(coarse, start[s], SEARCH_ITERATIONS, SEARCH_TOLERANCE);
			hills_add(&rough, model, start[s], loglik);
		}
	}
	for (size_t i = 0; i < rough.count; i++)
		if (rough.hill[i].loglik > rough.hill[0].loglik - HILL_WITHIN) {
			struct hill *hill = &rough.hill[i];
			double loglik =
				climb(model, hill->parameter, EXACT_ITERATIONS, EXACT_TOLERANCE);
			hills_add(hills, model, hill->parameter, loglik);
		}
}

/* Rates and the dispersion that make no difference go to the floor of their box, so that the
 * answer does not depend on where the search stopped on a flat. */
static double drop_absent(const struct model *model, double *parameter, double loglik)
{
	for (int i = 0; i < model_parameters(model); i++) {
		const struct parameter *box = family_parameter(model->family, i);
		if (box->role == ROLE_TIME || box->role == ROLE_EXPONENT ||
		    box->role == ROLE_PLATEAU)
			continue;
		double kept = parameter[i];
		parameter[i] = box->low;
		double without = likelihood_value(model, parameter);
		if (without >= loglik - ABSENCE_COST)
			loglik = without;
		else
			parameter[i] = kept;
	}
	return loglik;
}

static void sort_components(enum family family, double *parameter)
{
	if (family != FAMILY_BIEXP || parameter[1] <= parameter[3])
		return;
	for (int i = 0; i < 2; i++) {
		double first = parameter[i];
		parameter[i] = parameter[i + 2];
		parameter[i + 2] = first;
	}
}

static bool on_edge(const struct model *model, int index, double value)
{
	const struct parameter *box = family_parameter(model->family, index);
	double high = box->high;
	if (box->role == ROLE_PLATEAU)
		high = fit_plateau_limit(model->sample);
	return value <= box->low * (1 + 1e-9) || value >= high * (1 - 1e-9);
}

static void record(struct fit *fit, const struct model *model, const double *parameter)
{
	int size = family_parameters(model->family), k = model_parameters(model);
	double n = (double)model->sample->buckets;
	struct evaluation evaluation;
	likelihood_evaluate(model, parameter, &evaluation);
	fit->done = true;
	memcpy(fit->parameter, parameter, sizeof *parameter * (size_t)size);
	fit->dispersion = k > size ? parameter[size] : 0;
	fit->loglik = evaluation.loglik;
	fit->k = k;
	fit->aic = 2 * k - 2 * fit->loglik;
	fit->aicc = n > k + 1 ? fit->aic + 2.0 * k * (k + 1) / (n - k - 1) : INFINITY;
	fit->bic = k * log(n) - 2 * fit->loglik;
	fit->at_bound = 0;
	fit->gradient = 0;
	for (int i = 0; i < k; i++) {
		enum parameter_role role = family_parameter(model->family, i)->role;
		int bit = i < size ? i : FAMILY_PARAMETERS_MAX;
		double slope = evaluation.gradient[i];
		if (on_edge(model, i, parameter[i])) {
			fit->at_bound |= 1u << bit;
			continue;
		}
		if (role == ROLE_BACKGROUND)
			slope *= parameter[i];
		fit->gradient = fmax(fit->gradient, fabs(slope));
	}
}

static void finish(struct fit *fit, const struct model *model, struct hills *hills)
{
	struct scoring scoring = {
		.model = model, .iterations = FINISH_ITERATIONS, .tolerance = FINISH_TOLERANCE};
	double best = -INFINITY, *parameter = NULL;
	for (size_t i = 0; i < hills->count; i++) {
		struct hill *hill = &hills->hill[i];
		if (hill->loglik < hills->hill[0].loglik - FINISH_WITHIN)
			continue;
		hill->loglik = scoring_finish(&scoring, hill->parameter, NULL);
		if (hill->loglik > best) {
			best = hill->loglik;
			parameter = hill->parameter;
		}
	}
	if (!parameter)
		return;
	drop_absent(model, parameter, best);
	sort_components(model->family, parameter);
	record(fit, model, parameter);
}

void fit_family(struct fit *fit, const struct fit_data *data, enum family family,
		enum likelihood likelihood, const struct fit *others, size_t other_fits)
{
	struct model model, coarse;
	struct hills hills = {.count = 0};
	*fit = (struct fit){.family = family, .likelihood = likelihood};
	if (data->exact->buckets == 0)
		return;
	make_model(&model, data, data->exact, family, likelihood);
	make_model(&coarse, data, data->coarse, family, likelihood);
	if (family_plateau(family) >= 0)
		plateau_search(&hills, &model, &coarse, others, other_fits);
	else
		smooth_search(&hills, &model, &coarse, others, other_fits);
	finish(fit, &model, &hills);
}

void fit_improve(struct fit *fit, const struct fit_data *data, const struct fit *other)
{
	struct model model;
	struct hills hills = {.count = 0};
	double start[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX] = {{0}};
	make_model(&model, data, data->exact, fit->family, fit->likelihood);
	size_t starts = fit->done ? starts_from_fit(&model, other, start) : 0;
	for (size_t s = 0; s < starts; s++) {
		if (likelihood_value(&model, start[s]) <= fit->loglik)
			continue;
		double loglik = climb(&model, start[s], EXACT_ITERATIONS, EXACT_TOLERANCE);
		hills_add(&hills, &model, start[s], loglik);
	}
	struct fit candidate = *fit;
	if (hills.count > 0 && hills.hill[0].loglik > fit->loglik)
		finish(&candidate, &model, &hills);
	if (candidate.loglik > fit->loglik)
		*fit = candidate;
}

double fit_per_bucket(const struct fit *fit, double hours)
{
	const double bucket_hours = 1.0 / 12;
	double b = fit->parameter[family_parameters(fit->family) - 1];
	return (family_rate(fit->family, fit->parameter, hours) + b) * bucket_hours;
}
