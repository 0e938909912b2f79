/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Life cycle: arguments, state directory, then a loop that opens the interface, counts until it
 * fails or a signal comes, and opens it again with a growing pause. */
#include "observe.h"

#include "base/decimal.h"
#include "base/timestamp.h"
#include "live_capture.h"
#include "observation.h"
#include "recovery.h"
#include "store/state_directory.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define US 1000000LL

/* 21 MB would serve a flood; an address that is only called by old acquaintances needs less. */
#define OBSERVE_ATTEMPTS 262144
/* An open bucket is looked at this often at least: coverage is then true to the second even
 * when the process is killed between two packets. */
#define LOOK_EVERY_MS  1000
#define PAUSE_FIRST_MS 1000
#define PAUSE_MAX_MS   60000
/* More than this between the two clocks is a step, not their drift. */
#define CLOCK_STEP_US (2 * US)

static volatile sig_atomic_t stop_wanted;

static void want_stop(int signal_number)
{
	(void)signal_number;
	stop_wanted = 1;
}

struct observe {
	const char *interface, *state_path;
	struct target given[TARGETS_MAX];
	size_t targets;
	uint64_t seconds, ring_mib, evidence_mib;

	struct state_directory state;
	struct observation observation;
	struct live_capture capture;
	int64_t real_us, boot_us; /* both clocks when they were last read */
	int64_t covered_us;	  /* observed until here; INT64_MIN while the interface is away */
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

static bool set_number(const char *text, uint64_t limit, uint64_t *number)
{
	return decimal_parse(text, strlen(text), limit, number);
}

static int parse_option(struct observe *observe, const char *name, const char *value)
{
	if (strcmp(name, "interface") == 0) {
		observe->interface = value;
	} else if (strcmp(name, "state") == 0) {
		observe->state_path = value;
	} else if (strcmp(name, "seconds") == 0) {
		if (!set_number(value, 1000000000, &observe->seconds) || observe->seconds == 0)
			return verb_wrong_use(&observe_verb, "--seconds '%s': a number from 1",
					      value);
	} else if (strcmp(name, "ring") == 0) {
		if (!set_number(value, 1024, &observe->ring_mib) || observe->ring_mib == 0)
			return verb_wrong_use(&observe_verb,
					      "--ring '%s': a number of MiB, 1 to 1024", value);
	} else if (strcmp(name, "evidence") == 0) {
		if (!set_number(value, 1 << 20, &observe->evidence_mib))
			return verb_wrong_use(&observe_verb,
					      "--evidence '%s': a number of MiB, 0 to 1048576",
					      value);
	} else {
		struct failure failure = {0};
		if (targets_append_given(observe->given, &observe->targets, value, &failure) != 0)
			return verb_wrong_use(&observe_verb, "%s", failure.text);
	}
	return 0;
}

static int parse_arguments(struct observe *observe, int argc, char **argv)
{
	struct verb_arguments arguments;
	const struct verb_option *option;
	const char *value;
	verb_arguments_begin(&arguments, &observe_verb, argc, argv);
	for (;;) {
		switch (verb_arguments_next(&arguments, &option, &value)) {
		case VERB_ARGUMENT_HELP:
			return -1;
		case VERB_ARGUMENT_WRONG:
			return EXIT_WRONG_USE;
		case VERB_ARGUMENT_OPERAND:
			return verb_wrong_use(&observe_verb, "'%s' is not understood", value);
		case VERB_ARGUMENT_OPTION:
			if (parse_option(observe, option->name, value) != 0)
				return EXIT_WRONG_USE;
			continue;
		case VERB_ARGUMENT_END:
			break;
		}
		break;
	}
	if (!observe->interface)
		return verb_wrong_use(&observe_verb, "-i INTERFACE is missing: where to listen");
	if (!observe->state_path)
		return verb_wrong_use(&observe_verb, "--state DIR is missing: where to count into");
	if (!observe->targets)
		return verb_wrong_use(&observe_verb,
				      "--target NAME=ADDR/PORT is missing: what to count");
	return 0;
}

/* One line per closed bucket and target, for the person who looks on. */
static void show_bucket(void *context, const struct observed_target *target,
			const struct bucket_record *record)
{
	struct observe *observe = context;
	char time[TIMESTAMP_TEXT_SIZE];
	observe->appended = true;
	printf("%s %s: %" PRIu64 " SYN, %" PRIu64 " attempts, %" PRIu64 " sources, %" PRIu64
	       " UDP, %" PRIu64 " SYN to other ports, %" PRIu32 " s covered, %" PRIu64 " dropped\n",
	       timestamp_format(record->start, time), target->target->name, record->syn,
	       record->attempts, record->sources, record->udp, record->other_syn,
	       record->observed_seconds, record->kernel_drops);
	fflush(stdout);
}

static void note_failure(struct observe *observe, int result)
{
	if (result != 0)
		observe->failed = true;
}

static void cover_until(struct observe *observe, int64_t time_us)
{
	if (observe->covered_us == INT64_MIN)
		observe->covered_us = time_us;
	if (time_us < observe->covered_us)
		return;
	note_failure(observe, observation_cover(&observe->observation, observe->covered_us, time_us,
						&observe->failure));
	observe->covered_us = time_us;
}

static void take_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct observe *observe = (struct observe *)context;
	int64_t time_us = (int64_t)header->ts.tv_sec * US + header->ts.tv_usec;
	/* No record is stamped beyond the clock that has been shown sane: see watch_clock(). */
	if (time_us > observe->real_us + CLOCK_STEP_US)
		time_us = observe->real_us;
	if (time_us > observe->covered_us)
		cover_until(observe, time_us);
	enum observation_result result =
		observation_packet(&observe->observation, time_us, observe->capture.link_type,
				   bytes, header->caplen, header->len, &observe->failure);
	if (result == OBSERVATION_TOO_OLD) {
		/* The clock was set back: the packet arrived, so it counts, in the open bucket. */
		observation_flag(&observe->observation, BUCKET_CLOCK_STEPPED);
		result = observation_packet(&observe->observation, observe->covered_us,
					    observe->capture.link_type, bytes, header->caplen,
					    header->len, &observe->failure);
	}
	observe->failed = observe->failed || result == OBSERVATION_FAILED;
}

