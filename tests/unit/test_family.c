/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/family.h"
#include "closeness.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdlib.h>

#define ROWS 800

struct rate {
	enum family family;
	const double *parameter;
};

static double rate_at(double hours, void *context)
{
	const struct rate *rate = context;
	return family_rate(rate->family, rate->parameter, hours);
}

static double quadrature(enum family family, const double *parameter, double from, double to)
{
	struct rate rate = {family, parameter};
	gsl_function function = {rate_at, &rate};
	gsl_integration_workspace *room = gsl_integration_workspace_alloc(1000);
	double result, error;
	gsl_integration_qag(&function, from, to, 0, 1e-12, 1000, GSL_INTEG_GAUSS61, room, &result,
			    &error);
	gsl_integration_workspace_free(room);
	return result;
}

static void check_integrals(enum family family, const double *parameter)
{
	static const double from[] = {0, 0.5, 3, 11, 40, 300, 4000};
	static const double width[] = {1.0 / 12, 1, 6};
	for (size_t i = 0; i < sizeof from / sizeof *from; i++)
		for (size_t j = 0; j < sizeof width / sizeof *width; j++) {
			double to = from[i] + width[j];
			double expected = quadrature(family, parameter, from[i], to);
			check_close(family_integral(family, parameter, from[i], to), expected,
				    1e-10);
		}
}

static void exp_mean_equals_quadrature(void **state)
{
	(void)state;
	check_integrals(FAMILY_EXP, (const double[]){120, 17.5, 0.3});
	check_integrals(FAMILY_EXP, (const double[]){3, 1e5, 0.3});
}

static void biexp_mean_equals_quadrature(void **state)
{
	(void)state;
	check_integrals(FAMILY_BIEXP, (const double[]){120, 5, 4, 220, 0.3});
}

static void omori_mean_equals_quadrature(void **state)
{
	(void)state;
	check_integrals(FAMILY_OMORI, (const double[]){90, 7, 1.4, 0.2});
	check_integrals(FAMILY_OMORI, (const double[]){90, 7, 0.3, 0.2});
	check_integrals(FAMILY_OMORI, (const double[]){90, 70, 19.5, 0.2});
}

static void omori_mean_equals_quadrature_at_p_one(void **state)
{
	(void)state;
	check_integrals(FAMILY_OMORI, (const double[]){90, 7, 1, 0.2});
	check_integrals(FAMILY_OMORI, (const double[]){90, 7, 1 + 1e-9, 0.2});
	check_integrals(FAMILY_OMORI, (const double[]){90, 7, 1 - 1e-7, 0.2});
}

static void omori_of_a_tiny_c_is_integrated_at_zero(void **state)
{
	(void)state;
	/* By hand: A c/(p-1) (1 - (1 + t/c)^(1-p)). */
	const double parameter[] = {1000, 1e-3, 1.5, 0};
	double expected = 1000 * 1e-3 / 0.5 * (1 - pow(1 + (1.0 / 12) / 1e-3, -0.5));
	check_close(family_integral(FAMILY_OMORI, parameter, 0, 1.0 / 12), expected, 1e-12);
}

static void weibull_mean_equals_quadrature(void **state)
{
	(void)state;
	check_integrals(FAMILY_WEIBULL, (const double[]){120, 8, 0.5, 0.3});
	check_integrals(FAMILY_WEIBULL, (const double[]){120, 40, 1, 0.3});
	check_integrals(FAMILY_WEIBULL, (const double[]){120, 1.0 / 60, 0.1, 0.3});
	check_integrals(FAMILY_WEIBULL, (const double[]){120, 5000, 3, 0.3});
}

/* A tau/beta Gamma(1/beta) (P(1/beta, z2) - P(1/beta, z1)), by the upper tail where z is large. */
static double weibull_closed_form(const double *parameter, double from, double to)
{
	double a = 1 / parameter[2], z1 = pow(from / parameter[1], parameter[2]);
	double z2 = pow(to / parameter[1], parameter[2]);
	double share = z1 > a + 1 ? gsl_sf_gamma_inc_Q(a, z1) - gsl_sf_gamma_inc_Q(a, z2)
				  : gsl_sf_gamma_inc_P(a, z2) - gsl_sf_gamma_inc_P(a, z1);
	return parameter[0] * parameter[1] * a * gsl_sf_gamma(a) * share;
}

