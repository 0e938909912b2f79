/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report.h"

#include "country_database.h"
#include "figure.h"
#include "live_directory.h"
#include "page.h"
#include "report_files.h"

#include "../analysis/crew.h"
#include "../observer/base/timestamp.h"
#include "../observer/store/targets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REPORT_OPERANDS_MAX TARGETS_MAX
/* So many are in memory at a time, with all their buckets: those that one figure can compare. */
#define REPORT_BATCH FIGURE_TARGETS_MAX

struct report_options {
	const char *directory;
	bool show_sources;
	const char *countries; /* a database, or NULL */
	bool live;
	int every; /* seconds; 0: not told */
	enum language language;
	struct series_options series;
	const char *operand[REPORT_OPERANDS_MAX];
	size_t operands;
};

static int take_every(struct report_options *options, const char *value)
{
	char *end;
	long seconds = strtol(value, &end, 10);
	if (end == value || *end || seconds < LIVE_EVERY_SECONDS_MIN ||
	    seconds > LIVE_EVERY_SECONDS_MAX)
		return verb_wrong_use(&report_verb, "--every %s: give whole seconds from %d to %d",
				      value, LIVE_EVERY_SECONDS_MIN, LIVE_EVERY_SECONDS_MAX);
	options->every = (int)seconds;
	return EXIT_DONE;
}

static int take_option(void *context, const char *name, const char *value)
{
	struct report_options *options = context;
	if (strcmp(name, "out") == 0) {
		options->directory = value;
		return EXIT_DONE;
	}
	if (strcmp(name, "show-sources") == 0) {
		options->show_sources = true;
		return EXIT_DONE;
	}
	if (strcmp(name, "country") == 0) {
		options->countries = value;
		return EXIT_DONE;
	}
	if (strcmp(name, "live") == 0) {
		options->live = true;
		return EXIT_DONE;
	}
	if (strcmp(name, "every") == 0)
		return take_every(options, value);
	if (strcmp(name, "retired") == 0)
		return timestamp_parse(value, &options->series.retired)
			       ? EXIT_DONE
			       : verb_wrong_use(
					 &report_verb,
					 "--retired %s: give a time such as 2008-02-20T09:30Z",
					 value);
	return language_parse(value, &options->language)
		       ? EXIT_DONE
		       : verb_wrong_use(&report_verb, "--lang %s: give en or ja", value);
}

static int take_operand(void *context, const char *value)
{
	struct report_options *options = context;
	if (options->operands == REPORT_OPERANDS_MAX)
		return verb_wrong_use(&report_verb, "more than %d targets", REPORT_OPERANDS_MAX);
	options->operand[options->operands++] = value;
	return EXIT_DONE;
}

/* VERB_GO_ON, or the exit status to end with. */
static int read_arguments(struct report_options *options, int argc, char **argv)
{
	int status =
		verb_read_arguments(&report_verb, argc, argv, take_option, take_operand, options);
	if (status != VERB_GO_ON)
		return status;
	if (!options->directory)
		return verb_wrong_use(&report_verb, "where to? give --out DIR");
	if (options->operands == 0)
		return verb_wrong_use(&report_verb, "of what? name STATE or STATE/NAME");
	if (options->every > 0 && !options->live)
		return verb_wrong_use(&report_verb, "--every goes with --live");
	if (options->countries && !options->show_sources)
		return verb_wrong_use(&report_verb, "--country goes with --show-sources");
	return VERB_GO_ON;
}

/* Two targets of one name come from two state directories: the second one's files get "-2". */
static void make_slug_unique(struct report *report, size_t place)
{
	struct report_target *last = &report->target[place];
	size_t length = strlen(last->slug);
	for (size_t number = 2; number <= REPORT_OPERANDS_MAX + 1; number++) {
		bool taken = false;
		for (size_t i = 0; i < place && !taken; i++)
			taken = strcmp(report->target[i].slug, last->slug) == 0;
		if (!taken)
			return;
		snprintf(last->slug + length, sizeof last->slug - length, "-%zu", number);
	}
}

static int add_target(struct report *report, const char *path, struct failure *failure)
{
	if (report->targets == TARGETS_MAX)
		return fail(failure, EXIT_WRONG_USE, "more than %d targets in one report",
			    TARGETS_MAX);
	char *own = strdup(path);
	if (!own)
		return fail(failure, EXIT_FAILED, "out of memory for a report");
	report->target[report->targets++].path = own;
	return 0;
}

