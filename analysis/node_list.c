/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "node_list.h"

#include <stdlib.h>

/* A new entry takes the place of the oldest of so many random ones. */
#define CANDIDATES 4

/* Where the entry is in the list, from 1 on; 0: it is not. */
static uint16_t *place_of(const struct node_lists *lists, size_t owner, size_t node)
{
	return &lists->place[owner * lists->nodes + node];
}

/* Writes the entry into its place of the list, new or moved. */
static void put(struct node_lists *lists, size_t owner, size_t place, struct node_entry entry)
{
	node_list_of(lists, owner)[place] = entry;
	*place_of(lists, owner, entry.node) = (uint16_t)(place + 1);
}

static void forget(struct node_lists *lists, size_t owner, size_t node)
{
	*place_of(lists, owner, node) = 0;
	if (node == lists->watched)
		lists->watchers--;
}

int node_lists_begin(struct node_lists *lists, size_t nodes, size_t capacity, size_t watched,
		     struct failure *failure)
{
	*lists = (struct node_lists){.nodes = nodes, .capacity = capacity, .watched = watched};
	lists->entry = calloc(nodes * capacity, sizeof *lists->entry);
	lists->place = calloc(nodes * nodes, sizeof *lists->place);
	lists->length = calloc(nodes, sizeof *lists->length);
	if (lists->entry && lists->place && lists->length)
		return 0;
	node_lists_free(lists);
	return fail(failure, EXIT_FAILED, "out of memory for the node lists of %zu nodes", nodes);
}

void node_lists_free(struct node_lists *lists)
{
	free(lists->entry);
	free(lists->place);
	free(lists->length);
	*lists = (struct node_lists){0};
}

struct node_entry *node_list_of(const struct node_lists *lists, size_t owner)
{
	return &lists->entry[owner * lists->capacity];
}

struct node_entry *node_list_find(const struct node_lists *lists, size_t owner, size_t node)
{
	size_t place = *place_of(lists, owner, node);
	return place ? &node_list_of(lists, owner)[place - 1] : NULL;
}

struct node_entry *node_list_learn(struct node_lists *lists, size_t owner, size_t node,
				   int32_t seen_s, struct random_stream *random)
{
	struct node_entry *list = node_list_of(lists, owner);
	if (owner == node)
		return NULL;
	struct node_entry *entry = node_list_find(lists, owner, node);
	if (entry) {
		if (entry->seen_s < seen_s)
			entry->seen_s = seen_s;
		return entry;
	}
	size_t place = lists->length[owner];
	if (place < lists->capacity) {
		lists->length[owner]++;
	} else {
		place = random_below(random, (uint32_t)lists->capacity);
		for (int i = 1; i < CANDIDATES; i++) {
			size_t other = random_below(random, (uint32_t)lists->capacity);
			if (list[other].seen_s < list[place].seen_s)
				place = other;
		}
		forget(lists, owner, list[place].node);
	}
	put(lists, owner, place, (struct node_entry){seen_s, (uint16_t)node, 0, false});
	lists->watchers += node == lists->watched;
	return &list[place];
}

void node_list_drop(struct node_lists *lists, size_t owner, size_t index)
{
	struct node_entry *list = node_list_of(lists, owner);
	size_t last = --lists->length[owner];
	forget(lists, owner, list[index].node);
	if (index != last)
		put(lists, owner, index, list[last]);
}
