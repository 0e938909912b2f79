/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/base/ini_file.h"

#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Everything that was handed over, one item a line. */
struct heard {
	char text[4096];
	const char *refuse; /* a key */
};

static int hear_section(void *context, int line, const char *section, struct failure *failure)
{
	struct heard *heard = context;
	size_t length = strlen(heard->text);
	(void)failure;
	snprintf(heard->text + length, sizeof heard->text - length, "%d[%s]\n", line, section);
	return 0;
}

static int hear_entry(void *context, int line, const char *key, const char *value,
		      struct failure *failure)
{
	struct heard *heard = context;
	size_t length = strlen(heard->text);
	snprintf(heard->text + length, sizeof heard->text - length, "%d(%s)(%s)\n", line, key,
		 value);
	if (heard->refuse && strcmp(heard->refuse, key) == 0)
		return (fail)(failure, EXIT_WRONG_USE, "no %s here", key); /* not cmocka's */
	return 0;
}

static const struct ini_handler handler = {hear_section, hear_entry};

static int read_text(struct heard *heard, const char *text, int *lines, struct failure *failure)
{
	heard->text[0] = '\0';
	write_text("a.conf", text);
	return ini_file_read("a.conf", &handler, heard, lines, failure);
}

static void assert_heard(const char *text, const char *expected, int expected_lines)
{
	struct heard heard = {.refuse = NULL};
	struct failure failure = {0};
	int lines = -1;
	if (read_text(&heard, text, &lines, &failure) != 0)
		fail_msg("refused: %s", failure.text);
	assert_string_equal(heard.text, expected);
	assert_int_equal(lines, expected_lines);
}

static void assert_mistake(const char *text, const char *expected)
{
	struct heard heard = {.refuse = "bad"};
	struct failure failure = {0};
	int lines;
	assert_int_equal(read_text(&heard, text, &lines, &failure), -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
	if (strncmp(failure.text, expected, strlen(expected)) != 0)
		fail_msg("says: %s", failure.text);
}

static void sections_and_entries_come_in_order_with_their_lines(void **state)
{
	(void)state;
	assert_heard("# a comment\n\n[one]\na = 1\n; another\nb: 2 ; behind\n[two]\nc=3",
		     "3[one]\n4(a)(1)\n6(b)(2)\n7[two]\n8(c)(3)\n", 8);
	assert_heard("", "", 0);
}

static void a_section_without_keys_is_told_too(void **state)
{
	(void)state;
	assert_heard("[one]\n[two]\n", "1[one]\n2[two]\n", 2);
}

static void indentation_means_nothing(void **state)
{
	(void)state;
	assert_heard("  [one]\n\ta = 1\n\tb = 2\n   c = 3\n", "1[one]\n2(a)(1)\n3(b)(2)\n4(c)(3)\n",
		     4);
}

static void other_systems_line_ends_and_byte_order_marks_mean_nothing(void **state)
{
	(void)state;
	assert_heard("\xef\xbb\xbf[one]\r\na = 1\r\n", "1[one]\n2(a)(1)\n", 2);
}

static void values_hold_what_a_comment_would_only_begin_behind_a_blank(void **state)
{
	(void)state;
	assert_heard("[one]\na = x;y # z\nb = 2008-02-20T09:30:00Z\nc =\n",
		     "1[one]\n2(a)(x;y # z)\n3(b)(2008-02-20T09:30:00Z)\n4(c)()\n", 4);
}

/* inih keeps 49 bytes of a section's name. */
static void long_names_and_values_are_whole_or_refused(void **state)
{
	(void)state;
	char name[INI_LINE_MAX + 2] = "", text[3 * INI_LINE_MAX], expected[3 * INI_LINE_MAX];
	memset(name, 'n', INI_LINE_MAX - 2);
	snprintf(text, sizeof text, "[%s]\n", name);
	snprintf(expected, sizeof expected, "1[%s]\n", name);
	assert_heard(text, expected, 1);
	snprintf(text, sizeof text, "[a]\nk=%s\n", name);
	snprintf(expected, sizeof expected, "1[a]\n2(k)(%s)\n", name);
	assert_heard(text, expected, 2);
	snprintf(text, sizeof text, "[a]\n%s=k\n", name);
	snprintf(expected, sizeof expected, "1[a]\n2(%s)(k)\n", name);
	assert_heard(text, expected, 2);
	memset(name, 'n', INI_LINE_MAX - 1);
	snprintf(text, sizeof text, "[a]\nk=%s\n", name);
	assert_mistake(text, "a.conf:2: a line of 191 bytes: 190 at most");
	snprintf(text, sizeof text, "[a]\n# %s%s\nk=1\n", name, name);
	assert_heard(text, "1[a]\n3(k)(1)\n", 3);
}

static void the_first_mistake_is_told_with_its_line(void **state)
{
	(void)state;
	assert_mistake("[a]\nnothing\n", "a.conf:2: neither 'key = value' nor '[section]'");
	assert_mistake("[a]\nnothing\nbad = 1\n", "a.conf:2: neither");
	assert_mistake("[a]\nbad = 1\nnothing\n", "a.conf:2: no bad here");
	assert_mistake("[a]\nk = 1\n\nbad = 1\nbad = 2\n", "a.conf:4: no bad here");
	assert_mistake("[a]\nnothing ; k = 1\n[b", "a.conf:2: neither");
	assert_mistake("# c\nk = 1\n[a]\n", "a.conf:2: 'k' stands before the first heading");
	assert_mistake("[a]\n[b\n", "a.conf:2: a heading without ']'");
	assert_mistake("[a] k = 1\n", "a.conf:1: ' k = 1' behind a heading");
	assert_mistake("[a];\n", "a.conf:1: ';' behind a heading");
}

static void a_comment_may_stand_behind_a_heading(void **state)
{
	(void)state;
	assert_heard("[ a ] ; why\nk = 1\n", "1[a]\n2(k)(1)\n", 2);
}

static void only_text_is_read(void **state)
{
	(void)state;
	struct heard heard = {.refuse = NULL};
	struct failure failure = {0}, absent = {0};
	int lines;
	write_bytes("a.conf", "[a]\nk = 1\n\0\n", 12);
	assert_int_equal(ini_file_read("a.conf", &handler, &heard, &lines, &failure), -1);
	assert_string_equal(heard.text, "");
	assert_non_null(strstr(failure.text, "a.conf:3: a zero byte"));
	assert_int_equal(ini_file_read("absent.conf", &handler, &heard, &lines, &absent), -1);
	assert_int_equal(absent.status, EXIT_WRONG_USE);
	assert_non_null(strstr(absent.text, "absent.conf: cannot open it"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(sections_and_entries_come_in_order_with_their_lines),
		in_workspace(a_section_without_keys_is_told_too),
		in_workspace(indentation_means_nothing),
		in_workspace(other_systems_line_ends_and_byte_order_marks_mean_nothing),
		in_workspace(values_hold_what_a_comment_would_only_begin_behind_a_blank),
		in_workspace(long_names_and_values_are_whole_or_refused),
		in_workspace(the_first_mistake_is_told_with_its_line),
		in_workspace(a_comment_may_stand_behind_a_heading),
		in_workspace(only_text_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
