/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weibull.h"

#include "elementary.h"
#include "row_block.h"
#include "vectorised.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>

/* What lies this much further than the start of an interval adds less than 1e-15 of it, even
 * with z^9 in front, the steepest weight that beta >= 0.1 gives. */
#define EXPONENT_REACH 90.0
/* From here on, with A and b in their boxes, the background hides all that e^-z leaves: the first
 * part of an interval is enough. */
#define EXPONENT_HIDDEN 60.0
#define REACH_HIDDEN	3.0
/* Largest change in one piece of five nodes: of ln t, of ln z, and of z. */
#define PIECE_CHANGE 0.7
/* Where both change less, so many nodes are as good (the error goes with the 4th, the 6th and the
 * 8th power over 4320, 2e6 and 1.8e9). */
#define TWO_NODES   0.01
#define THREE_NODES 0.1
#define FOUR_NODES  0.35
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
static const struct rule four = {
	4,
	{0.069431844202973712, 0.33000947820757187, 0.66999052179242813, 0.93056815579702629},
	{0.17392742256872693, 0.32607257743127307, 0.32607257743127307, 0.17392742256872693}};
static const struct rule five = {
	5,
	{0.046910077030668004, 0.23076534494715845, 0.5, 0.76923465505284155, 0.953089922969332},
	{0.11846344252809454, 0.23931433524968324, 64.0 / 225, 0.23931433524968324,
	 0.11846344252809454}};

