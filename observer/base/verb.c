/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verb.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void verb_arguments_begin(struct verb_arguments *arguments, const struct verb *verb, int argc,
			  char **argv)
{
	*arguments = (struct verb_arguments){verb, argc, argv, 1, false};
}

int verb_wrong_use(const struct verb *verb, const char *format, ...)
{
	char text[900];
	va_list list;
	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	say_error("%s: %s (see 'stalenode %s --help')", verb->name, text, verb->name);
	return EXIT_WRONG_USE;
}

static const struct verb_option *find_long(const struct verb *verb, const char *name, size_t length)
{
	for (const struct verb_option *option = verb->options; option && option->name; option++)
		if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
			return option;
	return NULL;
}

static const struct verb_option *find_letter(const struct verb *verb, char letter)
{
	for (const struct verb_option *option = verb->options; option && option->name; option++)
		if (option->letter == letter)
			return option;
	return NULL;
}

enum verb_argument verb_arguments_next(struct verb_arguments *arguments,
				       const struct verb_option **option, const char **value)
{
	const struct verb *verb = arguments->verb;
	*option = NULL;
	*value = NULL;
	if (arguments->position >= arguments->argc)
		return VERB_ARGUMENT_END;
	const char *text = arguments->argv[arguments->position++];
	if (arguments->options_ended || text[0] != '-' || text[1] == '\0') {
		*value = text;
		return VERB_ARGUMENT_OPERAND;
	}
	if (strcmp(text, "--") == 0) {
		arguments->options_ended = true;
		return verb_arguments_next(arguments, option, value);
	}
	if (strcmp(text, "--help") == 0 || strcmp(text, "-h") == 0) {
		verb_print_help(verb);
		return VERB_ARGUMENT_HELP;
	}
	const char *attached = NULL;
	if (text[1] == '-') {
		const char *equals = strchr(text, '=');
		size_t length = equals ? (size_t)(equals - text) - 2 : strlen(text) - 2;
		*option = find_long(verb, text + 2, length);
		attached = equals ? equals + 1 : NULL;
	} else {
		*option = find_letter(verb, text[1]);
		attached = text[2] ? text + 2 : NULL;
	}
	if (!*option) {
		verb_wrong_use(verb, "unknown option '%s'", text);
		return VERB_ARGUMENT_WRONG;
	}
	if (!(*option)->argument) {
		if (attached) {
			verb_wrong_use(verb, "'--%s' takes no value", (*option)->name);
			return VERB_ARGUMENT_WRONG;
		}
		return VERB_ARGUMENT_OPTION;
	}
	if (!attached && arguments->position < arguments->argc)
		attached = arguments->argv[arguments->position++];
	if (!attached) {
		verb_wrong_use(verb, "'--%s' needs a value: %s", (*option)->name,
			       (*option)->argument);
		return VERB_ARGUMENT_WRONG;
	}
	*value = attached;
	return VERB_ARGUMENT_OPTION;
}

int verb_read_arguments(const struct verb *verb, int argc, char **argv,
			int (*take_option)(void *context, const char *name, const char *value),
			int (*take_operand)(void *context, const char *value), void *context)
{
	struct verb_arguments arguments;
	const struct verb_option *option;
	const char *value;
	int status = EXIT_DONE;
	verb_arguments_begin(&arguments, verb, argc, argv);
	while (status == EXIT_DONE) {
		switch (verb_arguments_next(&arguments, &option, &value)) {
		case VERB_ARGUMENT_END:
			return VERB_GO_ON;
		case VERB_ARGUMENT_HELP:
			return EXIT_DONE;
		case VERB_ARGUMENT_WRONG:
			return EXIT_WRONG_USE;
		case VERB_ARGUMENT_OPTION:
			status = take_option(context, option->name, value);
			break;
		case VERB_ARGUMENT_OPERAND:
			status = take_operand
					 ? take_operand(context, value)
					 : verb_wrong_use(verb, "'%s' is not understood", value);
			break;
		}
	}
	return status;
}

#define HELP_INDENT 34
#define HELP_WIDTH  96

