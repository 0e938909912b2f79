/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/saved_list.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct fit fit_of(double exponent)
{
	struct fit fit = {.done = true,
			  .family = FAMILY_PLATEAU_OMORI,
			  .likelihood = LIKELIHOOD_NB1,
			  .parameter = {200, 12, 30, 50, exponent, 0.01}};
	for (int i = 0; i < 6; i++)
		fit.ci[i] = (struct interval){fit.parameter[i], fit.parameter[i] / 2,
					      fit.parameter[i] * 2, true};
	return fit;
}

/* Nodes drawn one by one: each returns at a rate of its own, gamma distributed, and makes four
 * counts. How many are still away at a time is what the fit of their counts has to tell. */
static void nodes_still_away_are_those_of_a_simulated_list(void **state)
{
	(void)state;
	const double shape = 0.8, rate_hours = 50, visit = 4, end = 400;
	const int nodes = 200000;
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	int away = 0;
	for (int i = 0; i < nodes; i++) {
		double rate = gsl_ran_gamma(generator, shape, 1 / rate_hours);
		away += gsl_ran_exponential(generator, 1 / rate) > end - 12;
	}
	gsl_rng_free(generator);
	/* Returns per hour at first: nodes x mean rate; each makes `visit` counts. */
	struct fit fit = fit_of(1 + shape);
	fit.parameter[2] = nodes * shape / rate_hours * visit;
	struct saved_list list;
	saved_list_read(&list, &fit, visit, end);
	assert_true(list.known && list.returning);
	assert_true(fabs(list.nodes_at_end_of_tries / nodes - 1) < 1e-6);
	assert_true(fabs(list.nodes_remembering / away - 1) < 0.02);
	assert_true(fabs(list.return_shape.value - shape) < 1e-12);
	assert_true(list.return_rate_hours.value == 50);
	assert_true(fabs(list.returns_per_day.value - 24 * shape / rate_hours) < 1e-12);
	assert_true(list.tries_spacing_hours.value == 12 && list.tries_spacing_hours.low == 6);
}

static void shape_below_nothing_is_not_told(void **state)
{
	(void)state;
	struct fit fit = fit_of(0.9);
	struct saved_list list;
	saved_list_read(&list, &fit, 3, 400);
	assert_true(list.known && !list.returning && !list.return_shape.known);
	assert_true(isnan(list.nodes_remembering));
	fit = fit_of(1.5);
	saved_list_read(&list, &fit, NAN, 400);
	assert_true(list.return_shape.low == 0 && list.return_shape.high == 2);
	assert_true(list.counts_per_visit == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_still_away_are_those_of_a_simulated_list),
		cmocka_unit_test(shape_below_nothing_is_not_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
