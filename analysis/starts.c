/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "starts.h"

#include <math.h>
#include <string.h>

#define EARLY_HOURS 6.0

double outlook_rate(const struct sample *sample, double from, double to, double otherwise)
{
	double count = 0, hours = 0;
	for (size_t i = 0; i < sample->rows && sample->from[i] < to; i++)
		if (sample->from[i] >= from) {
			count += sample->count[i];
			hours += sample->exposure[i] * (sample->to[i] - sample->from[i]);
		}
	return hours > 0 ? count / hours : otherwise;
}

void outlook_take(struct outlook *outlook, const struct sample *sample)
{
	outlook->end = fmax(sample->end, 1.0 / 12);
	outlook->mean_rate = sample->hours > 0 ? sample->total / sample->hours : 0;
	outlook->early_rate = fmax(outlook_rate(sample, 0, EARLY_HOURS, outlook->mean_rate), 0.1);
	outlook->late_rate = fmax(outlook_rate(sample, 0.8 * sample->end, INFINITY, 0), 1e-4);
}

static double uniform(gsl_rng *generator, double low, double high)
{
	return low + (high - low) * gsl_rng_uniform(generator);
}

void starts_draw(const struct model *model, const struct outlook *outlook, gsl_rng *generator,
		 size_t number, size_t count, double parameter[MODEL_PARAMETERS_MAX])
{
	double last_time = 0.3, previous_rate = outlook->early_rate;
	size_t times = 0;
	for (int i = 0; i < model_parameters(model); i++) {
		const struct parameter *box = model_parameter(model, i);
		double value = parameter[i];
		switch (box->role) {
		case ROLE_RATE:
			value = outlook->early_rate * exp(uniform(generator, -1, 1));
			previous_rate = value;
			break;
		case ROLE_LATER_RATE:
			value = previous_rate * exp(-uniform(generator, 0, 6));
			break;
		case ROLE_TIME: {
			/* The first scale walks through the whole range, a later one lies above. */
			double share =
				((double)number + gsl_rng_uniform(generator)) / (double)count;
			if (times++ > 0)
				share = gsl_rng_uniform(generator);
			value = last_time * pow(fmax(2 * outlook->end / last_time, 2), share);
			last_time = value;
			break;
		}
		case ROLE_WIDTH:
			value = exp(uniform(generator, -1, log(fmax(outlook->end / 2, 1))));
			break;
		case ROLE_EXPONENT:
			value = exp(uniform(generator, -1.2, 2));
			break;
		case ROLE_BACKGROUND:
			value = outlook->late_rate * exp(uniform(generator, -6, 0.3));
			break;
		case ROLE_DISPERSION:
			value = exp(uniform(generator, -3, 1.5));
			break;
		case ROLE_PLATEAU:
		case ROLE_WAVE:
			break;
		}
		if (box->role != ROLE_PLATEAU)
			parameter[i] = fmin(fmax(value, box->low), box->high);
	}
}

static size_t keep(double parameter[MODEL_PARAMETERS_MAX], const double *start, enum family to)
{
	memcpy(parameter, start, sizeof *parameter * (size_t)family_parameters(to));
	return 1;
}

static size_t from_exponential(enum family to, const double *p,
			       double parameter[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX])
{
	const double slow_and_faint[] = {p[0], p[1], p[0] * exp(-5), p[1] * 10, p[2]};
	const double late[] = {p[0], p[1] / 10, p[0], p[1], p[2]};
	const double lomax[] = {p[0], p[1] * 15, 15, p[2]};
	const double stretched[] = {p[0], p[1], 1, p[2]};
	const double logistic[] = {2 * p[0], p[1] / 10, p[1], p[2]};
	switch (to) {
	case FAMILY_BIEXP:
		return keep(parameter[0], slow_and_faint, to) + keep(parameter[1], late, to);
	case FAMILY_OMORI: /* with a high p it is close to an exponential */
		return keep(parameter[0], lomax, to);
	case FAMILY_WEIBULL:
		return keep(parameter[0], stretched, to);
	case FAMILY_LOGISTIC:
		return keep(parameter[0], logistic, to);
	default:
		return 0;
	}
}

