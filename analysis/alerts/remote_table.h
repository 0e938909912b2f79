/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * remote_table: which remote address was seen in which cluster, and how many clusters it touched,
 * in bounded memory: at most CLUSTER_PAIRS_MAX pairs of both and CLUSTER_REMOTES_MAX addresses
 * (cluster_table.h). Addresses are known by their fingerprint, clusters by their index. */
#ifndef STALENODE_REMOTE_TABLE_H
#define STALENODE_REMOTE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A remote address in one cluster. */
struct remote_pair {
	uint64_t remote; /* fingerprint; 0: free */
	uint32_t cluster;
	uint32_t events;
	uint32_t last;	      /* UTC seconds modulo 2^32 */
	uint32_t attempt_end; /* of the attempt that began last: its latest SYN */
	uint16_t first_day;   /* days since 1970 modulo 2^16 */
	uint16_t country;     /* cluster_countries_pack(); 0: not known */
	uint8_t returned, returned_day, repeated;
};

struct remote; /* what is known of an address whatever it touched */

struct remote_table {
	struct remote_pair *pair; /* open addressing, until who finishes sorts them */
	size_t pairs, pair_slots; /* a power of two */
	struct remote *remote;
	size_t remotes, remote_slots;
	bool pairs_full, remotes_full;
};

/* False when out of memory; remote_table_free() releases what there is. */
bool remote_table_create(struct remote_table *table);
void remote_table_free(struct remote_table *table);

enum remote_found { REMOTE_KNOWN, REMOTE_NEW, REMOTE_NO_ROOM, REMOTE_NO_MEMORY };

/* The pair, made when it is new, with `seconds` (UTC) as its last and first; NULL when there is no
 * room for it, or no memory. It stays where it is until the next call. */
struct remote_pair *remote_table_find(struct remote_table *table, uint32_t cluster, uint64_t remote,
				      int64_t seconds, enum remote_found *found);

/* It touched CLUSTER_SCANNER clusters or more, as far as is remembered. */
bool remote_table_is_scanner(const struct remote_table *table, uint64_t remote);

#endif
