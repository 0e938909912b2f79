/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * forecast: what follows from the fits: half-life, time to the background, calls still to come,
 * the chance of silence, the last call.
 *
 * The background is left out of what is called residual. For the family const, which knows no
 * residual, the constant rate itself is what is forecast. With M counts expected, silence has
 * the probability e^-M (poisson), (1 + phi)^(-M/phi) (nb1): exact, since NB1 is closed under
 * adding buckets. Under nb2 it is the product over buckets of 5 minutes of
 * (1 + alpha mu)^(-1/alpha), whose logarithm is taken as an integral over the rate. */
#ifndef STALENODE_FORECAST_H
#define STALENODE_FORECAST_H

#include "analysis.h"

/* Fills the derived values of the analysis from its fits, weights and best fit. */
void forecast_make(struct analysis *analysis, const struct fit_data *data);

/* Probability of no residual count from `from` to `to` hours under one fit. */
double forecast_silence(const struct fit *fit, double from, double to);

#endif
