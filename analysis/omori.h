/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * omori: the decay A (1 + t/c)^(-p) in SYN per hour: Omori and Utsu's law of aftershocks, and at
 * the same time a mixture of exponentials whose rates are gamma distributed. */
#ifndef STALENODE_OMORI_H
#define STALENODE_OMORI_H

#include <stddef.h>

/* b, the background, is no part of the integrals; its column of the jacobian is zero. */
enum { OMORI_A, OMORI_C, OMORI_P, OMORI_B, OMORI_PARAMETERS };

/* The integrals over [from - since, to - since], where nothing lies before 0, and, unless slope is
 * NULL, their derivatives by the logarithms of A, c and p into slope[OMORI_A] to slope[OMORI_P].
 * Rows by the hundred thousand lie end to end: each takes over what the one before knows of its
 * end. */
void omori_integrals_since(const double *parameter, double since, const double *from,
			   const double *to, size_t rows, double *integral, double *const slope[3]);

/* As family_integrals(), family_rate() and family_total() of family.h. */
void omori_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		     double *integral, double *jacobian);
double omori_rate(const double *parameter, double hours);
double omori_total(const double *parameter, double from);

#endif
