/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Arguments and state directory, as the user that started it; then a monitor that keeps a worker
 * counting. */
#include "observe.h"

#include "base/decimal.h"
#include "observe_configuration.h"
#include "store/state_directory.h"
#include "worker.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define US 1000000LL

struct observe {
	const char *interface, *state_path;
	const char *configuration_path; /* NULL without --config */
	struct configuration configuration;
	bool told_by_options; /* something that stands in a configuration too */
	struct target given[TARGETS_MAX];
	size_t targets;
	uint64_t seconds, ring_mib, evidence_mib, attempts;

	bool patient; /* see observe_run() */
	struct state_directory state;
	struct worker_plan plan;
	struct targets observed; /* of given[] */
};

static bool set_number(const char *text, uint64_t limit, uint64_t *number)
{
	return decimal_parse(text, strlen(text), limit, number);
}

static int parse_option(void *context, const char *name, const char *value)
{
	struct observe *observe = context;
	if (strcmp(name, "config") != 0 && strcmp(name, "seconds") != 0)
		observe->told_by_options = true;
	if (strcmp(name, "config") == 0) {
		observe->configuration_path = value;
	} else if (strcmp(name, "interface") == 0) {
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

static int take_configuration(struct observe *observe)
{
	struct configuration *configuration = &observe->configuration;
	struct failure failure = {0};
	if (observe->told_by_options)
		return verb_wrong_use(&observe_verb, "--config FILE stands in place of all other "
						     "options but --seconds");
	if (observe_configuration_read(configuration, observe->configuration_path, &failure) != 0)
		return failure_report(&failure);
	observe->interface = configuration->interface[0].name;
	observe->ring_mib = configuration->interface[0].ring_mib;
	observe->state_path = configuration->state;
	observe->evidence_mib = configuration->evidence_mib;
	observe->attempts = configuration->attempts;
	observe->targets = configuration->targets;
	memcpy(observe->given, configuration->target, sizeof observe->given);
	return VERB_GO_ON;
}

/* VERB_GO_ON, or the exit status to end with. */
static int parse_arguments(struct observe *observe, int argc, char **argv)
{
	int status = verb_read_arguments(&observe_verb, argc, argv, parse_option, NULL, observe);
	if (status != VERB_GO_ON)
		return status;
	if (observe->configuration_path)
		return take_configuration(observe);
	if (!observe->interface)
		return verb_wrong_use(&observe_verb, "-i INTERFACE is missing: where to listen");
	if (!observe->state_path)
		return verb_wrong_use(&observe_verb, "--state DIR is missing: where to count into");
	if (!observe->targets)
		return verb_wrong_use(&observe_verb,
				      "--target NAME=ADDR/PORT is missing: what to count");
	return VERB_GO_ON;
}

static enum worker_end work(void *context, struct live_capture *capture, uint32_t start_flags,
			    struct worker_report *report)
{
	const struct observe *observe = context;
	return worker_run(&observe->plan, capture, start_flags, report);
}

static void reread(void *context)
{
	struct observe *observe = context;
	observe_configuration_reread(&observe->configuration, observe->configuration_path,
				     &observe->state);
}

/* Records the targets, and plans the worker's run. */
static int plan_run(struct observe *observe, struct failure *failure)
{
	struct targets *all = &observe->state.targets;
	for (size_t i = 0; i < observe->targets; i++)
		if (targets_add(all, &observe->given[i], failure) != 0)
			return -1;
	for (size_t i = 0; i < observe->targets; i++)
		observe->given[i] = *targets_find(all, observe->given[i].name);
	observe->observed = (struct targets){observe->given, observe->targets};
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	observe->plan = (struct worker_plan){
		.state_path = observe->state.path,
		.given = &observe->observed,
		.all = all,
		.options = {.attempt_capacity = observe->attempts,
			    .evidence_budget = observe->evidence_mib << 20,
			    .mapped = true},
		.until_boot_us = observe->seconds
					 ? ((int64_t)now.tv_sec + (int64_t)observe->seconds) * US
					 : INT64_MAX,
	};
	if (targets_write(all, observe->state.path, failure) != 0 ||
	    privilege_choose_identity(&observe->plan.identity, observe->state.path, failure) != 0 ||
	    privilege_give_directory(observe->state.path, &observe->plan.identity, failure) != 0)
		return -1;
	return 0;
}

static int observe_now(struct observe *observe, struct failure *failure)
{
	if (plan_run(observe, failure) != 0 || privilege_keep_capture(failure) != 0)
		return -1;
	struct monitor monitor = {
		.interface = observe->interface,
		.ring_mib = (int)observe->ring_mib,
		.patient = observe->patient,
		.work = work,
		.reread = observe->configuration_path ? reread : NULL,
		.context = observe,
	};
	return monitor_run(&monitor, failure);
}

static int run(struct observe *observe)
{
	struct failure failure = {0};
	monitor_catch_signals();
	if (state_directory_open(&observe->state, observe->state_path, &failure) != 0)
		return failure_report(&failure);
	int result = observe_now(observe, &failure);
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
	observe->ring_mib = LIVE_RING_MIB_DEFAULT;
	observe->evidence_mib = EVIDENCE_BUDGET_DEFAULT >> 20;
	observe->attempts = CONFIGURATION_ATTEMPTS;
	observe->patient = patient;
	int status = parse_arguments(observe, argc, argv);
	if (status == VERB_GO_ON)
		status = run(observe);
	free(observe);
	return status;
}
