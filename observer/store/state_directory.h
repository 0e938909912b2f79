/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * state_directory: STATE, its lock and its transactions. One process writes at a time; readers
 * need no lock, because files only grow or are replaced whole.
 *
 * An import lands whole or not at all: before it writes, the lengths of all files that it may
 * append to go to STATE/import.undo; at its end that file is removed. Whoever next opens the
 * directory for writing and finds it cuts the files back (and removes new ones), so that an
 * import that was refused or killed half-way has changed nothing.
 *
 * Files of the census are replaced, not appended to: within a transaction the old file stays as a
 * second name, FILE.before, which the undoing puts back and the end of the transaction removes. */
#ifndef STALENODE_STATE_DIRECTORY_H
#define STALENODE_STATE_DIRECTORY_H

#include "../base/failure.h"
#include "store_path.h"
#include "targets.h"

#include <stdbool.h>

struct state_directory {
	char path[4096];
	int lock;  /* descriptor of STATE/lock; -1 when closed */
	bool busy; /* the opening failed because another process has it open for writing */
	struct targets targets;
};

/* Opens for writing; creates the directory when it is absent or empty. Refuses a directory that
 * is not ours, not writable, or in use by another process. Undoes a half-done import. */
int state_directory_open(struct state_directory *state, const char *path, struct failure *failure);
/* Opens an existing directory for writing and never creates it. */
int state_directory_open_existing(struct state_directory *state, const char *path,
				  struct failure *failure);
void state_directory_close(struct state_directory *state);

int state_transaction_begin(struct state_directory *state, struct failure *failure);
/* What was written since the beginning stays. */
int state_transaction_commit(struct state_directory *state, struct failure *failure);
/* What was written since the beginning goes. */
int state_transaction_undo(struct state_directory *state, struct failure *failure);

#endif
