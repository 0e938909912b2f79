/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyze.h"

#include "analysis.h"
#include "analysis_json.h"
#include "analysis_text.h"
#include "analyze_request.h"
#include "client_profile_file.h"
#include "client_profile_pool.h"
#include "client_profile_told.h"
#include "comparison_json.h"
#include "comparison_text.h"
#include "crew.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Series in memory at a time, at most, and for each core; a year of buckets takes 4 MB. */
#define BATCH	       64
#define BATCH_PER_CORE 2

/* What is made beside the answers of the single series. */
struct results {
	json_t *list;
	struct comparison comparison;
	struct client_profile *profile;	  /* read; NULL for none */
	struct client_profile_pool *pool; /* to be written; NULL for none */
};

/* Several series that are analysed at a time. */
struct batch {
	struct series series[BATCH];
	struct analysis_job job[BATCH];
	size_t count;
};

static void free_batch(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		series_free(&batch->series[i]);
		free(batch->job[i].analysis);
	}
	batch->count = 0;
}

/* Loads series until the batch is full or one cannot be had, which is returned as a failure. */
static int load_batch(struct batch *batch, const struct analyze_request *request, size_t first,
		      struct failure *failure)
{
	size_t most = BATCH_PER_CORE * crew_cores();
	while (batch->count < BATCH && batch->count < most &&
	       first + batch->count < request->paths) {
		const char *path = request->path[first + batch->count];
		struct series *series = &batch->series[batch->count];
		struct analysis *analysis = malloc(sizeof *analysis);
		if (!analysis)
			return fail(failure, EXIT_FAILED, "%s: no memory", path);
		if (series_load(series, path, &request->series, failure) < 0) {
			free(analysis);
			return -1;
		}
		batch->job[batch->count++] =
			(struct analysis_job){.series = series, .analysis = analysis};
	}
	return 0;
}

/* A profile says nothing of another client's addresses. */
static int check_client(const struct analyze_request *request, const struct client_profile *profile,
			const struct series *series, struct failure *failure)
{
	if (!series->client[0] || strcasecmp(series->client, profile->client) == 0)
		return 0;
	return fail(failure, EXIT_WRONG_USE,
		    "%s: a profile of %s, and %s was of %s: give the profile of that client, or "
		    "none",
		    request->profile_path, profile->client, series->name, series->client);
}

static int add_to_list(const struct results *results, const struct analysis *analysis,
		       struct failure *failure)
{
	json_t *object = analysis_to_json(analysis);
	if (object && results->profile &&
	    json_object_set_new(json_object_get(object, "derived"), "profile",
				client_profile_to_json(results->profile, analysis)) < 0) {
		json_decref(object);
		object = NULL;
	}
	if (!object || json_array_append_new(results->list, object) < 0)
		return fail(failure, EXIT_FAILED, "%s: no memory for its JSON",
			    analysis->series->name);
	return 0;
}

static void print_text(const struct analyze_request *request, const struct results *results,
		       const struct analysis *analysis)
{
	if (request->phases_only) {
		analysis_print_phases(analysis, request->language, stdout);
		return;
	}
	analysis_print(analysis, request->language, stdout);
	if (results->profile)
		client_profile_print(results->profile, analysis, request->language, stdout);
}

/* Prints an analysis as text, or adds it to the list; and to what is made of several. */
static int tell(const struct analyze_request *request, const struct analysis_job *job, bool first,
		struct results *results, struct failure *failure)
{
	if (job->result < 0) {
		*failure = job->failure;
		return -1;
	}
	if (results->profile && check_client(request, results->profile, job->series, failure) < 0)
		return -1;
	if (results->pool && client_profile_pool_add(results->pool, job->analysis, failure) < 0)
		return -1;
	comparison_add(&results->comparison, job->analysis);
	if (request->json)
		return add_to_list(results, job->analysis, failure);
	if (request->compare_only)
		return 0;
	if (!first)
		putchar('\n');
	print_text(request, results, job->analysis);
	return 0;
}

