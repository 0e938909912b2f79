/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis.h"

#include "forecast.h"
#include "phases.h"
#include "profile.h"
#include "residuals.h"
#include "../observer/target.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BUCKET_SPAN 300
/* Fewer attempts (or, where only SYNs are known, buckets with any) cannot tell shapes apart. */
#define FEWEST_FOR_SHAPES 30
/* A sample with fewer merged rows is searched as it is. */
#define COARSE_FROM_ROWS 1000
/* With fewer rows there is nothing to win by grouping. */
#define GROUPS_FROM_ROWS 6000
#define DOUBT_BIC	 2.0

void analysis_options_default(struct analysis_options *options)
{
	*options = (struct analysis_options){.baseline_seconds = 0};
	for (int family = 0; family < FAMILIES; family++)
		options->families[family] = true;
	for (int likelihood = 0; likelihood < LIKELIHOODS; likelihood++)
		options->likelihoods[likelihood] = true;
}

static void summarise(struct analysis *analysis, const struct series *series)
{
	memset(analysis, 0, sizeof *analysis);
	analysis->series = series;
	analysis->last_syn = TIME_UNKNOWN;
	analysis->background_from = "joint";
	analysis->background_per_bucket = (struct interval){NAN, NAN, NAN, false};
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		analysis->buckets++;
		analysis->covered_hours += row->observed_seconds / 3600.0;
		analysis->count += row->count;
		analysis->syn += row->syn;
		if (row->syn > 0)
			analysis->last_syn = row->start;
	}
	if (analysis->buckets > 0)
		analysis->span_hours = (double)(series->row[series->rows - 1].start + BUCKET_SPAN -
						series->retired) /
				       3600;
}

static void run_fits(struct analysis *analysis, const struct fit_data *data,
		     const struct analysis_options *options)
{
	const struct fit *done = &analysis->fit[0][0];
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++)
			if (options->likelihoods[l] && options->families[f])
				fit_family(&analysis->fit[l][f], data, (enum family)f,
					   (enum likelihood)l, done, LIKELIHOODS * FAMILIES);
	/* What one likelihood or family has found may be a better start for another. */
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++)
			for (int other = 0; other < LIKELIHOODS * FAMILIES; other++)
				fit_improve(&analysis->fit[l][f], data, &done[other]);
}

static size_t evidence(const struct analysis *analysis, size_t active)
{
	return analysis->series->counts_attempts ? (size_t)analysis->count : active;
}

/* Weights over the fits that the amount of evidence allows; the heaviest is the best. */
static void choose(struct analysis *analysis, size_t active)
{
	bool few = evidence(analysis, active) < FEWEST_FOR_SHAPES;
	const struct fit *best = NULL;
	double total = 0;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			const struct fit *fit = &analysis->fit[l][f];
			if (few && f != FAMILY_CONST && f != FAMILY_EXP)
				continue;
			if (fit->done && (!best || fit->bic < best->bic))
				best = fit;
		}
	if (!best)
		return;
	analysis->best = *best;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			const struct fit *fit = &analysis->fit[l][f];
			bool counts = fit->done && (!few || f == FAMILY_CONST || f == FAMILY_EXP);
			if (counts)
				analysis->weight[l][f] = exp((best->bic - fit->bic) / 2);
			total += analysis->weight[l][f];
		}
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++)
			analysis->weight[l][f] /= total;
}

static void find_background(struct analysis *analysis, const struct analysis_options *options)
{
	const double per_bucket = 1.0 / 12;
	int b = family_parameters(analysis->best.family) - 1;
	struct interval interval = analysis->best.ci[b];
	analysis->background_from = options->baseline_seconds > 0 ? "baseline" : "joint";
	if (!analysis->best.done)
		return;
	analysis->background_per_bucket =
		(struct interval){interval.value * per_bucket, interval.low * per_bucket,
				  interval.high * per_bucket, interval.known};
}

/* Names every family (under its better likelihood) whose BIC is within DOUBT_BIC of the best. */
static void doubt_family(struct analysis *analysis)
{
	char names[256] = "";
	size_t length = 0;
	int others = 0;
	for (int f = 0; f < FAMILIES; f++) {
		double lowest = INFINITY;
		for (int l = 0; l < LIKELIHOODS; l++)
			if (analysis->weight[l][f] > 0)
				lowest = fmin(lowest, analysis->fit[l][f].bic);
		if (f == (int)analysis->best.family || lowest > analysis->best.bic + DOUBT_BIC)
			continue;
		int written = snprintf(names + length, sizeof names - length, "%s%s",
				       others++ ? ", " : "", family_name((enum family)f));
		length += written > 0 ? (size_t)written : 0;
	}
	if (others > 0)
		snprintf(analysis->doubt, sizeof analysis->doubt,
			 "these data do not tell %s from %s: their BIC is within %.0f",
			 family_name(analysis->best.family), names, DOUBT_BIC);
}

