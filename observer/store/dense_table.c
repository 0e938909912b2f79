/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dense_table.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST_SHIFT 58 /* 64 slots */

static uint64_t key_of(const struct dense_table *table, uint32_t number)
{
	uint64_t key;
	memcpy(&key, dense_table_entry(table, number), sizeof key);
	return key;
}

/* The slot that holds the key's entry, or the free one where it belongs. There is a free one. */
static uint32_t find_slot(const struct dense_table *table, uint64_t key)
{
	uint32_t slot = dense_table_slot(table, key);
	while (table->index[slot] && key_of(table, table->index[slot] - 1) != key)
		slot = (slot + 1) & (table->slots - 1);
	return slot;
}

/* An index with room for one more entry than there are. */
static bool make_index(struct dense_table *table)
{
	struct dense_table larger = *table;
	larger.shift = table->slots ? table->shift : SLOTS_FIRST_SHIFT + 1;
	do {
		larger.shift--;
		larger.slots = 1u << (64 - larger.shift);
	} while (*table->entries >= larger.slots / 2);
	larger.index = calloc(larger.slots, sizeof larger.index[0]);
	if (!larger.index)
		return false;
	for (uint32_t number = 0; number < *table->entries; number++)
		larger.index[find_slot(&larger, key_of(&larger, number))] = number + 1;
	free(table->index);
	*table = larger;
	return true;
}

bool dense_table_open(struct dense_table *table, void *entry, size_t size, uint32_t *entries,
		      uint32_t capacity)
{
	*table = (struct dense_table){
		.entry = entry, .entries = entries, .size = size, .capacity = capacity};
	if (*entries > capacity)
		*entries = 0;
	return *entries == 0 || make_index(table);
}

/* A large index is given back: the next day may be a quiet one. */
void dense_table_emptied(struct dense_table *table)
{
	dense_table_free(table);
}

void dense_table_free(struct dense_table *table)
{
	free(table->index);
	table->index = NULL;
	table->slots = 0;
}

uint32_t dense_table_find(const struct dense_table *table, uint64_t key)
{
	if (!table->slots)
		return DENSE_TABLE_NONE;
	uint32_t number = table->index[find_slot(table, key)];
	return number ? number - 1 : DENSE_TABLE_NONE;
}

uint32_t dense_table_note(struct dense_table *table, uint64_t key, bool *added,
			  const struct journal_region *region)
{
	uint32_t entries = *table->entries, slot = 0;
	*added = false;
	if (table->slots) {
		slot = find_slot(table, key);
		if (table->index[slot])
			return table->index[slot] - 1;
	}
	if (entries >= table->capacity)
		return DENSE_TABLE_NONE;
	if (entries >= table->slots / 2) {
		if (!make_index(table))
			return DENSE_TABLE_NONE;
		slot = find_slot(table, key);
	}
	uint8_t *entry = dense_table_entry(table, entries);
	/* Behind a table that was just emptied lies what an undoing brings back. */
	journal_keep(region, entry, table->size);
	memset(entry, 0, table->size);
	memcpy(entry, &key, sizeof key);
	journal_keep(region, table->entries, sizeof *table->entries);
	*table->entries = entries + 1;
	table->index[slot] = entries + 1;
	*added = true;
	return entries;
}
