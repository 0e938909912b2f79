/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plateau.h"

#include "scoring.h"
#include "starts.h"

#include <math.h>
#include <string.h>

/* Every hour up to here is looked at, later ones in steps of 4 %. */
#define SCAN_DENSE_HOURS 72
#define SCAN_GROWTH	 1.04
/* Ends whose coarse log-likelihood is so close to the best are tried on the exact sample. */
#define SCAN_WITHIN 8.0
/* Ends further below are not even looked at there. */
#define RANK_WITHIN   100.0
#define EXACT_TRIES   20
#define TRIES_IN_VAIN 7 /* so many in a row without a better one end the trying */
/* The hours between start from their neighbour alone. */
#define FRESH_EVERY	3
#define FRESH_RARELY	6 /* where others tell of the family already */
#define BURST_RATIO	1.5
#define NEIGHBOURS	5 /* so many failures in a row end the walk along the hours */
#define SCAN_TOLERANCE	0.05
#define EXACT_TOLERANCE 1e-3
#define ITERATIONS	40

struct profile {
	bool seen[SAMPLE_PLATEAU_HOURS + 1];
	double loglik[SAMPLE_PLATEAU_HOURS + 1];
	double parameter[SAMPLE_PLATEAU_HOURS + 1][MODEL_PARAMETERS_MAX];
	int last; /* highest end allowed */
};

double plateau_climb(const struct model *model, int hours, double *parameter, double tolerance)
{
	struct scoring scoring = {.model = model, .iterations = ITERATIONS, .tolerance = tolerance};
	parameter[family_plateau(model->family)] = hours;
	return scoring_climb(&scoring, parameter);
}

static void try_start(struct profile *profile, const struct model *model, int hours,
		      const double *start, double tolerance)
{
	double parameter[MODEL_PARAMETERS_MAX];
	memcpy(parameter, start, sizeof parameter);
	double loglik = plateau_climb(model, hours, parameter, tolerance);
	if (!isfinite(loglik) || (profile->seen[hours] && loglik <= profile->loglik[hours]))
		return;
	profile->seen[hours] = true;
	profile->loglik[hours] = loglik;
	memcpy(profile->parameter[hours], parameter, sizeof parameter);
}

/* What the sample says about a plateau that ends here: `after` hours of it give the rate that
 * follows, and `scale` is the time in which that dies away. */
static void fresh_start(const struct model *model, const struct outlook *outlook, int hours,
			double after, double scale, double parameter[MODEL_PARAMETERS_MAX])
{
	const struct sample *sample = model->sample;
	double early = outlook_rate(sample, 0, hours, outlook->early_rate);
	double later = outlook_rate(sample, hours, hours + after, outlook->late_rate);
	for (int i = 0; i < model_parameters(model); i++) {
		const struct parameter *box = model_parameter(model, i);
		double value = 1;
		switch (box->role) {
		case ROLE_RATE:
			value = early;
			break;
		case ROLE_LATER_RATE:
			value = fmax(later, outlook->late_rate);
			break;
		case ROLE_TIME:
			value = scale;
			break;
		case ROLE_BACKGROUND:
			value = outlook->late_rate / 2;
			break;
		case ROLE_WIDTH:
		case ROLE_EXPONENT:
		case ROLE_DISPERSION:
		case ROLE_PLATEAU:
		case ROLE_WAVE:
			break;
		}
		parameter[i] = fmin(fmax(value, box->low), box->high);
	}
}

/* Time in which a rate that begins at `later` would use up the counts after `hours`. */
static double fading_scale(const struct sample *sample, int hours, double later)
{
	double rest = 0;
	for (size_t i = 0; i < sample->rows; i++)
		if (sample->from[i] >= hours)
			rest += sample->count[i];
	return fmin(fmax(rest / fmax(later, 1e-6), 0.2), sample->end);
}

static void scan_hour(struct profile *profile, const struct model *coarse,
		      const struct outlook *outlook, int hours, int previous, int fresh_every)
{
	double start[MODEL_PARAMETERS_MAX];
	if (previous > 0 && profile->seen[previous])
		try_start(profile, coarse, hours, profile->parameter[previous], SCAN_TOLERANCE);
	double later = outlook_rate(coarse->sample, hours, hours + 6, 0);
	if (previous == 0 || hours % fresh_every == 0) {
		double scale = fading_scale(coarse->sample, hours, later);
		fresh_start(coarse, outlook, hours, 6, scale, start);
		try_start(profile, coarse, hours, start, SCAN_TOLERANCE);
	}
	/* A last burst right after the plateau, then only background. */
	if (outlook_rate(coarse->sample, hours, hours + 1, 0) > BURST_RATIO * later) {
		fresh_start(coarse, outlook, hours, 1, 0.3, start);
		try_start(profile, coarse, hours, start, SCAN_TOLERANCE);
	}
}

static int next_hour(int hours)
{
	return hours < SCAN_DENSE_HOURS ? hours + 1 : (int)ceil(hours * SCAN_GROWTH);
}

static int best_hour(const struct profile *profile, const bool *passed_over)
{
	int best = 0;
	for (int hours = 1; hours <= profile->last; hours++)
		if (profile->seen[hours] && !(passed_over && passed_over[hours]) &&
		    (best == 0 || profile->loglik[hours] > profile->loglik[best]))
			best = hours;
	return best;
}