/* Counts so high or so slow to die that the maximum lies beyond the box. */
static void doubt_edge(struct analysis *analysis)
{
	const struct fit *best = &analysis->best;
	for (int i = 0; i < best->k && !analysis->doubt[0]; i++) {
		const struct parameter *box = family_parameter(best->family, i);
		bool own = i < family_parameters(best->family);
		double value = own ? best->parameter[i] : best->dispersion;
		bool rate = box->role == ROLE_RATE || box->role == ROLE_BACKGROUND ||
			    box->role == ROLE_DISPERSION;
		if (rate && value >= box->high)
			snprintf(analysis->doubt, sizeof analysis->doubt,
				 "%s of the best fit is at the highest value allowed (%g): the fit "
				 "does not describe these counts",
				 fit_parameter_name(best, i), box->high);
	}
}

static void state_doubt(struct analysis *analysis, size_t active)
{
	size_t seen = evidence(analysis, active);
	if (analysis->buckets == 0)
		snprintf(analysis->doubt, sizeof analysis->doubt,
			 "no observed bucket lies after the retirement: nothing can be said");
	else if (analysis->count == 0)
		snprintf(analysis->doubt, sizeof analysis->doubt,
			 "not one SYN in %.1f observed hours: there is no shape to fit",
			 analysis->covered_hours);
	else if (seen < FEWEST_FOR_SHAPES)
		snprintf(analysis->doubt, sizeof analysis->doubt,
			 "only %zu %s: too few to tell more than a constant rate from an "
			 "exponential decay",
			 seen,
			 analysis->series->counts_attempts ? "attempts" : "buckets with a SYN");
	else
		doubt_family(analysis);
	doubt_edge(analysis);
}

/* phi for the penalty of the phases: of the best NB1 fit, else from the spread around the best. */
static double cluster_dispersion(const struct analysis *analysis)
{
	const struct fit *best = NULL;
	for (int f = 0; f < FAMILIES; f++) {
		const struct fit *fit = &analysis->fit[LIKELIHOOD_NB1][f];
		if (fit->done && (!best || fit->bic < best->bic))
			best = fit;
	}
	if (best)
		return analysis->count > 0 ? best->dispersion : 0;
	return isfinite(analysis->fano[0]) ? fmax(analysis->fano[0] - 1, 0) : 0;
}

/* One series in the forms that a fit reads. */
struct samples {
	struct sample exact, coarse, near, buckets;
};

static void free_samples(struct samples *samples)
{
	sample_free(&samples->exact);
	sample_free(&samples->coarse);
	sample_free(&samples->near);
	sample_free(&samples->buckets);
}

static int make_samples(struct samples *samples, const struct series *series,
			struct failure *failure)
{
	*samples = (struct samples){.exact.rows = 0};
	if (sample_make(&samples->exact, series, SAMPLE_MERGED, failure) < 0 ||
	    sample_make(&samples->coarse, series, SAMPLE_COARSE, failure) < 0 ||
	    sample_make(&samples->near, series, SAMPLE_GROUPED, failure) < 0 ||
	    sample_make(&samples->buckets, series, SAMPLE_ROWS, failure) < 0) {
		free_samples(samples);
		return -1;
	}
	return 0;
}

static int run(struct analysis *analysis, const struct series *series,
	       const struct analysis_options *options, struct failure *failure)
{
	struct samples samples;
	summarise(analysis, series);
	if (make_samples(&samples, series, failure) < 0)
		return -1;
	const struct sample *exact = &samples.exact;
	struct fit_data data = {.exact = exact,
				.coarse = exact->rows > COARSE_FROM_ROWS ? &samples.coarse : exact,
				.near = exact->rows > GROUPS_FROM_ROWS &&
							samples.near.rows < exact->rows / 2
						? &samples.near
						: exact,
				.buckets = exact->rows < exact->buckets ? &samples.buckets : NULL,
				.baseline_count = options->baseline_syn,
				.baseline_hours = options->baseline_seconds / 3600};
	run_fits(analysis, &data, options);
	choose(analysis, exact->active);
	if (analysis->best.done && analysis->count > 0)
		profile_parameters(&analysis->best, &data);
	find_background(analysis, options);
	forecast_make(analysis, &data);
	state_doubt(analysis, exact->active);
	free_samples(&samples);
	if (residuals_measure(analysis, failure) < 0)
		return -1;
	return phases_find(analysis, cluster_dispersion(analysis), failure);
}

int analysis_run(struct analysis *analysis, const struct series *series,
		 const struct analysis_options *options, struct failure *failure)
{
	/* GSL's own handler would end the process on an underflow; what it returns instead is
	 * judged where it is used. */
	gsl_error_handler_t *handler = gsl_set_error_handler_off();
	int result = run(analysis, series, options, failure);
	gsl_set_error_handler(handler);
	return result;
}
