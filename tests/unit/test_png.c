/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/png.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

/* Signature, a header of one dot (its checksum is not looked at), and the end. */
#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define HEADER	  "\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU"
#define END	  "\0\0\0\0IEND\xae\x42\x60\x82"

static void three_hundred_dots_per_inch_are_11811_a_metre(void **state)
{
	(void)state;
	/* As other programs write this very chunk, its checksum too. */
	static const char wanted[] =
		SIGNATURE HEADER "\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\1\x78\xa5\x3f\x76" END;
	char bytes[sizeof wanted] = SIGNATURE HEADER END;
	size_t length = sizeof wanted - 1 - PNG_DENSITY_SIZE;
	assert_int_equal(png_set_density(bytes, length, 300), sizeof wanted - 1);
	assert_memory_equal(bytes, wanted, sizeof wanted - 1);
}

static void what_is_no_png_stays_as_it_is(void **state)
{
	(void)state;
	char text[128] = "%PDF-1.7, and enough bytes behind it to hold a header of a PNG";
	char before[128];
	memcpy(before, text, sizeof text);
	assert_int_equal(png_set_density(text, 60, 300), 60);
	char cut[64] = SIGNATURE "\0\0\0\rIHDR";
	assert_int_equal(png_set_density(cut, 16, 300), 16);
	assert_memory_equal(text, before, sizeof text);
}

static void a_png_ends_behind_its_last_chunk(void **state)
{
	(void)state;
	/* A chunk of data that looks like an end, and another file behind it. */
	static const char bytes[] = SIGNATURE HEADER "\0\0\0\4IDATIEND\0\0\0\0" END "%PDF-1.5";
	const size_t whole = sizeof bytes - 1 - 8;
	assert_int_equal(png_length(bytes, sizeof bytes - 1), whole);
	for (size_t length = 0; length < whole; length++)
		assert_int_equal(png_length(bytes, length), 0);
	static const char endless[] = SIGNATURE "\xff\xff\xff\xffIDAT....";
	assert_int_equal(png_length(endless, sizeof endless - 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_hundred_dots_per_inch_are_11811_a_metre),
		cmocka_unit_test(what_is_no_png_stays_as_it_is),
		cmocka_unit_test(a_png_ends_behind_its_last_chunk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
