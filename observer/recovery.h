/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * recovery: what a process that was killed had under way, from the memory that it left. Starting
 * and recovering are one path: whoever is about to count recovers first.
 *
 * A worker that goes on with the same targets resumes: its buckets stay open and its ring is read
 * on. What nobody goes on with (another list of targets, an interface that is no longer observed,
 * an import) is closed into the ledgers. */
#ifndef STALENODE_RECOVERY_H
#define STALENODE_RECOVERY_H

#include "base/failure.h"
#include "observation_memory.h"
#include "store/targets.h"

#include <stdbool.h>

#define BOOT_ID_SIZE 40
/* The kernel's number of this boot, "" when it tells none. */
void recover_read_boot_id(char boot[BOOT_ID_SIZE]);

/* Makes memory that a former process left whole again: undoes what it was in the middle of, once,
 * and notes `boot`. After another boot the journal is not used: a power cut may have saved one
 * page and not another, and the buckets say so by their flags. */
void recover_resume(struct observation_memory *memory, const char *boot);

/* An observation that goes on: its state is left alone. */
struct recovery_goes_on {
	const char *interface;
	const struct targets *targets;
};

/* Whether anybody ever observed into that directory, so that something may be left. */
bool recover_has_work(const char *state_directory);
/* Closes the buckets that were left open and are not gone on with into the ledgers, each once,
 * with the flag "restarted", and brings the RRDs up to date. A warning tells what was found. */
int recover_open_buckets(const char *state_directory, const struct targets *all,
			 const struct recovery_goes_on *goes_on, size_t observations,
			 struct failure *failure);

#endif
