/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker.h"

#include "base/timestamp.h"
#include "recovery.h"

#include <errno.h>
#include <inttypes.h>
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
/* More than this between the two clocks is a step, not their drift. */
#define CLOCK_STEP_US (2 * US)
/* Tables of 256 targets in a flood take a third of it; what grows beyond is a defect, and the
 * next worker begins small again. */
#define MEMORY_MIB 256

struct worker {
	const struct worker_plan *plan;
	struct live_capture *capture;
	struct worker_report *report;
	struct observation observation;
	int64_t real_us, boot_us; /* both clocks when they were last read */
	int64_t covered_us;	  /* observed until here; INT64_MIN before the first look */
	bool link_was_up;	  /* at the last look */
	bool appended;		  /* buckets closed since the store was synchronised */
	struct failure failure;	  /* of the store, set inside a packet callback */
	bool failed;
};

static int64_t clock_us(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * US + now.tv_nsec / 1000;
}

/* One line per closed bucket and target, for the person who looks on. */
static void show_bucket(void *context, const struct observed_target *target,
			const struct bucket_record *record)
{
	struct worker *worker = context;
	char time[TIMESTAMP_TEXT_SIZE];
	worker->appended = true;
	printf("%s %s: %" PRIu64 " SYN, %" PRIu64 " attempts, %" PRIu64 " sources, %" PRIu64
	       " UDP, %" PRIu64 " SYN to other ports, %" PRIu32 " s covered, %" PRIu64 " dropped\n",
	       timestamp_format(record->start, time), target->target->name, record->syn,
	       record->attempts, record->sources, record->udp, record->other_syn,
	       record->observed_seconds, record->kernel_drops);
	fflush(stdout);
}

static void note_failure(struct worker *worker, int result)
{
	if (result != 0)
		worker->failed = true;
}

static void cover_until(struct worker *worker, int64_t time_us)
{
	if (worker->covered_us == INT64_MIN)
		worker->covered_us = time_us;
	if (time_us < worker->covered_us)
		return;
	note_failure(worker, observation_cover(&worker->observation, worker->covered_us, time_us,
					       &worker->failure));
	worker->covered_us = time_us;
}

static void take_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct worker *worker = (struct worker *)context;
	int64_t time_us = (int64_t)header->ts.tv_sec * US + header->ts.tv_usec;
	/* No record is stamped beyond the clock that has been shown sane: see watch_clock(). */
	if (time_us > worker->real_us + CLOCK_STEP_US)
		time_us = worker->real_us;
	if (time_us > worker->covered_us)
		cover_until(worker, time_us);
	enum observation_result result =
		observation_packet(&worker->observation, time_us, worker->capture->link_type, bytes,
				   header->caplen, header->len, &worker->failure);
	if (result == OBSERVATION_TOO_OLD) {
		/* The clock was set back: the packet arrived, so it counts, in the open bucket. */
		observation_flag(&worker->observation, BUCKET_CLOCK_STEPPED);
		result = observation_packet(&worker->observation, worker->covered_us,
					    worker->capture->link_type, bytes, header->caplen,
					    header->len, &worker->failure);
	}
	worker->failed = worker->failed || result == OBSERVATION_FAILED;
}

/* Compares the clock that can be set with the one that cannot. After a step forward the time
 * between is not covered: it never was. After a step back coverage waits until the clock is
 * where it was. */
static void watch_clock(struct worker *worker)
{
	int64_t real_us = clock_us(CLOCK_REALTIME), boot_us = clock_us(CLOCK_BOOTTIME);
	int64_t step_us = (real_us - worker->real_us) - (boot_us - worker->boot_us);
	if (step_us > CLOCK_STEP_US || step_us < -CLOCK_STEP_US) {
		say_warning("the clock was set by %+" PRId64 " s", (int64_t)(step_us / US));
		observation_flag(&worker->observation, BUCKET_CLOCK_STEPPED);
		if (step_us > 0 && worker->covered_us != INT64_MIN) {
			cover_until(worker, worker->real_us + (boot_us - worker->boot_us));
			worker->covered_us = real_us;
		}
	}
	worker->real_us = real_us;
	worker->boot_us = boot_us;
}

/* After the buckets are closed: ledgers first, then the views of them. */
static int store_closed(struct worker *worker)
{
	struct observation *observation = &worker->observation;
	if (!worker->appended)
		return 0;
	worker->appended = false;
	for (size_t i = 0; i < observation->targets; i++)
		if (target_store_synchronise(&observation->target[i].store, &worker->failure) != 0)
			return -1;
	for (size_t i = 0; i < observation->targets; i++)
		if (target_store_update_view(&observation->target[i].store, &worker->failure) != 0)
			return -1;
	return 0;
}

