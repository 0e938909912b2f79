/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is text from outside (a name, a client, a version). As text of a page, of a drawing and
 * of a table it keeps to its place: nothing in it ends an element, a string or a field. */
#include "../../graphs/gnuplot.h"
#include "../../graphs/html.h"
#include "../../graphs/plain_text.h"

#include "harness.h"

#include <string.h>

/* Well-formed UTF-8 without what breaks or turns a line. */
static void check_plain(const char *text)
{
	static const char *const turns[] = {"\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6",
					    "\xE2\x80\xA8", "\xE2\x80\x8F", "\xEF\xBB\xBF"};
	for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++)
		promise(!strstr(text, turns[i]));
	for (const char *next = text; *next; next++)
		promise((unsigned char)*next >= 0x20 && *next != 0x7F);
	for (const char *next = text; *next;) {
		const char *before = next;
		char character[PLAIN_CHARACTER_SIZE];
		plain_character(&next, character);
		promise((size_t)(next - before) == strlen(character) &&
			strncmp(before, character, strlen(character)) == 0);
	}
}

static char *written(void (*write)(FILE *, const char *), const char *text)
{
	char *bytes = NULL;
	size_t length;
	FILE *stream = open_memstream(&bytes, &length);
	promise(stream != NULL);
	write(stream, text);
	promise(fclose(stream) == 0 && strlen(bytes) == length);
	return bytes;
}

static void write_csv(FILE *stream, const char *text)
{
	plain_text_csv(text, stream);
}

/* In an element and in an attribute of either quote. */
static void check_html(const char *text)
{
	static const char *const references[] = {"&amp;",  "&lt;",  "&gt;",
						 "&quot;", "&#39;", "&#96;"};
	char *html = written(html_text, text);
	check_plain(html);
	promise(!strpbrk(html, "<>\"'`"));
	for (const char *next = html; (next = strchr(next, '&')); next++) {
		bool known = false;
		for (size_t i = 0; i < sizeof references / sizeof references[0]; i++)
			known = known || strncmp(next, references[i], strlen(references[i])) == 0;
		promise(known);
	}
	free(html);
}

/* One string in single quotes: in those gnuplot knows no other end, no escape, no command. */
static void check_gnuplot(const char *text)
{
	char *quoted = written(gnuplot_quote, text);
	size_t length = strlen(quoted);
	check_plain(quoted);
	promise(length >= 2 && quoted[0] == '\'' &&
		strchr(quoted + 1, '\'') == quoted + length - 1);
	free(quoted);
}

/* One field, and no formula. */
static void check_csv(const char *text)
{
	char *field = written(write_csv, text);
	check_plain(field);
	size_t length = strlen(field), quotes = 0;
	bool quoted = field[0] == '"';
	for (size_t i = 0; i < length; i++)
		quotes += field[i] == '"';
	promise(quoted ? quotes % 2 == 0 && length >= 2 && field[length - 1] == '"'
		       : !strpbrk(field, ",\""));
	promise(!field[0] || !strchr("=+-@", field[quoted]));
	free(field);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), plain[40];
	promise(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	check_html(text);
	check_gnuplot(text);
	check_csv(text);
	check_plain(plain_text(text, plain, sizeof plain));
	free(text);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const char *const seeds[] = {
		"Winny 2b71",
		"<script>alert('`1`')</script>\"&amp;",
		"`touch x`'; system('touch x') #\\",
		"=cmd|' /C calc'!A0,\"\"\r\n@SUM(1)",
		"\xE2\x80\xAE gnp.exe \xE2\x81\xA6\xEF\xBB\xBF\xE2\x80\xA8\xE6\x97\xA5\xE6\x9C\xAC",
		"%s%n%x @macro {/Symbol a}_b^c <span foreground='red'>x</span>",
		"\xC0\xAF\xED\xA0\x80\xF4\x90\x80\x80\xFF\x80\x7F\x01",
	};
	if (number >= sizeof seeds / sizeof seeds[0])
		return false;
	put_bytes(seed, seeds[number], strlen(seeds[number]));
	return true;
}
