/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weibull.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>

/* e^-z underflows beyond this. */
#define EXPONENT_MAX 745.0
/* What lies this much further than the start of an interval adds less than 1e-15 of it, even
 * with z^9 in front, the steepest weight that beta >= 0.1 gives. */
#define EXPONENT_REACH 90.0
/* Largest change in one piece of five nodes: of ln t, of beta ln t, and of z. */
#define PIECE_LOGARITHM 0.35
#define PIECE_EXPONENT	1.0
/* Where both change less, two or three nodes are as good (the error goes with the 4th and 6th
 * power over 4320 and 2e6). */
#define TWO_NODES   0.01
#define THREE_NODES 0.1
#define SERIES_MAX  40

struct curve {
	double log_tau, tau, beta, steepness; /* steepness: beta, but at least 1 */
};

/* Integrals over t of e^-z, z e^-z and z ln z e^-z: all that value and derivatives need. */
struct moments {
	double plain, by_scale, by_shape;
};

struct rule {
	int nodes;
	double node[5], weight[5]; /* on [0, 1] */
};

static const struct rule two = {2, {0.21132486540518712, 0.78867513459481288}, {0.5, 0.5}};
static const struct rule three = {
	3, {0.11270166537925831, 0.5, 0.88729833462074169}, {5.0 / 18, 8.0 / 18, 5.0 / 18}};
static const struct rule five = {
	5,
	{0.046910077030668004, 0.23076534494715845, 0.5, 0.76923465505284155, 0.953089922969332},
	{0.11846344252809454, 0.23931433524968324, 64.0 / 225, 0.23931433524968324,
	 0.11846344252809454}};

/* [from, from + width], from > 0. */
static void add_piece(const struct curve *curve, const struct rule *rule, double from, double width,
		      struct moments *sum)
{
	for (int i = 0; i < rule->nodes; i++) {
		double log_z = curve->beta * (log(from + width * rule->node[i]) - curve->log_tau);
		double z = exp(log_z), value = width * rule->weight[i] * exp(-z);
		sum->plain += value;
		sum->by_scale += z * value;
		/* z ln z vanishes with z, but 0 times a large logarithm is what it is here too. */
		sum->by_shape += z * log_z * value;
	}
}

/* expm1(x) for |x| < TWO_NODES and a little more. */
static double few_terms(double x)
{
	return x * (1 + x * (1.0 / 2 + x * (1.0 / 6 + x * (1.0 / 24 + x / 120))));
}

/* [from, from + width] so narrow that two nodes do, and that ln t and e^-z follow from their
 * values at `from` by a few terms: most rows of a long record are so. */
static void add_narrow(const struct curve *curve, double log_z, double z, double relative,
		       double width, struct moments *sum)
{
	double start = width * exp(-z);
	for (int i = 0; i < two.nodes; i++) {
		double y = relative * two.node[i];
		double rise = y * (1 - y * (1.0 / 2 - y * (1.0 / 3 - y * (1.0 / 4 - y / 5))));
		double step = curve->beta * rise; /* of ln z */
		double here = z * (1 + few_terms(step));
		double value = two.weight[i] * start * (1 + few_terms(z - here));
		sum->plain += value;
		sum->by_scale += here * value;
		sum->by_shape += here * (log_z + step) * value;
	}
}

/* [0, to] with z(to) <= 1: e^-z by its powers, each integrated. */
static void add_head(const struct curve *curve, double to, struct moments *sum)
{
	double log_z = curve->beta * (log(to) - curve->log_tau), z = exp(log_z);
	double power = to; /* to (-z)^n / n! */
	for (int n = 0; n < SERIES_MAX && fabs(power) > 1e-18 * to; n++) {
		double order = n * curve->beta + 1;
		sum->plain += power / order;
		/* z^n / (n-1)! with the sign turned is minus n times the power. */
		sum->by_scale -= n * power / order;
		sum->by_shape -= n * power * (log_z / order - curve->beta / (order * order));
		power *= -z / (n + 1);
	}
}

/* [from, to], from > 0, of any length, in geometric pieces. */
static void add_stretch(const struct curve *curve, double from, double to, struct moments *sum)
{
	double z = exp(curve->beta * (log(from) - curve->log_tau));
	if (z > EXPONENT_MAX)
		return;
	double last = exp(curve->beta * (log(to) - curve->log_tau));
	if (last > z + EXPONENT_REACH) {
		last = z + EXPONENT_REACH;
		to = fmin(to, exp(log(last) / curve->beta + curve->log_tau));
	}
	double length = log(to / from);
	double pieces = ceil(
		fmax(curve->steepness * length / PIECE_LOGARITHM, (last - z) / PIECE_EXPONENT));
	double ratio = exp(length / fmax(pieces, 1));
	for (double i = 0; i < pieces; i++) {
		double end = i + 1 < pieces ? from * ratio : to;
		add_piece(curve, &five, from, end - from, sum);
		from = end;
	}
}

static void integrate(const struct curve *curve, double from, double to, struct moments *sum)
{
	*sum = (struct moments){0, 0, 0};
	if (from <= 0) {
		double head = fmin(to, curve->tau);
		add_head(curve, head, sum);
		if (to > head)
			add_stretch(curve, head, to, sum);
		return;
	}
	double width = to - from, change = curve->steepness * width / from;
	if (change < THREE_NODES) {
		double log_z = curve->beta * (log(from) - curve->log_tau), z = exp(log_z);
		if (z > EXPONENT_MAX)
			return;
		/* z grows by the factor e^(beta ln(to/from)), here at most 1 + 1.06 change. */
		change = fmax(change, 1.06 * z * curve->beta * width / from);
		if (change < TWO_NODES)
			add_narrow(curve, log_z, z, width / from, width, sum);
		else if (change < THREE_NODES)
			add_piece(curve, &three, from, width, sum);
		if (change < THREE_NODES)
			return;
	}
	add_stretch(curve, from, to, sum);
}

void weibull_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		       double *integral, double *jacobian)
{
	double a = parameter[WEIBULL_A], tau = parameter[WEIBULL_TAU];
	double beta = parameter[WEIBULL_BETA];
	struct curve curve = {log(tau), tau, beta, fmax(beta, 1)};
	for (size_t i = 0; i < rows; i++) {
		struct moments sum;
		integrate(&curve, from[i], to[i], &sum);
		integral[i] = a * sum.plain;
		if (jacobian) {
			jacobian[WEIBULL_A * rows + i] = integral[i];
			jacobian[WEIBULL_TAU * rows + i] = a * beta * sum.by_scale;
			jacobian[WEIBULL_BETA * rows + i] = -a * sum.by_shape;
			jacobian[WEIBULL_B * rows + i] = 0;
		}
	}
}

double weibull_rate(const double *parameter, double hours)
{
	return parameter[WEIBULL_A] *
	       exp(-pow(hours / parameter[WEIBULL_TAU], parameter[WEIBULL_BETA]));
}

double weibull_total(const double *parameter, double from)
{
	double tau = parameter[WEIBULL_TAU], beta = parameter[WEIBULL_BETA];
	double z = pow(from / tau, beta);
	if (z > EXPONENT_MAX - 50)
		return 0;
	/* A (tau/beta) Gamma(1/beta) Q(1/beta, z). */
	return parameter[WEIBULL_A] * tau / beta * gsl_sf_gamma(1 / beta) *
	       gsl_sf_gamma_inc_Q(1 / beta, z);
}
