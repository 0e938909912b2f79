/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_files.h"

#include "comparison_section.h"
#include "figure.h"
#include "page.h"
#include "target_figures.h"
#include "target_section.h"

#include "../analysis/analysis_json.h"
#include "../analysis/crew.h"
#include "../observer/base/whole_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int join(char path[4096], const char *directory, const char *below, const char *slug,
		const char *rest, struct failure *failure)
{
	int length = snprintf(path, 4096, "%s/%s%s%s", directory, below, slug, rest);
	if (length < 0 || length >= 4096)
		return fail(failure, EXIT_WRONG_USE, "%.100s...: the directory name is too long",
			    directory);
	return 0;
}

/* One figure, in every format. */
struct drawing {
	const struct figure *figure;
	struct figure_request request;
	char file[128]; /* figures/FILE.svg and so on */
};

struct drawings {
	const char *directory;
	struct analysis *compared;
	struct drawing *drawing;
	size_t count;
};

static void add_drawing(struct drawings *drawings, const struct figure *figure, const char *file,
			struct figure_request request)
{
	struct drawing *drawing = &drawings->drawing[drawings->count++];
	drawing->figure = figure;
	drawing->request = request;
	snprintf(drawing->file, sizeof drawing->file, "%s", file);
}

static void add_target_drawings(struct drawings *drawings, const struct report_target *target,
				enum language language)
{
	for (int i = 0; i < TARGET_FIGURES; i++) {
		enum target_figure which = (enum target_figure)i;
		char file[128];
		if (target_has_figure(target, which))
			add_drawing(drawings, target_figure(which),
				    target_figure_file(target, which, file),
				    target_figure_request(target, language));
	}
}

static int list_drawings(struct drawings *drawings, const struct report *report,
			 const char *directory, struct failure *failure)
{
	enum language language = report->language;
	*drawings = (struct drawings){
		.directory = directory,
		.compared = report_compared(report),
		.drawing = calloc(report->targets * TARGET_FIGURES + 2, sizeof(struct drawing))};
	if (!drawings->drawing || !drawings->compared)
		return fail(failure, EXIT_FAILED, "out of memory for the figures of a report");
	add_drawing(drawings, &mechanism_figure, mechanism_figure.name,
		    (struct figure_request){.language = language});
	for (size_t i = 0; i < report->targets; i++)
		add_target_drawings(drawings, &report->target[i], language);
	if (report_has_comparison_figure(report))
		add_drawing(drawings, &compare_figure, compare_figure.name,
			    (struct figure_request){.analysis = drawings->compared,
						    .analyses = report->targets,
						    .language = language});
	return 0;
}

static int draw(void *context, size_t number, struct failure *failure)
{
	const struct drawings *drawings = context;
	const struct drawing *drawing = &drawings->drawing[number];
	char path[4096];
	if (join(path, drawings->directory, "figures/", drawing->file, "", failure) != 0)
		return -1;
	return figure_write(drawing->figure, &drawing->request, FORMATS_ALL, path, failure);
}

static int write_figures(const struct report *report, const char *directory,
			 struct failure *failure)
{
	struct drawings drawings;
	int result = list_drawings(&drawings, report, directory, failure);
	if (result == 0) {
		struct progress progress;
		progress_begin(&progress, "report");
		result = crew_run(draw, &drawings, drawings.count, &progress, "figures", failure);
		progress_end(&progress);
	}
	free(drawings.drawing);
	free(drawings.compared);
	return result;
}

/* In the form that `stalenode analyze` reads. */
static int write_buckets(const struct report_target *target, const char *directory,
			 struct failure *failure)
{
	char path[4096];
	struct whole_file file;
	const struct series *series = &target->series;
	if (join(path, directory, "data/", target->slug, ".csv", failure) != 0 ||
	    whole_file_open(&file, path, failure) != 0)
		return -1;
	fputs("bucket_start_unix,syn,observed_seconds\n", file.stream);
	for (size_t i = series->first; i < series->rows; i++)
		fprintf(file.stream, "%" PRId64 ",%" PRIu32 ",%" PRIu32 "\n", series->row[i].start,
			series->row[i].syn, series->row[i].observed_seconds);
	return whole_file_close(&file, failure);
}

