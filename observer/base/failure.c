/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "failure.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static const char *program_name = "stalenode";

void set_program_name(const char *name)
{
	program_name = name;
}

static void replace_control_characters(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
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
	replace_control_characters(failure->text);
	return -1;
}

__attribute__((format(printf, 2, 0))) static void say(const char *kind, const char *format,
						      va_list arguments)
{
	char text[1200];
	vsnprintf(text, sizeof text, format, arguments);
	replace_control_characters(text);
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
