/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The log is a row of entries: {region, size}, offset, the bytes padded to 8. It is undone from
 * its end, so that of a place kept twice the older bytes win. */
#include "journal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	uint32_t region, size;
	uint64_t offset;
};

_Static_assert(JOURNAL_RECENT == 256, "eight bits of the product choose the slot");

static size_t padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* A process dies between two instructions, not between two stores that another sees: the order
 * that the compiler gives them is the order they stand in. */
static void in_this_order(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

/* Whether the place was kept already since the last commit; it will be, from now on. */
static bool was_kept(const struct journal_region *region, const void *place, size_t size)
{
	struct journal_recent *recent = region->recent;
	if (!recent)
		return false;
	/* Fibonacci hashing: places lie in rows. */
	size_t slot = (size_t)((uintptr_t)place * UINT64_C(0x9e3779b97f4a7c15) >> 56);
	bool kept = recent->kept[slot].place == place && recent->kept[slot].size >= size &&
		    recent->kept[slot].commits == region->log->commits;
	recent->kept[slot].place = place;
	recent->kept[slot].size = size;
	recent->kept[slot].commits = region->log->commits;
	return kept;
}

void journal_keep_bytes(const struct journal_region *region, const void *place, size_t size)
{
	struct journal_log *log = region->log;
	if (!log || was_kept(region, place, size))
		return;
	size_t needed = sizeof(struct entry) + padded(size);
	if (log->length + needed > sizeof log->kept) {
		log->not_kept++;
		return;
	}
	uint8_t *at = (uint8_t *)log->kept + log->length;
	struct entry entry = {
		.region = region->number,
		.size = (uint32_t)size,
		.offset = (uint64_t)((const uint8_t *)place - region->memory),
	};
	memcpy(at, &entry, sizeof entry);
	memcpy(at + sizeof entry, place, size);
	in_this_order();
	log->length += needed;
	in_this_order();
}

void journal_commit(struct journal_log *log)
{
	in_this_order();
	log->length = 0;
	log->not_kept = 0;
	log->commits++;
	in_this_order();
}

/* Puts one entry back; false when it has no place any more. */
static bool put_back(const uint8_t *at, const struct journal_region *region, size_t regions)
{
	struct entry entry;
	memcpy(&entry, at, sizeof entry);
	if (entry.region >= regions || !region[entry.region].memory ||
	    entry.offset > region[entry.region].size ||
	    entry.size > region[entry.region].size - entry.offset)
		return false;
	memcpy(region[entry.region].memory + entry.offset, at + sizeof entry, entry.size);
	return true;
}

/* Where each entry begins; the number of them, or SIZE_MAX when the log contradicts itself. */
static size_t find_entries(const struct journal_log *log, uint32_t *begin)
{
	size_t entries = 0, at = 0;
	while (at < log->length) {
		struct entry entry;
		if (log->length - at < sizeof entry)
			return SIZE_MAX;
		memcpy(&entry, (const uint8_t *)log->kept + at, sizeof entry);
		begin[entries++] = (uint32_t)at;
		at += sizeof entry + padded(entry.size);
	}
	return at == log->length ? entries : SIZE_MAX;
}

bool journal_undo(struct journal_log *log, const struct journal_region *region, size_t regions)
{
	bool whole = log->not_kept == 0;
	uint32_t *begin = calloc(JOURNAL_BYTES / sizeof(struct entry), sizeof begin[0]);
	size_t entries = SIZE_MAX;
	if (begin && log->length <= sizeof log->kept)
		entries = find_entries(log, begin);
	if (entries == SIZE_MAX) {
		entries = 0;
		whole = false;
	}
	while (entries > 0)
		whole = put_back((const uint8_t *)log->kept + begin[--entries], region, regions) &&
			whole;
	free(begin);
	journal_commit(log);
	return whole;
}
