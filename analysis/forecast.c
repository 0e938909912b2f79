/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forecast.h"

#include "../observer/target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WEIGHT_COUNTS 0.01 /* families below this weight do not widen the range */
#define BUCKET_SPAN   300  /* seconds */
#define DRAWS	      200
#define DRAWS_BEST    DRAWS /* of the best fit alone, for its parameters where days vary together */
#define DRAW_SEED     1974
/* Days vary together when their Fano factor is above that of so many of the draws without, and by
 * more than so much. */
#define CLUSTERED_ABOVE 198
#define CLUSTERED_BY	1.3
/* Hours after the end at which the chance that no call follows is looked at, and how often the
 * logarithm of their ratio is halved. */
#define NEAREST	 0.1
#define FURTHEST 1e6
#define HALVINGS 22

const double silence_days[SILENCE_HORIZONS] = {1, 7, 30, 90, 180};

/* What a fit says, and how heavily. */
struct voice {
	struct fit fit; /* leveled */
	struct outlook outlook;
	double weight;
	double outcome[OUTCOMES];
};

struct chorus {
	struct voice voice[LIKELIHOODS * FAMILIES];
	size_t voices;
	struct outlook_terms terms;
	struct fit draw[DRAWS]; /* fits to records drawn from the voices */
	struct outlook outlook[DRAWS];
	double outcome[DRAWS][OUTCOMES];
	double fano[DRAWS];
};

static const struct interval unknown = {NAN, NAN, NAN, false};

static struct outlook_terms terms_of(const struct analysis *analysis)
{
	const struct series *series = analysis->series;
	struct outlook_terms terms = {.end = analysis->span_hours, .drift = analysis->drift_at_end};
	size_t after = series->rows;
	double observed = 0;
	for (; after > series->first && series->row[after - 1].count == 0; after--)
		observed += series->row[after - 1].observed_seconds / 3600.0;
	int64_t last = after > series->first ? series->row[after - 1].start : series->retired;
	terms.last = (double)(last + BUCKET_SPAN - series->retired) / 3600;
	if (terms.last < terms.end)
		terms.observed = fmin(observed / (terms.end - terms.last), 1);
	return terms;
}

/* The fits that the evidence allows, by their BIC; `inflation` as in analysis.h. */
static void gather(struct chorus *chorus, const struct analysis *analysis, double inflation)
{
	double total = 0;
	chorus->voices = 0;
	chorus->terms = terms_of(analysis);
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			const struct fit *fit = analysis_fit(analysis, l, f);
			if (analysis->weight[l][f] <= 0)
				continue;
			struct voice *voice = &chorus->voice[chorus->voices++];
			voice->fit = fit_leveled(fit);
			voice->weight = exp((analysis->best.bic - fit->bic) / (2 * inflation));
			total += voice->weight;
		}
	for (size_t i = 0; i < chorus->voices; i++)
		chorus->voice[i].weight /= total;
}

/* The fit that draw `number` comes from: as many draws each as its weight says. */
static const struct fit *drawn_from(const struct chorus *chorus, size_t number)
{
	double share = (double)number + 0.5, sum = 0;
	for (size_t i = 0; i < chorus->voices; i++) {
		sum += chorus->voice[i].weight * DRAWS;
		if (share < sum)
			return &chorus->voice[i].fit;
	}
	return &chorus->voice[chorus->voices - 1].fit;
}

static void draw_all(struct chorus *chorus, struct bootstrap *bootstrap, double clustering)
{
	for (size_t i = 0; i < DRAWS; i++)
		chorus->fano[i] = bootstrap_refit(bootstrap, drawn_from(chorus, i), clustering,
						  DRAW_SEED + i, &chorus->draw[i]);
}

static int by_value(const void *left, const void *right)
{
	double one = *(const double *)left, other = *(const double *)right;
	return (one > other) - (one < other);
}