/* A rate that stays high up to some time and then falls: the sharpest Weibull, the steepest
 * logistic. No drawn start comes near so narrow a hill. */
static size_t from_cliff(enum family to, const struct fit *other,
			 double parameter[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX])
{
	const double *p = other->parameter;
	if (other->family == FAMILY_LOGISTIC && to == FAMILY_WEIBULL) {
		double beta = fmin(fmax(0.68 * p[1] / p[2], 0.1), 20); /* the slope of both at T */
		const double start[] = {p[0], p[1], beta, p[3]};
		return keep(parameter[0], start, to);
	}
	if (other->family == FAMILY_PLATEAU_EXP && to == FAMILY_WEIBULL) {
		const double start[] = {p[0], p[1], 12, fmax(p[4], p[2] / 10)};
		return keep(parameter[0], start, to);
	}
	if (other->family == FAMILY_PLATEAU_EXP && to == FAMILY_LOGISTIC) {
		const double start[] = {p[0], p[1], p[1] / 12, fmax(p[4], p[2] / 10)};
		return keep(parameter[0], start, to);
	}
	return 0;
}

/* Between related families: the one holds the other, or comes close to it at an extreme. */
static size_t translate(enum family to, const struct fit *other,
			double parameter[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX])
{
	const double *p = other->parameter;
	if (other->family == to)
		return keep(parameter[0], p, to);
	if (other->family == FAMILY_EXP)
		return from_exponential(to, p, parameter);
	if (to == FAMILY_WEIBULL || to == FAMILY_LOGISTIC)
		return from_cliff(to, other, parameter);
	if (other->family == FAMILY_BIEXP && to == FAMILY_EXP) {
		const double fast[] = {p[0], p[1], p[4]}, slow[] = {p[2], p[3], p[4]};
		return keep(parameter[0], fast, to) + keep(parameter[1], slow, to);
	}
	if (other->family == FAMILY_PLATEAU_EXP && to == FAMILY_PLATEAU_OMORI) {
		const double bent[] = {p[0], p[1], p[2], p[3] * 1.5, 1.5, p[4]};
		const double straight[] = {p[0], p[1], p[2], p[3] * 15, 15, p[4]};
		return keep(parameter[0], bent, to) + keep(parameter[1], straight, to);
	}
	if (other->family == FAMILY_PLATEAU_OMORI && to == FAMILY_PLATEAU_EXP) {
		const double start[] = {p[0], p[1], p[2], p[3] / p[4], p[5]};
		return keep(parameter[0], start, to);
	}
	if (other->family == FAMILY_OMORI && to == FAMILY_PLATEAU_OMORI) {
		/* A plateau of one hour on top of the same tail. */
		double hour = family_rate(FAMILY_OMORI, p, 1);
		const double start[] = {
			family_integral(FAMILY_OMORI, p, 0, 1), 1, hour, p[1] + 1, p[2], p[3]};
		return keep(parameter[0], start, to);
	}
	return 0;
}

size_t starts_from_fit(const struct model *model, const struct fit *other,
		       double parameter[STARTS_FROM_FIT][MODEL_PARAMETERS_MAX])
{
	size_t starts = other->done ? translate(model->family, other, parameter) : 0;
	int last = family_parameters(model->family);
	if (!likelihood_dispersions(model->likelihood))
		return starts;
	for (size_t i = 0; i < starts; i++)
		parameter[i][last] = other->likelihood == model->likelihood ? other->dispersion : 1;
	if (starts == 1 && other->likelihood != model->likelihood) {
		memcpy(parameter[1], parameter[0], sizeof parameter[1]);
		parameter[1][last] = 0.01;
		starts = 2;
	}
	return starts;
}
