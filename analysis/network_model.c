/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "network_model.h"

#include "daily_wave.h"

#include <math.h>
#include <stdlib.h>

#define SECOND_US INT64_C(1000000)
#define MINUTE_US 60e6
#define HOUR_US	  3600e6
#define DAY_US	  86400e6
#define NEVER_US  INT64_MAX
/* Nothing happens past this; far behind the longest period. */
#define END_US INT64_C(1000000000000000)
/* A person's own times vary by this sigma of the logarithm around the person's median. */
#define OWN_SPREAD 0.5
/* A bootstrap server names so many nodes, out of so many tries to think of one that is on. */
#define NAMED_NODES 10
#define NAMED_TRIES 100

static size_t target_of(const struct network_model *network)
{
	return network->nodes - 1;
}

static bool is_on(const struct network_model *network, size_t number)
{
	return network->began_s[number] != NETWORK_NODE_OFF;
}

static int32_t seconds(int64_t time_us)
{
	return (int32_t)(time_us / SECOND_US);
}

static int64_t earliest(const struct network_node *node)
{
	int64_t first = node->stop_us;
	first = node->look_us < first ? node->look_us : first;
	first = node->gossip_us < first ? node->gossip_us : first;
	return node->call_us < first ? node->call_us : first;
}

static void schedule(struct network_model *network, size_t number)
{
	int64_t first = earliest(&network->node[number]);
	if (first < END_US)
		time_heap_push(&network->next, first, (uint32_t)number);
}

static int64_t jittered(struct network_node *node, double minutes, double jitter)
{
	return (int64_t)(minutes * MINUTE_US * (1 + jitter * random_between(&node->random, -1, 1)));
}

/* A start falls on an hour of the day as often as the wave says: see client_model.c. */
static int64_t at_a_busy_hour(const struct network_model *network, struct network_node *node,
			      double time_us)
{
	double amplitude = network->client->network_wave;
	while (amplitude > 0 &&
	       !random_chance(&node->random, daily_wave(network->retired_us + (int64_t)time_us,
							(double)node->zone_hours, amplitude) /
						     (1 + amplitude)))
		time_us += random_uniform(&node->random) * DAY_US;
	return (int64_t)time_us;
}

/* Asks the node to call the retired one at about time_us. At a silent host the SYNs of one call are
 * over before the next. */
static void ask_to_call(struct network_model *network, size_t number, int64_t time_us)
{
	struct network_node *node = &network->node[number];
	int64_t earliest_us = node->called_us + CLIENT_REDIAL_US;
	if (node->call_us == NEVER_US)
		node->call_us = time_us > earliest_us ? time_us : earliest_us;
}

/* One dial: true when it was answered. A failed entry is not yet dropped. */
static bool dial(struct network_model *network, size_t number, struct node_entry *entry,
		 int64_t time_us)
{
	struct network_node *caller = &network->node[number];
	size_t called = entry->node;
	int32_t began_s = network->began_s[called];
	if (began_s == NETWORK_NODE_OFF) {
		if (entry->failures < UINT8_MAX)
			entry->failures++;
		entry->verified = false;
		if (called == target_of(network) && network->now_us >= 0)
			ask_to_call(network, number, time_us);
		return false;
	}
	/* Both have known each other since before the last look: nothing to tell the other. */
	bool known = entry->verified && began_s < caller->looked_s;
	entry->failures = 0;
	entry->verified = true;
	entry->seen_s = seconds(network->now_us);
	if (known)
		return true;
	struct node_entry *back = node_list_learn(&network->lists, called, number,
						  seconds(network->now_us), &caller->random);
	if (back) {
		back->verified = true;
		back->failures = 0;
	}
	return true;
}

/* Tries entries that it has not reached in this session until it has its links; their number. */
static size_t link_up(struct network_model *network, size_t number, size_t linked)
{
	struct network_node *node = &network->node[number];
	struct node_entry *list = node_list_of(&network->lists, number);
	size_t length = network->lists.length[number];
	uint32_t begin = length ? random_below(&node->random, (uint32_t)length) : 0;
	double wanted = number == target_of(network) ? network->client->network_run_links
						     : network->client->network_links;
	for (size_t i = 0; i < length && (double)linked < wanted; i++) {
		struct node_entry *entry = &list[(begin + i) % length];
		int64_t time_us =
			network->now_us +
			(int64_t)((double)i * network->client->network_dial_seconds * 1e6);
		if (!entry->verified && entry->failures == 0)
			linked += dial(network, number, entry, time_us);
	}
	return linked;
}

/* A node that reaches nobody asks a well-known address for some nodes that are on; false when none
 * could be named. The retired node, not being on, is not named. */
static bool ask_for_nodes(struct network_model *network, size_t number)
{
	struct network_node *node = &network->node[number];
	size_t named = 0;
	for (int i = 0; i < NAMED_TRIES && named < NAMED_NODES; i++) {
		size_t other = random_below(&node->random, (uint32_t)network->nodes);
		if (is_on(network, other) &&
		    node_list_learn(&network->lists, number, other, seconds(network->now_us),
				    &node->random))
			named++;
	}
	return named > 0;
}

