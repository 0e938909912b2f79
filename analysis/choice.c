/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "choice.h"

#include <math.h>
#include <stdio.h>

#define DOUBT_BIC 2.0

size_t choice_evidence(const struct analysis *analysis)
{
	const struct series *series = analysis->series;
	size_t active = 0;
	if (series->counts_attempts)
		return (size_t)analysis->count;
	for (size_t i = series->first; i < series->rows; i++)
		active += series->row[i].count > 0;
	return active;
}

static bool allowed(const struct fit *fit, bool few)
{
	return fit->done && (!few || fit->family == FAMILY_CONST || fit->family == FAMILY_EXP);
}

static const struct fit *lowest(const struct fit fits[LIKELIHOODS][FAMILIES], bool few)
{
	const struct fit *best = NULL;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++)
			if (allowed(&fits[l][f], few) && (!best || fits[l][f].bic < best->bic))
				best = &fits[l][f];
	return best;
}

void choice_make(struct analysis *analysis)
{
	bool few = choice_evidence(analysis) < CHOICE_FEWEST;
	const struct fit *best = lowest(analysis->fit, few);
	double total = 0;
	for (int i = 0; i < 2; i++) {
		const struct fit *waved = lowest(analysis->waved[i], few);
		if (waved && waved->bic < best->bic)
			best = waved;
	}
	if (!best)
		return;
	analysis->waves = best->waves;
	analysis->best = *best;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			const struct fit *fit = analysis_fit(analysis, l, f);
			if (allowed(fit, few))
				analysis->weight[l][f] = exp((best->bic - fit->bic) / 2);
			total += analysis->weight[l][f];
		}
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++)
			analysis->weight[l][f] /= total;
}

/* Names every family (under its better likelihood) whose BIC is within DOUBT_BIC of the best; or
 * further, where days vary together and BIC, which takes buckets for independent, counts too much.
 */
static void doubt_family(struct analysis *analysis)
{
	char names[256] = "";
	size_t length = 0;
	int others = 0;
	double within = DOUBT_BIC * analysis->inflation;
	for (int f = 0; f < FAMILIES; f++) {
		double nearest = INFINITY;
		for (int l = 0; l < LIKELIHOODS; l++)
			if (analysis->weight[l][f] > 0)
				nearest = fmin(nearest, analysis_fit(analysis, l, f)->bic);
		if (f == (int)analysis->best.family || nearest > analysis->best.bic + within)
			continue;
		int written = snprintf(names + length, sizeof names - length, "%s%s",
				       others++ ? ", " : "", family_name((enum family)f));
		length += written > 0 ? (size_t)written : 0;
	}
	if (others > 0)
		snprintf(analysis->doubt, sizeof analysis->doubt,
			 "these data do not tell %s from %s: their BIC is within %.0f%s",
			 family_name(analysis->best.family), names, within,
			 analysis->clustered ? ", and the counts of a day vary together" : "");
}

/* Counts so high or so slow to die that the maximum lies beyond the box. */
static void doubt_edge(struct analysis *analysis)
{
	const struct fit *best = &analysis->best;
	for (int i = 0; i < best->k - best->waves && !analysis->doubt[0]; i++) {
		const struct parameter *box = family_parameter(best->family, i);
		double value = fit_value(best, i);
		bool rate = box->role == ROLE_RATE || box->role == ROLE_BACKGROUND ||
			    box->role == ROLE_DISPERSION;
		if (rate && value >= box->high)
			snprintf(analysis->doubt, sizeof analysis->doubt,
				 "%s of the best fit is at the highest value allowed (%g): the fit "
				 "does not describe these counts",
				 fit_parameter_name(best, i), box->high);
	}
}

void choice_state_doubt(struct analysis *analysis)
{
	size_t seen = choice_evidence(analysis);
	if (analysis->buckets == 0)
		snprintf(analysis->doubt, sizeof analysis->doubt,
			 "no observed bucket lies after the retirement: nothing can be said");
	else if (analysis->count == 0)
		snprintf(analysis->doubt, sizeof analysis->doubt,
			 "not one SYN in %.1f observed hours: there is no shape to fit",
			 analysis->covered_hours);
	else if (seen < CHOICE_FEWEST)
		snprintf(analysis->doubt, sizeof analysis->doubt,
			 "only %zu %s: too few to tell more than a constant rate from an "
			 "exponential decay",
			 seen,
			 analysis->series->counts_attempts ? "attempts" : "buckets with a SYN");
	else
		doubt_family(analysis);
	doubt_edge(analysis);
}
