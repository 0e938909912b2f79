/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "climb.h"

#include "scoring.h"

static double climb(const struct model *model, double *parameter, int iterations, double tolerance)
{
	struct scoring scoring = {.model = model, .iterations = iterations, .tolerance = tolerance};
	return scoring_climb(&scoring, parameter);
}

double climb_briefly(const struct model *model, double *parameter)
{
	return climb(model, parameter, 8, 1.0);
}

double climb_roughly(const struct model *model, double *parameter)
{
	return climb(model, parameter, 40, 0.05);
}

double climb_nearly(const struct model *model, double *parameter)
{
	return climb(model, parameter, 80, 0.05);
}

double climb_up(const struct model *model, double *parameter)
{
	return climb(model, parameter, 80, 1e-4);
}
