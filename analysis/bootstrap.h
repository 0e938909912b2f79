/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bootstrap: records drawn from a fit, and the fit to each of them: how far an estimate may be
 * from the truth that made it.
 *
 * Counts are drawn for the rows of a coarse sample (buckets, hours, days): NB1 and Poisson are
 * closed under adding buckets, so nothing is approximated but the place of a count within its row.
 * The fit begins at the truth; the end of a plateau stays where it is, and waves are left out.
 *
 * When calls come in sessions, the counts of a day vary together: the Fano factor grows with the
 * length of the block. A draw then multiplies each block of a day by a gamma factor of mean 1 and
 * variance `clustering` / (expected count of the day), which adds `clustering` to the Fano factor
 * of a day at every level of the decay, as sessions of like size do. */
#ifndef STALENODE_BOOTSTRAP_H
#define STALENODE_BOOTSTRAP_H

#include "fit.h"

struct bootstrap {
	const struct sample *sample; /* the one observed */
	struct sample drawn;	     /* the same rows with other counts */
	double *mean;
	double baseline_hours;
};

/* `sample` must outlive the bootstrap. -1 when memory is short; free with bootstrap_end(). */
int bootstrap_begin(struct bootstrap *bootstrap, const struct sample *sample, double baseline_hours,
		    struct failure *failure);
void bootstrap_end(struct bootstrap *bootstrap);

/* Draws a record from `truth`, a leveled fit, with a generator of this seed; fits it.
 * Returns the Fano factor of the days under the new fit, NAN when the record has fewer than 8. */
double bootstrap_refit(struct bootstrap *bootstrap, const struct fit *truth, double clustering,
		       unsigned long seed, struct fit *refit);

#endif
