/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker.h"

#include "base/timestamp.h"
#include "live_clock.h"
#include "signals.h"
#include "store_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define US 1000000LL

/* An open bucket is looked at this often at least: coverage is then true to the second even
 * when the process is killed between two packets. */
#define LOOK_EVERY_MS 1000
/* Two clocks are read at one moment when no more than this passed meanwhile. */
#define CLOCKS_APART_US 10000
/* Packets between two commits: what the journal has room for. */
#define COMMIT_EVERY 64
/* Packets in one look: of a flood, some hundred milliseconds. */
#define LOOK_PACKETS_MAX 200000
/* The disk has as long to take what is left at the end. */
#define LAST_WRITE_MS 60000

struct worker {
	const struct worker_plan *plan;
	struct capture_ring *ring; /* NULL without an interface */
	struct live_memory *live;
	struct observation_memory memory;
	struct observation observation;
	struct store_writer writer;
	struct live_clock *clock; /* in live memory: both clocks when they were last read */
	struct agent_progress *progress;
	bool took_packets; /* at the last look */
	bool link_was_up;
	bool went_down;		/* since this worker began, and was not back yet */
	uint64_t closed;	/* buckets pushed when the writer was last woken */
	struct failure failure; /* of the store */
};

static int64_t system_us(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * US + now.tv_nsec / 1000;
}

static int64_t system_real_us(void *context)
{
	(void)context;
	return system_us(CLOCK_REALTIME);
}

static int64_t system_boot_us(void *context)
{
	(void)context;
	return system_us(CLOCK_BOOTTIME);
}

const struct worker_clock worker_system_clock = {system_real_us, system_boot_us, NULL};

static int64_t boot_now_us(const struct worker *worker)
{
	return worker->plan->clock.boot_us(worker->plan->clock.context);
}

/* One line per closed bucket and target, for the person who looks on. */
static void show_bucket(void *context, const struct observed_target *target,
			const struct bucket_record *record)
{
	(void)context;
	char time[TIMESTAMP_TEXT_SIZE];
	printf("%s %s: %" PRIu64 " SYN, %" PRIu64 " attempts, %" PRIu64 " sources, %" PRIu64
	       " UDP, %" PRIu64 " SYN to other ports, %" PRIu32 " s covered, %" PRIu64 " dropped\n",
	       timestamp_format(record->start, time), target->target->name, record->syn,
	       record->attempts, record->sources, record->udp, record->other_syn,
	       record->observed_seconds, record->kernel_drops);
	fflush(stdout);
}

static int take_packet(struct worker *worker, const struct captured_packet *packet)
{
	struct observation *observation = &worker->observation;
	int64_t time_us = packet->time_us;
	/* No record is stamped beyond the clock as it is now. */
	if (time_us > worker->clock->real_us + LIVE_CLOCK_STEP_US)
		time_us = worker->clock->real_us;
	if ((worker->clock->covered_us == INT64_MIN || time_us > worker->clock->covered_us) &&
	    live_clock_cover(&worker->observation, time_us, &worker->failure) != 0)
		return -1;
	enum observation_result result = observation_packet(
		observation, time_us, packet->link_type, packet->bytes, packet->captured_length,
		packet->original_length, packet->outgoing, &worker->failure);
	if (result == OBSERVATION_TOO_OLD) {
		/* The clock was set back: the packet arrived, so it counts, in the open bucket. */
		observation_flag(observation, BUCKET_CLOCK_STEPPED);
		result = observation_packet(observation, live_clock_present_us(observation),
					    packet->link_type, packet->bytes,
					    packet->captured_length, packet->original_length,
					    packet->outgoing, &worker->failure);
	}
	return result == OBSERVATION_FAILED ? -1 : 0;
}

static int commit(struct worker *worker)
{
	if (observation_commit(&worker->observation, &worker->failure) != 0)
		return -1;
	if (worker->ring)
		capture_ring_release(worker->ring, &worker->observation.position);
	return 0;
}

