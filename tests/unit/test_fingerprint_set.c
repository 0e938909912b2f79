/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/fingerprint_set.h"

#include "octets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void each_fingerprint_is_new_once(void **state)
{
	(void)state;
	struct fingerprint_set set = fingerprint_set_empty(100000);
	for (int round = 0; round < 2; round++) {
		uint64_t random = 1;
		for (int i = 0; i < 50000; i++)
			assert_int_equal(fingerprint_set_note(&set, next_number(&random) | 1),
					 round ? FINGERPRINT_KNOWN : FINGERPRINT_NEW);
		assert_int_equal(set.entries, 50000);
	}
	fingerprint_set_clear(&set);
}

/* A random order of few values, with a table of answers beside it. */
static void it_agrees_with_a_plain_table(void **state)
{
	(void)state;
	struct fingerprint_set set = fingerprint_set_empty(1000);
	bool seen[2000] = {false};
	size_t entries = 0;
	uint64_t random = 2;
	for (int i = 0; i < 100000; i++) {
		size_t value = next_number(&random) % 2000;
		/* Neighbouring numbers, which all begin their search at neighbouring slots. */
		enum fingerprint_seen said = fingerprint_set_note(&set, value + 1);
		enum fingerprint_seen expected = seen[value]	  ? FINGERPRINT_KNOWN
						 : entries < 1000 ? FINGERPRINT_NEW
								  : FINGERPRINT_FULL;
		assert_int_equal(said, expected);
		if (said == FINGERPRINT_NEW) {
			seen[value] = true;
			entries++;
		}
	}
	assert_int_equal(set.entries, 1000);
	assert_true(set.slots <= 4096);
	fingerprint_set_clear(&set);
}

static void a_full_set_still_knows_its_own_and_begins_anew_when_cleared(void **state)
{
	(void)state;
	struct fingerprint_set set = fingerprint_set_empty(3);
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(fingerprint_set_note(&set, i), FINGERPRINT_NEW);
	assert_int_equal(fingerprint_set_note(&set, 4), FINGERPRINT_FULL);
	assert_int_equal(fingerprint_set_note(&set, 4), FINGERPRINT_FULL);
	assert_int_equal(fingerprint_set_note(&set, 2), FINGERPRINT_KNOWN);
	fingerprint_set_clear(&set);
	assert_null(set.slot);
	assert_int_equal(fingerprint_set_note(&set, 4), FINGERPRINT_NEW);
	fingerprint_set_clear(&set);
	struct fingerprint_set none = fingerprint_set_empty(0);
	assert_int_equal(fingerprint_set_note(&none, 1), FINGERPRINT_FULL);
	assert_null(none.slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fingerprint_is_new_once),
		cmocka_unit_test(it_agrees_with_a_plain_table),
		cmocka_unit_test(a_full_set_still_knows_its_own_and_begins_anew_when_cleared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
