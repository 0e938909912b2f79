/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * live_memory: the memory in which an agent counts. It outlives every process of the agent: each
 * region is a file of fixed size in the state directory, mapped shared. The monitor maps it and
 * its workers inherit the mapping, so that it also outlives the file: when the state directory is
 * removed underneath, or the disk fails, counting goes on in what is mapped.
 *
 * live_memory_prepare(), before each worker is started, puts every region where it belongs: into
 * its file, allocated whole (a full disk cannot end a worker by SIGBUS), or, while that cannot be
 * done, into anonymous memory with the same content. Until it is in a file again, a kill of the
 * whole agent or a power cut loses what is in it, and `in_files` is false.
 *
 * Who dies in the middle of a change leaves it to the journal: see store/journal.h. */
#ifndef STALENODE_LIVE_MEMORY_H
#define STALENODE_LIVE_MEMORY_H

#include "base/failure.h"
#include "target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Two regions of the whole and one for each target. */
#define LIVE_REGIONS_MAX (TARGETS_MAX + 2)
#define LIVE_PATH_SIZE	 160 /* of a region's file, in the state directory */

struct live_region {
	char path[LIVE_PATH_SIZE]; /* relative to the state directory */
	size_t size;		   /* bytes of content */
	uint8_t *content;	   /* owned; NULL before the first preparation */
	int descriptor;		   /* of the file that is mapped; -1 when it is anonymous memory */
	bool fresh;		   /* all zero bytes: no former content was found */
	bool distrusted;	   /* a worker died of it (SIGBUS): it is moved at once */
};

struct live_memory {
	char directory[4096]; /* the state directory */
	uid_t user;	      /* who owns the files; a monitor that is root gives them away */
	gid_t group;
	struct live_region region[LIVE_REGIONS_MAX];
	size_t regions;
	bool in_files; /* every region is in its file: after the last preparation */
	bool damaged;  /* part of a region could not be read back, and is zero now */
};

void live_memory_begin(struct live_memory *memory, const char *directory, uid_t user, gid_t group);
/* Adds a region, to be mapped by live_memory_prepare(). -1 when there are too many. */
int live_memory_add(struct live_memory *memory, const char *path, size_t size,
		    struct failure *failure);
/* The content of a file of so many bytes; 0 when it is too short to be one. */
size_t live_memory_content(size_t file_bytes);
/* Reads the first `length` bytes of the content of a region's file, which may be in use, without
 * mapping it. False when there is no such file with content of `size` bytes. */
bool live_memory_read(const char *path, size_t size, void *bytes, size_t length);
/* Maps what is not mapped, and moves what is not where it belongs. 0 when every region has
 * memory, *why telling what keeps one out of its file (why->text is empty when nothing does); -1
 * when there is no memory for it. */
int live_memory_prepare(struct live_memory *memory, struct failure *why);
/* After a worker died of SIGBUS: its files are not to be touched again. */
void live_memory_distrust(struct live_memory *memory);
/* Unmaps; the files stay. */
void live_memory_end(struct live_memory *memory);

#endif
