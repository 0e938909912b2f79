/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fit: the maximum-likelihood fit of one family under one likelihood, found by a seeded
 * multi-start search, and the intervals around it.
 *
 * Rates are SYN per hour, times hours since retirement. */
#ifndef STALENODE_FIT_H
#define STALENODE_FIT_H

#include "family.h"
#include "likelihood.h"
#include "sample.h"

#include <stdbool.h>

struct interval {
	double value;
	double low;  /* 95 % */
	double high; /* may be INFINITY */
	bool known;  /* false: not to be had from these data */
};

struct fit {
	bool done;
	enum family family;
	enum likelihood likelihood;
	double parameter[FAMILY_PARAMETERS_MAX]; /* in the order of family_parameter_name() */
	double dispersion;			 /* phi of NB1, alpha of NB2; 0 for Poisson */
	int waves;		/* coefficients in use, see likelihood.h; 0 for no modulation */
	double wave[WAVES_MAX]; /* logarithms: the residual is multiplied by e^(sum) */
	double loglik;		/* ln y! in; the baseline's term in, if any */
	double aic, aicc, bic;	/* n = used rows; aicc INFINITY when n <= k + 1 */
	int k;			/* parameters, dispersion included */
	unsigned at_bound;	/* bit i: parameter i lies on its box's edge;
				   bit FAMILY_PARAMETERS_MAX: dispersion, the
				   bits above it: waves */
	struct interval ci[FAMILY_PARAMETERS_MAX]; /* profile likelihood, best fit only */
	struct interval dispersion_ci;		   /* the same */
	struct interval wave_ci[WAVES_MAX];	   /* the same */
	double gradient; /* largest gradient component at the end, by logarithms, edges left out */
};

/* What a search reads: the sample itself and, to find the right hill quickly, a coarser copy
 * (it may be the same sample) for each likelihood. The baseline as in likelihood.h. */
struct fit_data {
	const struct sample *exact;
	const struct sample *coarse[LIKELIHOODS];
	/* Nearly exact with fewer rows, for what would take long on the exact one: most climbs, and
	 * profiles. It may be the exact one itself. */
	const struct sample *near;
	double baseline_count, baseline_hours;
	/* Every bucket by itself, for NB2, which the exact sample is not exact for; NULL when that
	 * is such a sample anyway. */
	const struct sample *buckets;
	/* Every bucket by itself, with waves, and nearly the same on fewer rows (it may be the
	 * same); NULL when no fit has waves. */
	const struct sample *waved, *waved_near;
};

/* Fits. `others` are fits already done, of any family and likelihood, from which more starting
 * values are taken; those not done are passed over. fit->done stays false when the family does
 * not exist on these data: no rows, or too short for a plateau to end in it. */
void fit_family(struct fit *fit, const struct fit_data *data, enum family family,
		enum likelihood likelihood, const struct fit *others, size_t other_fits);

/* Where the parameters of others, taken over, are higher than the fit: climbs on from there. */
void fit_improve(struct fit *fit, const struct fit_data *data, const struct fit *others,
		 size_t other_fits);

/* Takes a fit under NB2 to its maximum over every bucket, where data->buckets says that the exact
 * sample is not that; until then its log-likelihood is nearly that. Leaves other fits as they are.
 */
void fit_settle(struct fit *fit, const struct fit_data *data);

/* Fits the same family and likelihood with `waves` coefficients, from a fit without, and from
 * other fits with as many as far as they are done. The end of a plateau is that of its start. */
void fit_modulate(struct fit *fit, const struct fit_data *data, const struct fit *plain, int waves,
		  const struct fit *others, size_t other_fits);
/* Climbs from another fit of the same family, likelihood and waves, made with other data. */
void fit_again(struct fit *fit, const struct fit_data *data, const struct fit *from);
/* The fit of the mean over a week: rates multiplied by the mean of the waves, no waves. */
struct fit fit_leveled(const struct fit *fit);

/* What is said of parameter `index` from 0 to k - 1: the family's, the dispersion, the waves. */
double fit_value(const struct fit *fit, int index);
struct interval *fit_interval(struct fit *fit, int index);
/* Where the waves begin among the parameters of a fit. */
int fit_first_wave(const struct fit *fit);
/* The bit of a parameter in at_bound. */
unsigned fit_bound_bit(const struct fit *fit, int index);
bool fit_value_at_bound(const struct fit *fit, int index);
/* Name of a parameter: the family's, the dispersion's, the waves'. */
const char *fit_parameter_name(const struct fit *fit, int index);

/* The model and the parameters of a fit, as likelihood.h wants them. A fit with waves needs
 * data->waved for its sample. */
void fit_model(const struct fit *fit, const struct fit_data *data, const struct sample *sample,
	       struct model *model, double parameter[MODEL_PARAMETERS_MAX]);

/* Highest end of a plateau, in hours, that the sample allows: half its length, at most 336;
 * below 1 there is none. */
int fit_plateau_limit(const struct sample *sample);

/* Expected SYN per 5-minute bucket at `hours` since retirement under a fit, background in. */
double fit_per_bucket(const struct fit *fit, double hours);

#endif