static void walk(struct profile *exact, const struct model *model, int from, int direction)
{
	int failures = 0;
	double start[MODEL_PARAMETERS_MAX];
	memcpy(start, exact->parameter[from], sizeof start);
	for (int hours = from + direction, best = from;
	     hours >= 1 && hours <= exact->last && failures < NEIGHBOURS; hours += direction) {
		try_start(exact, model, hours, start, EXACT_TOLERANCE);
		if (!exact->seen[hours])
			break;
		memcpy(start, exact->parameter[hours], sizeof start);
		failures = exact->loglik[hours] > exact->loglik[best] ? 0 : failures + 1;
		best = exact->loglik[hours] > exact->loglik[best] ? hours : best;
	}
}

/* Takes an hour of the coarse profile to the exact sample, once. */
static void try_exactly(struct profile *scan, struct profile *exact, const struct model *model,
			int hours, bool *tried)
{
	int best = best_hour(exact, NULL), size = family_parameters(model->family);
	if (tried[hours] || !scan->seen[hours])
		return;
	tried[hours] = true;
	/* The dispersion is what a coarse sample tells worst: take the best one known. */
	if (best > 0)
		scan->parameter[hours][size] = exact->parameter[best][size];
	try_start(exact, model, hours, scan->parameter[hours], EXACT_TOLERANCE);
}

/* Which hours are promising, a coarse sample does not tell where the counts are dispersed: they are
 * told anew by the exact one, with the dispersion that the best hour so far has there. */
static void rank_again(struct profile *scan, struct profile *exact, const struct model *model,
		       bool *tried)
{
	int size = family_parameters(model->family);
	if (likelihood_dispersions(model->likelihood) == 0)
		return;
	if (best_hour(exact, NULL) == 0)
		try_exactly(scan, exact, model, best_hour(scan, NULL), tried);
	int best = best_hour(exact, NULL);
	double highest = scan->loglik[best_hour(scan, NULL)];
	for (int hours = 1; best > 0 && hours <= scan->last; hours++) {
		if (!scan->seen[hours])
			continue;
		if (scan->loglik[hours] < highest - RANK_WITHIN) {
			scan->seen[hours] = false;
			continue;
		}
		scan->parameter[hours][size] = exact->parameter[best][size];
		scan->loglik[hours] = likelihood_value(model, scan->parameter[hours]);
	}
}

/* Coarse profile of all hours, then exact ones of the promising hours and their neighbours. */
static void search(struct profile *scan, struct profile *exact, struct hills *hills,
		   const struct model *model, const struct model *coarse, const struct fit *others,
		   size_t other_fits)
{
	struct outlook outlook;
	int end_index = family_plateau(model->family);
	int previous = 0;
	bool tried[SAMPLE_PLATEAU_HOURS + 1] = {false};
	int fresh_every = FRESH_EVERY;
	for (size_t i = 0; i < other_fits; i++)
		if (others[i].done && others[i].family == model->family)
			fresh_every = FRESH_RARELY;
	outlook_take(&outlook, coarse->sample);
	for (int hours = 1; hours <= scan->last; previous = hours, hours = next_hour(hours))
		scan_hour(scan, coarse, &outlook, hours, previous, fresh_every);
	for (size_t i = 0; i < other_fits; i++) {
		double start[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX] = {{0}};
		size_t starts = starts_from_fit(model, &others[i], start);
		for (size_t s = 0; s < starts; s++)
			try_start(scan, coarse, (int)lround(start[s][end_index]), start[s],
				  SCAN_TOLERANCE);
		if (starts > 0)
			try_exactly(scan, exact, model, (int)lround(start[0][end_index]), tried);
	}
	rank_again(scan, exact, model, tried);
	double highest = scan->loglik[best_hour(scan, NULL)];
	for (int i = 0, in_vain = 0; i < EXACT_TRIES && in_vain < TRIES_IN_VAIN; i++) {
		int hours = best_hour(scan, tried), best = best_hour(exact, NULL);
		if (hours == 0 || scan->loglik[hours] < highest - SCAN_WITHIN)
			break;
		try_exactly(scan, exact, model, hours, tried);
		in_vain = best_hour(exact, NULL) == best ? in_vain + 1 : 0;
	}
	for (int round = 0, hours = best_hour(exact, NULL); round < 4 && hours > 0; round++) {
		walk(exact, model, hours, 1);
		walk(exact, model, hours, -1);
		int better = best_hour(exact, NULL);
		if (better == hours)
			break;
		hours = better;
	}
	for (int hours = 1; hours <= exact->last; hours++)
		if (exact->seen[hours])
			hills_add(hills, model, exact->parameter[hours], exact->loglik[hours]);
}

void plateau_search(struct hills *hills, const struct model *model, const struct model *coarse,
		    const struct fit *others, size_t other_fits)
{
	struct profile scan = {.last = fit_plateau_limit(model->sample)};
	struct profile exact = {.last = scan.last};
	if (scan.last >= 1)
		search(&scan, &exact, hills, model, coarse, others, other_fits);
}
