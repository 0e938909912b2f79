/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph.h"

#include "census_record.h"
#include "figure.h"

#include "../observer/base/timestamp.h"
#include "../observer/target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct graph_options {
	const struct figure *figure;
	char path[4096]; /* of the result, without its suffix */
	enum figure_format format;
	double days;
	enum time_scale scale;
	enum language language;
	double dpi;
	struct series_options series;
	const char *operand[FIGURE_TARGETS_MAX];
	size_t operands;
};

/* The format by the end of the file's name, and the name before it. */
static int take_path(struct graph_options *options, const char *path)
{
	size_t length = strlen(path), before = length > 4 ? length - 4 : length;
	for (int i = 0; i < FORMATS; i++)
		if (strcmp(path + before, figure_suffix((enum figure_format)i)) == 0) {
			options->format = (enum figure_format)i;
			snprintf(options->path, sizeof options->path, "%.*s", (int)before, path);
			return length < sizeof options->path
				       ? EXIT_DONE
				       : verb_wrong_use(&graph_verb,
							"--out %.40s...: the name is too long",
							path);
		}
	return verb_wrong_use(&graph_verb,
			      "--out %s: its name must end in .svg, .png, .pdf or .csv", path);
}

static int wrong_figure(const char *name)
{
	char known[512] = "";
	const struct figure *figure;
	for (size_t i = 0; (figure = figure_at(i)); i++) {
		size_t used = strlen(known);
		snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", figure->name);
	}
	return verb_wrong_use(&graph_verb, "unknown figure '%s'; there are: %s", name, known);
}

static int take_option(void *context, const char *name, const char *value)
{
	struct graph_options *options = context;
	if (strcmp(name, "figure") == 0) {
		options->figure = figure_find(value);
		return options->figure ? EXIT_DONE : wrong_figure(value);
	}
	if (strcmp(name, "out") == 0)
		return take_path(options, value);
	if (strcmp(name, "days") == 0) {
		char *end;
		options->days = strtod(value, &end);
		return *end == '\0' && end != value && isfinite(options->days) && options->days > 0
			       ? EXIT_DONE
			       : verb_wrong_use(&graph_verb, "--days %s: give a number above 0",
						value);
	}
	if (strcmp(name, "axis") == 0) {
		static const char *const axis[] = {"root", "linear", "log"};
		for (size_t i = 0; i < sizeof axis / sizeof axis[0]; i++)
			if (strcmp(value, axis[i]) == 0) {
				options->scale = (enum time_scale)i;
				return EXIT_DONE;
			}
		return verb_wrong_use(&graph_verb, "--axis %s: give 'root', 'linear' or 'log'",
				      value);
	}
	if (strcmp(name, "count") == 0) {
		options->series.count_attempts = strcmp(value, "attempts") == 0;
		return options->series.count_attempts || strcmp(value, "syn") == 0
			       ? EXIT_DONE
			       : verb_wrong_use(&graph_verb, "--count %s: give 'syn' or 'attempts'",
						value);
	}
	if (strcmp(name, "retired") == 0)
		return timestamp_parse(value, &options->series.retired)
			       ? EXIT_DONE
			       : verb_wrong_use(&graph_verb,
						"--retired %s: give a time such as "
						"2008-02-20T09:30Z",
						value);
	if (strcmp(name, "dpi") == 0) {
		options->dpi = strtod(value, NULL);
		return options->dpi >= 50 && options->dpi <= FIGURE_DPI_MAX
			       ? EXIT_DONE
			       : verb_wrong_use(&graph_verb,
						"--dpi %s: give a number from 50 to %d", value,
						FIGURE_DPI_MAX);
	}
	return language_parse(value, &options->language)
		       ? EXIT_DONE
		       : verb_wrong_use(&graph_verb, "--lang %s: give 'en' or 'ja'", value);
}

static int take_operand(void *context, const char *value)
{
	struct graph_options *options = context;
	if (options->operands == FIGURE_TARGETS_MAX)
		return verb_wrong_use(&graph_verb, "more than %d targets", FIGURE_TARGETS_MAX);
	options->operand[options->operands++] = value;
	return EXIT_DONE;
}

/* VERB_GO_ON, or the exit status to end with. */
static int read_arguments(struct graph_options *options, int argc, char **argv)
{
	int status =
		verb_read_arguments(&graph_verb, argc, argv, take_option, take_operand, options);
	if (status != VERB_GO_ON)
		return status;
	if (!options->figure)
		return verb_wrong_use(&graph_verb, "which figure? give --figure NAME");
	if (!options->path[0])
		return verb_wrong_use(&graph_verb, "where to? give --out FILE");
	if (options->operands == 0 && options->figure->source != FIGURE_FROM_NOTHING)
		return verb_wrong_use(&graph_verb, "of what? name STATE/NAME, an .rrd or a .csv");
	return VERB_GO_ON;
}

