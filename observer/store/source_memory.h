/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * source_memory: the source addresses (as fingerprints) that a target has heard of since its
 * retirement, or since the record began when that is not known; it counts the sources that are
 * new in a bucket. Kept beside the ledger in STATE/<target>/sources: a header of 16 bytes (mark,
 * `since`), then 8 bytes each in native byte order, appended as buckets close. What the file
 * holds beyond the ledger's sum of new_sources was written by a run that did not live to close
 * its bucket, and is forgotten.
 *
 * Holds SOURCE_MEMORY_MAX entries at most; after that unknown sources are not counted as new and
 * the bucket is flagged: new_sources is then a lower bound. */
#ifndef STALENODE_SOURCE_MEMORY_H
#define STALENODE_SOURCE_MEMORY_H

#include "../base/failure.h"
#include "fingerprint_set.h"

#include <stdbool.h>

#define SOURCE_MEMORY_MAX 131072
struct source_memory {
	int64_t since; /* UTC seconds; TIME_UNKNOWN for the beginning of the record */
	struct fingerprint_set set;
	uint64_t *fresh; /* owned; entries that are not in the file yet */
	size_t fresh_count, fresh_capacity;
	/* An agent's: each new entry is written as it comes. -1 for an import. */
	int descriptor;
	bool unsaved; /* that failed: the whole file is to be written */
	/* Entries that may still be taken in, shared with other memories; NULL for no such bound.
	 */
	size_t *left;
};

/* From now on each new entry is handed to the kernel at once, so that the file holds, after a kill
 * of the process, what was counted. What cannot be written is tried again by
 * source_memory_save(). */
void source_memory_write_at_once(struct source_memory *memory, const char *path);

enum fingerprint_seen source_memory_note(struct source_memory *memory, uint64_t fingerprint);
/* Forgets everything and begins anew at that time. */
void source_memory_begin(struct source_memory *memory, int64_t since);
void source_memory_free(struct source_memory *memory);

/* Reads the first `entries` of the file. An absent file, and one with another `since`, is an
 * empty memory; a file that is none of ours is a failure. */
int source_memory_load(struct source_memory *memory, const char *path, int64_t since,
		       uint64_t entries, size_t *left, struct failure *failure);
/* Writes what is fresh behind what the file is known to hold; the rest of the file is cut. */
int source_memory_save(struct source_memory *memory, const char *path, struct failure *failure);

#endif
