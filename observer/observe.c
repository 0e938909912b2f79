/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Arguments and state directory, as the user that started it; then a monitor that keeps workers
 * counting. */
#include "observe.h"

#include "base/decimal.h"
#include "observe_configuration.h"
#include "signals.h"
#include "store/state_directory.h"
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define US 1000000LL

/* How long an agent waits for its predecessor to give the state directory free. */
#define LOCK_WAIT_SECONDS 30

/* One interface and the targets that are observed there. */
struct post {
	struct interface_configuration interface;
	struct target given[TARGETS_MAX];
	struct targets targets; /* of given[] */
	struct capture_ring ring;
	struct live_memory memory;
	struct worker_plan plan;
};

/* A ring that stays open while everything else begins anew. */
struct kept_ring {
	struct interface_configuration interface;
	struct capture_ring ring;
};

struct observe {
	const char *configuration_path; /* NULL without --config */
	/* What is wanted, by a file or by options. */
	struct configuration configuration;
	bool told_by_options; /* something that stands in a configuration too */
	uint64_t seconds;

	bool patient; /* see observe_run() */
	struct state_directory state;
	int64_t until_boot_us;
	struct post *post; /* owned; one for each interface */
	struct monitored_interface monitored[MONITOR_INTERFACES_MAX];
	struct kept_ring kept[MONITOR_INTERFACES_MAX];
	size_t kept_rings;
};
_Static_assert(MONITOR_INTERFACES_MAX == CONFIGURATION_INTERFACES_MAX, "one worker for each");

static bool set_number(const char *text, uint64_t limit, uint64_t *number)
{
	return decimal_parse(text, strlen(text), limit, number);
}

static int set_path(const struct verb *verb, char *path, const char *name, const char *value)
{
	if (strlen(value) >= CONFIGURATION_PATH_SIZE)
		return verb_wrong_use(verb, "--%s '%.40s...': at most %d bytes", name, value,
				      CONFIGURATION_PATH_SIZE - 1);
	memcpy(path, value, strlen(value) + 1);
	return 0;
}

static int set_interface(struct configuration *configuration, const char *value)
{
	struct interface_configuration *interface = &configuration->interface[0];
	if (strlen(value) >= sizeof interface->name || !value[0])
		return verb_wrong_use(&observe_verb,
				      "-i '%.40s': no interface has such a name: 'ip link' lists "
				      "them",
				      value);
	memcpy(interface->name, value, strlen(value) + 1);
	configuration->interfaces = 1;
	return 0;
}

static int parse_option(void *context, const char *name, const char *value)
{
	struct observe *observe = context;
	struct configuration *configuration = &observe->configuration;
	uint64_t number;
	if (strcmp(name, "config") != 0 && strcmp(name, "seconds") != 0)
		observe->told_by_options = true;
	if (strcmp(name, "config") == 0) {
		observe->configuration_path = value;
	} else if (strcmp(name, "interface") == 0) {
		return set_interface(configuration, value);
	} else if (strcmp(name, "state") == 0) {
		return set_path(&observe_verb, configuration->state, name, value);
	} else if (strcmp(name, "seconds") == 0) {
		if (!set_number(value, 1000000000, &observe->seconds) || observe->seconds == 0)
			return verb_wrong_use(&observe_verb, "--seconds '%s': a number from 1",
					      value);
	} else if (strcmp(name, "ring") == 0) {
		if (!set_number(value, CONFIGURATION_RING_MOST, &number) || number == 0)
			return verb_wrong_use(&observe_verb,
					      "--ring '%s': a number of MiB, 1 to 1024", value);
		configuration->interface[0].ring_mib = (uint32_t)number;
	} else if (strcmp(name, "evidence") == 0) {
		if (!set_number(value, CONFIGURATION_EVIDENCE_MOST, &number))
			return verb_wrong_use(&observe_verb,
					      "--evidence '%s': a number of MiB, 0 to 1048576",
					      value);
		configuration->evidence_mib = (uint32_t)number;
	} else {
		struct failure failure = {0};
		if (targets_append_given(configuration->target, &configuration->targets, value,
					 &failure) != 0)
			return verb_wrong_use(&observe_verb, "%s", failure.text);
	}
	return 0;
}

static int take_configuration(struct observe *observe)
{
	struct failure failure = {0};
	if (observe->told_by_options)
		return verb_wrong_use(&observe_verb, "--config FILE stands in place of all other "
						     "options but --seconds");
	if (observe_configuration_read(&observe->configuration, observe->configuration_path,
				       &failure) != 0)
		return failure_report(&failure);
	return VERB_GO_ON;
}

