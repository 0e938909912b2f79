/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_path: "STATE/NAME" taken apart. */
#ifndef STALENODE_TARGET_PATH_H
#define STALENODE_TARGET_PATH_H

#include "../base/failure.h"
#include "../target.h"

struct target_path {
	char state[4096]; /* "." when the path has no directory */
	char name[TARGET_NAME_SIZE];
	char ledger[4096 + 64];
	char rrd[4096 + 64];
};

/* EXIT_FAILED with the mend when it is no target's directory (it has no ledger). */
int target_path_split(struct target_path *split, const char *path, struct failure *failure);

#endif
