/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * plateau: the search for a family whose plateau ends at a whole number of hours. The end is no
 * smooth parameter: the likelihood is profiled over the hours, then followed to the neighbours
 * until none is higher. */
#ifndef STALENODE_PLATEAU_H
#define STALENODE_PLATEAU_H

#include "fit.h"
#include "hills.h"

/* Adds the best places found on the exact sample. `others` as for fit_family(). */
void plateau_search(struct hills *hills, const struct model *model, const struct model *coarse,
		    const struct fit *others, size_t other_fits);

/* Climbs at plateau's end `hours` from parameter[], which is replaced; the log-likelihood. */
double plateau_climb(const struct model *model, int hours, double *parameter, double tolerance);

#endif
