/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * index_model: the counter-example. An index (a tracker, an index server, a poisoned key list)
 * gives out the address as if a node were there, and goes on doing so: visitors come at a rate
 * that does not fall, with the daily wave, each dials a few times and is gone.
 * Address-misconfigured P2P looks like this: many sources, one port, no decay, hardly a source
 * returns.
 *
 * Times are microseconds since the retirement. */
#ifndef STALENODE_INDEX_MODEL_H
#define STALENODE_INDEX_MODEL_H

#include "client_parameters.h"
#include "time_heap.h"

/* A visitor has a number, which stands for an address. Numbers are used again after all of them
 * were, as dynamic addresses are. */
struct index_visitor {
	struct random_stream random;
	uint16_t tries_left;
	uint8_t calls_left; /* further quick calls of one that is refused */
};

struct index_model {
	const struct client_parameters *client;
	enum host_policy policy;
	int64_t retired_us; /* since 1970 */
	int64_t arrival_us; /* the next visitor comes */
	uint64_t visitors;  /* that have come */
	uint64_t seed;
	struct random_stream random;
	struct index_visitor *visitor; /* owned: CLIENT_PEERS_MAX */
	struct time_heap next;
};

/* EXIT_FAILED when there is no memory; the parameters must outlive it. Free with
 * index_model_free(). */
int index_model_begin(struct index_model *index, const struct client_parameters *client,
		      enum host_policy policy, int64_t retired_us, uint64_t seed,
		      struct failure *failure);
void index_model_free(struct index_model *index);

/* The next call; there always is one. A visitor that comes while its number still dials, which
 * needs CLIENT_PEERS_MAX others in the time of one visit, is not there. */
void index_model_next(struct index_model *index, int64_t *time_us, uint32_t *caller);

#endif
