/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"
#include "rrd_view.h"
#include "state_directory.h"
#include "store_verbs.h"
#include "target_path.h"

#include <inttypes.h>
#include <stdio.h>

static int build(const struct target_path *split, struct failure *failure)
{
	struct ledger ledger;
	if (ledger_read(&ledger, split->ledger, failure) != 0)
		return -1;
	if (ledger.damaged_lines)
		say_warning("%s:%zu: %zu damaged lines are left out: their buckets are unknown",
			    split->ledger, ledger.first_damaged, ledger.damaged_lines);
	int result = rrd_view_build(split->rrd, &ledger, failure);
	if (result == 0)
		printf("%s: counts.rrd built from %zu buckets\n", split->name, ledger.records);
	ledger_free(&ledger);
	return result;
}

static int rebuild(const char *path)
{
	struct failure failure = {0};
	struct target_path split;
	struct state_directory state;
	if (target_path_split(&split, path, &failure) != 0 ||
	    state_directory_open_existing(&state, split.state, &failure) != 0)
		return failure_report(&failure);
	int result = build(&split, &failure);
	state_directory_close(&state);
	return result == 0 ? EXIT_DONE : failure_report(&failure);
}

/* The worst status of all operands so far. */
struct outcome {
	bool any;
	int status;
};

static int take_operand(void *context, const char *value)
{
	struct outcome *outcome = context;
	int status = rebuild(value);
	outcome->any = true;
	if (status > outcome->status)
		outcome->status = status;
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct outcome outcome = {false, EXIT_DONE};
	int status = verb_read_arguments(&rebuild_verb, argc, argv, NULL, take_operand, &outcome);
	if (status != VERB_GO_ON)
		return status;
	return outcome.any ? outcome.status
			   : verb_wrong_use(&rebuild_verb, "name a target as STATE/NAME");
}

const struct verb rebuild_verb = {
	.name = "rebuild",
	.summary = "build the RRD of a target anew from its ledger",
	.synopsis = "STATE/NAME...",
	.description = "Makes STATE/NAME/counts.rrd anew, whole, from the ledger, which is the "
		       "truth. Every count\ncomes back bit-exact and every bucket that was not "
		       "observed as unknown.",
	.options = NULL,
	.example = "stalenode rebuild obs/winny",
	.run = run,
};