static int analyse_paths(const struct analyze_request *request, struct results *results,
			 struct failure *failure)
{
	struct batch *batch = calloc(1, sizeof *batch);
	int result = batch ? 0 : fail(failure, EXIT_FAILED, "no memory");
	for (size_t done = 0; done < request->paths && result == 0;) {
		struct failure unread = {.status = EXIT_DONE};
		int loaded = load_batch(batch, request, done, &unread);
		size_t count = batch->count;
		analysis_run_all(batch->job, count, &request->analysis);
		for (size_t i = 0; i < count && result == 0; i++)
			result = tell(request, &batch->job[i], done + i == 0, results, failure);
		free_batch(batch);
		if (result == 0 && loaded < 0) {
			*failure = unread;
			result = -1;
		}
		done += count;
	}
	free(batch);
	return result;
}

/* Reads the profile that is asked for, and makes room for the one to be written. */
static int begin_results(struct results *results, const struct analyze_request *request,
			 struct failure *failure)
{
	*results = (struct results){.list = json_array()};
	if (comparison_begin(&results->comparison, request->paths, failure) < 0)
		return -1;
	if (request->write_profile_path)
		results->pool = client_profile_pool_new();
	if (request->profile_path)
		results->profile = malloc(sizeof *results->profile);
	if (!results->list || (request->write_profile_path && !results->pool) ||
	    (request->profile_path && !results->profile))
		return fail(failure, EXIT_FAILED, "no memory");
	if (request->profile_path)
		return client_profile_read(results->profile, request->profile_path, failure);
	return 0;
}

static void free_results(struct results *results)
{
	json_decref(results->list);
	comparison_free(&results->comparison);
	client_profile_pool_free(results->pool);
	free(results->profile);
}

static int write_profile(const struct analyze_request *request, const struct results *results,
			 struct failure *failure)
{
	struct client_profile *profile = malloc(sizeof *profile);
	if (!profile)
		return fail(failure, EXIT_FAILED, "no memory for a profile");
	int result = client_profile_pool_finish(results->pool, profile, failure);
	if (result == 0) {
		snprintf(profile->origin, sizeof profile->origin, "%s",
			 request->origin ? request->origin : "");
		result = client_profile_write(profile, request->write_profile_path, failure);
	}
	free(profile);
	return result;
}

