/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * targets: STATE/targets, the list of targets of a state directory and the mark that the
 * directory is ours. Tab-separated: line 1 "stalenode-targets 1", line 2 the column names after
 * a '#', then one target per line; "-" for what is unknown. */
#ifndef STALENODE_TARGETS_H
#define STALENODE_TARGETS_H

#include "../base/failure.h"
#include "../target.h"

#include <stddef.h>

struct targets {
	struct target *target; /* owned, TARGETS_MAX at most */
	size_t targets;
};

/* Reads STATE/targets. EXIT_FAILED with file, line and mend when it is absent or damaged. Free
 * with targets_free(). */
int targets_read(struct targets *targets, const char *state_directory, struct failure *failure);
/* Writes it whole. */
int targets_write(const struct targets *targets, const char *state_directory,
		  struct failure *failure);
void targets_free(struct targets *targets);
struct target *targets_find(const struct targets *targets, const char *name);

/* Adds a target, or brings the one of the same name up to date: what `given` knows replaces
 * what was recorded. Another address or port under a recorded name is refused: it would mix two
 * nodes in one ledger. */
int targets_add(struct targets *targets, const struct target *given, struct failure *failure);

/* Parses one more --target into given[TARGETS_MAX]; a name may be given once. EXIT_WRONG_USE. */
int targets_append_given(struct target *given, size_t *count, const char *text,
			 struct failure *failure);

#endif
