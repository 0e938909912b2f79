/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * starts: where a search begins: values that the sample suggests, spread by a seeded generator,
 * and values taken over from a fit of a related family. */
#ifndef STALENODE_STARTS_H
#define STALENODE_STARTS_H

#include "fit.h"

#include <gsl/gsl_rng.h>

/* What the sample suggests at a glance. */
struct outlook {
	double early_rate; /* SYN per observed hour in the first 6 hours */
	double late_rate;  /* in the last fifth */
	double end;	   /* hours */
	double mean_rate;
};

void outlook_take(struct outlook *outlook, const struct sample *sample);
/* SYN per observed hour between two times; `otherwise` when nothing was observed there. */
double outlook_rate(const struct sample *sample, double from, double to, double otherwise);

/* Start number `number` of `count`: time scales are spread evenly over the logarithms, the rest
 * is drawn. The plateau's end, if any, is left alone. */
void starts_draw(const struct model *model, const struct outlook *outlook, gsl_rng *generator,
		 size_t number, size_t count, double parameter[MODEL_PARAMETERS_MAX]);

#define STARTS_FROM_FIT 2
/* Starts for the model out of another fit; returns how many, 0 to STARTS_FROM_FIT. */
size_t starts_from_fit(const struct model *model, const struct fit *other,
		       double parameter[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX]);

#endif
