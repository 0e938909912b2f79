/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cluster_table.h"

#include "address_kind.h"
#include "port_table.h"

#include "../../observer/attempt_table.h"
#include "../../observer/decode.h"
#include "../../observer/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#define CLUSTER_SLOTS (CLUSTERS_MAX * 2)
#define SMALLEST      1024 /* pairs and remotes begin with so many, and double */
#define ATTEMPTS      (1 << 17)
#define NO_CLUSTER    UINT32_MAX
/* A log has whole seconds; a kernel is late by less. */
#define TOLERANCE_SECONDS 1u
#define DAY_SECONDS	  86400
/* Replies that are scattered over so many ports of an address are put together. */
#define SCATTERED 5
/* So many ports of no known program show what is usual. */
#define USUAL_PORTS 20

/* A remote address in one cluster. */
struct pair {
	uint64_t remote; /* fingerprint; 0: free */
	uint32_t cluster;
	uint32_t events;
	uint32_t last;	      /* UTC seconds modulo 2^32 */
	uint32_t attempt_end; /* of the attempt that began last: its latest SYN */
	uint16_t first_day;   /* days since 1970 modulo 2^16 */
	uint8_t returned, returned_day, repeated;
};

struct remote {
	uint64_t fingerprint; /* 0: free */
	uint32_t clusters;
};

struct cluster_table {
	struct cluster *cluster; /* grows */
	size_t clusters, room;
	uint32_t *slot; /* CLUSTER_SLOTS, open addressing */
	struct pair *pair;
	size_t pairs, pair_slots; /* a power of two */
	struct remote *remote;
	size_t remotes, remote_slots;
	struct attempt_table attempts;
	struct cluster_totals totals;
	uint32_t usual[2]; /* of TCP and UDP, see cluster_table_usual_remotes() */
};

void cluster_table_free(struct cluster_table *table)
{
	if (!table)
		return;
	attempt_table_free(&table->attempts);
	free(table->cluster);
	free(table->slot);
	free(table->pair);
	free(table->remote);
	free(table);
}