static int write_analysis(const struct report_target *target, const char *directory,
			  struct failure *failure)
{
	char path[4096];
	struct whole_file file;
	if (join(path, directory, "data/", target->slug, ".json", failure) != 0 ||
	    whole_file_open(&file, path, failure) != 0)
		return -1;
	json_t *json = analysis_to_json(&target->analysis);
	int written =
		json ? json_dumpf(json, file.stream, JSON_INDENT(1) | JSON_REAL_PRECISION(15)) : -1;
	json_decref(json);
	putc('\n', file.stream);
	if (written != 0) {
		whole_file_abandon(&file);
		return fail(failure, EXIT_FAILED, "%s: out of memory for the analysis", path);
	}
	return whole_file_close(&file, failure);
}

/* The sections of the targets, and the comparison below them. */
static int write_sections(FILE *page, const struct report *report, struct failure *failure)
{
	struct section_options options = {.show_sources = report->show_sources,
					  .first_figure = 2,
					  .language = report->language,
					  .charts = report->chart.script != NULL,
					  .targets = report->targets};
	for (size_t i = 0; i < report->targets; i++) {
		if (target_section_write(page, &report->target[i], &options, failure) != 0)
			return -1;
		options.first_figure += target_figures_count(&report->target[i]);
	}
	if (options.charts && chart_write_words(page, report->language, failure) != 0)
		return -1;
	return comparison_section_write(page, report, options.first_figure, failure);
}

/* What runs in the page, "" for nothing (malloc'd, the caller frees); NULL when there is no memory.
 * The age of a live page is told before the charts, which are longer and could fail. */
static char *page_script(const struct report *report)
{
	const char *live = report->live.every > 0 ? live_script() : "";
	const char *chart = report->chart.script ? report->chart.script : "";
	size_t length = strlen(live) + strlen(chart) + 1;
	char *script = malloc(length);
	if (script)
		snprintf(script, length, "%s%s", live, chart);
	return script;
}

static int write_page(const struct report *report, const char *directory, struct failure *failure)
{
	char path[4096];
	struct whole_file file;
	if (join(path, directory, "index.html", "", "", failure) != 0 ||
	    whole_file_open(&file, path, failure) != 0)
		return -1;
	char *script = page_script(report);
	if (!script) {
		whole_file_abandon(&file);
		return fail(failure, EXIT_FAILED, "out of memory for the page of a report");
	}
	page_begin(file.stream,
		   SAY(report->language, "What still arrived at retired P2P nodes",
		       "停止したP2Pノードに届き続けた通信"),
		   report->language, report->chart.style, *script ? script : NULL,
		   report->live.every);
	overview_write_opening(file.stream, report);
	if (write_sections(file.stream, report, failure) != 0) {
		free(script);
		whole_file_abandon(&file);
		return -1;
	}
	overview_write_methods(file.stream, report);
	fputs("</main>\n", file.stream);
	page_end(file.stream, *script ? script : NULL);
	free(script);
	return whole_file_close(&file, failure);
}

int report_files_write(const struct report *report, const char *directory, struct failure *failure)
{
	char path[4096];
	if (join(path, directory, "figures", "", "", failure) != 0 ||
	    make_directories(path, failure) != 0 ||
	    join(path, directory, "data", "", "", failure) != 0 ||
	    make_directories(path, failure) != 0)
		return -1;
	int result = write_figures(report, directory, failure);
	for (size_t i = 0; i < report->targets && result == 0; i++)
		if (write_buckets(&report->target[i], directory, failure) != 0 ||
		    write_analysis(&report->target[i], directory, failure) != 0)
			result = -1;
	return result == 0 ? write_page(report, directory, failure) : -1;
}
