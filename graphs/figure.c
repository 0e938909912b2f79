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

/* One figure on its way: what it computed, its script and its files. */
struct rendering {
	struct gnuplot_drawing drawing;
	char *script;
	struct figure_file csv;
};

static int write_script(struct rendering *rendering, const struct figure *figure,
			const struct layers *layers, const struct figure_request *request,
			struct failure *failure)
{
	struct memory script;
	if (memory_open(&script, failure) != 0)
		return -1;
	figure->draw(script.stream, layers, request);
	if (memory_close(&script, failure) != 0)
		return -1;
	rendering->script = script.bytes;
	rendering->drawing.script = script.bytes;
	rendering->drawing.length = script.length;
	figure->describe(&rendering->drawing.description, request);
	rendering->drawing.description.dpi = request->dpi;
	return 0;
}

/* The figure is computed once for all formats of the set; without any it is computed all the
 * same. */
static int prepare(struct rendering *rendering, const struct figure_order *order, unsigned formats,
		   struct failure *failure)
{
	const struct figure *figure = order->figure;
	const struct figure_request *request = &order->request;
	struct layers layers = {0};
	rendering->drawing.formats = formats & ~FORMAT_BIT(FORMAT_CSV);
	if (check_request(figure, request, failure) != 0)
		return -1;
	int result = figure->check ? figure->check(request, failure)
				   : figure->compute(&layers, request, failure);
	if (result == 0 && formats & FORMAT_BIT(FORMAT_CSV))
		result = render_csv(figure, &layers, request, &rendering->csv, failure);
	if (result == 0 && rendering->drawing.formats)
		result = write_script(rendering, figure, &layers, request, failure);
	layers_free(&layers);
	return result;
}

static struct figure_file *file_of(struct rendering *rendering, int format)
{
	return format == FORMAT_CSV ? &rendering->csv : &rendering->drawing.file[format];
}

static void free_renderings(struct rendering *rendering, size_t count)
{
	for (size_t i = 0; rendering && i < count; i++) {
		free(rendering[i].script);
		for (int format = 0; format < FORMATS; format++)
			free(file_of(&rendering[i], format)->bytes);
	}
	free(rendering);
}

/* Renders all that is ordered (malloc'd; NULL after a failure). */
static struct rendering *render(const struct figure_order *order, size_t orders, unsigned formats,
				struct failure *failure)
{
	struct rendering *rendering = calloc(orders, sizeof *rendering);
	/* gnuplot draws one array of drawings, the renderings hold more than those. */
	struct gnuplot_drawing *drawing = calloc(orders, sizeof *drawing);
	int result =
		rendering && drawing ? 0 : fail(failure, EXIT_FAILED, "out of memory for figures");
	for (size_t i = 0; i < orders && result == 0; i++) {
		result = prepare(&rendering[i], &order[i], formats, failure);
		drawing[i] = rendering[i].drawing;
	}
	if (result == 0 && formats & ~FORMAT_BIT(FORMAT_CSV))
		result = gnuplot_draw(drawing, orders, failure);
	for (size_t i = 0; i < orders && result == 0; i++)
		rendering[i].drawing = drawing[i];
	free(drawing);
	if (result == 0)
		return rendering;
	free_renderings(rendering, orders);
	return NULL;
}

int figure_render(const struct figure *figure, const struct figure_request *request,
		  enum figure_format format, char **bytes, size_t *length, struct failure *failure)
{
	const struct figure_order order = {figure, *request, NULL};
	struct rendering *rendering = render(&order, 1, FORMAT_BIT(format), failure);
	if (!rendering)
		return -1;
	struct figure_file *file = file_of(rendering, (int)format);
	*bytes = file->bytes;
	*length = file->length;
	file->bytes = NULL;
	free_renderings(rendering, 1);
	return 0;
}

const char *figure_suffix(enum figure_format format)
{
	static const char *const suffix[FORMATS] = {".svg", ".png", ".pdf", ".csv"};
	return suffix[format];
}

static int write_file(const struct figure_file *bytes, const char *path, enum figure_format format,
		      struct failure *failure)
{
	char whole[4096];
	struct whole_file file;
	int length = snprintf(whole, sizeof whole, "%s%s", path, figure_suffix(format));
	if (length >= (int)sizeof whole)
		return fail(failure, EXIT_WRONG_USE,
			    "%.100s...: the name of the figure is too long", path);
	if (whole_file_open(&file, whole, failure) != 0)
		return -1;
	fwrite(bytes->bytes, 1, bytes->length, file.stream);
	return whole_file_close(&file, failure);
}

int figure_write(const struct figure_order *order, size_t orders, unsigned formats,
		 struct failure *failure)
{
	struct rendering *rendering = render(order, orders, formats, failure);
	int result = rendering ? 0 : -1;
	for (size_t i = 0; i < orders && result == 0; i++)
		for (int format = 0; format < FORMATS && result == 0; format++)
			if (formats & FORMAT_BIT(format))
				result = write_file(file_of(&rendering[i], format), order[i].path,
						    (enum figure_format)format, failure);
	free_renderings(rendering, orders);
	return result;
}
