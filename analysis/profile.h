/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * profile: 95 % intervals from the profile likelihood: the values at which the log-likelihood,
 * all other parameters at their best, is 1.92 below its maximum. */
#ifndef STALENODE_PROFILE_H
#define STALENODE_PROFILE_H

#include "fit.h"

/* Half the 95 % quantile of chi-squared with one degree of freedom. */
#define PROFILE_DROP 1.9207294103470599

/* Fills the intervals of every parameter of the fit and of its dispersion. A limit that lies
 * beyond the box is open: 0 below for a rate or the dispersion, INFINITY above. An end of a
 * plateau has whole hours. */
void profile_parameters(struct fit *fit, const struct fit_data *data);

/* The same for the background alone. */
void profile_background(struct fit *fit, const struct fit_data *data);

#endif
