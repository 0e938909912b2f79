/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * language: what a person is told in. Text is UTF-8. */
#ifndef STALENODE_LANGUAGE_H
#define STALENODE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

enum language { LANGUAGE_ENGLISH, LANGUAGE_JAPANESE, LANGUAGES };

/* "en" or "ja"; false for anything else. */
bool language_parse(const char *text, enum language *language);
/* "en", "ja". */
const char *language_code(enum language language);

/* Columns that the text takes on a terminal: 2 for each letter of East Asian full width, 1 for
 * any other. */
size_t language_columns(const char *text);

/* Copies the pattern into text, with $1 to $9 replaced by argument[0] and so on (NULL: nothing),
 * and "{alert|alerts}" by its first half where the argument before it is "1", else by its second;
 * its length, or -1 when it does not fit: text then holds its beginning, never half a letter. */
int language_fill(char *text, size_t size, const char *pattern, const char *const *argument,
		  size_t arguments);

#endif
