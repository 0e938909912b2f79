/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * logistic: the decay A / (1 + e^((t - T)/w)) in SYN per hour at t hours since retirement: a
 * plateau that gives way around T, within about w on either side. For T far below w it is an
 * exponential, and A alone says nothing: the rate at zero does. */
#ifndef STALENODE_LOGISTIC_H
#define STALENODE_LOGISTIC_H

#include <stddef.h>

/* b, the background, is no part of the integrals. */
enum { LOGISTIC_A, LOGISTIC_T, LOGISTIC_W, LOGISTIC_B, LOGISTIC_PARAMETERS };

/* As family_integrals(), family_rate() and family_total() of family.h, but of up to ROW_BLOCK rows;
 * the jacobian's columns are `stride` apart, and that of b is left alone. */
void logistic_integrals(const double *parameter, const double *from, const double *to, size_t rows,
			size_t stride, double *integral, double *jacobian);
double logistic_rate(const double *parameter, double hours);
double logistic_total(const double *parameter, double from);

#endif
