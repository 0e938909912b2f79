/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plain_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD";

/* Length of the well-formed sequence at text and its code point, or 0 (RFC 3629: no overlong
 * forms, no surrogates, nothing above U+10FFFF). The text's NUL ends any sequence. */
static size_t decode(const unsigned char *text, uint32_t *code)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length;
	if (text[0] < 0x80) {
		*code = text[0];
		return 1;
	} else if ((text[0] & 0xE0) == 0xC0) {
		length = 2;
		*code = text[0] & 0x1Fu;
	} else if ((text[0] & 0xF0) == 0xE0) {
		length = 3;
		*code = text[0] & 0x0Fu;
	} else if ((text[0] & 0xF8) == 0xF0) {
		length = 4;
		*code = text[0] & 0x07u;
	} else {
		return 0;
	}
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3Fu);
	}
	bool surrogate = *code >= 0xD800 && *code <= 0xDFFF;
	return *code < smallest[length] || surrogate || *code > 0x10FFFF ? 0 : length;
}

static bool harmful(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code <= 0x9F) ||	     /* control characters */
	       code == 0x061C || code == 0x200E || code == 0x200F || /* direction marks */
	       (code >= 0x2028 && code <= 0x202E) || /* separators, embeddings, overrides */
	       (code >= 0x2066 && code <= 0x2069) || /* isolates */
	       code == 0xFEFF || (code & 0xFFFE) == 0xFFFE;
}

void plain_character(const char **text, char character[PLAIN_CHARACTER_SIZE])
{
	uint32_t code = 0;
	size_t length = decode((const unsigned char *)*text, &code);
	if (length == 0 || harmful(code)) {
		memcpy(character, replacement, sizeof replacement);
		*text += length ? length : 1;
		return;
	}
	memcpy(character, *text, length);
	character[length] = '\0';
	*text += length;
}

char *plain_text(const char *text, char *plain, size_t size)
{
	size_t used = 0;
	while (*text) {
		char character[PLAIN_CHARACTER_SIZE];
		plain_character(&text, character);
		size_t length = strlen(character);
		if (used + length >= size)
			break;
		memcpy(plain + used, character, length);
		used += length;
	}
	plain[used] = '\0';
	return plain;
}

void plain_text_csv(const char *text, FILE *stream)
{
	bool quoted = strpbrk(text, ",\"\n\r") != NULL;
	if (quoted)
		putc('"', stream);
	if (*text && strchr("=+-@", *text))
		putc('\'', stream);
	while (*text) {
		char character[PLAIN_CHARACTER_SIZE];
		plain_character(&text, character);
		fputs(character, stream);
		if (character[0] == '"')
			putc('"', stream);
	}
	if (quoted)
		putc('"', stream);
}
