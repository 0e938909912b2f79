/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/alerts/line_reader.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct line_reader reader;

/* Of the lines of a file: lengths, and which were cut; the number of lines. */
static size_t read_lines(const char *path, size_t *length, bool *cut, char *first)
{
	struct byte_stream *stream;
	struct failure failure = {0};
	struct line line;
	size_t lines = 0;
	int result;
	assert_int_equal(byte_stream_open(&stream, path, &failure), 0);
	line_reader_begin(&reader, stream, NULL, 0);
	while ((result = line_reader_next(&reader, &line, &failure)) == 1) {
		length[lines] = (size_t)(line.end - line.begin);
		cut[lines] = line.cut;
		first[lines] = line.end > line.begin ? *line.begin : '-';
		/* Each line is of one letter, so a seam between two reads would show. */
		for (const char *at = line.begin; at < line.end; at++)
			assert_int_equal(*at, *line.begin);
		lines++;
	}
	assert_int_equal(result, 0);
	assert_int_equal(line_reader_next(&reader, &line, &failure), 0); /* and stays ended */
	byte_stream_close(stream);
	return lines;
}

static void write_lines(const char *path, const size_t *length, size_t lines, bool last_newline)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	for (size_t i = 0; i < lines; i++) {
		for (size_t j = 0; j < length[i]; j++)
			fputc('a' + (int)(i % 26), file);
		if (i + 1 < lines || last_newline)
			fputc('\n', file);
	}
	assert_int_equal(fclose(file), 0);
}

#define LINES 14
static void lines_of_any_length_come_whole_or_cut_and_none_is_lost(void **state)
{
	(void)state;
	static const size_t wanted[LINES] = {3,
					     LINE_MAX_LENGTH,
					     0,
					     LINE_MAX_LENGTH + 1,
					     1,
					     LINE_MAX_LENGTH - 1,
					     2 * LINE_MAX_LENGTH - 1,
					     2,
					     300000,
					     2 * LINE_MAX_LENGTH,
					     5,
					     2 * LINE_MAX_LENGTH + 1,
					     0,
					     1000000};
	size_t length[LINES + 1];
	bool cut[LINES + 1];
	char first[LINES + 1];
	for (int last_newline = 0; last_newline < 2; last_newline++) {
		write_lines("lines", wanted, LINES, last_newline);
		assert_int_equal(read_lines("lines", length, cut, first), LINES);
		for (size_t i = 0; i < LINES; i++) {
			assert_int_equal(cut[i], wanted[i] > LINE_MAX_LENGTH);
			if (cut[i])
				assert_in_range(length[i], LINE_MAX_LENGTH, wanted[i]);
			else
				assert_int_equal(length[i], wanted[i]);
			assert_int_equal(first[i], wanted[i] ? 'a' + (int)i : '-');
		}
	}
}

static void an_empty_file_has_no_line_and_a_newline_is_one(void **state)
{
	(void)state;
	size_t length[4];
	bool cut[4];
	char first[4];
	write_text("none", "");
	assert_int_equal(read_lines("none", length, cut, first), 0);
	write_text("one", "\n");
	assert_int_equal(read_lines("one", length, cut, first), 1);
	assert_int_equal(length[0], 0);
	write_text("two", "\n\n");
	assert_int_equal(read_lines("two", length, cut, first), 2);
}

static void any_octet_but_a_newline_belongs_to_its_line(void **state)
{
	(void)state;
	size_t length[4];
	bool cut[4];
	char first[4];
	write_bytes("nul", "\0\0\0\n\xFF\xFF\n\r\r\r\r", 11);
	assert_int_equal(read_lines("nul", length, cut, first), 3);
	assert_int_equal(length[0], 3);
	assert_int_equal(length[1], 2);
	assert_int_equal(length[2], 4);
}

static void a_stream_that_breaks_off_is_a_failure_after_its_good_lines(void **state)
{
	(void)state;
	if (system("printf 'aaa\\nbbb\\nccccc' | gzip -c >whole.gz && "
		   "head -c -8 whole.gz >broken.gz") != 0)
		skip();
	struct byte_stream *stream;
	struct failure failure = {0};
	struct line line;
	int lines = 0, result;
	assert_int_equal(byte_stream_open(&stream, "broken.gz", &failure), 0);
	line_reader_begin(&reader, stream, NULL, 0);
	while ((result = line_reader_next(&reader, &line, &failure)) == 1)
		lines++;
	assert_int_equal(result, -1);
	assert_int_equal(lines, 2);
	assert_non_null(strstr(failure.text, "broken.gz"));
	byte_stream_close(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			lines_of_any_length_come_whole_or_cut_and_none_is_lost, enter_workspace,
			leave_workspace),
		cmocka_unit_test_setup_teardown(an_empty_file_has_no_line_and_a_newline_is_one,
						enter_workspace, leave_workspace),
		cmocka_unit_test_setup_teardown(any_octet_but_a_newline_belongs_to_its_line,
						enter_workspace, leave_workspace),
		cmocka_unit_test_setup_teardown(
			a_stream_that_breaks_off_is_a_failure_after_its_good_lines, enter_workspace,
			leave_workspace),
	};
	return cmocka_run_group_tests_name("line_reader", tests, NULL, NULL);
}