static void report_progress(struct worker *worker, uint64_t drops)
{
	struct worker_report *report = worker->report;
	uint64_t syn = 0;
	for (size_t i = 0; i < worker->observation.targets; i++)
		for (int index = 0; index < 2; index++)
			if (worker->observation.time->slot[index].start != TIME_UNKNOWN)
				syn += worker->observation.target[i].open->bucket[index].record.syn;
	report->open_syn = syn;
	report->drops += drops;
	report->targets = worker->observation.targets;
	report->looks++;
}

/* 0, or how the worker ends. */
static int look(struct worker *worker)
{
	watch_clock(worker);
	if (live_capture_dispatch(worker->capture, take_packet, (u_char *)worker,
				  &worker->failure) != 0)
		return WORKER_INTERFACE_LOST;
	bool link_is_up = live_capture_link_is_up(worker->capture);
	if (worker->link_was_up && !link_is_up) {
		fail(&worker->failure, EXIT_FAILED, "interface %s: it went down",
		     worker->capture->interface);
		return WORKER_INTERFACE_LOST;
	}
	worker->link_was_up = link_is_up;
	uint64_t drops = live_capture_new_drops(worker->capture);
	observation_kernel_drops(&worker->observation, drops);
	if (link_is_up) /* before the carrier comes, nothing could arrive */
		cover_until(worker, worker->real_us);
	if (worker->failed || observation_settle(&worker->observation, &worker->failure) != 0 ||
	    store_closed(worker) != 0)
		return WORKER_FAILED;
	report_progress(worker, drops);
	return 0;
}

static bool time_is_up(const struct worker *worker)
{
	return monitor_stop_wanted() || clock_us(CLOCK_BOOTTIME) >= worker->plan->until_boot_us;
}

static int count(struct worker *worker)
{
	struct pollfd descriptor = {.fd = worker->capture->descriptor, .events = POLLIN};
	struct timespec wait = {LOOK_EVERY_MS / 1000, LOOK_EVERY_MS % 1000 * 1000000L};
	int end = look(worker);
	while (end == 0 && !time_is_up(worker)) {
		if (ppoll(&descriptor, 1, &wait, monitor_waiting_mask()) < 0 && errno != EINTR) {
			fail(&worker->failure, EXIT_FAILED, "poll: %s", strerror(errno));
			return WORKER_FAILED;
		}
		end = look(worker);
	}
	if (end != 0)
		return end;
	/* The ring holds a block back until its timeout: what came before the end still counts. */
	struct timespec block = {0, 2 * LIVE_TIMEOUT_MS * 1000000L};
	nanosleep(&block, NULL);
	return look(worker);
}

/* In the state directory, without privileges. */
static int begin(struct worker *worker, uint32_t start_flags)
{
	const struct worker_plan *plan = worker->plan;
	bool confined;
	if (chdir(plan->state_path) != 0)
		return fail(&worker->failure, EXIT_FAILED, "%s: %s", plan->state_path,
			    strerror(errno));
	if (privilege_drop(&plan->identity, MEMORY_MIB, NULL, 0, &confined, &worker->failure) !=
		    0 ||
	    recover_open_buckets(".", plan->all, &worker->failure) != 0 ||
	    observation_open(&worker->observation, ".", plan->given, &plan->options,
			     &worker->failure) != 0)
		return -1;
	worker->observation.closed = show_bucket;
	worker->observation.closed_context = worker;
	observation_flag(&worker->observation, start_flags);
	worker->real_us = clock_us(CLOCK_REALTIME);
	worker->boot_us = clock_us(CLOCK_BOOTTIME);
	return 0;
}

static int finish(struct worker *worker)
{
	int result = observation_finish(&worker->observation, &worker->failure);
	if (result == 0)
		result = store_closed(worker);
	observation_close(&worker->observation);
	return result;
}

enum worker_end worker_run(const struct worker_plan *plan, struct live_capture *capture,
			   uint32_t start_flags, struct worker_report *report)
{
	struct worker *worker = calloc(1, sizeof *worker);
	if (!worker) {
		say_error("out of memory");
		return WORKER_FAILED;
	}
	worker->plan = plan;
	worker->capture = capture;
	worker->report = report;
	worker->covered_us = INT64_MIN;
	int end = WORKER_FAILED;
	if (begin(worker, start_flags) == 0) {
		end = count(worker);
		if (end == WORKER_INTERFACE_LOST) {
			say_warning("%s: it is opened again when it is back", worker->failure.text);
			worker->failure = (struct failure){0};
		}
		if (finish(worker) != 0)
			end = WORKER_FAILED;
	}
	if (end == WORKER_FAILED)
		failure_report(&worker->failure);
	free(worker);
	return (enum worker_end)end;
}