/* What the Fano factor of a day has above that of independent buckets; 0 when that is chance. */
static double find_clustering(struct chorus *chorus, double observed)
{
	double sorted[DRAWS], middle;
	if (isnan(observed))
		return 0;
	memcpy(sorted, chorus->fano, sizeof sorted);
	for (size_t i = 0; i < DRAWS; i++)
		if (isnan(sorted[i]))
			return 0;
	qsort(sorted, DRAWS, sizeof sorted[0], by_value);
	middle = sorted[DRAWS / 2];
	bool clustered = observed > sorted[CLUSTERED_ABOVE - 1] && observed > CLUSTERED_BY * middle;
	return clustered ? observed - middle : 0;
}

/* Quantiles of values that may hold NAN (left out) and INFINITY; false when fewer than half are
 * there. */
static bool limits_of(double *value, size_t count, double *low, double *high)
{
	size_t there = 0;
	for (size_t i = 0; i < count; i++)
		if (!isnan(value[i]))
			value[there++] = value[i];
	if (there < count / 2)
		return false;
	qsort(value, there, sizeof *value, by_value);
	size_t tail = (size_t)floor(0.025 * (double)there);
	*low = value[tail];
	*high = value[there - 1 - tail];
	return true;
}

/* The weighted median of what the fits say; NAN when most say nothing. */
static double averaged(const struct chorus *chorus, int outcome)
{
	double value[LIKELIHOODS * FAMILIES], weight[LIKELIHOODS * FAMILIES], sum = 0;
	size_t count = 0;
	for (size_t i = 0; i < chorus->voices; i++) {
		const struct voice *voice = &chorus->voice[i];
		if (isnan(voice->outcome[outcome]))
			continue;
		size_t place = count++;
		for (; place > 0 && value[place - 1] > voice->outcome[outcome]; place--) {
			value[place] = value[place - 1];
			weight[place] = weight[place - 1];
		}
		value[place] = voice->outcome[outcome];
		weight[place] = voice->weight;
		sum += voice->weight;
	}
	if (sum < 0.5)
		return NAN;
	double half = sum / 2;
	for (size_t i = 0; i < count; i++) {
		half -= weight[i];
		if (half <= 0)
			return value[i];
	}
	return value[count - 1];
}

/* Infinite estimates are not known; an infinite limit is one. */
static struct interval estimate(const struct chorus *chorus, int outcome)
{
	double value[DRAWS];
	struct interval interval = {averaged(chorus, outcome), 0, INFINITY, true};
	for (size_t i = 0; i < DRAWS; i++)
		value[i] = chorus->outcome[i][outcome];
	if (!isfinite(interval.value) || !limits_of(value, DRAWS, &interval.low, &interval.high))
		return unknown;
	interval.low = fmin(interval.low, interval.value);
	interval.high = fmax(interval.high, interval.value);
	return interval;
}

static double mean_of_draws(const struct chorus *chorus, int outcome)
{
	double sum = 0;
	for (size_t i = 0; i < DRAWS; i++)
		sum += chorus->outcome[i][outcome] / DRAWS;
	return sum;
}

static void find_silence(struct analysis *analysis, const struct chorus *chorus)
{
	for (int h = 0; h < SILENCE_HORIZONS; h++) {
		struct silence *silence = &analysis->silence[h];
		double value[DRAWS];
		silence->hours = silence_days[h] * 24;
		silence->probability = mean_of_draws(chorus, OUTCOME_SILENT + h);
		silence->residual_only = mean_of_draws(chorus, OUTCOME_SILENT_RESIDUAL + h);
		for (size_t i = 0; i < DRAWS; i++)
			value[i] = chorus->outcome[i][OUTCOME_SILENT + h];
		limits_of(value, DRAWS, &silence->low, &silence->high);
		if (h != SILENCE_MONTH)
			continue;
		analysis->silent_30d = silence->probability;
		analysis->silent_30d_low = analysis->silent_30d_high = silence->probability;
		for (size_t i = 0; i < chorus->voices; i++) {
			double one = chorus->voice[i].outcome[OUTCOME_SILENT + h];
			if (chorus->voice[i].weight <= WEIGHT_COUNTS)
				continue;
			analysis->silent_30d_low = fmin(analysis->silent_30d_low, one);
			analysis->silent_30d_high = fmax(analysis->silent_30d_high, one);
		}
	}
}