static void drop_failed(struct network_model *network, size_t number)
{
	struct node_entry *list = node_list_of(&network->lists, number);
	for (size_t i = network->lists.length[number]; i-- > 0;)
		if (list[i].failures >= network->client->network_drop_failures)
			node_list_drop(&network->lists, number, i);
}

static void drop_old(struct network_model *network, size_t number)
{
	double oldest = seconds(network->now_us) - network->client->network_forget_days * 86400;
	struct node_entry *list = node_list_of(&network->lists, number);
	for (size_t i = network->lists.length[number]; i-- > 0;)
		if (list[i].seen_s < oldest)
			node_list_drop(&network->lists, number, i);
}

static void start(struct network_model *network, size_t number)
{
	const struct client_parameters *client = network->client;
	struct network_node *node = &network->node[number];
	network->began_s[number] = seconds(network->now_us);
	double on_hours = random_lognormal(&node->random, client->network_on_hours,
					   client->network_on_spread);
	node->stop_us = network->now_us + (int64_t)(fmax(on_hours, 0.1) * HOUR_US);
	if (node->always_on)
		node->stop_us = END_US;
	if (number == target_of(network))
		node->stop_us = 0;
	drop_old(network, number);
	if (link_up(network, number, 0) == 0 && ask_for_nodes(network, number))
		link_up(network, number, 0);
	drop_failed(network, number);
	node->looked_s = seconds(network->now_us);
	/* Where within its pace a node is does not depend on when it started. */
	double pace_us = client->network_retry_minutes * MINUTE_US;
	node->look_us =
		network->now_us + (int64_t)(random_between(&node->random, 0.5, 1.5) * pace_us);
	node->gossip_us = network->now_us + jittered(node, client->network_gossip_minutes, 0.5);
}

static void stop(struct network_model *network, size_t number)
{
	const struct client_parameters *client = network->client;
	struct network_node *node = &network->node[number];
	struct node_entry *list = node_list_of(&network->lists, number);
	network->began_s[number] = NETWORK_NODE_OFF;
	node->look_us = node->gossip_us = node->call_us = NEVER_US;
	for (size_t i = network->lists.length[number]; i-- > 0;) {
		bool failed = list[i].failures > 0;
		list[i].verified = false;
		list[i].failures = 0;
		if (failed && random_chance(&node->random, client->network_forget_failed))
			node_list_drop(&network->lists, number, i);
	}
	double off_us = random_lognormal(&node->random, node->off_hours, OWN_SPREAD) * HOUR_US;
	node->stop_us = off_us < (double)END_US
				? at_a_busy_hour(network, node, (double)network->now_us + off_us)
				: END_US;
	if (number == target_of(network))
		node->stop_us = END_US;
}

/* Looks after what it reached in this session, tries again what failed. */
static void look(struct network_model *network, size_t number)
{
	const struct client_parameters *client = network->client;
	struct network_node *node = &network->node[number];
	struct node_entry *list = node_list_of(&network->lists, number);
	size_t linked = 0;
	for (size_t i = 0; i < network->lists.length[number]; i++)
		if (list[i].verified || list[i].failures > 0)
			linked += dial(
				network, number, &list[i],
				network->now_us +
					(int64_t)((double)i * client->network_dial_seconds * 1e6));
	link_up(network, number, linked);
	drop_old(network, number);
	drop_failed(network, number);
	node->looked_s = seconds(network->now_us);
	node->look_us = network->now_us +
			jittered(node, client->network_retry_minutes, client->network_retry_jitter);
}

static void tell(struct network_model *network, size_t teller, size_t hearer)
{
	const struct client_parameters *client = network->client;
	struct network_node *node = &network->node[hearer];
	for (int i = 0; i < (int)client->network_gossip_entries; i++) {
		size_t length = network->lists.length[teller];
		if (length == 0)
			return;
		const struct node_entry *told = &node_list_of(
			&network->lists, teller)[random_below(&node->random, (uint32_t)length)];
		if (told->failures > 0)
			continue;
		int32_t seen_s = told->seen_s;
		if (random_chance(&node->random, client->network_gossip_fresh))
			seen_s = seconds(network->now_us);
		node_list_learn(&network->lists, hearer, told->node, seen_s, &node->random);
	}
}

static void gossip(struct network_model *network, size_t number)
{
	struct network_node *node = &network->node[number];
	size_t length = network->lists.length[number];
	node->gossip_us =
		network->now_us + jittered(node, network->client->network_gossip_minutes, 0.5);
	if (length == 0)
		return;
	struct node_entry *entry = &node_list_of(
		&network->lists, number)[random_below(&node->random, (uint32_t)length)];
	size_t other = entry->node;
	if (!entry->verified || !is_on(network, other))
		return;
	tell(network, number, other);
	tell(network, other, number);
}

