/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cluster_table: puts alerts into clusters as they come, in bounded memory: at most
 * CLUSTERS_MAX clusters, CLUSTER_PAIRS_MAX pairs of cluster and remote address, and
 * CLUSTER_REMOTES_MAX remote addresses. Beyond the first, events are counted as `overflow`; beyond
 * the others, who a remote address is is no longer known, and `pairs_full` or `remotes_full` says
 * so: remotes, returned and scanners are then lower bounds. */
#ifndef STALENODE_CLUSTER_TABLE_H
#define STALENODE_CLUSTER_TABLE_H

#include "cluster.h"

#include <stdbool.h>
#include <stddef.h>

#define CLUSTERS_MAX	    16384
#define CLUSTER_PAIRS_MAX   (1 << 18)
#define CLUSTER_REMOTES_MAX (1 << 17)
/* A remote address that touched so many different ports or addresses here is a scanner. */
#define CLUSTER_SCANNER 5
/* It came back when it was away so long. */
#define CLUSTER_AWAY_SECONDS 1800

struct cluster_table;
struct geo;

struct cluster_totals {
	uint64_t events;
	uint64_t overflow; /* events that had no room */
	bool pairs_full, remotes_full;
	int64_t from_us, to_us; /* of all events; ALERT_TIME_UNKNOWN: none had a time */
	uint64_t local_addresses;
	bool by_the_second; /* false: all times are whole minutes, as some logs have them */
};

/* NULL when out of memory. */
struct cluster_table *cluster_table_new(void);
void cluster_table_free(struct cluster_table *table);

/* From now on the countries of new remote addresses are looked up here (NULL: nowhere); it is not
 * owned, and is used until cluster_table_finish(). */
void cluster_table_locate(struct cluster_table *table, struct geo *geo);

bool cluster_table_locates(const struct cluster_table *table);

/* outgoing: the local side is the alert's source. False when out of memory. */
bool cluster_table_add(struct cluster_table *table, const struct alert *alert, bool outgoing);

/* After the last alert: finds what needs all of them, puts the scattered ports of scans and of
 * replies together, and sorts by events, most first. Later additions are not allowed. */
bool cluster_table_finish(struct cluster_table *table);
size_t cluster_table_count(const struct cluster_table *table);
const struct cluster *cluster_table_at(const struct cluster_table *table, size_t index);
const struct cluster_totals *cluster_table_totals(const struct cluster_table *table);

/* How many remotes 19 in 20 of the ports have at most that are no known program's, each port of
 * each local address by itself; 0 where there are too few of them to tell (under 20), and of other
 * protocols than TCP and UDP. */
uint32_t cluster_table_usual_remotes(const struct cluster_table *table, uint8_t protocol);

/* Of replies: how often this local address itself called the remote port that most of them come
 * from. */
uint64_t cluster_table_called(const struct cluster_table *table, const struct cluster *replies);

#endif
