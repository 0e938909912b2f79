/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/dropout.h"
#include "slowness.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Calls at a steady rate per hour, or none. */
static double steady(const void *context, double from, double to)
{
	double rate = *(const double *)context;
	return rate > 0 ? rate * (to - from) : 0;
}

/* As many calls in all after the retirement as the amplitude says, tau = 100 h. */
static double decaying(const void *context, double from, double to)
{
	return *(const double *)context * (exp(-from / 100) - exp(-to / 100));
}

/* Worlds drawn one by one: when the fall comes, what share it leaves, whether it is a pause and
 * which time ends that, when the first call came. */
static double of_worlds(double rate, double last, double end, double to)
{
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	double until_end = 0, until_to = 0;
	for (int i = 0; i < 1000000; i++) {
		double fall = last / gsl_rng_uniform_pos(generator);
		double left = gsl_ran_beta(generator, 0.5, 0.5);
		double first = last + gsl_ran_exponential(generator, 1 / rate);
		if (first > fall) {
			bool pause = gsl_rng_uniform(generator) < 0.25;
			double back = fall / gsl_rng_uniform_pos(generator);
			first = fall + gsl_ran_exponential(generator, 1 / (rate * left));
			if (pause && first > back)
				first = back;
		}
		until_end += first > end;
		until_to += first > to;
	}
	gsl_rng_free(generator);
	return until_to / until_end;
}

static void chance_of_silence_is_that_of_simulated_worlds(void **state)
{
	(void)state;
	static const double end[] = {336, 350, 500}, to[] = {360, 504, 1220};
	double rate = 0.05;
	for (int i = 0; i < (runs_slowly() ? 1 : 3); i++) {
		struct dropout dropout;
		dropout_begin(&dropout, steady, &rate, 336, end[i], 1);
		double found = dropout_silent(&dropout, to[i]);
		double simulated = of_worlds(rate, 336, end[i], to[i]);
		assert_true(fabs(found - simulated) < 0.01);
	}
}

static void longer_the_unlikely_silence_surer_that_it_lasts(void **state)
{
	(void)state;
	double rate = 0.5, before = 0;
	for (double silent = 1; silent < 1000; silent *= 2) {
		struct dropout dropout;
		dropout_begin(&dropout, steady, &rate, 336, 336 + silent, 1);
		double chance = dropout_silent(&dropout, 336 + silent + 168);
		assert_true(chance > before && chance < 1);
		before = chance;
	}
	assert_true(before > 0.8);
}

static void silence_that_nobody_observed_tells_of_no_fall(void **state)
{
	(void)state;
	double rate = 0.5;
	struct dropout watched, unwatched;
	dropout_begin(&watched, steady, &rate, 336, 504, 1);
	dropout_begin(&unwatched, steady, &rate, 336, 504, 0);
	assert_true(dropout_silent(&watched, 672) > 0.6);
	/* A third of the falls has come by then, and few of those left nearly nobody. */
	assert_true(dropout_silent(&unwatched, 672) < 0.05);
}

/* A month of falls and pauses, none of it observed: what came before the month's end is as unknown
 * as at the last call, so the chance of one more day is that of all the time together. */
static void pause_may_have_ended_where_nobody_looked(void **state)
{
	(void)state;
	double rate = 0;
	struct dropout watched, unwatched;
	dropout_begin(&watched, steady, &rate, 24, 720, 1);
	dropout_begin(&unwatched, steady, &rate, 24, 720, 0);
	double whole = 1 - (1 - (1 + log(31)) / 31) / 4;
	assert_true(fabs(dropout_silent(&unwatched, 744) - whole) < 1e-3);
	assert_true(dropout_silent(&watched, 744) > 0.99);
}

static void calls_that_came_until_the_end_leave_the_fit_nearly_as_it_is(void **state)
{
	(void)state;
	double rate = 0.01;
	struct dropout dropout;
	dropout_begin(&dropout, steady, &rate, 2400, 2400, 1);
	double chance = dropout_silent(&dropout, 2424);
	assert_true(chance > exp(-0.24) && chance < exp(-0.24) + 0.001);
}

/* Falls at 24 h / u, pauses that end at the fall / v, u and v uniform: 1/4 pauses of those falls
 * that came by T have ended by then with probability 1 - (24 / T)(1 + ln(T / 24)). */
static void where_no_call_is_expected_only_the_end_of_a_pause_breaks_the_silence(void **state)
{
	(void)state;
	double rate = 0;
	struct dropout dropout;
	dropout_begin(&dropout, steady, &rate, 24, 720, 1);
	double until_end = 1 - (1 - (1 + log(30)) / 30) / 4;
	double until_to = 1 - (1 - (1 + log(60)) / 60) / 4;
	assert_true(fabs(dropout_silent(&dropout, 1440) - until_to / until_end) < 1e-3);
	assert_true(dropout_none_after(&dropout, 1440) < until_to / until_end);
}

static void silence_for_ever_has_its_closed_form_after_a_fall_and_grows(void **state)
{
	(void)state;
	double amplitude = 1000, before = 0;
	struct dropout dropout;
	dropout_begin(&dropout, decaying, &amplitude, 336, 400, 1);
	double ever = dropout_none_after(&dropout, 400);
	/* e^(-x/2) I0(x/2) is 1 / sqrt(pi x) for large x: the root of the ratio of the costs. A
	 * pause that began at 336 h is over some day, and lasts at 400 h with 336 / 400. */
	double for_good = 0.75 / (0.75 + 0.25 * 336 / 400);
	assert_true(fabs(ever - for_good * sqrt(1 - exp(-0.64))) < 0.05);
	for (double from = 400; from < 2000; from += 100) {
		double chance = dropout_none_after(&dropout, from);
		assert_true(chance > before && chance <= 1);
		before = chance;
	}
	assert_true(before > for_good - 0.01);
}

/* A curve that is nearly over leaves half a chance that nobody dwindles. */
static void those_left_may_call_on_at_one_rate(void **state)
{
	(void)state;
	double amplitude = 1000, rate = 1000 * (exp(-3.36) - exp(-3.37));
	struct dropout dropout, flat;
	dropout_begin(&dropout, decaying, &amplitude, 336, 500, 1);
	dropout_begin(&flat, steady, &rate, 336, 500, 1);
	double month = dropout_silent(&dropout, 1220);
	assert_true(month > dropout_silent(&flat, 1220) &&
		    month < dropout_none_after(&dropout, 500));
	/* Falls right after the last call: the roots of 164 / 884 and of the costs, halved. */
	double steadily = sqrt(164.0 / 884);
	double dwindling = sqrt((exp(-3.36) - exp(-5)) / (exp(-3.36) - exp(-12.2)));
	double paused = (0.75 + 0.25 * 336 / 1220) / (0.75 + 0.25 * 336 / 500);
	assert_true(fabs(month - paused * (steadily + dwindling) / 2) < 0.05);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chance_of_silence_is_that_of_simulated_worlds),
		cmocka_unit_test(longer_the_unlikely_silence_surer_that_it_lasts),
		cmocka_unit_test(silence_that_nobody_observed_tells_of_no_fall),
		cmocka_unit_test(pause_may_have_ended_where_nobody_looked),
		cmocka_unit_test(calls_that_came_until_the_end_leave_the_fit_nearly_as_it_is),
		cmocka_unit_test(
			where_no_call_is_expected_only_the_end_of_a_pause_breaks_the_silence),
		cmocka_unit_test(silence_for_ever_has_its_closed_form_after_a_fall_and_grows),
		cmocka_unit_test(those_left_may_call_on_at_one_rate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
