/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor.h"

#include "doctor_policy.h"
#include "doctor_probe.h"
#include "store/store_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How long the clock is watched. */
#define WATCH_MS 1000
/* As state_directory has it. */

struct request {
	const char *interface, *state;
};

static int take_option(void *context, const char *name, const char *value)
{
	struct request *request = context;
	if (strcmp(name, "interface") == 0)
		request->interface = value;
	else
		request->state = value;
	return EXIT_DONE;
}

/* VERB_GO_ON, or the exit status to end with. */
static int read_arguments(struct request *request, int argc, char **argv)
{
	int status = verb_read_arguments(&doctor_verb, argc, argv, take_option, NULL, request);
	if (status != VERB_GO_ON)
		return status;
	if (request->interface && !request->interface[0])
		return verb_wrong_use(&doctor_verb, "an empty name is no interface");
	if (request->state && (!request->state[0] || strlen(request->state) >= STATE_PATH_MAX))
		return verb_wrong_use(&doctor_verb, "--state is empty or too long");
	return VERB_GO_ON;
}

static void examine_state(struct findings *findings, const struct request *request,
			  struct probe_texts *texts)
{
	struct targets targets = {0};
	bool local[TARGETS_MAX];
	if (request->state) {
		struct directory_reading directory =
			probe_directory(request->state, &targets, texts);
		doctor_judge_directory(findings, &directory, targets.targets);
	} else {
		findings_add(findings, FINDING_WARNING, "state",
			     "not tried: name the state directory with --state");
	}
	doctor_judge_descriptors(findings, probe_descriptors(), targets.targets);
	probe_local(&targets, local);
	doctor_judge_targets(findings, &targets, local);
	struct policy_reading *policy = calloc(targets.targets + 1, sizeof policy[0]);
	if (policy && request->state) {
		policy_read(policy, request->state, &targets);
		policy_judge(findings, &targets, policy);
	}
	free(policy);
	targets_free(&targets);
}

static void examine(struct findings *findings, const struct request *request,
		    struct probe_texts *texts)
{
	struct privilege_reading privilege = probe_privilege(texts);
	doctor_judge_privilege(findings, &privilege);
	if (request->interface) {
		struct interface_reading interface =
			probe_interface(request->interface, privilege.effective, texts);
		doctor_judge_interface(findings, &interface);
	} else {
		findings_add(findings, FINDING_WARNING, "interface", "not tried: name one with -i");
	}
	examine_state(findings, request, texts);
	struct version_reading versions = probe_versions(texts);
	doctor_judge_versions(findings, &versions);
}

static int run(int argc, char **argv)
{
	struct request request = {0};
	struct findings findings = {0};
	struct probe_texts texts = {0};
	struct clock_watch watch;
	int status = read_arguments(&request, argc, argv);
	if (status != VERB_GO_ON)
		return status;
	probe_clock_begin(&watch);
	examine(&findings, &request, &texts);
	struct timespec rest = {WATCH_MS / 1000, WATCH_MS % 1000 * 1000000L};
	nanosleep(&rest, NULL);
	struct clock_reading clock = probe_clock_end(&watch);
	doctor_judge_clock(&findings, &clock);
	findings_print(&findings, stdout);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		say_error("standard output: %s", strerror(errno));
		return EXIT_FAILED;
	}
	return findings.of_grade[FINDING_FAILURE] ? EXIT_FAILED : EXIT_DONE;
}

static const struct verb_option options[] = {
	{"interface", "NAME", "the interface that would be listened on; 'any' for all", 'i'},
	{"state", "DIR", "the state directory that would be counted into", 0},
	{0},
};

const struct verb doctor_verb = {
	.name = "doctor",
	.summary = "try what this machine needs for months of capture",
	.synopsis = "[-i INTERFACE] [--state DIR]",
	.description =
		"Prints a line per check that begins with ok, warn or fail, says what was found, "
		"and how to mend it: the privilege to capture; the interface, its link type, and "
		"whether it can be listened on; whether the state directory can be written, how "
		"fast, "
		"on which kind of file system, and its room for two years of the targets; open "
		"files; whether the targets' addresses are of this machine, and whether their "
		"policy is recorded and is what an agent at work saw; the kernel and the "
		"libraries; and the clock, which is watched for a "
		"second.\n\n"
		"A warning is something that months of capture may suffer from; a failure keeps "
		"capture from working, and makes the exit status 1. Leaves nothing behind: in the "
		"state directory, or in the one that it would be made in, a nameless file of 4 kB "
		"is written for a moment.",
	.options = options,
	.example = "stalenode doctor -i eth0 --state /var/lib/stalenode",
	.run = run,
};
