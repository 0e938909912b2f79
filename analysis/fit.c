/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit.h"

#include "cliffs.h"
#include "climb.h"
#include "hills.h"
#include "plateau.h"
#include "scoring.h"
#include "smooth.h"
#include "starts.h"

#include <math.h>
#include <string.h>

#define FINISH_ITERATIONS 60
#define FINISH_WITHIN	  0.1 /* lower hills are not finished */
#define FINISH_TOLERANCE  1e-10
/* A hill that is not higher by so much is the one that the fit stands on. */
#define IMPROVED_BY	 1e-3
#define SETTLE_TOLERANCE 1e-6
/* A component whose absence changes the log-likelihood by less is reported as absent. */
#define ABSENCE_COST	 1e-8
#define ABSENCE_COARSELY 1.0

int fit_plateau_limit(const struct sample *sample)
{
	int half = (int)floor(fmin(sample->end, 1e6) / 2 + 1e-9);
	return half < SAMPLE_PLATEAU_HOURS ? half : SAMPLE_PLATEAU_HOURS;
}

static void make_model(struct model *model, const struct fit_data *data,
		       const struct sample *sample, enum family family, enum likelihood likelihood)
{
	*model = (struct model){
		family, likelihood, sample, data->baseline_count, data->baseline_hours, 0};
}

void fit_model(const struct fit *fit, const struct fit_data *data, const struct sample *sample,
	       struct model *model, double parameter[MODEL_PARAMETERS_MAX])
{
	make_model(model, data, sample, fit->family, fit->likelihood);
	model->waves = fit->waves;
	for (int i = 0; i < model_parameters(model); i++)
		parameter[i] = fit_value(fit, i);
}

/* Rates and the dispersion that make no difference go to the floor of their box, so that the
 * answer does not depend on where the search stopped on a flat. */