static int take_packets(struct worker *worker)
{
	struct capture_position *position = &worker->observation.position;
	struct captured_packet packet;
	int result = 0;
	uint64_t place = position->place;
	for (int packets = 1; result == 0 && packets <= LOOK_PACKETS_MAX &&
			      capture_ring_peek(worker->ring, position, &packet);
	     packets++) {
		result = take_packet(worker, &packet);
		capture_position_advance(position);
		if (packets % COMMIT_EVERY == 0 && result == 0)
			result = commit(worker);
	}
	worker->took_packets = position->place != place;
	return result;
}

/* 0, or -1 when the interface is lost. Covers the time until now when the link is up. */
static int watch_link(struct worker *worker, enum worker_end *end)
{
	struct failure gone = {0};
	if (capture_ring_failure(worker->ring, &gone) != 0) {
		*end = WORKER_INTERFACE_LOST;
		say_warning("%s: it is opened again when it is back", gone.text);
		observation_flag(&worker->observation, BUCKET_LINK_DOWN);
		return 0;
	}
	bool link_is_up = capture_ring_link_is_up(worker->ring);
	if (worker->link_was_up && !link_is_up) {
		say_warning("interface %s: it went down: nothing is observed until it is back",
			    worker->ring->interface);
		observation_flag(&worker->observation, BUCKET_LINK_DOWN);
		worker->went_down = true;
		live_clock_pause(&worker->observation);
	} else if (worker->went_down && link_is_up) {
		say_warning("interface %s is back", worker->ring->interface);
		observation_flag(&worker->observation, BUCKET_LINK_DOWN);
		worker->went_down = false;
	}
	worker->link_was_up = link_is_up;
	worker->progress->link_is_up = link_is_up;
	return link_is_up ? live_clock_cover(&worker->observation, worker->clock->real_us,
					     &worker->failure)
			  : 0;
}

static void report_progress(struct worker *worker, uint64_t drops)
{
	struct agent_progress *progress = worker->progress;
	const struct observation *observation = &worker->observation;
	const struct observation_slot *current = observation_current(observation);
	uint64_t syn = 0;
	for (size_t i = 0; i < observation->targets; i++)
		for (int index = 0; index < 2; index++)
			if (observation->time->slot[index].start != TIME_UNKNOWN)
				syn += observation->target[i].open->bucket[index].record.syn;
	progress->open_syn = syn;
	progress->open_seconds = progress->open_covered = 0;
	int64_t open_us = worker->clock->real_us - current->from_us;
	if (current->start != TIME_UNKNOWN && open_us >= 0) {
		struct coverage coverage = current->coverage;
		observation_add_pending(observation, &coverage);
		progress->open_covered = coverage_seconds(&coverage);
		progress->open_seconds = open_us >= BUCKET_SECONDS * US
						 ? BUCKET_SECONDS
						 : (uint64_t)(open_us / US) + 1;
	}
	progress->drops += drops;
	progress->targets = observation->targets;
	progress->waiting = closed_queue_waiting(&observation->state->queue);
	progress->lost = observation->state->queue.lost;
	progress->looked_us = worker->clock->real_us;
	progress->looks++;
}

/* Both clocks at one moment: a process that had to wait in between would see a step. */
static void read_clocks(const struct worker *worker, int64_t *real_us, int64_t *boot_us)
{
	const struct worker_clock *clock = &worker->plan->clock;
	int64_t after_us;
	for (int tries = 0; tries < 10; tries++) {
		*boot_us = clock->boot_us(clock->context);
		*real_us = clock->real_us(clock->context);
		after_us = clock->boot_us(clock->context);
		if (after_us - *boot_us < CLOCKS_APART_US)
			return;
	}
}

