/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/gnuplot.h"
#include "../../graphs/pdf.h"
#include "../../graphs/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct figure_description description = {
	.title = "a < b & \"c\"", .text = "What is drawn.", .time = 1203465600};

/* A script that draws a line and one label; the caller frees. */
static char *script_with_label(const char *label, size_t *length)
{
	char *bytes = NULL;
	FILE *script = open_memstream(&bytes, length);
	assert_non_null(script);
	fputs("set termoption noenhanced\nset label ", script);
	gnuplot_quote(script, label);
	fputs(" at graph 0.5, graph 0.5\n$d << EOD\n0 0\n1 1\nEOD\nplot $d with lines notitle\n",
	      script);
	assert_int_equal(fclose(script), 0);
	return bytes;
}

/* In each format of the set; the caller frees what is there. */
static void draw_all(unsigned formats, const char *label, struct figure_file file[FORMATS_DRAWN])
{
	size_t script_length;
	char *script = script_with_label(label, &script_length);
	struct failure failure = {0};
	struct gnuplot_drawing drawing = {script, script_length, formats, description, {{0}}};
	int result = gnuplot_draw(&drawing, 1, &failure);
	assert_string_equal(failure.text, "");
	assert_int_equal(result, 0);
	memcpy(file, drawing.file, sizeof drawing.file);
	free(script);
}

static char *draw(enum figure_format format, const char *label, size_t *length)
{
	struct figure_file file[FORMATS_DRAWN];
	draw_all(FORMAT_BIT(format), label, file);
	for (int other = 0; other < FORMATS_DRAWN; other++)
		assert_true(other == (int)format || file[other].bytes == NULL);
	*length = file[format].length;
	return file[format].bytes;
}

static void quoting_leaves_no_quote_and_no_newline(void **state)
{
	(void)state;
	char *bytes = NULL;
	size_t length;
	FILE *script = open_memstream(&bytes, &length);
	assert_non_null(script);
	gnuplot_quote(script, "it's\n`x` \"y\" \\n @z");
	assert_int_equal(fclose(script), 0);
	assert_string_equal(bytes, "'it\xE2\x80\x99s\xEF\xBF\xBD`x` \"y\" \\n @z'");
	free(bytes);
}

static void no_label_becomes_a_command(void **state)
{
	(void)state;
	char mark[] = "/tmp/test_gnuplot.XXXXXX";
	int descriptor = mkstemp(mark);
	assert_true(descriptor >= 0);
	close(descriptor);
	unlink(mark);
	static const char *const hostile[] = {"`touch %s`",
					      "'.system('touch %s').'",
					      "x\nsystem('touch %s')\n",
					      "\"`touch %s`\"",
					      "'\n! touch %s\n'",
					      "@GPVAL_VERSION`touch %s`",
					      "EOD\nsystem('touch %s')",
					      "\\'. system(\"touch %s\") .'"};
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		char label[200];
		const char *place = strstr(hostile[i], "%s");
		snprintf(label, sizeof label, "%.*s%s%s", (int)(place - hostile[i]), hostile[i],
			 mark, place + 2);
		size_t length;
		char *bytes = draw(FORMAT_SVG, label, &length);
		assert_int_equal(access(mark, F_OK), -1);
		free(bytes);
	}
}

static void a_label_of_markup_stays_text_in_svg(void **state)
{
	(void)state;
	size_t length;
	char *bytes = draw(FORMAT_SVG, "</text><script>&`@GPVAL_VERSION", &length);
	assert_null(strstr(bytes, "<script"));
	assert_non_null(strstr(bytes, "&lt;/text>&lt;script>&amp;`@GPVAL_VERSION"));
	assert_non_null(strstr(bytes, "<title>a &lt; b &amp; &quot;c&quot;</title>"));
	assert_non_null(strstr(bytes, "<desc>What is drawn.</desc>"));
	assert_null(strstr(bytes, "GNUPLOT"));
	free(bytes);
}

static void svg_groups_are_balanced_after_tidying(void **state)
{
	(void)state;
	size_t length, opened = 0, closed = 0;
	char *bytes = draw(FORMAT_SVG, "a  b", &length);
	for (const char *next = bytes; (next = strstr(next, "<g")); next += 2)
		opened += next[2] == ' ' || next[2] == '>';
	for (const char *next = bytes; (next = strstr(next, "</g>")); next += 4)
		closed++;
	assert_true(opened > 5);
	assert_int_equal(opened, closed);
	assert_non_null(strstr(bytes, ">a  b<")); /* white space in text is not ours to change */
	free(bytes);
}

static void the_same_script_gives_the_same_bytes_alone_and_with_other_formats(void **state)
{
	(void)state;
	struct figure_file together[FORMATS_DRAWN];
	draw_all(FORMATS_ALL & ~FORMAT_BIT(FORMAT_CSV), "label", together);
	sleep(1); /* a PDF carries a time in seconds */
	for (int format = 0; format < FORMATS_DRAWN; format++) {
		size_t length;
		char *alone = draw((enum figure_format)format, "label", &length);
		assert_int_equal(length, together[format].length);
		assert_memory_equal(alone, together[format].bytes, length);
		free(alone);
		free(together[format].bytes);
	}
}

