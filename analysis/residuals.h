/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * residuals: how well a fit describes the counts.
 *
 * Randomised quantile residuals (Dunn and Smyth 1996): for each bucket a uniform number between
 * the distribution function just below and at its count, from a seeded generator; under the true
 * model they are independent and uniform. Several draws are made; the p of Kolmogorov and
 * Smirnov is their median, the autocorrelations (of their normal scores) the mean.
 *
 * Fano factors: sum (Y - M)^2 / sum M over blocks of one length, Y counted and M expected under
 * the fit; 1 for Poisson, 1 + phi for NB1 at every length, falling with the mean for NB2, more at
 * long ones when calls come in sessions. */
#ifndef STALENODE_RESIDUALS_H
#define STALENODE_RESIDUALS_H

#include "analysis.h"

/* `sample`: every bucket (SAMPLE_ROWS), with waves when the best fit has some.
 * Fills fano, residual_ks_p, residual_acf1 and residual_acf288 for analysis->best; NAN where
 * fewer than 8 blocks or buckets (pairs, for the autocorrelations) are there. */
int residuals_measure(struct analysis *analysis, const struct sample *sample,
		      struct failure *failure);

/* Distribution function of a count under a likelihood; 0 for count < 0. */
double residuals_distribution(enum likelihood likelihood, double mean, double dispersion,
			      double count);

#endif
