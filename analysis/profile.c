/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "profile.h"

#include "cholesky.h"
#include "plateau.h"
#include "scoring.h"

#include <math.h>
#include <string.h>

#define ITERATIONS     30
#define TOLERANCE      1e-4 /* of log-likelihood: a thousandth of the drop */
#define SEARCH_STEPS   40
#define NEAR	       0.02 /* of the root of the drop; the rest is interpolated */
#define PLATEAU_MISSES 3    /* hours below the limit in a row that end the walk */

/* A point of a profile: how far from the maximum, and how much lower. `root` is the square root
 * of the fall, nearly linear in the distance. */
struct profile_walk {
	const struct model *model;
	double highest;
	double start[MODEL_PARAMETERS_MAX];	/* the maximum */
	int index;				/* the parameter held */
	double parameter[MODEL_PARAMETERS_MAX]; /* where the last point ended */
};

/* Goes to distance `distance`, in the coordinate, and returns the root of the fall; *reached is
 * the distance really reached, inside the box. */
static double walk_to(struct profile_walk *walk, double distance, double *reached)
{
	const struct model *model = walk->model;
	struct scoring scoring = {.model = model, .iterations = ITERATIONS, .tolerance = TOLERANCE};
	const struct parameter *box = model_parameter(model, walk->index);
	double centre = model_to_coordinate(model, walk->index, walk->start[walk->index]);
	double value = model_from_coordinate(model, walk->index, centre + distance);
	walk->parameter[walk->index] = fmin(fmax(value, box->low), box->high);
	scoring.fixed[walk->index] = true;
	double loglik = scoring_climb(&scoring, walk->parameter);
	*reached = model_to_coordinate(model, walk->index, walk->parameter[walk->index]) - centre;
	return sqrt(fmax(walk->highest - loglik, 0));
}

/* The distance at which the root of the fall is that of PROFILE_DROP, in the direction of
 * `step`, which is a first guess; false when it lies beyond `edge`. */
static bool find_limit(struct profile_walk *walk, double step, double edge, double *limit)
{
	const double wanted = sqrt(PROFILE_DROP);
	double near = 0, near_root = 0, far = edge, far_root = NAN;
	double target = fabs(step) < fabs(edge) ? step : edge;
	memcpy(walk->parameter, walk->start, sizeof walk->parameter);
	for (int i = 0; i < SEARCH_STEPS; i++) {
		double reached, root = walk_to(walk, target, &reached);
		if (!isfinite(root) || !isfinite(reached))
			return false;
		bool narrow = fabs(far - near) < 1e-6 * fabs(far);
		if (fabs(root - wanted) < NEAR || (narrow && !isnan(far_root))) {
			*limit = narrow ? reached : reached * wanted / root;
			return true;
		}
		if (root > wanted) {
			far = target;
			far_root = root;
			memcpy(walk->parameter, walk->start, sizeof walk->parameter);
		} else {
			if (fabs(target - edge) <= 1e-12 * fabs(edge))
				return false;
			near = target;
			near_root = root;
		}
		if (isnan(far_root)) {
			double growth = root > 0.1 ? fmin(wanted / root * 1.02, 4) : 4;
			target = copysign(fmin(fabs(target) * growth, fabs(edge)), step);
		} else {
			double share = (wanted - near_root) / (far_root - near_root);
			target = near + (far - near) * fmin(fmax(share, 0.05), 0.95);
		}
	}
	return false;
}

/* What the maximum looks like from near by. */
struct summit {
	struct evaluation here;
	double curvature[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX];
	int index[MODEL_PARAMETERS_MAX]; /* of the coordinates that are not on an edge */
	int unknowns;
	double block[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX]; /* the curvature of those */
};

/* The sample profiled may not be the one that the fit was recorded on: its own maximum lies very
 * near, and heights are compared on the same sample. */
static double summit_height(const struct fit *fit, const struct fit_data *data,
			    const struct model *model, double *parameter)
{
	bool same = fit->waves > 0 ? data->waved_near == data->waved : data->near == data->exact;
	if (same && (fit->waves > 0 || fit->likelihood != LIKELIHOOD_NB2))
		return fit->loglik;
	struct scoring scoring = {.model = model, .iterations = ITERATIONS, .tolerance = TOLERANCE};
	return scoring_climb(&scoring, parameter);
}

static void look_around(struct summit *summit, const struct model *model, const double *parameter)
{
	struct scoring scoring = {.model = model};
	likelihood_evaluate(model, parameter, &summit->here);
	scoring_curvature(&scoring, parameter, summit->curvature);
	summit->unknowns = 0;
	for (int i = 0; i < model_parameters(model); i++) {
		const struct parameter *box = model_parameter(model, i);
		if (box->role != ROLE_PLATEAU && parameter[i] > box->low &&
		    parameter[i] < box->high)
			summit->index[summit->unknowns++] = i;
	}
	for (int r = 0; r < summit->unknowns; r++)
		for (int c = 0; c < summit->unknowns; c++)
			summit->block[r][c] = summit->curvature[summit->index[r]][summit->index[c]];
}

