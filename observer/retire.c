/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "retire.h"

#include "base/timestamp.h"
#include "store/state_directory.h"
#include "store/target_path.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The silence that begins behind record `last`, of any length; *next is where it ends. */
static struct silence silence_behind(const struct ledger *ledger, size_t last, size_t *next)
{
	struct silence silence = {
		.begin = ledger->record[last].start + BUCKET_SECONDS,
		.first_syn = TIME_UNKNOWN,
		.end = TIME_UNKNOWN,
	};
	size_t i = last + 1;
	for (; i < ledger->records && ledger->record[i].answered == 0; i++) {
		const struct bucket_record *record = &ledger->record[i];
		silence.observed_seconds += record->observed_seconds;
		silence.syn += record->syn;
		if (record->syn && silence.first_syn == TIME_UNKNOWN)
			silence.first_syn = record->start;
	}
	if (i < ledger->records)
		silence.end = ledger->record[i].start;
	*next = i;
	return silence;
}

bool retire_next_silence(const struct ledger *ledger, size_t *next, struct silence *silence)
{
	while (*next < ledger->records) {
		size_t last = (*next)++;
		if (ledger->record[last].answered == 0)
			continue;
		*silence = silence_behind(ledger, last, next);
		if (silence->observed_seconds >= RETIRE_SILENCE_SECONDS)
			return true;
	}
	return false;
}

int retire_propose(const struct ledger *ledger, struct silence *silence, struct failure *failure)
{
	size_t last = ledger->records, next;
	while (last && ledger->record[last - 1].answered == 0)
		last--;
	if (ledger->records == 0)
		return fail(failure, EXIT_FAILED,
			    "nothing was observed yet: give the time with --at TIME");
	if (last == 0)
		return fail(failure, EXIT_FAILED,
			    "no SYN-ACK of its client was ever seen: it had stopped before, or the "
			    "capture holds only what comes in: give the time with --at TIME");
	*silence = silence_behind(ledger, last - 1, &next);
	if (silence->observed_seconds >= RETIRE_SILENCE_SECONDS)
		return 0;
	char time[TIMESTAMP_TEXT_SIZE];
	return fail(failure, EXIT_FAILED,
		    "its client answered until %s, and only %" PRId64
		    " s were observed since: wait until an hour was, or give the time with --at "
		    "TIME",
		    timestamp_format(silence->begin, time), silence->observed_seconds);
}

static void print_time(int64_t time)
{
	char text[TIMESTAMP_TEXT_SIZE];
	printf("%s", time == TIME_UNKNOWN ? "-" : timestamp_format(time, text));
}

/* A table that a person and a program can read. */
static void list_silences(const struct ledger *ledger)
{
	struct silence silence;
	printf("#last_answer_before\tobserved_seconds\tsyn_unanswered\tfirst_unanswered_bucket\t"
	       "answers_again\n");
	for (size_t next = 0; retire_next_silence(ledger, &next, &silence);) {
		print_time(silence.begin);
		printf("\t%" PRId64 "\t%" PRIu64 "\t", silence.observed_seconds, silence.syn);
		print_time(silence.first_syn);
		putchar('\t');
		print_time(silence.end);
		putchar('\n');
	}
}

struct retire {
	const char *operand; /* STATE/NAME */
	int64_t at;	     /* TIME_UNKNOWN: from the ledger */
	bool list, yes;
	struct target_path path;
	struct ledger ledger;
};

static void print_proposal(const struct retire *retire, const struct silence *silence)
{
	char begin[TIMESTAMP_TEXT_SIZE], first[TIMESTAMP_TEXT_SIZE];
	printf("%s: its client answered until %s; then %" PRId64 " h %" PRId64
	       " min were observed without an answer",
	       retire->path.name, timestamp_format(silence->begin, begin),
	       silence->observed_seconds / 3600, silence->observed_seconds % 3600 / 60);
	if (silence->syn)
		printf(", in which %" PRIu64 " SYN came, the first in the bucket of %s\n",
		       silence->syn, timestamp_format(silence->first_syn, first));
	else
		printf("\n");
	fflush(stdout);
	if (silence->syn == 0)
		say_warning("%s: no SYN came in that time, so that there was nothing to answer: "
			    "the client may have stopped later",
			    retire->path.name);
}

/* Later answers speak against a time that a person gives; his word stands all the same. */
static void warn_of_later_answers(const struct retire *retire, int64_t retired)
{
	for (size_t i = retire->ledger.records; i-- > 0;) {
		const struct bucket_record *record = &retire->ledger.record[i];
		char time[TIMESTAMP_TEXT_SIZE];
		if (record->start < retired)
			return;
		if (record->answered == 0)
			continue;
		say_warning("%s: its client still answered in the bucket of %s", retire->path.name,
			    timestamp_format(record->start, time));
		return;
	}
}

static int set_retired(const struct state_directory *state, const char *name, int64_t retired,
		       struct failure *failure)
{
	struct target *target = targets_find(&state->targets, name);
	char started[TIMESTAMP_TEXT_SIZE];
	if (!target)
		return fail(failure, EXIT_FAILED,
			    "%s/targets: has no target '%s': 'stalenode observe' or 'import' with "
			    "that target adds it",
			    state->path, name);
	if (target->started != TIME_UNKNOWN && retired < target->started)
		return fail(failure, EXIT_WRONG_USE,
			    "%s: that is before it was started, %s: give a later time", name,
			    timestamp_format(target->started, started));
	target->retired = retired;
	return targets_write(&state->targets, state->path, failure);
}

