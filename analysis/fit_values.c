/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit.h"

#include <math.h>

int fit_first_wave(const struct fit *fit)
{
	return family_parameters(fit->family) + likelihood_dispersions(fit->likelihood);
}

const char *fit_parameter_name(const struct fit *fit, int index)
{
	struct model model = {.family = fit->family, .likelihood = fit->likelihood};
	if (index >= fit_first_wave(fit))
		return model_parameter(&model, index)->name;
	return index < family_parameters(fit->family) ? family_parameter_name(fit->family, index)
						      : likelihood_dispersion_name(fit->likelihood);
}

double fit_value(const struct fit *fit, int index)
{
	if (index >= fit_first_wave(fit))
		return fit->wave[index - fit_first_wave(fit)];
	return index < family_parameters(fit->family) ? fit->parameter[index] : fit->dispersion;
}

struct interval *fit_interval(struct fit *fit, int index)
{
	if (index >= fit_first_wave(fit))
		return &fit->wave_ci[index - fit_first_wave(fit)];
	return index < family_parameters(fit->family) ? &fit->ci[index] : &fit->dispersion_ci;
}

unsigned fit_bound_bit(const struct fit *fit, int index)
{
	int size = family_parameters(fit->family);
	if (index < size)
		return 1u << index;
	int wave = index - fit_first_wave(fit);
	return 1u << (wave < 0 ? FAMILY_PARAMETERS_MAX : FAMILY_PARAMETERS_MAX + 1 + wave);
}

bool fit_value_at_bound(const struct fit *fit, int index)
{
	return (fit->at_bound & fit_bound_bit(fit, index)) != 0;
}

/* Mean of e^(waves) over the buckets of a week. */
static double mean_of_waves(const struct fit *fit)
{
	const int day = 288, week = 7 * day;
	double sum = 0;
	for (int i = 0; i < week; i++) {
		double angle[2] = {2 * M_PI * (i % day + 0.5) / day, 2 * M_PI * (i + 0.5) / week};
		double exponent = 0;
		for (int w = 0; w < fit->waves; w++)
			exponent += fit->wave[w] * (w % 2 ? sin(angle[w / 2]) : cos(angle[w / 2]));
		sum += exp(exponent);
	}
	return sum / week;
}

struct fit fit_leveled(const struct fit *fit)
{
	struct fit level = *fit;
	double factor = fit->waves > 0 ? mean_of_waves(fit) : 1;
	level.waves = 0;
	for (int i = 0; i < family_parameters(fit->family); i++) {
		enum parameter_role role = family_parameter(fit->family, i)->role;
		if (role == ROLE_RATE || role == ROLE_LATER_RATE)
			level.parameter[i] *= factor;
	}
	return level;
}

double fit_per_bucket(const struct fit *fit, double hours)
{
	const double bucket_hours = 1.0 / 12;
	struct fit level = fit_leveled(fit);
	double b = level.parameter[family_parameters(level.family) - 1];
	return (family_rate(level.family, level.parameter, hours) + b) * bucket_hours;
}
