/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capture_set: the packets of several capture files as one stream in time order: pieces of a
 * rotated capture in whatever order they are named, or captures of several hosts side by side.
 * A file is read only while the stream is in its time, so that a year of daily files needs the
 * memory of one. A file named twice, or a copy of it beside it, is read once. */
#ifndef STALENODE_CAPTURE_SET_H
#define STALENODE_CAPTURE_SET_H

#include "base/failure.h"
#include "capture_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture_set;

struct capture_set_packet {
	const struct capture_packet *packet; /* valid until the next call */
	const char *file;		     /* name of its file */
	/* No file covers the time between the packet before this one and this one: the last file
	 * had ended, and this is the first packet of the next. Also true for the very first packet.
	 */
	bool after_gap;
};

/* Opens every file once to see that it is a capture, that its link type is known and when its
 * first packet was. Fails before anything is counted if one is not. */
int capture_set_open(struct capture_set **set, char *const *paths, size_t count,
		     struct failure *failure);
/* CAPTURE_FAILED ends one file, not the set: *failure says why, the next call goes on with the
 * others. */
enum capture_next capture_set_next(struct capture_set *set, struct capture_set_packet *packet,
				   struct failure *failure);
/* Files that are copies of another one, set aside at the opening. */
size_t capture_set_copies(const struct capture_set *set);
/* Bytes read so far and to be read, of all files; the latter is 0 when a pipe is among them. */
uint64_t capture_set_consumed(const struct capture_set *set);
uint64_t capture_set_size(const struct capture_set *set);
void capture_set_close(struct capture_set *set);

#endif
