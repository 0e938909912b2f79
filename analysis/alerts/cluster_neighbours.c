/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cluster_table_parts.h"
#include "port_table.h"

#include "../../observer/decode.h"

#include <stdlib.h>
#include <string.h>

/* So many ports of no known program show what is usual. */
#define USUAL_PORTS 20

static int compare_counts(const void *first, const void *second)
{
	uint32_t a = *(const uint32_t *)first, b = *(const uint32_t *)second;
	return (a > b) - (a < b);
}

static bool find_usual(struct cluster_table *table, uint8_t protocol, uint32_t *usual)
{
	uint32_t *remotes = malloc((table->clusters + 1) * sizeof *remotes);
	size_t count = 0;
	if (!remotes)
		return false;
	for (size_t i = 0; i < table->clusters; i++) {
		const struct cluster *cluster = &table->cluster[i];
		if (cluster->key.protocol == protocol && cluster->key.kind == CLUSTER_REQUEST &&
		    !cluster->key.outgoing && cluster->key.port != CLUSTER_NO_PORT &&
		    port_table_class(protocol, (uint16_t)cluster->key.port) == PORT_UNLISTED)
			remotes[count++] = cluster->remotes;
	}
	qsort(remotes, count, sizeof *remotes, compare_counts);
	*usual = count < USUAL_PORTS ? 0 : remotes[(count * 19 + 19) / 20 - 1];
	free(remotes);
	return true;
}

bool cluster_neighbours_find_usual(struct cluster_table *table)
{
	return find_usual(table, PROTOCOL_TCP, &table->usual[0]) &&
	       find_usual(table, PROTOCOL_UDP, &table->usual[1]);
}

static int compare_ports(const struct cluster *a, const struct cluster *b)
{
	int order = a->key.protocol - b->key.protocol;
	if (order == 0)
		order = a->key.kind - b->key.kind;
	if (order == 0)
		order = a->key.outgoing - b->key.outgoing;
	if (order == 0)
		order = a->key.group_of_ports - b->key.group_of_ports;
	if (order == 0)
		order = a->key.port < b->key.port ? -1 : a->key.port > b->key.port;
	return order;
}

static int compare_ports_by_pointer(const void *first, const void *second)
{
	const struct cluster *const *a = first, *const *b = second;
	return compare_ports(*a, *b);
}

bool cluster_neighbours_count(struct cluster_table *table)
{
	size_t count = table->clusters;
	struct cluster **by_port = malloc((count + 1) * sizeof *by_port);
	if (!by_port)
		return false;
	for (size_t i = 0; i < count; i++)
		by_port[i] = &table->cluster[i];
	qsort(by_port, count, sizeof *by_port, compare_ports_by_pointer);
	for (size_t i = 0, end; i < count; i = end) {
		uint64_t remotes = 0;
		for (end = i; end < count && compare_ports(by_port[i], by_port[end]) == 0; end++)
			remotes += by_port[end]->remotes;
		for (size_t j = i; j < end; j++) {
			by_port[j]->neighbours = (uint32_t)(end - i);
			by_port[j]->remotes_with_neighbours = remotes;
		}
	}
	free(by_port);
	return true;
}

uint32_t cluster_table_usual_remotes(const struct cluster_table *table, uint8_t protocol)
{
	return protocol == PROTOCOL_TCP	  ? table->usual[0]
	       : protocol == PROTOCOL_UDP ? table->usual[1]
					  : 0;
}

uint64_t cluster_table_called(const struct cluster_table *table, const struct cluster *replies)
{
	uint32_t port;
	uint64_t called = 0;
	if (common_values_most(&replies->source_ports, &port) < 0.5)
		return 0;
	for (size_t i = 0; i < table->clusters; i++) {
		const struct cluster *cluster = &table->cluster[i];
		if (cluster->key.outgoing && cluster->key.kind == CLUSTER_REQUEST &&
		    cluster->key.protocol == replies->key.protocol &&
		    cluster->key.port == (int32_t)port &&
		    memcmp(&cluster->key.local, &replies->key.local, sizeof(struct address)) == 0)
			called += cluster->events;
	}
	return called;
}