static enum worker_end look(struct worker *worker)
{
	enum worker_end end = WORKER_GOES_ON;
	uint64_t drops = 0;
	int64_t real_us, boot_us;
	read_clocks(worker, &real_us, &boot_us);
	int result = live_clock_watch(&worker->observation, real_us, boot_us, &worker->failure);
	if (worker->ring && result == 0) {
		result = take_packets(worker);
		capture_ring_new_drops(worker->ring, &drops);
		observation_kernel_drops(&worker->observation, drops);
		if (result == 0)
			result = watch_link(worker, &end);
	}
	if (result == 0)
		result = observation_pass(&worker->observation, worker->clock->real_us,
					  &worker->failure);
	if (result == 0)
		result = commit(worker);
	if (result != 0)
		return WORKER_FAILED;
	int64_t now = worker->clock->real_us / US;
	uint64_t closed = worker->observation.state->queue.published;
	/* No day is over by a clock that is not believed yet. */
	bool turned = worker->observation.time->hold_until_us == 0 &&
		      observation_turn_census(&worker->observation, now);
	if (turned || closed != worker->closed)
		store_writer_wake(&worker->writer);
	worker->closed = closed;
	geo_refresh(worker->observation.geo, now);
	report_progress(worker, drops);
	return end;
}

static int wait_for_packets(struct worker *worker)
{
	struct pollfd descriptor = {.fd = worker->ring ? worker->ring->descriptor : -1,
				    .events = POLLIN};
	const struct timespec rest = {0, worker->plan->rest_ms * 1000000L};
	const struct timespec wait = {LOOK_EVERY_MS / 1000, LOOK_EVERY_MS % 1000 * 1000000L};
	/* A descriptor that is ready keeps ppoll() from telling of a signal: it rests without one.
	 */
	int result = worker->took_packets ? ppoll(NULL, 0, &rest, signals_waiting_mask()) : 0;
	if (result == 0)
		result = ppoll(&descriptor, 1, &wait, signals_waiting_mask());
	if (result < 0 && errno != EINTR)
		return fail(&worker->failure, EXIT_FAILED, "poll: %s", strerror(errno));
	return 0;
}

static bool is_over(const struct worker *worker)
{
	return signals_stop_wanted() || signals_step_aside_wanted() ||
	       boot_now_us(worker) >= worker->plan->until_boot_us;
}

static enum worker_end count(struct worker *worker)
{
	enum worker_end end = look(worker);
	while (end == WORKER_GOES_ON && !is_over(worker)) {
		if (wait_for_packets(worker) != 0)
			return WORKER_FAILED;
		if (!signals_stop_wanted() && !signals_step_aside_wanted())
			end = look(worker);
	}
	if (end != WORKER_GOES_ON)
		return end;
	if (signals_step_aside_wanted() && !signals_stop_wanted())
		return WORKER_STEPPED_ASIDE;
	/* The ring holds a block back until its timeout: what came before the end still counts. */
	struct timespec block = {0, 2 * CAPTURE_BLOCK_MS * 1000000L};
	if (worker->ring)
		nanosleep(&block, NULL);
	end = look(worker);
	return end == WORKER_FAILED ? WORKER_FAILED : WORKER_DONE;
}

/* The list of targets may be gone with its directory. */
static int restore_targets(const struct worker_plan *plan, struct failure *failure)
{
	return access("targets", F_OK) == 0 ? 0 : targets_write(plan->all, ".", failure);
}

/* Into the state directory, without privileges. */
static int enter_state(struct worker *worker)
{
	const struct worker_plan *plan = worker->plan;
	char directory[GEO_DIRECTORIES][4096];
	const char *readable[GEO_DIRECTORIES];
	bool confined;
	if (plan->stays_as_it_is)
		return 0;
	if (chdir(plan->state_path) != 0)
		return fail(&worker->failure, EXIT_FAILED, "%s: %s", plan->state_path,
			    strerror(errno));
	size_t directories = geo_directories(&plan->options.geo, directory);
	for (size_t i = 0; i < directories; i++)
		readable[i] = directory[i];
	return privilege_drop(&plan->identity, WORKER_MEMORY_MIB, readable, directories, &confined,
			      &worker->failure);
}

