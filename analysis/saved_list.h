/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * saved_list: the fit of plateau_omori told in the terms of the mechanism that makes such curves.
 *
 * Other nodes hold the address in a saved list. Those online when the client stopped try it again,
 * `tries` times at one spacing, and then drop it: the rate stays until T = tries x spacing, and
 * falls. Those that were offline come back one by one. If each returns at a rate of its own, and
 * the rates are gamma distributed with shape a and rate c (hours), the share not yet back t hours
 * later is (1 + t/c)^-a and the returns die away as (1 + t/c)^-(a+1): the Omori tail, p = a + 1.
 * A node that came back calls until its own tries are used up; how many counts that makes is read
 * from the largest Fano factor of any scale, since a sum of like bursts of s counts has the Fano
 * factor s over blocks that hold whole bursts.
 *
 * It is a reading of the same likelihood, no family of its own. T alone does not tell tries from
 * spacing; p <= 1 is slower than any such mixture of returning nodes. */
#ifndef STALENODE_SAVED_LIST_H
#define STALENODE_SAVED_LIST_H

#include "fit.h"

struct saved_list {
	bool known;			       /* plateau_omori was fitted and there were calls */
	enum likelihood likelihood;	       /* of the fit told, the one of lower BIC */
	struct interval tries_spacing_hours;   /* tries x spacing */
	struct interval online_calls_per_hour; /* counts of the nodes online, on the plateau */
	bool returning;			       /* p > 1: the next three exist */
	struct interval return_shape;	       /* of the gamma distribution of return rates */
	struct interval return_rate_hours; /* its rate c: mean return rate = shape / c per hour */
	struct interval returns_per_day;   /* mean return rate of a node; no interval */
	double counts_per_visit;	   /* of a node that came back */
	double nodes_at_end_of_tries;	   /* that still remember the address, at T ... */
	double nodes_remembering;	   /* ... and at the end of the record */
};

/* `fit` is a fit of plateau_omori with its intervals, leveled; end in hours since retirement. */
void saved_list_read(struct saved_list *list, const struct fit *fit, double fano, double end_hours);

#endif
