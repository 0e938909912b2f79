/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * field: pieces of a line of a log. A slice is a pointer and a length into the line: nothing is
 * copied, nothing ends with a zero octet, and no function here reads past the end that it is
 * given. */
#ifndef STALENODE_FIELD_H
#define STALENODE_FIELD_H

#include "../../observer/target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *text;
	size_t length;
};

static inline struct slice slice_between(const char *begin, const char *end)
{
	return (struct slice){begin, (size_t)(end - begin)};
}

static inline bool is_digit(char character)
{
	return character >= '0' && character <= '9';
}

static inline bool is_letter(char character)
{
	return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

static inline char lower_case(char character)
{
	return character >= 'A' && character <= 'Z' ? (char)(character + 32) : character;
}

/* Whether the text at `at` begins with these letters. */
static inline bool begins_with(const char *at, const char *end, const char *letters)
{
	size_t length = strlen(letters);
	return (size_t)(end - at) >= length && memcmp(at, letters, length) == 0;
}

/* The same whatever the case; `letters` in lower case. */
bool begins_with_any_case(const char *at, const char *end, const char *letters);
bool slice_is(struct slice slice, const char *letters);
bool slice_is_any_case(struct slice slice, const char *letters);
/* Where the letters first stand, or NULL. */
const char *find_letters(const char *at, const char *end, const char *letters);
/* Without blanks and a pair of quotes around it. */
struct slice slice_trimmed(struct slice slice);

/* The digits at `at` as a number of at most `limit`: the first character behind them, or NULL when
 * there are none or too many. */
const char *scan_number(const char *at, const char *end, uint32_t limit, uint32_t *value);
/* The whole slice; false leaves *value alone. With 0x it is hexadecimal. */
bool slice_number(struct slice slice, uint32_t limit, uint32_t *value);

/* The address at `at`, also in brackets: the first character behind it, or NULL. An IPv6 address
 * may be followed by ".443", the port as tcpdump writes it, which is left for the caller. */
const char *scan_ipv4(const char *at, const char *end, struct address *address);
const char *scan_address(const char *at, const char *end, struct address *address);
bool slice_address(struct slice slice, struct address *address);

#endif