static void add_absent(struct report *report, const char *name, const char *reason)
{
	if (report->absents == TARGETS_MAX)
		return;
	struct report_absent *absent = &report->absent[report->absents++];
	snprintf(absent->name, sizeof absent->name, "%s", name);
	snprintf(absent->reason, sizeof absent->reason, "%s", reason);
}

static int add_state(struct report *report, const char *state, struct failure *failure)
{
	struct targets targets;
	int result = targets_read(&targets, state, failure);
	if (result != 0)
		return -1;
	for (size_t i = 0; i < targets.targets && result == 0; i++) {
		char path[4096];
		struct stat status;
		const char *name = targets.target[i].name;
		if ((size_t)snprintf(path, sizeof path, "%s/%s/ledger", state, name) >=
		    sizeof path) {
			result = fail(failure, EXIT_WRONG_USE, "%.100s...: the name is too long",
				      state);
		} else if (stat(path, &status) != 0) {
			add_absent(report, name,
				   SAY(report->language, "nothing was recorded of it", "記録なし"));
		} else if (!report_target_observed(path)) {
			add_absent(report, name,
				   SAY(report->language, "nothing of it was observed yet",
				       "まだ観測されていない"));
		} else {
			path[strlen(path) - strlen("/ledger")] = '\0';
			result = add_target(report, path, failure);
		}
	}
	targets_free(&targets);
	return result;
}

static int add_operand(struct report *report, const char *operand, struct failure *failure)
{
	char list[4200];
	struct stat status;
	snprintf(list, sizeof list, "%.4096s/targets", operand);
	if (stat(list, &status) == 0)
		return add_state(report, operand, failure);
	return add_target(report, operand, failure);
}

static int analyse(struct report_target *target, size_t targets, struct failure *failure)
{
	struct analysis_options fits;
	analysis_options_default(&fits);
	struct analysis_job *job = calloc(targets, sizeof *job);
	if (!job)
		return fail(failure, EXIT_FAILED, "out of memory for a report");
	for (size_t i = 0; i < targets; i++)
		job[i] = (struct analysis_job){.series = &target[i].series,
					       .analysis = &target[i].analysis};
	analysis_run_all(job, targets, &fits);
	int result = 0;
	for (size_t i = 0; i < targets && result == 0; i++)
		if (job[i].result != 0) {
			*failure = job[i].failure;
			result = -1;
		}
	free(job);
	return result;
}

/* Targets that are loaded side by side. */
struct loading {
	struct report_target *target;
	const struct series_options *options;
};

static int load(void *context, size_t number, struct failure *failure)
{
	const struct loading *loading = context;
	return report_target_load(&loading->target[number], loading->options, failure);
}

/* Loads, analyses and writes the targets from `first` on. */
static int write_batch(struct report *report, struct report_files *files, size_t first,
		       size_t targets, const struct series_options *options, struct geo *geo,
		       struct failure *failure)
{
	struct loading loading = {&report->target[first], options};
	if (crew_run(load, &loading, targets, NULL, NULL, failure) != 0)
		return -1;
	for (size_t i = first; i < first + targets; i++) {
		struct report_target *target = &report->target[i];
		make_slug_unique(report, i);
		if (report->show_sources && target->facts.from_ledger &&
		    busiest_sources_read(&target->busiest, target->path, target->series.retired,
					 geo, failure) != 0)
			return -1;
	}
	/* Once something can be loaded, and before what takes long. */
	if (first == 0 && report_files_make_places(files->directory, failure) != 0)
		return -1;
	if (analyse(&report->target[first], targets, failure) != 0 ||
	    report_files_add(files, first, targets, failure) != 0)
		return -1;
	for (size_t i = first; i < first + targets && report->targets > REPORT_BATCH; i++)
		report_target_forget(&report->target[i]);
	return 0;
}

static int write_targets(struct report *report, const struct series_options *options,
			 const char *directory, struct geo *geo, struct failure *failure)
{
	struct report_files files;
	int result = report_files_begin(&files, report, directory, failure);
	for (size_t first = 0; first < report->targets && result == 0; first += REPORT_BATCH) {
		size_t left = report->targets - first;
		result = write_batch(report, &files, first,
				     left < REPORT_BATCH ? left : REPORT_BATCH, options, geo,
				     failure);
	}
	if (result == 0)
		result = report_files_finish(&files, failure);
	report_files_end(&files);
	return result;
}

