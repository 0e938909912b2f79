/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dense_table: entries found by a key of 64 bits. The entries stand side by side, in the order in
 * which they came, in memory that the caller provides and that may outlive the process: of a large
 * table that holds little, little is touched. The index that finds them is private, made anew when
 * the table is opened, and grows with what it holds.
 *
 * An entry is any struct that begins with its key. The number of entries lives in the caller's
 * memory too, and setting it to 0 empties the table: what lies behind it means nothing. */
#ifndef STALENODE_DENSE_TABLE_H
#define STALENODE_DENSE_TABLE_H

#include "journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DENSE_TABLE_NONE UINT32_MAX

struct dense_table {
	uint8_t *entry;	   /* not owned: capacity entries of `size` bytes */
	uint32_t *entries; /* not owned: how many there are */
	size_t size;
	uint32_t capacity;
	uint32_t *index; /* owned; open addressing: 1 + the number of an entry, 0 is free */
	uint32_t slots;	 /* of the index: a power of two, more than twice the entries; or 0 */
	uint32_t shift;	 /* 64 less the binary logarithm of slots */
};

/* Finds what *entries says is there. More entries than `capacity` are damage: none are then. */
bool dense_table_open(struct dense_table *table, void *entry, size_t size, uint32_t *entries,
		      uint32_t capacity);
/* After *entries was set to 0. */
void dense_table_emptied(struct dense_table *table);
void dense_table_free(struct dense_table *table);

/* The number of the entry with this key, or DENSE_TABLE_NONE. */
uint32_t dense_table_find(const struct dense_table *table, uint64_t key);
/* The number of the entry with this key, which is added with zeros when it is missing: *added
 * tells. DENSE_TABLE_NONE when there is no room. */
uint32_t dense_table_note(struct dense_table *table, uint64_t key, bool *added,
			  const struct journal_region *region);

static inline void *dense_table_entry(const struct dense_table *table, uint32_t number)
{
	return table->entry + number * table->size;
}

static inline bool dense_table_full(const struct dense_table *table)
{
	return *table->entries >= table->capacity;
}

/* Where the search for a key begins. Keys of all kinds: by the upper bits of their product with
 * the golden ratio (Knuth, The Art of Computer Programming 3, 6.4), neighbours fall far apart. */
static inline uint32_t dense_table_slot(const struct dense_table *table, uint64_t key)
{
	return (uint32_t)(key * 0x9e3779b97f4a7c15u >> table->shift);
}

/* Two steps that fetch an entry into the cache for a look-up some time later: its slot, and when
 * that is there, the entry. */
static inline void dense_table_prefetch(const struct dense_table *table, uint64_t key)
{
	if (table->slots)
		__builtin_prefetch(&table->index[dense_table_slot(table, key)]);
}

static inline void dense_table_prefetch_entry(const struct dense_table *table, uint64_t key)
{
	uint32_t number = table->slots ? table->index[dense_table_slot(table, key)] : 0;
	if (number)
		__builtin_prefetch(dense_table_entry(table, number - 1));
}

#endif