static int draw_loaded(const struct graph_options *options, const struct series *series,
		       struct analysis *analysis, struct failure *failure)
{
	struct analysis_options fits;
	analysis_options_default(&fits);
	const struct series *counted[FIGURE_TARGETS_MAX];
	for (size_t i = 0; i < options->operands; i++) {
		analysis[i].series = counted[i] = &series[i];
		if (options->figure->source == FIGURE_FROM_FITS &&
		    analysis_run(&analysis[i], &series[i], &fits, failure) != 0)
			return -1;
	}
	if (options->format != FORMAT_CSV && gnuplot_check_font(options->language, failure) != 0)
		return -1;
	struct census_record census = {0};
	const struct figure_order order = {options->figure,
					   {.analysis = analysis,
					    .analyses = options->operands,
					    .days = options->days,
					    .scale = options->scale,
					    .language = options->language,
					    .dpi = options->dpi,
					    .census = &census},
					   options->path};
	if (options->figure->source == FIGURE_FROM_CENSUS &&
	    census_record_load(&census, options->operand, counted, options->operands, failure) != 0)
		return -1;
	int result = figure_write(&order, 1, FORMAT_BIT(options->format), failure);
	census_record_free(&census);
	return result;
}

static int run(int argc, char **argv)
{
	struct graph_options options = {.series.retired = TIME_UNKNOWN};
	int status = read_arguments(&options, argc, argv);
	if (status != VERB_GO_ON)
		return status;
	struct failure failure = {0};
	struct series *series = calloc(options.operands + 1, sizeof *series);
	struct analysis *analysis = calloc(options.operands + 1, sizeof *analysis);
	size_t loaded = 0;
	int result = 0;
	if (!series || !analysis)
		result = fail(&failure, EXIT_FAILED, "out of memory for %zu targets",
			      options.operands);
	while (result == 0 && loaded < options.operands) {
		result = series_load(&series[loaded], options.operand[loaded], &options.series,
				     &failure);
		loaded += result == 0;
	}
	if (result == 0)
		result = draw_loaded(&options, series, analysis, &failure);
	for (size_t i = 0; i < loaded; i++)
		series_free(&series[i]);
	free(series);
	free(analysis);
	return result == 0 ? EXIT_DONE : failure_report(&failure);
}

static const struct verb_option verb_options[] = {
	{"figure", "NAME", "one of those below", 'f'},
	{"out", "FILE", "where to; the name's end says what: .svg, .png, .pdf or .csv", 'o'},
	{"days", "N", "length of the time axis (decay: the record's; window: 3, at most 31)", 0},
	{"axis", "KIND", "time axis of decay: root (square root, the default), linear or log", 0},
	{"count", "WHAT", "what is counted: syn (the default) or attempts", 0},
	{"retired", "TIME", "when the client was stopped, where the store does not know", 0},
	{"lang", "LANG", "language of the words in the figure: en (the default) or ja", 0},
	{"dpi", "N", "dots per inch of a PNG: 200, or 50 to 1200", 0},
	{0},
};

const struct verb graph_verb = {
	.name = "graph",
	.summary = "draw one figure of a target as SVG, PNG, PDF or CSV",
	.synopsis = "--figure NAME --out FILE [OPTION...] STATE/NAME|FILE.rrd|FILE.csv",
	.description =
		"Draws a figure of what still arrived at a retired node. 'decay' shows the whole "
		"record on a logarithmic axis: means of 5-minute buckets with 95 % intervals, the "
		"phases, the best fit, the last SYN; stretches without a SYN stand in a row of "
		"their own, and time that was not observed is hatched. 'loglog' has the time on a "
		"logarithmic axis too. 'window' shows the first three days, every bucket as it was "
		"counted. 'survival' shows the share of all that was still to come, and the "
		"pauses. "
		"'background' compares the port with the other ports of the address. 'compare' "
		"aligns 2 to 16 targets on their retirement, up to four with their best fits. "
		"'ports' (packets per day by destination port) and 'countries' (sources by country "
		"and provider) draw the census of 1 to 16 targets. 'mechanism' explains, of no "
		"target, how a recycled address inherits calls.\n\n"
		"Figures are 170 mm wide for print, in colours that also read in grey and with "
		"common colour-blindness. The same record gives the same bytes. A CSV holds the "
		"very numbers that would be drawn. Drawing needs gnuplot 5.4 (gnuplot-nox) and the "
		"font DejaVu Sans (fonts-dejavu-core), in Japanese also a Japanese font "
		"(fonts-ipaexfont-gothic).",
	.options = verb_options,
	.example = "stalenode graph --figure decay --out winny.svg state/winny\n"
		   "stalenode graph --figure window --days 7 --out share.pdf state/share\n"
		   "stalenode graph --figure compare --lang ja --dpi 300 --out all.png state/winny "
		   "state/share",
	.run = run,
};
