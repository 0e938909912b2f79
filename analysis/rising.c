/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rising.h"

#include <math.h>
#include <stdbool.h>

/* Where phi/u <= 1/DIRECT_TERMS the asymptotic series below has converged. */
#define DIRECT_TERMS 32
/* So many terms one by one take as long as the series. */
#define SERIES_COST 16
/* A product of up to DIRECT_TERMS + SERIES_COST factors within these limits stays within those of a
 * double. */
#define FACTOR_LOW  1e-4
#define FACTOR_HIGH 1e4

/* log1p(r)/r, (r - log1p(r))/r^2 and their kin are integrals of powers of s and 1/(1 + r s) over
 * s from 0 to 1; below this r they are summed as alternating series. */
#define SERIES_BELOW 0.03
#define SERIES_TERMS 12

/* Integral of s^power / (1 + r s)^order, order 1 or 2, r < SERIES_BELOW. */
static double series_integral(double r, int power, int order)
{
	double sum = 0, term = 1;
	for (int k = 0; k < SERIES_TERMS; k++) {
		double weight = order == 1 ? 1 : k + 1;
		sum += weight * term / (power + k + 1);
		term *= -r;
	}
	return sum;
}

static double unit_integral(double r, int power, int order)
{
	if (r < SERIES_BELOW)
		return series_integral(r, power, order);
	double l = log1p(r);
	if (order == 1)
		return power == 0 ? l / r : (r - l) / (r * r);
	if (power == 0)
		return 1 / (1 + r);
	if (power == 1)
		return (l - r / (1 + r)) / (r * r);
	return (1 + r - 2 * l - 1 / (1 + r)) / (r * r * r);
}

/* Adds the terms j = first .. count-1. */
static void add_long_tail(double mean, double phi, double first, double count, struct rising *sums)
{
	double n = count - first, u0 = mean + phi * first, r = phi * n / u0, u1 = u0 + phi * n;
	double e0 = phi / u0, e1 = phi / u1; /* both at most 1/first */
	double c0 = e0 * e0, c1 = e1 * e1;
	double l1 = unit_integral(r, 0, 1), h = unit_integral(r, 1, 1);

	sums->log_product += n * (log(u1) + l1 - 1) + log(u0 / u1) / 2 + (e1 - e0) / 12 -
			     (e1 * c1 - e0 * c0) / 360 + (e1 * c1 * c1 - e0 * c0 * c0) / 1260 -
			     (e1 * c1 * c1 * c1 - e0 * c0 * c0 * c0) / 1680;
	sums->inverse += n / u0 * l1 + (1 / u0 - 1 / u1) / 2 + (e0 / u0 - e1 / u1) / 12 -
			 (e0 * c0 / u0 - e1 * c1 / u1) / 120 +
			 (e0 * c0 * c0 / u0 - e1 * c1 * c1 / u1) / 252;
	/* x/u has the derivatives mean/u^2, 6 mean phi^2/u^4, 120 mean phi^4/u^6. */
	double m0 = mean / (u0 * u0), m1 = mean / (u1 * u1);
	sums->index += first * n / u0 * l1 + n * n / u0 * h + (first / u0 - count / u1) / 2 +
		       (m1 - m0) / 12 - (m1 * c1 - m0 * c0) / 120 +
		       (m1 * c1 * c1 - m0 * c0 * c0) / 252;
	/* The squares only steer the search: integral and trapezoid. */
	double i0 = n / (u0 * u1), i1 = n * n / (u0 * u0) * unit_integral(r, 1, 2);
	double i2 = n * n * n / (u0 * u0) * unit_integral(r, 2, 2);
	double s0 = 1 / (u0 * u0), s1 = 1 / (u1 * u1);
	sums->inverse_square += i0 + (s0 - s1) / 2;
	sums->index_inverse += first * i0 + i1 + (first * s0 - count * s1) / 2;
	sums->index_square += first * first * i0 + 2 * first * i1 + i2 +
			      (first * first * s0 - count * count * s1) / 2;
}

/* How many terms are to be taken one by one: all, or those before the series can begin. */
static double direct_terms(double mean, double phi, double count)
{
	if (count <= SERIES_COST)
		return count;
	double needed = mean < DIRECT_TERMS * phi ? ceil(DIRECT_TERMS - mean / phi) : 0;
	return count < needed + SERIES_COST ? count : needed;
}

/* Whether the product of so many factors stays within the limits of a double. */
static bool product_fits(double mean, double phi, double terms)
{
	return mean > FACTOR_LOW && mean + phi * terms < FACTOR_HIGH;
}

static double log_of_product(double mean, double phi, double terms)
{
	double sum = 0, product = 1;
	if (product_fits(mean, phi, terms)) {
		for (double j = 0; j < terms; j++)
			product *= mean + phi * j;
		return log(product);
	}
	for (double j = 0; j < terms; j++)
		sum += log(mean + phi * j);
	return sum;
}

void rising_sums(double mean, double phi, double count, struct rising *sums)
{
	double direct = direct_terms(mean, phi, count), product = 1;
	*sums = (struct rising){0};
	for (double j = 0; j < direct; j++) {
		double factor = mean + phi * j, inverse = 1 / factor, ratio = j * inverse;
		product *= factor;
		sums->inverse += inverse;
		sums->index += ratio;
		sums->inverse_square += inverse * inverse;
		sums->index_inverse += ratio * inverse;
		sums->index_square += ratio * ratio;
	}
	sums->log_product =
		product_fits(mean, phi, direct) ? log(product) : log_of_product(mean, phi, direct);
	if (count > direct)
		add_long_tail(mean, phi, direct, count, sums);
}

double rising_log_product(double mean, double phi, double count)
{
	struct rising sums = {0};
	double direct = direct_terms(mean, phi, count);
	sums.log_product = log_of_product(mean, phi, direct);
	if (count > direct)
		add_long_tail(mean, phi, direct, count, &sums);
	return sums.log_product;
}
