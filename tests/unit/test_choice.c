/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/choice.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void add_fit(struct analysis *analysis, enum likelihood likelihood, enum family family,
		    double bic)
{
	analysis->fit[likelihood][family] =
		(struct fit){.done = true, .likelihood = likelihood, .family = family, .bic = bic};
}

static void of_fits_that_differ_by_rounding_the_first_is_chosen(void **state)
{
	(void)state;
	const struct series series = {.counts_attempts = true};
	struct analysis analysis = {.series = &series, .count = 1000};
	add_fit(&analysis, LIKELIHOOD_POISSON, FAMILY_CONST, 200);
	add_fit(&analysis, LIKELIHOOD_NB1, FAMILY_CONST, 100 + 1e-10);
	add_fit(&analysis, LIKELIHOOD_NB1, FAMILY_EXP, 104);
	add_fit(&analysis, LIKELIHOOD_NB2, FAMILY_CONST, 100);
	choice_make(&analysis);
	assert_int_equal(analysis.best.likelihood, LIKELIHOOD_NB1);
	assert_int_equal(analysis.best.family, FAMILY_CONST);
	/* Twice 1, and e^-2, in shares. */
	assert_true(fabs(analysis.weight[LIKELIHOOD_NB2][FAMILY_CONST] - 1 / (2 + exp(-2))) < 1e-9);
	assert_true(fabs(analysis.weight[LIKELIHOOD_NB1][FAMILY_EXP] - exp(-2) / (2 + exp(-2))) <
		    1e-9);
}

static void of_others_the_lowest_is_chosen(void **state)
{
	(void)state;
	const struct series series = {.counts_attempts = true};
	struct analysis analysis = {.series = &series, .count = 1000};
	add_fit(&analysis, LIKELIHOOD_NB1, FAMILY_CONST, 100);
	add_fit(&analysis, LIKELIHOOD_NB2, FAMILY_OMORI, 99.99);
	choice_make(&analysis);
	assert_int_equal(analysis.best.likelihood, LIKELIHOOD_NB2);
	assert_int_equal(analysis.best.family, FAMILY_OMORI);
}

static void few_attempts_allow_two_families_alone(void **state)
{
	(void)state;
	const struct series series = {.counts_attempts = true};
	struct analysis analysis = {.series = &series, .count = CHOICE_FEWEST - 1};
	add_fit(&analysis, LIKELIHOOD_POISSON, FAMILY_EXP, 100);
	add_fit(&analysis, LIKELIHOOD_POISSON, FAMILY_WEIBULL, 10);
	choice_make(&analysis);
	assert_int_equal(analysis.best.family, FAMILY_EXP);
	assert_true(analysis.weight[LIKELIHOOD_POISSON][FAMILY_WEIBULL] == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_fits_that_differ_by_rounding_the_first_is_chosen),
		cmocka_unit_test(of_others_the_lowest_is_chosen),
		cmocka_unit_test(few_attempts_allow_two_families_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
