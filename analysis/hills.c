/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hills.h"

#include <math.h>
#include <string.h>

#define SAME_WITHIN 0.05 /* of the value */

static bool same(const struct model *model, const double *one, const double *other)
{
	for (int i = 0; i < model_parameters(model); i++)
		if (model_parameter(model, i)->role != ROLE_BACKGROUND &&
		    fabs(log(one[i] / other[i])) > SAME_WITHIN)
			return false;
	return true;
}

/* The hill that the place is on; hills->count when on none. */
static size_t find(const struct hills *hills, const struct model *model, const double *parameter)
{
	size_t i = 0;
	while (i < hills->count && !same(model, parameter, hills->hill[i].parameter))
		i++;
	return i;
}

bool hills_know(const struct hills *hills, const struct model *model, const double *parameter)
{
	return find(hills, model, parameter) < hills->count;
}

static void place_at(struct hills *hills, size_t position, const struct model *model,
		     const double *parameter, double loglik)
{
	hills->hill[position].loglik = loglik;
	memcpy(hills->hill[position].parameter, parameter,
	       sizeof *parameter * (size_t)model_parameters(model));
	for (; position > 0 && hills->hill[position - 1].loglik < loglik; position--) {
		struct hill higher = hills->hill[position];
		hills->hill[position] = hills->hill[position - 1];
		hills->hill[position - 1] = higher;
	}
}

void hills_add(struct hills *hills, const struct model *model, const double *parameter,
	       double loglik)
{
	if (!isfinite(loglik))
		return;
	size_t known = find(hills, model, parameter);
	if (known < hills->count) {
		if (loglik > hills->hill[known].loglik)
			place_at(hills, known, model, parameter, loglik);
		return;
	}
	if (hills->count < HILLS_MAX)
		place_at(hills, hills->count++, model, parameter, loglik);
	else if (loglik > hills->hill[HILLS_MAX - 1].loglik)
		place_at(hills, HILLS_MAX - 1, model, parameter, loglik);
}

bool hills_all_found(const struct hills *hills, size_t climbs)
{
	double found = (double)hills->count, spare = (double)climbs - found - 2;
	return found > 0 && spare > 0 && found * ((double)climbs - 1) < (found + 0.5) * spare;
}