/* Mean over the draws of the chance that no residual call comes after `from`. */
static double none_after(const struct chorus *chorus, double from)
{
	double sum = 0;
	for (size_t i = 0; i < DRAWS; i++)
		sum += forecast_none_after(&chorus->outlook[i], from) / DRAWS;
	return sum;
}

/* When the chance that no call follows reaches `probability`, which it has not at the end; INFINITY
 * when it takes more than FURTHEST. */
static double time_of_last(const struct chorus *chorus, double probability)
{
	double end = chorus->terms.end, low = log(NEAREST), high = log(FURTHEST);
	if (none_after(chorus, end + FURTHEST) < probability)
		return INFINITY;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;
		if (none_after(chorus, end + exp(middle)) >= probability)
			high = middle;
		else
			low = middle;
	}
	return end + exp(high);
}

/* P(last <= t) = P(silence after t): its quantiles. Before the record's end the last call is the
 * one already seen. */
static void find_last_syn(struct analysis *analysis, const struct chorus *chorus)
{
	static const double probability[3] = {0.025, 0.5, 0.975};
	double hours[3], retired = (double)analysis->series->retired;
	if (analysis->last_syn == TIME_UNKNOWN || analysis->best.family == FAMILY_CONST)
		return;
	double already = none_after(chorus, chorus->terms.end);
	for (int i = 0; i < 3; i++)
		hours[i] = already >= probability[i] ? ((double)analysis->last_syn - retired) / 3600
						     : time_of_last(chorus, probability[i]);
	if (isfinite(hours[1]))
		analysis->last_syn_expected =
			(struct interval){retired + 3600 * hours[1], retired + 3600 * hours[0],
					  retired + 3600 * hours[2], true};
}

/* Where the rate falls at the end of a plateau, that end is whole hours with limits of their own,
 * which the draws, whose plateau stays, do not tell. */
static void widen_to_plateau_end(struct interval *interval, const struct fit *best)
{
	int plateau = family_plateau(best->family);
	if (plateau < 0 || !interval->known ||
	    fabs(interval->value - best->parameter[plateau]) > 1e-6)
		return;
	interval->low = fmin(interval->low, best->ci[plateau].low);
	interval->high = fmax(interval->high, best->ci[plateau].high);
}

/* Where days vary together the profiles are too narrow: each limit moves out to that of the
 * draws. */
static void widen_parameters(struct analysis *analysis, const struct chorus *chorus,
			     struct bootstrap *bootstrap, double clustering)
{
	static const int most = FAMILY_PARAMETERS_MAX + 1;
	struct fit level = fit_leveled(&analysis->best);
	double value[FAMILY_PARAMETERS_MAX + 1][DRAWS_BEST];
	int count = level.k - analysis->best.waves;
	for (size_t i = 0; i < DRAWS_BEST; i++) {
		const struct fit *truth = drawn_from(chorus, i);
		struct fit refit = chorus->draw[i];
		/* The draws of the best fit that there are already come out no other. */
		if (truth->family != level.family || truth->likelihood != level.likelihood)
			bootstrap_refit(bootstrap, &level, clustering, DRAW_SEED + i, &refit);
		for (int p = 0; p < count && p < most; p++)
			value[p][i] = fit_value(&refit, p);
	}
	for (int p = 0; p < count && p < most; p++) {
		struct interval *interval = fit_interval(&analysis->best, p);
		double low, high, own = fit_value(&analysis->best, p),
				  leveled = fit_value(&level, p);
		if (!interval->known || !limits_of(value[p], DRAWS_BEST, &low, &high))
			continue;
		double scale = leveled > 0 ? own / leveled : 1;
		interval->low = fmin(interval->low, low * scale);
		interval->high = fmax(interval->high, high * scale);
	}
}

