/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * journal: undoes what a killed process had begun. Everything that is being counted lives in
 * memory that outlives its process (mapped files); before a place in it is changed, its old bytes
 * are kept here. Between two packets journal_commit() forgets them. Whoever starts after a kill
 * calls journal_undo(): the memory is then as it was after the last committed packet, and the
 * packet that was being counted is still in the ring of the kernel and is counted anew. So nothing
 * is lost and nothing counted twice, in whichever instruction the process ended.
 *
 * It protects against the death of the process, not against that of the machine: after a power
 * cut the mapped files hold what the kernel last wrote back.
 *
 * A memory without a journal (import, which is undone as a whole) has NULL for its region: nothing
 * is kept then, and nothing is slower. */
#ifndef STALENODE_JOURNAL_H
#define STALENODE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sixteen SYNs that each turn a set of sources from exact to estimated (4 KiB of registers) and
 * touch every other table need 96 KiB; more than one commit apart nothing is done. */
#define JOURNAL_BYTES (128u << 10)

/* Lives in mapped memory. All zero bytes is an empty one. */
struct journal_log {
	uint64_t length; /* bytes of kept[] in use; 0 when nothing is to be undone */
	/* Changes that found no room: the undoing is then incomplete, and said to be. */
	uint64_t not_kept;
	uint64_t commits; /* only grows: tells what was kept since the last from what was before */
	uint64_t kept[JOURNAL_BYTES / 8];
};

/* What this process kept since the last commit, as far as it remembers: a flood changes the same
 * few places for every packet, and they need to be kept once. */
#define JOURNAL_RECENT 256
struct journal_recent {
	struct {
		const void *place;
		uint64_t commits; /* of the log, when it was kept */
		size_t size;
	} kept[JOURNAL_RECENT];
};

/* One stretch of memory that outlives the process. */
struct journal_region {
	struct journal_log *log; /* not owned; NULL keeps nothing */
	uint8_t *memory;	 /* not owned */
	size_t size;
	uint32_t number; /* names the region in the log, the same in the next process */
	struct journal_recent *recent; /* not owned, private; NULL remembers nothing */
};

/* Keeps the `size` bytes at `place`, which lies in the region, before they are changed. */
void journal_keep_bytes(const struct journal_region *region, const void *place, size_t size);

static inline void journal_keep(const struct journal_region *region, const void *place, size_t size)
{
	if (region)
		journal_keep_bytes(region, place, size);
}

/* What was changed since the last commit stays. */
void journal_commit(struct journal_log *log);

/* Puts the kept bytes back and commits. region[n] must be the region of number n as it was, or
 * have memory NULL when it is gone. False when something could not be put back: a region is gone
 * or smaller, the log is damaged, or there was no room to keep something. */
bool journal_undo(struct journal_log *log, const struct journal_region *region, size_t regions);

#endif