/* Compares the clock that can be set with the one that cannot. After a step forward the time
 * between is not covered: it never was. After a step back coverage waits until the clock is
 * where it was. */
static void watch_clock(struct observe *observe)
{
	int64_t real_us = clock_us(CLOCK_REALTIME), boot_us = clock_us(CLOCK_BOOTTIME);
	int64_t step_us = (real_us - observe->real_us) - (boot_us - observe->boot_us);
	if (step_us > CLOCK_STEP_US || step_us < -CLOCK_STEP_US) {
		say_warning("the clock was set by %+" PRId64 " s", (int64_t)(step_us / US));
		observation_flag(&observe->observation, BUCKET_CLOCK_STEPPED);
		if (step_us > 0 && observe->covered_us != INT64_MIN) {
			cover_until(observe, observe->real_us + (boot_us - observe->boot_us));
			observe->covered_us = real_us;
		}
	}
	observe->real_us = real_us;
	observe->boot_us = boot_us;
}

/* After the buckets are closed: ledgers first, then the views of them. */
static int store_closed(struct observe *observe)
{
	struct observation *observation = &observe->observation;
	if (!observe->appended)
		return 0;
	observe->appended = false;
	for (size_t i = 0; i < observation->targets; i++)
		if (target_store_synchronise(&observation->target[i].store, &observe->failure) != 0)
			return -1;
	for (size_t i = 0; i < observation->targets; i++)
		if (target_store_update_view(&observation->target[i].store, &observe->failure) != 0)
			return -1;
	return 0;
}

static bool time_is_up(const struct observe *observe, int64_t begin_boot_us)
{
	return stop_wanted || (observe->seconds && clock_us(CLOCK_BOOTTIME) - begin_boot_us >=
							   (int64_t)observe->seconds * US);
}

static int take_what_is_there(struct observe *observe)
{
	watch_clock(observe);
	if (live_capture_dispatch(&observe->capture, take_packet, (u_char *)observe,
				  &observe->failure) != 0)
		return 1;
	observation_kernel_drops(&observe->observation, live_capture_new_drops(&observe->capture));
	cover_until(observe, observe->real_us);
	if (observe->failed || observation_settle(&observe->observation, &observe->failure) != 0)
		return -1;
	return store_closed(observe);
}

/* Counts while the interface lives. 0 when the time is up, 1 when the interface failed (see
 * failure), -1 when the store did. */
static int count_while_up(struct observe *observe, int64_t begin_boot_us, const sigset_t *unblocked)
{
	struct pollfd descriptor = {.fd = observe->capture.descriptor, .events = POLLIN};
	struct timespec look = {LOOK_EVERY_MS / 1000, LOOK_EVERY_MS % 1000 * 1000000L};
	int result = 0;
	while (result == 0 && !time_is_up(observe, begin_boot_us)) {
		if (ppoll(&descriptor, 1, &look, unblocked) < 0 && errno != EINTR)
			return fail(&observe->failure, EXIT_FAILED, "poll: %s", strerror(errno));
		result = take_what_is_there(observe);
	}
	if (result != 0)
		return result;
	/* The ring holds a block back until its timeout: what came before the end still counts. */
	struct timespec block = {0, 2 * LIVE_TIMEOUT_MS * 1000000L};
	nanosleep(&block, NULL);
	return take_what_is_there(observe);
}

