/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * plain_text: text from outside (names, clients, versions) made harmless before it reaches a
 * figure or a page. What is not well-formed UTF-8, a control character, a line or paragraph
 * separator, a byte order mark, or a mark that turns the reading direction becomes U+FFFD: the
 * reader sees that something stood there, and it can neither break a line nor reorder one. */
#ifndef STALENODE_PLAIN_TEXT_H
#define STALENODE_PLAIN_TEXT_H

#include <stddef.h>
#include <stdio.h>

#define PLAIN_CHARACTER_SIZE 5 /* one UTF-8 character and its NUL */

/* Takes the next character off *text (which must not be at its end) and writes it, harmless and
 * NUL-terminated, into character. */
void plain_character(const char **text, char character[PLAIN_CHARACTER_SIZE]);

/* The whole text into plain[size], cut off between two characters when it does not fit; returns
 * plain. */
char *plain_text(const char *text, char *plain, size_t size);

/* The whole text as one field of a CSV, quoted where it must be. A table calculator takes what
 * begins with = + - or @ for a formula: an apostrophe goes before it. */
void plain_text_csv(const char *text, FILE *stream);

#endif
