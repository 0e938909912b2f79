/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/count_axis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_number_has_five_letters_at_most(void **state)
{
	(void)state;
	static const struct {
		double number;
		const char *text;
	} cases[] = {{0.01, "0.01"},	 {1, "1"},	  {2.5, "2.5"},	     {5000, "5000"},
		     {10000, "10 k"},	 {20000, "20 k"}, {500000, "500 k"}, {1e6, "1 M"},
		     {1500000, "1.5 M"}, {2e9, "2 G"},	  {1e12, "1 T"}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[COUNT_AXIS_TEXT_SIZE];
		assert_string_equal(count_axis_text(cases[i].number, text), cases[i].text);
		assert_true(strlen(text) <= 5);
	}
}

static char *ticks(double highest)
{
	char *text = NULL;
	size_t length;
	FILE *script = open_memstream(&text, &length);
	assert_non_null(script);
	count_axis_write(highest, script);
	fclose(script);
	return text;
}

static void ticks_are_whole_and_few(void **state)
{
	(void)state;
	static const struct {
		double highest;
		const char *text;
	} cases[] = {{1, "set ytics ('0' 0, '1' 1)\n"},
		     {3.2, "set ytics ('0' 0, '1' 1, '2' 2, '3' 3)\n"},
		     {40, "set ytics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40)\n"},
		     {3e6, "set ytics ('0' 0, '500 k' 500000, '1 M' 1000000, '1.5 M' 1500000, "
			   "'2 M' 2000000, '2.5 M' 2500000, '3 M' 3000000)\n"}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = ticks(cases[i].highest);
		assert_string_equal(text, cases[i].text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_has_five_letters_at_most),
		cmocka_unit_test(ticks_are_whole_and_few),
	};
	return cmocka_run_group_tests_name("count_axis", tests, NULL, NULL);
}
