/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/hills.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* A, tau and b of an exponential. */
static const struct model model = {.family = FAMILY_EXP, .likelihood = LIKELIHOOD_POISSON};

static void the_higher_of_two_places_on_a_hill_is_kept(void **state)
{
	(void)state;
	struct hills hills = {.count = 0};
	hills_add(&hills, &model, (const double[]){100, 20, 0.1}, -50);
	hills_add(&hills, &model, (const double[]){102, 20.3, 0.5}, -40);
	assert_int_equal(hills.count, 1);
	assert_true(hills.hill[0].loglik == -40 && hills.hill[0].parameter[0] == 102);
	hills_add(&hills, &model, (const double[]){101, 20, 0.1}, -45);
	assert_true(hills.hill[0].loglik == -40);
	hills_add(&hills, &model, (const double[]){101, 20, 0.1}, NAN);
	assert_int_equal(hills.count, 1);
}

static void the_lowest_hill_goes_when_there_are_too_many(void **state)
{
	(void)state;
	struct hills hills = {.count = 0};
	for (int i = 0; i <= HILLS_MAX; i++)
		hills_add(&hills, &model, (const double[]){100, 20 * pow(2, i), 0.1}, -50 + i);
	assert_int_equal(hills.count, HILLS_MAX);
	for (int i = 0; i < HILLS_MAX; i++)
		assert_true(hills.hill[i].loglik == -50 + HILLS_MAX - i);
	hills_add(&hills, &model, (const double[]){1, 1, 0.1}, -60);
	assert_true(hills.hill[HILLS_MAX - 1].loglik == -49);
}

static void a_place_within_5_percent_of_a_hill_is_known(void **state)
{
	(void)state;
	struct hills hills = {.count = 0};
	assert_false(hills_know(&hills, &model, (const double[]){100, 20, 0.1}));
	hills_add(&hills, &model, (const double[]){100, 20, 0.1}, -50);
	assert_true(hills_know(&hills, &model, (const double[]){104, 19.2, 3}));
	assert_false(hills_know(&hills, &model, (const double[]){106, 20, 0.1}));
	assert_false(hills_know(&hills, &model, (const double[]){100, 18.5, 0.1}));
}

/* w (n - 1) / (n - w - 2) below w + 1/2, by hand: one hill after 8 climbs, two after 17. */
static void a_search_ends_when_no_further_hill_is_to_be_expected(void **state)
{
	(void)state;
	static const size_t needed[HILLS_MAX + 1] = {0, 8, 17, 30, 47};
	struct hills hills = {.count = 0};
	assert_false(hills_all_found(&hills, 1000));
	for (size_t count = 1; count <= HILLS_MAX; count++) {
		hills.count = count;
		for (size_t climbs = 0; climbs < 60; climbs++)
			assert_int_equal(hills_all_found(&hills, climbs), climbs >= needed[count]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_higher_of_two_places_on_a_hill_is_kept),
		cmocka_unit_test(the_lowest_hill_goes_when_there_are_too_many),
		cmocka_unit_test(a_place_within_5_percent_of_a_hill_is_known),
		cmocka_unit_test(a_search_ends_when_no_further_hill_is_to_be_expected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
