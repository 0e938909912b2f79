/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * whole_file: a result file is written whole or not at all: into a temporary file beside it,
 * synchronised, then renamed over the old one. */
#ifndef STALENODE_WHOLE_FILE_H
#define STALENODE_WHOLE_FILE_H

#include "failure.h"

#include <stdio.h>

struct whole_file {
	FILE *stream; /* write here; NULL after close or abandon */
	char path[4096];
	char temporary_path[4096 + 16];
};

/* Opens the temporary file beside path, mode 0644 less the umask. -1 and *failure on error. */
int whole_file_open(struct whole_file *file, const char *path, struct failure *failure);
/* Flushes, synchronises and renames into place; on any error removes the temporary file, leaves
 * the old file as it was, and returns -1. */
int whole_file_close(struct whole_file *file, struct failure *failure);
/* Removes the temporary file; does nothing after a close. */
void whole_file_abandon(struct whole_file *file);

/* Reads a whole file of at most `limit` bytes into *content (malloc'd, NUL-terminated, the
 * caller frees) and its length into *length. */
int whole_file_read(const char *path, size_t limit, char **content, size_t *length,
		    struct failure *failure);

/* Creates the directory and its missing parents (mode 0755). */
int make_directories(const char *path, struct failure *failure);

/* 1 when the directory has no entry, 0 when it has, -1 when it cannot be read. */
int directory_is_empty(const char *path);

#endif