static int make_report(struct report *report, const struct report_options *options,
		       const char *directory, struct failure *failure)
{
	report->target = calloc(TARGETS_MAX, sizeof *report->target);
	report->absent = calloc(TARGETS_MAX, sizeof *report->absent);
	if (!report->target || !report->absent)
		return fail(failure, EXIT_FAILED, "out of memory for a report");
	for (size_t i = 0; i < options->operands; i++)
		if (add_operand(report, options->operand[i], failure) != 0)
			return -1;
	if (report->targets == 0)
		return fail(failure, EXIT_FAILED,
			    "%s: nothing was recorded of any target yet: observe or import first",
			    options->operand[0]);
	if (chart_code_read(&report->chart, NULL, failure) != 0 ||
	    gnuplot_check_font(report->language, failure) != 0)
		return -1;
	struct country_database countries;
	int result = country_database_open(&countries, options->countries, failure);
	if (result == 0)
		result = write_targets(report, &options->series, directory, countries.geo, failure);
	country_database_close(&countries);
	return result;
}

/* As a whole into the place of what is there, which stays as it is until then. */
static int make_live_report(struct report *report, const struct report_options *options,
			    struct failure *failure)
{
	struct live_directory live;
	report->live = (struct live){timestamp_now(),
				     options->every > 0 ? options->every : LIVE_EVERY_SECONDS};
	if (live_directory_begin(&live, options->directory, failure) != 0)
		return -1;
	int result = make_report(report, options, live.fresh, failure);
	if (result == 0)
		result = live_directory_publish(&live, failure);
	live_directory_end(&live);
	return result;
}

static int run(int argc, char **argv)
{
	struct report_options options = {.series.retired = TIME_UNKNOWN};
	int status = read_arguments(&options, argc, argv);
	if (status != VERB_GO_ON)
		return status;
	struct failure failure = {0};
	struct report report = {.show_sources = options.show_sources, .language = options.language};
	int result = options.live ? make_live_report(&report, &options, &failure)
				  : make_report(&report, &options, options.directory, &failure);
	for (size_t i = 0; i < report.targets; i++)
		report_target_free(&report.target[i]);
	free(report.target);
	free(report.absent);
	chart_code_free(&report.chart);
	if (result != 0)
		return failure_report(&failure);
	printf("%s/index.html\n", options.directory);
	return EXIT_DONE;
}

static const struct verb_option verb_options[] = {
	{"out", "DIR", "the directory to write; made when absent", 'o'},
	{"show-sources", NULL, "print addresses and the busiest sources, withheld otherwise", 0},
	{"country", "FILE", "with --show-sources: their countries, by this database (.mmdb)", 0},
	{"retired", "TIME", "when the clients were stopped, where the store does not know", 0},
	{"live", NULL, "replace DIR as a whole, by a page that renews itself", 0},
	{"every", "SECONDS", "with --live: how often it is made anew (300)", 0},
	{"lang", "LANG", "language of the page and its figures: en or ja", 0},
	{0},
};

const struct verb report_verb = {
	.name = "report",
	.summary = "write a page with figures, tables and the data behind them",
	.synopsis = "--out DIR [OPTION...] STATE|STATE/NAME|FILE.rrd|FILE.csv...",
	.description =
		"Writes a directory that opens from disk and asks nothing of a network: "
		"DIR/index.html, its figures as SVG, PNG, PDF and CSV in DIR/figures, the buckets "
		"as CSV and the analysis as JSON in DIR/data. A state directory stands for all its "
		"targets.\n\n"
		"Reports are handed on, so addresses are withheld unless --show-sources is "
		"given: then those of the targets are printed, and a table of the busiest sources "
		"of each, "
		"by the evidence that is kept. Names, clients and ports are always printed. The "
		"same record gives the same "
		"bytes. The page's path is printed on standard output.\n\n"
		"With --live, for a timer (stalenode-report.timer) and any static web server, the "
		"new report is made beside DIR, in DIR.new, and exchanged with it in one step: at "
		"any time DIR is the whole old one or the whole new one, whatever is killed when. "
		"DIR must be new, empty or of an earlier --live. DIR.lock keeps two from making it "
		"at a time. The page says when it was made and which records have fallen behind, "
		"loads itself again, and tells when nobody renews it any more.",
	.options = verb_options,
	.example = "stalenode report --out out/report state\n"
		   "stalenode report --out winny state/winny\n"
		   "stalenode report --live --out /srv/www/stalenode /var/lib/stalenode",
	.run = run,
};