static void wait_a_pause(int64_t pause_ms, const sigset_t *unblocked)
{
	struct timespec pause = {pause_ms / 1000, pause_ms % 1000 * 1000000};
	ppoll(NULL, 0, &pause, unblocked);
}

/* Opens the interface again and again until the time is up. The first failure to open it ends
 * the run, so that a wrong name is told at once. */
static int observe_interface(struct observe *observe, const sigset_t *unblocked)
{
	int64_t begin_boot_us = clock_us(CLOCK_BOOTTIME), pause_ms = PAUSE_FIRST_MS;
	bool opened_once = false, away = false;
	while (!time_is_up(observe, begin_boot_us)) {
		struct failure absent = {0};
		if (live_capture_open(&observe->capture, observe->interface, (int)observe->ring_mib,
				      &absent) != 0) {
			if (!opened_once) {
				observe->failure = absent;
				return -1;
			}
			wait_a_pause(pause_ms, unblocked);
			pause_ms = pause_ms * 2 < PAUSE_MAX_MS ? pause_ms * 2 : PAUSE_MAX_MS;
			continue;
		}
		if (away)
			say_warning("interface %s is back", observe->interface);
		opened_once = true;
		pause_ms = PAUSE_FIRST_MS;
		watch_clock(observe);
		observe->covered_us = INT64_MIN;
		cover_until(observe, observe->real_us);
		int result = count_while_up(observe, begin_boot_us, unblocked);
		live_capture_close(&observe->capture);
		if (result <= 0)
			return result;
		say_warning("%s: it is opened again when it is back", observe->failure.text);
		observe->failure = (struct failure){0};
		observation_flag(&observe->observation, BUCKET_LINK_DOWN);
		away = true;
		wait_a_pause(pause_ms, unblocked);
	}
	return 0;
}

static int observe_into(struct observe *observe, const sigset_t *unblocked)
{
	struct observation_options options = {
		.attempt_capacity = OBSERVE_ATTEMPTS,
		.evidence_budget = observe->evidence_mib << 20,
		.mapped = true,
	};
	for (size_t i = 0; i < observe->targets; i++)
		if (targets_add(&observe->state.targets, &observe->given[i], &observe->failure) !=
		    0)
			return -1;
	for (size_t i = 0; i < observe->targets; i++)
		observe->given[i] = *targets_find(&observe->state.targets, observe->given[i].name);
	struct targets given = {observe->given, observe->targets};
	if (targets_write(&observe->state.targets, observe->state.path, &observe->failure) != 0 ||
	    recover_open_buckets(observe->state.path, &observe->state.targets, &observe->failure) !=
		    0 ||
	    observation_open(&observe->observation, observe->state.path, &given, &options,
			     &observe->failure) != 0)
		return -1;
	observe->observation.closed = show_bucket;
	observe->observation.closed_context = observe;
	observe->real_us = clock_us(CLOCK_REALTIME);
	observe->boot_us = clock_us(CLOCK_BOOTTIME);
	int result = observe_interface(observe, unblocked);
	if (observation_finish(&observe->observation, &observe->failure) != 0 ||
	    store_closed(observe) != 0)
		result = -1;
	observation_close(&observe->observation);
	return result;
}

static void catch_signals(sigset_t *unblocked)
{
	struct sigaction action = {.sa_handler = want_stop};
	sigset_t blocked;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	/* Blocked but inside ppoll(): a signal cannot slip between the look and the wait. */
	sigprocmask(SIG_BLOCK, &blocked, unblocked);
	sigdelset(unblocked, SIGINT);
	sigdelset(unblocked, SIGTERM);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

int observe_run(int argc, char **argv)
{
	struct observe *observe = calloc(1, sizeof *observe);
	if (!observe) {
		say_error("out of memory");
		return EXIT_FAILED;
	}
	observe->ring_mib = LIVE_RING_MIB_DEFAULT;
	observe->evidence_mib = EVIDENCE_BUDGET_DEFAULT >> 20;
	observe->covered_us = INT64_MIN;
	int status = parse_arguments(observe, argc, argv);
	if (status == 0) {
		sigset_t unblocked;
		catch_signals(&unblocked);
		int result = state_directory_open(&observe->state, observe->state_path,
						  &observe->failure);
		if (result == 0) {
			result = observe_into(observe, &unblocked);
			state_directory_close(&observe->state);
		}
		status = result == 0 ? EXIT_DONE : failure_report(&observe->failure);
	} else if (status < 0) {
		status = EXIT_DONE;
	}
	free(observe);
	return status;
}
