/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ribbon: how far off the mean rate of the best fit may be, from hour to hour.
 *
 * The residual part, by the delta method in logarithms: its derivatives by the parameters, and
 * their covariance from the expected information, widened by as much as the reported 95 % intervals
 * are wider than that says (the median over the parameters): calls come in sessions. The background
 * part has its own interval. The interval of the sum is recovered from both (MOVER, Zou and Donner,
 * Statistics in Medicine 27, 2008, 1693), as if they were independent: they are not quite, and what
 * one takes the other gives, so the band is rather too wide than too narrow.
 *
 * The end of a plateau and what lies on the edge of its box are taken as known. The band says
 * nothing of whether the family is the right one. */
#ifndef STALENODE_RIBBON_H
#define STALENODE_RIBBON_H

#include "analysis.h"

struct ribbon {
	bool known; /* false: no fit, or its information cannot be inverted */
	struct fit fit;
	/* Of the logarithms of the family's parameters but the background's; 0 for one taken as
	 * known. */
	double covariance[FAMILY_PARAMETERS_MAX][FAMILY_PARAMETERS_MAX];
	double background_low, background_high; /* per hour */
};

/* -1 when memory is short. */
int ribbon_make(struct ribbon *ribbon, const struct analysis *analysis, struct failure *failure);

/* The 95 % interval around fit_per_bucket() at that time; NAN when it is not known. */
void ribbon_at(const struct ribbon *ribbon, double hours, double *low, double *high);

#endif
