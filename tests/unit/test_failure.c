/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/base/failure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* cmocka has one of its own */

static void what_a_terminal_would_act_upon_is_replaced(void **state)
{
	(void)state;
	static const struct {
		const char *text, *shown;
	} cases[] = {{"a\033[31m\nb\x7f", "a?[31m?b?"},
		     {"csi \xC2\x9B"
		      "31m",
		      "csi ?31m"},
		     {"\xE2\x80\xAEgnp.exe\xE2\x80\x8F \xE2\x81\xA6x\xE2\x81\xA9 \xD8\x9C",
		      "?gnp.exe? ?x? ?"},
		     {"line\xE2\x80\xA8two", "line?two"}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct failure failure = {0};
		assert_int_equal(fail(&failure, EXIT_FAILED, "%s", cases[i].text), -1);
		assert_string_equal(failure.text, cases[i].shown);
	}
}

/* Letters, and what is cut in the middle. */
static void what_it_shows_stays(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"\xE6\x97\xA5\xE6\x9C\xAC \xC3\xA5 \xE2\x80\x93 \xE2\x80\xA6 \xC2\xA0 \xD8\xA7",
		"\xE2\x80",
		"\xE2",
		"\xC2",
		"\xD8",
		"",
		"\xE2\x81\xA5"};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct failure failure = {0};
		assert_int_equal(fail(&failure, EXIT_FAILED, "%s", texts[i]), -1);
		assert_string_equal(failure.text, texts[i]);
	}
}

static void the_first_failure_stays(void **state)
{
	(void)state;
	struct failure failure = {0};
	assert_int_equal(fail(&failure, EXIT_WRONG_USE, "first"), -1);
	assert_int_equal(fail(&failure, EXIT_FAILED, "second"), -1);
	assert_string_equal(failure.text, "first");
	assert_int_equal(failure.status, EXIT_WRONG_USE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_terminal_would_act_upon_is_replaced),
		cmocka_unit_test(what_it_shows_stays),
		cmocka_unit_test(the_first_failure_stays),
	};
	return cmocka_run_group_tests_name("failure", tests, NULL, NULL);
}
