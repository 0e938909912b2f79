/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include "plain_text.h"

#include <stdarg.h>
#include <string.h>

void html_text(FILE *page, const char *text)
{
	while (*text) {
		char character[PLAIN_CHARACTER_SIZE];
		plain_character(&text, character);
		switch (character[0]) {
		case '&':
			fputs("&amp;", page);
			break;
		case '<':
			fputs("&lt;", page);
			break;
		case '>':
			fputs("&gt;", page);
			break;
		case '"':
			fputs("&quot;", page);
			break;
		case '\'':
			fputs("&#39;", page);
			break;
		case '`':
			fputs("&#96;", page);
			break;
		default:
			fputs(character, page);
		}
	}
}

void html_print(FILE *page, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	for (const char *next = format; *next; next++) {
		if (*next != '%') {
			putc(*next, page);
		} else if (next[1] == 's') {
			html_text(page, va_arg(list, const char *));
			next++;
		} else if (next[1] == 'd') {
			fprintf(page, "%d", va_arg(list, int));
			next++;
		} else if (next[1] == 'z' && next[2] == 'u') {
			fprintf(page, "%zu", va_arg(list, size_t));
			next += 2;
		} else if (next[1] == '%') {
			putc('%', page);
			next++;
		} else {
			break; /* what follows could not be matched with its argument */
		}
	}
	va_end(list);
}
