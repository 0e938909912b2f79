/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../base/timestamp.h"
#include "ledger.h"
#include "rrd_view.h"
#include "store_verbs.h"
#include "target_path.h"
#include "targets.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The mend for everything that is wrong with an RRD. */
static void say_rebuild(const struct target_path *split, const char *what)
{
	say_error("%s: %s: make it anew with 'stalenode rebuild %s/%s'", split->rrd, what,
		  split->state, split->name);
}

static bool check_rrd(const struct target_path *split, const struct ledger *ledger)
{
	struct rrd_comparison comparison;
	struct failure failure = {0};
	char time[TIMESTAMP_TEXT_SIZE], what[160];
	if (ledger->records == 0)
		return true;
	if (access(split->rrd, F_OK) != 0) {
		say_rebuild(split, "missing");
		return false;
	}
	if (rrd_view_verify(split->rrd, ledger, &comparison, &failure) != 0) {
		failure_report(&failure);
		say_rebuild(split, "cannot be compared with the ledger");
		return false;
	}
	if (comparison.differing + comparison.invented == 0)
		return true;
	snprintf(what, sizeof what,
		 "%zu buckets differ from the ledger and %zu are not in it, from %s on",
		 comparison.differing, comparison.invented,
		 timestamp_format(comparison.first_differing, time));
	say_rebuild(split, what);
	return false;
}

static bool check_ledger(const struct target_path *split, const struct ledger *ledger)
{
	if (ledger->torn_bytes)
		say_error("%s: its last line is torn (%zu bytes): the next import or observe cuts "
			  "it off",
			  split->ledger, ledger->torn_bytes);
	if (ledger->damaged_lines)
		say_error("%s:%zu: %zu damaged lines: their buckets are unknown until their "
			  "captures are "
			  "imported again",
			  split->ledger, ledger->first_damaged, ledger->damaged_lines);
	return ledger->torn_bytes == 0 && ledger->damaged_lines == 0;
}

static bool check_target(const char *path)
{
	struct failure failure = {0};
	struct target_path split;
	struct ledger ledger;
	if (target_path_split(&split, path, &failure) != 0 ||
	    ledger_read(&ledger, split.ledger, &failure) != 0) {
		failure_report(&failure);
		return false;
	}
	bool ledger_good = check_ledger(&split, &ledger);
	bool rrd_good = check_rrd(&split, &ledger);
	printf("%s: %zu buckets, ledger %s, RRD %s\n", split.name, ledger.records,
	       ledger_good ? "whole" : "damaged", rrd_good ? "equal to it" : "not equal to it");
	ledger_free(&ledger);
	return ledger_good && rrd_good;
}

static int check_state(const char *path)
{
	struct failure failure = {0};
	struct targets targets;
	if (targets_read(&targets, path, &failure) != 0)
		return failure_report(&failure);
	bool good = true;
	for (size_t i = 0; i < targets.targets; i++) {
		char directory[4096 + TARGET_NAME_SIZE + 2];
		snprintf(directory, sizeof directory, "%s/%s", path, targets.target[i].name);
		good = check_target(directory) && good;
	}
	if (targets.targets == 0)
		printf("%s: no targets yet\n", path);
	targets_free(&targets);
	return good ? EXIT_DONE : EXIT_FAILED;
}

/* The worst status of all operands so far. */
struct outcome {
	bool any;
	int status;
};

static int take_operand(void *context, const char *value)
{
	struct outcome *outcome = context;
	int status = check_state(value);
	outcome->any = true;
	if (status > outcome->status)
		outcome->status = status;
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct outcome outcome = {false, EXIT_DONE};
	int status = verb_read_arguments(&check_verb, argc, argv, NULL, take_operand, &outcome);
	if (status != VERB_GO_ON)
		return status;
	return outcome.any ? outcome.status : verb_wrong_use(&check_verb, "name a state directory");
}

const struct verb check_verb = {
	.name = "check",
	.summary = "verify ledgers, and RRDs against them",
	.synopsis = "STATE...",
	.description = "Reads every ledger of a state directory to its end, checks each line, and "
		       "compares every\n5-minute row of the RRDs with it. Changes nothing. Exit "
		       "status 1 when something is wrong;\neach problem is one line with its mend.",
	.options = NULL,
	.example = "stalenode check obs",
	.run = run,
};
