/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fingerprint_set.h"

#include <stdbool.h>
#include <stdlib.h>

#define SLOTS_FIRST 256

/* Index of the fingerprint's slot, or of the free one where it belongs. */
static size_t find(const struct fingerprint_set *set, uint64_t fingerprint)
{
	size_t index = fingerprint_set_index(set, fingerprint);
	while (set->slot[index] && set->slot[index] != fingerprint)
		index = (index + 1) & (set->slots - 1);
	return index;
}

static bool grow(struct fingerprint_set *set)
{
	struct fingerprint_set larger = *set;
	larger.slots = set->slots ? set->slots * 2 : SLOTS_FIRST;
	larger.slot = calloc(larger.slots, sizeof larger.slot[0]);
	if (!larger.slot)
		return false;
	for (size_t i = 0; i < set->slots; i++)
		if (set->slot[i])
			larger.slot[find(&larger, set->slot[i])] = set->slot[i];
	free(set->slot);
	*set = larger;
	return true;
}

enum fingerprint_seen fingerprint_set_note(struct fingerprint_set *set, uint64_t fingerprint)
{
	if (set->slots) {
		size_t index = find(set, fingerprint);
		if (set->slot[index])
			return FINGERPRINT_KNOWN;
		if (set->entries < set->limit && set->entries * 2 < set->slots) {
			set->slot[index] = fingerprint;
			set->entries++;
			return FINGERPRINT_NEW;
		}
	}
	if (set->entries >= set->limit || !grow(set))
		return FINGERPRINT_FULL;
	set->slot[find(set, fingerprint)] = fingerprint;
	set->entries++;
	return FINGERPRINT_NEW;
}

bool fingerprint_set_knows(const struct fingerprint_set *set, uint64_t fingerprint)
{
	return set->slots && set->slot[find(set, fingerprint)] != 0;
}

void fingerprint_set_clear(struct fingerprint_set *set)
{
	free(set->slot);
	*set = fingerprint_set_empty(set->limit);
}