struct cluster_table *cluster_table_new(void)
{
	struct cluster_table *table = calloc(1, sizeof *table);
	if (!table)
		return NULL;
	table->room = 256;
	table->pair_slots = table->remote_slots = SMALLEST;
	table->cluster = malloc(table->room * sizeof *table->cluster);
	table->slot = malloc(CLUSTER_SLOTS * sizeof *table->slot);
	table->pair = calloc(table->pair_slots, sizeof *table->pair);
	table->remote = calloc(table->remote_slots, sizeof *table->remote);
	table->totals.from_us = table->totals.to_us = ALERT_TIME_UNKNOWN;
	if (!table->cluster || !table->slot || !table->pair || !table->remote ||
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

static bool same_key(const struct cluster_key *a, const struct cluster_key *b)
{
	return a->port == b->port && a->protocol == b->protocol && a->outgoing == b->outgoing &&
	       a->kind == b->kind && a->group_of_ports == b->group_of_ports &&
	       memcmp(&a->local, &b->local, sizeof a->local) == 0;
}

static uint32_t *find_slot(const struct cluster_table *table, const struct cluster_key *key)
{
	size_t at = key_fingerprint(key) % CLUSTER_SLOTS;
	while (table->slot[at] != NO_CLUSTER &&
	       !same_key(&table->cluster[table->slot[at]].key, key))
		at = (at + 1) % CLUSTER_SLOTS;
	return &table->slot[at];
}

/* NO_CLUSTER where there is no room; *memory is false where that is the machine's. */
static uint32_t cluster_of(struct cluster_table *table, const struct cluster_key *key, bool *memory)
{
	uint32_t *slot = find_slot(table, key);
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
		return alert->icmp_type == ALERT_UNKNOWN || alert->icmp_type >= 128;
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

/* Doubles while more than half are taken. At its limit it stays, more than half full. */
static bool grow_pairs(struct cluster_table *table)
{
	if (table->pairs * 2 < table->pair_slots || table->pair_slots >= 2 * CLUSTER_PAIRS_MAX)
		return true;
	size_t slots = table->pair_slots * 2;
	struct pair *grown = calloc(slots, sizeof *grown);
	if (!grown)
		return false;
	for (size_t i = 0; i < table->pair_slots; i++) {
		const struct pair *pair = &table->pair[i];
		if (!pair->remote)
			continue;
		size_t at = fingerprint_with(pair->remote, pair->cluster) & (slots - 1);
		while (grown[at].remote)
			at = (at + 1) & (slots - 1);
		grown[at] = *pair;
	}
	free(table->pair);
	table->pair = grown;
	table->pair_slots = slots;
	return true;
}

static bool grow_remotes(struct cluster_table *table)
{
	if (table->remotes * 2 < table->remote_slots ||
	    table->remote_slots >= 2 * CLUSTER_REMOTES_MAX)
		return true;
	size_t slots = table->remote_slots * 2;
	struct remote *grown = calloc(slots, sizeof *grown);
	if (!grown)
		return false;
	for (size_t i = 0; i < table->remote_slots; i++) {
		const struct remote *remote = &table->remote[i];
		if (!remote->fingerprint)
			continue;
		size_t at = remote->fingerprint & (slots - 1);
		while (grown[at].fingerprint)
			at = (at + 1) & (slots - 1);
		grown[at] = *remote;
	}
	free(table->remote);
	table->remote = grown;
	table->remote_slots = slots;
	return true;
}

static const struct remote *find_remote(const struct cluster_table *table, uint64_t fingerprint)
{
	size_t at = fingerprint & (table->remote_slots - 1);
	while (table->remote[at].fingerprint) {
		if (table->remote[at].fingerprint == fingerprint)
			return &table->remote[at];
		at = (at + 1) & (table->remote_slots - 1);
	}
	return NULL;
}

/* A remote address touched a cluster that it had not touched before. */
static bool note_remote(struct cluster_table *table, uint64_t fingerprint)
{
	if (!grow_remotes(table))
		return false;
	size_t at = fingerprint & (table->remote_slots - 1);
	while (table->remote[at].fingerprint && table->remote[at].fingerprint != fingerprint)
		at = (at + 1) & (table->remote_slots - 1);
	if (!table->remote[at].fingerprint) {
		if (table->remotes == CLUSTER_REMOTES_MAX) {
			table->totals.remotes_full = true;
			return true;
		}
		table->remote[at].fingerprint = fingerprint;
		table->remotes++;
	}
	table->remote[at].clusters++;
	return true;
}

/* The pair, made when it is new; NULL when there is no room for it. */
static struct pair *pair_of(struct cluster_table *table, uint32_t index, uint64_t remote,
			    const struct alert *alert, bool *memory)
{
	if (!grow_pairs(table)) {
		*memory = false;
		return NULL;
	}
	size_t at = fingerprint_with(remote, index) & (table->pair_slots - 1);
	while (table->pair[at].remote &&
	       (table->pair[at].remote != remote || table->pair[at].cluster != index))
		at = (at + 1) & (table->pair_slots - 1);
	struct pair *pair = &table->pair[at];
	if (pair->remote)
		return pair;
	if (table->pairs == CLUSTER_PAIRS_MAX) {
		table->totals.pairs_full = true;
		return NULL;
	}
	int64_t seconds = alert->time_us == ALERT_TIME_UNKNOWN ? 0 : alert->time_us / 1000000;
	*pair = (struct pair){
		.remote = remote,
		.cluster = index,
		.last = (uint32_t)seconds,
		.first_day = (uint16_t)(seconds / DAY_SECONDS),
	};
	table->pairs++;
	table->cluster[index].remotes++;
	*memory = note_remote(table, remote);
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
static void count_attempt(struct cluster_table *table, struct cluster *cluster, struct pair *pair,
			  uint64_t remote, const struct alert *alert)
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

static void note_pair(struct cluster *cluster, struct pair *pair, const struct alert *alert,
		      const struct address *remote)
{
	pair->events += alert->repeats;
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
	cluster->in_second += alert->repeats;
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
	struct pair *pair = pair_of(table, index, fingerprint, alert, &memory);
	struct cluster *cluster = &table->cluster[index];
	bool first = !pair || pair->events == 0;
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
	for (size_t i = 0; i < table->pair_slots; i++) {
		const struct pair *pair = &table->pair[i];
		if (!pair->remote)
			continue;
		struct cluster *cluster = &table->cluster[pair->cluster];
		const struct remote *remote = find_remote(table, pair->remote);
		cluster->scanners += remote && remote->clusters >= CLUSTER_SCANNER;
		cluster->returned += pair->returned;
		cluster->returned_days += pair->returned_day;
	}
}

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
		uint32_t index = *find_slot(table, &key);
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
	return same_key(&first, &second);
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

/* A remote address in a group of ports counts once. */
static int compare_pairs(const void *first, const void *second)
{
	const struct pair *a = first, *b = second;
	if (a->cluster != b->cluster)
		return a->cluster < b->cluster ? -1 : 1;
	if (a->remote != b->remote)
		return a->remote < b->remote ? -1 : 1;
	return 0;
}

static void count_remotes_of_groups(struct cluster_table *table)
{
	size_t pairs = 0;
	for (size_t i = 0; i < table->pair_slots; i++)
		if (table->pair[i].remote &&
		    table->cluster[table->pair[i].cluster].key.group_of_ports)
			table->pair[pairs++] = table->pair[i];
	qsort(table->pair, pairs, sizeof *table->pair, compare_pairs);
	for (size_t i = 0; i < pairs;) {
		size_t end = i;
		uint32_t events = 0;
		for (; end < pairs && compare_pairs(&table->pair[i], &table->pair[end]) == 0; end++)
			events += table->pair[end].events;
		struct cluster *group = &table->cluster[table->pair[i].cluster];
		const struct remote *remote = find_remote(table, table->pair[i].remote);
		group->remotes++;
		group->scanners += remote && remote->clusters >= CLUSTER_SCANNER;
		if (events > group->most_events)
			group->most_events = events;
		i = end;
	}
	table->pairs = 0;
}

static int compare_counts(const void *first, const void *second)
{
	uint32_t a = *(const uint32_t *)first, b = *(const uint32_t *)second;
	return (a > b) - (a < b);
}

/* Before scattered ports are put together. */
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
	*usual = count < USUAL_PORTS ? 0 : remotes[count * 19 / 20];
	free(remotes);
	return true;
}

static void count_local_addresses(struct cluster_table *table)
{
	for (size_t i = 0; i < table->clusters; i++)
		table->totals.local_addresses += i == 0 || memcmp(&table->cluster[i].key.local,
								  &table->cluster[i - 1].key.local,
								  sizeof(struct address)) != 0;
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
		*find_slot(table, &table->cluster[i].key) = (uint32_t)i;
	for (size_t i = 0; i < count; i++)
		order[i] = *find_slot(table, &key[i]);
	free(key);
	return true;
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

/* How each port fares on the other local addresses. */
static bool look_at_neighbours(struct cluster_table *table)
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

bool cluster_table_finish(struct cluster_table *table)
{
	uint32_t *order = malloc((table->clusters + 1) * sizeof *order);
	uint32_t *goes_to = malloc((table->clusters + 1) * sizeof *goes_to);
	bool done = false;
	if (order && goes_to) {
		look_at_remotes(table);
		fold_replies(table);
		done = find_usual(table, PROTOCOL_TCP, &table->usual[0]) &&
		       find_usual(table, PROTOCOL_UDP, &table->usual[1]) &&
		       sort_by_groups(table, order);
	}
	if (done) {
		count_local_addresses(table);
		put_together(table, goes_to);
		for (size_t i = 0; i < table->pair_slots; i++)
			if (table->pair[i].remote)
				table->pair[i].cluster = goes_to[order[table->pair[i].cluster]];
		count_remotes_of_groups(table);
		drop_folded(table);
		done = look_at_neighbours(table);
		qsort(table->cluster, table->clusters, sizeof *table->cluster, compare_events);
	}
	free(order);
	free(goes_to);
	return done;
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