static int record(const struct retire *retire, int64_t retired, struct failure *failure)
{
	struct state_directory state;
	char time[TIMESTAMP_TEXT_SIZE];
	if (state_directory_open_existing(&state, retire->path.state, failure) != 0) {
		if (!state.busy)
			return -1;
		*failure = (struct failure){0};
		return fail(
			failure, EXIT_FAILED,
			"%s: in use by another stalenode process: stop it for a moment; or, for "
			"the agent, write 'retired = %s' under [target %s] of its configuration "
			"and let it read that again (SIGHUP, systemctl reload stalenode)",
			retire->path.state, timestamp_format(retired, time), retire->path.name);
	}
	int result = set_retired(&state, retire->path.name, retired, failure);
	state_directory_close(&state);
	if (result == 0)
		printf("%s: retired %s, recorded in %s/targets\n", retire->path.name,
		       timestamp_format(retired, time), retire->path.state);
	return result;
}

static int propose(const struct retire *retire, struct failure *failure)
{
	struct silence silence = {0};
	struct failure why = {0};
	char time[TIMESTAMP_TEXT_SIZE];
	if (retire_propose(&retire->ledger, &silence, &why) != 0)
		return fail(failure, why.status, "%s: %s", retire->path.ledger, why.text);
	print_proposal(retire, &silence);
	if (retire->yes)
		return record(retire, silence.begin, failure);
	printf("%s: proposed retirement %s: 'stalenode retire --yes %s' records it\n",
	       retire->path.name, timestamp_format(silence.begin, time), retire->operand);
	return 0;
}

static int retire_target(struct retire *retire, struct failure *failure)
{
	int result = 0;
	if (target_path_split(&retire->path, retire->operand, failure) != 0 ||
	    ledger_read(&retire->ledger, retire->path.ledger, failure) != 0)
		return -1;
	if (retire->ledger.damaged_lines)
		say_warning("%s:%zu: %zu damaged lines are left out: their buckets are unknown",
			    retire->path.ledger, retire->ledger.first_damaged,
			    retire->ledger.damaged_lines);
	if (retire->list) {
		list_silences(&retire->ledger);
	} else if (retire->at != TIME_UNKNOWN) {
		warn_of_later_answers(retire, retire->at);
		result = record(retire, retire->at, failure);
	} else {
		result = propose(retire, failure);
	}
	ledger_free(&retire->ledger);
	return result;
}

static int take_option(void *context, const char *name, const char *value)
{
	struct retire *retire = context;
	if (strcmp(name, "list") == 0) {
		retire->list = true;
	} else if (strcmp(name, "yes") == 0) {
		retire->yes = true;
	} else if (!timestamp_parse(value, &retire->at)) {
		return verb_wrong_use(&retire_verb,
				      "--at '%s' is not a time: write 2008-02-20T00:00:00Z or Unix "
				      "seconds",
				      value);
	} else if (retire->at > timestamp_now()) {
		return verb_wrong_use(&retire_verb,
				      "--at '%s' lies in the future: give the time at which the "
				      "client stopped",
				      value);
	}
	return EXIT_DONE;
}

static int take_operand(void *context, const char *value)
{
	struct retire *retire = context;
	if (retire->operand)
		return verb_wrong_use(&retire_verb, "'%s' is one too many: name one target", value);
	retire->operand = value;
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct retire retire = {.at = TIME_UNKNOWN};
	struct failure failure = {0};
	int status =
		verb_read_arguments(&retire_verb, argc, argv, take_option, take_operand, &retire);
	if (status != VERB_GO_ON)
		return status;
	if (!retire.operand)
		return verb_wrong_use(&retire_verb, "name a target as STATE/NAME");
	if (retire.list && (retire.yes || retire.at != TIME_UNKNOWN))
		return verb_wrong_use(&retire_verb, "--list records nothing: leave --at and --yes");
	return retire_target(&retire, &failure) == 0 ? EXIT_DONE : failure_report(&failure);
}

static const struct verb_option options[] = {
	{"at", "TIME", "record this time", 0},
	{"yes", NULL, "record what is proposed", 0},
	{"list", NULL, "only list every hour or more without an answer of the client", 0},
	{0},
};

const struct verb retire_verb = {
	.name = "retire",
	.summary = "record when a target's client stopped",
	.synopsis = "[--at TIME | --yes | --list] STATE/NAME",
	.description =
		"While a client lives its own SYN-ACKs leave from its port, and the ledger counts\n"
		"them. The end of the last bucket with some, when an hour or more was observed\n"
		"since without one, is proposed as the retirement. Nothing is recorded unless "
		"--yes\n"
		"or --at TIME asks for it; a time that was recorded before is replaced.\n"
		"\n"
		"With --list each silence of an hour or more is one line: until when the client "
		"had\n"
		"answered, seconds observed since, SYNs that it left unanswered, the bucket of "
		"the\n"
		"first of them, and the bucket in which it answered again ('-' for never).\n"
		"\n"
		"A process that writes to the state directory has to be stopped for the "
		"recording.",
	.options = options,
	.example = "stalenode retire obs/winny\n"
		   "stalenode retire --at 2008-02-20T00:00:00Z obs/winny",
	.run = run,
};
