/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "failure.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

static const char *program_name = "stalenode";

void set_program_name(const char *name)
{
	program_name = name;
}

/* Bytes of the character at text that a terminal acts upon instead of showing it, or 0: control
 * characters, in UTF-8 also those above 0x7f, and marks that turn the direction of the line. */
static size_t acting_length(const unsigned char *text)
{
	if (text[0] < 0x20 || text[0] == 0x7f)
		return 1;
	if ((text[0] == 0xc2 && text[1] >= 0x80 && text[1] <= 0x9f) ||
	    (text[0] == 0xd8 && text[1] == 0x9c))
		return 2;
	if (text[0] == 0xe2 && text[1] == 0x80 &&
	    (text[2] == 0x8e || text[2] == 0x8f || (text[2] >= 0xa8 && text[2] <= 0xae)))
		return 3;
	return text[0] == 0xe2 && text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9 ? 3 : 0;
}

static void replace_acting_characters(char *text)
{
	char *kept = text;
	while (*text) {
		size_t length = acting_length((const unsigned char *)text);
		*kept++ = length ? '?' : *text;
		text += length ? length : 1;
	}
	*kept = '\0';
}

int fail(struct failure *failure, enum exit_status status, const char *format, ...)
{
	if (!failure || failure->status != EXIT_DONE)
		return -1;
	failure->status = status;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(failure->text, sizeof failure->text, format, arguments);
	va_end(arguments);
	replace_acting_characters(failure->text);
	return -1;
}

__attribute__((format(printf, 2, 0))) static void say(const char *kind, const char *format,
						      va_list arguments)
{
	char text[1200];
	vsnprintf(text, sizeof text, format, arguments);
	replace_acting_characters(text);
	fprintf(stderr, "%s: %s%s\n", program_name, kind, text);
}

void say_error(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
}

void say_warning(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("warning: ", format, arguments);
	va_end(arguments);
}

int failure_report(const struct failure *failure)
{
	say_error("%s", failure->text[0] ? failure->text : "failed without a reason given");
	return failure->status == EXIT_DONE ? EXIT_FAILED : (int)failure->status;
}
