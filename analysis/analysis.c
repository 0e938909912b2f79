/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis.h"

#include "background.h"
#include "choice.h"
#include "crew.h"
#include "forecast.h"
#include "phases.h"
#include "profile.h"
#include "residuals.h"
#include "../observer/target.h"

#include <gsl/gsl_errno.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BUCKET_SPAN 300
/* A sample with fewer merged rows is searched as it is. */
#define COARSE_FROM_ROWS 400
/* With fewer rows there is nothing to win by grouping. */
#define GROUPS_FROM_ROWS 6000
/* Memory of this size and above is mapped for itself and goes back when it is freed. glibc would
 * raise the limit with the first of them, and every thread keep what its largest series needed. */
#define MAPPED_FROM (128 * 1024)

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
	analysis->background_joint_per_bucket = analysis->background_per_bucket;
	analysis->drift_at_end = analysis->drift_mean = 1;
	analysis->inflation = 1;
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
			fit_improve(&analysis->fit[l][f], data, done, LIKELIHOODS * FAMILIES);
	for (int f = 0; f < FAMILIES; f++)
		fit_settle(&analysis->fit[LIKELIHOOD_NB2][f], data);
}

/* The interval of the background of a fit that has its intervals, per bucket. */
static struct interval per_bucket(const struct analysis *analysis, const struct fit *fit)
{
	const double share = analysis->drift_mean / 12;
	const struct interval *b = &fit->ci[family_parameters(fit->family) - 1];
	return (struct interval){b->value * share, b->low * share, b->high * share, b->known};
}

/* With the anchor, and what the series alone would say. */
static void find_background(struct analysis *analysis, const struct fit_data *data,
			    const struct analysis_options *options)
{
	if (!analysis->best.done)
		return;
	analysis->background_per_bucket = per_bucket(analysis, &analysis->best);
	if (options->baseline_seconds <= 0 || analysis->count == 0)
		return;
	struct fit_data alone = *data;
	struct fit free;
	alone.baseline_count = alone.baseline_hours = 0;
	fit_again(&free, &alone, &analysis->best);
	profile_background(&free, &alone);
	analysis->background_joint_per_bucket = per_bucket(analysis, &free);
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
	struct sample exact, coarse, coarser, near, buckets, days, hourly;
};

static void free_samples(struct samples *samples)
{
	sample_free(&samples->exact);
	sample_free(&samples->coarse);
	sample_free(&samples->coarser);
	sample_free(&samples->near);
	sample_free(&samples->buckets);
	sample_free(&samples->days);
	sample_free(&samples->hourly);
}

static int make_samples(struct samples *samples, const struct series *series,
			struct failure *failure)
{
	*samples = (struct samples){.exact.rows = 0};
	if (sample_make(&samples->exact, series, SAMPLE_MERGED, failure) < 0 ||
	    sample_make(&samples->coarse, series, SAMPLE_COARSE, failure) < 0 ||
	    sample_make(&samples->coarser, series, SAMPLE_COARSER, failure) < 0 ||
	    sample_make(&samples->near, series, SAMPLE_GROUPED, failure) < 0 ||
	    sample_make(&samples->buckets, series, SAMPLE_ROWS, failure) < 0 ||
	    sample_make(&samples->days, series, SAMPLE_DAYS, failure) < 0) {
		free_samples(samples);
		return -1;
	}
	return 0;
}

/* Fits with the waves of the day, and of the day and the week, from those without. */
static void run_waved_fits(struct analysis *analysis, const struct fit_data *data,
			   const struct analysis_options *options)
{
	const bool wanted[2] = {options->daily, options->weekly};
	for (int i = 0; i < 2; i++)
		for (int l = 0; l < LIKELIHOODS && wanted[i]; l++)
			for (int f = 0; f < FAMILIES; f++)
				fit_modulate(&analysis->waved[i][l][f], data, &analysis->fit[l][f],
					     2 * (i + 1), &analysis->waved[i][0][0],
					     LIKELIHOODS * FAMILIES);
}

/* The saved list is told from the better fit of plateau_omori under any likelihood. */
static void read_saved_list(struct analysis *analysis, const struct fit_data *data)
{
	const struct fit *found = NULL;
	for (int l = 0; l < LIKELIHOODS; l++) {
		const struct fit *fit = analysis_fit(analysis, l, FAMILY_PLATEAU_OMORI);
		if (fit->done && (!found || fit->bic < found->bic))
			found = fit;
	}
	if (!found || analysis->count == 0)
		return;
	struct fit told = *found;
	if (found->family == analysis->best.family &&
	    found->likelihood == analysis->best.likelihood)
		told = analysis->best;
	else
		profile_parameters(&told, data);
	told = fit_leveled(&told);
	double largest = NAN;
	for (int i = 0; i < 4; i++)
		largest = fmax(largest, analysis->fano[i]);
	saved_list_read(&analysis->saved_list, &told, largest, analysis->span_hours);
}

