/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smooth.h"

#include "climb.h"
#include "starts.h"

#define STARTS	     20
#define BESIDE	     8	      /* where the same family has been fitted under another likelihood */
#define FEWEST	     4	      /* drawn even where the first climbs have all met */
#define APART	     13	      /* prime to both: the first few are spread over all time scales */
#define SEED	     20080220 /* any fixed number: the same data give the same fit */
#define SLOPE_WITHIN 1.0      /* hills that stay so far below are not followed to the top */

/* The hills of the coarse sample, and how many climbs have led to them. */
struct survey {
	const struct model *model, *coarse;
	struct hills hills;
	size_t climbs;
};

static void climb_once(struct survey *survey, double *parameter)
{
	double loglik = climb_roughly(survey->coarse, parameter);
	hills_add(&survey->hills, survey->model, parameter, loglik);
	survey->climbs++;
}

/* From what other fits tell. Where the family is known under another likelihood, that has heard
 * what other families under it could tell already. */
static void climb_from_fits(struct survey *survey, const struct fit *others, size_t other_fits,
			    bool beside)
{
	const struct model *model = survey->model;
	for (size_t i = 0; i < other_fits; i++) {
		double start[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX] = {{0}};
		if (beside && others[i].family != model->family &&
		    others[i].likelihood != model->likelihood)
			continue;
		size_t starts = starts_from_fit(model, &others[i], start);
		for (size_t s = 0; s < starts; s++)
			climb_once(survey, start[s]);
	}
}

/* From places drawn at random, until no further hill is to be expected. */
static void climb_from_draws(struct survey *survey, size_t draws)
{
	struct outlook outlook;
	double parameter[MODEL_PARAMETERS_MAX] = {0};
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	if (!generator)
		return;
	outlook_take(&outlook, survey->coarse->sample);
	gsl_rng_set(generator, SEED);
	for (size_t i = 0; i < draws; i++) {
		if (i >= FEWEST && hills_all_found(&survey->hills, survey->climbs))
			break;
		starts_draw(survey->model, &outlook, generator, i * APART % draws, draws,
			    parameter);
		climb_once(survey, parameter);
	}
	gsl_rng_free(generator);
}

/* Which hill is the highest, a coarse sample does not tell: it knows little of the dispersion. */
static void climb_again(struct hills *hills, const struct model *model, struct hills *rough)
{
	for (size_t i = 0; i < rough->count; i++) {
		double *parameter = rough->hill[i].parameter;
		double loglik = climb_briefly(model, parameter);
		if (hills->count > 0 && loglik < hills->hill[0].loglik - CLIMB_HILL_WITHIN)
			continue;
		/* The foot of a hill that has been climbed already. */
		if (hills_know(hills, model, parameter))
			continue;
		loglik = climb_nearly(model, parameter);
		if (hills->count == 0 || loglik > hills->hill[0].loglik - SLOPE_WITHIN)
			loglik = climb_up(model, parameter);
		hills_add(hills, model, parameter, loglik);
	}
}

void smooth_search(struct hills *hills, const struct model *model, const struct model *coarse,
		   const struct fit *others, size_t other_fits)
{
	struct survey survey = {.model = model, .coarse = coarse};
	bool beside = false;
	for (size_t i = 0; i < other_fits; i++)
		beside = beside || (others[i].done && others[i].family == model->family);
	climb_from_fits(&survey, others, other_fits, beside);
	climb_from_draws(&survey, beside ? BESIDE : STARTS);
	climb_again(hills, model, &survey.hills);
}