static void weibull_mean_equals_its_incomplete_gamma_form(void **state)
{
	(void)state;
	static const double shape[] = {0.1, 0.4, 0.7, 1, 1.6, 3, 8, 20};
	static const double scale[] = {0.05, 3, 40};
	static const double from[] = {0, 0.01, 1.0 / 12, 1, 9, 30, 39, 42};
	static const double width[] = {1.0 / 12, 1, 12, 900};
	for (size_t i = 0; i < 8 * 3 * 8 * 4; i++) {
		double parameter[] = {70, scale[i / 8 % 3], shape[i % 8], 0};
		double start = from[i / 24 % 8], end = start + width[i / 192];
		double expected = weibull_closed_form(parameter, start, end);
		/* What is left of it after the subtraction, in digits of its terms. */
		double lost = 1e-14 * weibull_closed_form(parameter, 0, 1e9);
		double found = family_integral(FAMILY_WEIBULL, parameter, start, end);
		if (!(fabs(found - expected) <= 2e-10 * expected + lost))
			fail_msg("beta %g tau %g from %g to %g: %.17g is not %.17g", parameter[2],
				 parameter[1], start, end, found, expected);
	}
}

static void logistic_mean_equals_quadrature(void **state)
{
	(void)state;
	check_integrals(FAMILY_LOGISTIC, (const double[]){100, 12, 3, 0.3});
	check_integrals(FAMILY_LOGISTIC, (const double[]){100, 300, 40, 0.3});
	check_integrals(FAMILY_LOGISTIC, (const double[]){1e5, 1e-3, 200, 0.3});
}

static void logistic_of_a_long_interval_and_a_sharp_end_is_its_plateau(void **state)
{
	(void)state;
	const double parameter[] = {100, 12, 1.0 / 12, 0};
	/* w ln 2 is lost before T and gained after it. */
	check_close(family_integral(FAMILY_LOGISTIC, parameter, 0, 5000), 1200, 1e-12);
	check_close(family_integral(FAMILY_LOGISTIC, parameter, 0, 12), 1200 - 100 * log(2) / 12,
		    1e-12);
	check_close(family_integral(FAMILY_LOGISTIC, parameter, 12, 13), 100 * log(2) / 12, 1e-5);
}

static void plateau_omori_mean_equals_quadrature_on_both_sides_of_its_end(void **state)
{
	(void)state;
	const double parameter[] = {200, 11, 30, 8, 1.3, 0.1};
	check_close(family_integral(FAMILY_PLATEAU_OMORI, parameter, 2, 11), 9 * 200, 1e-12);
	check_close(family_integral(FAMILY_PLATEAU_OMORI, parameter, 11, 50),
		    quadrature(FAMILY_PLATEAU_OMORI, parameter, 11, 50), 1e-10);
	check_close(family_integral(FAMILY_PLATEAU_OMORI, parameter, 300, 300 + 1.0 / 12),
		    quadrature(FAMILY_PLATEAU_OMORI, parameter, 300, 300 + 1.0 / 12), 1e-10);
}

static void plateau_mean_equals_quadrature_on_both_sides_of_its_end(void **state)
{
	(void)state;
	const double parameter[] = {200, 11, 9, 60, 0.1};
	check_close(family_integral(FAMILY_PLATEAU_EXP, parameter, 2, 11),
		    quadrature(FAMILY_PLATEAU_EXP, parameter, 2, 11 - 1e-12), 1e-9);
	check_close(family_integral(FAMILY_PLATEAU_EXP, parameter, 11, 50),
		    quadrature(FAMILY_PLATEAU_EXP, parameter, 11, 50), 1e-10);
	check_close(family_integral(FAMILY_PLATEAU_EXP, parameter, 5, 50),
		    6 * 200 + 9 * 60 * (1 - exp(-39.0 / 60)), 1e-12);
}

static void bucket_that_begins_at_the_plateau_end_is_after_it(void **state)
{
	(void)state;
	const double parameter[] = {200, 11, 9, 60, 0.1};
	double from = 39600 / 3600.0, to = 39900 / 3600.0, integral;
	family_integrals(FAMILY_PLATEAU_EXP, parameter, &from, &to, 1, &integral, NULL);
	check_close(integral, 9 * 60 * (1 - exp(-1.0 / 720)), 1e-9);
}

