/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_writer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define US	       1000000LL
#define PAUSE_FIRST_MS 1000
#define PAUSE_MAX_MS   4000
#define PAUSE_STEP_MS  200 /* an end is not kept waiting for longer */
/* Without work it looks for held buckets whose time has come. */
#define IDLE_MS 60000

static int64_t clock_us(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * US + now.tv_nsec / 1000;
}

/* 0 when the bucket is in its ledger, durable. */
static int write_bucket(struct observed_target *target, struct closed_bucket *bucket,
			struct failure *failure)
{
	struct target_store *store = &target->store;
	if (target_store_stay(store, failure) != 0)
		return -1;
	if (bucket->state == CLOSED_WRITING) {
		if (target_store_has(store, &bucket->line))
			return 0;
	} else {
		struct bucket_record line;
		if (target_store_line(store, &bucket->record, &line, failure) != 0)
			return -1;
		closed_queue_writing(bucket, &line);
	}
	/* Another line of a bucket that the RRD has already: it ends where the ledger does, and is
	 * behind all the same. */
	target->open->view_under_way = 1;
	return target_store_write(store, &bucket->line, failure);
}

/* The RRD is a view: what goes wrong with it costs no count, and is told. */
static int update_view(struct observed_target *target, struct failure *failure)
{
	target->open->view_under_way = 1;
	if (target_store_update_view(&target->store, failure) != 0) {
		target->store.view_behind = true;
		return -1;
	}
	target->open->view_under_way = 0;
	return 0;
}

/* One round over the queue: a target that fails keeps its buckets, in their order, and the others
 * go on. */
static int write_round(struct observation *observation, int64_t boot_now_us,
		       struct failure *failure)
{
	struct closed_queue *queue = &observation->state->queue;
	bool failed[TARGETS_MAX] = {false};
	int result = 0;
	uint64_t at = 0;
	struct closed_bucket *bucket;
	while ((bucket = closed_queue_take(queue, &at, boot_now_us))) {
		struct observed_target *target = &observation->target[bucket->target];
		struct failure why = {0};
		at++;
		if (!failed[bucket->target] && write_bucket(target, bucket, &why) == 0) {
			closed_queue_written(queue, bucket);
			/* Many at a time, after a pause of the disk: the view keeps step. */
			if (target->store.recents == TARGET_STORE_RECENT &&
			    update_view(target, &why) != 0 && result == 0)
				result = fail(failure, EXIT_FAILED, "%s", why.text);
			continue;
		}
		if (bucket->state == CLOSED_CLAIMED)
			closed_queue_put_back(bucket);
		if (!failed[bucket->target] && result == 0)
			result = fail(failure, EXIT_FAILED, "%s", why.text);
		failed[bucket->target] = true;
	}
	if (result != 0)
		closed_queue_close_up(queue);
	for (size_t i = 0; i < observation->targets; i++) {
		struct failure why = {0};
		struct observed_target *target = &observation->target[i];
		if (failed[i])
			continue;
		if ((update_view(target, &why) != 0 ||
		     observation_write_census(target, &why) != 0) &&
		    result == 0)
			result = fail(failure, EXIT_FAILED, "%s", why.text);
	}
	return result;
}

static void show_progress(struct observation *observation, int result,
			  const struct failure *failure)
{
	struct agent_progress *progress = &observation->state->progress;
	const struct closed_queue *queue = &observation->state->queue;
	progress->waiting = closed_queue_waiting(queue);
	progress->lost = queue->lost;
	if (result == 0) {
		progress->store_failed_us = 0;
		return;
	}
	snprintf(progress->store_failure, sizeof progress->store_failure, "%.255s", failure->text);
	if (!progress->store_failed_us)
		progress->store_failed_us = clock_us(CLOCK_REALTIME);
}

static void try_to_write(struct store_writer *writer)
{
	struct observation *observation = writer->observation;
	struct failure failure = {0};
	int result = write_round(observation, clock_us(CLOCK_BOOTTIME), &failure);
	bool failed_before = observation->state->progress.store_failed_us != 0;
	show_progress(observation, result, &failure);
	if (result != 0 && !failed_before)
		say_warning("%s: counting goes on, closed buckets wait in memory", failure.text);
	if (result == 0 && failed_before)
		say_warning("the store can be written again: what waited is written");
	int longer_ms = writer->pause_ms * 2 < PAUSE_MAX_MS ? writer->pause_ms * 2 : PAUSE_MAX_MS;
	writer->pause_ms = result == 0 ? 0 : longer_ms ? longer_ms : PAUSE_FIRST_MS;
}

static bool is_ending(const struct store_writer *writer)
{
	return __atomic_load_n(&writer->ending, __ATOMIC_ACQUIRE);
}

/* Until there is work, or the pause after a failure is over. */
static void wait_for_work(const struct store_writer *writer)
{
	struct pollfd wanted = {.fd = writer->wanted, .events = POLLIN};
	uint64_t times;
	if (!writer->pause_ms)
		poll(&wanted, 1, IDLE_MS);
	for (int ms = 0; ms < writer->pause_ms && !is_ending(writer); ms += PAUSE_STEP_MS)
		poll(NULL, 0, PAUSE_STEP_MS);
	/* Nothing to read is nothing new. */
	if (read(writer->wanted, &times, sizeof times) != (ssize_t)sizeof times)
		return;
}

static void notify(int event)
{
	const uint64_t once = 1;
	/* It fails only when it is notified already. */
	if (write(event, &once, sizeof once) != (ssize_t)sizeof once)
		return;
}

static void *run(void *context)
{
	struct store_writer *writer = context;
	bool ending = false;
	while (!ending) {
		ending = is_ending(writer); /* then once more */
		try_to_write(writer);
		if (!ending && evidence_keeper_work(&writer->keeper, writer->observation))
			store_writer_wake(writer);
		if (!ending)
			wait_for_work(writer);
	}
	evidence_keeper_end(&writer->keeper);
	notify(writer->finished);
	return NULL;
}

int store_writer_begin(struct store_writer *writer, struct observation *observation,
		       struct failure *failure)
{
	*writer = (struct store_writer){
		.observation = observation,
		.wanted = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.finished = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	int error = writer->wanted < 0 || writer->finished < 0
			    ? errno
			    : pthread_create(&writer->thread, NULL, run, writer);
	if (error != 0)
		return fail(failure, EXIT_FAILED, "cannot start a thread: %s", strerror(error));
	writer->running = true;
	return 0;
}

void store_writer_wake(struct store_writer *writer)
{
	notify(writer->wanted);
}

bool store_writer_end(struct store_writer *writer, int wait_ms)
{
	if (!writer->running)
		return true;
	struct pollfd finished = {.fd = writer->finished, .events = POLLIN};
	__atomic_store_n(&writer->ending, true, __ATOMIC_RELEASE);
	notify(writer->wanted);
	/* Signals are not seen outside of the waiting mask, so it is not cut short. */
	if (poll(&finished, 1, wait_ms) <= 0)
		return false;
	pthread_join(writer->thread, NULL);
	close(writer->wanted);
	close(writer->finished);
	writer->running = false;
	return true;
}

int store_writer_drain(struct observation *observation, int64_t boot_now_us,
		       struct failure *failure)
{
	int result = write_round(observation, boot_now_us, failure);
	show_progress(observation, result, failure);
	return result;
}
