/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/attempt_table.h"

#include "octets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START INT64_C(1203465600)

static struct attempt_table table_of(size_t capacity)
{
	struct attempt_table table;
	assert_true(attempt_table_create(&table, capacity));
	return table;
}

/* Seconds after the first SYN, as the systems send them (measured schedules). */
static void retransmissions_belong_to_the_attempt_that_they_repeat(void **state)
{
	(void)state;
	static const int schedules[][8] = {
		{0, 3, 9, -1},		      /* Windows */
		{0, 1, 3, 7, 15, 31, 63, -1}, /* Linux */
		{0, 1, 2, 3, 4, 5, 7, -1},    /* Linux with linear timeouts, the beginning */
		{0, 3, 9, 21, 45, 93, -1},    /* Linux before 2.6.39 */
		{0, 120, 240, 360, -1},	      /* each just remembered from the one before */
	};
	struct attempt_table table = table_of(1000);
	for (size_t i = 0; i < sizeof schedules / sizeof schedules[0]; i++)
		for (size_t j = 0; schedules[i][j] >= 0; j++)
			assert_int_equal(
				attempt_table_note(&table, 1000 + i, START + schedules[i][j]),
				j == 0);
	assert_int_equal(table.evictions, 0);
	attempt_table_free(&table);
}

static void an_attempt_is_forgotten_two_minutes_after_its_last_syn(void **state)
{
	(void)state;
	struct attempt_table table = table_of(1000);
	assert_true(attempt_table_note(&table, 7, START));
	assert_false(attempt_table_note(&table, 7, START + 63));
	assert_false(attempt_table_note(&table, 7, START + 63 + 120));
	assert_true(attempt_table_note(&table, 7, START + 63 + 120 + 121));
	assert_false(attempt_table_note(&table, 7, START + 63 + 120 + 122));
	attempt_table_free(&table);
}

static void a_syn_that_comes_late_does_not_shorten_the_memory(void **state)
{
	(void)state;
	struct attempt_table table = table_of(1000);
	assert_true(attempt_table_note(&table, 7, START + 10));
	assert_false(attempt_table_note(&table, 7, START));
	assert_false(attempt_table_note(&table, 7, START + 130));
	attempt_table_free(&table);
}

/* The time is kept modulo 2^32 s. */
static void memory_goes_on_across_the_year_2106(void **state)
{
	(void)state;
	struct attempt_table table = table_of(1000);
	int64_t wrap = INT64_C(1) << 32;
	assert_true(attempt_table_note(&table, 7, wrap - 60));
	assert_false(attempt_table_note(&table, 7, wrap + 59));
	assert_true(attempt_table_note(&table, 7, wrap + 59 + 121));
	attempt_table_free(&table);
}

/* Six attempts that fall into one set of a table that cannot grow. */
static void a_full_set_forgets_the_oldest_and_counts_it(void **state)
{
	(void)state;
	struct attempt_table table = table_of(ATTEMPT_SET_SIZE);
	assert_int_equal(table.sets, 1);
	for (uint64_t i = 0; i < ATTEMPT_SET_SIZE; i++)
		assert_true(attempt_table_note(&table, 10 + i, START + (int64_t)i));
	assert_false(attempt_table_note(&table, 10, START + 10)); /* 11 is the oldest now */
	assert_int_equal(table.evictions, 0);
	assert_true(attempt_table_note(&table, 99, START + 20));
	assert_int_equal(table.evictions, 1);
	assert_false(attempt_table_note(&table, 10, START + 21));
	assert_false(attempt_table_note(&table, 12, START + 21));
	assert_true(attempt_table_note(&table, 11, START + 21));
	assert_int_equal(table.evictions, 2);
	attempt_table_free(&table);
}

