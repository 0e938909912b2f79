/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * geo_copy: a copy of somebody else's file in a directory of our own, made anew when the original
 * is replaced, a piece at a time. See geo.h for why. */
#ifndef STALENODE_GEO_COPY_H
#define STALENODE_GEO_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define GEO_COPY_STEP (1u << 20) /* bytes copied at a time */
/* Larger than every database known; a larger file is none. */
#define GEO_COPY_MAX ((off_t)1 << 30)

/* What tells whether a file is still the same. */
struct geo_copy_stamp {
	uint64_t device, inode;
	int64_t size, modified_s, modified_ns;
};

struct geo_copy {
	unsigned number; /* the user's own */
	char original[4096], directory[4096], path[4096 + 32], temporary[4096 + 64];
	struct geo_copy_stamp stamp; /* of the original that was copied, or tried, last */
	int from, to;		     /* descriptors while a copy is under way; else -1 */
};

enum geo_copy_result {
	GEO_COPY_IDLE,	    /* nothing to do */
	GEO_COPY_UNDER_WAY, /* call again */
	GEO_COPY_READY,	    /* a whole copy is in `temporary`: keep it or end it */
	GEO_COPY_FAILED,    /* *wrong says why */
};

void geo_copy_begin(struct geo_copy *copy, unsigned number, const char *original,
		    const char *directory, const char *name);
/* Goes on with a copy that is under way. Otherwise, with `look`, begins one when the original is
 * not the one that was copied or tried last. */
enum geo_copy_result geo_copy_step(struct geo_copy *copy, bool look, const char **wrong);
/* The temporary file takes the place of the copy before. */
void geo_copy_keep(struct geo_copy *copy);
/* Removes the temporary file, if there is one. */
void geo_copy_end(struct geo_copy *copy);
bool geo_copy_exists(const struct geo_copy *copy);

/* Maps a file of ours for reading; false when it is empty or cannot be. munmap() it. */
bool geo_copy_map(const char *path, const uint8_t **content, size_t *size);

#endif