static void figures_drawn_together_have_the_bytes_of_each_alone(void **state)
{
	(void)state;
	const unsigned all = FORMATS_ALL & ~FORMAT_BIT(FORMAT_CSV);
	static const char *const label[] = {"first", "%%EOF\n%PDF-1.5 </svg>", "third"};
	struct gnuplot_drawing drawing[3];
	struct failure failure = {0};
	for (int i = 0; i < 3; i++) {
		size_t length;
		char *script = script_with_label(label[i], &length);
		drawing[i] = (struct gnuplot_drawing){script, length, all, description, {{0}}};
	}
	assert_int_equal(gnuplot_draw(drawing, 3, &failure), 0);
	for (int i = 0; i < 3; i++) {
		struct figure_file alone[FORMATS_DRAWN];
		draw_all(all, label[i], alone);
		for (int format = 0; format < FORMATS_DRAWN; format++) {
			assert_int_equal(drawing[i].file[format].length, alone[format].length);
			assert_memory_equal(drawing[i].file[format].bytes, alone[format].bytes,
					    alone[format].length);
			free(drawing[i].file[format].bytes);
			free(alone[format].bytes);
		}
		free((void *)(uintptr_t)drawing[i].script);
	}
}

static void a_pdf_ends_where_its_table_says(void **state)
{
	(void)state;
	static const char whole[] = "%PDF-1.5\n%%EOF\nstartxref\n3\n%%EOF\nxref\n0 1\n"
				    "startxref\n33\n%%EOF\n";
	char two[200];
	assert_int_equal(pdf_length(whole, sizeof whole - 1), sizeof whole - 1);
	snprintf(two, sizeof two, "%s%s", whole, "%PDF-1.5\n");
	assert_int_equal(pdf_length(two, strlen(two)), sizeof whole - 1);
	for (size_t length = 0; length < sizeof whole - 2; length++)
		assert_int_equal(pdf_length(whole, length), 0);
	assert_int_equal(pdf_length("<?xml", 5), 0);
}

static void a_pdf_is_dated_by_the_record(void **state)
{
	(void)state;
	size_t length;
	char *bytes = draw(FORMAT_PDF, "label", &length);
	static const char date[] = "/CreationDate (D:20080220000000Z";
	assert_non_null(memmem(bytes, length, date, sizeof date - 1));
	free(bytes);
}

static void a_wrong_script_fails_with_the_reason(void **state)
{
	(void)state;
	static const char script[] = "plot 'no such file'\n";
	struct failure failure = {0};
	struct gnuplot_drawing drawing = {
		script, sizeof script - 1, FORMAT_BIT(FORMAT_SVG), description, {{0}}};
	assert_int_equal(gnuplot_draw(&drawing, 1, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "gnuplot"));
	assert_null(drawing.file[FORMAT_SVG].bytes);
}

static void an_absent_program_is_named_with_its_mend(void **state)
{
	(void)state;
	static const char *const arguments[] = {"no-such-program-here", NULL};
	const struct program program = {arguments, "run 'apt install it'", 5, 100};
	struct failure failure = {0};
	char *bytes = NULL;
	size_t length;
	assert_int_equal(program_run(&program, "", 0, &bytes, &length, &failure), -1);
	assert_string_equal(failure.text,
			    "no-such-program-here is not installed: run 'apt install it'");
}

static void a_program_that_hangs_is_stopped(void **state)
{
	(void)state;
	static const char *const arguments[] = {"sleep", "60", NULL};
	const struct program program = {arguments, "", 1, 100};
	struct failure failure = {0};
	char *bytes = NULL;
	size_t length;
	assert_int_equal(program_run(&program, "", 0, &bytes, &length, &failure), -1);
	assert_non_null(strstr(failure.text, "more than 1 seconds"));
}

static void bytes_go_through_a_program_unchanged(void **state)
{
	(void)state;
	static const char *const arguments[] = {"cat", NULL};
	const size_t size = 1 << 20;
	const struct program program = {arguments, "", 20, size};
	char *input = malloc(size);
	assert_non_null(input);
	for (size_t i = 0; i < size; i++)
		input[i] = (char)(i * 2654435761u >> 16);
	struct failure failure = {0};
	char *output = NULL;
	size_t length;
	assert_int_equal(program_run(&program, input, size, &output, &length, &failure), 0);
	assert_int_equal(length, size);
	assert_memory_equal(input, output, size);
	free(output);
	const struct program narrow = {arguments, "", 20, size - 1};
	assert_int_equal(program_run(&narrow, input, size, &output, &length, &failure), -1);
	free(input);
}

static void a_program_sees_utc_and_nothing_of_the_user(void **state)
{
	(void)state;
	static const char *const arguments[] = {"env", NULL};
	const struct program program = {arguments, "", 20, 65536};
	struct failure failure = {0};
	char *output = NULL;
	size_t length;
	setenv("STALENODE_TEST_SECRET", "seen", 1);
	setenv("GNUTERM", "x11", 1);
	assert_int_equal(program_run(&program, "", 0, &output, &length, &failure), 0);
	assert_null(strstr(output, "SECRET"));
	assert_null(strstr(output, "GNUTERM"));
	assert_non_null(strstr(output, "TZ=UTC\n"));
	assert_non_null(strstr(output, "LC_ALL=C.UTF-8\n"));
	free(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quoting_leaves_no_quote_and_no_newline),
		cmocka_unit_test(no_label_becomes_a_command),
		cmocka_unit_test(a_label_of_markup_stays_text_in_svg),
		cmocka_unit_test(svg_groups_are_balanced_after_tidying),
		cmocka_unit_test(the_same_script_gives_the_same_bytes_alone_and_with_other_formats),
		cmocka_unit_test(figures_drawn_together_have_the_bytes_of_each_alone),
		cmocka_unit_test(a_pdf_ends_where_its_table_says),
		cmocka_unit_test(a_pdf_is_dated_by_the_record),
		cmocka_unit_test(a_wrong_script_fails_with_the_reason),
		cmocka_unit_test(an_absent_program_is_named_with_its_mend),
		cmocka_unit_test(a_program_that_hangs_is_stopped),
		cmocka_unit_test(bytes_go_through_a_program_unchanged),
		cmocka_unit_test(a_program_sees_utc_and_nothing_of_the_user),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
