/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * same_file: whether two names stand for the same bytes: one file, or a copy of it. */
#ifndef STALENODE_SAME_FILE_H
#define STALENODE_SAME_FILE_H

#include <stdbool.h>

/* False also when one of them cannot be read. Reads the files only when their sizes are equal,
 * and no further than to the first difference. */
bool same_file(const char *path, const char *other);

#endif
