/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exponential.h"

#include "elementary.h"

#include <math.h>

/* Widths that differ by the rounding of their ends alone are one width. */
#define SAME_WIDTH 1e-10

struct exponential exponential_begin(double amplitude, double tau)
{
	return (struct exponential){.amplitude = amplitude, .tau = tau, .width = -1, .end = -1};
}

/* A tau e^(-from/tau) (-expm1(-width/tau)). */
double exponential_integral(struct exponential *component, double from, double to,
			    double *by_log_tau)
{
	double width = to - from, start = from / component->tau;
	if (start > EXPONENT_MAX)
		return *by_log_tau = 0;
	if (fabs(width - component->width) > SAME_WIDTH * width) {
		component->width = width;
		component->loss = -expm1(-width / component->tau);
		component->kept = exp(-width / component->tau);
	}
	double decay = from == component->end ? component->decay : exp(-start);
	component->end = to;
	component->decay = decay * component->kept;
	double scale = component->amplitude * component->tau * decay;
	double step = width / component->tau;
	*by_log_tau = scale * (component->loss * (1 + start) - step * component->kept);
	return scale * component->loss;
}