static int fit_and_tell(struct analysis *analysis, const struct series *series,
			struct samples *samples, const struct analysis_options *options,
			struct failure *failure)
{
	const struct sample *exact = &samples->exact;
	bool search_coarsely = exact->rows > COARSE_FROM_ROWS;
	const struct sample *coarse = search_coarsely ? &samples->coarse : exact;
	const struct sample *coarser = search_coarsely ? &samples->coarser : exact;
	struct fit_data data = {.exact = exact,
				.coarse = {coarser, coarser, coarse},
				.near = exact->rows > GROUPS_FROM_ROWS &&
							samples->near.rows < exact->rows / 2
						? &samples->near
						: exact,
				.buckets = exact->rows < exact->buckets ? &samples->buckets : NULL,
				.baseline_count = options->baseline_syn,
				.baseline_hours = options->baseline_seconds / 3600};
	run_fits(analysis, &data, options);
	if (options->daily || options->weekly) {
		if (sample_make(&samples->hourly, series, SAMPLE_HOURLY, failure) < 0 ||
		    sample_add_waves(&samples->buckets, series->retired, failure) < 0 ||
		    sample_add_waves(&samples->hourly, series->retired, failure) < 0)
			return -1;
		data.waved = &samples->buckets;
		data.waved_near = &samples->hourly;
		run_waved_fits(analysis, &data, options);
	}
	choice_make(analysis);
	if (analysis->best.done && analysis->count > 0)
		profile_parameters(&analysis->best, &data);
	if (residuals_measure(analysis, &samples->buckets, failure) < 0 ||
	    forecast_make(analysis, &data, &samples->days, failure) < 0)
		return -1;
	find_background(analysis, &data, options);
	read_saved_list(analysis, &data);
	choice_state_doubt(analysis);
	return phases_find(analysis, cluster_dispersion(analysis), failure);
}

/* The drift of the background, into the copy of the series that is fitted. */
static int find_drift(struct analysis *analysis, struct series *series, double **drift,
		      const struct analysis_options *options, struct failure *failure)
{
	double level = 0, sum = 0;
	*drift = NULL;
	analysis->background_from = options->baseline_seconds > 0 ? "baseline" : "joint";
	if (!options->drift_from_other_ports || analysis->buckets == 0)
		return 0;
	if (options->baseline_seconds > 0)
		level = options->baseline_other * 3600 / options->baseline_seconds;
	if (background_drift(drift, series, level, failure) < 0)
		return -1;
	analysis->background_from = "other-ports";
	for (size_t i = series->first; i < series->rows; i++)
		sum += (*drift)[i];
	analysis->drift_mean = sum / (double)analysis->buckets;
	analysis->drift_at_end = (*drift)[series->rows - 1];
	series->drift = *drift;
	return 0;
}

static int run(struct analysis *analysis, const struct series *series,
	       const struct analysis_options *options, struct failure *failure)
{
	struct samples samples;
	struct series fitted = *series;
	double *drift;
	summarise(analysis, series);
	if (find_drift(analysis, &fitted, &drift, options, failure) < 0)
		return -1;
	int result = make_samples(&samples, &fitted, failure);
	if (result == 0) {
		result = fit_and_tell(analysis, series, &samples, options, failure);
		free_samples(&samples);
	}
	free(drift);
	return result;
}

const struct fit *analysis_fit(const struct analysis *analysis, int likelihood, int family)
{
	return analysis->waves == 0 ? &analysis->fit[likelihood][family]
				    : &analysis->waved[analysis->waves / 2 - 1][likelihood][family];
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

struct analysis_jobs {
	struct analysis_job *job;
	const struct analysis_options *options;
};

/* Every job keeps its own failure: one that fails stops no other. */
static int run_job(void *context, size_t number, struct failure *failure)
{
	const struct analysis_jobs *jobs = context;
	struct analysis_job *job = &jobs->job[number];
	(void)failure;
	job->failure = (struct failure){.status = EXIT_DONE};
	job->result = run(job->analysis, job->series, jobs->options, &job->failure);
	return 0;
}

void analysis_run_all(struct analysis_job *job, size_t jobs, const struct analysis_options *options)
{
	struct analysis_jobs all = {job, options};
	struct failure none;
	mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
	gsl_error_handler_t *handler = gsl_set_error_handler_off();
	crew_run(run_job, &all, jobs, NULL, NULL, &none);
	gsl_set_error_handler(handler);
}
