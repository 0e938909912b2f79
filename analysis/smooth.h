/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * smooth: the search for a family all of whose parameters are smooth: many starts on a coarse
 * sample, then the hills that they led to. */
#ifndef STALENODE_SMOOTH_H
#define STALENODE_SMOOTH_H

#include "fit.h"
#include "hills.h"

/* Adds the best places found on the model's own sample. `others` as for fit_family(). */
void smooth_search(struct hills *hills, const struct model *model, const struct model *coarse,
		   const struct fit *others, size_t other_fits);

#endif