static double drop_absent(const struct model *model, const struct model *coarse, double *parameter,
			  double loglik)
{
	double coarsely = likelihood_value(coarse, parameter);
	for (int i = 0; i < model_parameters(model); i++) {
		const struct parameter *box = model_parameter(model, i);
		if (box->role != ROLE_RATE && box->role != ROLE_LATER_RATE &&
		    box->role != ROLE_BACKGROUND && box->role != ROLE_DISPERSION)
			continue;
		double kept = parameter[i];
		parameter[i] = box->low;
		/* A look at the coarse sample is cheap, and rules out most. */
		double without = -INFINITY;
		if (likelihood_value(coarse, parameter) > coarsely - ABSENCE_COARSELY)
			without = likelihood_value(model, parameter);
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
	const struct parameter *box = model_parameter(model, index);
	double high = box->high;
	if (box->role == ROLE_PLATEAU)
		high = fit_plateau_limit(model->sample);
	double low = box->low + 1e-9 * fabs(box->low);
	return value <= low || value >= high * (1 - 1e-9);
}

static void record_as(struct fit *fit, const struct model *model, const double *parameter,
		      const struct evaluation *top)
{
	int size = family_parameters(model->family), k = model_parameters(model);
	double n = (double)model->sample->buckets;
	fit->done = true;
	memcpy(fit->parameter, parameter, sizeof *parameter * (size_t)size);
	fit->dispersion = likelihood_dispersions(model->likelihood) ? parameter[size] : 0;
	fit->waves = model->waves;
	for (int w = 0; w < model->waves; w++)
		fit->wave[w] = parameter[fit_first_wave(fit) + w];
	fit->loglik = top->loglik;
	fit->k = k;
	fit->aic = 2 * k - 2 * fit->loglik;
	fit->aicc = n > k + 1 ? fit->aic + 2.0 * k * (k + 1) / (n - k - 1) : INFINITY;
	fit->bic = k * log(n) - 2 * fit->loglik;
	fit->at_bound = 0;
	fit->gradient = 0;
	for (int i = 0; i < k; i++) {
		enum parameter_role role = model_parameter(model, i)->role;
		double slope = top->gradient[i];
		if (on_edge(model, i, parameter[i])) {
			fit->at_bound |= fit_bound_bit(fit, i);
			continue;
		}
		if (role == ROLE_BACKGROUND)
			slope *= parameter[i];
		fit->gradient = fmax(fit->gradient, fabs(slope));
	}
}

static void record(struct fit *fit, const struct model *model, const double *parameter)
{
	struct evaluation evaluation;
	likelihood_evaluate(model, parameter, &evaluation);
	record_as(fit, model, parameter, &evaluation);
}

/* The merged sample's maximum is within a step or two of that over every bucket, and its curvature
 * that of the same. */
void fit_settle(struct fit *fit, const struct fit_data *data)
{
	struct model model, merged;
	struct evaluation top;
	double parameter[MODEL_PARAMETERS_MAX];
	struct scoring scoring = {.model = &model,
				  .steering = &merged,
				  .iterations = FINISH_ITERATIONS,
				  .tolerance = SETTLE_TOLERANCE};
	if (!fit->done || fit->likelihood != LIKELIHOOD_NB2 || !data->buckets)
		return;
	fit_model(fit, data, data->buckets, &model, parameter);
	merged = model;
	merged.sample = data->exact;
	scoring_finish(&scoring, parameter, &top);
	record_as(fit, &model, parameter, &top);
}

static void finish(struct fit *fit, struct model *model, const struct fit_data *data,
		   struct hills *hills)
{
	struct model near = *model;
	struct scoring scoring = {.model = model,
				  .steering = data->near == data->exact ? NULL : &near,
				  .iterations = FINISH_ITERATIONS,
				  .tolerance = FINISH_TOLERANCE};
	struct evaluation top;
	double best = -INFINITY, *parameter = NULL;
	near.sample = data->near;
	for (size_t i = 0; i < hills->count; i++) {
		struct hill *hill = &hills->hill[i];
		if (hill->loglik < hills->hill[0].loglik - FINISH_WITHIN)
			continue;
		hill->loglik = scoring_finish(&scoring, hill->parameter, &top);
		if (hill->loglik > best) {
			best = hill->loglik;
			parameter = hill->parameter;
		}
	}
	if (!parameter)
		return;
	struct model coarse = *model;
	coarse.sample = data->coarse[model->likelihood];
	drop_absent(model, &coarse, parameter, best);
	sort_components(model->family, parameter);
	record(fit, model, parameter);
}

/* Climbs from the cliffs that are not far below the best hill of all others. */
static void cliff_search(struct hills *hills, const struct model *model,
			 const struct fit_data *data)
{
	struct cliffs cliffs;
	double start[MODEL_PARAMETERS_MAX] = {0};
	int size = family_parameters(model->family);
	if (hills->count == 0 ||
	    (model->family != FAMILY_WEIBULL && model->family != FAMILY_LOGISTIC))
		return;
	double highest = hills->hill[0].loglik;
	if (likelihood_dispersions(model->likelihood))
		start[size] = hills->hill[0].parameter[size];
	cliffs_find(&cliffs, data->exact);
	/* The first one is looked at twice: as it is, and worn. */
	for (size_t i = 0; i <= cliffs.count && cliffs.count > 0; i++) {
		double parameter[MODEL_PARAMETERS_MAX];
		bool worn = i == cliffs.count;
		memcpy(parameter, start, sizeof parameter);
		cliff_start(model, &cliffs.cliff[worn ? 0 : i], worn, parameter);
		if (worn)
			climb_briefly(model, parameter);
		if (likelihood_value(model, parameter) < highest - CLIMB_HILL_WITHIN)
			continue;
		double loglik = climb_up(model, parameter);
		hills_add(hills, model, parameter, loglik);
	}
}

void fit_family(struct fit *fit, const struct fit_data *data, enum family family,
		enum likelihood likelihood, const struct fit *others, size_t other_fits)
{
	struct model model, near, coarse;
	struct hills hills = {.count = 0};
	*fit = (struct fit){.family = family, .likelihood = likelihood};
	if (data->exact->buckets == 0)
		return;
	make_model(&model, data, data->exact, family, likelihood);
	make_model(&near, data, data->near, family, likelihood);
	make_model(&coarse, data, data->coarse[likelihood], family, likelihood);
	if (family_plateau(family) >= 0)
		plateau_search(&hills, &near, &coarse, others, other_fits);
	else
		smooth_search(&hills, &near, &coarse, others, other_fits);
	cliff_search(&hills, &near, data);
	finish(fit, &model, data, &hills);
}

/* Climbs from what one other fit tells, where that is not far below what was reached. */
static void try_other(struct hills *hills, const struct model *near, const struct model *coarse,
		      const struct fit *other, const struct hills *own, double dispersion,
		      double coarsely)
{
	double start[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX] = {{0}};
	size_t starts = starts_from_fit(near, other, start);
	double reached = own->hill[0].loglik;
	if (starts > 0 && other->family == near->family && other->likelihood != near->likelihood) {
		/* With the dispersion that this likelihood has found already. */
		int last = family_parameters(near->family);
		start[0][last] = dispersion;
		double loglik = climb_briefly(near, start[0]);
		if (loglik > reached - CLIMB_HILL_WITHIN && !hills_know(own, near, start[0]))
			loglik = climb_up(near, start[0]);
		if (loglik > reached + IMPROVED_BY)
			hills_add(hills, near, start[0], loglik);
		return;
	}
	/* What another family tells is only roughly so: it is climbed from before it is judged. */
	bool rough = other->family != near->family && other->likelihood == near->likelihood &&
		     family_plateau(near->family) < 0;
	for (size_t s = 0; s < starts; s++) {
		if (rough)
			climb_roughly(coarse, start[s]);
		if (hills_know(own, near, start[s]) ||
		    likelihood_value(coarse, start[s]) < coarsely - CLIMB_HILL_WITHIN ||
		    likelihood_value(near, start[s]) <= reached)
			continue;
		double loglik = climb_up(near, start[s]);
		if (loglik > reached + IMPROVED_BY)
			hills_add(hills, near, start[s], loglik);
	}
}

void fit_improve(struct fit *fit, const struct fit_data *data, const struct fit *others,
		 size_t other_fits)
{
	struct model model, near, coarse;
	struct hills hills = {.count = 0}, own = {.count = 0};
	double parameter[MODEL_PARAMETERS_MAX];
	if (!fit->done)
		return;
	fit_model(fit, data, data->exact, &model, parameter);
	near = coarse = model;
	near.sample = data->near;
	coarse.sample = data->coarse[fit->likelihood];
	double coarsely = likelihood_value(&coarse, parameter);
	/* The nearly exact sample has a maximum of its own beside the exact one's. */
	double reached = climb_up(&near, parameter);
	hills_add(&own, &near, parameter, reached);
	for (size_t i = 0; i < other_fits && own.count > 0; i++)
		try_other(&hills, &near, &coarse, &others[i], &own, fit->dispersion, coarsely);
	struct fit candidate = *fit;
	if (hills.count > 0)
		finish(&candidate, &model, data, &hills);
	if (candidate.loglik > fit->loglik)
		*fit = candidate;
}

/* Climbs from a start and keeps the higher one of that and of the best so far. */
static void try_climb(const struct model *model, const double *start, double *best, double *highest)
{
	double parameter[MODEL_PARAMETERS_MAX];
	memcpy(parameter, start, sizeof parameter);
	double loglik = climb_nearly(model, parameter);
	if (loglik <= *highest)
		return;
	*highest = loglik;
	memcpy(best, parameter, sizeof parameter);
}

/* To the top from `from`, with `waves` coefficients, and from what other fits with as many tell. */
static void climb_from(struct fit *fit, const struct fit_data *data, const struct fit *from,
		       int waves, const struct fit *others, size_t other_fits)
{
	struct model model, near;
	double parameter[MODEL_PARAMETERS_MAX] = {0}, best[MODEL_PARAMETERS_MAX] = {0};
	double highest = -INFINITY;
	struct evaluation top;
	struct scoring scoring = {.model = &model,
				  .steering = &near,
				  .iterations = FINISH_ITERATIONS,
				  .tolerance = FINISH_TOLERANCE};
	fit_model(from, data, waves > 0 ? data->waved : data->exact, &model, parameter);
	for (int w = from->waves; w < waves; w++)
		parameter[fit_first_wave(from) + w] = 0;
	model.waves = waves;
	near = model;
	near.sample = waves > 0 ? data->waved_near : data->near;
	try_climb(&near, parameter, best, &highest);
	for (size_t i = 0; i < other_fits; i++) {
		double start[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX] = {{0}};
		size_t starts = starts_from_fit(&model, &others[i], start);
		for (size_t s = 0; s < starts; s++) {
			memcpy(start[s] + fit_first_wave(from), others[i].wave,
			       sizeof(double) * (size_t)waves);
			try_climb(&near, start[s], best, &highest);
		}
	}
	*fit = (struct fit){.family = from->family, .likelihood = from->likelihood};
	scoring_finish(&scoring, best, &top);
	sort_components(model.family, best);
	record(fit, &model, best);
	if (waves == 0)
		fit_settle(fit, data);
}

void fit_modulate(struct fit *fit, const struct fit_data *data, const struct fit *plain, int waves,
		  const struct fit *others, size_t other_fits)
{
	*fit = (struct fit){.family = plain->family, .likelihood = plain->likelihood};
	if (plain->done && plain->family != FAMILY_CONST)
		climb_from(fit, data, plain, waves, others, other_fits);
}

void fit_again(struct fit *fit, const struct fit_data *data, const struct fit *from)
{
	climb_from(fit, data, from, from->waves, NULL, 0);
}
