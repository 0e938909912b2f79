/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * time_heap: who is next. A binary heap of (time, number), earliest first, the lower number first
 * among equals, of a capacity fixed at the start. */
#ifndef STALENODE_TIME_HEAP_H
#define STALENODE_TIME_HEAP_H

#include "../observer/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct time_heap_entry {
	int64_t time_us;
	uint32_t number;
};

struct time_heap {
	struct time_heap_entry *entry; /* owned */
	size_t entries;
	size_t capacity;
};

/* EXIT_FAILED when there is no memory. Free with time_heap_free(). */
int time_heap_begin(struct time_heap *heap, size_t capacity, struct failure *failure);
void time_heap_free(struct time_heap *heap);
/* The heap must not be full: its users hold at most one entry per peer and size it so. */
void time_heap_push(struct time_heap *heap, int64_t time_us, uint32_t number);
/* The earliest entry, or NULL; valid until the next push or pop. */
const struct time_heap_entry *time_heap_first(const struct time_heap *heap);
/* Removes the earliest entry of a heap that is not empty. */
void time_heap_pop(struct time_heap *heap);

#endif
