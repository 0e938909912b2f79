/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyze_request.h"

#include "analyze.h"
#include "client_profile_file.h"
#include "../observer/base/timestamp.h"
#include "../observer/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Marks the names of a comma-separated list; false on a name that `name_of` does not know. */
static bool mark_names(const char *list, bool *marked, int count, const char *(*name_of)(int))
{
	memset(marked, 0, sizeof *marked * (size_t)count);
	for (const char *name = list; *name;) {
		size_t length = strcspn(name, ",");
		int found = -1;
		for (int i = 0; i < count; i++)
			if (strlen(name_of(i)) == length && strncmp(name, name_of(i), length) == 0)
				found = i;
		if (found < 0)
			return false;
		marked[found] = true;
		name += length + (name[length] == ',');
	}
	return list[0] != '\0';
}

static const char *family_at(int index)
{
	return family_name((enum family)index);
}

static const char *likelihood_at(int index)
{
	return likelihood_name((enum likelihood)index);
}

/* A whole number up to UINT32_MAX; *end behind it. False when there is none. */
static bool parse_whole(const char *text, char **end, double *value)
{
	errno = 0;
	if (text[0] < '0' || text[0] > '9')
		return false;
	unsigned long long number = strtoull(text, end, 10);
	*value = (double)number;
	return !errno && number <= UINT32_MAX;
}

/* "SYN/SECONDS" or "SYN/SECONDS/OTHER", whole SYNs in whole seconds above 0. */
static bool parse_baseline(const char *text, struct analysis_options *options)
{
	char *end;
	options->baseline_other = 0;
	if (!parse_whole(text, &end, &options->baseline_syn) || *end != '/' ||
	    !parse_whole(end + 1, &end, &options->baseline_seconds) ||
	    options->baseline_seconds <= 0)
		return false;
	if (*end == '/' && !parse_whole(end + 1, &end, &options->baseline_other))
		return false;
	return *end == '\0';
}

static int take_option(struct analyze_request *request, const char *name, const char *value)
{
	const struct verb *verb = &analyze_verb;
	if (strcmp(name, "json") == 0) {
		request->json = true;
	} else if (strcmp(name, "phases") == 0) {
		request->phases_only = true;
	} else if (strcmp(name, "retired") == 0) {
		if (!timestamp_parse(value, &request->series.retired))
			return verb_wrong_use(
				verb,
				"--retired '%s' is no time: give 2008-02-20T00:00Z or "
				"Unix seconds",
				value);
	} else if (strcmp(name, "baseline") == 0) {
		if (!parse_baseline(value, &request->analysis))
			return verb_wrong_use(
				verb,
				"--baseline '%s' is not SYN/SECONDS, as in 3/86400, or "
				"SYN/SECONDS/OTHER: the SYNs counted on the port, and on other "
				"ports, before the experiment",
				value);
	} else if (strcmp(name, "background") == 0) {
		if (strcmp(value, "steady") != 0 && strcmp(value, "other-ports") != 0)
			return verb_wrong_use(
				verb, "--background '%s': it is steady or other-ports", value);
		request->analysis.drift_from_other_ports = strcmp(value, "other-ports") == 0;
	} else if (strcmp(name, "waves") == 0) {
		if (strcmp(value, "none") != 0 && strcmp(value, "daily") != 0 &&
		    strcmp(value, "weekly") != 0)
			return verb_wrong_use(verb, "--waves '%s': it is none, daily or weekly",
					      value);
		request->analysis.daily = strcmp(value, "none") != 0;
		request->analysis.weekly = strcmp(value, "weekly") == 0;
	} else if (strcmp(name, "count") == 0) {
		if (strcmp(value, "syn") != 0 && strcmp(value, "attempts") != 0)
			return verb_wrong_use(verb, "--count '%s': it is syn or attempts", value);
		request->series.count_attempts = strcmp(value, "attempts") == 0;
	} else if (strcmp(name, "profile") == 0) {
		request->profile_path = value;
	} else if (strcmp(name, "write-profile") == 0) {
		request->write_profile_path = value;
	} else if (strcmp(name, "origin") == 0) {
		if (!client_profile_text_valid(value))
			return verb_wrong_use(verb,
					      "--origin '%s': one line of 1 to %d bytes without "
					      "';' is allowed",
					      value, CLIENT_PROFILE_TEXT_SIZE - 1);
		request->origin = value;
	} else if (strcmp(name, "compare") == 0) {
		request->compare_only = true;
	} else if (strcmp(name, "lang") == 0) {
		if (!language_parse(value, &request->language))
			return verb_wrong_use(verb, "--lang '%s': it is en or ja", value);
	} else if (strcmp(name, "family") == 0) {
		if (!mark_names(value, request->analysis.families, FAMILIES, family_at))
			return verb_wrong_use(
				verb,
				"--family '%s': they are const, exp, biexp, weibull, omori, "
				"logistic, plateau_exp and plateau_omori, separated by commas",
				value);
	} else if (strcmp(name, "likelihood") == 0) {
		if (!mark_names(value, request->analysis.likelihoods, LIKELIHOODS, likelihood_at))
			return verb_wrong_use(
				verb,
				"--likelihood '%s': they are poisson, nb1 and nb2, separated by "
				"commas",
				value);
	}
	return EXIT_DONE;
}

int analyze_request_read(struct analyze_request *request, int argc, char **argv, bool *stop)
{
	struct verb_arguments arguments;
	const struct verb_option *option;
	const char *value;
	*request = (struct analyze_request){.series.retired = TIME_UNKNOWN};
	analysis_options_default(&request->analysis);
	*stop = true;
	verb_arguments_begin(&arguments, &analyze_verb, argc, argv);
	for (;;) {
		int status;
		switch (verb_arguments_next(&arguments, &option, &value)) {
		case VERB_ARGUMENT_HELP:
			return EXIT_DONE;
		case VERB_ARGUMENT_WRONG:
			return EXIT_WRONG_USE;
		case VERB_ARGUMENT_OPERAND:
			if (request->paths == PATHS_MAX)
				return verb_wrong_use(&analyze_verb, "more than %d series",
						      PATHS_MAX);
			request->path[request->paths++] = value;
			break;
		case VERB_ARGUMENT_OPTION:
			status = take_option(request, option->name, value);
			if (status != EXIT_DONE)
				return status;
			break;
		case VERB_ARGUMENT_END:
			if (request->paths == 0)
				return verb_wrong_use(
					&analyze_verb,
					"no series: give STATE/NAME, an .rrd or a .csv");
			*stop = false;
			return EXIT_DONE;
		}
	}
}
