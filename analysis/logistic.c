/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "logistic.h"

#include <math.h>

/* e^-x underflows beyond this, and takes ten times as long to say so. */
#define EXPONENT_MAX 745.0
/* Up to here e^step - 1 neither overflows nor hides what it is multiplied with. */
#define STEP_MAX 30.0
/* Widths that differ by the rounding of their ends alone are one width. */
#define SAME_WIDTH 1e-10

/* ln(1 + e^x). */
static double softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* 1 / (1 + e^-x), and the same at x + step, growth being expm1(step). */
static double sigmoid(double x, double growth, double *higher)
{
	if (x >= 0) {
		double e = exp(-x);
		*higher = 1 / (1 + e / (1 + growth));
		return 1 / (1 + e);
	}
	double e = x > -EXPONENT_MAX ? exp(x) : 0, more = e * (1 + growth);
	*higher = more / (1 + more);
	return e / (1 + e);
}

/* Integral = A w (softplus(x1) - softplus(x2)), x = (T - t)/w at both ends. With step = x1 - x2
 * the difference is log1p(sigmoid(x2) expm1(step)), which cancels nowhere. A step too long for
 * that has a difference that loses nothing. */
void logistic_integrals(const double *parameter, const double *from, const double *to, size_t rows,
			double *integral, double *jacobian)
{
	double a = parameter[LOGISTIC_A], middle = parameter[LOGISTIC_T];
	double w = parameter[LOGISTIC_W], known_width = -1, growth = 0;
	for (size_t i = 0; i < rows; i++) {
		double width = to[i] - from[i], step = fmin(width / w, STEP_MAX);
		double x1 = (middle - from[i]) / w, x2 = (middle - to[i]) / w, s1, s2;
		if (fabs(width - known_width) > SAME_WIDTH * width) {
			known_width = width;
			growth = expm1(step);
		}
		double difference, drop; /* of softplus and of sigmoid, x1 less x2 */
		if (step < STEP_MAX) {
			s2 = sigmoid(x2, growth, &s1);
			difference = log1p(s2 * growth);
			drop = s1 * (1 - s2) * growth / (1 + growth);
		} else {
			double unused;
			s1 = sigmoid(x1, 0, &unused);
			s2 = sigmoid(x2, 0, &unused);
			difference = softplus(x1) - softplus(x2);
			drop = s1 - s2;
		}
		integral[i] = a * w * difference;
		if (jacobian) {
			jacobian[LOGISTIC_A * rows + i] = integral[i];
			jacobian[LOGISTIC_T * rows + i] = a * middle * drop;
			jacobian[LOGISTIC_W * rows + i] = a * w * (difference - x1 * s1 + x2 * s2);
			jacobian[LOGISTIC_B * rows + i] = 0;
		}
	}
}

double logistic_rate(const double *parameter, double hours)
{
	double same;
	return parameter[LOGISTIC_A] *
	       sigmoid((parameter[LOGISTIC_T] - hours) / parameter[LOGISTIC_W], 0, &same);
}

double logistic_total(const double *parameter, double from)
{
	double w = parameter[LOGISTIC_W];
	return parameter[LOGISTIC_A] * w * softplus((parameter[LOGISTIC_T] - from) / w);
}