/* VERB_GO_ON, or the exit status to end with. */
static int parse_arguments(struct observe *observe, int argc, char **argv)
{
	const struct configuration *configuration = &observe->configuration;
	int status = verb_read_arguments(&observe_verb, argc, argv, parse_option, NULL, observe);
	if (status != VERB_GO_ON)
		return status;
	if (observe->configuration_path)
		return take_configuration(observe);
	if (!configuration->interfaces)
		return verb_wrong_use(&observe_verb, "-i INTERFACE is missing: where to listen");
	if (!configuration->state[0])
		return verb_wrong_use(&observe_verb, "--state DIR is missing: where to count into");
	if (!configuration->targets)
		return verb_wrong_use(&observe_verb,
				      "--target NAME=ADDR/PORT is missing: what to count");
	return VERB_GO_ON;
}

static enum worker_end work(void *context, struct capture_ring *ring, struct live_memory *memory,
			    uint32_t start_flags)
{
	const struct post *post = context;
	return worker_run(&post->plan, ring, memory, start_flags);
}

static bool reread(void *context)
{
	struct observe *observe = context;
	return observe_configuration_reread(&observe->configuration, observe->configuration_path,
					    &observe->state);
}

static bool is_same(const struct interface_configuration *a,
		    const struct interface_configuration *b)
{
	return strcmp(a->name, b->name) == 0 && a->ring_mib == b->ring_mib &&
	       a->snapshot_bytes == b->snapshot_bytes;
}

/* The ring of the run before, when it is the same interface still. */
static void take_ring(struct observe *observe, struct post *post)
{
	post->ring = (struct capture_ring){.descriptor = -1};
	for (size_t i = 0; i < observe->kept_rings; i++)
		if (is_same(&observe->kept[i].interface, &post->interface)) {
			post->ring = observe->kept[i].ring;
			observe->kept[i] = observe->kept[--observe->kept_rings];
			return;
		}
}

static void close_kept(struct observe *observe)
{
	while (observe->kept_rings)
		capture_ring_close(&observe->kept[--observe->kept_rings].ring);
}

/* The configuration may be another by now: what it was is in the posts. */
static void keep_rings(struct observe *observe)
{
	for (size_t i = 0; i < MONITOR_INTERFACES_MAX; i++) {
		struct post *post = &observe->post[i];
		if (post->ring.descriptor >= 0)
			observe->kept[observe->kept_rings++] =
				(struct kept_ring){post->interface, post->ring};
		post->ring = (struct capture_ring){.descriptor = -1};
	}
}

static int plan_post(struct observe *observe, struct post *post, size_t index,
		     const struct worker_identity *identity, struct failure *failure)
{
	const struct configuration *configuration = &observe->configuration;
	const struct targets *all = &observe->state.targets;
	post->interface = configuration->interface[index];
	take_ring(observe, post);
	post->targets = (struct targets){post->given, 0};
	for (size_t i = 0; i < configuration->targets; i++)
		if (configuration->target_interface[i] == index)
			post->given[post->targets.targets++] =
				*targets_find(all, configuration->target[i].name);
	post->plan = (struct worker_plan){
		.state_path = observe->state.path,
		.targets = &post->targets,
		.all = all,
		.options = {.attempt_capacity = configuration->attempts,
			    .source_capacity = configuration->sources,
			    .evidence_budget = (uint64_t)configuration->evidence_mib << 20,
			    .anonymise = configuration->anonymise && configuration->evidence_mib,
			    .geo = {configuration->countries, configuration->systems}},
		.identity = *identity,
		.until_boot_us = observe->until_boot_us,
		.clock = worker_system_clock,
		.rest_ms = WORKER_REST_MS,
	};
	recover_read_boot_id(post->plan.boot);
	live_memory_begin(&post->memory, observe->state.path, identity->user, identity->group);
	observe->monitored[index] = (struct monitored_interface){
		.name = post->interface.name,
		.ring_mib = (int)post->interface.ring_mib,
		.snapshot_bytes = (int)post->interface.snapshot_bytes,
		.ring = &post->ring,
		.memory = &post->memory,
		.work = work,
		.context = post,
	};
	return observation_memory_plan(&post->memory, post->interface.name, &post->targets,
				       configuration->attempts, failure);
}

/* Records the targets, and plans the workers' runs. */
static int plan_run(struct observe *observe, struct failure *failure)
{
	const struct configuration *configuration = &observe->configuration;
	struct targets *all = &observe->state.targets;
	struct worker_identity identity;
	for (size_t i = 0; i < configuration->targets; i++)
		if (targets_add(all, &configuration->target[i], failure) != 0)
			return -1;
	if (targets_write(all, observe->state.path, failure) != 0 ||
	    privilege_choose_identity(&identity, observe->state.path, failure) != 0 ||
	    privilege_give_directory(observe->state.path, &identity, failure) != 0)
		return -1;
	for (size_t i = 0; i < configuration->interfaces; i++)
		if (plan_post(observe, &observe->post[i], i, &identity, failure) != 0)
			return -1;
	return 0;
}

