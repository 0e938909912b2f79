/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weibull: the decay A e^(-z), z = (t/tau)^beta, in SYN per hour at t hours since retirement.
 *
 * Integrals and their derivatives are Gauss-Legendre sums over pieces in which neither t nor z
 * changes much, and a power series where t begins at zero: relative error below 1e-10. The
 * difference of two incomplete gamma functions, the closed form, loses its digits in late
 * buckets and has no derivative by beta. */
#ifndef STALENODE_WEIBULL_H
#define STALENODE_WEIBULL_H

#include <stddef.h>

/* b, the background, is no part of the integrals. */
enum { WEIBULL_A, WEIBULL_TAU, WEIBULL_BETA, WEIBULL_B, WEIBULL_PARAMETERS };

/* As family_integrals(), family_rate() and family_total() of family.h, but of up to ROW_BLOCK rows;
 * the jacobian's columns are `stride` apart, and that of b is left alone. */
void weibull_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		       size_t stride, double *integral, double *jacobian);
double weibull_rate(const double *parameter, double hours);
double weibull_total(const double *parameter, double from);

#endif
