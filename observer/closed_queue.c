/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "closed_queue.h"

#include <stddef.h>

static struct closed_bucket *at_number(struct closed_queue *queue, uint64_t number)
{
	return &queue->bucket[number % CLOSED_QUEUE_LENGTH];
}

static uint64_t load(const uint64_t *number)
{
	return __atomic_load_n(number, __ATOMIC_ACQUIRE);
}

bool closed_queue_push(struct closed_queue *queue, const struct journal_region *region,
		       const struct closed_bucket *bucket)
{
	if (queue->tail - load(&queue->head) >= CLOSED_QUEUE_LENGTH) {
		journal_keep(region, &queue->lost, sizeof queue->lost);
		queue->lost++;
		return false;
	}
	/* Beyond the tail nobody looks: only the tail has to be kept. */
	*at_number(queue, queue->tail) = *bucket;
	journal_keep(region, &queue->tail, sizeof queue->tail);
	queue->tail++;
	return true;
}

void closed_queue_publish(struct closed_queue *queue)
{
	__atomic_store_n(&queue->published, queue->tail, __ATOMIC_RELEASE);
}

/* The process died while a bucket was moved: it is where it was, unless the last step was taken. */
static void end_moving(struct closed_queue *queue)
{
	uint64_t from = queue->moving >> 32, to = queue->moving & UINT32_MAX;
	if (from - 1 < CLOSED_QUEUE_LENGTH && to - 1 < CLOSED_QUEUE_LENGTH &&
	    queue->bucket[from - 1].state != CLOSED_WRITTEN)
		queue->bucket[to - 1].state = CLOSED_WRITTEN;
	queue->moving = 0;
}

void closed_queue_begin(struct closed_queue *queue)
{
	end_moving(queue);
	for (uint64_t number = queue->head; number < queue->tail; number++)
		if (at_number(queue, number)->state == CLOSED_RECALLING ||
		    at_number(queue, number)->state == CLOSED_CLAIMED)
			at_number(queue, number)->state = CLOSED_WAITING;
	closed_queue_publish(queue);
}

static bool change_state(struct closed_bucket *bucket, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(&bucket->state, &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
}

void closed_queue_recall(struct closed_queue *queue, const struct journal_region *region,
			 int64_t floor, int64_t from,
			 void (*recalled)(void *, const struct closed_bucket *), void *context)
{
	for (uint64_t number = load(&queue->head); number < queue->tail; number++) {
		struct closed_bucket *bucket = at_number(queue, number);
		if (!bucket->held_until_us ||
		    (bucket->record.start >= floor && bucket->record.start < from))
			continue;
		if (!change_state(bucket, CLOSED_WAITING, CLOSED_RECALLING))
			continue;
		/* Now it is ours alone, and the journal may hold what it is undone to. */
		journal_keep(region, &bucket->state, sizeof bucket->state);
		bucket->state = CLOSED_RECALLED;
		recalled(context, bucket);
	}
}

void closed_queue_release(struct closed_queue *queue)
{
	for (uint64_t number = load(&queue->head); number < queue->tail; number++)
		__atomic_store_n(&at_number(queue, number)->held_until_us, 0, __ATOMIC_RELEASE);
}

uint64_t closed_queue_waiting(const struct closed_queue *queue)
{
	return queue->tail - load(&queue->head);
}

/* Only this thread moves the head. */
static void step_over_done(struct closed_queue *queue)
{
	uint64_t head = queue->head, end = load(&queue->published);
	while (head < end) {
		uint32_t state = __atomic_load_n(&at_number(queue, head)->state, __ATOMIC_ACQUIRE);
		if (state != CLOSED_WRITTEN && state != CLOSED_RECALLED)
			break;
		head++;
	}
	__atomic_store_n(&queue->head, head, __ATOMIC_RELEASE);
}

struct closed_bucket *closed_queue_take(struct closed_queue *queue, uint64_t *at,
					int64_t boot_now_us)
{
	step_over_done(queue);
	if (*at < queue->head)
		*at = queue->head;
	for (uint64_t end = load(&queue->published); *at < end; ++*at) {
		struct closed_bucket *bucket = at_number(queue, *at);
		if (__atomic_load_n(&bucket->held_until_us, __ATOMIC_ACQUIRE) > boot_now_us)
			continue;
		if (__atomic_load_n(&bucket->state, __ATOMIC_ACQUIRE) == CLOSED_WRITING ||
		    change_state(bucket, CLOSED_WAITING, CLOSED_CLAIMED))
			return bucket;
	}
	return NULL;
}

void closed_queue_writing(struct closed_bucket *bucket, const struct bucket_record *line)
{
	bucket->line = *line;
	__atomic_store_n(&bucket->state, CLOSED_WRITING, __ATOMIC_RELEASE);
}

void closed_queue_written(struct closed_queue *queue, struct closed_bucket *bucket)
{
	__atomic_store_n(&bucket->state, CLOSED_WRITTEN, __ATOMIC_RELEASE);
	step_over_done(queue);
}

void closed_queue_put_back(struct closed_bucket *bucket)
{
	__atomic_store_n(&bucket->state, CLOSED_WAITING, __ATOMIC_RELEASE);
}

/* Where a bucket stands in two places, `moving` tells which one counts. */
static void move(struct closed_queue *queue, uint64_t from, uint64_t to)
{
	struct closed_bucket *bucket = at_number(queue, from), *place = at_number(queue, to);
	uint64_t moving = (from % CLOSED_QUEUE_LENGTH + 1) << 32 | (to % CLOSED_QUEUE_LENGTH + 1);
	uint32_t state = bucket->state;
	__atomic_store_n(&queue->moving, moving, __ATOMIC_SEQ_CST);
	place->record = bucket->record;
	place->line = bucket->line;
	place->target = bucket->target;
	place->held_until_us = 0;
	__atomic_store_n(&place->state, state, __ATOMIC_SEQ_CST);
	__atomic_store_n(&bucket->state, CLOSED_WRITTEN, __ATOMIC_SEQ_CST);
	__atomic_store_n(&queue->moving, 0, __ATOMIC_SEQ_CST);
}

static uint32_t state_at(struct closed_queue *queue, uint64_t number)
{
	return __atomic_load_n(&at_number(queue, number)->state, __ATOMIC_ACQUIRE);
}

/* Held, so that the counting thread may recall it: to be left alone. */
static bool is_held(struct closed_queue *queue, uint64_t number)
{
	uint32_t state = state_at(queue, number);
	return state == CLOSED_RECALLING ||
	       (state == CLOSED_WAITING &&
		__atomic_load_n(&at_number(queue, number)->held_until_us, __ATOMIC_ACQUIRE));
}

void closed_queue_close_up(struct closed_queue *queue)
{
	step_over_done(queue);
	uint64_t end = queue->head, published = load(&queue->published);
	while (end < published && !is_held(queue, end))
		end++;
	for (uint64_t from = end, to = end; from-- > queue->head;) {
		uint32_t state = state_at(queue, from);
		if (state != CLOSED_WAITING && state != CLOSED_WRITING)
			continue;
		do /* the last free place behind it, if there is one */
			to--;
		while (to > from && state_at(queue, to) != CLOSED_WRITTEN);
		if (to > from)
			move(queue, from, to);
	}
	step_over_done(queue);
}
