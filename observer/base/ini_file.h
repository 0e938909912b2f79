/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ini_file: a small text of "[section]" headings and "key = value" lines, read through inih and
 * more strictly than inih itself: a section without keys is told too, names and values are never
 * cut short, indentation means nothing, and a line that cannot be is a mistake.
 *
 * Comments begin with ';' or '#' at the start of a line, or with a blank and ';' behind a value.
 * A line holds INI_LINE_MAX bytes at most, comment lines any number. */
#ifndef STALENODE_INI_FILE_H
#define STALENODE_INI_FILE_H

#include "failure.h"

#define INI_LINE_MAX	190 /* inih's own buffer has 200 */
#define INI_SECTION_MAX INI_LINE_MAX
#define INI_FILE_MAX	((size_t)1 << 20)

/* What is found, in the order of the file. Each function returns 0, or -1 after fail() with the
 * mistake; file and line are put in front of it. */
struct ini_handler {
	int (*section)(void *context, int line, const char *section, struct failure *failure);
	int (*entry)(void *context, int line, const char *key, const char *value,
		     struct failure *failure);
};

/* Reads the file up to its first mistake. 0 and the number of *lines, or -1 with "FILE:LINE: what
 * is wrong", EXIT_WRONG_USE. */
int ini_file_read(const char *path, const struct ini_handler *handler, void *context, int *lines,
		  struct failure *failure);

#endif
