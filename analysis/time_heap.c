/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "time_heap.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

int time_heap_begin(struct time_heap *heap, size_t capacity, struct failure *failure)
{
	*heap = (struct time_heap){.capacity = capacity};
	heap->entry = calloc(capacity ? capacity : 1, sizeof *heap->entry);
	if (!heap->entry)
		return fail(failure, EXIT_FAILED, "out of memory for %zu peers", capacity);
	return 0;
}

void time_heap_free(struct time_heap *heap)
{
	free(heap->entry);
	*heap = (struct time_heap){0};
}

static bool earlier(const struct time_heap_entry *a, const struct time_heap_entry *b)
{
	return a->time_us != b->time_us ? a->time_us < b->time_us : a->number < b->number;
}

void time_heap_push(struct time_heap *heap, int64_t time_us, uint32_t number)
{
	assert(heap->entries < heap->capacity);
	struct time_heap_entry added = {time_us, number};
	size_t hole = heap->entries++;
	while (hole > 0 && earlier(&added, &heap->entry[(hole - 1) / 2])) {
		heap->entry[hole] = heap->entry[(hole - 1) / 2];
		hole = (hole - 1) / 2;
	}
	heap->entry[hole] = added;
}

const struct time_heap_entry *time_heap_first(const struct time_heap *heap)
{
	return heap->entries > 0 ? &heap->entry[0] : NULL;
}

void time_heap_pop(struct time_heap *heap)
{
	assert(heap->entries > 0);
	struct time_heap_entry moved = heap->entry[--heap->entries];
	size_t hole = 0;
	for (size_t child; (child = 2 * hole + 1) < heap->entries; hole = child) {
		if (child + 1 < heap->entries &&
		    earlier(&heap->entry[child + 1], &heap->entry[child]))
			child++;
		if (!earlier(&heap->entry[child], &moved))
			break;
		heap->entry[hole] = heap->entry[child];
	}
	heap->entry[hole] = moved;
}
