/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cliffs: the times at which the counts fall most abruptly, one steady rate before and a lower one
 * after. The sharpest Weibull and the steepest logistic stand there, on hills so narrow that no
 * drawn start comes near them, and there may be several in counts that hardly decay. */
#ifndef STALENODE_CLIFFS_H
#define STALENODE_CLIFFS_H

#include "likelihood.h"

#define CLIFFS_MAX 6

struct cliff {
	double hours;	      /* since the retirement, the start of a row */
	double before, after; /* SYN per observed hour, before > after */
	double gain;	      /* in log-likelihood (Poisson) over one rate for all */
};

struct cliffs {
	struct cliff cliff[CLIFFS_MAX]; /* greatest gain first, an hour or more apart */
	size_t count;
};

/* Of a sample whose rows are in the order of time. */
void cliffs_find(struct cliffs *cliffs, const struct sample *sample);

/* A start at the cliff, sheer or worn down; the dispersion is left alone. False for a family that
 * has no cliff. */
bool cliff_start(const struct model *model, const struct cliff *cliff, bool worn,
		 double parameter[MODEL_PARAMETERS_MAX]);

#endif
