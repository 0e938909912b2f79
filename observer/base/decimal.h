/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * decimal: unsigned whole numbers in text, strictly: digits only, no sign, no blank, bounded;
 * and written, where printf() would take most of the time. */
#ifndef STALENODE_DECIMAL_H
#define STALENODE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads all `length` bytes of text as a number of at most `limit`; false otherwise. */
bool decimal_parse(const char *text, size_t length, uint64_t limit, uint64_t *value);

#define DECIMAL_SIZE 20
/* Writes the number's digits, as many as it has and no more; returns how many. */
size_t decimal_format(uint64_t value, char text[DECIMAL_SIZE]);

#endif
