/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/base/verb.h"

#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct verb_option options[] = {
	{"state", "DIR", "the state directory", 's'},
	{"quiet", NULL, "say less", 'q'},
	{"quick", NULL, "do less", '\0'},
	{"a-long-option-with-a-long-argument", "ONE[,ANOTHER...]", "what it does", '\0'},
	{0},
};

static const struct verb sample = {
	.name = "sample",
	.summary = "show how a verb is described",
	.synopsis = "--state DIR FILE...",
	.description =
		"A first paragraph.\n.begins with a dot, back\\slash\n'quote\n\nA second one.",
	.options = options,
	.example = "stalenode sample --state obs\nstalenode sample -q",
};
static const struct verb bare = {
	.name = "bare", .summary = "s", .synopsis = "", .description = "d", .example = "e"};

/* Writes what the reader says of the arguments as one word each. */
static char *walk(const struct verb *verb, char *const *words, char text[512])
{
	struct verb_arguments arguments;
	const struct verb_option *option;
	const char *value;
	int argc = 0;
	char *argv[16];
	argv[argc++] = (char *)(uintptr_t)verb->name;
	while (words[argc - 1]) {
		argv[argc] = words[argc - 1];
		argc++;
	}
	size_t used = 0;
	text[0] = '\0';
	verb_arguments_begin(&arguments, verb, argc, argv);
	for (;;) {
		enum verb_argument found = verb_arguments_next(&arguments, &option, &value);
		const char *kind = found == VERB_ARGUMENT_OPERAND  ? "operand "
				   : found == VERB_ARGUMENT_OPTION ? "option "
				   : found == VERB_ARGUMENT_HELP   ? "help"
				   : found == VERB_ARGUMENT_WRONG  ? "wrong"
								   : "end";
		used += (size_t)snprintf(text + used, 512 - used, "%s%s%s%s;", kind,
					 option && found == VERB_ARGUMENT_OPTION ? option->name
										 : "",
					 option && value ? "=" : "", value ? value : "");
		if (found != VERB_ARGUMENT_OPERAND && found != VERB_ARGUMENT_OPTION)
			return text;
	}
}

#define WORDS(...) ((char *[]){__VA_ARGS__, NULL})

static void options_stand_before_between_and_after_operands(void **state)
{
	(void)state;
	char text[512];
	assert_string_equal(
		walk(&sample, WORDS("--state", "a", "one", "-q", "two", "-sb"), text),
		"option state=a;operand one;option quiet;operand two;option state=b;end;");
}

static void every_form_of_a_value_is_the_same(void **state)
{
	(void)state;
	char text[512];
	char *const forms[][3] = {
		{"--state=x", NULL}, {"--state", "x", NULL}, {"-sx", NULL}, {"-s", "x", NULL}};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		assert_string_equal(walk(&sample, forms[i], text), "option state=x;end;");
	assert_string_equal(walk(&sample, WORDS("--state="), text), "option state=;end;");
	assert_string_equal(walk(&sample, WORDS("--state=a=b"), text), "option state=a=b;end;");
	assert_string_equal(walk(&sample, WORDS("--state", "-q"), text), "option state=-q;end;");
}

static void a_lone_dash_is_an_operand_and_two_end_the_options(void **state)
{
	(void)state;
	char text[512];
	assert_string_equal(walk(&sample, WORDS("-", "--", "-q", "--", "--help"), text),
			    "operand -;operand -q;operand --;operand --help;end;");
	assert_string_equal(walk(&sample, WORDS("--"), text), "end;");
}

static void wrong_use_is_one_line_with_the_way_to_help(void **state)
{
	(void)state;
	static const struct {
		char *words[3];
		const char *what;
	} cases[] = {
		{{"--unknown", NULL}, "unknown option '--unknown'"},
		{{"--stat", "x", NULL}, "unknown option '--stat'"},
		{{"--states", "x", NULL}, "unknown option '--states'"},
		{{"--=x", NULL}, "unknown option '--=x'"},
		{{"-x", NULL}, "unknown option '-x'"},
		{{"--quiet=yes", NULL}, "'--quiet' takes no value"},
		{{"-qs", NULL}, "'--quiet' takes no value"},
		{{"--state", NULL}, "'--state' needs a value: DIR"},
		{{"-s", NULL}, "'--state' needs a value: DIR"},
		{{"--bad\n\033[31m", NULL}, "unknown option '--bad??[31m'"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[512], expected[256];
		size_t length;
		int kept = divert_output(2, "errors");
		walk(&sample, cases[i].words, text);
		restore_output(2, kept);
		assert_string_equal(text, "wrong;");
		char *said = read_bytes("errors", &length);
		snprintf(expected, sizeof expected,
			 "stalenode: sample: %s (see 'stalenode sample --help')\n", cases[i].what);
		assert_string_equal(said, expected);
		free(said);
	}
	int kept = divert_output(2, "errors");
	char text[512];
	assert_string_equal(walk(&bare, WORDS("--any"), text), "wrong;");
	assert_int_equal(verb_wrong_use(&bare, "%s", "x"), EXIT_WRONG_USE);
	restore_output(2, kept);
}

static void help_names_every_option_on_standard_output(void **state)
{
	(void)state;
	static char *const calls[] = {"--help", "-h"};
	for (size_t i = 0; i < 2; i++) {
		char text[512];
		size_t length;
		int kept = divert_output(1, "help");
		walk(&sample, WORDS("one", calls[i], "--unknown"), text);
		restore_output(1, kept);
		assert_string_equal(text, "operand one;help;");
		char *help = read_bytes("help", &length);
		assert_non_null(strstr(help, "Usage: stalenode sample --state DIR FILE...\n"));
		assert_non_null(
			strstr(help, "  -s, --state DIR                 the state directory\n"));
		assert_non_null(strstr(help, "      --quick                     do less\n"));
		assert_non_null(strstr(
			help, "      --a-long-option-with-a-long-argument ONE[,ANOTHER...]\n"));
		assert_non_null(strstr(help, "  stalenode sample --state obs\n"
					     "  stalenode sample -q\n"));
		free(help);
	}
}

static void the_manual_escapes_what_roff_would_read_as_a_request(void **state)
{
	(void)state;
	size_t length;
	int kept = divert_output(1, "manual");
	verb_print_manual(&sample);
	verb_print_manual(&bare);
	restore_output(1, kept);
	char *manual = read_bytes("manual", &length);
	assert_non_null(strstr(manual, "\n\\&.begins with a dot, back\\eslash\n\\&'quote\n.PP\nA "
				       "second one.\n"));
	assert_non_null(strstr(manual, "stalenode sample \\-\\-state obs\n"));
	assert_non_null(strstr(manual, "a\\-long\\-option"));
	free(manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_stand_before_between_and_after_operands),
		cmocka_unit_test(every_form_of_a_value_is_the_same),
		cmocka_unit_test(a_lone_dash_is_an_operand_and_two_end_the_options),
		in_workspace(wrong_use_is_one_line_with_the_way_to_help),
		in_workspace(help_names_every_option_on_standard_output),
		in_workspace(the_manual_escapes_what_roff_would_read_as_a_request),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