static void places_of_expired_attempts_are_taken_without_an_eviction(void **state)
{
	(void)state;
	struct attempt_table table = table_of(ATTEMPT_SET_SIZE);
	for (uint64_t i = 1; i <= 1000; i++)
		assert_true(attempt_table_note(&table, i, START + (int64_t)i * 30));
	assert_int_equal(table.evictions, 0);
	attempt_table_free(&table);
}

static void the_table_grows_to_its_capacity_and_loses_nothing_on_the_way(void **state)
{
	(void)state;
	enum { ATTEMPTS = 60000, CAPACITY = 2000000 };
	struct attempt_table table = table_of(CAPACITY);
	size_t begun = table.sets;
	for (int round = 0; round < 2; round++) {
		uint64_t random = 5;
		for (int i = 0; i < ATTEMPTS; i++)
			assert_int_equal(attempt_table_note(&table, next_number(&random),
							    START + round * 60),
					 round == 0);
	}
	assert_true(table.sets > begun);
	assert_true(table.sets <= table.sets_max);
	assert_int_equal(table.evictions, 0);
	attempt_table_free(&table);
}

enum { KEYS = 3000, EVENTS = 300000 };

/* Random attempts at random times, a few of them late; beside it the last time of each. */
static uint64_t run_beside_a_plain_table(struct attempt_table *table, bool exact, uint64_t *begun)
{
	static int64_t last[KEYS];
	static uint64_t fingerprint[KEYS];
	uint64_t random = 11, truth = 0;
	int64_t now = START;
	for (size_t i = 0; i < KEYS; i++) {
		last[i] = INT64_MIN / 2;
		fingerprint[i] = next_number(&random);
	}
	*begun = 0;
	for (int i = 0; i < EVENTS; i++) {
		now += next_number(&random) % 50 == 0;
		int64_t time =
			now - (next_number(&random) % 10 ? 0 : (int64_t)(next_number(&random) % 9));
		size_t key = next_number(&random) % KEYS;
		bool expected = time - last[key] > ATTEMPT_MEMORY_SECONDS;
		bool said = attempt_table_note(table, fingerprint[key], time);
		if (exact)
			assert_int_equal(said, expected);
		*begun += said;
		truth += expected;
		if (time > last[key])
			last[key] = time;
	}
	return truth;
}

static void it_agrees_with_a_plain_table(void **state)
{
	(void)state;
	struct attempt_table table = table_of(1 << 20);
	uint64_t begun, truth = run_beside_a_plain_table(&table, true, &begun);
	assert_int_equal(begun, truth);
	assert_true(truth > KEYS && truth < EVENTS / 2);
	assert_int_equal(table.evictions, 0);
	attempt_table_free(&table);
}

/* Then attempts is an upper bound, and wrong by no more than the evictions that it admits. */
static void a_table_that_is_too_small_counts_no_less_and_admits_it(void **state)
{
	(void)state;
	static const size_t capacities[] = {5, 300, 1500, 3000};
	for (size_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
		struct attempt_table table = table_of(capacities[i]);
		uint64_t begun, truth = run_beside_a_plain_table(&table, false, &begun);
		assert_true(begun >= truth);
		assert_true(begun - truth <= table.evictions);
		if (capacities[i] < 1000)
			assert_true(begun > truth);
		attempt_table_free(&table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retransmissions_belong_to_the_attempt_that_they_repeat),
		cmocka_unit_test(an_attempt_is_forgotten_two_minutes_after_its_last_syn),
		cmocka_unit_test(a_syn_that_comes_late_does_not_shorten_the_memory),
		cmocka_unit_test(memory_goes_on_across_the_year_2106),
		cmocka_unit_test(a_full_set_forgets_the_oldest_and_counts_it),
		cmocka_unit_test(places_of_expired_attempts_are_taken_without_an_eviction),
		cmocka_unit_test(the_table_grows_to_its_capacity_and_loses_nothing_on_the_way),
		cmocka_unit_test(it_agrees_with_a_plain_table),
		cmocka_unit_test(a_table_that_is_too_small_counts_no_less_and_admits_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
