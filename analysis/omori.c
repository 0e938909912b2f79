/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "omori.h"

#include <math.h>

/* expm1(x)/x. */
static double exprel(double x)
{
	return fabs(x) < 1e-8 ? 1 + x / 2 : expm1(x) / x;
}

/* Integral of s e^(x s) over s from 0 to 1 = (e^x (x - 1) + 1) / x^2, by its series where the
 * closed form would cancel. */
static double first_moment(double x)
{
	if (fabs(x) > 0.5)
		return (exp(x) * (x - 1) + 1) / (x * x);
	double term = 1, sum = 0.5;
	for (int k = 1; k < 16 && fabs(term) > 1e-17; k++) {
		term *= x / k;
		sum += term / (k + 2);
	}
	return sum;
}

/* With u = log(1 + t/c) the integral is A c e^(q u) du, q = 1 - p: exact at p = 1 too. The
 * derivative by log c follows from G(kc, kt1, kt2) = k G(c, t1, t2). */
double omori_integral(const double *parameter, double from, double to, double *slope)
{
	double c = parameter[OMORI_C], p = parameter[OMORI_P], q = 1 - p;
	/* log1p() takes twice the time of log(), which is as good once its argument is above 1. */
	double start = from > c ? log(1 + from / c) : log1p(from / c);
	double relative = (to - from) / (from + c), length = log1p(relative);
	double before = parameter[OMORI_A] * exp(-p * start);
	double scale = before * (from + c) * length; /* A c e^(q start) length */
	double shape = exprel(q * length);
	double integral = scale * shape;
	if (slope) {
		/* e^(-p length) = e^(q length) / (1 + relative) */
		double after = before * (1 + q * length * shape) / (1 + relative);
		slope[OMORI_A] = integral;
		slope[OMORI_C] = integral + from * before - to * after;
		slope[OMORI_P] = -p * scale * (start * shape + length * first_moment(q * length));
	}
	return integral;
}

void omori_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		     double *integral, double *jacobian)
{
	for (size_t i = 0; i < rows; i++) {
		double *slope = jacobian ? jacobian + i * OMORI_PARAMETERS : NULL;
		integral[i] = omori_integral(parameter, from[i], to[i], slope);
		if (slope)
			slope[OMORI_B] = 0;
	}
}

double omori_rate(const double *parameter, double hours)
{
	return parameter[OMORI_A] * exp(-parameter[OMORI_P] * log1p(hours / parameter[OMORI_C]));
}

double omori_total(const double *parameter, double from)
{
	double c = parameter[OMORI_C], p = parameter[OMORI_P];
	if (p <= 1)
		return INFINITY;
	return parameter[OMORI_A] * c / (p - 1) * exp((1 - p) * log1p(from / c));
}
