/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/closed_queue.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct closed_queue queue;
static uint64_t recalled_count;

static int set_up(void **state)
{
	(void)state;
	memset(&queue, 0, sizeof queue);
	recalled_count = 0;
	return 0;
}

static bool push(uint64_t number, int64_t held_until_us)
{
	struct closed_bucket bucket = {
		.record = {.start = (int64_t)number * 300, .syn = number},
		.held_until_us = held_until_us,
	};
	bool pushed = closed_queue_push(&queue, NULL, &bucket);
	closed_queue_publish(&queue);
	return pushed;
}

/* Takes the next one as a writer does, and returns its number; UINT64_MAX for none. */
static uint64_t write_next(int64_t now_us)
{
	uint64_t at = 0;
	struct closed_bucket *bucket = closed_queue_take(&queue, &at, now_us);
	if (!bucket)
		return UINT64_MAX;
	closed_queue_writing(bucket, &bucket->record);
	uint64_t number = bucket->line.syn;
	closed_queue_written(&queue, bucket);
	return number;
}

static void count_recalled(void *context, const struct closed_bucket *bucket)
{
	(void)context;
	recalled_count += bucket->record.syn;
}

static void buckets_come_out_in_order_over_many_rounds(void **state)
{
	(void)state;
	uint64_t in = 0, out = 0;
	srand(5);
	while (out < 5 * CLOSED_QUEUE_LENGTH) {
		for (int i = rand() % 300; i > 0 && in - out < CLOSED_QUEUE_LENGTH; i--)
			assert_true(push(in++, 0));
		for (int i = rand() % 300; i > 0 && out < in; i--)
			assert_int_equal(write_next(0), out++);
		assert_int_equal(closed_queue_waiting(&queue), in - out);
	}
	assert_int_equal(queue.lost, 0);
}

static void what_finds_no_room_is_lost_and_counted(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < CLOSED_QUEUE_LENGTH; i++)
		assert_true(push(i, 0));
	assert_false(push(77, 0));
	assert_false(push(78, 0));
	assert_int_equal(queue.lost, 2);
	assert_int_equal(write_next(0), 0);
	assert_true(push(79, 0));
	for (uint64_t i = 1; i < CLOSED_QUEUE_LENGTH; i++)
		assert_int_equal(write_next(0), i);
	assert_int_equal(write_next(0), 79);
	assert_int_equal(closed_queue_waiting(&queue), 0);
}

/* Every other bucket cannot be written, as long as `stuck`. */
static uint64_t write_round(bool stuck)
{
	uint64_t at = 0, written = 0;
	for (struct closed_bucket *bucket; (bucket = closed_queue_take(&queue, &at, 0)); at++) {
		if (stuck && bucket->record.syn % 2) {
			/* Some failed when the line was known already. */
			if (bucket->record.syn % 4 == 1)
				closed_queue_writing(bucket, &bucket->record);
			else
				closed_queue_put_back(bucket);
			continue;
		}
		closed_queue_written(&queue, bucket);
		written++;
	}
	closed_queue_close_up(&queue);
	return written;
}

static void what_cannot_be_written_takes_only_its_own_room(void **state)
{
	(void)state;
	for (uint64_t number = 0; number < 2 * CLOSED_QUEUE_LENGTH - 200; number++) {
		assert_true(push(number, 0));
		if (number % 100 == 99) {
			assert_int_equal(write_round(true), 50);
			assert_int_equal(closed_queue_waiting(&queue), (number + 1) / 2);
		}
	}
	assert_int_equal(queue.lost, 0);
	write_round(true);
	/* All of them, in their order. */
	for (uint64_t number = 1; closed_queue_waiting(&queue) > 0; number += 2)
		assert_int_equal(write_next(0), number);
}

/* Another process, killed while it moved a bucket, at each of its steps: the bucket is there once.
 */
static void a_bucket_that_was_being_moved_is_there_once(void **state)
{
	(void)state;
	for (int step = 0; step < 4; step++) {
		memset(&queue, 0, sizeof queue);
		assert_true(push(1, 0) && push(2, 0));
		queue.bucket[1].state = CLOSED_WRITTEN;
		queue.moving = UINT64_C(1) << 32 | 2;
		if (step > 0)
			queue.bucket[1].record = queue.bucket[0].record;
		if (step > 1)
			queue.bucket[1].state = CLOSED_WAITING;
		if (step > 2)
			queue.bucket[0].state = CLOSED_WRITTEN;
		closed_queue_begin(&queue);
		assert_int_equal(queue.moving, 0);
		assert_int_equal(write_next(0), 1);
		assert_int_equal(write_next(0), UINT64_MAX);
	}
}

static void what_is_held_is_not_moved(void **state)
{
	(void)state;
	push(1, 0);
	push(2, 0);
	push(3, 100);
	push(4, 0);
	assert_int_equal(write_round(true), 2); /* 2 and 4 */
	assert_int_equal(queue.bucket[2].record.syn, 3);
	assert_int_equal(queue.bucket[1].record.syn, 1);
	closed_queue_recall(&queue, NULL, 0, 0, count_recalled, NULL);
	assert_int_equal(recalled_count, 3);
	assert_int_equal(write_next(0), 1);
	assert_int_equal(write_next(0), UINT64_MAX);
	assert_int_equal(closed_queue_waiting(&queue), 0);
}

