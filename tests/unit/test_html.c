/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/html.h"
#include "../../graphs/plain_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REPLACED "\xEF\xBF\xBD"

/* The caller frees. */
static char *escaped(const char *text)
{
	char *bytes = NULL;
	size_t length;
	FILE *page = open_memstream(&bytes, &length);
	assert_non_null(page);
	html_text(page, text);
	assert_int_equal(fclose(page), 0);
	return bytes;
}

static void expect(const char *text, const char *wanted)
{
	char *found = escaped(text);
	assert_string_equal(found, wanted);
	free(found);
}

static void markup_quotes_and_backticks_are_escaped(void **state)
{
	(void)state;
	expect("a<b>&\"c\"'d'`e`", "a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39;&#96;e&#96;");
	expect("</script><script>", "&lt;/script&gt;&lt;script&gt;");
	expect("&amp;", "&amp;amp;");
}

static void other_scripts_stay_as_they_are(void **state)
{
	(void)state;
	expect("\xE3\x82\xA6\xE3\x82\xA3\xE3\x83\x8B\xE3\x83\xBC", "\xE3\x82\xA6\xE3\x82\xA3"
								   "\xE3\x83\x8B\xE3\x83\xBC");
	expect("\xF0\x9F\x93\xA1 caf\xC3\xA9", "\xF0\x9F\x93\xA1 caf\xC3\xA9");
}

static void marks_that_turn_the_reading_direction_are_replaced(void **state)
{
	(void)state;
	static const char *const mark[] = {"\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA",
					   "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD",
					   "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7",
					   "\xE2\x81\xA8", "\xE2\x81\xA9", "\xD8\x9C"};
	for (size_t i = 0; i < sizeof mark / sizeof mark[0]; i++) {
		char text[16];
		snprintf(text, sizeof text, "a%sb", mark[i]);
		expect(text, "a" REPLACED "b");
	}
}

static void control_characters_and_line_separators_are_replaced(void **state)
{
	(void)state;
	for (int code = 1; code < 0x20; code++) {
		char text[] = {'a', (char)code, 'b', '\0'};
		expect(text, "a" REPLACED "b");
	}
	expect("\x7F", REPLACED);
	expect("\xC2\x85", REPLACED);
	expect("\xE2\x80\xA8\xE2\x80\xA9", REPLACED REPLACED);
}

static void ill_formed_utf8_never_swallows_what_follows(void **state)
{
	(void)state;
	/* overlong, lone continuation, cut sequences, surrogate, beyond U+10FFFF */
	static const char *const bad[] = {"\xC0\xBC",	  "\x80",	  "\xE2\x80",
					  "\xF0\x9F\x93", "\xED\xA0\x80", "\xF4\x90\x80\x80",
					  "\xFF",	  "\xC3"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char text[16];
		snprintf(text, sizeof text, "%s<x", bad[i]);
		char *found = escaped(text);
		assert_non_null(strstr(found, "&lt;x"));
		assert_memory_equal(found, REPLACED, 3);
		free(found);
	}
}

static void print_escapes_every_argument_and_not_the_format(void **state)
{
	(void)state;
	char *bytes = NULL;
	size_t length;
	FILE *page = open_memstream(&bytes, &length);
	assert_non_null(page);
	html_print(page, "<b title=\"%s\">%d %zu %s 95 %%</b>", "\"<&", -3, (size_t)7, "`");
	assert_int_equal(fclose(page), 0);
	assert_string_equal(bytes, "<b title=\"&quot;&lt;&amp;\">-3 7 &#96; 95 %</b>");
	free(bytes);
}

static void plain_text_is_cut_between_characters(void **state)
{
	(void)state;
	char plain[6];
	assert_string_equal(plain_text("ab\xC3\xA9\xC3\xA9", plain, sizeof plain), "ab\xC3\xA9");
	char one[1];
	assert_string_equal(plain_text("abc", one, sizeof one), "");
}

/* Every string of up to three bytes from the ranges that matter gives well-formed output that is
 * never longer than three bytes for one. */
static void any_bytes_give_output_without_markup(void **state)
{
	(void)state;
	static const unsigned char byte[] = {1,	   '<',	 '>',  '"',  'a',  0x7F, 0x80, 0xA9, 0xAE,
					     0xBF, 0xC2, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xFF};
	const size_t bytes = sizeof byte;
	for (size_t i = 0; i < bytes * bytes * bytes; i++) {
		char text[4] = {(char)byte[i % bytes], (char)byte[i / bytes % bytes],
				(char)byte[i / bytes / bytes], '\0'};
		char plain[64];
		assert_true(strlen(plain_text(text, plain, sizeof plain)) <= 9);
		char *found = escaped(text);
		assert_null(strpbrk(found, "<>\"\x01\x7F"));
		free(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_quotes_and_backticks_are_escaped),
		cmocka_unit_test(other_scripts_stay_as_they_are),
		cmocka_unit_test(marks_that_turn_the_reading_direction_are_replaced),
		cmocka_unit_test(control_characters_and_line_separators_are_replaced),
		cmocka_unit_test(ill_formed_utf8_never_swallows_what_follows),
		cmocka_unit_test(print_escapes_every_argument_and_not_the_format),
		cmocka_unit_test(plain_text_is_cut_between_characters),
		cmocka_unit_test(any_bytes_give_output_without_markup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
