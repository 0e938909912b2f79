/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * likelihood: the log-likelihood of a sample under a family, with derivatives.
 *
 *   mean of a row  mu = exposure G(from, to) e^(waves) + b background
 *                  background: observed hours, weighed by its drift (sample.h)
 *                  waves: a_cos cos + b_sin sin of the day, and the same of the week, as many as
 *                  the model has; they modulate the residual alone
 *   poisson        y ln mu - mu - ln y!
 *   nb1            sum_{j<y} ln(mu + phi j) - y ln(1+phi) - mu ln(1+phi)/phi - ln y!
 *                  variance (1 + phi) mu; closed under adding rows; poisson as phi -> 0
 *   nb2            sum_{j<y} ln(1 + alpha j) + y ln mu - (y + 1/alpha) ln(1 + alpha mu) - ln y!
 *                  variance mu + alpha mu^2; poisson as alpha -> 0. Not closed under adding rows:
 *                  a row of m buckets is taken as m equal ones (alpha/m), so only a sample of
 *                  single buckets (SAMPLE_ROWS) has the value exactly.
 *
 * A count of SYNs from before the experiment, on the same port, adds ln Poisson(count | b hours).
 *
 * Derivatives are by coordinates: the logarithm of each parameter, but b itself for the
 * background, in which the mean is linear and which may well be zero, and a wave itself. */
#ifndef STALENODE_LIKELIHOOD_H
#define STALENODE_LIKELIHOOD_H

#include "family.h"
#include "sample.h"

struct model {
	enum family family;
	enum likelihood likelihood;
	const struct sample *sample;
	double baseline_count; /* SYNs seen before the experiment ... */
	double baseline_hours; /* ... in so many hours; 0 for none */
	int waves; /* 0, 2 for a daily one, 4 for a weekly one besides; needs sample->wave */
};

struct evaluation {
	double loglik;
	double gradient[MODEL_PARAMETERS_MAX];
	/* Expected information, in the mean; observed, in the dispersion. Symmetric; zero rows for
	 * a plateau's end. */
	double information[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX];
};

/* Parameters of the family, then phi for nb1, alpha for nb2, then the waves. */
int model_parameters(const struct model *model);
const struct parameter *model_parameter(const struct model *model, int index);
/* Parameter to coordinate and back. */
double model_to_coordinate(const struct model *model, int index, double parameter);
double model_from_coordinate(const struct model *model, int index, double coordinate);

double likelihood_value(const struct model *model, const double *parameter);
void likelihood_evaluate(const struct model *model, const double *parameter,
			 struct evaluation *evaluation);
/* Expected count of every row of the sample into mean[sample->rows]. */
void likelihood_means(const struct model *model, const double *parameter, double *mean);

#endif
