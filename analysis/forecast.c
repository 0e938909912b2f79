/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forecast.h"

#include "profile.h"
#include "../observer/target.h"

#include <math.h>

#define MONTH_HOURS	 720.0
#define WEIGHT_COUNTS	 0.01 /* families below this weight do not widen the range */
#define FURTHEST_HOURS	 1e7  /* a thousand years: later is never */
#define BUCKETS_PER_HOUR 12.0
#define PIECE_HOURS	 1.0
#define PIECE_GROWTH	 1.3
#define THIN_BUCKET	 1e-6 /* alpha times its mean */
#define LOG_BEYOND	 700  /* logarithm that stands for infinity: exp() of it still exists */

static double background(const struct fit *fit)
{
	return fit->parameter[family_parameters(fit->family) - 1];
}

static bool background_absent(const struct fit *fit)
{
	return (fit->at_bound >> (family_parameters(fit->family) - 1)) & 1u;
}

static double residual(const struct fit *fit, double from, double to)
{
	if (fit->family == FAMILY_CONST)
		return background(fit) * (to - from);
	return family_integral(fit->family, fit->parameter, from, to);
}

/* -ln P(silence) per hour at a time, under NB2. */
static double silence_rate(const struct fit *fit, double hours)
{
	double alpha = fit->dispersion;
	double rate = fit->family == FAMILY_CONST ? background(fit)
						  : family_rate(fit->family, fit->parameter, hours);
	return log1p(alpha * rate / BUCKETS_PER_HOUR) * BUCKETS_PER_HOUR / alpha;
}

/* The integral of it: five Gauss-Legendre nodes in each of pieces that grow from an hour on. */
static double silence_integral(const struct fit *fit, double from, double to)
{
	static const double node[5] = {0.046910077030668004, 0.23076534494715845, 0.5,
				       0.76923465505284155, 0.953089922969332};
	static const double weight[5] = {0.11846344252809454, 0.23931433524968324, 64.0 / 225,
					 0.23931433524968324, 0.11846344252809454};
	int plateau = family_plateau(fit->family);
	double step = PIECE_HOURS, cost = 0;
	while (from < to) {
		double end = fmin(from + step, to);
		/* The rate jumps where a plateau ends. */
		if (plateau >= 0 && from < fit->parameter[plateau])
			end = fmin(end, fit->parameter[plateau]);
		for (int i = 0; i < 5; i++)
			cost += (end - from) * weight[i] *
				silence_rate(fit, from + (end - from) * node[i]);
		from = end;
		step *= PIECE_GROWTH;
	}
	return cost;
}

/* -ln P(silence) from `from` to `to`; `to` may be INFINITY, and so may the result. */
static double silence_cost(const struct fit *fit, double from, double to)
{
	if (fit->likelihood != LIKELIHOOD_NB2) {
		double each = fit->dispersion > 0 ? log1p(fit->dispersion) / fit->dispersion : 1;
		double count = isfinite(to) ? residual(fit, from, to)
					    : family_total(fit->family, fit->parameter, from);
		return count * each;
	}
	if (isfinite(to))
		return silence_integral(fit, from, to);
	/* Beyond some time a bucket holds so little that it costs as much as under Poisson. */
	double thin = THIN_BUCKET * BUCKETS_PER_HOUR / fit->dispersion;
	double beyond = family_time_of_rate(fit->family, fit->parameter, thin);
	if (!(beyond < FURTHEST_HOURS))
		return INFINITY;
	beyond = fmax(beyond, from);
	return silence_integral(fit, from, beyond) +
	       family_total(fit->family, fit->parameter, beyond);
}

double forecast_silence(const struct fit *fit, double from, double to)
{
	return exp(-silence_cost(fit, from, to));
}

static double half_life(enum family family, const double *parameter)
{
	return family_time_of_rate(family, parameter, family_rate(family, parameter, 0) / 2);
}

static double log_half_life(const struct model *model, const double *parameter)
{
	return log(half_life(model->family, parameter));
}

static double log_time_to_background(const struct model *model, const double *parameter)
{
	double b = parameter[family_parameters(model->family) - 1];
	double hours = family_time_of_rate(model->family, parameter, b);
	return isfinite(hours) ? log(hours) : LOG_BEYOND;
}

static double log_residual_total(const struct model *model, const double *parameter)
{
	double total = family_total(model->family, parameter, model->sample->end);
	return isfinite(total) ? fmax(log(total), -LOG_BEYOND) : LOG_BEYOND;
}

