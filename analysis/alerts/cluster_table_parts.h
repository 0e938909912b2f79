/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cluster_table_parts: what a cluster_table is made of, for those who fill it (cluster_table.c) and
 * finish it (cluster_groups.c, cluster_neighbours.c) alone. */
#ifndef STALENODE_CLUSTER_TABLE_PARTS_H
#define STALENODE_CLUSTER_TABLE_PARTS_H

#include "cluster_table.h"
#include "remote_table.h"

#include "../../observer/attempt_table.h"

#define CLUSTER_SLOTS (CLUSTERS_MAX * 2)
#define NO_CLUSTER    UINT32_MAX

struct cluster_table {
	struct cluster *cluster; /* grows */
	size_t clusters, room;
	uint32_t *slot; /* CLUSTER_SLOTS, open addressing */
	struct remote_table remotes;
	struct attempt_table attempts;
	struct cluster_totals totals;
	struct geo *geo;   /* not owned; NULL: countries are not known */
	uint32_t usual[2]; /* of TCP and UDP, see cluster_table_usual_remotes() */
};

bool cluster_key_equal(const struct cluster_key *a, const struct cluster_key *b);

/* Where the index of the cluster with this key is, or would be: then it holds NO_CLUSTER. */
uint32_t *cluster_table_slot(const struct cluster_table *table, const struct cluster_key *key);

/* After what remotes did is counted: puts the scattered ports of scans and of replies together, and
 * replies into the requests to their port; leaves the clusters sorted by local address. False when
 * out of memory. */
bool cluster_groups_make(struct cluster_table *table);

/* The two capital letters of a country, in 16 bits; 0 for "". */
uint16_t cluster_countries_pack(const char code[3]);
/* Of pairs sorted by cluster and remote: which countries each cluster's remotes are of. */
void cluster_countries_count(struct cluster_table *table, const struct remote_pair *pair,
			     size_t pairs);

/* By events, most first; those of as many in the order of their groups. */
void cluster_groups_sort(struct cluster_table *table);

/* How many remotes the ports of no known program have as a rule; before cluster_groups_make().
 * False when out of memory. */
bool cluster_neighbours_find_usual(struct cluster_table *table);

/* How each port fares on the other local addresses; after cluster_groups_make(). False when out of
 * memory. */
bool cluster_neighbours_count(struct cluster_table *table);

#endif
