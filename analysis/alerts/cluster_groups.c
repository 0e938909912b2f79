/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cluster_table_parts.h"
#include "full_count.h"

#include <stdlib.h>
#include <string.h>

/* Replies that are scattered over so many ports of an address are put together. */
#define SCATTERED 5

static void join(struct cluster *into, const struct cluster *from)
{
	into->events += from->events;
	into->attempts += from->attempts;
	into->repeated += from->repeated;
	into->blocked += from->blocked;
	into->answers += from->answers;
	into->length_known += from->length_known;
	into->without_options += from->without_options;
	into->p2p_source_ports += from->p2p_source_ports;
	into->to_all += from->to_all;
	into->from_near += from->from_near;
	into->ports += from->ports;
	into->returned += from->returned;
	into->returned_days += from->returned_days;
	if (from->first_us != ALERT_TIME_UNKNOWN &&
	    (into->first_us == ALERT_TIME_UNKNOWN || from->first_us < into->first_us))
		into->first_us = from->first_us;
	if (from->last_us != ALERT_TIME_UNKNOWN &&
	    (into->last_us == ALERT_TIME_UNKNOWN || from->last_us > into->last_us))
		into->last_us = from->last_us;
	if (from->busiest_second > into->busiest_second)
		into->busiest_second = from->busiest_second;
	if (from->most_events > into->most_events) {
		into->most_events = from->most_events;
		into->most = from->most;
	}
	time_bins_join(&into->bins, &from->bins);
	common_values_join(&into->source_ports, &from->source_ports);
}

/* Requests of scanners alone, one or two of them, say nothing of their port; nor do replies, where
 * they come to many ports. */
static bool is_scattered(const struct cluster *cluster)
{
	if (cluster->folded || cluster->key.outgoing || cluster->key.group_of_ports ||
	    cluster->key.port == CLUSTER_NO_PORT)
		return false;
	if (cluster->key.kind == CLUSTER_REPLY)
		return true;
	return cluster->remotes <= 2 && cluster->scanners == cluster->remotes &&
	       cluster->scanners > 0;
}

/* Replies to a port that is called, too, are the rest of these calls' conversations. They are
 * counted with them as replies, unless they are the most. */
#define REPLIES_PER_REQUEST 4
static void fold_replies(struct cluster_table *table)
{
	for (size_t i = 0; i < table->clusters; i++) {
		struct cluster *replies = &table->cluster[i];
		struct cluster_key key = replies->key;
		if (key.kind != CLUSTER_REPLY || key.port == CLUSTER_NO_PORT)
			continue;
		key.kind = CLUSTER_REQUEST;
		uint32_t index = *cluster_table_slot(table, &key);
		if (index == NO_CLUSTER)
			continue;
		struct cluster *requests = &table->cluster[index];
		if (requests->events * REPLIES_PER_REQUEST < replies->events)
			continue;
		requests->replies += replies->events;
		replies->folded = true;
	}
}

static void drop_folded(struct cluster_table *table)
{
	size_t kept = 0;
	for (size_t i = 0; i < table->clusters; i++)
		if (!table->cluster[i].folded)
			table->cluster[kept++] = table->cluster[i];
	table->clusters = kept;
}

static struct cluster_key group_key(const struct cluster *cluster)
{
	struct cluster_key key = cluster->key;
	key.port = CLUSTER_NO_PORT;
	key.group_of_ports = 1;
	return key;
}

/* By what group_key() has, so that those of one group are neighbours. */
static int compare_groups(const void *first, const void *second)
{
	const struct cluster *a = first, *b = second;
	int order = memcmp(&a->key.local, &b->key.local, sizeof a->key.local);
	if (order == 0)
		order = a->key.protocol - b->key.protocol;
	if (order == 0)
		order = a->key.outgoing - b->key.outgoing;
	if (order == 0)
		order = a->key.kind - b->key.kind;
	if (order == 0)
		order = is_scattered(b) - is_scattered(a);
	if (order == 0)
		order = a->key.port - b->key.port;
	return order;
}

static bool same_group(const struct cluster *a, const struct cluster *b)
{
	struct cluster_key first = group_key(a), second = group_key(b);
	return cluster_key_equal(&first, &second);
}

static int compare_events(const void *first, const void *second)
{
	const struct cluster *a = first, *b = second;
	if (a->events != b->events)
		return a->events < b->events ? 1 : -1;
	return compare_groups(first, second);
}