/* Where the plateau just ends with a drop below half, the half-life is its end, whole hours. */
static bool halves_at_plateau_end(const struct fit *fit, double hours)
{
	int plateau = family_plateau(fit->family);
	return plateau >= 0 && fabs(hours - fit->parameter[plateau]) < 1e-6;
}

static void find_half_life(struct analysis *analysis, const struct fit_data *data)
{
	const struct fit *best = &analysis->best;
	double hours = half_life(best->family, best->parameter);
	if (!(hours > 0) || !isfinite(hours))
		return;
	if (halves_at_plateau_end(best, hours))
		analysis->half_life_hours = best->ci[family_plateau(best->family)];
	else
		analysis->half_life_hours = profile_function(best, data, log_half_life);
}

static void find_time_to_background(struct analysis *analysis, const struct fit_data *data)
{
	const struct fit *best = &analysis->best;
	double b = background(best);
	if (background_absent(best) || family_rate(best->family, best->parameter, 0) <= b)
		return;
	double hours = family_time_of_rate(best->family, best->parameter, b);
	if (!isfinite(hours))
		return;
	if (halves_at_plateau_end(best, hours))
		analysis->hours_to_background = best->ci[family_plateau(best->family)];
	else
		analysis->hours_to_background =
			profile_function(best, data, log_time_to_background);
}

static void find_residual_total(struct analysis *analysis, const struct fit_data *data)
{
	const struct fit *best = &analysis->best;
	double total = family_total(best->family, best->parameter, analysis->span_hours);
	if (!isfinite(total))
		return;
	if (total < 1e-100) /* nothing left that a logarithm could vary */
		analysis->residual_total = (struct interval){0, 0, 0, true};
	else
		analysis->residual_total = profile_function(best, data, log_residual_total);
}

/* Time after which silence has the given probability; the end of the record when that is so
 * already. */
static double time_of_silence(const struct fit *fit, double end, double probability)
{
	double low = end, high = end + 1, rest = -log(probability);
	if (silence_cost(fit, end, INFINITY) <= rest)
		return end;
	while (silence_cost(fit, high, INFINITY) > rest) {
		low = high;
		high = end + 2 * (high - end);
		if (high > FURTHEST_HOURS)
			return INFINITY;
	}
	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;
		if (silence_cost(fit, middle, INFINITY) > rest)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* P(last <= t) = P(silence after t): its quantiles. Before the record's end the last call is the
 * one already seen. */
static void find_last_syn(struct analysis *analysis)
{
	const struct fit *best = &analysis->best;
	double hours[3];
	static const double probability[3] = {0.025, 0.5, 0.975};
	if (analysis->last_syn == TIME_UNKNOWN)
		return;
	for (int i = 0; i < 3; i++) {
		hours[i] = time_of_silence(best, analysis->span_hours, probability[i]);
		if (hours[i] <= analysis->span_hours)
			hours[i] = (double)(analysis->last_syn - analysis->series->retired) / 3600;
	}
	if (!isfinite(hours[1]))
		return;
	double retired = (double)analysis->series->retired;
	analysis->last_syn_expected =
		(struct interval){retired + 3600 * hours[1], retired + 3600 * hours[0],
				  retired + 3600 * hours[2], true};
}

static void find_silence(struct analysis *analysis)
{
	double from = analysis->span_hours, to = from + MONTH_HOURS;
	analysis->silent_30d = forecast_silence(&analysis->best, from, to);
	analysis->silent_30d_low = analysis->silent_30d_high = analysis->silent_30d;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			if (analysis->weight[l][f] <= WEIGHT_COUNTS)
				continue;
			double silence = forecast_silence(&analysis->fit[l][f], from, to);
			analysis->silent_30d_low = fmin(analysis->silent_30d_low, silence);
			analysis->silent_30d_high = fmax(analysis->silent_30d_high, silence);
		}
}

void forecast_make(struct analysis *analysis, const struct fit_data *data)
{
	const struct interval unknown = {NAN, NAN, NAN, false};
	analysis->half_life_hours = analysis->hours_to_background = unknown;
	analysis->residual_total = analysis->last_syn_expected = unknown;
	analysis->silent_30d = analysis->silent_30d_low = analysis->silent_30d_high = NAN;
	if (!analysis->best.done || analysis->count == 0)
		return;
	find_silence(analysis);
	if (analysis->best.family == FAMILY_CONST)
		return;
	find_half_life(analysis, data);
	find_time_to_background(analysis, data);
	find_residual_total(analysis, data);
	find_last_syn(analysis);
}
