/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "logistic.h"

#include "elementary.h"
#include "row_block.h"
#include "vectorised.h"

#include <math.h>

/* Up to here e^step - 1 neither overflows nor hides what it is multiplied with. */
#define STEP_MAX 30.0
/* Steps that differ by the rounding of their ends alone are one step. */
#define SAME_STEP 1e-10
/* Odds below this are not gone on from: they have lost digits, or all. */
#define ODDS_MIN 1e-290
/* ln(1 + e^x). */
static double softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* 1 / (1 + e^-x). */
static double sigmoid(double x)
{
	return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

/* e^-x, which overflows and vanishes, and is slow to, far out. */
static double odds_of(double x)
{
	if (fabs(x) > EXPONENT_MAX)
		return x > 0 ? 0 : HUGE_VAL;
	return exp(-x);
}

/* With x = (T - t)/w at the start and the end of a row. */
struct block {
	double x1[ROW_BLOCK], x2[ROW_BLOCK];
	double step[ROW_BLOCK];		     /* x1 - x2 */
	double growth[ROW_BLOCK];	     /* e^step - 1 */
	double odds[ROW_BLOCK];		     /* e^-x2, INFINITY where that overflows */
	double s1[ROW_BLOCK], s2[ROW_BLOCK]; /* 1 / (1 + e^-x) */
	double rise[ROW_BLOCK];		     /* s2 growth */
	double difference[ROW_BLOCK];	     /* of softplus(x), x1 less x2 */
	double drop[ROW_BLOCK];		     /* of 1 / (1 + e^-x), x1 less x2 */
};

/* Rows are mostly of one width. */
static void find_growth(size_t rows, struct block *block)
{
	double known = -1, growth = 0;
	for (size_t i = 0; i < rows; i++) {
		double step = block->step[i] < STEP_MAX ? block->step[i] : STEP_MAX;
		if (fabs(step - known) > SAME_STEP * step) {
			known = step;
			growth = expm1(step);
		}
		block->growth[i] = growth;
	}
}

/* Rows lie end to end: each takes over the odds at which the one before ends. */
static void find_odds(const double *from, const double *to, size_t rows, struct block *block)
{
	double hours = -1, odds = 0;
	for (size_t i = 0; i < rows; i++) {
		if (from[i] != hours || odds < ODDS_MIN)
			odds = odds_of(block->x1[i]);
		odds *= 1 + block->growth[i];
		block->odds[i] = odds;
		hours = to[i];
	}
}

/* A step too long for the block's way has differences that lose nothing. */
static void take_long_steps(size_t rows, struct block *block)
{
	for (size_t i = 0; i < rows; i++) {
		if (block->step[i] < STEP_MAX || block->x1[i] < -EXPONENT_MAX)
			continue;
		block->s1[i] = sigmoid(block->x1[i]);
		block->s2[i] = sigmoid(block->x2[i]);
		block->difference[i] = softplus(block->x1[i]) - softplus(block->x2[i]);
		block->drop[i] = block->s1[i] - block->s2[i];
	}
}

/* softplus(x1) - softplus(x2) is log1p(s2 (e^step - 1)), which cancels nowhere. */
VECTORISED static void find_differences(const double *parameter, const double *from,
					const double *to, size_t rows, struct block *block)
{
	double middle = parameter[LOGISTIC_T], w = parameter[LOGISTIC_W];
	for (size_t i = 0; i < rows; i++) {
		block->x1[i] = (middle - from[i]) / w;
		block->x2[i] = (middle - to[i]) / w;
		block->step[i] = (to[i] - from[i]) / w;
	}
	find_growth(rows, block);
	find_odds(from, to, rows, block);
	for (size_t i = 0; i < rows; i++) {
		double odds = block->odds[i], s2 = 1 / (1 + odds);
		double before = 1 + block->growth[i], s1 = before / (before + odds);
		/* 1 - s2, which is 1 where the odds overflow. */
		double other = odds < HUGE_VAL ? odds * s2 : 1;
		block->s1[i] = odds < HUGE_VAL ? s1 : 0;
		block->s2[i] = s2;
		block->rise[i] = s2 * block->growth[i];
		block->drop[i] = block->s1[i] * other * block->growth[i] / before;
	}
	elementary_log1p(block->rise, rows, block->difference);
	take_long_steps(rows, block);
}

/* Integral = A w (softplus(x1) - softplus(x2)). */
VECTORISED void logistic_integrals(const double *parameter, const double *from, const double *to,
				   size_t rows, size_t stride, double *integral, double *jacobian)
{
	double a = parameter[LOGISTIC_A], middle = parameter[LOGISTIC_T];
	double w = parameter[LOGISTIC_W];
	struct block block;
	find_differences(parameter, from, to, rows, &block);
	for (size_t i = 0; i < rows; i++)
		integral[i] = a * w * block.difference[i];
	if (!jacobian)
		return;
	double *by_a = jacobian + LOGISTIC_A * stride, *by_t = jacobian + LOGISTIC_T * stride;
	double *by_w = jacobian + LOGISTIC_W * stride;
	for (size_t i = 0; i < rows; i++) {
		by_a[i] = integral[i];
		by_t[i] = a * middle * block.drop[i];
		by_w[i] = a * w *
			  (block.difference[i] - block.x1[i] * block.s1[i] +
			   block.x2[i] * block.s2[i]);
	}
}

double logistic_rate(const double *parameter, double hours)
{
	return parameter[LOGISTIC_A] *
	       sigmoid((parameter[LOGISTIC_T] - hours) / parameter[LOGISTIC_W]);
}

double logistic_total(const double *parameter, double from)
{
	double w = parameter[LOGISTIC_W];
	return parameter[LOGISTIC_A] * w * softplus((parameter[LOGISTIC_T] - from) / w);
}
