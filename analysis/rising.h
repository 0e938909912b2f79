/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rising: sums over j = 0 .. count-1 with u_j = mean + phi j, the rising factorial behind NB1
 * and its derivatives. Stable down to phi = 0, where a difference of log-gammas loses all its
 * digits; few terms one by one, many by the Euler-Maclaurin formula (relative error
 * below 1e-13), so that a count of millions costs no more than one of fifty. */
#ifndef STALENODE_RISING_H
#define STALENODE_RISING_H

struct rising {
	double log_product;    /* sum of ln u */
	double inverse;	       /* 1/u */
	double index;	       /* j/u */
	double inverse_square; /* 1/u^2 */
	double index_inverse;  /* j/u^2 */
	double index_square;   /* j^2/u^2 */
};

/* mean > 0, phi >= 0, count a whole number >= 0. */
void rising_sums(double mean, double phi, double count, struct rising *sums);
/* The first of them alone. */
double rising_log_product(double mean, double phi, double count);

#endif
