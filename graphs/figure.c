/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figure.h"

#include "../observer/base/whole_file.h"

#include <stdlib.h>
#include <string.h>

static const struct figure *const figures[] = {
	&decay_figure,	 &window_figure, &loglog_figure,    &survival_figure, &background_figure,
	&compare_figure, &ports_figure,	 &countries_figure, &mechanism_figure};

const struct figure *figure_at(size_t place)
{
	return place < sizeof figures / sizeof figures[0] ? figures[place] : NULL;
}

const struct figure *figure_find(const char *name)
{
	const struct figure *figure;
	for (size_t i = 0; (figure = figure_at(i)); i++)
		if (strcmp(figure->name, name) == 0)
			return figure;
	return NULL;
}

static int check_request(const struct figure *figure, const struct figure_request *request,
			 struct failure *failure)
{
	if (figure->source == FIGURE_FROM_NOTHING && request->analyses > 0)
		return fail(failure, EXIT_WRONG_USE, "the figure '%s' is of no target: name none",
			    figure->name);
	if (figure->source == FIGURE_FROM_NOTHING)
		return 0;
	size_t least = figure->targets_min ? figure->targets_min : 1;
	if (request->analyses < least || request->analyses > figure->targets_max)
		return fail(failure, EXIT_WRONG_USE,
			    "the figure '%s' shows at least %zu and at most %zu targets, not %zu",
			    figure->name, least, figure->targets_max, request->analyses);
	if (!(request->days == 0 || (request->days > 0 && request->days <= figure->days_max)))
		return fail(failure, EXIT_WRONG_USE, "the figure '%s' shows up to %g days, not %g",
			    figure->name, figure->days_max, request->days);
	return 0;
}

/* What the stream writes becomes the caller's bytes. */
struct memory {
	FILE *stream;
	char *bytes;
	size_t length;
};

static int memory_open(struct memory *memory, struct failure *failure)
{
	*memory = (struct memory){0};
	memory->stream = open_memstream(&memory->bytes, &memory->length);
	return memory->stream ? 0 : fail(failure, EXIT_FAILED, "out of memory for a figure");
}

static int memory_close(struct memory *memory, struct failure *failure)
{
	int failed = ferror(memory->stream);
	if (fclose(memory->stream) == 0 && !failed)
		return 0;
	free(memory->bytes);
	memory->bytes = NULL;
	return fail(failure, EXIT_FAILED, "out of memory for a figure");
}

static void write_layers(const struct figure *figure, const struct layers *layers,
			 const struct figure_request *request, FILE *csv)
{
	bool attempts = request->analysis[0].series->counts_attempts;
	const char *target[FIGURE_TARGETS_MAX];
	for (size_t i = 0; i < request->analyses; i++)
		target[i] = request->analysis[i].series->name;
	struct layer_names names = {
		.value = figure->value ? figure->value
			 : attempts    ? "attempts_per_5min"
				       : "syn_per_5min",
		.count = attempts ? "attempts" : "syn",
		.target = figure->targets_max > 1 ? target : NULL,
	};
	layers_write_csv(layers, &names, csv);
}

static int render_csv(const struct figure *figure, const struct layers *layers,
		      const struct figure_request *request, struct figure_file *file,
		      struct failure *failure)
{
	struct memory csv;
	if (memory_open(&csv, failure) != 0)
		return -1;
	if (figure->write_csv)
		figure->write_csv(csv.stream, request);
	else
		write_layers(figure, layers, request, csv.stream);
	if (memory_close(&csv, failure) != 0)
		return -1;
	*file = (struct figure_file){csv.bytes, csv.length};
	return 0;
}

static int render_drawings(const struct figure *figure, const struct layers *layers,
			   const struct figure_request *request, unsigned formats,
			   struct figure_file file[FORMATS_DRAWN], struct failure *failure)
{
	struct memory script;
	if (memory_open(&script, failure) != 0)
		return -1;
	figure->draw(script.stream, layers, request);
	if (memory_close(&script, failure) != 0)
		return -1;
	struct figure_description description = {0};
	figure->describe(&description, request);
	description.dpi = request->dpi;
	int result =
		gnuplot_draw(script.bytes, script.length, formats, &description, file, failure);
	free(script.bytes);
	return result;
}

static void free_files(struct figure_file file[FORMATS])
{
	for (int format = 0; format < FORMATS; format++)
		free(file[format].bytes);
	memset(file, 0, FORMATS * sizeof *file);
}

/* The figure is computed once for all formats of the set; without any it is computed all the
 * same. */
static int render(const struct figure *figure, const struct figure_request *request,
		  unsigned formats, struct figure_file file[FORMATS], struct failure *failure)
{
	memset(file, 0, FORMATS * sizeof *file);
	if (check_request(figure, request, failure) != 0)
		return -1;
	struct layers layers = {0};
	int result = figure->check ? figure->check(request, failure)
				   : figure->compute(&layers, request, failure);
	if (result == 0 && formats & FORMAT_BIT(FORMAT_CSV))
		result = render_csv(figure, &layers, request, &file[FORMAT_CSV], failure);
	unsigned drawn = formats & ~FORMAT_BIT(FORMAT_CSV);
	if (result == 0 && drawn)
		result = render_drawings(figure, &layers, request, drawn, file, failure);
	layers_free(&layers);
	if (result != 0)
		free_files(file);
	return result;
}

int figure_render(const struct figure *figure, const struct figure_request *request,
		  enum figure_format format, char **bytes, size_t *length, struct failure *failure)
{
	struct figure_file file[FORMATS];
	if (render(figure, request, FORMAT_BIT(format), file, failure) != 0)
		return -1;
	*bytes = file[format].bytes;
	*length = file[format].length;
	return 0;
}

const char *figure_suffix(enum figure_format format)
{
	static const char *const suffix[FORMATS] = {".svg", ".png", ".pdf", ".csv"};
	return suffix[format];
}

static int write_file(const struct figure_file *bytes, const char *path, struct failure *failure)
{
	struct whole_file file;
	if (whole_file_open(&file, path, failure) != 0)
		return -1;
	fwrite(bytes->bytes, 1, bytes->length, file.stream);
	return whole_file_close(&file, failure);
}

int figure_write(const struct figure *figure, const struct figure_request *request,
		 unsigned formats, const char *path, struct failure *failure)
{
	struct figure_file file[FORMATS];
	if (render(figure, request, formats, file, failure) != 0)
		return -1;
	int result = 0;
	for (int format = 0; format < FORMATS && result == 0; format++) {
		char whole[4096];
		if (!(formats & FORMAT_BIT(format)))
			continue;
		int length = snprintf(whole, sizeof whole, "%s%s", path,
				      figure_suffix((enum figure_format)format));
		result = length < (int)sizeof whole
				 ? write_file(&file[format], whole, failure)
				 : fail(failure, EXIT_WRONG_USE,
					"%.100s...: the name of the figure is too long", path);
	}
	free_files(file);
	return result;
}
