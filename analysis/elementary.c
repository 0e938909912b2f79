/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "elementary.h"

#include "vectorised.h"

#include <math.h>

/* ln(1+x) = 2 artanh(z), z = x/(2+x), is a series in z^2, of which one term more is below 1e-18 up
 * to here. */
#define LOGARITHM_BELOW 0.1
/* (e^x - 1)/x up to here: one term more is below 1e-17. */
#define EXPONENTIAL_BELOW 0.06
#define EXPONENTIAL_TERMS 9

VECTORISED void elementary_log1p(const double *x, size_t count, double *result)
{
	for (size_t i = 0; i < count; i++) {
		double z = x[i] / (2 + x[i]), square = z * z;
		double sum = 1.0 / 11 + square * (1.0 / 13);
		sum = 1.0 / 9 + square * sum;
		sum = 1.0 / 7 + square * sum;
		sum = 1.0 / 5 + square * sum;
		sum = 1.0 / 3 + square * sum;
		result[i] = 2 * z * (1 + square * sum);
	}
	for (size_t i = 0; i < count; i++)
		if (x[i] > LOGARITHM_BELOW)
			result[i] = x[i] > 1 ? log(1 + x[i]) : log1p(x[i]);
}

VECTORISED void elementary_relative_exponential(const double *x, size_t count, double *value,
						double *derivative)
{
	static const double term[EXPONENTIAL_TERMS] = {1,	   1.0 / 2,	1.0 / 6,
						       1.0 / 24,   1.0 / 120,	1.0 / 720,
						       1.0 / 5040, 1.0 / 40320, 1.0 / 362880};
	for (size_t i = 0; i < count; i++) {
		double sum = 0, slope = 0;
		for (int n = EXPONENTIAL_TERMS - 1; n >= 0; n--) {
			slope = sum + x[i] * slope;
			sum = term[n] + x[i] * sum;
		}
		value[i] = sum;
		derivative[i] = slope;
	}
	for (size_t i = 0; i < count; i++) {
		if (fabs(x[i]) <= EXPONENTIAL_BELOW)
			continue;
		value[i] = expm1(x[i]) / x[i];
		derivative[i] = (1 + (x[i] - 1) * value[i]) / x[i];
	}
}
