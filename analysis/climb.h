/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * climb: how far a search climbs, by scoring_climb(): parameter[] is replaced by the best place
 * found; returns the log-likelihood there. */
#ifndef STALENODE_CLIMB_H
#define STALENODE_CLIMB_H

#include "likelihood.h"

/* Hills that stay this much lower than another are not climbed to the top. */
#define CLIMB_HILL_WITHIN 10.0

/* A few steps, to see whether a hill is worth it. */
double climb_briefly(const struct model *model, double *parameter);
/* From anywhere to near a top; for the many starts of a search. */
double climb_roughly(const struct model *model, double *parameter);
/* The same, with as many steps as it takes. */
double climb_nearly(const struct model *model, double *parameter);
/* To the top, as scoring_finish() wants it to begin with. */
double climb_up(const struct model *model, double *parameter);

#endif
