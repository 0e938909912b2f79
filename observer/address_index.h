/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * address_index: finds the targets that have an address. Several may share one, with other
 * ports. */
#ifndef STALENODE_ADDRESS_INDEX_H
#define STALENODE_ADDRESS_INDEX_H

#include "fingerprint.h"
#include "store/targets.h"

#define ADDRESS_INDEX_ENTRIES (TARGETS_MAX * 2)
#define ADDRESS_INDEX_SLOTS   (ADDRESS_INDEX_ENTRIES * 4)
#define ADDRESS_INDEX_END     UINT16_MAX

struct address_index {
	struct {
		struct address address;
		uint16_t target; /* index into the targets */
		uint16_t next;	 /* next entry of the same slot, or ADDRESS_INDEX_END */
	} entry[ADDRESS_INDEX_ENTRIES];
	uint16_t entries;
	uint16_t head[ADDRESS_INDEX_SLOTS];
};

void address_index_build(struct address_index *index, const struct targets *targets);

/* Walks the targets of an address:
 *   for (uint16_t at = address_index_first(index, address); at != ADDRESS_INDEX_END;
 *        at = index->entry[at].next)
 *           if (address_index_matches(index, at, address)) ... index->entry[at].target */
static inline uint16_t address_index_first(const struct address_index *index,
					   const struct address *address)
{
	return index->head[fingerprint_address(address) % ADDRESS_INDEX_SLOTS];
}

static inline bool address_index_matches(const struct address_index *index, uint16_t at,
					 const struct address *address)
{
	return memcmp(&index->entry[at].address, address, sizeof *address) == 0;
}

#endif
