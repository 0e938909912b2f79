/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * choice: which fit is the headline, how heavily the others weigh, and what is to be doubted.
 *
 * By BIC, with the number of buckets for n. Waves are a choice of their own, made first: those of
 * the fit with the lowest BIC of all; the weights are then over the fits with the same waves. Too
 * few attempts allow a constant rate and an exponential only. */
#ifndef STALENODE_CHOICE_H
#define STALENODE_CHOICE_H

#include "analysis.h"

/* Fewer attempts (or, where only SYNs are known, buckets with any) cannot tell shapes apart. */
#define CHOICE_FEWEST 30
/* How many there are in the used rows. */
size_t choice_evidence(const struct analysis *analysis);

/* Sets waves, best (without intervals) and weights. */
void choice_make(struct analysis *analysis);
/* Sets the sentence of doubt; after everything else. */
void choice_state_doubt(struct analysis *analysis);

#endif
