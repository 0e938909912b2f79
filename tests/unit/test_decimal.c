/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/base/decimal.h"

#include "octets.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool parse(const char *text, uint64_t limit, uint64_t *value)
{
	return decimal_parse(text, strlen(text), limit, value);
}

static void numbers_up_to_the_limit_are_read(void **state)
{
	(void)state;
	uint64_t value = 7;
	assert_true(parse("0", 0, &value));
	assert_int_equal(value, 0);
	assert_true(parse("65535", 65535, &value));
	assert_int_equal(value, 65535);
	assert_true(parse("000000000000000000000000000012", 99, &value));
	assert_int_equal(value, 12);
	assert_true(parse("18446744073709551615", UINT64_MAX, &value));
	assert_true(value == UINT64_MAX);
}

static void anything_else_is_refused_and_leaves_the_value_alone(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"",
		"-1",
		"+1",
		" 1",
		"1 ",
		"1.0",
		"0x1",
		"1e3",
		"1,000",
		"65536",
		"18446744073709551616",
		"99999999999999999999999999",
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint64_t value = 7;
		assert_false(parse(cases[i], 65535, &value));
		assert_int_equal(value, 7);
	}
	uint64_t value = 7;
	assert_false(parse("18446744073709551616", UINT64_MAX, &value));
	assert_false(parse("18446744073709551620", UINT64_MAX, &value));
	assert_int_equal(value, 7);
}

static void only_the_given_bytes_are_read(void **state)
{
	(void)state;
	uint64_t value = 7;
	uint8_t *text = exact_copy((const uint8_t *)"123", 3);
	assert_true(decimal_parse((const char *)text, 3, 1000, &value));
	assert_int_equal(value, 123);
	assert_true(decimal_parse((const char *)text, 2, 1000, &value));
	assert_int_equal(value, 12);
	assert_false(decimal_parse((const char *)text, 0, 1000, &value));
	free(text);
	assert_false(decimal_parse("1\0002", 3, 1000, &value));
}

static void what_the_c_library_prints_is_read_back(void **state)
{
	(void)state;
	uint64_t random = 3;
	for (int i = 0; i < 100000; i++) {
		uint64_t number = next_number(&random) >> next_number(&random) % 64, value = 0;
		char text[32];
		snprintf(text, sizeof text, "%" PRIu64, number);
		assert_true(parse(text, number, &value));
		assert_true(value == number);
		assert_false(number && parse(text, number - 1, &value));
	}
}

static void numbers_are_written_as_the_c_library_prints_them(void **state)
{
	(void)state;
	uint64_t random = 5;
	for (int i = 0; i < 100000; i++) {
		uint64_t number = next_number(&random) >> next_number(&random) % 64;
		char text[32], written[DECIMAL_SIZE];
		if (i < 2)
			number = i ? UINT64_MAX : 0;
		int length = snprintf(text, sizeof text, "%" PRIu64, number);
		assert_int_equal(decimal_format(number, written), length);
		assert_memory_equal(written, text, (size_t)length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_up_to_the_limit_are_read),
		cmocka_unit_test(anything_else_is_refused_and_leaves_the_value_alone),
		cmocka_unit_test(only_the_given_bytes_are_read),
		cmocka_unit_test(what_the_c_library_prints_is_read_back),
		cmocka_unit_test(numbers_are_written_as_the_c_library_prints_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
