/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cluster_table.h"

#include "address_kind.h"
#include "cluster_table_parts.h"
#include "full_count.h"
#include "port_table.h"

#include "../../observer/decode.h"
#include "../../observer/fingerprint.h"
#include "../../observer/geo.h"

#include <stdlib.h>
#include <string.h>

#define ATTEMPTS (1 << 17)
/* A log has whole seconds; a kernel is late by less. */
#define TOLERANCE_SECONDS 1u
#define DAY_SECONDS	  86400

void cluster_table_free(struct cluster_table *table)
{
	if (!table)
		return;
	attempt_table_free(&table->attempts);
	free(table->cluster);
	free(table->slot);
	remote_table_free(&table->remotes);
	free(table);
}

struct cluster_table *cluster_table_new(void)
{
	struct cluster_table *table = calloc(1, sizeof *table);
	if (!table)
		return NULL;
	table->room = 256;
	table->cluster = malloc(table->room * sizeof *table->cluster);
	table->slot = malloc(CLUSTER_SLOTS * sizeof *table->slot);
	table->totals.from_us = table->totals.to_us = ALERT_TIME_UNKNOWN;
	if (!remote_table_create(&table->remotes) || !table->cluster || !table->slot ||
	    !attempt_table_create(&table->attempts, ATTEMPTS)) {
		cluster_table_free(table);
		return NULL;
	}
	for (size_t i = 0; i < CLUSTER_SLOTS; i++)
		table->slot[i] = NO_CLUSTER;
	return table;
}

static uint64_t key_fingerprint(const struct cluster_key *key)
{
	uint64_t rest = (uint64_t)(uint32_t)key->port << 24 | (uint64_t)key->protocol << 16 |
			(uint64_t)key->outgoing << 8 | (uint64_t)key->kind << 1 |
			key->group_of_ports;
	return fingerprint_with(fingerprint_address(&key->local), rest);
}

bool cluster_key_equal(const struct cluster_key *a, const struct cluster_key *b)
{
	return a->port == b->port && a->protocol == b->protocol && a->outgoing == b->outgoing &&
	       a->kind == b->kind && a->group_of_ports == b->group_of_ports &&
	       memcmp(&a->local, &b->local, sizeof a->local) == 0;
}

uint32_t *cluster_table_slot(const struct cluster_table *table, const struct cluster_key *key)
{
	size_t at = key_fingerprint(key) % CLUSTER_SLOTS;
	while (table->slot[at] != NO_CLUSTER &&
	       !cluster_key_equal(&table->cluster[table->slot[at]].key, key))
		at = (at + 1) % CLUSTER_SLOTS;
	return &table->slot[at];
}

/* NO_CLUSTER where there is no room; *memory is false where that is the machine's. */
static uint32_t cluster_of(struct cluster_table *table, const struct cluster_key *key, bool *memory)
{
	uint32_t *slot = cluster_table_slot(table, key);
	if (*slot != NO_CLUSTER)
		return *slot;
	if (table->clusters == CLUSTERS_MAX)
		return NO_CLUSTER;
	if (table->clusters == table->room) {
		size_t room = table->room * 2;
		struct cluster *grown = realloc(table->cluster, room * sizeof *grown);
		if (!grown) {
			*memory = false;
			return NO_CLUSTER;
		}
		table->cluster = grown;
		table->room = room;
	}
	struct cluster *cluster = &table->cluster[table->clusters];
	*cluster = (struct cluster){
		.key = *key,
		.first_us = ALERT_TIME_UNKNOWN,
		.last_us = ALERT_TIME_UNKNOWN,
		.ports = 1,
	};
	*slot = (uint32_t)table->clusters++;
	return *slot;
}

