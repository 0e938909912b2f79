/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ini_file.h"

#include "whole_file.h"

#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\v\f";

struct ini_reading {
	const struct ini_handler *handler;
	void *context;
	const char *text; /* not yet read */
	int line;	  /* the last one read, from 1 */
	bool in_section;
	struct failure mistake; /* the first one, in that line */
};

static void take_section(struct ini_reading *reading, const char *heading, size_t length)
{
	static const char allowed[] = "write '[section]' alone on its line";
	char name[INI_SECTION_MAX + 1];
	const char *end = memchr(heading, ']', length);
	if (!end) {
		fail(&reading->mistake, EXIT_WRONG_USE, "a heading without ']': %s", allowed);
		return;
	}
	const char *rest = end + 1, *begin = heading + 1;
	size_t rest_length = length - (size_t)(rest - heading);
	size_t blank = 0;
	while (blank < rest_length && strchr(blanks, rest[blank]))
		blank++;
	if (rest_length && (blank == 0 || rest[blank] != ';')) {
		fail(&reading->mistake, EXIT_WRONG_USE, "'%.*s' behind a heading: %s",
		     (int)rest_length, rest, allowed);
		return;
	}
	while (begin < end && strchr(blanks, *begin))
		begin++;
	while (end > begin && strchr(blanks, end[-1]))
		end--;
	memcpy(name, begin, (size_t)(end - begin));
	name[end - begin] = '\0';
	reading->in_section = true;
	reading->handler->section(reading->context, reading->line, name, &reading->mistake);
}

/* The next line as inih is to see it. Headings are not for inih, which would cut long ones short
 * and keep those without keys to itself; neither is indentation, which it would take for more of
 * the value before. */
static const char *next_line(struct ini_reading *reading, size_t *length)
{
	const char *line = reading->text;
	size_t whole = strcspn(line, "\n");
	reading->text += whole + (line[whole] == '\n');
	reading->line++;
	while (whole && strchr(blanks, *line)) {
		line++;
		whole--;
	}
	while (whole && strchr(blanks, line[whole - 1]))
		whole--;
	*length = 0;
	if (whole == 0 || *line == ';' || *line == '#')
		return line;
	if (whole > INI_LINE_MAX)
		fail(&reading->mistake, EXIT_WRONG_USE,
		     "a line of %zu bytes: %d at most are allowed", whole, INI_LINE_MAX);
	else if (*line == '[')
		take_section(reading, line, whole);
	else
		*length = whole;
	return line;
}

/* As fgets(), for inih. */
static char *read_line(char *buffer, int size, void *context)
{
	struct ini_reading *reading = context;
	size_t length;
	if (reading->mistake.status != EXIT_DONE || *reading->text == '\0')
		return NULL;
	const char *line = next_line(reading, &length);
	if (reading->mistake.status != EXIT_DONE)
		return NULL;
	if (length + 2 > (size_t)size) {
		fail(&reading->mistake, EXIT_WRONG_USE, "a line of %zu bytes: too long", length);
		return NULL;
	}
	memcpy(buffer, line, length);
	memcpy(buffer + length, "\n", 2);
	return buffer;
}

static int take_entry(void *context, const char *section, const char *key, const char *value)
{
	struct ini_reading *reading = context;
	(void)section;
	if (reading->mistake.status != EXIT_DONE)
		return 0;
	if (!reading->in_section)
		fail(&reading->mistake, EXIT_WRONG_USE,
		     "'%.60s' stands before the first heading: write '[section]' above it", key);
	else
		reading->handler->entry(reading->context, reading->line, key, value,
					&reading->mistake);
	return reading->mistake.status == EXIT_DONE;
}

static int line_of(const char *text, const char *place)
{
	int line = 1;
	for (; text < place; text++)
		line += *text == '\n';
	return line;
}

static int parse(struct ini_reading *reading, const char *path, struct failure *failure)
{
	/* Editors of some systems begin a text with a byte order mark. */
	if (strncmp(reading->text, "\xef\xbb\xbf", 3) == 0)
		reading->text += 3;
	int line = ini_parse_stream(read_line, reading, take_entry, reading);
	if (line < 0)
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	/* inih goes on behind a line that it does not understand, and tells the first. */
	if (line > 0 && (reading->mistake.status == EXIT_DONE || line < reading->line))
		return fail(failure, EXIT_WRONG_USE,
			    "%s:%d: neither 'key = value' nor '[section]': write one of them, or "
			    "a '#' in front",
			    path, line);
	if (reading->mistake.status != EXIT_DONE)
		return fail(failure, reading->mistake.status, "%s:%d: %s", path, reading->line,
			    reading->mistake.text);
	return 0;
}

int ini_file_read(const char *path, const struct ini_handler *handler, void *context, int *lines,
		  struct failure *failure)
{
	char *text;
	size_t length;
	struct failure unreadable = {0};
	if (whole_file_read(path, INI_FILE_MAX, &text, &length, &unreadable) != 0)
		return fail(failure, EXIT_WRONG_USE, "%s: name a readable text", unreadable.text);
	struct ini_reading reading = {.handler = handler, .context = context, .text = text};
	int result;
	const char *zero = memchr(text, '\0', length);
	if (zero)
		result = fail(failure, EXIT_WRONG_USE,
			      "%s:%d: a zero byte: only text is allowed here", path,
			      line_of(text, zero));
	else
		result = parse(&reading, path, failure);
	*lines = reading.line;
	free(text);
	return result;
}
