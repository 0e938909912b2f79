/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "language.h"

#include <stdint.h>
#include <string.h>

static const char *const code[LANGUAGES] = {
	[LANGUAGE_ENGLISH] = "en",
	[LANGUAGE_JAPANESE] = "ja",
};

bool language_parse(const char *text, enum language *language)
{
	for (int i = 0; i < LANGUAGES; i++)
		if (strcmp(text, code[i]) == 0) {
			*language = (enum language)i;
			return true;
		}
	return false;
}

const char *language_code(enum language language)
{
	return code[language];
}

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Hangul Jamo, CJK from radicals to the compatibility forms, and the full-width forms: the ranges
 * of UAX 11 that words of a page can hold. */
static bool wide(uint32_t letter)
{
	return (letter >= 0x1100 && letter <= 0x115f) || (letter >= 0x2e80 && letter <= 0xa4cf) ||
	       (letter >= 0xac00 && letter <= 0xd7a3) || (letter >= 0xf900 && letter <= 0xfaff) ||
	       (letter >= 0xfe30 && letter <= 0xfe6f) || (letter >= 0xff00 && letter <= 0xff60) ||
	       (letter >= 0xffe0 && letter <= 0xffe6);
}

size_t language_columns(const char *text)
{
	size_t columns = 0;
	while (*text) {
		unsigned char first = (unsigned char)*text++;
		uint32_t letter = first < 0x80	 ? first
				  : first < 0xe0 ? first & 0x1fu
				  : first < 0xf0 ? first & 0x0fu
						 : first & 0x07u;
		while (continues(*text))
			letter = letter << 6 | ((unsigned char)*text++ & 0x3fu);
		columns += wide(letter) ? 2 : 1;
	}
	return columns;
}

/* Appends the bytes to what fits of text; false when it did not fit: half a letter at the end goes,
 * back to where its bytes begin. */
static bool append(char *text, size_t size, size_t *length, const char *piece, size_t bytes)
{
	bool fits = *length + bytes < size;
	if (!fits)
		bytes = size - 1 - *length;
	memcpy(text + *length, piece, bytes);
	*length += bytes;
	if (!fits && continues(piece[bytes])) {
		while (*length > 0 && continues(text[*length - 1]))
			(*length)--;
		*length -= *length > 0;
	}
	text[*length] = '\0';
	return fits;
}

int language_fill(char *text, size_t size, const char *pattern, const char *const *argument,
		  size_t arguments)
{
	size_t length = 0;
	bool one = false;
	if (size == 0)
		return -1;
	text[0] = '\0';
	for (const char *next = pattern; *next; next++) {
		const char *piece = next;
		size_t bytes = 1;
		if (*next == '$' && next[1] >= '1' && next[1] <= '9') {
			size_t index = (size_t)(*++next - '1');
			piece = index < arguments && argument[index] ? argument[index] : "";
			bytes = strlen(piece);
			one = strcmp(piece, "1") == 0;
		} else if (*next == '{') {
			const char *bar = next + strcspn(next, "|");
			const char *end = bar + strcspn(bar, "}");
			if (*end) {
				piece = one ? next + 1 : bar + 1;
				bytes = (size_t)((one ? bar : end) - piece);
				next = end;
			}
		}
		if (!append(text, size, &length, piece, bytes))
			return -1;
	}
	return (int)length;
}
