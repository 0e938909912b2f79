/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hills: the few best places that a search has seen, each on a hill of its own. */
#ifndef STALENODE_HILLS_H
#define STALENODE_HILLS_H

#include "likelihood.h"

#include <stdbool.h>

#define HILLS_MAX 4 /* the lowest one goes when a fifth comes */

struct hill {
	double loglik;
	double parameter[MODEL_PARAMETERS_MAX];
};

struct hills {
	struct hill hill[HILLS_MAX]; /* highest first */
	size_t count;
};

/* Keeps the place unless it is the same as one kept (every parameter within 5 %, the
 * background not looked at; the higher one stays) or lower than all of HILLS_MAX. */
void hills_add(struct hills *hills, const struct model *model, const double *parameter,
	       double loglik);

/* Whether the place is the same as one kept. */
bool hills_know(const struct hills *hills, const struct model *model, const double *parameter);

/* Whether so many climbs that led to the hills kept are likely to have found all there are: where
 * n climbs from places drawn at random found w hills, w (n - 1) / (n - w - 2) are to be expected,
 * and that is nearer to w than to w + 1 (Boender and Rinnooy Kan, Mathematical Programming 37
 * (1987), 59-80). */
bool hills_all_found(const struct hills *hills, size_t climbs);

#endif
