/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * open_state: a file of fixed size, mapped shared, that holds what is being counted. A process
 * that is killed leaves it as it was at that instant; a power cut takes the seconds since the
 * kernel last wrote it back. The space is allocated at once: a full disk cannot end the process
 * by SIGBUS later. */
#ifndef STALENODE_OPEN_STATE_H
#define STALENODE_OPEN_STATE_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>

struct open_state {
	void *content; /* of the size asked for; NULL when not mapped */
	size_t mapped; /* bytes, the header included */
};

/* Maps path, whose content has `size` bytes. A file that is absent, or of another version or
 * size, is made anew with zeros when `create`, and otherwise left alone: content is NULL then.
 * *fresh tells whether it was made. */
int open_state_map(struct open_state *state, const char *path, size_t size, bool create,
		   bool *fresh, struct failure *failure);
void open_state_unmap(struct open_state *state);

#endif