/* Makes the call that is due; a refused application may call again at once. */
static void call(struct network_model *network, size_t number)
{
	struct network_node *node = &network->node[number];
	node->called_us = node->call_us;
	node->call_us = NEVER_US;
	if (network->policy != POLICY_RST)
		return;
	if (node->calls_left == 0)
		node->calls_left =
			(uint8_t)(1 + random_below(&node->random,
						   (uint32_t)network->client->quick_retries + 1));
	if (--node->calls_left > 0)
		node->call_us =
			node->called_us + (int64_t)(random_between(&node->random, 0.8, 2.1) * 1e6);
}

/* True when the event was a call of the retired node. */
static bool take_event(struct network_model *network, size_t number)
{
	struct network_node *node = &network->node[number];
	if (node->call_us <= network->now_us) {
		call(network, number);
		return true;
	}
	if (node->stop_us <= network->now_us) {
		if (is_on(network, number))
			stop(network, number);
		else
			start(network, number);
	} else if (node->look_us <= network->now_us) {
		look(network, number);
	} else {
		gossip(network, number);
	}
	return false;
}

bool network_model_next(struct network_model *network, int64_t *time_us, uint32_t *caller)
{
	const struct time_heap_entry *first;
	while ((first = time_heap_first(&network->next))) {
		size_t number = first->number;
		network->now_us = first->time_us;
		time_heap_pop(&network->next);
		bool called = take_event(network, number);
		/* A call that was on its way when the last list dropped the node is still made. */
		bool over = network->now_us > 0 && network->lists.watchers == 0;
		if (!over || network->node[number].call_us < NEVER_US)
			schedule(network, number);
		if (called) {
			*time_us = network->now_us;
			*caller = (uint32_t)number;
			return true;
		}
	}
	return false;
}

/* Fills the list with random nodes, as if just reached. */
static void populate_list(struct network_model *network, size_t number, size_t entries)
{
	struct network_node *node = &network->node[number];
	for (size_t i = 0; i < entries; i++)
		node_list_learn(&network->lists, number,
				random_below(&node->random, (uint32_t)network->nodes - 1),
				seconds(network->now_us), &node->random);
}

static void populate(struct network_model *network, uint64_t seed)
{
	const struct client_parameters *client = network->client;
	double run_us = client->network_run_hours * HOUR_US;
	network->now_us = -(int64_t)(run_us + client->network_warm_days * DAY_US);
	for (size_t i = 0; i < network->nodes; i++) {
		struct network_node *node = &network->node[i];
		random_stream_begin(&node->random, seed, i);
		network->began_s[i] = NETWORK_NODE_OFF;
		node->look_us = node->gossip_us = node->call_us = NEVER_US;
		node->called_us = network->now_us - CLIENT_REDIAL_US;
		node->zone_hours = (float)(client->zone_hours +
					   floor(client->zone_spread_hours *
							 random_between(&node->random, -1, 1) +
						 0.5));
		node->always_on = random_chance(&node->random, client->network_always_on);
		node->off_hours = random_lognormal(&node->random, client->network_off_hours,
						   client->network_off_spread);
		populate_list(network, i, network->lists.capacity);
		/* On or off as the lengths of both say, and somewhere inside it. */
		double on = client->network_on_hours / (client->network_on_hours + node->off_hours);
		double wait = node->always_on || random_chance(&node->random, on)
				      ? 0
				      : random_uniform(&node->random) * node->off_hours * HOUR_US;
		node->stop_us =
			network->now_us + (int64_t)(wait + random_uniform(&node->random) * HOUR_US);
		if (i == target_of(network))
			node->stop_us = -(int64_t)run_us;
		schedule(network, i);
	}
}

int network_model_begin(struct network_model *network, const struct client_parameters *client,
			enum host_policy policy, int64_t retired_us, uint64_t seed,
			struct failure *failure)
{
	*network = (struct network_model){.client = client,
					  .policy = policy,
					  .retired_us = retired_us,
					  .nodes = (size_t)client->network_nodes + 1};
	network->node = calloc(network->nodes, sizeof *network->node);
	network->began_s = calloc(network->nodes, sizeof *network->began_s);
	if (!network->node || !network->began_s ||
	    node_lists_begin(&network->lists, network->nodes, (size_t)client->network_list,
			     target_of(network), failure) != 0 ||
	    time_heap_begin(&network->next, network->nodes, failure) != 0) {
		network_model_free(network);
		return fail(failure, EXIT_FAILED, "out of memory for %zu nodes",
			    (size_t)client->network_nodes);
	}
	populate(network, seed);
	return 0;
}

void network_model_free(struct network_model *network)
{
	time_heap_free(&network->next);
	node_lists_free(&network->lists);
	free(network->node);
	free(network->began_s);
	*network = (struct network_model){0};
}
