/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_model: the population that still calls a retired node, as connection attempts in time
 * order. The mechanism is the saved node list:
 *
 *   running    was running when the node stopped. Dials it at its retry interval and drops it
 *              after a fixed number of failures. Fixed intervals times fixed retries make the
 *              plateau and its sharp end.
 *   returning  was off. Dials once (or twice) at each start, out of the list that it saved, until
 *              it has failed at a number of starts or the list is too old. People differ in how
 *              often they start a program, so this makes the tail, with a daily wave.
 *   keeper     never drops the node, starts rarely: what is left after half a year.
 *   anchor     one more peer that calls once on a published day.
 *
 * Instead of these a client file can describe a whole network (network_model.h) or an index that
 * gives out the address for ever (index_model.h); their nodes and visitors are the peers then.
 *
 * Times are microseconds since the retirement. */
#ifndef STALENODE_CLIENT_MODEL_H
#define STALENODE_CLIENT_MODEL_H

#include "client_parameters.h"
#include "index_model.h"
#include "network_model.h"
#include "random_stream.h"
#include "time_heap.h"

struct peer {
	struct random_stream random;
	int64_t forget_us;    /* a returning peer's list drops the node; else INT64_MAX */
	double away_hours;    /* a returning peer's median time between starts */
	float zone_hours;     /* local time less UTC */
	uint32_t tries_left;  /* retries or starts */
	uint8_t role;	      /* enum peer_role */
	uint8_t system;	      /* enum sender_system */
	uint8_t redials_left; /* further attempts of the same start or retry */
	uint8_t redials;      /* the attempt to come is such a further one */
};

enum peer_role { PEER_RUNNING, PEER_RETURNING, PEER_KEEPER, PEER_ANCHOR };

struct attempt {
	int64_t time_us; /* its first SYN leaves */
	uint32_t peer;
};

struct client_model {
	const struct client_parameters *client;
	enum host_policy policy;
	int64_t retired_us; /* since 1970 */
	struct peer *peer;  /* owned */
	size_t peers;
	struct time_heap next;
	struct network_model network; /* begun when the client describes a network */
	struct index_model index;     /* begun when it describes an index */
};

/* Begins the population of `seed`; the parameters must outlive it. EXIT_FAILED when there is no
 * memory. Free with client_model_free(). */
int client_model_begin(struct client_model *model, const struct client_parameters *client,
		       enum host_policy policy, int64_t retired_us, uint64_t seed,
		       struct failure *failure);
void client_model_free(struct client_model *model);

/* The next attempt in time order; false when nobody will ever call again. Two attempts of one
 * peer are never less than CLIENT_REDIAL_US apart unless the host refuses with RST, so that at a
 * silent host the SYNs of the one are over before the other. */
bool client_model_next(struct client_model *model, struct attempt *attempt);

#endif
