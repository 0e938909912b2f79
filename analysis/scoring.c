/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scoring.h"

#include "cholesky.h"

#include <math.h>
#include <string.h>

#define DAMPING_START 1e-3
#define DAMPING_MAX   1e12
/* No scale changes by more than e^STEP_MAX in one step: derivatives say nothing so far away. */
#define STEP_MAX 2.0
/* A step that promises more than this share of the one before was taken with a poor curvature. */
#define RECURVE_ABOVE 0.01

struct bounds {
	double low[MODEL_PARAMETERS_MAX], high[MODEL_PARAMETERS_MAX]; /* in coordinates */
};

static void find_bounds(const struct model *model, struct bounds *bounds)
{
	for (int i = 0; i < model_parameters(model); i++) {
		const struct parameter *parameter = model_parameter(model, i);
		bounds->low[i] = model_to_coordinate(model, i, parameter->low);
		bounds->high[i] = model_to_coordinate(model, i, parameter->high);
	}
}

/* One damped step: the coordinates that it would carry over an edge go to the edge, and the
 * others are solved again with that settled. False when the matrix is not positive definite. */
static bool damped_step(const struct model *model, const struct evaluation *here,
			const double *place, const struct bounds *bounds, const bool *held,
			double damping, double *step)
{
	int size = model_parameters(model);
	bool settled[MODEL_PARAMETERS_MAX];
	memset(step, 0, sizeof *step * MODEL_PARAMETERS_MAX);
	memcpy(settled, held, sizeof settled);
	for (int round = 0; round <= size; round++) {
		int index[MODEL_PARAMETERS_MAX], unknowns = 0;
		double matrix[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX];
		double right[MODEL_PARAMETERS_MAX], solution[MODEL_PARAMETERS_MAX];
		for (int i = 0; i < size; i++)
			if (!settled[i])
				index[unknowns++] = i;
		if (unknowns == 0)
			return true;
		for (int r = 0; r < unknowns; r++) {
			int i = index[r];
			right[r] = here->gradient[i];
			for (int j = 0; j < size; j++)
				if (settled[j])
					right[r] -= here->information[i][j] * step[j];
			for (int c = 0; c < unknowns; c++)
				matrix[r][c] = here->information[i][index[c]];
			double diagonal =
				fmax(here->information[i][i], 1e-4 * fabs(here->gradient[i]));
			matrix[r][r] =
				fmax(here->information[i][i], 0) + damping * fmax(diagonal, 1e-12);
		}
		if (!cholesky_solve(unknowns, matrix, right, solution))
			return false;
		bool crossed = false;
		for (int r = 0; r < unknowns; r++) {
			int i = index[r];
			step[i] = solution[r];
			double next = place[i] + step[i];
			if (next < bounds->low[i] || next > bounds->high[i]) {
				step[i] =
					(next < bounds->low[i] ? bounds->low[i] : bounds->high[i]) -
					place[i];
				settled[i] = crossed = true;
			}
		}
		if (!crossed)
			return true;
	}
	return true;
}

static void limit_step(const struct model *model, double *step)
{
	double largest = 0;
	for (int i = 0; i < model_parameters(model); i++)
		if (model_parameter(model, i)->role != ROLE_BACKGROUND)
			largest = fmax(largest, fabs(step[i]));
	if (largest > STEP_MAX)
		for (int i = 0; i < model_parameters(model); i++)
			step[i] *= STEP_MAX / largest;
}

static void hold_edges(const struct model *model, const struct evaluation *here,
		       const double *place, const struct bounds *bounds, const bool *fixed,
		       bool *held)
{
	for (int i = 0; i < model_parameters(model); i++)
		held[i] = fixed[i] || (place[i] <= bounds->low[i] && here->gradient[i] <= 0) ||
			  (place[i] >= bounds->high[i] && here->gradient[i] >= 0);
}