/* The object of a single series, the array of several, or with --compare an object of both. */
static int print_json(const struct results *results, const struct analyze_request *request,
		      struct failure *failure)
{
	json_t *list = results->list;
	json_t *both = NULL;
	const json_t *root = request->paths == 1 ? json_array_get(list, 0) : list;
	if (request->compare_only) {
		both = json_pack("{s:O, s:o}", "series", list, "comparison",
				 comparison_to_json(&results->comparison));
		if (!both)
			return fail(failure, EXIT_FAILED, "no memory for the JSON");
		root = both;
	}
	int written = json_dumpf(root, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
	json_decref(both);
	if (written < 0 || putchar('\n') == EOF)
		return fail(failure, EXIT_FAILED, "standard output: %s", strerror(errno));
	return 0;
}

static int run(int argc, char **argv)
{
	struct analyze_request request;
	struct failure failure = {.status = EXIT_DONE};
	bool stop;
	int status = analyze_request_read(&request, argc, argv, &stop);
	if (stop)
		return status;
	struct results results;
	int result = begin_results(&results, &request, &failure);
	if (result == 0)
		result = analyse_paths(&request, &results, &failure);
	if (result == 0 && results.pool)
		result = write_profile(&request, &results, &failure);
	if (result == 0)
		result = comparison_finish(&results.comparison, &failure);
	if (result == 0 && request.json)
		result = print_json(&results, &request, &failure);
	else if (result == 0 && request.paths > 1 && !request.phases_only) {
		if (!request.compare_only)
			putchar('\n');
		comparison_print(&results.comparison, request.language, stdout);
	}
	free_results(&results);
	if (result == 0 && (fflush(stdout) == EOF || ferror(stdout)))
		result = fail(&failure, EXIT_FAILED, "standard output: %s", strerror(errno));
	return result == 0 ? EXIT_DONE : failure_report(&failure);
}

static const struct verb_option options[] = {
	{"json", NULL, "print JSON: one object, or an array for several series", 0},
	{"phases", NULL, "print only the table of phases, in words", 0},
	{"compare", NULL,
	 "several series: print only how they compare; in JSON, an object of series and comparison",
	 0},
	{"lang", "en|ja", "language of the text (en)", 0},
	{"retired", "TIME", "when the client stopped (ISO 8601 or Unix seconds)", 0},
	{"baseline", "SYN/SECONDS[/OTHER]",
	 "SYNs counted on the port (and on other ports) before the experiment", 0},
	{"background", "steady|other-ports",
	 "whether the background is steady, or drifts as the SYNs to other ports do", 0},
	{"waves", "none|daily|weekly",
	 "also fit calls that follow the hours of the day, or of the day and the week", 0},
	{"count", "syn|attempts", "what to analyse; attempts leave retransmissions out", 0},
	{"profile", "FILE",
	 "a client's profile: what other records of the client say, beside each forecast", 0},
	{"write-profile", "FILE", "write what the series, all of one client, say of that client",
	 0},
	{"origin", "TEXT", "what the records of a written profile are, in words", 0},
	{"family", "LIST",
	 "decay families to fit, of const,exp,biexp,weibull,omori,logistic,plateau_exp,"
	 "plateau_omori",
	 0},
	{"likelihood", "LIST", "likelihoods to fit under, of poisson,nb1,nb2", 0},
	{NULL, NULL, NULL, 0},
};

const struct verb analyze_verb = {
	.name = "analyze",
	.summary = "fit the decay of a series and tell its phases",
	.synopsis =
		"[--json] [--lang en|ja] [--retired TIME] [--baseline SYN/SECONDS[/OTHER]] "
		"[--background steady|other-ports] [--waves none|daily|weekly] "
		"[--count syn|attempts] [--profile FILE] [--write-profile FILE [--origin TEXT]] "
		"[--family LIST] [--likelihood LIST] SERIES...",
	.description =
		"Fits how the calls to a retired node die away, chooses a shape by BIC, divides "
		"the record into phases and says what is still to be expected.\n\n"
		"A SERIES is a target directory (STATE/NAME), an .rrd of the observatory, or a "
		"CSV whose first line names the columns bucket_start_unix, syn and "
		"observed_seconds, as 'stalenode dump' prints it. Buckets that are absent or "
		"were observed for 0 seconds are unknown and are no evidence.\n\n"
		"Without --retired the time comes from STATE/targets, else the first bucket "
		"counts as the retirement. The background is fitted with the decay; a count "
		"from before the experiment (--baseline) holds it in place; other ports tell how "
		"it drifts (--background other-ports, needs a target directory or a column "
		"other_syn), relative to their own rate before the experiment if OTHER is "
		"given.\n\n"
		"Several series are compared, aligned on hours since retirement, those of one "
		"client "
		"pooled: whether one is slower than another, with the interval of the ratio of the "
		"hours until one call a day is left.\n\n"
		"With --waves the calls may follow the hours of the day, and the days of the "
		"week; whether they do is decided by BIC.\n\n"
		"A record of hours, or of less than 30 attempts, cannot tell how its calls will go "
		"on. With --profile the records of other addresses of the client do: the file "
		"(data/profiles/*.conf) holds the decay of each, and what it says stands by itself "
		"(derived.profile in JSON), never mixed into the fit. --write-profile makes such a "
		"file of target directories whose client is known.",
	.options = options,
	.example =
		"stalenode analyze STATE/winny\n"
		"stalenode analyze --compare STATE/skype STATE/winny STATE/share\n"
		"stalenode analyze --profile data/profiles/winny.conf --count attempts STATE/new\n"
		"stalenode analyze --json --retired 2008-02-20 --baseline 0/86400 winny.csv",
	.run = run,
};
