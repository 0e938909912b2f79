/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * utf16: text of Windows in UTF-16, either octet first, becomes UTF-8 as it comes (RFC 2781, RFC
 * 3629). What is no UTF-16 becomes U+FFFD; nothing fails. */
#ifndef STALENODE_UTF16_H
#define STALENODE_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct utf16 {
	bool big;	/* the high octet comes first */
	bool has_first; /* of two octets only the first has come */
	uint8_t first;
	uint16_t high; /* half of a pair of surrogates whose other half has not come; 0: none */
};

/* Whether a text that begins so is UTF-16: it has a byte order mark, or two letters of ASCII. */
bool utf16_recognise(struct utf16 *utf16, const uint8_t *octets, size_t length);

/* Octets that text[] needs for so many octets of UTF-16, and at the end. */
#define UTF16_ROOM(length) (((length) + 1) / 2 * 3 + 3)

/* The number of octets written to text[]. Halves wait for the next call. */
size_t utf16_convert(struct utf16 *utf16, const uint8_t *octets, size_t length, char *text);
/* Behind the last octet: what still waited. */
size_t utf16_end(struct utf16 *utf16, char *text);

#endif