static void to_parameters(const struct model *model, const double *place, double *parameter)
{
	for (int i = 0; i < model_parameters(model); i++) {
		const struct parameter *box = model_parameter(model, i);
		double value = model_from_coordinate(model, i, place[i]);
		parameter[i] = fmin(fmax(value, box->low), box->high);
	}
}

static void to_place(const struct model *model, const double *parameter, double *place)
{
	for (int i = 0; i < model_parameters(model); i++) {
		const struct parameter *box = model_parameter(model, i);
		place[i] = model_to_coordinate(model, i,
					       fmin(fmax(parameter[i], box->low), box->high));
	}
}

static double predicted_gain(int size, const struct evaluation *here, const double *step)
{
	double gain = 0;
	for (int i = 0; i < size; i++) {
		gain += here->gradient[i] * step[i];
		for (int j = 0; j < size; j++)
			gain -= step[i] * here->information[i][j] * step[j] / 2;
	}
	return gain;
}

/* The log-likelihood at a place, its parameters and derivatives. */
static double look(const struct scoring *scoring, const double *place, double *parameter,
		   struct evaluation *evaluation)
{
	to_parameters(scoring->model, place, parameter);
	likelihood_evaluate(scoring->model, parameter, evaluation);
	return isfinite(evaluation->loglik) ? evaluation->loglik : -INFINITY;
}

double scoring_climb(const struct scoring *scoring, double *parameter)
{
	const struct model *model = scoring->model;
	int size = model_parameters(model);
	struct bounds bounds;
	bool fixed[MODEL_PARAMETERS_MAX], held[MODEL_PARAMETERS_MAX];
	double place[MODEL_PARAMETERS_MAX], next[MODEL_PARAMETERS_MAX];
	double step[MODEL_PARAMETERS_MAX], candidate[MODEL_PARAMETERS_MAX];
	struct evaluation here, there;
	double damping = DAMPING_START;

	find_bounds(model, &bounds);
	for (int i = 0; i < size; i++)
		fixed[i] = scoring->fixed[i] || model_parameter(model, i)->role == ROLE_PLATEAU;
	to_place(model, parameter, place);
	double height = look(scoring, place, parameter, &here);
	for (int iteration = 0; iteration < scoring->iterations;) {
		hold_edges(model, &here, place, &bounds, fixed, held);
		if (!damped_step(model, &here, place, &bounds, held, damping, step)) {
			damping = fmax(damping * 10, 1e-6);
			if (damping > DAMPING_MAX)
				break;
			continue;
		}
		limit_step(model, step);
		double promise = predicted_gain(size, &here, step);
		/* The edges that the step would cross took what it had to gain: a shorter one. */
		if (promise < -scoring->tolerance && damping < DAMPING_MAX) {
			damping *= 10;
			continue;
		}
		if (promise < scoring->tolerance && damping < 1)
			break;
		iteration++;
		for (int i = 0; i < size; i++)
			next[i] = fmin(fmax(place[i] + step[i], bounds.low[i]), bounds.high[i]);
		double reached = look(scoring, next, candidate, &there);
		if (reached > height) {
			double quality = (reached - height) / promise;
			damping = quality > 0.75   ? damping / 10
				  : quality < 0.25 ? damping * 4
						   : damping;
			damping = fmax(damping, 1e-9);
			memcpy(place, next, sizeof place);
			memcpy(parameter, candidate, sizeof *parameter * (size_t)size);
			here = there;
			height = reached;
		} else {
			damping = fmax(damping * 8, 1e-3);
			if (damping > DAMPING_MAX || promise < scoring->tolerance)
				break;
		}
	}
	return here.loglik;
}