/* Text broken between words where a terminal line ends; an empty line begins a paragraph. */
static void print_wrapped(const char *text, int indent)
{
	size_t left = (size_t)indent, column = left;
	while (*text) {
		size_t word = strcspn(text, " \n"), blank = strspn(text + word, " \n");
		if (column > left && column + 1 + word > HELP_WIDTH) {
			printf("\n%*s", indent, "");
			column = left;
		} else if (column > left) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)word, text);
		column += word;
		if (blank >= 2 && strncmp(text + word, "\n\n", 2) == 0) {
			printf("\n\n%*s", indent, "");
			column = left;
		}
		text += word + blank;
	}
	putchar('\n');
}

static const char *exit_status(const struct verb *verb)
{
	return verb->exit_status ? verb->exit_status
				 : "0 done, 1 the input or the machine is at fault, 2 wrong use.";
}

void verb_print_help(const struct verb *verb)
{
	printf("Usage: stalenode %s %s\n\n", verb->name, verb->synopsis);
	print_wrapped(verb->description, 0);
	printf("\nOptions:\n");
	for (const struct verb_option *option = verb->options; option && option->name; option++) {
		char head[80];
		snprintf(head, sizeof head, "%c%c%s--%s%s%s", option->letter ? '-' : ' ',
			 option->letter ? option->letter : ' ', option->letter ? ", " : "  ",
			 option->name, option->argument ? " " : "",
			 option->argument ? option->argument : "");
		if (strlen(head) > 30)
			printf("  %s\n%*s", head, HELP_INDENT, "");
		else
			printf("  %-30s  ", head);
		print_wrapped(option->help, HELP_INDENT);
	}
	printf("  %-30s  %s\n", "-h, --help", "this text");
	printf("\nExample:\n");
	for (const char *line = verb->example; *line;) {
		size_t length = strcspn(line, "\n");
		printf("  %.*s\n", (int)length, line);
		line += length + (line[length] == '\n');
	}
	printf("\nExit status: %s\n", exit_status(verb));
}

/* roff reads a leading '.' or '\'' as a request and '\' and '-' specially. */
static void print_roff(const char *text, size_t length)
{
	bool line_start = true;
	for (size_t i = 0; i < length; i++) {
		if (line_start && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", stdout);
		if (text[i] == '\\')
			fputs("\\e", stdout);
		else if (text[i] == '-')
			fputs("\\-", stdout);
		else
			putchar(text[i]);
		line_start = text[i] == '\n';
	}
}

static void print_roff_paragraphs(const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t length = end ? (size_t)(end - text) : strlen(text);
		print_roff(text, length);
		text += length;
		if (end) {
			fputs("\n.PP\n", stdout);
			text += 2;
		}
	}
	putchar('\n');
}

void verb_print_manual(const struct verb *verb)
{
	printf(".TH STALENODE\\-%s 1 \"\" \"stalenode\" \"stalenode manual\"\n", verb->name);
	printf(".SH NAME\nstalenode\\-%s \\- ", verb->name);
	print_roff(verb->summary, strlen(verb->summary));
	printf("\n.SH SYNOPSIS\n.B stalenode %s\n", verb->name);
	print_roff(verb->synopsis, strlen(verb->synopsis));
	printf("\n.SH DESCRIPTION\n");
	print_roff_paragraphs(verb->description);
	printf(".SH OPTIONS\n");
	for (const struct verb_option *option = verb->options; option && option->name; option++) {
		printf(".TP\n");
		if (option->letter)
			printf(".B \\-%c\\fR, \\fB", option->letter);
		else
			printf(".B ");
		printf("\\-\\-");
		print_roff(option->name, strlen(option->name));
		if (option->argument) {
			printf(" \\fI");
			print_roff(option->argument, strlen(option->argument));
			printf("\\fR");
		}
		putchar('\n');
		print_roff(option->help, strlen(option->help));
		putchar('\n');
	}
	printf(".TP\n.B \\-h\\fR, \\fB\\-\\-help\nprint a help text and exit\n");
	printf(".SH EXIT STATUS\n%s\n", exit_status(verb));
	printf(".SH EXAMPLES\n.nf\n");
	print_roff(verb->example, strlen(verb->example));
	printf("\n.fi\n.SH SEE ALSO\n.BR stalenode (1)\n");
}
