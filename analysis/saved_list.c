/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "saved_list.h"

#include <math.h>

enum { ONLINE_RATE, TRIES_END, RETURN_RATE, RETURN_TIME, EXPONENT };

static double above_one(double exponent)
{
	return fmax(exponent - 1, 0);
}

void saved_list_read(struct saved_list *list, const struct fit *fit, double fano, double end_hours)
{
	const struct interval none = {NAN, NAN, NAN, false};
	const double *p = fit->parameter;
	*list = (struct saved_list){.known = true,
				    .likelihood = fit->likelihood,
				    .tries_spacing_hours = fit->ci[TRIES_END],
				    .online_calls_per_hour = fit->ci[ONLINE_RATE],
				    .returning = p[EXPONENT] > 1,
				    .return_shape = none,
				    .return_rate_hours = none,
				    .returns_per_day = none,
				    .counts_per_visit = isfinite(fano) ? fmax(fano, 1) : 1,
				    .nodes_at_end_of_tries = NAN,
				    .nodes_remembering = NAN};
	if (!list->returning)
		return;
	const struct interval *exponent = &fit->ci[EXPONENT];
	list->return_shape = (struct interval){p[EXPONENT] - 1, above_one(exponent->low),
					       above_one(exponent->high), exponent->known};
	list->return_rate_hours = fit->ci[RETURN_TIME];
	double daily = 24 * (p[EXPONENT] - 1) / p[RETURN_TIME];
	list->returns_per_day = (struct interval){daily, daily, daily, true};
	double end = fmax(end_hours, p[TRIES_END]);
	list->nodes_at_end_of_tries =
		family_total(fit->family, p, p[TRIES_END]) / list->counts_per_visit;
	list->nodes_remembering = family_total(fit->family, p, end) / list->counts_per_visit;
}
