/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dropout.h"

#include <gsl/gsl_sf_bessel.h>
#include <math.h>

/* Cells get longer by this from the first on; 256 of them are longer than any record. */
#define FIRST_HOURS 0.05
#define GROWTH	    1.2

/* Share of the falls that are a pause: forecasts for simulated records of Winny and Share were
 * better with it than with 0 or 1/2 (seeds 1 to 10 of tests/study/calibration.py, none of which
 * its tables take). */
#define PAUSES 0.25

/* P(no call) when a Beta(1/2, 1/2) share of the calls is left. */
static double after_fall(double cost)
{
	return isfinite(cost) ? gsl_sf_bessel_I0_scaled(cost / 2) : 0;
}

/* P(not back at `to`), those who fell silent at `fall`; `to` may be INFINITY. */
static double still_away(double fall, double to)
{
	return 1 - PAUSES + PAUSES * fall / to;
}

/* P(still all there at one time but not at the other | all there at `last`). */
static double falls_between(const struct dropout *dropout, double from, double to)
{
	return dropout->last / from - dropout->last / to;
}

void dropout_begin(struct dropout *dropout, dropout_cost *cost, const void *context, double last,
		   double end, double observed)
{
	double from = last, length = FIRST_HOURS;
	*dropout = (struct dropout){.cost = cost, .context = context, .last = last, .end = end};
	dropout->whole = observed * cost(context, last, end);
	dropout->none = dropout->none_steady = last / end * exp(-dropout->whole);
	for (double spent = 0; from < end; length *= GROWTH) {
		size_t i = dropout->cells++;
		double to = dropout->cells < DROPOUT_CELLS ? fmin(from + length, end) : end;
		double middle = (from + to) / 2, first = cost(context, from, middle),
		       second = cost(context, middle, to), before = spent + observed * first;
		dropout->fall[i] = middle;
		dropout->fallen[i] = falls_between(dropout, from, to) * exp(-before);
		dropout->since[i] = fmax(dropout->whole - before, 0);
		dropout->rate[i] = to > from ? (first + second) / (to - from) : 0;
		dropout->since_steady[i] = observed * dropout->rate[i] * (end - middle);
		/* A pause that ended where nobody looked is none that is seen to have ended. */
		double seen = 1 - observed * (1 - still_away(middle, end));
		double away = dropout->fallen[i] * seen;
		dropout->none += away * after_fall(dropout->since[i]);
		dropout->none_steady += away * after_fall(dropout->since_steady[i]);
		spent = before + observed * second;
		from = to;
	}
}

/* The falls before the end of the record: P(no call from `last` to `end`, none until `to` either,
 * which costs `more`). */
static double fallen_before(const struct dropout *dropout, double to, double more)
{
	double sum = 0;
	for (size_t i = 0; i < dropout->cells; i++)
		sum += dropout->fallen[i] * still_away(dropout->fall[i], to) *
		       after_fall(dropout->since[i] + more);
	return sum;
}

/* The same where those left call on at the rate that they had at the fall. */
static double fallen_before_steady(const struct dropout *dropout, double to)
{
	double sum = 0, hours = to - dropout->end;
	for (size_t i = 0; i < dropout->cells; i++)
		sum += dropout->fallen[i] * still_away(dropout->fall[i], to) *
		       after_fall(dropout->since_steady[i] + dropout->rate[i] * hours);
	return sum;
}

double dropout_silent(const struct dropout *dropout, double to)
{
	double ahead = dropout->cost(dropout->context, dropout->end, to);
	double from = dropout->end, length = FIRST_HOURS, spent = 0, falling = 0;
	double none = dropout->none + dropout->none_steady;
	if (none <= 0)
		return exp(-ahead);
	for (; from < to; length *= GROWTH) {
		double until = fmin(from + length, to), middle = (from + until) / 2;
		double first = dropout->cost(dropout->context, from, middle);
		double second = dropout->cost(dropout->context, middle, until);
		double before = spent + first, rate = (first + second) / (until - from);
		falling += falls_between(dropout, from, until) * exp(-before) *
			   still_away(middle, to) *
			   (after_fall(fmax(ahead - before, 0)) + after_fall(rate * (to - middle)));
		spent = before + second;
		from = until;
	}
	double standing = falling + 2 * dropout->last / to * exp(-ahead);
	double fallen = fallen_before(dropout, to, ahead) + fallen_before_steady(dropout, to);
	return fmin((fallen + exp(-dropout->whole) * standing) / none, 1);
}

double dropout_none_after(const struct dropout *dropout, double from)
{
	double ahead = dropout->cost(dropout->context, from, INFINITY);
	double fallen = fallen_before(dropout, INFINITY, ahead);
	double later =
		falls_between(dropout, dropout->end, from) * (1 - PAUSES) * after_fall(ahead) +
		dropout->last / from * exp(-ahead);
	return dropout->none > 0 ? (fallen + exp(-dropout->whole) * later) / dropout->none
				 : exp(-ahead);
}