/* Where ln t is a multiple of `length` further on than `from`. */
static void add_piece(const struct curve *curve, double from, double log_z, double length,
		      struct moments *sum)
{
	for (int i = 0; i < five.nodes; i++) {
		double further = five.node[i] * length, here = log_z + curve->beta * further;
		double z = exp(here);
		double value = five.weight[i] * length * from * exp(further - z);
		sum->plain += value;
		sum->by_scale += z * value;
		/* z ln z vanishes with z, but 0 times a large logarithm is what it is here too. */
		sum->by_shape += z * here * value;
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

/* [from, to], from > 0, of any length, in pieces. */
static void add_stretch(const struct curve *curve, double from, double to, struct moments *sum)
{
	double log_z = curve->beta * (log(from) - curve->log_tau), z = exp(log_z);
	double limit = z + (z < EXPONENT_HIDDEN ? EXPONENT_REACH : REACH_HIDDEN);
	double left = log(to / from);
	if (z > EXPONENT_MAX)
		return;
	while (left > 0 && z < limit) {
		double length = PIECE_CHANGE / curve->steepness;
		if (z > 1)
			length = fmin(length, log1p(PIECE_CHANGE / z) / curve->beta);
		/* No sliver is left over. */
		if (left < 1.001 * length)
			length = left;
		add_piece(curve, from, log_z, length, sum);
		from *= exp(length);
		log_z += curve->beta * length;
		z = exp(log_z);
		left -= length;
	}
}

static void integrate(const struct curve *curve, double from, double to, struct moments *sum)
{
	double head = from > 0 ? from : fmin(to, curve->tau);
	*sum = (struct moments){0, 0, 0};
	if (from <= 0)
		add_head(curve, head, sum);
	if (to > head)
		add_stretch(curve, head, to, sum);
}

/* Rows, most of which are so narrow that a few nodes do, and that z and e^-z follow from their
 * values at the start by a few terms. */
struct block {
	double length[ROW_BLOCK]; /* ln(to/from) */
	double rise[ROW_BLOCK];	  /* of ln z */
	/* At the start; z and scale are 0 where e^-z underflows. */
	double log_z[ROW_BLOCK], z[ROW_BLOCK];
	double scale[ROW_BLOCK];  /* t e^-z */
	double change[ROW_BLOCK]; /* of ln t, of ln z, or of z: the largest */
	double plain[ROW_BLOCK];  /* moments, as above */
	double by_scale[ROW_BLOCK], by_shape[ROW_BLOCK];
};

/* What is known where each row begins. */
VECTORISED static void find_starts(const struct curve *curve, const double *from, const double *to,
				   size_t rows, struct block *block)
{
	double ratio[ROW_BLOCK] = {0}, relative[ROW_BLOCK], unused[ROW_BLOCK];
	double hours = -1, log_z = 0, z = 0;
	for (size_t i = 0; i < rows; i++)
		ratio[i] = from[i] > 0 ? (to[i] - from[i]) / from[i] : 1;
	elementary_log1p(ratio, rows, block->length);
	for (size_t i = 0; i < rows; i++)
		block->rise[i] = curve->beta * block->length[i];
	elementary_relative_exponential(block->rise, rows, relative, unused);
	for (size_t i = 0; i < rows; i++) {
		double growth = block->rise[i] * relative[i];
		if (from[i] != hours) {
			log_z = from[i] > 0 ? curve->beta * (log(from[i]) - curve->log_tau) : 0;
			z = exp(log_z);
		}
		block->log_z[i] = log_z;
		block->z[i] = z < EXPONENT_MAX ? z : 0;
		block->scale[i] = z < EXPONENT_MAX ? from[i] * exp(-z) : 0;
		block->change[i] = curve->steepness * block->length[i];
		if (z * growth > block->change[i])
			block->change[i] = z * growth;
		hours = from[i] > 0 ? to[i] : -1;
		log_z += block->rise[i];
		z *= 1 + growth;
	}
}

/* e^x - 1 for |x| up to FOUR_NODES, and a little more. */
static inline double few_terms(double x, int terms)
{
	static const double inverse[] = {0,	  1.0,	   1.0 / 2, 1.0 / 3, 1.0 / 4,  1.0 / 5,
					 1.0 / 6, 1.0 / 7, 1.0 / 8, 1.0 / 9, 1.0 / 10, 1.0 / 11};
	double sum = 0;
	for (int n = terms; n > 0; n--)
		sum = x * inverse[n] * (1 + sum);
	return sum;
}

/* Every row as one piece; in logarithms of time, where nodes are multiples of what the row has. */
static inline void add_nodes(const struct rule *rule, int terms, size_t rows, struct block *block)
{
	for (size_t i = 0; i < rows; i++)
		block->plain[i] = block->by_scale[i] = block->by_shape[i] = 0;
	for (int node = 0; node < rule->nodes; node++) {
		double place = rule->node[node], weight = rule->weight[node];
		for (size_t i = 0; i < rows; i++) {
			double step = place * block->rise[i];
			double growth = block->z[i] * few_terms(step, terms);
			double z = block->z[i] + growth;
			double value = weight * block->length[i] * block->scale[i] *
				       (1 + few_terms(place * block->length[i], terms)) *
				       (1 + few_terms(-growth, terms));
			block->plain[i] += value;
			block->by_scale[i] += z * value;
			block->by_shape[i] += z * (block->log_z[i] + step) * value;
		}
	}
}

VECTORISED static void integrate_block(const struct curve *curve, const double *from,
				       const double *to, size_t rows, struct block *block)
{
	double largest = 0;
	find_starts(curve, from, to, rows, block);
	for (size_t i = 0; i < rows; i++)
		if (block->scale[i] > 0 && block->change[i] < FOUR_NODES &&
		    block->change[i] > largest)
			largest = block->change[i];
	if (largest < TWO_NODES)
		add_nodes(&two, 5, rows, block);
	else if (largest < THREE_NODES)
		add_nodes(&three, 8, rows, block);
	else
		add_nodes(&four, 11, rows, block);
	for (size_t i = 0; i < rows; i++) {
		struct moments sum;
		if (from[i] > 0 && (block->change[i] < FOUR_NODES || block->scale[i] == 0))
			continue;
		integrate(curve, from[i], to[i], &sum);
		block->plain[i] = sum.plain;
		block->by_scale[i] = sum.by_scale;
		block->by_shape[i] = sum.by_shape;
	}
}

void weibull_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		       size_t stride, double *integral, double *jacobian)
{
	double a = parameter[WEIBULL_A], tau = parameter[WEIBULL_TAU];
	double beta = parameter[WEIBULL_BETA];
	struct curve curve = {log(tau), tau, beta, fmax(beta, 1)};
	struct block block;
	integrate_block(&curve, from, to, rows, &block);
	for (size_t i = 0; i < rows; i++)
		integral[i] = a * block.plain[i];
	if (!jacobian)
		return;
	double *by_a = jacobian + WEIBULL_A * stride, *by_tau = jacobian + WEIBULL_TAU * stride;
	double *by_beta = jacobian + WEIBULL_BETA * stride;
	for (size_t i = 0; i < rows; i++) {
		by_a[i] = integral[i];
		by_tau[i] = a * beta * block.by_scale[i];
		by_beta[i] = -a * block.by_shape[i];
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
