/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/coverage.h"

#include "octets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define US  1000000u
#define END (BUCKET_SECONDS * US)

static uint32_t seconds_of(uint32_t from_us, uint32_t to_us)
{
	struct coverage coverage = {0};
	coverage_add(&coverage, from_us, to_us);
	return coverage_seconds(&coverage);
}

static void a_second_counts_as_soon_as_a_part_of_it_was_observed(void **state)
{
	(void)state;
	assert_int_equal(seconds_of(0, END), 300);
	assert_int_equal(seconds_of(0, 0), 1);
	assert_int_equal(seconds_of(0, US), 1);
	assert_int_equal(seconds_of(0, US + 1), 2);
	assert_int_equal(seconds_of(US - 1, US + 1), 2);
	assert_int_equal(seconds_of(999999, 999999), 1);
	assert_int_equal(seconds_of(END - 1, END - 1), 1);
	assert_int_equal(seconds_of(END - US, END), 1);
	/* The bucket's end belongs to the next bucket. */
	assert_int_equal(seconds_of(END, END), 0);
}

static void nothing_is_covered_at_first(void **state)
{
	(void)state;
	struct coverage coverage = {0};
	assert_int_equal(coverage_seconds(&coverage), 0);
	assert_int_equal(coverage.any, 0);
}

/* Random stretches beside a plain table of seconds. */
static void overlapping_stretches_count_once(void **state)
{
	(void)state;
	uint64_t random = 1;
	for (int round = 0; round < 2000; round++) {
		struct coverage coverage = {0}, other = {0};
		bool seen[BUCKET_SECONDS] = {false}, other_seen[BUCKET_SECONDS] = {false};
		uint32_t first = UINT32_MAX, last = 0;
		uint64_t stretches = 1 + next_number(&random) % 6;
		for (uint64_t i = 0; i < stretches; i++) {
			uint32_t from = (uint32_t)(next_number(&random) % END);
			uint32_t longest = round % 2 ? END : 5 * US;
			uint32_t to = from + (uint32_t)(next_number(&random) % longest);
			to = to > END ? END : to;
			coverage_add(&coverage, from, to);
			for (uint32_t second = 0; second < BUCKET_SECONDS; second++)
				seen[second] |= from < (second + 1) * US &&
						(to > second * US || from >= second * US) &&
						to >= second * US;
			first = from < first ? from : first;
			last = to > last ? to : last;
		}
		uint32_t from = (uint32_t)(next_number(&random) % END), expected = 0, beyond = 0;
		coverage_add(&other, from, from);
		other_seen[from / US] = true;
		for (uint32_t second = 0; second < BUCKET_SECONDS; second++) {
			expected += seen[second];
			beyond += seen[second] && !other_seen[second];
		}
		assert_int_equal(coverage_seconds(&coverage), expected);
		assert_int_equal(coverage_seconds_beyond(&coverage, &other), beyond);
		assert_int_equal(coverage_seconds_beyond(&coverage, &coverage), 0);
		assert_int_equal(coverage.from_us, first);
		assert_int_equal(coverage.to_us, last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_counts_as_soon_as_a_part_of_it_was_observed),
		cmocka_unit_test(nothing_is_covered_at_first),
		cmocka_unit_test(overlapping_stretches_count_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
