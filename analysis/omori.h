/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * omori: the decay A (1 + t/c)^(-p) in SYN per hour: Omori and Utsu's law of aftershocks, and at
 * the same time a mixture of exponentials whose rates are gamma distributed. */
#ifndef STALENODE_OMORI_H
#define STALENODE_OMORI_H

#include <stddef.h>

/* b, the background, is no part of the integrals; its column of the jacobian is zero. */
enum { OMORI_A, OMORI_C, OMORI_P, OMORI_B, OMORI_PARAMETERS };

/* Where an integral ended: the next one, where it begins there, takes over what is known of that
 * time. Rows by the hundred thousand lie end to end; after a thousand of them the rounding has
 * added up to 1e-13 of the rate at most. */
struct omori_place {
	double hours;	/* below 0 for nowhere yet */
	double elapsed; /* log(1 + hours/c) */
	double rate;	/* A (1 + hours/c)^(-p) */
};

#define OMORI_NOWHERE                                                                              \
	{                                                                                          \
		.hours = -1                                                                        \
	}

/* The integral over [from, to] and, unless slope is NULL, its derivatives by the logarithms of
 * A, c and p. */
double omori_integral(const double *parameter, double from, double to, struct omori_place *place,
		      double *slope);

/* As family_integrals(), family_rate() and family_total() of family.h. */
void omori_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		     double *integral, double *jacobian);
double omori_rate(const double *parameter, double hours);
double omori_total(const double *parameter, double from);

#endif