static int begin(struct worker *worker, uint32_t start_flags)
{
	const struct worker_plan *plan = worker->plan;
	struct observation_options options = plan->options;
	if (enter_state(worker) != 0)
		return -1;
	observation_memory_take(&worker->memory, worker->live, options.attempt_capacity);
	recover_resume(&worker->memory, plan->boot);
	options.memory = &worker->memory;
	struct failure not_restored = {0};
	if (restore_targets(plan, &not_restored) != 0)
		failure_report(&not_restored);
	if (observation_open(&worker->observation, ".", plan->targets, &options,
			     &worker->failure) != 0)
		return -1;
	struct live_state *state = worker->observation.state;
	memcpy(state->boot, plan->boot, sizeof plan->boot);
	worker->clock = &state->clock;
	worker->progress = &state->progress;
	worker->progress->in_files = worker->live->in_files;
	worker->link_was_up = true;
	worker->closed = UINT64_MAX;
	/* A ring that was read before went on taking packets; a new one begins now. */
	if (!worker->ring || state->position.ring != worker->ring->identity) {
		live_clock_pause(&worker->observation);
		worker->link_was_up = false;
	}
	worker->observation.closed = show_bucket;
	observation_flag(&worker->observation, start_flags);
	return 0;
}

static int finish(struct worker *worker, enum worker_end end)
{
	int result = 0;
	if (end == WORKER_DONE) {
		if (live_clock_finish(&worker->observation, &worker->failure) != 0)
			result = -1;
		else
			result = observation_end_run(&worker->observation, &worker->failure);
		if (!live_clock_is_unset(&worker->observation))
			closed_queue_release(&worker->observation.state->queue);
	}
	/* A disk that hangs is not waited for: what is left is in the memory. */
	if (!store_writer_end(&worker->writer, LAST_WRITE_MS)) {
		if (closed_queue_waiting(&worker->observation.state->queue))
			say_warning("the disk is too slow: closed buckets wait for the next start");
		else
			say_warning("the disk is too slow: all is in the ledgers, the RRDs follow "
				    "at the next start");
		fflush(NULL);
		_exit((int)(result == 0 ? end : WORKER_FAILED)); /* its thread is still at it */
	}
	/* The ledgers came first: the census goes on in memory when this is cut short. */
	if (end == WORKER_DONE && result == 0)
		result = observation_finish(&worker->observation, &worker->failure);
	observation_close(&worker->observation);
	return result;
}

/* librrd takes 10 MB for a moment for each RRD that it makes, and a set that grows leaves its
 * smaller self behind: large blocks go back to the kernel at once, and the threads share one heap.
 */
static void keep_heap_small(void)
{
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	mallopt(M_TRIM_THRESHOLD, 128 << 10);
	mallopt(M_ARENA_MAX, 1);
}

enum worker_end worker_run(const struct worker_plan *plan, struct capture_ring *ring,
			   struct live_memory *memory, uint32_t start_flags)
{
	struct worker *worker = calloc(1, sizeof *worker);
	if (!worker) {
		say_error("out of memory");
		return WORKER_FAILED;
	}
	keep_heap_small();
	worker->plan = plan;
	worker->ring = ring;
	worker->live = memory;
	enum worker_end end = WORKER_FAILED;
	if (begin(worker, start_flags) == 0) {
		if (store_writer_begin(&worker->writer, &worker->observation, &worker->failure) ==
		    0)
			end = count(worker);
		if (finish(worker, end) != 0)
			end = WORKER_FAILED;
	}
	if (end == WORKER_FAILED)
		failure_report(&worker->failure);
	free(worker);
	return end;
}
