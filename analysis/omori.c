/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "omori.h"

#include <math.h>

/* Below this |x|, e(x) = (e^x - 1)/x is summed as a series, of which one term more is below 1e-17.
 */
#define SERIES_BELOW 0.06
#define SERIES_TERMS 9

/* e(x) and its derivative, which is the integral of s e^(x s) over s from 0 to 1. The closed form
 * of the derivative loses two digits where it begins; it only steers a search. */
static double relative_exponential(double x, double *derivative)
{
	static const double term[SERIES_TERMS] = {1,	      1.0 / 2,	   1.0 / 6,
						  1.0 / 24,   1.0 / 120,   1.0 / 720,
						  1.0 / 5040, 1.0 / 40320, 1.0 / 362880};
	double value = 0, slope = 0;
	if (fabs(x) > SERIES_BELOW) {
		value = expm1(x) / x;
		*derivative = (1 + (x - 1) * value) / x;
		return value;
	}
	for (int n = SERIES_TERMS - 1; n >= 0; n--) {
		slope = value + x * slope;
		value = term[n] + x * value;
	}
	*derivative = slope;
	return value;
}

/* With u = log(1 + t/c) the integral is A c e^(q u) du, q = 1 - p: exact at p = 1 too. The
 * derivative by log c follows from G(kc, kt1, kt2) = k G(c, t1, t2). */
double omori_integral(const double *parameter, double from, double to, struct omori_place *place,
		      double *slope)
{
	double c = parameter[OMORI_C], p = parameter[OMORI_P], q = 1 - p, by_exponent;
	if (from != place->hours) {
		/* log1p() takes twice the time of log(), which is as good once its argument is
		 * above 1. */
		place->elapsed = from > c ? log(1 + from / c) : log1p(from / c);
		place->rate = parameter[OMORI_A] * exp(-p * place->elapsed);
	}
	double start = place->elapsed, before = place->rate;
	double relative = (to - from) / (from + c), length = log1p(relative);
	double scale = before * (from + c) * length; /* A c e^(q start) length */
	double shape = relative_exponential(q * length, &by_exponent);
	double integral = scale * shape;
	/* e^(-p length) = e^(q length) / (1 + relative) */
	double after = before * (1 + q * length * shape) / (1 + relative);
	if (slope) {
		slope[OMORI_A] = integral;
		slope[OMORI_C] = integral + from * before - to * after;
		slope[OMORI_P] = -p * scale * (start * shape + length * by_exponent);
	}
	*place = (struct omori_place){to, start + length, after};
	return integral;
}

void omori_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		     double *integral, double *jacobian)
{
	struct omori_place place = OMORI_NOWHERE;
	for (size_t i = 0; i < rows; i++) {
		double *slope = jacobian ? jacobian + i * OMORI_PARAMETERS : NULL;
		integral[i] = omori_integral(parameter, from[i], to[i], &place, slope);
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
