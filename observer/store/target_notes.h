/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_notes: what is kept of a target while packets come, beside the counts: the memory of its
 * sources, the evidence, the census of the day. Written by whoever counts, as he counts;
 * target_store has what is written when a bucket closes. */
#ifndef STALENODE_TARGET_NOTES_H
#define STALENODE_TARGET_NOTES_H

#include "../base/failure.h"
#include "census.h"
#include "evidence.h"
#include "source_memory.h"
#include "store_path.h"

struct target_notes {
	char sources_path[STORE_PATH_SIZE];
	struct source_memory sources;
	struct evidence evidence;
	struct census census;
	void *memory; /* owned; NULL when it is the caller's */
};

struct target_notes_options {
	size_t *sources_left;	       /* see source_memory.h; NULL for no such bound */
	uint64_t evidence_budget;      /* bytes per UTC day; 0 keeps none */
	struct geo *geo;	       /* not owned; NULL counts neither countries nor systems */
	struct anonymiser *anonymiser; /* not owned; NULL leaves addresses in evidence */
	/* Memory of target_notes_memory() bytes, aligned to 8, that outlives the process, and the
	 * region that it lies in. NULL for memory of this process alone. */
	void *memory;
	const struct journal_region *region;
	struct census_capacity census; /* the same whenever the memory is opened */
	/* Files that are replaced stay until the transaction of the state directory ends. */
	bool in_transaction;
};

size_t target_notes_memory(const struct census_capacity *capacity);
/* Where the census begins in that memory. */
void *target_notes_census(void *memory);

/* `directory` is the target's, and there. `noted`: how many sources were told as new since
 * `since` (see source_memory.h). An agent's, with memory that
 * outlives it, are written as they come. */
int target_notes_open(struct target_notes *notes, const char *directory, int64_t since,
		      uint64_t noted, const struct target_notes_options *options,
		      struct failure *failure);
/* The end of a run: writes the census, closes the evidence, saves the sources. */
int target_notes_finish(struct target_notes *notes, struct failure *failure);
/* Frees everything. What was not finished is not written. */
void target_notes_close(struct target_notes *notes);

#endif
