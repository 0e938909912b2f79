/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void names_are_en_and_ja_and_nothing_else(void **state)
{
	(void)state;
	enum language language = LANGUAGES;
	assert_true(language_parse("ja", &language));
	assert_int_equal(language, LANGUAGE_JAPANESE);
	assert_true(language_parse("en", &language));
	assert_int_equal(language, LANGUAGE_ENGLISH);
	assert_false(language_parse("jp", &language));
	assert_false(language_parse("", &language));
	assert_string_equal(language_code(LANGUAGE_JAPANESE), "ja");
}

static void japanese_letters_take_two_columns(void **state)
{
	(void)state;
	assert_int_equal(language_columns("half-life"), 9);
	assert_int_equal(language_columns("半減期"), 6);
	assert_int_equal(language_columns("SYN数（約）～"), 3 + 2 + 6 + 2);
	assert_int_equal(language_columns("é"), 1);
	assert_int_equal(language_columns(""), 0);
}

static void arguments_stand_where_the_pattern_wants_them(void **state)
{
	(void)state;
	char text[64];
	const char *argument[2] = {"one", "two"};
	assert_int_equal(language_fill(text, sizeof text, "$2 before $1, $ and $3.", argument, 2),
			 strlen("two before one, $ and ."));
	assert_string_equal(text, "two before one, $ and .");
}

static void a_noun_is_in_the_number_of_the_argument_before_it(void **state)
{
	(void)state;
	const char *pattern = "{no|none}: $1 {address calls|addresses call} $2 {port|ports} {x";
	char text[64];
	language_fill(text, sizeof text, pattern, (const char *[]){"1", "12"}, 2);
	assert_string_equal(text, "none: 1 address calls 12 ports {x");
	language_fill(text, sizeof text, pattern, (const char *[]){"0", "1"}, 2);
	assert_string_equal(text, "none: 0 addresses call 1 port {x");
}

/* Every shorter room gives a shorter beginning that is whole UTF-8. */
static void text_that_does_not_fit_is_never_cut_inside_a_letter(void **state)
{
	(void)state;
	const char *argument[1] = {"約20"}, *whole = "5分間に約20届いた";
	for (size_t size = 1; size <= strlen(whole) + 1; size++) {
		char text[64];
		memset(text, 'x', sizeof text);
		int length = language_fill(text, size, "5分間に$1届いた", argument, 1);
		assert_true(strlen(text) < size);
		assert_memory_equal(text, whole, strlen(text));
		assert_true((whole[strlen(text)] & 0xc0) != 0x80);
		assert_int_equal(length, size > strlen(whole) ? (int)strlen(whole) : -1);
	}
	assert_int_equal(language_fill(NULL, 0, "x", argument, 1), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_en_and_ja_and_nothing_else),
		cmocka_unit_test(japanese_letters_take_two_columns),
		cmocka_unit_test(arguments_stand_where_the_pattern_wants_them),
		cmocka_unit_test(a_noun_is_in_the_number_of_the_argument_before_it),
		cmocka_unit_test(text_that_does_not_fit_is_never_cut_inside_a_letter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