static bool is_request(const struct alert *alert)
{
	switch (alert->protocol) {
	case PROTOCOL_TCP:
		return alert->tcp_flags == ALERT_UNKNOWN ||
		       (alert->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
	case PROTOCOL_UDP:
		/* Name and time servers answer from their port; nobody asks from it at a high one.
		 */
		return !((alert->source_port == 53 || alert->source_port == 123) &&
			 alert->destination_port >= 1024 &&
			 port_table_class(PROTOCOL_UDP, (uint16_t)alert->destination_port) ==
				 PORT_UNLISTED);
	case PROTOCOL_ICMP:
		/* Errors are 3 to 5, 11 and 12; 0 answers an echo request (RFC 792). */
		return alert->icmp_type == ALERT_UNKNOWN || alert->icmp_type == 8 ||
		       (alert->icmp_type >= 9 && alert->icmp_type != 11 && alert->icmp_type != 12);
	case PROTOCOL_ICMPV6:
		/* Below 128 are errors; 129 answers an echo request (RFC 4443). */
		return alert->icmp_type == ALERT_UNKNOWN ||
		       (alert->icmp_type >= 128 && alert->icmp_type != 129);
	default:
		return true;
	}
}

static struct cluster_key key_of(const struct alert *alert, bool outgoing)
{
	struct cluster_key key = {
		.local = outgoing ? alert->source : alert->destination,
		.port = alert->destination_port,
		.protocol = alert->protocol,
		.outgoing = outgoing,
		.kind = is_request(alert) ? CLUSTER_REQUEST : CLUSTER_REPLY,
	};
	if (key.port == ALERT_UNKNOWN)
		key.port = CLUSTER_NO_PORT;
	return key;
}

void cluster_table_locate(struct cluster_table *table, struct geo *geo)
{
	table->geo = geo;
}

bool cluster_table_locates(const struct cluster_table *table)
{
	return table->geo != NULL;
}

static uint16_t country_of(struct cluster_table *table, const struct address *remote)
{
	struct geo_place place;
	geo_look_up(table->geo, remote, &place);
	return cluster_countries_pack(place.country);
}

/* NULL when there is no room for it; *memory is false where that is the machine's. */
static struct remote_pair *pair_of(struct cluster_table *table, uint32_t index, uint64_t remote,
				   const struct alert *alert, bool *memory)
{
	int64_t seconds = alert->time_us == ALERT_TIME_UNKNOWN ? 0 : alert->time_us / 1000000;
	enum remote_found found;
	struct remote_pair *pair =
		remote_table_find(&table->remotes, index, remote, seconds, &found);
	table->cluster[index].remotes += found == REMOTE_NEW;
	table->totals.pairs_full = table->remotes.pairs_full;
	table->totals.remotes_full = table->remotes.remotes_full;
	*memory = found != REMOTE_NO_MEMORY;
	return pair;
}

/* Systems repeat a SYN 1, 2, 3, 4, 6, 8, 12, 16, 24, 32 or 48 s after the one before
 * (../retransmission.h). */
static bool on_schedule(uint32_t pause)
{
	static const uint8_t pauses[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48};
	for (size_t i = 0; i < sizeof pauses; i++)
		if (pause + TOLERANCE_SECONDS >= pauses[i] &&
		    pause <= pauses[i] + TOLERANCE_SECONDS)
			return pause > 0;
	return false;
}

/* A SYN begins an attempt or repeats the one of the same ports, and number where it is told. */
static void count_attempt(struct cluster_table *table, struct cluster *cluster,
			  struct remote_pair *pair, uint64_t remote, const struct alert *alert)
{
	if (alert->protocol != PROTOCOL_TCP || cluster->key.kind != CLUSTER_REQUEST ||
	    alert->time_us == ALERT_TIME_UNKNOWN) {
		cluster->attempts += alert->repeats;
		return;
	}
	int64_t seconds = alert->time_us / 1000000;
	uint64_t sequence = alert->tcp_sequence == ALERT_UNKNOWN ? UINT64_C(1) << 32
								 : (uint64_t)alert->tcp_sequence;
	uint64_t ports =
		(uint64_t)(uint32_t)alert->source_port << 32 | (uint32_t)alert->destination_port;
	uint64_t fingerprint =
		fingerprint_with(fingerprint_with(fingerprint_with(remote, ports), sequence),
				 key_fingerprint(&cluster->key));
	if (attempt_table_note(&table->attempts, fingerprint, seconds)) {
		cluster->attempts++;
		if (pair) {
			pair->attempt_end = (uint32_t)seconds;
			pair->repeated = 0;
		}
		return;
	}
	if (!pair)
		return;
	if (!pair->repeated && on_schedule((uint32_t)seconds - pair->attempt_end)) {
		pair->repeated = 1;
		cluster->repeated++;
	}
	pair->attempt_end = (uint32_t)seconds;
}

static void note_pair(struct cluster *cluster, struct remote_pair *pair, const struct alert *alert,
		      const struct address *remote)
{
	full_count_add(&pair->events, alert->repeats);
	if (pair->events > cluster->most_events) {
		cluster->most_events = pair->events;
		cluster->most = *remote;
	}
	if (alert->time_us == ALERT_TIME_UNKNOWN)
		return;
	uint32_t seconds = (uint32_t)(alert->time_us / 1000000);
	if (!pair->returned && seconds - pair->last < UINT32_MAX / 2 &&
	    seconds - pair->last >= CLUSTER_AWAY_SECONDS)
		pair->returned = 1;
	if (!pair->returned_day && (uint16_t)(seconds / DAY_SECONDS) != pair->first_day)
		pair->returned_day = 1;
	pair->last = seconds;
}

static void note_time(struct cluster *cluster, const struct alert *alert)
{
	if (alert->time_us == ALERT_TIME_UNKNOWN)
		return;
	int64_t seconds = alert->time_us / 1000000;
	if (cluster->first_us == ALERT_TIME_UNKNOWN || alert->time_us < cluster->first_us)
		cluster->first_us = alert->time_us;
	if (cluster->last_us == ALERT_TIME_UNKNOWN || alert->time_us > cluster->last_us)
		cluster->last_us = alert->time_us;
	if (seconds != cluster->second) {
		cluster->second = seconds;
		cluster->in_second = 0;
	}
	full_count_add(&cluster->in_second, alert->repeats);
	if (cluster->in_second > cluster->busiest_second)
		cluster->busiest_second = cluster->in_second;
	time_bins_add(&cluster->bins, seconds, alert->repeats);
}

/* Source ports count once for each remote (`first`): retransmissions, and datagrams of one socket,
 * come from one port whoever sends them. A SYN of an IPv4 header and a TCP header alone has 40
 * octets; 60 over IPv6. */
static void note_form(struct cluster *cluster, const struct alert *alert, bool first)
{
	if (alert->source_port != ALERT_UNKNOWN) {
		if (first)
			common_values_add(&cluster->source_ports, (uint32_t)alert->source_port);
		cluster->p2p_source_ports +=
			port_table_class(alert->protocol, (uint16_t)alert->source_port) == PORT_P2P;
	}
	if (alert->protocol != PROTOCOL_TCP || cluster->key.kind != CLUSTER_REQUEST)
		return;
	if (alert->tcp_window != ALERT_UNKNOWN)
		common_values_add(&cluster->windows, (uint32_t)alert->tcp_window);
	int32_t options = alert->tcp_options_length;
	if (options == ALERT_UNKNOWN && alert->length != ALERT_UNKNOWN)
		options = alert->length - (address_is_ipv4(&alert->destination) ? 40 : 60);
	if (options == ALERT_UNKNOWN)
		return;
	cluster->length_known++;
	cluster->without_options += options <= 0;
}

static bool is_answer(const struct alert *alert)
{
	if (alert->protocol == PROTOCOL_TCP)
		return alert->tcp_flags & TCP_RST ||
		       (alert->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
	return true;
}

static void note_totals(struct cluster_totals *totals, const struct alert *alert)
{
	totals->events += alert->repeats;
	if (alert->time_us == ALERT_TIME_UNKNOWN)
		return;
	totals->by_the_second |= alert->time_us % 60000000 != 0;
	if (totals->from_us == ALERT_TIME_UNKNOWN || alert->time_us < totals->from_us)
		totals->from_us = alert->time_us;
	if (totals->to_us == ALERT_TIME_UNKNOWN || alert->time_us > totals->to_us)
		totals->to_us = alert->time_us;
}

bool cluster_table_add(struct cluster_table *table, const struct alert *alert, bool outgoing)
{
	bool memory = true;
	struct cluster_key key = key_of(alert, outgoing);
	note_totals(&table->totals, alert);
	uint32_t index = cluster_of(table, &key, &memory);
	if (index == NO_CLUSTER) {
		table->totals.overflow += alert->repeats;
		return memory;
	}
	const struct address *remote = outgoing ? &alert->destination : &alert->source;
	uint64_t fingerprint = fingerprint_address(remote);
	struct cluster *cluster = &table->cluster[index];
	struct remote_pair *pair = pair_of(table, index, fingerprint, alert, &memory);
	bool first = !pair || pair->events == 0;
	if (pair && first && table->geo)
		pair->country = country_of(table, remote);
	cluster->events += alert->repeats;
	cluster->blocked += alert->action == ALERT_BLOCKED ? alert->repeats : 0;
	if (key.kind == CLUSTER_REPLY)
		cluster->answers += is_answer(alert) ? alert->repeats : 0;
	cluster->to_all += address_is_for_many(&alert->destination) ? alert->repeats : 0;
	cluster->from_near += address_is_private(remote) ? alert->repeats : 0;
	count_attempt(table, cluster, pair, fingerprint, alert);
	if (pair)
		note_pair(cluster, pair, alert, remote);
	note_time(cluster, alert);
	note_form(cluster, alert, first);
	return memory;
}

/* What a cluster's remotes did, and whether they are scanners, from the pairs. */
static void look_at_remotes(struct cluster_table *table)
{
	for (size_t i = 0; i < table->remotes.pair_slots; i++) {
		const struct remote_pair *pair = &table->remotes.pair[i];
		if (!pair->remote)
			continue;
		struct cluster *cluster = &table->cluster[pair->cluster];
		cluster->scanners += remote_table_is_scanner(&table->remotes, pair->remote);
		cluster->returned += pair->returned;
		cluster->returned_days += pair->returned_day;
	}
}

bool cluster_table_finish(struct cluster_table *table)
{
	look_at_remotes(table);
	if (!cluster_neighbours_find_usual(table) || !cluster_groups_make(table) ||
	    !cluster_neighbours_count(table))
		return false;
	cluster_groups_sort(table);
	return true;
}

size_t cluster_table_count(const struct cluster_table *table)
{
	return table->clusters;
}

const struct cluster *cluster_table_at(const struct cluster_table *table, size_t index)
{
	return &table->cluster[index];
}

const struct cluster_totals *cluster_table_totals(const struct cluster_table *table)
{
	return &table->totals;
}
