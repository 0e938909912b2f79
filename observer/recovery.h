/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * recovery: what a killed process had counted and not closed, from the mapped files that it left.
 * Starting and recovering are one path: whoever is about to count recovers first. */
#ifndef STALENODE_RECOVERY_H
#define STALENODE_RECOVERY_H

#include "base/failure.h"
#include "store/targets.h"

/* Closes the buckets that were left open, with the flag "restarted", into the ledgers of these
 * targets, each once, and brings their RRDs up to date. A warning tells what was found. */
int recover_open_buckets(const char *state_directory, const struct targets *targets,
			 struct failure *failure);

#endif
