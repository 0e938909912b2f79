/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * attempt_table: tells the first SYN of a connection attempt from its retransmissions. An
 * attempt is (source, source port, destination, destination port, sequence number); it is
 * remembered until ATTEMPT_MEMORY_SECONDS after its last SYN.
 *
 * A hash table organised in sets of the size of a cache line: one look-up costs one memory
 * access. It starts small, so that it stays in the cache while little happens, and doubles when
 * a set is full of attempts that are still remembered, up to its capacity. From then on the one
 * heard of longest ago is forgotten early, and counted as an eviction: its next retransmission
 * will count as a new attempt, so the number of attempts becomes an upper bound. */
#ifndef STALENODE_ATTEMPT_TABLE_H
#define STALENODE_ATTEMPT_TABLE_H

#include "store/journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Linux retransmits a SYN for 63 s by default (tcp_syn_retries 6) and Windows for 21 s; the
 * longest pause between two SYNs of one attempt is 32 s. Twice the whole is safe. */
#define ATTEMPT_MEMORY_SECONDS 120
#define ATTEMPT_SET_SIZE       5

struct attempt_set {
	uint64_t fingerprint[ATTEMPT_SET_SIZE]; /* 0 is a free entry */
	uint32_t last[ATTEMPT_SET_SIZE];	/* UTC seconds of its last SYN, modulo 2^32 */
	uint32_t unused;
};

struct attempt_table {
	struct attempt_set *set; /* a power of two of them; owned unless it was placed */
	size_t sets;
	size_t sets_max;
	uint64_t evictions;		     /* attempts forgotten early, since the process began */
	const struct journal_region *region; /* that a placed one lies in, or NULL */
	bool placed;
};

/* capacity: attempts to remember at most, rounded up. False when out of memory. */
bool attempt_table_create(struct attempt_table *table, size_t capacity);
void attempt_table_free(struct attempt_table *table);

/* The bytes that a table of that capacity takes in memory of the caller, aligned to 64: all zero
 * bytes is an empty one, what another process left there goes on. It has its full size at once. */
size_t attempt_table_memory(size_t capacity);
void attempt_table_place(struct attempt_table *table, void *memory, size_t capacity,
			 const struct journal_region *region);

/* Forgets every attempt. */
void attempt_table_forget(struct attempt_table *table);

/* Notes a SYN of that attempt at that time. True when it begins a new attempt. */
bool attempt_table_note(struct attempt_table *table, uint64_t fingerprint, int64_t seconds);

/* Fetches the attempt's set into the cache, for an attempt_table_note() some time later. */
static inline void attempt_table_prefetch(const struct attempt_table *table, uint64_t fingerprint)
{
	__builtin_prefetch(&table->set[fingerprint & (table->sets - 1)], 1);
}

#endif
