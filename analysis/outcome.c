/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forecast.h"

#include <math.h>

#define DAY_HOURS	 24.0
#define MONTH_HOURS	 720.0
#define YEAR_HOURS	 8760.0
#define BUCKETS_PER_HOUR 12.0
#define PIECE_HOURS	 1.0
#define PIECE_GROWTH	 1.3
#define FURTHEST_HOURS	 1e7 /* a thousand years: later is never */
#define THIN_BUCKET                                                                                \
	1e-6 /* alpha times its mean: such a bucket costs what it does under Poisson               \
	      */

static double background(const struct fit *fit)
{
	return fit->parameter[family_parameters(fit->family) - 1];
}

static double residual(const struct fit *fit, double from, double to)
{
	if (fit->family == FAMILY_CONST)
		return background(fit) * (to - from);
	return family_integral(fit->family, fit->parameter, from, to);
}

/* -ln P(silence) per hour at a time, under NB2, with a steady rate beside the residual. */
static double silence_rate(const struct fit *fit, double hours, double beside)
{
	double alpha = fit->dispersion;
	double rate = fit->family == FAMILY_CONST ? background(fit)
						  : family_rate(fit->family, fit->parameter, hours);
	return log1p(alpha * (rate + beside) / BUCKETS_PER_HOUR) * BUCKETS_PER_HOUR / alpha;
}

/* The integral of it: five Gauss-Legendre nodes in each of pieces that grow from an hour on. */
static double silence_integral(const struct fit *fit, double from, double to, double beside)
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
				silence_rate(fit, from + (end - from) * node[i], beside);
		from = end;
		step *= PIECE_GROWTH;
	}
	return cost;
}

/* -ln P(no residual count) after `from`, for ever. */
static double silence_for_ever(const struct fit *fit, double from, double phi)
{
	if (fit->family == FAMILY_CONST)
		return INFINITY;
	if (fit->likelihood != LIKELIHOOD_NB2 || phi > 0)
		return family_total(fit->family, fit->parameter, from) *
		       (phi > 0 ? log1p(phi) / phi : 1);
	double thin = THIN_BUCKET * BUCKETS_PER_HOUR / fit->dispersion;
	double beyond = family_time_of_rate(fit->family, fit->parameter, thin);
	if (!(beyond < FURTHEST_HOURS))
		return INFINITY;
	beyond = fmax(beyond, from);
	return silence_integral(fit, from, beyond, 0) +
	       family_total(fit->family, fit->parameter, beyond);
}

/* -ln P(silence) from `from` to `to`, with a steady rate beside the residual; `to` may be INFINITY
 * when there is none. */
static double silence_cost(const struct fit *fit, double from, double to, double beside,
			   double day_dispersion)
{
	double phi = day_dispersion > 0			 ? day_dispersion
		     : fit->likelihood == LIKELIHOOD_NB1 ? fit->dispersion
							 : 0;
	if (!isfinite(to))
		return silence_for_ever(fit, from, phi);
	if (fit->likelihood == LIKELIHOOD_NB2 && day_dispersion <= 0)
		return silence_integral(fit, from, to, beside);
	double count = residual(fit, from, to) + beside * (to - from);
	return count * (phi > 0 ? log1p(phi) / phi : 1);
}

double forecast_silence(const struct fit *fit, double from, double to)
{
	return exp(-silence_cost(fit, from, to, 0, 0));
}

static double residual_cost(const void *context, double from, double to)
{
	const struct outlook *outlook = context;
	return silence_cost(outlook->fit, from, to, 0, outlook->day_dispersion);
}

static double whole_cost(const void *context, double from, double to)
{
	const struct outlook *outlook = context;
	return silence_cost(outlook->fit, from, to, outlook->background, outlook->day_dispersion);
}

void forecast_begin(struct outlook *outlook, const struct fit *fit,
		    const struct outlook_terms *terms)
{
	outlook->fit = fit;
	outlook->day_dispersion = terms->day_dispersion;
	/* The constant rate of const is its residual here. */
	outlook->background = fit->family == FAMILY_CONST ? 0 : background(fit) * terms->drift;
	dropout_begin(&outlook->dropout, residual_cost, outlook, terms->last, terms->end,
		      terms->observed);
	dropout_begin(&outlook->dropout_of_all, whole_cost, outlook, terms->last, terms->end,
		      terms->observed);
}

double forecast_none_after(const struct outlook *outlook, double from)
{
	return outlook->fit->family == FAMILY_CONST ? 0
						    : dropout_none_after(&outlook->dropout, from);
}

/* A background drops out as well: what a fit calls so may be slow callers, and a scanner gives up,
 * too. Without it silence is never less likely than with it. */
static void silences(const struct outlook *outlook, const struct outlook_terms *terms,
		     double outcome[OUTCOMES])
{
	for (int h = 0; h < SILENCE_HORIZONS; h++) {
		double to = terms->end + silence_days[h] * DAY_HOURS;
		double silent = dropout_silent(&outlook->dropout_of_all, to);
		outcome[OUTCOME_SILENT + h] = silent;
		outcome[OUTCOME_SILENT_RESIDUAL + h] =
			fmax(dropout_silent(&outlook->dropout, to), silent);
	}
}

static double time_of_rate(const struct fit *fit, double level)
{
	if (fit->family == FAMILY_CONST)
		return NAN;
	return family_time_of_rate(fit->family, fit->parameter, level);
}

void forecast_outcomes(const struct outlook *outlook, const struct outlook_terms *terms,
		       double outcome[OUTCOMES])
{
	const struct fit *fit = outlook->fit;
	bool residual_known = fit->family != FAMILY_CONST;
	double first = residual_known ? family_rate(fit->family, fit->parameter, 0) : NAN;
	double end = terms->end, b = background(fit) * terms->drift;
	/* At its floor the background is absent: nothing is ever equal to it. */
	bool floored =
		background(fit) <=
		family_parameter(fit->family, family_parameters(fit->family) - 1)->low * 1.01;
	outcome[OUTCOME_HALF_LIFE] = time_of_rate(fit, first / 2);
	outcome[OUTCOME_TO_BACKGROUND] = floored || !(first > b) ? NAN : time_of_rate(fit, b);
	outcome[OUTCOME_TO_DAILY] = time_of_rate(fit, 1 / DAY_HOURS);
	outcome[OUTCOME_TO_MONTHLY] = time_of_rate(fit, 1 / MONTH_HOURS);
	outcome[OUTCOME_TOTAL] =
		residual_known ? family_total(fit->family, fit->parameter, end) : NAN;
	outcome[OUTCOME_TOTAL_1_YEAR] = residual_known ? residual(fit, end, end + YEAR_HOURS) : NAN;
	outcome[OUTCOME_TOTAL_5_YEARS] =
		residual_known ? residual(fit, end, end + 5 * YEAR_HOURS) : NAN;
	silences(outlook, terms, outcome);
}
