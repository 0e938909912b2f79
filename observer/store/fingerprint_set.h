/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fingerprint_set: a set of 64-bit fingerprints that grows by doubling up to a limit; beyond it
 * nothing is taken in, and the caller is told. */
#ifndef STALENODE_FINGERPRINT_SET_H
#define STALENODE_FINGERPRINT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fingerprint_set {
	uint64_t *slot; /* owned; open addressing, 0 is free */
	size_t slots;	/* a power of two; at most half of them taken */
	size_t entries;
	size_t limit; /* entries at most */
};

enum fingerprint_seen {
	FINGERPRINT_KNOWN,
	FINGERPRINT_NEW,
	FINGERPRINT_FULL, /* not in the set, and the set is full (or memory is) */
};

static inline struct fingerprint_set fingerprint_set_empty(size_t limit)
{
	return (struct fingerprint_set){.limit = limit};
}

/* Where the search for a fingerprint begins. The upper bits take part, because tables of other
 * sizes use the lower ones of the same fingerprint. */
static inline size_t fingerprint_set_index(const struct fingerprint_set *set, uint64_t fingerprint)
{
	return (fingerprint ^ fingerprint >> 32) & (set->slots - 1);
}

/* Fetches the fingerprint's slot into the cache, for a fingerprint_set_note() some time later:
 * the sets are larger than the cache, and a look-up is one wait for memory. */
static inline void fingerprint_set_prefetch(const struct fingerprint_set *set, uint64_t fingerprint)
{
	if (set->slots)
		__builtin_prefetch(&set->slot[fingerprint_set_index(set, fingerprint)]);
}

/* fingerprint must not be 0. */
enum fingerprint_seen fingerprint_set_note(struct fingerprint_set *set, uint64_t fingerprint);
/* The same without taking it in. */
bool fingerprint_set_knows(const struct fingerprint_set *set, uint64_t fingerprint);
/* Frees the memory and forgets everything but the limit. */
void fingerprint_set_clear(struct fingerprint_set *set);

#endif
