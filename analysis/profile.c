/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "profile.h"

#include "plateau.h"
#include "scoring.h"

#include <math.h>
#include <string.h>

#define ITERATIONS     30
#define TOLERANCE      1e-4 /* of log-likelihood: a thousandth of the drop */
#define SEARCH_STEPS   40
#define NEAR           0.005 /* of the root of the drop */
#define PLATEAU_MISSES 3     /* hours below the limit in a row that end the walk */
#define FUNCTION_RANGE 9.3   /* ln 1e4 */

/* A point of a profile: how far from the maximum, and how much lower. `root` is the square root
 * of the fall, nearly linear in the distance. */
struct profile_walk {
	const struct model *model;
	double highest;
	double start[MODEL_PARAMETERS_MAX]; /* the maximum */
	int index;                          /* the parameter held, or -1 for the function */
	double (*log_function)(const struct model *model, const double *parameter);
	double strength;
	double parameter[MODEL_PARAMETERS_MAX]; /* where the last point ended */
};

/* Goes to distance `distance` (coordinate or ln function) and returns the root of the fall;
 * *reached is the distance really reached. */
static double walk_to(struct profile_walk *walk, double distance, double *reached)
{
	const struct model *model = walk->model;
	struct scoring scoring = {
	        .model = model, .iterations = ITERATIONS, .tolerance = TOLERANCE};
	struct tether tether;
	double centre;
	if (walk->index >= 0) {
		const struct parameter *box = family_parameter(model->family, walk->index);
		centre = model_to_coordinate(model, walk->index, walk->start[walk->index]);
		double value = model_from_coordinate(model, walk->index, centre + distance);
		walk->parameter[walk->index] = fmin(fmax(value, box->low), box->high);
		scoring.fixed[walk->index] = true;
	} else {
		centre = walk->log_function(model, walk->start);
		tether = (struct tether){walk->log_function, centre + distance, walk->strength};
		scoring.tether = &tether;
	}
	double loglik = scoring_climb(&scoring, walk->parameter);
	*reached = walk->index >= 0
	                   ? model_to_coordinate(model, walk->index, walk->parameter[walk->index])
	                   : walk->log_function(model, walk->parameter);
	*reached -= centre;
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
		if (fabs(root - wanted) < NEAR) {
			*limit = reached;
			return true;
		}
		bool beyond = root > wanted;
		if (!beyond && fabs(target - edge) <= 1e-12 * fabs(edge))
			return false;
		if (beyond) {
			far = reached;
			far_root = root;
			memcpy(walk->parameter, walk->start, sizeof walk->parameter);
		} else {
			near = reached;
			near_root = root;
		}
		if (isnan(far_root)) {
			double growth = root > 0.1 ? fmin(wanted / root * 1.05, 4) : 4;
			target = fmax(fabs(reached), fabs(target) / 2) * growth;
			target = copysign(fmin(target, fabs(edge)), step);
		} else {
			double share = (wanted - near_root) / (far_root - near_root);
			target = near + (far - near) * fmin(fmax(share, 0.05), 0.95);
			if (fabs(far - near) < 1e-9 * fabs(far)) {
				*limit = near;
				return true;
			}
		}
	}
	*limit = near + (far - near) / 2;
	return !isnan(far_root);
}

/* First guesses from the curvature at the maximum: a standard error with the other parameters
 * held, which is too small, so that the walk comes from within. */
static double first_step(double curvature, double gradient)
{
	double step = INFINITY;
	if (curvature > 0)
		step = sqrt(2 * PROFILE_DROP / curvature);
	if (fabs(gradient) > 0) /* a maximum on an edge falls linearly */
		step = fmin(step, 2 * PROFILE_DROP / fabs(gradient));
	return isfinite(step) ? step : 0.5;
}

static struct interval plateau_interval(const struct fit *fit, const struct model *model,
                                        const double *start, int index)
{
	struct interval ends = {start[index], start[index], start[index], true};
	for (int direction = -1; direction <= 1; direction += 2) {
		double parameter[MODEL_PARAMETERS_MAX];
		memcpy(parameter, start, sizeof parameter);
		int misses = 0, last = fit_plateau_limit(model->sample);
		for (int hours = (int)start[index] + direction;
		     hours >= 1 && hours <= last && misses < PLATEAU_MISSES; hours += direction) {
			double loglik = plateau_climb(model, hours, parameter, TOLERANCE);
			misses = loglik >= fit->loglik - PROFILE_DROP ? 0 : misses + 1;
			if (misses == 0)
				*(direction < 0 ? &ends.low : &ends.high) = hours;
		}
	}
	return ends;
}

static struct interval parameter_interval(struct profile_walk *walk, int index,
                                          const struct evaluation *here,
                                          const double *curvature)
{
	const struct model *model = walk->model;
	const struct parameter *box = family_parameter(model->family, index);
	double value = walk->start[index], centre = model_to_coordinate(model, index, value);
	double low_edge = model_to_coordinate(model, index, box->low) - centre;
	double high_edge = model_to_coordinate(model, index, box->high) - centre;
	double step = first_step(curvature[index], here->gradient[index]), distance;
	bool vanishing = box->role != ROLE_TIME && box->role != ROLE_EXPONENT;
	struct interval interval = {value, vanishing ? 0 : box->low, INFINITY, true};
	walk->index = index;
	if (low_edge < 0 && find_limit(walk, -step, low_edge, &distance))
		interval.low = model_from_coordinate(model, index, centre + distance);
	if (high_edge > 0 && find_limit(walk, step, high_edge, &distance))
		interval.high = model_from_coordinate(model, index, centre + distance);
	return interval;
}

void profile_parameters(struct fit *fit, const struct fit_data *data)
{
	struct model model;
	struct profile_walk walk = {.model = &model, .highest = fit->loglik};
	struct scoring scoring = {.model = &model};
	struct evaluation here;
	double curvature[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX];
	double diagonal[MODEL_PARAMETERS_MAX];
	int size = family_parameters(fit->family);
	fit_model(fit, data, data->exact, &model, walk.start);
	likelihood_evaluate(&model, walk.start, &here);
	scoring_curvature(&scoring, walk.start, curvature);
	for (int i = 0; i < MODEL_PARAMETERS_MAX; i++)
		diagonal[i] = curvature[i][i];
	for (int i = 0; i < model_parameters(&model); i++) {
		struct interval *interval = i < size ? &fit->ci[i] : &fit->dispersion_ci;
		if (family_parameter(fit->family, i)->role == ROLE_PLATEAU)
			*interval = plateau_interval(fit, &model, walk.start, i);
		else
			*interval = parameter_interval(&walk, i, &here, diagonal);
	}
}

struct interval profile_function(const struct fit *fit, const struct fit_data *data,
                                 double (*log_function)(const struct model *model,
                                                        const double *parameter))
{
	struct model model;
	struct profile_walk walk = {.model = &model,
	                            .highest = fit->loglik,
	                            .index = -1,
	                            .log_function = log_function,
	                            .strength = 1e5};
	struct interval interval = {.known = false};
	double distance;
	fit_model(fit, data, data->exact, &model, walk.start);
	double centre = log_function(&model, walk.start);
	if (!isfinite(centre))
		return interval;
	interval = (struct interval){exp(centre), 0, INFINITY, true};
	if (find_limit(&walk, -0.05, -FUNCTION_RANGE, &distance))
		interval.low = exp(centre + distance);
	if (find_limit(&walk, 0.05, FUNCTION_RANGE, &distance))
		interval.high = exp(centre + distance);
	return interval;
}