void scoring_curvature(const struct scoring *scoring, const double *parameter,
		       double curvature[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX])
{
	const struct model *model = scoring->model;
	int size = model_parameters(model);
	double place[MODEL_PARAMETERS_MAX], moved[MODEL_PARAMETERS_MAX];
	double there[MODEL_PARAMETERS_MAX];
	struct evaluation above, below;
	memset(curvature, 0, sizeof(double) * MODEL_PARAMETERS_MAX * MODEL_PARAMETERS_MAX);
	to_place(model, parameter, place);
	for (int i = 0; i < size; i++) {
		const struct parameter *box = model_parameter(model, i);
		if (scoring->fixed[i] || box->role == ROLE_PLATEAU)
			continue;
		double width = box->role == ROLE_BACKGROUND ? 1e-4 * fmax(place[i], 1e-9) : 1e-4;
		memcpy(moved, place, sizeof moved);
		/* Not clamped to the box: a centred difference may look over its edge. */
		memcpy(there, parameter, sizeof *there * (size_t)size);
		there[i] = model_from_coordinate(model, i, place[i] + width);
		likelihood_evaluate(model, there, &above);
		there[i] = model_from_coordinate(model, i, place[i] - width);
		likelihood_evaluate(model, there, &below);
		for (int j = 0; j < size; j++)
			curvature[i][j] = (below.gradient[j] - above.gradient[j]) / (2 * width);
	}
	for (int i = 0; i < size; i++)
		for (int j = 0; j < i; j++) {
			double mean = (curvature[i][j] + curvature[j][i]) / 2;
			bool fixed = scoring->fixed[i] || scoring->fixed[j];
			curvature[i][j] = curvature[j][i] = fixed ? 0 : mean;
		}
}

double scoring_finish(const struct scoring *scoring, double *parameter, struct evaluation *top)
{
	const struct model *model = scoring->model;
	int size = model_parameters(model);
	struct bounds bounds;
	bool fixed[MODEL_PARAMETERS_MAX], held[MODEL_PARAMETERS_MAX];
	double place[MODEL_PARAMETERS_MAX], next[MODEL_PARAMETERS_MAX];
	double step[MODEL_PARAMETERS_MAX], candidate[MODEL_PARAMETERS_MAX];
	double curvature[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX];
	struct evaluation here;
	struct scoring steering = *scoring;
	double promise = INFINITY, before = INFINITY;
	bool stale = true;

	if (scoring->steering)
		steering.model = scoring->steering;
	find_bounds(model, &bounds);
	for (int i = 0; i < size; i++)
		fixed[i] = scoring->fixed[i] || model_parameter(model, i)->role == ROLE_PLATEAU;
	to_place(model, parameter, place);
	double height = look(scoring, place, parameter, &here);
	for (int iteration = 0; iteration < scoring->iterations; iteration++) {
		hold_edges(model, &here, place, &bounds, fixed, held);
		if (stale)
			scoring_curvature(&steering, parameter, curvature);
		memcpy(here.information, curvature, sizeof curvature);
		bool climbed = false, looked = stale;
		for (double damping = 1e-8; damping < DAMPING_MAX; damping *= 30) {
			if (!damped_step(model, &here, place, &bounds, held, damping, step))
				continue;
			limit_step(model, step);
			double gain = predicted_gain(size, &here, step);
			if (gain < -scoring->tolerance)
				continue;
			promise = fmax(gain, 0);
			if (promise < scoring->tolerance)
				break;
			for (int i = 0; i < size; i++)
				next[i] = fmin(fmax(place[i] + step[i], bounds.low[i]),
					       bounds.high[i]);
			struct evaluation there;
			double reached = look(scoring, next, candidate, &there);
			if (reached > height) {
				memcpy(place, next, sizeof place);
				memcpy(parameter, candidate, sizeof *parameter * (size_t)size);
				here = there;
				height = reached;
				climbed = true;
				/* Near the top the curvature stays what it was, and it is costly.
				 */
				stale = damping > 1e-8 || promise > RECURVE_ABOVE * before;
				before = promise;
				break;
			}
		}
		if (!climbed && (looked || promise < scoring->tolerance))
			break;
		stale = stale || !climbed;
	}
	*top = here;
	return height;
}
