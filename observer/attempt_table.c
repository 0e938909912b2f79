/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attempt_table.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct attempt_set) == 64, "one set fills one cache line");

/* 1 MB: what a second-level cache holds. */
#define SETS_FIRST 16384

static struct attempt_set *allocate(size_t sets)
{
	struct attempt_set *set = aligned_alloc(64, sets * sizeof set[0]);
	if (set)
		memset(set, 0, sets * sizeof set[0]);
	return set;
}

static size_t sets_for(size_t capacity)
{
	size_t sets = 1;
	while (sets * ATTEMPT_SET_SIZE < capacity)
		sets *= 2;
	return sets;
}

size_t attempt_table_memory(size_t capacity)
{
	return sets_for(capacity) * sizeof(struct attempt_set);
}

void attempt_table_place(struct attempt_table *table, void *memory, size_t capacity,
			 const struct journal_region *region)
{
	size_t sets = sets_for(capacity);
	*table = (struct attempt_table){
		.set = memory, .sets = sets, .sets_max = sets, .region = region, .placed = true};
}

bool attempt_table_create(struct attempt_table *table, size_t capacity)
{
	size_t sets_max = sets_for(capacity);
	size_t sets = sets_max < SETS_FIRST ? sets_max : SETS_FIRST;
	*table = (struct attempt_table){.set = allocate(sets), .sets = sets, .sets_max = sets_max};
	return table->set != NULL;
}

void attempt_table_free(struct attempt_table *table)
{
	if (!table->placed)
		free(table->set);
	*table = (struct attempt_table){0};
}

void attempt_table_forget(struct attempt_table *table)
{
	memset(table->set, 0, table->sets * sizeof table->set[0]);
}

/* Every set is divided in two by the next bit of its fingerprints. */
static bool grow(struct attempt_table *table)
{
	if (table->sets == table->sets_max)
		return false;
	struct attempt_set *larger = allocate(table->sets * 2);
	if (!larger)
		return false;
	for (size_t i = 0; i < table->sets; i++) {
		int used[2] = {0, 0};
		for (int j = 0; j < ATTEMPT_SET_SIZE; j++) {
			uint64_t fingerprint = table->set[i].fingerprint[j];
			if (fingerprint == 0)
				continue;
			int half = (fingerprint & table->sets) != 0;
			struct attempt_set *set = &larger[i + (half ? table->sets : 0)];
			set->fingerprint[used[half]] = fingerprint;
			set->last[used[half]++] = table->set[i].last[j];
		}
	}
	free(table->set);
	table->set = larger;
	table->sets *= 2;
	return true;
}

bool attempt_table_note(struct attempt_table *table, uint64_t fingerprint, int64_t seconds)
{
	uint32_t now = (uint32_t)seconds;
	struct attempt_set *set;
	int oldest;
	int32_t oldest_age;
	do {
		set = &table->set[fingerprint & (table->sets - 1)];
		oldest = 0;
		oldest_age = INT32_MIN;
		for (int i = 0; i < ATTEMPT_SET_SIZE; i++) {
			/* Timestamps may lie a little in the past; a signed difference keeps them
			 * right. */
			int32_t age = (int32_t)(now - set->last[i]);
			if (set->fingerprint[i] == fingerprint) {
				bool remembered = age <= ATTEMPT_MEMORY_SECONDS;
				if (age > 0) {
					journal_keep(table->region, &set->last[i], sizeof now);
					set->last[i] = now;
				}
				return !remembered;
			}
			if (set->fingerprint[i] == 0)
				age = INT32_MAX;
			if (age > oldest_age) {
				oldest = i;
				oldest_age = age;
			}
		}
	} while (oldest_age <= ATTEMPT_MEMORY_SECONDS && grow(table));
	if (oldest_age <= ATTEMPT_MEMORY_SECONDS)
		table->evictions++;
	journal_keep(table->region, set, sizeof *set);
	set->fingerprint[oldest] = fingerprint;
	set->last[oldest] = now;
	return true;
}
