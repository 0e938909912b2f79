/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/crc32c.h"

#include "octets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The definition: one bit at a time. */
static uint32_t by_bits(const uint8_t *bytes, size_t length)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}
	return ~crc;
}

static void the_examples_of_rfc_3720(void **state)
{
	(void)state;
	uint8_t bytes[32] = {0};
	assert_int_equal(crc32c(bytes, 32), 0x8a9136aa);
	memset(bytes, 0xff, 32);
	assert_int_equal(crc32c(bytes, 32), 0x62a8ab43);
	for (uint8_t i = 0; i < 32; i++)
		bytes[i] = i;
	assert_int_equal(crc32c(bytes, 32), 0x46dd794e);
	for (uint8_t i = 0; i < 32; i++)
		bytes[i] = (uint8_t)(31 - i);
	assert_int_equal(crc32c(bytes, 32), 0x113fdb5c);
	assert_int_equal(crc32c("123456789", 9), 0xe3069283);
	assert_int_equal(crc32c("", 0), 0);
}

static void every_length_agrees_with_the_definition(void **state)
{
	(void)state;
	uint64_t random = 5;
	for (size_t length = 0; length < 300; length++) {
		uint8_t bytes[300];
		for (size_t i = 0; i < length; i++)
			bytes[i] = (uint8_t)next_number(&random);
		uint8_t *copy = exact_copy(bytes, length);
		assert_int_equal(crc32c(copy, length), by_bits(bytes, length));
		free(copy);
	}
}

static void every_flipped_bit_changes_it(void **state)
{
	(void)state;
	char line[] =
		"1203465600\t0\t300\t0\t300000000\t12\t7\t3\t1\t0\t4\t0\t0\t0\t0\t0\t0\t0\t-\t";
	size_t length = sizeof line - 1;
	uint32_t whole = crc32c(line, length);
	for (size_t bit = 0; bit < length * 8; bit++) {
		line[bit / 8] = (char)(line[bit / 8] ^ 1 << bit % 8);
		assert_int_not_equal(crc32c(line, length), whole);
		line[bit / 8] = (char)(line[bit / 8] ^ 1 << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_rfc_3720),
		cmocka_unit_test(every_length_agrees_with_the_definition),
		cmocka_unit_test(every_flipped_bit_changes_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
