/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_files.h"

#include "comparison_section.h"
#include "figure.h"
#include "page.h"
#include "target_figures.h"
#include "target_section.h"

#include "../analysis/analysis_json.h"
#include "../analysis/crew.h"
#include "../observer/base/decimal.h"
#include "../observer/base/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int join(char path[4096], const char *directory, const char *below, const char *slug,
		const char *rest, struct failure *failure)
{
	int length = snprintf(path, 4096, "%s/%s%s%s", directory, below, slug, rest);
	if (length < 0 || length >= 4096)
		return fail(failure, EXIT_WRONG_USE, "%.100s...: the directory name is too long",
			    directory);
	return 0;
}

/* What is drawn together: the figures of one target, or one that is of no target or of all. */
struct sheet {
	struct figure_order order[TARGET_FIGURES];
	char path[TARGET_FIGURES][4096];
	size_t figures;
	const struct report_target *target; /* whose data are written too; NULL for none */
};

struct sheets {
	const char *directory;
	struct analysis *compared;
	struct sheet *sheet;
	size_t count;
};

static int add_figure(struct sheet *sheet, const char *directory, const struct figure *figure,
		      const char *file, struct figure_request request, struct failure *failure)
{
	char *path = sheet->path[sheet->figures];
	sheet->order[sheet->figures++] = (struct figure_order){figure, request, path};
	return join(path, directory, "figures/", file, "", failure);
}

static int add_alone(struct sheets *sheets, const struct figure *figure,
		     struct figure_request request, struct failure *failure)
{
	return add_figure(&sheets->sheet[sheets->count++], sheets->directory, figure, figure->name,
			  request, failure);
}

static int add_target(struct sheets *sheets, const struct report_target *target,
		      enum language language, struct failure *failure)
{
	struct sheet *sheet = &sheets->sheet[sheets->count++];
	int result = 0;
	sheet->target = target;
	for (int i = 0; i < TARGET_FIGURES && result == 0; i++) {
		enum target_figure which = (enum target_figure)i;
		char file[128];
		if (target_has_figure(target, which))
			result = add_figure(sheet, sheets->directory, target_figure(which),
					    target_figure_file(target, which, file),
					    target_figure_request(target, language), failure);
	}
	return result;
}

static int list_sheets(struct sheets *sheets, const struct report_files *files, size_t first,
		       size_t targets, struct failure *failure)
{
	const struct report *report = files->report;
	enum language language = report->language;
	*sheets = (struct sheets){.directory = files->directory,
				  .compared = report_compared(report),
				  .sheet = calloc(targets + 2, sizeof(struct sheet))};
	if (!sheets->sheet || !sheets->compared)
		return fail(failure, EXIT_FAILED, "out of memory for the figures of a report");
	int result = 0;
	for (size_t i = first; i < first + targets && result == 0; i++)
		result = add_target(sheets, &report->target[i], language, failure);
	if (result == 0 && first == 0)
		result = add_alone(sheets, &mechanism_figure,
				   (struct figure_request){.language = language}, failure);
	if (result == 0 && report_has_comparison_figure(report))
		result = add_alone(sheets, &compare_figure,
				   (struct figure_request){.analysis = sheets->compared,
							   .analyses = report->targets,
							   .language = language},
				   failure);
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
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		char line[3 * (DECIMAL_SIZE + 1)];
		size_t length = decimal_format((uint64_t)row->start, line);
		line[length++] = ',';
		length += decimal_format(row->syn, line + length);
		line[length++] = ',';
		length += decimal_format(row->observed_seconds, line + length);
		line[length++] = '\n';
		fwrite(line, 1, length, file.stream);
	}
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

static int draw_sheet(void *context, size_t number, struct failure *failure)
{
	const struct sheets *sheets = context;
	const struct sheet *sheet = &sheets->sheet[number];
	if (sheet->target && (write_buckets(sheet->target, sheets->directory, failure) != 0 ||
			      write_analysis(sheet->target, sheets->directory, failure) != 0))
		return -1;
	return figure_write(sheet->order, sheet->figures, FORMATS_ALL, failure);
}

