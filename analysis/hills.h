/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hills: the few best places that a search has seen, each on a hill of its own. */
#ifndef STALENODE_HILLS_H
#define STALENODE_HILLS_H

#include "likelihood.h"

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

#endif