static void set_unknown(struct analysis *analysis)
{
	analysis->half_life_hours = analysis->hours_to_background = unknown;
	analysis->hours_to_daily = analysis->hours_to_monthly = unknown;
	analysis->residual_total = analysis->residual_1_year = unknown;
	analysis->residual_5_years = analysis->last_syn_expected = unknown;
	analysis->silent_30d = analysis->silent_30d_low = analysis->silent_30d_high = NAN;
	for (int h = 0; h < SILENCE_HORIZONS; h++)
		analysis->silence[h] = (struct silence){silence_days[h] * 24, NAN, NAN, NAN, NAN};
}

static void derive(struct analysis *analysis, struct chorus *chorus)
{
	for (size_t i = 0; i < chorus->voices; i++) {
		forecast_begin(&chorus->voice[i].outlook, &chorus->voice[i].fit, &chorus->terms);
		forecast_outcomes(&chorus->voice[i].outlook, &chorus->terms,
				  chorus->voice[i].outcome);
	}
	for (size_t i = 0; i < DRAWS; i++) {
		forecast_begin(&chorus->outlook[i], &chorus->draw[i], &chorus->terms);
		forecast_outcomes(&chorus->outlook[i], &chorus->terms, chorus->outcome[i]);
	}
	find_silence(analysis, chorus);
	analysis->half_life_hours = estimate(chorus, OUTCOME_HALF_LIFE);
	analysis->hours_to_background = estimate(chorus, OUTCOME_TO_BACKGROUND);
	analysis->hours_to_daily = estimate(chorus, OUTCOME_TO_DAILY);
	analysis->hours_to_monthly = estimate(chorus, OUTCOME_TO_MONTHLY);
	widen_to_plateau_end(&analysis->half_life_hours, &analysis->best);
	widen_to_plateau_end(&analysis->hours_to_background, &analysis->best);
	widen_to_plateau_end(&analysis->hours_to_daily, &analysis->best);
	widen_to_plateau_end(&analysis->hours_to_monthly, &analysis->best);
	analysis->residual_total = estimate(chorus, OUTCOME_TOTAL);
	analysis->residual_1_year = estimate(chorus, OUTCOME_TOTAL_1_YEAR);
	analysis->residual_5_years = estimate(chorus, OUTCOME_TOTAL_5_YEARS);
	find_last_syn(analysis, chorus);
}

int forecast_make(struct analysis *analysis, const struct fit_data *data,
		  const struct sample *coarse, struct failure *failure)
{
	struct bootstrap bootstrap;
	set_unknown(analysis);
	if (!analysis->best.done || analysis->count == 0)
		return 0;
	struct chorus *chorus = calloc(1, sizeof *chorus);
	if (!chorus || bootstrap_begin(&bootstrap, coarse, data->baseline_hours, failure) < 0) {
		free(chorus);
		return fail(failure, EXIT_FAILED, "%s: no memory for its forecast",
			    analysis->series->name);
	}
	gather(chorus, analysis, 1);
	draw_all(chorus, &bootstrap, 0);
	double fano = analysis->fano[3], clustering = find_clustering(chorus, fano);
	if (clustering > 0) {
		analysis->clustered = true;
		analysis->inflation = fmax(fano / fmax(analysis->fano[0], 1), 1);
		gather(chorus, analysis, analysis->inflation);
		chorus->terms.day_dispersion = fmax(fano - 1, 0);
		draw_all(chorus, &bootstrap, clustering);
		widen_parameters(analysis, chorus, &bootstrap, clustering);
	}
	derive(analysis, chorus);
	bootstrap_end(&bootstrap);
	free(chorus);
	return 0;
}
