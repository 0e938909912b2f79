/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain.h"

#include "country_database.h"
#include "explain_page.h"

#include "../analysis/alerts/explained_target.h"
#include "../analysis/alerts/explanation.h"
#include "../analysis/alerts/explanation_json.h"
#include "../analysis/alerts/explanation_text.h"
#include "../observer/base/decimal.h"
#include "../observer/base/timestamp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
	bool json;
	const char *html; /* NULL: no page */
	enum language language;
	int year; /* 0: from the file */
	int32_t offset_seconds;
	struct address local[LOCAL_SIDE_GIVEN_MAX];
	size_t locals;
	const char **path; /* as many as there are arguments */
	size_t paths;
	const char *countries; /* NULL: no database */
	const char *profile[KNOWN_CLIENTS_MAX];
	size_t profiles;
};

static int take_local(struct request *request, const char *value)
{
	while (*value) {
		char text[ADDRESS_TEXT_SIZE];
		size_t length = strcspn(value, ",");
		if (length >= sizeof text)
			length = sizeof text - 1;
		memcpy(text, value, length);
		text[length] = '\0';
		if (request->locals == LOCAL_SIDE_GIVEN_MAX)
			return verb_wrong_use(&explain_verb, "--local takes %d addresses at most",
					      LOCAL_SIDE_GIVEN_MAX);
		if (!address_parse(text, &request->local[request->locals++]))
			return verb_wrong_use(&explain_verb,
					      "--local %s: not an IPv4 or IPv6 address", text);
		value += length;
		value += *value == ',';
	}
	return 0;
}

static int take_option(void *context, const char *name, const char *value)
{
	struct request *request = context;
	if (strcmp(name, "json") == 0) {
		request->json = true;
	} else if (strcmp(name, "html") == 0) {
		request->html = value;
	} else if (strcmp(name, "lang") == 0) {
		if (!language_parse(value, &request->language))
			return verb_wrong_use(&explain_verb, "--lang takes en or ja, not %s",
					      value);
	} else if (strcmp(name, "year") == 0) {
		uint64_t year;
		if (!decimal_parse(value, strlen(value), 9999, &year) || year < 1970)
			return verb_wrong_use(&explain_verb,
					      "--year takes a year from 1970 to 9999, not %s",
					      value);
		request->year = (int)year;
	} else if (strcmp(name, "local") == 0) {
		return take_local(request, value);
	} else if (strcmp(name, "country") == 0) {
		request->countries = value;
	} else if (strcmp(name, "profile") == 0) {
		if (request->profiles == KNOWN_CLIENTS_MAX)
			return verb_wrong_use(&explain_verb, "%d --profile at most",
					      KNOWN_CLIENTS_MAX);
		request->profile[request->profiles++] = value;
	}
	return 0;
}

static int take_operand(void *context, const char *value)
{
	struct request *request = context;
	request->path[request->paths++] = value;
	return 0;
}

static int print_json(const struct explanation *explanation, enum language language,
		      struct failure *failure)
{
	if (explanation_print_json(explanation, language, stdout) < 0)
		return fail(failure, EXIT_FAILED, "standard output: %s", strerror(errno));
	return 0;
}

/* Profiles come first: what is wrong in one is said before a long log is read. */
static int begin(struct explanation *explanation, const struct request *request, struct geo *geo,
		 const struct address *local, size_t locals, struct failure *failure)
{
	int result = explanation_begin(explanation, local, locals, failure);
	if (result == 0)
		cluster_table_locate(explanation->table, geo);
	for (size_t i = 0; i < request->profiles && result == 0; i++)
		result = known_clients_add(&explanation->known, request->profile[i], failure);
	return result;
}

static int read_logs(struct explanation *explanation, const struct request *request,
		     struct geo *geo, const struct alert_input_request *input,
		     struct failure *failure)
{
	int result = begin(explanation, request, geo, request->local, request->locals, failure);
	for (size_t i = 0; i < request->paths && result == 0; i++)
		result = explanation_read(explanation, request->path[i], input, failure);
	return result;
}

/* An address that was replaced is in no country. */
static int read_target(struct explanation *explanation, const struct request *request,
		       struct geo *geo, const struct alert_input_request *input,
		       struct failure *failure)
{
	struct explained_target target;
	if (explained_target_open(&target, request->path[0], failure) < 0)
		return -1;
	if (target.anonymised && geo)
		say_warning("%s: its addresses were replaced when they were written: their "
			    "countries are not known",
			    request->path[0]);
	int result = begin(explanation, request, target.anonymised ? NULL : geo, target.local,
			   target.locals, failure);
	if (result == 0)
		result = explained_target_read(&target, explanation, input, failure);
	explained_target_free(&target);
	return result;
}

