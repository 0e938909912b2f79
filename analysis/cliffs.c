/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cliffs.h"

#include <math.h>

#define APART_HOURS 1.0
/* Of a worn cliff: the logistic width as a share of its time, and the exponent of a weibull. */
#define WORN_WIDTH    0.1
#define WORN_EXPONENT 5.0

static double steady_loglik(double count, double hours)
{
	return count > 0 && hours > 0 ? count * log(count / hours) : 0;
}

static bool is_near(const struct cliff *cliff, const struct cliff *other)
{
	return fabs(cliff->hours - other->hours) < APART_HOURS;
}

/* Of cliffs that are near each other the one with the greatest gain stays. */
static void add(struct cliffs *cliffs, const struct cliff *cliff)
{
	size_t place = cliffs->count;
	for (size_t i = 0; i < cliffs->count; i++)
		if (is_near(&cliffs->cliff[i], cliff) && cliffs->cliff[i].gain >= cliff->gain)
			return;
	while (place > 0 && cliffs->cliff[place - 1].gain < cliff->gain)
		place--;
	if (place == CLIFFS_MAX)
		return;
	/* The one that goes: a lower one nearby, else the last when there is no room. */
	size_t end = place;
	while (end < cliffs->count && !is_near(&cliffs->cliff[end], cliff))
		end++;
	if (end == CLIFFS_MAX)
		end--;
	else if (end == cliffs->count)
		cliffs->count++;
	for (; end > place; end--)
		cliffs->cliff[end] = cliffs->cliff[end - 1];
	cliffs->cliff[place] = *cliff;
}

void cliffs_find(struct cliffs *cliffs, const struct sample *sample)
{
	double count = 0, hours = 0;
	cliffs->count = 0;
	for (size_t i = 0; i + 1 < sample->rows; i++) {
		count += sample->count[i];
		hours += sample->exposure[i] * (sample->to[i] - sample->from[i]);
		double later_count = sample->total - count, later_hours = sample->hours - hours;
		if (hours <= 0 || later_hours <= 0)
			continue;
		struct cliff cliff = {sample->from[i + 1], count / hours, later_count / later_hours,
				      0};
		if (cliff.before <= cliff.after)
			continue;
		cliff.gain = steady_loglik(count, hours) + steady_loglik(later_count, later_hours) -
			     steady_loglik(sample->total, sample->hours);
		add(cliffs, &cliff);
	}
}

bool cliff_start(const struct model *model, const struct cliff *cliff, bool worn,
		 double parameter[MODEL_PARAMETERS_MAX])
{
	if (model->family != FAMILY_WEIBULL && model->family != FAMILY_LOGISTIC)
		return false;
	for (int i = 0; i < family_parameters(model->family); i++) {
		const struct parameter *box = model_parameter(model, i);
		double value = cliff->before - cliff->after;
		if (box->role == ROLE_TIME)
			value = cliff->hours;
		else if (box->role == ROLE_BACKGROUND)
			value = cliff->after;
		else if (box->role == ROLE_WIDTH)
			value = worn ? cliff->hours * WORN_WIDTH : box->low;
		else if (box->role == ROLE_EXPONENT)
			value = worn ? WORN_EXPONENT : box->high;
		parameter[i] = fmin(fmax(value, box->low), box->high);
	}
	return true;
}
