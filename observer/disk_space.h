/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * disk_space: the file system that a path lies on: its room and its kind. */
#ifndef STALENODE_DISK_SPACE_H
#define STALENODE_DISK_SPACE_H

#include <stdbool.h>
#include <stdint.h>

struct disk_space {
	bool known;	     /* false: the rest is 0 */
	uint64_t free_bytes; /* for a user without privileges */
	uint64_t size_bytes; /* used and free_bytes: what `df` calls 100 % */
	uint64_t free_files; /* UINT64_MAX when the file system has no such limit */
	bool read_only;	     /* mounted so, perhaps by the kernel after an error */
	unsigned long magic; /* f_type of statfs(2) */
};

struct disk_space disk_space_of(const char *path);

/* The share that is free, 0 to 1; NAN when unknown. */
double disk_space_free_share(const struct disk_space *disk);

#define BYTES_TEXT_SIZE 32
/* "512 B", "13.5 MB", "75.3 GB", decimal units, into text[BYTES_TEXT_SIZE]; returns text. */
char *bytes_text(uint64_t bytes, char text[BYTES_TEXT_SIZE]);

#endif
