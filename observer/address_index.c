/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "address_index.h"

void address_index_build(struct address_index *index, const struct targets *targets)
{
	index->entries = 0;
	memset(index->head, 0xff, sizeof index->head);
	for (size_t i = 0; i < targets->targets && i < TARGETS_MAX; i++)
		for (size_t j = 0; j < targets->target[i].addresses; j++) {
			const struct address *address = &targets->target[i].address[j];
			size_t slot = fingerprint_address(address) % ADDRESS_INDEX_SLOTS;
			uint16_t at = index->entries++;
			index->entry[at].address = *address;
			index->entry[at].target = (uint16_t)i;
			index->entry[at].next = index->head[slot];
			index->head[slot] = at;
		}
}
