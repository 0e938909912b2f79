/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * omori: the decay A (1 + t/c)^(-p) in SYN per hour: Omori and Utsu's law of aftershocks, and at
 * the same time a mixture of exponentials whose rates are gamma distributed. */
#ifndef STALENODE_OMORI_H
#define STALENODE_OMORI_H

#include <stddef.h>

/* b, the background, is no part of the integrals. */
enum { OMORI_A, OMORI_C, OMORI_P, OMORI_B, OMORI_PARAMETERS };

/* The integrals over [from - since, to - since], where nothing lies before 0, of up to ROW_BLOCK
 * rows and, unless jacobian is NULL, their derivatives by the logarithms of A, c and p: columns
 * `stride` apart. Rows mostly lie end to end: each takes over what the one before knows of its end.
 */
void omori_integrals_since(const double *parameter, double since, const double *from,
			   const double *to, size_t rows, size_t stride, double *integral,
			   double *jacobian);

/* As family_integrals(), family_rate() and family_total() of family.h, but of up to ROW_BLOCK rows;
 * the jacobian's columns are `stride` apart, and that of b is left alone. */
void omori_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		     size_t stride, double *integral, double *jacobian);
double omori_rate(const double *parameter, double hours);
double omori_total(const double *parameter, double from);

#endif
