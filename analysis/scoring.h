/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scoring: climbs to a maximum of the log-likelihood inside the box: damped Fisher scoring
 * (Levenberg's and Marquardt's damping) with the coordinates at an edge held there as long as
 * the gradient points outwards; and, to finish, Newton steps whose Hessian is a difference of
 * analytic gradients. Judged by what a further step could gain, never by a status. */
#ifndef STALENODE_SCORING_H
#define STALENODE_SCORING_H

#include "likelihood.h"

struct scoring {
	const struct model *model;
	/* Nearly the same on fewer rows, whose curvature steers scoring_finish(); or NULL. */
	const struct model *steering;
	bool fixed[MODEL_PARAMETERS_MAX]; /* not to be moved; a plateau's end never is */
	int iterations;			  /* at most */
	double tolerance;		  /* stop when the next step promises less log-likelihood */
};

/* Climbs from parameter[], which is replaced by the best place found; returns the
 * log-likelihood there. */
double scoring_climb(const struct scoring *scoring, double *parameter);

/* Newton steps from a place that scoring_climb() found; returns the log-likelihood. *top gets it
 * and the gradient there, and as information the curvature that the last step went by. */
double scoring_finish(const struct scoring *scoring, double *parameter, struct evaluation *top);

/* Minus the Hessian of the log-likelihood in coordinates, rows of fixed ones zero. */
void scoring_curvature(const struct scoring *scoring, const double *parameter,
		       double curvature[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX]);

#endif
