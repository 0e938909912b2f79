/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attempt_table.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct attempt_set) == 64, "one set fills one cache line");

bool attempt_table_create(struct attempt_table *table, size_t capacity)
{
	size_t sets = 1;
	while (sets * ATTEMPT_SET_SIZE < capacity)
		sets *= 2;
	*table = (struct attempt_table){.sets = sets};
	table->set = aligned_alloc(64, sets * sizeof table->set[0]);
	if (!table->set)
		return false;
	memset(table->set, 0, sets * sizeof table->set[0]);
	return true;
}

void attempt_table_free(struct attempt_table *table)
{
	free(table->set);
	*table = (struct attempt_table){0};
}

bool attempt_table_note(struct attempt_table *table, uint64_t fingerprint, int64_t seconds)
{
	struct attempt_set *set = &table->set[fingerprint & (table->sets - 1)];
	uint32_t now = (uint32_t)seconds;
	int oldest = 0;
	int32_t oldest_age = INT32_MIN;
	for (int i = 0; i < ATTEMPT_SET_SIZE; i++) {
		/* Timestamps may lie a little in the past; a signed difference keeps them right. */
		int32_t age = (int32_t)(now - set->last[i]);
		if (set->fingerprint[i] == fingerprint) {
			bool remembered = age <= ATTEMPT_MEMORY_SECONDS;
			if (age > 0)
				set->last[i] = now;
			return !remembered;
		}
		if (set->fingerprint[i] == 0)
			age = INT32_MAX;
		if (age > oldest_age) {
			oldest = i;
			oldest_age = age;
		}
	}
	if (oldest_age <= ATTEMPT_MEMORY_SECONDS)
		table->evictions++;
	set->fingerprint[oldest] = fingerprint;
	set->last[oldest] = now;
	return true;
}
