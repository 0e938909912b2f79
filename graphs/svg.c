/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "svg.h"

#include "html.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char canvas[] = "<g id=\"gnuplot_canvas\">";
static const char family[] = "font-family=\"" FIGURE_FONT;
/* Verdana has the same widths as DejaVu Sans, so labels still fit where only it is installed. */
static const char families[] = "font-family=\"" FIGURE_FONT ",Verdana,IPAexGothic,sans-serif\"";
static const char bold[] = ":Bold"; /* gnuplot's svg terminal leaves it in the family's name */

static void write_head(FILE *tidy, const struct figure_description *description)
{
	fprintf(tidy,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" "
		"xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"%.2fmm\" height=\"%.2fmm\" "
		"viewBox=\"0 0 %d %d\" role=\"img\">\n",
		FIGURE_WIDTH * 25.4 / 96, FIGURE_HEIGHT * 25.4 / 96, FIGURE_WIDTH, FIGURE_HEIGHT);
	html_print(tidy, "<title>%s</title>\n<desc>%s</desc>\n", description->title,
		   description->text);
}

static bool starts(const char *text, const char *end, const char *with)
{
	size_t length = strlen(with);
	return (size_t)(end - text) >= length && memcmp(text, with, length) == 0;
}

/* One tag, from '<' to '>', with runs of white space narrowed to one blank. */
static void write_tag(FILE *tidy, const char *next, const char *end)
{
	bool blank = false;
	while (next < end) {
		if (isspace((unsigned char)*next)) {
			blank = true;
			next++;
			continue;
		}
		if (blank && *next != '>' && *next != '/')
			putc(' ', tidy);
		blank = false;
		if (!starts(next, end, family)) {
			putc(*next++, tidy);
			continue;
		}
		next += sizeof family - 1;
		fputs(families, tidy);
		if (starts(next, end, bold)) {
			next += sizeof bold - 1;
			fputs(" font-weight=\"bold\"", tidy);
		}
		next += starts(next, end, "\"");
	}
}

static bool tag_is(const char *tag, size_t length, const char *name)
{
	size_t name_length = strlen(name);
	return length > name_length && memcmp(tag, name, name_length) == 0 &&
	       (isspace((unsigned char)tag[name_length]) || tag[name_length] == '>');
}

static const char *skip_blank(const char *next, const char *end)
{
	while (next < end && isspace((unsigned char)*next))
		next++;
	return next;
}

/* gnuplot escapes & and <, but lets "&#" through, as the beginning of a letter by its number, and
 * "]]>", which XML has for something else. */
static void write_text(FILE *tidy, const char *next, const char *end)
{
	static const char *const passed[] = {"&#", "]]>"}, *const mended[] = {"&amp;#", "]]&gt;"};
	while (next < end) {
		size_t i = 0;
		while (i < 2 && !starts(next, end, passed[i]))
			i++;
		if (i == 2) {
			putc(*next++, tidy);
			continue;
		}
		fputs(mended[i], tidy);
		next += strlen(passed[i]);
	}
}

/* gnuplot calls its plots by numbers, or by what its last tick said: nothing to tell a reader. */
static const char *skip_title(const char *next, const char *end)
{
	static const char closed[] = "</title>";
	const char *close = starts(next, end, "<title>")
				    ? memmem(next, (size_t)(end - next), closed, sizeof closed - 1)
				    : NULL;
	return close ? close + sizeof closed - 1 : next;
}

/* Attribute values of gnuplot hold no '<' or '>': text in them is ours. */
static void write_body(FILE *tidy, const char *next, const char *end)
{
	while (next < end) {
		if (*next != '<') {
			const char *tag = memchr(next, '<', (size_t)(end - next));
			const char *text_end = tag ? tag : end;
			if (skip_blank(next, text_end) < text_end)
				write_text(tidy, next, text_end);
			next = text_end;
			continue;
		}
		const char *behind = skip_title(next, end);
		if (behind > next) {
			next = behind;
			continue;
		}
		const char *close = memchr(next, '>', (size_t)(end - next));
		size_t length = close ? (size_t)(close - next) + 1 : (size_t)(end - next);
		const char *after = skip_blank(next + length, end);
		bool empty_group = tag_is(next, length, "<g") && (size_t)(end - after) >= 4 &&
				   memcmp(after, "</g>", 4) == 0;
		if (empty_group) {
			next = after + 4;
			continue;
		}
		write_tag(tidy, next, next + length);
		if (tag_is(next, length, "</g"))
			putc('\n', tidy);
		next += length;
	}
	putc('\n', tidy);
}

int svg_tidy(const char *drawing, size_t length, const struct figure_description *description,
	     char **tidy, size_t *tidy_length, struct failure *failure)
{
	const char *body = memmem(drawing, length, canvas, sizeof canvas - 1);
	if (!body)
		return fail(failure, EXIT_FAILED, "gnuplot wrote an SVG of an unknown form");
	*tidy = NULL;
	FILE *stream = open_memstream(tidy, tidy_length);
	if (!stream)
		return fail(failure, EXIT_FAILED, "out of memory for a figure");
	write_head(stream, description);
	write_body(stream, body, drawing + length);
	bool failed = ferror(stream) != 0;
	if (fclose(stream) != 0 || failed) {
		free(*tidy);
		*tidy = NULL;
		return fail(failure, EXIT_FAILED, "out of memory for a figure");
	}
	return 0;
}
