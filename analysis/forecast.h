/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * forecast: what follows from the fits: half-life, time to the background, calls still to come,
 * the chance of silence, the last call.
 *
 * Estimates are averaged over the fits by their BIC weights: the weighted median for times and
 * totals, the mean for probabilities. Intervals are quantiles over records drawn from the fits
 * (bootstrap.h), as many from each as its weight says, each fitted anew: the doubt about the shape
 * and the doubt about its parameters in one.
 *
 * The background is left out of what is called residual. For the family const, which knows no
 * residual, the constant rate itself is what is forecast. With M counts expected, silence has
 * the probability e^-M (poisson), (1 + phi)^(-M/phi) (nb1): exact, since NB1 is closed under
 * adding buckets. Under nb2 it is the product over buckets of 5 minutes of
 * (1 + alpha mu)^(-1/alpha), whose logarithm is taken as an integral over the rate. Where calls
 * come in sessions, differences of BIC are divided by how much more days vary than buckets, and
 * silence goes by the dispersion of days, nb1 with phi = Fano factor of a day
 * less 1, whatever the likelihood. On top of that, callers may drop out for good,
 * those whom a fit takes for the background, too: dropout.h. */
#ifndef STALENODE_FORECAST_H
#define STALENODE_FORECAST_H

#include "analysis.h"
#include "bootstrap.h"
#include "dropout.h"

/* Fills the derived values of the analysis from its fits, weights, best fit and Fano factors; and,
 * where the counts of days vary together, widens the intervals of the best fit. -1 when memory is
 * short. */
int forecast_make(struct analysis *analysis, const struct fit_data *data,
		  const struct sample *coarse, struct failure *failure);

/* Probability of no residual count from `from` to `to` hours under one fit, its parameters taken
 * as they are and nobody dropping out. */
double forecast_silence(const struct fit *fit, double from, double to);

struct outlook_terms {
	double end;	       /* hours since retirement: the end of the record */
	double last;	       /* ... that of the last bucket with a call */
	double observed;       /* share of the time between the two that was observed */
	double drift;	       /* of the background from then on */
	double day_dispersion; /* phi of days, or 0 to go by the fit's own likelihood */
};

/* A fit and who may drop out of it: begun once, asked for many times. */
struct outlook {
	const struct fit *fit; /* leveled; must outlive the outlook */
	double day_dispersion;
	double background;	       /* SYN per hour from the end of the record on */
	struct dropout dropout;	       /* of the residual */
	struct dropout dropout_of_all; /* of residual and background together */
};
void forecast_begin(struct outlook *outlook, const struct fit *fit,
		    const struct outlook_terms *terms);

/* Probability of no residual count after `from`, for ever; from >= terms->end. */
double forecast_none_after(const struct outlook *outlook, double from);

/* What one fit, its parameters taken as they are, says. NAN: that does not exist; INFINITY: never,
 * or without end. */
enum outcome {
	OUTCOME_HALF_LIFE,     /* hours */
	OUTCOME_TO_BACKGROUND, /* hours until the residual rate is that of the background */
	OUTCOME_TO_DAILY,      /* hours until it is one count a day ... */
	OUTCOME_TO_MONTHLY,    /* ... and one in 30 days */
	OUTCOME_TOTAL,	       /* residual counts after the end of the record ... */
	OUTCOME_TOTAL_1_YEAR,  /* ... within 365 days of it */
	OUTCOME_TOTAL_5_YEARS, /* ... within 5 times as many */
	OUTCOME_SILENT,	       /* P(no count over each of silence_days[]), background in */
	OUTCOME_SILENT_RESIDUAL = OUTCOME_SILENT + SILENCE_HORIZONS,
	OUTCOMES = OUTCOME_SILENT_RESIDUAL + SILENCE_HORIZONS
};

void forecast_outcomes(const struct outlook *outlook, const struct outlook_terms *terms,
		       double outcome[OUTCOMES]);

#endif
