/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/elementary.h"
#include "closeness.h"

#include <math.h>

#define COUNT 4001

static void logarithms_are_those_of_the_c_library(void **state)
{
	(void)state;
	double x[COUNT], result[COUNT];
	for (int i = 0; i < COUNT; i++)
		x[i] = i == 0 ? 0 : 1e-18 * pow(1e30, (double)i / COUNT);
	elementary_log1p(x, COUNT, result);
	for (int i = 0; i < COUNT; i++)
		check_close(result[i], log1p(x[i]), 1e-15);
}

/* The derivative of (e^x - 1)/x term by term, in long double. */
static double slope_of(double x)
{
	long double sum = 0, power = 1; /* x^n / (n+1)! */
	for (int n = 0; n < 200; n++) {
		power = n == 0 ? 0.5L : power * x / (n + 2);
		sum += power * (n + 1);
	}
	return (double)sum;
}

static void relative_exponentials_are_those_of_the_c_library(void **state)
{
	(void)state;
	double x[COUNT], value[COUNT], slope[COUNT];
	for (int i = 0; i < COUNT; i++)
		x[i] = (i < COUNT / 2 ? -1 : 1) * 1e-12 *
		       pow(30e12, (double)(i % (COUNT / 2)) / (COUNT / 2.0));
	x[COUNT - 1] = 0;
	elementary_relative_exponential(x, COUNT, value, slope);
	assert_true(value[COUNT - 1] == 1 && slope[COUNT - 1] == 0.5);
	for (int i = 0; i < COUNT - 1; i++) {
		check_close(value[i], expm1(x[i]) / x[i], 1e-15);
		if (x[i] > -1)
			check_close(slope[i], slope_of(x[i]), 1e-12);
	}
}

/* Vectors end somewhere: what lies behind is left alone. */
static void any_number_of_arguments_will_do(void **state)
{
	(void)state;
	for (size_t count = 0; count < 12; count++) {
		double x[12], result[13], slope[13];
		for (size_t i = 0; i < 12; i++)
			x[i] = 0.03 * (double)i;
		result[count] = slope[count] = -7;
		elementary_log1p(x, count, result);
		assert_true(result[count] == -7);
		for (size_t i = 0; i < count; i++)
			check_close(result[i], log1p(x[i]), 1e-15);
		elementary_relative_exponential(x, count, result, slope);
		assert_true(result[count] == -7 && slope[count] == -7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logarithms_are_those_of_the_c_library),
		cmocka_unit_test(relative_exponentials_are_those_of_the_c_library),
		cmocka_unit_test(any_number_of_arguments_will_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
