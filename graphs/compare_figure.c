/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "compare": several targets on one axis, the time since the retirement of each. Of few
 * targets it shows the best fits with their bands, through the means; of more, a line from mean to
 * mean, which drops to the row of zeros where nothing came, and breaks where nothing was observed.
 */
#include "figure.h"

#include "bins.h"
#include "frame.h"
#include "palette.h"
#include "plain_text.h"
#include "rate_axis.h"

#include "../observer/store/ledger.h"

#include <math.h>
#include <string.h>

#define NAME_LETTERS 18 /* of a target in the key */

/* Heights in the row of zeros, of which it is one. */
#define ZERO_STEP   0.17
#define ZERO_SPREAD 0.64

/* In grey too: each its own point, and a dash when the colours come round again. */
static const struct {
	const char *colour;
	int point;
} looks[] = {{COLOUR_BLUE, 7},	 {COLOUR_VERMILLION, 8}, {COLOUR_GREEN, 4},   {COLOUR_PURPLE, 13},
	     {COLOUR_ORANGE, 6}, {COLOUR_BLACK, 10},	 {COLOUR_SKY_BLUE, 5}};
#define LOOKS (sizeof looks / sizeof looks[0])
static const char *const dashes[] = {"1", "(6,3)", "(2,3)"};

static void plan(struct frame *frame, const struct figure_request *request)
{
	double hours = request->days * 24;
	for (size_t i = 0; i < request->analyses && request->days <= 0; i++)
		hours = fmax(hours, request->analysis[i].span_hours);
	frame_plan(frame, request, fmax(hours, BUCKET_SECONDS / 3600.0), request->scale);
}

static bool shows_fits(const struct figure_request *request)
{
	return request->analyses <= COMPARE_FITS_MAX;
}

static int add_fits(struct frame *frame, struct layers *layers,
		    const struct figure_request *request, struct failure *failure)
{
	for (size_t target = 0; target < request->analyses; target++) {
		size_t before = layers->rows;
		frame->analysis = &request->analysis[target];
		if (frame_add_fit(frame, layers, failure) != 0)
			return -1;
		for (size_t i = before; i < layers->rows; i++)
			layers->row[i].target = target;
	}
	return 0;
}

static int compute(struct layers *layers, const struct figure_request *request,
		   struct failure *failure)
{
	struct frame frame;
	plan(&frame, request);
	enum bin_growth growth = frame.scale == TIME_SCALE_LOG ? BIN_GROWTH_LOG : BIN_GROWTH_EVEN;
	for (size_t target = 0; target < request->analyses; target++) {
		const struct series *series = request->analysis[target].series;
		struct bin bin[BINS_MAX];
		size_t bins = bins_make(series, frame.hours, growth, bin);
		for (size_t i = 0; i < bins; i++) {
			if (bin[i].observed_buckets <= 0)
				continue;
			struct layer_row row = layer_row_at("mean", bin[i].from_hours,
							    fmin(bin[i].to_hours, frame.hours));
			row.value = bin[i].count / bin[i].observed_buckets;
			bin_interval(bin[i].count, bin[i].observed_buckets, 0, &row.low, &row.high);
			row.count = bin[i].count;
			row.observed_hours = bin[i].observed_buckets * BUCKET_SECONDS / 3600;
			row.target = target;
			if (layers_add(layers, row, failure) != 0)
				return -1;
		}
	}
	return shows_fits(request) ? add_fits(&frame, layers, request, failure) : 0;
}

static struct rate_axis plan_rates(const struct frame *frame, const struct layers *layers)
{
	double lowest = INFINITY, highest = 0;
	bool zero = false;
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (strcmp(row->layer, "mean") != 0)
			continue;
		if (row->value > 0)
			lowest = fmin(lowest, row->value);
		highest = fmax(highest, row->value);
		zero = zero || row->value <= 0;
	}
	return rate_axis_plan(frame, lowest, highest, zero);
}

/* Place and rate of every bin of one target, an empty line where one is missing. In the row of
 * zeros each target has a height of its own around the tick "0", the last the lowest. */