static int explain(const struct request *request, struct failure *failure)
{
	struct explanation explanation = {0};
	struct alert_input_request input = {
		.year = request->year,
		.offset_seconds = request->offset_seconds,
		.now = timestamp_now(),
	};
	struct country_database countries;
	int result = country_database_open(&countries, request->countries, failure);
	if (result == 0)
		result =
			explained_target_recognise(request->path[0])
				? read_target(&explanation, request, countries.geo, &input, failure)
				: read_logs(&explanation, request, countries.geo, &input, failure);
	if (result == 0)
		result = explanation_finish(&explanation, failure);
	if (result == 0 && request->html)
		result =
			explain_page_write(request->html, &explanation, request->language, failure);
	if (result == 0 && request->json)
		result = print_json(&explanation, request->language, failure);
	else if (result == 0 && !request->html)
		explanation_print(&explanation, request->language, stdout);
	explanation_free(&explanation);
	country_database_close(&countries);
	if (result == 0 && (fflush(stdout) == EOF || ferror(stdout)))
		return fail(failure, EXIT_FAILED, "standard output: %s", strerror(errno));
	return result;
}

/* A target is explained by itself: which addresses are its own is known. */
static int check_target(const struct request *request)
{
	for (size_t i = 0; i < request->paths; i++)
		if (explained_target_recognise(request->path[i]) &&
		    (request->paths > 1 || request->locals > 0))
			return verb_wrong_use(
				&explain_verb,
				request->paths > 1
					? "%s is a directory: a target is explained alone, without "
					  "logs or other targets"
					: "%s is a directory: --local goes with logs, a target's "
					  "addresses are known",
				request->path[i]);
	return VERB_GO_ON;
}

static int run(int argc, char **argv)
{
	struct request request = {.path = calloc((size_t)argc + 1, sizeof *request.path)};
	struct failure failure = {.status = EXIT_DONE};
	if (!request.path) {
		fail(&failure, EXIT_FAILED, "no memory");
		return failure_report(&failure);
	}
	int status =
		verb_read_arguments(&explain_verb, argc, argv, take_option, take_operand, &request);
	if (status == VERB_GO_ON && request.paths == 0)
		status = verb_wrong_use(&explain_verb, "needs a log or a capture, - for standard "
						       "input, or STATE/NAME");
	if (status == VERB_GO_ON)
		status = check_target(&request);
	if (status == VERB_GO_ON)
		status = explain(&request, &failure) == 0 ? EXIT_DONE : failure_report(&failure);
	free(request.path);
	return status;
}

static const struct verb_option options[] = {
	{"json", NULL, "print JSON", 0},
	{"html", "FILE", "write one page to print or hand on, instead of the text", 0},
	{"lang", "en|ja", "language of the text (en)", 0},
	{"year", "N", "year of syslog times, which have none; else the file's date tells it", 0},
	{"local", "ADDR[,ADDR...]", "the addresses that are observed; else the log tells them", 0},
	{"profile", "FILE", "when calls to nodes of a client end, by 'analyze --write-profile'", 0},
	{"country", "FILE", "tell the countries of the addresses, by this database (.mmdb)", 0},
	{NULL, NULL, NULL, 0},
};

const struct verb explain_verb = {
	.name = "explain",
	.summary = "say what a firewall's alerts most likely were",
	.synopsis = "[--json] [--html FILE] [--lang en|ja] [--year N] [--local ADDR[,ADDR...]] "
		    "[--profile FILE]... [--country FILE] FILE|-...|STATE/NAME",
	.description =
		"Reads firewall logs and captures, and says of each port that was called what it "
		"most likely was: calls to a P2P program that is gone, scans, worms, a flood, "
		"answers to forged packets, or the host's own doing; how sure that is, and why; "
		"what to do, and when it will stop.\n\n"
		"The form of a log is recognised by its content, never by its name; several "
		"may be mixed in one file. Captures are pcap or pcapng. All may be compressed "
		"(gzip, Zstandard). Lines that are not understood are counted and the first of "
		"them shown.\n\n"
		"When calls to a node that is gone end is told by their own fall. A log that is "
		"younger than the calls of such nodes commonly last cannot see that end: a profile "
		"(--profile, up to 16 of them) of the client that they most likely are of, or that "
		"a "
		"target ran, tells it then. One profile alone is taken where the client is not "
		"known.\n\n"
		"With a database of countries in MaxMind's format (--country), the countries of "
		"the addresses are told. They count when programs are named that may have run: "
		"some are of one country.\n\n"
		"STATE/NAME explains what a target of this machine's own kept as evidence since it "
		"was retired.\n\n"
		"Alerts are put together by direction, protocol, address and port; a SYN and its "
		"retransmissions are one attempt. A port alone never decides. Where the evidence "
		"does not decide, the answer is that it is not clear, and what would.",
	.options = options,
	.example = "stalenode explain /var/log/kern.log\n"
		   "stalenode explain --html alerts.html firewall.log\n"
		   "stalenode explain --lang ja --year 2008 firewall.log.gz\n"
		   "journalctl -k | stalenode explain --json -\n"
		   "stalenode explain /var/lib/stalenode/winny",
	.run = run,
};
