/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * node_list: the node lists of all nodes of a simulated network, of one fixed capacity each. A
 * full list gives the place of an old entry to a new one. */
#ifndef STALENODE_NODE_LIST_H
#define STALENODE_NODE_LIST_H

#include "random_stream.h"
#include "../observer/base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node_entry {
	int32_t seen_s;	  /* when somebody last reached the node, seconds since the retirement */
	uint16_t node;	  /* whose address it is */
	uint8_t failures; /* in a row, by the owner of the list */
	bool verified;	  /* the owner has reached it in its present session */
};

struct node_lists {
	struct node_entry *entry; /* owned: capacity for each node */
	uint16_t *place;	  /* owned: for each owner, where each node is in its list */
	uint16_t *length;	  /* owned: entries of each node */
	size_t nodes, capacity;
	size_t watched;	 /* a node ... */
	size_t watchers; /* ... and how many lists hold it */
};

/* Empty lists of `nodes` nodes with up to `capacity` entries; -1 when memory is short. Free with
 * node_lists_free(). */
int node_lists_begin(struct node_lists *lists, size_t nodes, size_t capacity, size_t watched,
		     struct failure *failure);
void node_lists_free(struct node_lists *lists);

struct node_entry *node_list_of(const struct node_lists *lists, size_t owner);
/* The entry of `node` in the list of `owner`, or NULL. */
struct node_entry *node_list_find(const struct node_lists *lists, size_t owner, size_t node);
/* Adds a node, or makes what is known of it younger; its entry, or NULL for the owner itself. */
struct node_entry *node_list_learn(struct node_lists *lists, size_t owner, size_t node,
				   int32_t seen_s, struct random_stream *random);
/* Removes entry `index` of the owner's list: the last one takes its place. */
void node_list_drop(struct node_lists *lists, size_t owner, size_t index);

#endif