static void write_target(const struct frame *frame, const struct layers *layers, size_t target,
			 size_t targets, const struct rate_axis *rates, FILE *script)
{
	double above = ((double)(targets - 1) / 2 - (double)target) *
		       fmin(ZERO_STEP, ZERO_SPREAD / fmax((double)targets - 1, 1));
	double zero = rates->zero * pow(rates->lowest / rates->bottom, above);
	double known_to = 0;
	size_t rows = 0;
	fprintf(script, "$target%zu << EOD\n", target);
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (row->target != target || strcmp(row->layer, "mean") != 0)
			continue;
		if (rows++ > 0 && row->from_hours > known_to + 1e-6)
			putc('\n', script);
		known_to = row->to_hours;
		fprintf(script, "%.9g %.9g\n",
			(frame->position(row->from_hours) + frame->position(row->to_hours)) / 2,
			row->value > 0 ? row->value : zero);
	}
	fputs(rows > 0 ? "EOD\n" : "NaN NaN\nEOD\n", script);
}

/* Under all points. */
static void plot_fits(const struct figure_request *request, FILE *script)
{
	for (size_t i = 0; i < request->analyses; i++)
		fprintf(script,
			"$fit%zu using 1:3:4 with filledcurves fillstyle "
			"transparent solid 0.2 noborder linecolor rgb '%s' notitle, \\\n",
			i, looks[i % LOOKS].colour);
	for (size_t i = 0; i < request->analyses; i++)
		fprintf(script,
			"$fit%zu using 1:2 with lines linecolor rgb '%s' linewidth 1.4 "
			"notitle, \\\n",
			i, looks[i % LOOKS].colour);
}

static char *key_name(const struct analysis *analysis, char name[200])
{
	plain_text(analysis->series->name, name, 200);
	frame_fit_text(name, NAME_LETTERS, 1);
	return name;
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	char name[200];
	for (size_t i = 0; i < request->analyses; i++)
		frame_add_key(&frame, key_name(&request->analysis[i], name));
	struct rate_axis rates = plan_rates(&frame, layers);
	char about[WORD_TEXT_SIZE], counted[WORD_TEXT_SIZE], number[32];
	snprintf(number, sizeof number, "%zu", request->analyses);
	word_fill(frame.language, WORD_COMPARE_ABOUT, frame_per_bucket(&frame, counted), number,
		  about);
	frame_write(&frame, about, script);
	frame_write_label(
		script,
		word(frame.language, shows_fits(request) ? WORD_COMPARE_FITS : WORD_COMPARE_MEANS),
		",8", 12, 29, "left textcolor rgb '" COLOUR_QUIET_TEXT "'");
	rate_axis_write(&frame, &rates, script);
	fprintf(script, "set key maxrows %zu\n", frame.key_rows);
	for (size_t i = 0; i < request->analyses && shows_fits(request); i++)
		rate_axis_write_fit(&frame, layers, i, &rates, script);
	for (size_t i = 0; i < request->analyses; i++)
		write_target(&frame, layers, i, request->analyses, &rates, script);
	fputs("plot ", script);
	rate_axis_plot_divide(&rates, script);
	if (shows_fits(request))
		plot_fits(request, script);
	for (size_t i = 0; i < request->analyses; i++) {
		bool fitted = shows_fits(request) && request->analysis[i].best.done;
		fprintf(script,
			"%s$target%zu using 1:2 with %s linecolor rgb '%s' linewidth 1 "
			"%s %s pointtype %d pointsize 0.45 title ",
			i ? ", \\\n" : "", i, fitted ? "points" : "linespoints",
			looks[i % LOOKS].colour, fitted ? "" : "dashtype",
			fitted ? "" : dashes[i / LOOKS], looks[i % LOOKS].point);
		gnuplot_quote(script, key_name(&request->analysis[i], name));
	}
	fputc('\n', script);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	char about[WORD_TEXT_SIZE], counted[WORD_TEXT_SIZE], number[32];
	char names[WORD_TEXT_SIZE / 2] = "";
	frame_per_bucket(&frame, counted);
	snprintf(number, sizeof number, "%zu", request->analyses);
	word_fill(frame.language, WORD_COMPARE_ABOUT, counted, number, about);
	frame_describe(&frame, about, description);
	for (size_t i = 0; i < request->analyses; i++) {
		size_t used = strlen(names);
		char name[64];
		plain_text(request->analysis[i].series->name, name, sizeof name);
		if (used + strlen(name) + 3 < sizeof names)
			snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", name);
	}
	word_fill(frame.language, WORD_COMPARE_TEXT, counted, names, description->text);
}

const struct figure compare_figure = {
	.name = "compare",
	.summary = "several targets, each from its own retirement",
	.targets_min = 2,
	.targets_max = FIGURE_TARGETS_MAX,
	.days_max = 36500,
	.compute = compute,
	.draw = draw,
	.describe = describe,
};
