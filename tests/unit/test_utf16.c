/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/alerts/utf16.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define OCTETS(literal) (const uint8_t *)(literal), sizeof(literal) - 1

/* All of it in pieces of so many octets. */
static void check_text(bool big, const uint8_t *octets, size_t length, const char *wanted)
{
	for (size_t piece = 1; piece <= length + 1; piece++) {
		struct utf16 utf16 = {.big = big};
		char text[128];
		size_t written = 0;
		for (size_t at = 0; at < length; at += piece) {
			size_t part = length - at < piece ? length - at : piece;
			size_t more = utf16_convert(&utf16, octets + at, part, text + written);
			assert_true(more <= UTF16_ROOM(part));
			written += more;
		}
		written += utf16_end(&utf16, text + written);
		assert_int_equal(written, strlen(wanted));
		assert_memory_equal(text, wanted, written);
		assert_int_equal(utf16_end(&utf16, text), 0);
	}
}

static void letters_of_every_length_become_utf8(void **state)
{
	(void)state;
	/* A, e acute, euro sign, the last below the surrogates and the first behind, U+10000 and
	 * the last of all. */
	const char *wanted = "A\xC3\xA9\xE2\x82\xAC\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80"
			     "\xF4\x8F\xBF\xBF";
	check_text(false, OCTETS("A\0\xE9\0\xAC\x20\xFF\xD7\0\xE0\0\xD8\0\xDC\xFF\xDB\xFF\xDF"),
		   wanted);
	check_text(true, OCTETS("\0A\0\xE9\x20\xAC\xD7\xFF\xE0\0\xD8\0\xDC\0\xDB\xFF\xDF\xFF"),
		   wanted);
	/* The last of two octets and the first of three. */
	check_text(true, OCTETS("\0\x7F\0\x80\x07\xFF\x08\0"), "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80");
}

static void what_is_no_utf16_is_replaced_and_the_rest_stays(void **state)
{
	(void)state;
	check_text(true, OCTETS("\xD8\0\0A"),
		   "\xEF\xBF\xBD"
		   "A");
	check_text(true, OCTETS("\xDC\0\0A"),
		   "\xEF\xBF\xBD"
		   "A");
	check_text(true, OCTETS("\xD8\0\xD8\0\xDC\0"), "\xEF\xBF\xBD\xF0\x90\x80\x80");
	check_text(true, OCTETS("\0A\xD8\0"), "A\xEF\xBF\xBD");
	check_text(true, OCTETS("\0A\0"), "A\xEF\xBF\xBD");
	check_text(true, OCTETS("\0A\xD8\0\xDC"), "A\xEF\xBF\xBD");
	check_text(false, OCTETS(""), "");
}

static void a_text_tells_by_its_beginning_that_it_is_utf16(void **state)
{
	(void)state;
	struct utf16 utf16;
	assert_true(utf16_recognise(&utf16, OCTETS("\xFF\xFE")));
	assert_false(utf16.big);
	assert_true(utf16_recognise(&utf16, OCTETS("\xFE\xFF\x30\x42")));
	assert_true(utf16.big);
	assert_true(utf16_recognise(&utf16, OCTETS("#\0V\0")));
	assert_false(utf16.big);
	assert_true(utf16_recognise(&utf16, OCTETS("\0#\0V")));
	assert_true(utf16.big);
	static const char others[][5] = {"#Ver",    "\xEF\xBB\xBF#", "\0\0\0\0",
					 "#\0\0\0", "\0#\0\0",	     "\0\0\0V",
					 "#\0V#",   "#\0\xE9\0",     "\0#V\0"};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_false(utf16_recognise(&utf16, (const uint8_t *)others[i], 4));
	assert_false(utf16_recognise(&utf16, OCTETS("#\0V")));
	assert_false(utf16_recognise(&utf16, OCTETS("\xFF")));
	assert_false(utf16_recognise(&utf16, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_of_every_length_become_utf8),
		cmocka_unit_test(what_is_no_utf16_is_replaced_and_the_rest_stays),
		cmocka_unit_test(a_text_tells_by_its_beginning_that_it_is_utf16),
	};
	return cmocka_run_group_tests_name("utf16", tests, NULL, NULL);
}