static void derivatives_equal_differences(void **state)
{
	(void)state;
	static const double parameter[FAMILIES][FAMILY_PARAMETERS_MAX] = {
		{0.4},
		{120, 17.5, 0.3},
		{120, 5, 4, 220, 0.3},
		{120, 17.5, 0.6, 0.3},
		{90, 7, 1.4, 0.2},
		{90, 20, 30, 0.2},
		{200, 11, 9, 60, 0.1},
		{200, 11, 30, 8, 1.3, 0.1}};
	for (int family = 0; family < FAMILIES; family++) {
		int size = family_parameters((enum family)family);
		for (double from = 0; from < 400; from = 2 * from + 0.75) {
			double to = from + 1.0 / 12, integral, slope[FAMILY_PARAMETERS_MAX];
			family_integrals((enum family)family, parameter[family], &from, &to, 1,
					 &integral, slope);
			for (int i = 0; i < size; i++) {
				enum parameter_role role =
					family_parameter((enum family)family, i)->role;
				double moved[FAMILY_PARAMETERS_MAX], above, below;
				if (role == ROLE_PLATEAU || role == ROLE_BACKGROUND) {
					assert_true(slope[i] == 0);
					continue;
				}
				for (int j = 0; j < size; j++)
					moved[j] = parameter[family][j];
				moved[i] = parameter[family][i] * exp(1e-5);
				above = family_integral((enum family)family, moved, from, to);
				moved[i] = parameter[family][i] * exp(-1e-5);
				below = family_integral((enum family)family, moved, from, to);
				assert_true(fabs(slope[i] - (above - below) / 2e-5) <
					    1e-6 * (fabs(slope[i]) + integral));
			}
		}
	}
}

/* Rows that lie end to end take over from each other what they know of a time. */
static void rows_together_have_the_integrals_that_they_have_alone(void **state)
{
	(void)state;
	static const struct {
		enum family family;
		double parameter[FAMILY_PARAMETERS_MAX];
	} rate[] = {
		{FAMILY_CONST, {0.4}},
		{FAMILY_EXP, {120, 0.02, 0.3}},
		{FAMILY_EXP, {120, 400, 0.3}},
		{FAMILY_BIEXP, {120, 5, 4, 220, 0.3}},
		{FAMILY_WEIBULL, {120, 17.5, 0.6, 0.3}},
		{FAMILY_WEIBULL, {120, 17.5, 5, 0.3}},
		{FAMILY_WEIBULL, {120, 1.0 / 60, 0.1, 0.3}},
		{FAMILY_WEIBULL, {120, 0.5, 20, 0.3}},
		{FAMILY_OMORI, {90, 7, 1.4, 0.2}},
		{FAMILY_OMORI, {90, 1e-3, 1, 0.2}},
		{FAMILY_OMORI, {90, 1e-3, 20, 0.2}},
		{FAMILY_LOGISTIC, {90, 20, 30, 0.2}},
		{FAMILY_LOGISTIC, {90, 20, 0.1, 0.2}},
		{FAMILY_PLATEAU_EXP, {200, 11, 9, 60, 0.1}},
		{FAMILY_PLATEAU_OMORI, {200, 11, 30, 8, 1.3, 0.1}},
	};
	static double from[ROWS], to[ROWS], integral[ROWS], jacobian[ROWS * FAMILY_PARAMETERS_MAX];
	for (size_t i = 0; i < ROWS; i++) {
		/* Buckets, a gap, hours, an hour once more, days. */
		double first = (double)i / 12, width = i < 600 ? 1.0 / 12 : i < 700 ? 1 : 24;
		from[i] = i < 300 ? first : i < 600 ? first + 10 : to[i - 1];
		if (i == 650)
			from[i] = from[i - 1];
		to[i] = from[i] + width;
	}
	for (size_t r = 0; r < sizeof rate / sizeof *rate; r++) {
		enum family family = rate[r].family;
		family_integrals(family, rate[r].parameter, from, to, ROWS, integral, jacobian);
		for (size_t i = 0; i < ROWS; i++) {
			double alone, slope[FAMILY_PARAMETERS_MAX];
			family_integrals(family, rate[r].parameter, &from[i], &to[i], 1, &alone,
					 slope);
			check_near(integral[i], alone, 1e-10 * alone + 1e-30);
			for (size_t j = 0; j < (size_t)family_parameters(family); j++)
				check_near(jacobian[j * ROWS + i], slope[j],
					   1e-8 * (fabs(slope[j]) + alone) + 1e-30);
		}
	}
}

