/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_writer.h"

#include "base/timestamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define US	       1000000LL
#define PAUSE_FIRST_US US
#define PAUSE_MAX_US   (60 * US)
/* Without work it looks for held buckets whose time has come. */
#define IDLE_US (60 * US)

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

static bool has_moved(const char *state_path)
{
	struct stat here, there;
	return state_path && stat(".", &here) == 0 && stat(state_path, &there) == 0 &&
	       (here.st_dev != there.st_dev || here.st_ino != there.st_ino);
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
	int64_t pause_us =
		writer->pause_us * 2 < PAUSE_MAX_US ? writer->pause_us * 2 : PAUSE_MAX_US;
	bool moved = result != 0 && has_moved(writer->state_path);
	pthread_mutex_lock(&writer->lock);
	writer->moved = moved;
	writer->pause_us = result == 0 ? 0 : pause_us ? pause_us : PAUSE_FIRST_US;
	pthread_mutex_unlock(&writer->lock);
}

/* Until there is work, or the pause is over. With the lock held. */
static void wait_for_work(struct store_writer *writer)
{
	int64_t until_us =
		clock_us(CLOCK_MONOTONIC) + (writer->pause_us ? writer->pause_us : IDLE_US);
	struct timespec until = {until_us / US, until_us % US * 1000};
	while (!writer->ending && (writer->pause_us || !writer->work) &&
	       pthread_cond_timedwait(&writer->wanted, &writer->lock, &until) != ETIMEDOUT)
		;
}

static void *run(void *context)
{
	struct store_writer *writer = context;
	bool ending = false;
	while (!ending) {
		pthread_mutex_lock(&writer->lock);
		wait_for_work(writer);
		writer->work = false;
		ending = writer->ending; /* once more, then */
		pthread_mutex_unlock(&writer->lock);
		try_to_write(writer);
		if (!ending && evidence_keeper_work(&writer->keeper, writer->observation))
			store_writer_wake(writer);
	}
	evidence_keeper_end(&writer->keeper);
	pthread_mutex_lock(&writer->lock);
	writer->finished = true;
	pthread_cond_broadcast(&writer->wanted);
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

int store_writer_begin(struct store_writer *writer, struct observation *observation,
		       const char *state_path, struct failure *failure)
{
	pthread_condattr_t attributes;
	*writer = (struct store_writer){
		.observation = observation, .state_path = state_path, .work = true};
	pthread_mutex_init(&writer->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->wanted, &attributes);
	pthread_condattr_destroy(&attributes);
	int error = pthread_create(&writer->thread, NULL, run, writer);
	if (error != 0)
		return fail(failure, EXIT_FAILED, "cannot start a thread: %s", strerror(error));
	writer->running = true;
	return 0;
}

void store_writer_wake(struct store_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	writer->work = true;
	pthread_cond_broadcast(&writer->wanted);
	pthread_mutex_unlock(&writer->lock);
}

bool store_writer_moved(struct store_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	bool moved = writer->moved;
	pthread_mutex_unlock(&writer->lock);
	return moved;
}

bool store_writer_end(struct store_writer *writer, int64_t wait_us)
{
	if (!writer->running)
		return true;
	int64_t until_us = clock_us(CLOCK_MONOTONIC) + wait_us;
	struct timespec until = {until_us / US, until_us % US * 1000};
	pthread_mutex_lock(&writer->lock);
	writer->ending = true;
	pthread_cond_broadcast(&writer->wanted);
	while (!writer->finished &&
	       pthread_cond_timedwait(&writer->wanted, &writer->lock, &until) != ETIMEDOUT)
		;
	bool finished = writer->finished;
	pthread_mutex_unlock(&writer->lock);
	if (!finished)
		return false;
	pthread_join(writer->thread, NULL);
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