/* What former runs left open and this one does not go on with, in a process that has no more
 * rights than a worker: it reads what a worker wrote. */
static int recover(struct observe *observe, struct failure *failure)
{
	struct recovery_goes_on goes_on[MONITOR_INTERFACES_MAX];
	size_t posts = observe->configuration.interfaces;
	if (!recover_has_work(observe->state.path))
		return 0;
	for (size_t i = 0; i < posts; i++)
		goes_on[i] = (struct recovery_goes_on){observe->post[i].interface.name,
						       &observe->post[i].targets};
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		struct failure why = {0};
		bool confined;
		if (chdir(observe->state.path) != 0)
			fail(&why, EXIT_FAILED, "%s: %s", observe->state.path, strerror(errno));
		else if (privilege_drop(&observe->post[0].plan.identity, WORKER_MEMORY_MIB, NULL, 0,
					&confined, &why) == 0)
			recover_open_buckets(".", &observe->state.targets, goes_on, posts, &why);
		int status = why.status == EXIT_DONE ? EXIT_DONE : failure_report(&why);
		fflush(NULL);
		_exit(status);
	}
	int status = 0;
	if (child < 0)
		return fail(failure, EXIT_FAILED, "cannot start a process: %s", strerror(errno));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE)
		return 0;
	return fail(failure, EXIT_FAILED,
		    "%s: what a former run left open could not be closed: mend that first",
		    observe->state.path);
}

static void end_posts(struct observe *observe)
{
	for (size_t i = 0; i < MONITOR_INTERFACES_MAX; i++)
		live_memory_end(&observe->post[i].memory);
}

static int observe_now(struct observe *observe, bool *begin_anew, struct failure *failure)
{
	struct monitor monitor = {
		.interface = observe->monitored,
		.interfaces = observe->configuration.interfaces,
		.patient = observe->patient,
		.reread = observe->configuration_path ? reread : NULL,
		.context = observe,
	};
	*begin_anew = false;
	int result = plan_run(observe, failure);
	close_kept(observe);
	if (result == 0)
		result = recover(observe, failure);
	if (result == 0)
		result = privilege_keep_capture(failure);
	if (result == 0)
		result = monitor_run(&monitor, begin_anew, failure);
	if (*begin_anew)
		keep_rings(observe);
	end_posts(observe);
	return result;
}

/* A predecessor that was killed may have workers that are just ending. */
static int open_state(struct observe *observe, struct failure *failure)
{
	for (int waited = 0;; waited++) {
		*failure = (struct failure){0};
		if (state_directory_open(&observe->state, observe->configuration.state, failure) ==
		    0)
			return 0;
		if (!observe->state.busy || !observe->patient || waited == LOCK_WAIT_SECONDS ||
		    signals_stop_wanted())
			return -1;
		if (waited == 0)
			say_warning("%s: it is waited for", failure->text);
		struct timespec pause = {1, 0};
		ppoll(NULL, 0, &pause, signals_waiting_mask());
	}
}

static int run(struct observe *observe)
{
	struct failure failure = {0};
	struct timespec now;
	bool begin_anew = true;
	int result = 0;
	signals_catch();
	clock_gettime(CLOCK_BOOTTIME, &now);
	observe->until_boot_us = observe->seconds
					 ? ((int64_t)now.tv_sec + (int64_t)observe->seconds) * US
					 : INT64_MAX;
	if (open_state(observe, &failure) != 0)
		return failure_report(&failure);
	while (begin_anew && result == 0)
		result = observe_now(observe, &begin_anew, &failure);
	state_directory_close(&observe->state);
	if (result == 0)
		return EXIT_DONE;
	/* What failed in the worker, the worker has told. */
	return failure.text[0] ? failure_report(&failure) : EXIT_FAILED;
}

int observe_run(int argc, char **argv, bool patient)
{
	struct observe *observe = calloc(1, sizeof *observe);
	if (!observe) {
		say_error("out of memory");
		return EXIT_FAILED;
	}
	observe->post = calloc(MONITOR_INTERFACES_MAX, sizeof observe->post[0]);
	if (!observe->post) {
		free(observe);
		say_error("out of memory");
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < MONITOR_INTERFACES_MAX; i++)
		observe->post[i].ring.descriptor = -1;
	observe->configuration.interface[0] = (struct interface_configuration){
		.ring_mib = CONFIGURATION_RING, .snapshot_bytes = CONFIGURATION_SNAPSHOT};
	observe->configuration.evidence_mib = CONFIGURATION_EVIDENCE;
	observe->configuration.attempts = CONFIGURATION_ATTEMPTS;
	observe->configuration.sources = CONFIGURATION_SOURCES;
	observe->patient = patient;
	int status = parse_arguments(observe, argc, argv);
	if (status == VERB_GO_ON)
		status = run(observe);
	free(observe->post);
	free(observe);
	return status;
}