static void total_is_the_limit_of_the_integral(void **state)
{
	(void)state;
	const double biexp[] = {120, 5, 4, 220, 0.3}, omori[] = {90, 7, 2.4, 0.2};
	const double plateau[] = {200, 11, 9, 60, 0.1}, endless[] = {90, 7, 1, 0.2};
	check_close(family_total(FAMILY_BIEXP, biexp, 30),
		    family_integral(FAMILY_BIEXP, biexp, 30, 1e5), 1e-12);
	check_close(family_total(FAMILY_PLATEAU_EXP, plateau, 3),
		    family_integral(FAMILY_PLATEAU_EXP, plateau, 3, 1e5), 1e-12);
	/* By hand: A c/(p-1) (1 + t/c)^(1-p). */
	check_close(family_total(FAMILY_OMORI, omori, 30), 90 * 7 / 1.4 * pow(1 + 30.0 / 7, -1.4),
		    1e-12);
	assert_true(isinf(family_total(FAMILY_OMORI, endless, 30)));
	const double weibull[] = {90, 7, 0.6, 0.2}, logistic[] = {90, 40, 7, 0.2};
	const double later_omori[] = {200, 11, 90, 7, 2.4, 0.2};
	check_close(family_total(FAMILY_WEIBULL, weibull, 30),
		    family_integral(FAMILY_WEIBULL, weibull, 30, 1e4), 1e-9);
	check_close(family_total(FAMILY_WEIBULL, weibull, 0), 90 * 7 / 0.6 * gsl_sf_gamma(1 / 0.6),
		    1e-12);
	check_close(family_total(FAMILY_LOGISTIC, logistic, 30),
		    family_integral(FAMILY_LOGISTIC, logistic, 30, 1e4), 1e-12);
	check_close(family_total(FAMILY_PLATEAU_OMORI, later_omori, 3),
		    8 * 200 + family_total(FAMILY_OMORI, omori, 0), 1e-12);
}

static void half_life_has_its_closed_form(void **state)
{
	(void)state;
	const double exponential[] = {120, 17.5, 0.3}, omori[] = {90, 7, 1.4, 0.2};
	const double plateau[] = {200, 11, 9, 60, 0.1}, slow[] = {200, 11, 150, 60, 0.1};
	check_close(family_time_of_rate(FAMILY_EXP, exponential, 60), 17.5 * log(2), 1e-11);
	check_close(family_time_of_rate(FAMILY_OMORI, omori, 45), 7 * (pow(2, 1 / 1.4) - 1), 1e-11);
	check_close(family_time_of_rate(FAMILY_PLATEAU_EXP, plateau, 100), 11, 1e-11);
	check_close(family_time_of_rate(FAMILY_PLATEAU_EXP, slow, 100), 11 + 60 * log(1.5), 1e-11);
	assert_true(family_time_of_rate(FAMILY_EXP, exponential, 120) == 0);
	const double weibull[] = {120, 17.5, 0.6, 0.3}, logistic[] = {120, 30, 4, 0.3};
	check_close(family_time_of_rate(FAMILY_WEIBULL, weibull, 60), 17.5 * pow(log(2), 1 / 0.6),
		    1e-11);
	check_close(family_time_of_rate(FAMILY_LOGISTIC, logistic, 60), 30, 1e-11);
}

static void background_is_the_last_parameter_of_every_family(void **state)
{
	(void)state;
	for (int family = 0; family < FAMILIES; family++) {
		int size = family_parameters((enum family)family);
		assert_string_equal(family_parameter_name((enum family)family, size - 1), "b");
		assert_string_equal(family_parameter_name((enum family)family, size), "phi");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exp_mean_equals_quadrature),
		cmocka_unit_test(biexp_mean_equals_quadrature),
		cmocka_unit_test(omori_mean_equals_quadrature),
		cmocka_unit_test(omori_mean_equals_quadrature_at_p_one),
		cmocka_unit_test(omori_of_a_tiny_c_is_integrated_at_zero),
		cmocka_unit_test(weibull_mean_equals_quadrature),
		cmocka_unit_test(weibull_mean_equals_its_incomplete_gamma_form),
		cmocka_unit_test(logistic_mean_equals_quadrature),
		cmocka_unit_test(logistic_of_a_long_interval_and_a_sharp_end_is_its_plateau),
		cmocka_unit_test(plateau_omori_mean_equals_quadrature_on_both_sides_of_its_end),
		cmocka_unit_test(plateau_mean_equals_quadrature_on_both_sides_of_its_end),
		cmocka_unit_test(bucket_that_begins_at_the_plateau_end_is_after_it),
		cmocka_unit_test(derivatives_equal_differences),
		cmocka_unit_test(rows_together_have_the_integrals_that_they_have_alone),
		cmocka_unit_test(total_is_the_limit_of_the_integral),
		cmocka_unit_test(half_life_has_its_closed_form),
		cmocka_unit_test(background_is_the_last_parameter_of_every_family),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
