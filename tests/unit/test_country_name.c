/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/country_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void countries_have_names_in_both_languages(void **state)
{
	(void)state;
	assert_string_equal(country_name("JP", LANGUAGE_ENGLISH), "Japan");
	assert_string_equal(country_name("JP", LANGUAGE_JAPANESE), "日本");
	assert_string_equal(country_name("AE", LANGUAGE_JAPANESE), "アラブ首長国連邦");
	assert_string_equal(country_name("ZW", LANGUAGE_ENGLISH), "Zimbabwe");
}

static void what_is_no_code_stays_as_it_is(void **state)
{
	(void)state;
	static const char *const others[] = {"", "-", "XX", "jp", "JPN", "AS64496 Example"};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_ptr_equal(country_name(others[i], LANGUAGE_ENGLISH), others[i]);
}

/* Every code that has a name is found: the table is in order, and each name is one's own. */
static void no_two_codes_share_a_name(void **state)
{
	(void)state;
	static const char *seen[26 * 26][LANGUAGES];
	size_t names = 0;
	for (char first = 'A'; first <= 'Z'; first++)
		for (char second = 'A'; second <= 'Z'; second++) {
			char code[3] = {first, second, '\0'};
			if (country_name(code, LANGUAGE_ENGLISH) == code)
				continue;
			for (int language = 0; language < LANGUAGES; language++) {
				seen[names][language] = country_name(code, (enum language)language);
				assert_true(seen[names][language][0]);
				for (size_t i = 0; i < names; i++)
					assert_string_not_equal(seen[i][language],
								seen[names][language]);
			}
			names++;
		}
	assert_int_equal(names, 249);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(countries_have_names_in_both_languages),
		cmocka_unit_test(what_is_no_code_stays_as_it_is),
		cmocka_unit_test(no_two_codes_share_a_name),
	};
	return cmocka_run_group_tests_name("country_name", tests, NULL, NULL);
}
