/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * live_directory: a directory that is made anew as a whole, again and again, while others read it.
 * The new one is made beside it (DIR.new) and exchanged with it in one step: whoever opens DIR sees
 * all of the old one or all of the new one, also when the maker is killed at any time or the power
 * goes. DIR.lock keeps makers from meeting. What is replaced is removed, and therefore has to carry
 * the mark of an earlier one, or to be empty. */
#ifndef STALENODE_LIVE_DIRECTORY_H
#define STALENODE_LIVE_DIRECTORY_H

#include "../observer/base/failure.h"

/* In every directory of this kind. */
#define LIVE_MARK ".stalenode-live"

struct live_directory {
	char path[4000];
	char fresh[4096]; /* make the new one in here */
	int lock;	  /* -1: not begun */
};

/* Takes the lock, removes what a killed maker left and makes the empty `fresh`. EXIT_FAILED when
 * another is at work, EXIT_WRONG_USE when DIR holds what this never made. */
int live_directory_begin(struct live_directory *live, const char *path, struct failure *failure);

/* Puts `fresh` into the place of `path`, and removes the old one. */
int live_directory_publish(struct live_directory *live, struct failure *failure);

/* Removes what was not published, and gives the lock back. After a failed begin it does nothing. */
void live_directory_end(struct live_directory *live);

#endif
