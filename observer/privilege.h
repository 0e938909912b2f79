/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * privilege: what a process of the agent may do. The monitor opens captures and keeps the one
 * capability for it; the worker, which reads what strangers sent, keeps none, gains none, and
 * reaches no file outside of its state directory where the kernel has Landlock (5.13). */
#ifndef STALENODE_PRIVILEGE_H
#define STALENODE_PRIVILEGE_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct worker_identity {
	uid_t user;
	gid_t group;
};

/* Whom a worker runs as: this process's own user unless that is root; then the owner of the state
 * directory unless that is root; then who called sudo; then nobody. */
int privilege_choose_identity(struct worker_identity *identity, const char *state_directory,
			      struct failure *failure);

/* Gives the state directory and what is in it to the worker's user. As root only. */
int privilege_give_directory(const char *state_directory, const struct worker_identity *identity,
			     struct failure *failure);

/* The monitor: no capability but CAP_NET_RAW (and those to change the worker's user, as root). */
int privilege_keep_capture(struct failure *failure);

/* The worker, in its state directory: changes the user, gives up every capability, lets no new
 * privilege be gained, bounds memory to `memory_mib` and core files to none, confines itself to
 * the current directory, and for reading alone to the `readable` ones (`readables` paths; what is
 * not there is left out). *confined tells whether the kernel could do the last. Refuses to go on
 * as root. */
int privilege_drop(const struct worker_identity *identity, uint64_t memory_mib,
		   const char *const *readable, size_t readables, bool *confined,
		   struct failure *failure);

#endif