/* First guess of an interval's half: from the standard error of slope . coordinates where the
 * summit is round, `otherwise` where it is not. */
static double first_step(struct summit *summit, const double *slope, double otherwise)
{
	double right[MODEL_PARAMETERS_MAX] = {0}, solution[MODEL_PARAMETERS_MAX], variance = 0;
	for (int r = 0; r < summit->unknowns; r++)
		right[r] = slope[summit->index[r]];
	if (!cholesky_solve(summit->unknowns, summit->block, right, solution))
		return otherwise;
	for (int r = 0; r < summit->unknowns; r++)
		variance += right[r] * solution[r];
	double step = sqrt(2 * PROFILE_DROP * variance);
	return step > 0 && isfinite(step) ? step : otherwise;
}

/* A maximum on an edge falls linearly from it. */
static double edge_step(const struct summit *summit, int index)
{
	double slope = fabs(summit->here.gradient[index]);
	return slope > 0 ? PROFILE_DROP / slope : 0.5;
}

static struct interval plateau_interval(const struct profile_walk *walk, int index)
{
	const struct model *model = walk->model;
	const double *start = walk->start;
	struct interval ends = {start[index], start[index], start[index], true};
	for (int direction = -1; direction <= 1; direction += 2) {
		double parameter[MODEL_PARAMETERS_MAX];
		memcpy(parameter, start, sizeof parameter);
		int misses = 0, last = fit_plateau_limit(model->sample);
		for (int hours = (int)start[index] + direction;
		     hours >= 1 && hours <= last && misses < PLATEAU_MISSES; hours += direction) {
			double loglik = plateau_climb(model, hours, parameter, TOLERANCE);
			misses = loglik >= walk->highest - PROFILE_DROP ? 0 : misses + 1;
			if (misses == 0)
				*(direction < 0 ? &ends.low : &ends.high) = hours;
		}
	}
	return ends;
}

static struct interval parameter_interval(struct profile_walk *walk, int index,
					  struct summit *summit)
{
	const struct model *model = walk->model;
	const struct parameter *box = model_parameter(model, index);
	double value = walk->start[index], centre = model_to_coordinate(model, index, value);
	double low_edge = model_to_coordinate(model, index, box->low) - centre;
	double high_edge = model_to_coordinate(model, index, box->high) - centre;
	double slope[MODEL_PARAMETERS_MAX] = {0}, distance;
	slope[index] = 1;
	double step = first_step(summit, slope, edge_step(summit, index));
	bool vanishing = box->role == ROLE_RATE || box->role == ROLE_LATER_RATE ||
			 box->role == ROLE_BACKGROUND || box->role == ROLE_DISPERSION;
	struct interval interval = {value, vanishing ? 0 : box->low, INFINITY, true};
	walk->index = index;
	if (low_edge < 0 && find_limit(walk, -step, low_edge, &distance))
		interval.low = model_from_coordinate(model, index, centre + distance);
	if (high_edge > 0 && find_limit(walk, step, high_edge, &distance))
		interval.high = model_from_coordinate(model, index, centre + distance);
	return interval;
}

/* Makes ready to walk from the maximum of a fit. */
static void begin(struct profile_walk *walk, struct summit *summit, struct model *model,
		  const struct fit *fit, const struct fit_data *data)
{
	*walk = (struct profile_walk){.model = model};
	fit_model(fit, data, fit->waves > 0 ? data->waved_near : data->near, model, walk->start);
	walk->highest = summit_height(fit, data, model, walk->start);
	look_around(summit, model, walk->start);
}

void profile_parameters(struct fit *fit, const struct fit_data *data)
{
	struct model model;
	struct profile_walk walk;
	struct summit summit;
	begin(&walk, &summit, &model, fit, data);
	for (int i = 0; i < model_parameters(&model); i++) {
		struct interval *interval = fit_interval(fit, i);
		if (model_parameter(&model, i)->role == ROLE_PLATEAU)
			*interval = plateau_interval(&walk, i);
		else
			*interval = parameter_interval(&walk, i, &summit);
		interval->value = fit_value(fit, i);
	}
}

void profile_background(struct fit *fit, const struct fit_data *data)
{
	struct model model;
	struct profile_walk walk;
	struct summit summit;
	int b = family_parameters(fit->family) - 1;
	begin(&walk, &summit, &model, fit, data);
	fit->ci[b] = parameter_interval(&walk, b, &summit);
	fit->ci[b].value = fit->parameter[b];
}