static void put_together(struct cluster_table *table, uint32_t *goes_to)
{
	size_t kept = 0;
	for (size_t i = 0; i < table->clusters;) {
		size_t end = i;
		while (end < table->clusters && is_scattered(&table->cluster[end]) &&
		       same_group(&table->cluster[i], &table->cluster[end]))
			end++;
		if (end - i < SCATTERED) {
			end = end > i ? end : i + 1;
			for (; i < end; i++) {
				goes_to[i] = (uint32_t)kept;
				table->cluster[kept++] = table->cluster[i];
			}
			continue;
		}
		struct cluster group = table->cluster[i];
		group.key = group_key(&group);
		goes_to[i] = (uint32_t)kept;
		for (size_t j = i + 1; j < end; j++) {
			join(&group, &table->cluster[j]);
			goes_to[j] = (uint32_t)kept;
		}
		group.remotes = group.scanners = 0;
		table->cluster[kept++] = group;
		i = end;
	}
	table->clusters = kept;
}

/* A remote address counts once in a cluster, also in a group of ports. */
static int compare_pairs(const void *first, const void *second)
{
	const struct remote_pair *a = first, *b = second;
	if (a->cluster != b->cluster)
		return a->cluster < b->cluster ? -1 : 1;
	if (a->remote != b->remote)
		return a->remote < b->remote ? -1 : 1;
	return 0;
}

static void count_remotes(struct cluster_table *table)
{
	struct remote_table *remotes = &table->remotes;
	size_t pairs = 0;
	for (size_t i = 0; i < remotes->pair_slots; i++)
		if (remotes->pair[i].remote &&
		    (table->geo || table->cluster[remotes->pair[i].cluster].key.group_of_ports))
			remotes->pair[pairs++] = remotes->pair[i];
	qsort(remotes->pair, pairs, sizeof *remotes->pair, compare_pairs);
	cluster_countries_count(table, remotes->pair, pairs);
	for (size_t i = 0; i < pairs;) {
		size_t end = i;
		uint32_t events = 0;
		for (; end < pairs && compare_pairs(&remotes->pair[i], &remotes->pair[end]) == 0;
		     end++)
			full_count_add(&events, remotes->pair[end].events);
		struct cluster *group = &table->cluster[remotes->pair[i].cluster];
		if (group->key.group_of_ports) {
			group->remotes++;
			group->scanners +=
				remote_table_is_scanner(remotes, remotes->pair[i].remote);
			if (events > group->most_events)
				group->most_events = events;
		}
		i = end;
	}
	remotes->pairs = 0;
}

/* Sorts the clusters by groups; order[] tells where each of them went. */
static bool sort_by_groups(struct cluster_table *table, uint32_t *order)
{
	size_t count = table->clusters;
	struct cluster_key *key = malloc((count + 1) * sizeof *key);
	if (!key)
		return false;
	for (size_t i = 0; i < count; i++)
		key[i] = table->cluster[i].key;
	qsort(table->cluster, count, sizeof *table->cluster, compare_groups);
	for (size_t i = 0; i < CLUSTER_SLOTS; i++)
		table->slot[i] = NO_CLUSTER;
	for (size_t i = 0; i < count; i++)
		*cluster_table_slot(table, &table->cluster[i].key) = (uint32_t)i;
	for (size_t i = 0; i < count; i++)
		order[i] = *cluster_table_slot(table, &key[i]);
	free(key);
	return true;
}

static void count_local_addresses(struct cluster_table *table)
{
	for (size_t i = 0; i < table->clusters; i++)
		table->totals.local_addresses += i == 0 || memcmp(&table->cluster[i].key.local,
								  &table->cluster[i - 1].key.local,
								  sizeof(struct address)) != 0;
}

bool cluster_groups_make(struct cluster_table *table)
{
	struct remote_table *remotes = &table->remotes;
	uint32_t *order = malloc((table->clusters + 1) * sizeof *order);
	uint32_t *goes_to = malloc((table->clusters + 1) * sizeof *goes_to);
	bool done = false;
	fold_replies(table);
	if (order && goes_to && sort_by_groups(table, order)) {
		count_local_addresses(table);
		put_together(table, goes_to);
		for (size_t i = 0; i < remotes->pair_slots; i++)
			if (remotes->pair[i].remote)
				remotes->pair[i].cluster = goes_to[order[remotes->pair[i].cluster]];
		count_remotes(table);
		drop_folded(table);
		done = true;
	}
	free(order);
	free(goes_to);
	return done;
}

void cluster_groups_sort(struct cluster_table *table)
{
	qsort(table->cluster, table->clusters, sizeof *table->cluster, compare_events);
}