static int write_sheets(const struct report_files *files, size_t first, size_t targets,
			struct failure *failure)
{
	struct sheets sheets;
	int result = list_sheets(&sheets, files, first, targets, failure);
	if (result == 0) {
		struct progress progress;
		progress_begin(&progress, "report");
		result = crew_run(draw_sheet, &sheets, sheets.count, &progress, "targets drawn",
				  failure);
		progress_end(&progress);
	}
	free(sheets.sheet);
	free(sheets.compared);
	return result;
}

static int write_sections(struct report_files *files, size_t first, size_t targets,
			  struct failure *failure)
{
	const struct report *report = files->report;
	struct section_options options = {.show_sources = report->show_sources,
					  .first_figure = files->next_figure,
					  .language = report->language,
					  .charts = report->chart.script != NULL,
					  .targets = report->targets};
	for (size_t i = first; i < first + targets; i++) {
		if (target_section_write(files->sections, &report->target[i], &options, failure) !=
		    0)
			return -1;
		options.first_figure += target_figures_count(&report->target[i]);
		comparison_add(&files->comparison, &report->target[i].analysis);
	}
	files->next_figure = options.first_figure;
	return 0;
}

/* One that is there already may be another's: better said now than when all is computed. */
static int make_place(const char *path, struct failure *failure)
{
	if (make_directories(path, failure) != 0)
		return -1;
	if (access(path, W_OK | X_OK) == 0)
		return 0;
	return fail(failure, EXIT_FAILED, "%s: %s: name a directory that can be written", path,
		    strerror(errno));
}

int report_files_make_places(const char *directory, struct failure *failure)
{
	static const char *const below[] = {"figures", "data"};
	char path[4096];
	int result = make_place(directory, failure);
	for (size_t i = 0; i < sizeof below / sizeof below[0] && result == 0; i++)
		if (join(path, directory, below[i], "", "", failure) != 0 ||
		    make_place(path, failure) != 0)
			result = -1;
	return result;
}

int report_files_begin(struct report_files *files, const struct report *report,
		       const char *directory, struct failure *failure)
{
	*files = (struct report_files){.report = report, .directory = directory, .next_figure = 2};
	if (comparison_begin(&files->comparison, report->targets, failure) != 0)
		return -1;
	files->sections = open_memstream(&files->text, &files->length);
	return files->sections ? 0 : fail(failure, EXIT_FAILED, "out of memory for a report");
}

int report_files_add(struct report_files *files, size_t first, size_t targets,
		     struct failure *failure)
{
	return write_sheets(files, first, targets, failure) == 0
		       ? write_sections(files, first, targets, failure)
		       : -1;
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

/* The sections as they were written, and what belongs to all of them. */
static int write_main(FILE *page, struct report_files *files, struct failure *failure)
{
	const struct report *report = files->report;
	overview_write_opening(page, report);
	fwrite(files->text, 1, files->length, page);
	if ((report->chart.script && chart_write_words(page, report->language, failure) != 0) ||
	    comparison_section_write(page, report, &files->comparison, files->next_figure,
				     failure) != 0)
		return -1;
	overview_write_methods(page, report);
	fputs("</main>\n", page);
	return 0;
}

static int write_page(struct report_files *files, const char *script, struct failure *failure)
{
	const struct report *report = files->report;
	char path[4096];
	struct whole_file file;
	if (join(path, files->directory, "index.html", "", "", failure) != 0 ||
	    whole_file_open(&file, path, failure) != 0)
		return -1;
	page_begin(file.stream,
		   SAY(report->language, "What still arrived at retired P2P nodes",
		       "停止したP2Pノードに届き続けた通信"),
		   report->language, report->chart.style, script, report->live.every);
	if (write_main(file.stream, files, failure) != 0) {
		whole_file_abandon(&file);
		return -1;
	}
	page_end(file.stream, script);
	return whole_file_close(&file, failure);
}

int report_files_finish(struct report_files *files, struct failure *failure)
{
	char *script = page_script(files->report);
	bool failed = ferror(files->sections) || fflush(files->sections) != 0 || !script;
	int result = failed ? fail(failure, EXIT_FAILED, "out of memory for the page of a report")
			    : comparison_finish(&files->comparison, failure);
	if (result == 0)
		result = write_page(files, *script ? script : NULL, failure);
	free(script);
	return result;
}

void report_files_end(struct report_files *files)
{
	if (files->sections)
		fclose(files->sections);
	free(files->text);
	comparison_free(&files->comparison);
}
