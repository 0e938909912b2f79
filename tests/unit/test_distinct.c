/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/distinct.h"

#include "../../observer/fingerprint.h"
#include "octets.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* 1.04 / sqrt(registers), as the header promises. */
#define STANDARD_ERROR 0.01625

static uint64_t ipv4_fingerprint(uint32_t number)
{
	struct address address = {{0}};
	address.bytes[10] = address.bytes[11] = 0xff;
	for (int i = 0; i < 4; i++)
		address.bytes[12 + i] = (uint8_t)(number >> (24 - 8 * i));
	return fingerprint_address(&address);
}

static uint64_t ipv6_fingerprint(uint64_t high, uint64_t low)
{
	struct address address;
	memcpy(address.bytes, &high, 8);
	memcpy(address.bytes + 8, &low, 8);
	return fingerprint_address(&address);
}

static void few_sources_are_counted_exactly_in_any_order(void **state)
{
	(void)state;
	struct distinct distinct = {0};
	assert_int_equal(distinct_count(&distinct), 0);
	for (uint32_t i = 0; i < DISTINCT_EXACT_MAX; i++) {
		distinct_add(&distinct, NULL, ipv4_fingerprint(i * 2654435761u));
		assert_int_equal(distinct_count(&distinct), i + 1);
		/* again, and one of the former */
		distinct_add(&distinct, NULL, ipv4_fingerprint(i * 2654435761u));
		distinct_add(&distinct, NULL, ipv4_fingerprint(i / 2 * 2654435761u));
		assert_int_equal(distinct_count(&distinct), i + 1);
	}
	assert_int_equal(distinct.estimated, 0);
	distinct_add(&distinct, NULL, ipv4_fingerprint(12345));
	assert_int_equal(distinct.estimated, 1);
	assert_true(distinct_count(&distinct) > DISTINCT_EXACT_MAX);
}

/* Fingerprints that all begin their probe in the same slot. */
static void colliding_fingerprints_are_counted_exactly_too(void **state)
{
	(void)state;
	struct distinct distinct = {0};
	for (uint64_t i = 1; i <= DISTINCT_EXACT_MAX; i++)
		for (int again = 0; again < 2; again++)
			distinct_add(&distinct, NULL, i * DISTINCT_SLOTS + DISTINCT_SLOTS - 1);
	assert_int_equal(distinct_count(&distinct), DISTINCT_EXACT_MAX);
	assert_int_equal(distinct.estimated, 0);
}

static double relative_error(uint64_t sources, uint64_t (*source)(uint64_t), uint64_t first)
{
	struct distinct distinct = {0};
	for (uint64_t i = 0; i < sources; i++)
		distinct_add(&distinct, NULL, source(first + i));
	return ((double)distinct_count(&distinct) - (double)sources) / (double)sources;
}

static uint64_t neighbours(uint64_t i)
{
	return ipv4_fingerprint((uint32_t)i);
}

static uint64_t scattered(uint64_t i)
{
	uint64_t seed = i;
	return ipv4_fingerprint((uint32_t)(next_number(&seed) >> 32));
}

static uint64_t networks(uint64_t i) /* one address in each /64 */
{
	uint64_t network = 0x20010db800000000 + i;
	return ipv6_fingerprint(__builtin_bswap64(network), __builtin_bswap64(1));
}

static uint64_t hosts(uint64_t i) /* many addresses in one /64 */
{
	return ipv6_fingerprint(__builtin_bswap64(0x20010db800000000), __builtin_bswap64(i));
}

static void the_estimate_is_within_four_standard_errors(void **state)
{
	(void)state;
	static uint64_t (*const kinds[])(uint64_t) = {neighbours, scattered, networks, hosts};
	for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
		for (uint64_t sources = 1000; sources <= 1000000; sources *= 10)
			for (uint64_t round = 0; round < (sources < 1000000 ? 3 : 1); round++) {
				double error = relative_error(sources, kinds[kind],
							      0xc6336400 + round * 10000000);
				/* Of a million random IPv4 addresses 116 are drawn twice. */
				if (fabs(error) > 4 * STANDARD_ERROR)
					fail_msg("kind %zu, %llu sources: error %.4f", kind,
						 (unsigned long long)sources, error);
			}
}

/* Many sets of addresses: no bias, and a spread as promised. */
static void the_estimate_has_no_bias_and_the_promised_spread(void **state)
{
	(void)state;
	enum { ROUNDS = 400 };
	static const uint64_t sizes[] = {600, 3000, 12000, 40000};
	for (size_t size = 0; size < sizeof sizes / sizeof sizes[0]; size++) {
		double sum = 0, squares = 0;
		for (uint64_t round = 0; round < ROUNDS; round++) {
			double error = relative_error(sizes[size], hosts, round << 32);
			sum += error;
			squares += error * error;
		}
		double mean = sum / ROUNDS, spread = sqrt(squares / ROUNDS);
		/* The mean of so many has a standard error of a twentieth; the spread of 3.5 %. */
		if (fabs(mean) > 4 * STANDARD_ERROR / sqrt(ROUNDS) ||
		    spread > 1.15 * STANDARD_ERROR)
			fail_msg("%llu sources: bias %.5f, spread %.5f",
				 (unsigned long long)sizes[size], mean, spread);
	}
}

static void repetitions_never_change_the_estimate(void **state)
{
	(void)state;
	struct distinct distinct = {0};
	for (uint64_t i = 0; i < 5000; i++)
		distinct_add(&distinct, NULL, hosts(i));
	uint64_t estimate = distinct_count(&distinct);
	for (int round = 0; round < 3; round++)
		for (uint64_t i = 0; i < 5000; i++)
			distinct_add(&distinct, NULL, hosts(5000 - 1 - i));
	assert_int_equal(distinct_count(&distinct), estimate);
}

static void the_most_extreme_fingerprints_have_a_place(void **state)
{
	(void)state;
	struct distinct distinct = {0};
	for (uint64_t i = 1; i <= DISTINCT_EXACT_MAX + 1; i++)
		distinct_add(&distinct, NULL, i);
	for (uint64_t index = 0; index < DISTINCT_REGISTERS; index++)
		distinct_add(&distinct, NULL,
			     index << 52); /* no bit set in the part that is ranked */
	distinct_add(&distinct, NULL, UINT64_MAX);
	assert_true(distinct_count(&distinct) > DISTINCT_EXACT_MAX);
}

static void no_address_has_the_fingerprint_of_a_free_slot(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 1000000; i++) {
		assert_true(ipv4_fingerprint(i * 4295) != 0);
		assert_true(fingerprint_with(ipv4_fingerprint(i), i) != 0);
	}
	assert_true(ipv6_fingerprint(0x243f6a8885a308d3, 0) != 0);
	assert_true(ipv6_fingerprint(0, 0) != 0);
	assert_true(fingerprint_with(0x243f6a8885a308d3, 5) != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_sources_are_counted_exactly_in_any_order),
		cmocka_unit_test(colliding_fingerprints_are_counted_exactly_too),
		cmocka_unit_test(the_estimate_is_within_four_standard_errors),
		cmocka_unit_test(the_estimate_has_no_bias_and_the_promised_spread),
		cmocka_unit_test(repetitions_never_change_the_estimate),
		cmocka_unit_test(the_most_extreme_fingerprints_have_a_place),
		cmocka_unit_test(no_address_has_the_fingerprint_of_a_free_slot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