static void a_held_bucket_waits_for_its_time_and_others_pass_it(void **state)
{
	(void)state;
	push(1, 1000);
	push(2, 0);
	assert_int_equal(write_next(999), 2);
	assert_int_equal(write_next(999), UINT64_MAX);
	assert_int_equal(closed_queue_waiting(&queue), 2); /* its place is free with the first */
	assert_int_equal(write_next(1000), 1);
	assert_int_equal(closed_queue_waiting(&queue), 0);
	push(3, INT64_MAX);
	assert_int_equal(write_next(INT64_MAX - 1), UINT64_MAX);
	closed_queue_release(&queue);
	assert_int_equal(write_next(0), 3);
}

static void what_is_held_can_be_recalled_by_its_time(void **state)
{
	(void)state;
	push(1, 1000);
	push(10, 1000);
	push(20, 1000);
	push(20, 0); /* not held */
	closed_queue_recall(&queue, NULL, 5 * 300, 15 * 300, count_recalled, NULL);
	assert_int_equal(recalled_count, 1 + 20);
	assert_int_equal(write_next(1000), 10);
	assert_int_equal(write_next(1000), 20);
	assert_int_equal(write_next(1000), UINT64_MAX);
	push(30, 1000);
	closed_queue_recall(&queue, NULL, 0, INT64_MIN, count_recalled, NULL);
	assert_int_equal(recalled_count, 1 + 20 + 30);
	assert_int_equal(write_next(1000), UINT64_MAX);
}

/* A push or a recall that was not committed was never made. */
static void what_was_not_committed_is_undone(void **state)
{
	(void)state;
	static struct journal_log log;
	struct journal_region region = {&log, (uint8_t *)&queue, sizeof queue, 0, NULL};
	struct closed_bucket bucket = {.record = {.syn = 5}, .held_until_us = 1000};
	memset(&log, 0, sizeof log);
	assert_true(closed_queue_push(&queue, &region, &bucket));
	assert_true(journal_undo(&log, &region, 1));
	closed_queue_begin(&queue);
	assert_int_equal(closed_queue_waiting(&queue), 0);
	assert_true(closed_queue_push(&queue, &region, &bucket));
	journal_commit(&log);
	closed_queue_publish(&queue);
	closed_queue_recall(&queue, &region, 0, INT64_MIN, count_recalled, NULL);
	assert_int_equal(recalled_count, 5);
	assert_true(journal_undo(&log, &region, 1));
	closed_queue_begin(&queue);
	assert_int_equal(write_next(1000), 5);
}

static void
what_a_dead_process_had_claimed_waits_again_and_what_it_was_writing_is_known(void **state)
{
	(void)state;
	uint64_t at = 0;
	push(1, 0);
	push(2, 0);
	struct closed_bucket *claimed = closed_queue_take(&queue, &at, 0);
	assert_int_equal(claimed->state, CLOSED_CLAIMED);
	at++;
	struct closed_bucket *writing = closed_queue_take(&queue, &at, 0);
	struct bucket_record line = {.syn = 2, .revision = 4};
	closed_queue_writing(writing, &line);
	closed_queue_begin(&queue); /* the next process */
	at = 0;
	assert_ptr_equal(closed_queue_take(&queue, &at, 0), claimed);
	assert_int_equal(claimed->state, CLOSED_CLAIMED);
	closed_queue_put_back(claimed);
	assert_int_equal(claimed->state, CLOSED_WAITING);
	at = 1;
	assert_ptr_equal(closed_queue_take(&queue, &at, 0), writing);
	assert_int_equal(writing->state, CLOSED_WRITING);
	assert_int_equal(writing->line.revision, 4);
}

#define STRESS 200000

static void *write_all(void *context)
{
	uint64_t *sum = context;
	for (uint64_t written = 0; written < STRESS;) {
		uint64_t number = write_next(0);
		if (number == UINT64_MAX)
			continue;
		*sum += number;
		written++;
	}
	return NULL;
}

static void two_threads_lose_nothing(void **state)
{
	(void)state;
	uint64_t sum = 0, expected = 0;
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, write_all, &sum), 0);
	for (uint64_t i = 0; i < STRESS;) {
		if (closed_queue_waiting(&queue) >= CLOSED_QUEUE_LENGTH || !push(i, 0))
			continue;
		expected += i++;
	}
	pthread_join(thread, NULL);
	assert_int_equal(sum, expected);
	assert_int_equal(queue.lost, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(buckets_come_out_in_order_over_many_rounds, set_up),
		cmocka_unit_test_setup(what_finds_no_room_is_lost_and_counted, set_up),
		cmocka_unit_test_setup(what_cannot_be_written_takes_only_its_own_room, set_up),
		cmocka_unit_test_setup(a_bucket_that_was_being_moved_is_there_once, set_up),
		cmocka_unit_test_setup(what_is_held_is_not_moved, set_up),
		cmocka_unit_test_setup(a_held_bucket_waits_for_its_time_and_others_pass_it, set_up),
		cmocka_unit_test_setup(what_is_held_can_be_recalled_by_its_time, set_up),
		cmocka_unit_test_setup(what_was_not_committed_is_undone, set_up),
		cmocka_unit_test_setup(
			what_a_dead_process_had_claimed_waits_again_and_what_it_was_writing_is_known,
			set_up),
		cmocka_unit_test_setup(two_threads_lose_nothing, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
