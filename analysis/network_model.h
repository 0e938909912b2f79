/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * network_model: a whole P2P network as a mechanism, in which one node is retired. Nothing about
 * the calls that follow is put in; they come out of what the nodes do:
 *
 *   sessions   A node is on and off in turn, log-normal times; people differ in how long they are
 *              off; starts follow a daily wave. Some nodes are always on.
 *   start      Reads its saved list and dials it from a random place on, one entry per
 *              dial_seconds, until it has its links. Who is reached learns of the caller. Who
 *              reaches nobody asks a well-known address. Entries that nobody has reached for
 *              forget_days are dropped, then and at each look.
 *   retries    Once per retry_minutes it looks after what it reached in this session and tries
 *              again what failed, and seeks new links for lost ones; after drop_failures in a row
 * an entry is dropped. Nodes that run when the node stops so burn a fixed number of tries at a
 * fixed pace: the plateau. exit       Saves the list. What failed in this session is left out with
 * the probability forget_failed, and what stays is tried afresh at the next start: the tail. gossip
 * Once per gossip_minutes two linked nodes tell each other entries of their lists; with the
 * probability gossip_fresh the hearer takes the entry for just reached, and so a dead node can
 * outlive forget_days.
 *
 * The retired node joins run_hours before it is retired and behaves like the others, only that it
 * seeks run_links links: who exchanges files has more of them than a node needs to stay in touch.
 * The network lives warm_days before that, so that its lists are
 * worn. When no list holds the node any more, nobody will ever call again.
 *
 * Dialling is drawn at one instant with respect to the state of the others. Times are microseconds
 * since the retirement, negative before. */
#ifndef STALENODE_NETWORK_MODEL_H
#define STALENODE_NETWORK_MODEL_H

#include "client_parameters.h"
#include "node_list.h"
#include "time_heap.h"

#define NETWORK_NODE_OFF INT32_MAX

struct network_node {
	struct random_stream random;
	int64_t stop_us;    /* of its session; of an off node: its next start */
	int64_t look_us;    /* next look after its entries; INT64_MAX when off */
	int64_t gossip_us;  /* next gossip; INT64_MAX when off */
	int64_t call_us;    /* next call of the retired node; INT64_MAX: none */
	int64_t called_us;  /* last call of it */
	double off_hours;   /* its person's median */
	float zone_hours;   /* local time less UTC */
	uint8_t calls_left; /* further quick calls of a node that is refused */
	int32_t looked_s;   /* its last look or start, seconds */
	bool always_on;
};

struct network_model {
	const struct client_parameters *client;
	enum host_policy policy;
	int64_t retired_us; /* since 1970 */
	int64_t now_us;
	struct network_node *node; /* owned; the last one is the one that is retired */
	size_t nodes;		   /* it included */
	int32_t *began_s; /* owned, apart because every dial reads it: when the session of each
			     node began, seconds; NETWORK_NODE_OFF */
	struct node_lists lists;
	struct time_heap next;
};

/* Begins the network of `seed` warm_days and run_hours before the retirement; the parameters must
 * outlive it. EXIT_FAILED when there is no memory. Free with network_model_free(). */
int network_model_begin(struct network_model *network, const struct client_parameters *client,
			enum host_policy policy, int64_t retired_us, uint64_t seed,
			struct failure *failure);
void network_model_free(struct network_model *network);

/* The next call of the retired node; false when nobody will ever call again. */
bool network_model_next(struct network_model *network, int64_t *time_us, uint32_t *caller);

#endif
