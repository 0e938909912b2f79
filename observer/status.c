/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status.h"

#include "base/timestamp.h"
#include "base/whole_file.h"
#include "status_output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Whoever asks has to hear the worst when nothing can be said. */
#define EXIT_CANNOT_TELL HEALTH_DOWN

struct request {
	const char *state, *out;
	bool json, metrics, at_given;
	int64_t at;
};

static int take_option(void *context, const char *name, const char *value)
{
	struct request *request = context;
	if (strcmp(name, "json") == 0) {
		request->json = true;
	} else if (strcmp(name, "metrics") == 0) {
		request->metrics = true;
	} else if (strcmp(name, "out") == 0) {
		request->out = value;
	} else if (timestamp_parse(value, &request->at)) {
		request->at_given = true;
	} else {
		return verb_wrong_use(&status_verb,
				      "--at '%s': a time like 2026-11-23T09:30 or Unix seconds",
				      value);
	}
	return 0;
}

static int take_operand(void *context, const char *value)
{
	struct request *request = context;
	if (request->state)
		return verb_wrong_use(&status_verb, "one state directory at a time, not also '%s'",
				      value);
	request->state = value;
	return EXIT_DONE;
}

/* VERB_GO_ON, or the exit status to end with. */
static int read_arguments(struct request *request, int argc, char **argv)
{
	int status =
		verb_read_arguments(&status_verb, argc, argv, take_option, take_operand, request);
	if (status != VERB_GO_ON)
		return status;
	if (!request->state)
		return verb_wrong_use(&status_verb, "name a state directory");
	if (request->json && request->metrics)
		return verb_wrong_use(&status_verb, "--json or --metrics, not both");
	return VERB_GO_ON;
}

static int print(const struct request *request, const struct status_reading *reading, FILE *stream,
		 struct failure *failure)
{
	if (request->metrics)
		status_print_metrics(reading, stream);
	else if (!request->json)
		status_print_text(reading, stream);
	else if (status_print_json(reading, stream) != 0)
		return fail(failure, EXIT_FAILED, "%s: no memory for its JSON, or no room for it",
			    reading->path);
	return 0;
}

static int print_to_file(const struct request *request, const struct status_reading *reading,
			 struct failure *failure)
{
	struct whole_file file;
	if (whole_file_open(&file, request->out, failure) != 0)
		return -1;
	if (print(request, reading, file.stream, failure) != 0) {
		whole_file_abandon(&file);
		return -1;
	}
	return whole_file_close(&file, failure);
}

static int run(int argc, char **argv)
{
	struct request request = {0};
	struct failure failure = {0};
	struct status_reading reading;
	int status = read_arguments(&request, argc, argv);
	if (status != VERB_GO_ON)
		return status;
	int64_t now = timestamp_now();
	if (status_reading_take(&reading, request.state, request.at_given ? request.at : now, now,
				&failure) != 0) {
		failure_report(&failure);
		return EXIT_CANNOT_TELL;
	}
	int result = request.out ? print_to_file(&request, &reading, &failure)
				 : print(&request, &reading, stdout, &failure);
	if (result == 0 && !request.out && (fflush(stdout) == EOF || ferror(stdout)))
		result = fail(&failure, EXIT_FAILED, "standard output: %s", strerror(errno));
	status = (int)reading.whole.grade;
	status_reading_free(&reading);
	if (result == 0)
		return status;
	failure_report(&failure);
	return EXIT_CANNOT_TELL;
}

static const struct verb_option options[] = {
	{"json", NULL, "print JSON", 0},
	{"metrics", NULL, "print metrics in the Prometheus text format", 0},
	{"at", "TIME", "judge the health at this moment instead of now (ISO 8601 or Unix seconds)",
	 0},
	{"out", "FILE",
	 "write to a file, whole or not at all, as node_exporter's textfile collector needs it", 0},
	{0},
};

const struct verb status_verb = {
	.name = "status",
	.summary = "tell whether a state directory is still being filled",
	.synopsis = "[--json|--metrics] [--at TIME] [--out FILE] STATE",
	.description =
		"Prints a line per target: its health, how much of the last 24 hours was observed "
		"(since its record begins), packets that the kernel dropped, SYNs of the last 24 "
		"hours, the last 5-minute bucket with a SYN, and until when it was observed; then "
		"the reasons for whatever is not healthy. Times are UTC. Reads only, and may run "
		"beside the observer.\n\n"
		"A target is down when nothing was observed in the last 15 minutes and no agent is "
		"at work on it. It is degraded when less than 95 % of the "
		"last 24 hours was observed (since its record begins; "
		"a bucket that is still open is left out), when the kernel dropped packets or a "
		"table was full in the last 24 hours, when its ledger is damaged, torn or later "
		"than the clock, or when counts.rrd does not follow the ledger. Otherwise it is "
		"healthy. The directory is as its worst target is, down without any, and degraded "
		"when its disk has less than 5 % or 100 MB free, or when an agent at work has its "
		"link down, closed buckets that it cannot write, or what it is counting only in "
		"memory.\n\n"
		"The exit status is the health, as monitoring programs ask for it: 0 healthy, 1 "
		"degraded, 2 down, and 2 also when nothing can be said: STATE is not a state "
		"directory, or wrong use.\n\n"
		"JSON: state, at, health, reasons (code, health, text), disk (free_bytes, "
		"size_bytes, free_share), agents (interface, at_work, looked, link_is_up, "
		"open_syn, "
		"kernel_drops, waiting_buckets, lost_buckets, store_failing_since, store_failure, "
		"only_in_memory) and targets: name, health, reasons, first_observed, "
		"last_observed, seconds_since_observed, last_syn (start of the bucket), coverage "
		"(from, until, covered_seconds, share), last_24h and total (buckets, "
		"observed_seconds, syn, attempts, udp, other_syn, kernel_drops, "
		"full_table_buckets), ledger (damaged_lines, torn_bytes) and rrd (updated, "
		"behind_seconds). What is unknown is null.",
	.options = options,
	.example = "stalenode status /var/lib/stalenode\n"
		   "stalenode status --json /var/lib/stalenode\n"
		   "stalenode status --metrics --out "
		   "/var/lib/prometheus/node-exporter/stalenode.prom /var/lib/stalenode",
	.run = run,
	.exit_status = "0 healthy, 1 degraded, 2 down, not to be told, or wrong use.",
};
