/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "window": every 5-minute bucket of the first days after retirement as it was
 * counted, with hourly means over it. */
#include "figure.h"

#include "count_axis.h"
#include "frame.h"
#include "palette.h"
#include "rate_axis.h"

#include "../observer/store/ledger.h"

#include <math.h>
#include <string.h>

#define WINDOW_HOURS 72.0

double window_hours(const struct analysis *analysis)
{
	return fmin(fmax(analysis->span_hours, BUCKET_SECONDS / 3600.0), WINDOW_HOURS);
}

static void plan(struct frame *frame, const struct figure_request *request)
{
	double hours = request->days > 0 ? request->days * 24 : window_hours(&request->analysis[0]);
	frame_plan(frame, request, hours, TIME_SCALE_LINEAR);
}

static int add_hour(struct layers *layers, double hour, double count, double buckets,
		    struct failure *failure)
{
	if (buckets <= 0)
		return 0;
	struct layer_row row = layer_row_at("hourly_mean", hour, hour + 1);
	row.value = count / buckets;
	row.count = count;
	row.observed_hours = buckets * BUCKET_SECONDS / 3600;
	return layers_add(layers, row, failure);
}

static int add_hours(const struct frame *frame, struct layers *layers, struct failure *failure)
{
	const struct series *series = frame->analysis->series;
	double hour = 0, count = 0, buckets = 0;
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		double since = (double)(row->start - series->retired) / 3600;
		if (since >= frame->hours)
			break;
		if (since >= hour + 1 - 1e-9) {
			if (add_hour(layers, hour, count, buckets, failure) != 0)
				return -1;
			hour = floor(since + 1e-9);
			count = buckets = 0;
		}
		count += row->count;
		buckets += row->observed_seconds / (double)BUCKET_SECONDS;
	}
	return add_hour(layers, hour, count, buckets, failure);
}

static int compute(struct layers *layers, const struct figure_request *request,
		   struct failure *failure)
{
	struct frame frame;
	plan(&frame, request);
	const struct series *series = frame.analysis->series;
	for (size_t i = series->first; i < series->rows; i++) {
		double since = (double)(series->row[i].start - series->retired) / 3600;
		if (since >= frame.hours)
			break;
		struct layer_row row =
			layer_row_at("bucket", since, since + BUCKET_SECONDS / 3600.0);
		row.value = row.count = series->row[i].count;
		row.observed_hours = series->row[i].observed_seconds / 3600.0;
		if (layers_add(layers, row, failure) != 0)
			return -1;
	}
	if (add_hours(&frame, layers, failure) != 0 ||
	    frame_add_fit(&frame, layers, failure) != 0 ||
	    frame_add_phases(&frame, layers, failure) != 0)
		return -1;
	return frame_add_gaps(&frame, layers, failure);
}

static double highest_count(const struct layers *layers)
{
	double highest = 0;
	for (size_t i = 0; i < layers->rows; i++)
		if (strcmp(layers->row[i].layer, "bucket") == 0)
			highest = fmax(highest, layers->row[i].value);
	return highest;
}

static void write_about(const struct frame *frame, char about[WORD_TEXT_SIZE])
{
	char counted[WORD_TEXT_SIZE], length[32];
	word_duration_in_full(frame->language, frame->hours, length, sizeof length);
	word_fill(frame->language, WORD_FIRST, frame_per_bucket(frame, counted), length, about);
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	const struct analysis *analysis = frame.analysis;
	char counted[WORD_TEXT_SIZE], about[WORD_TEXT_SIZE];
	write_about(&frame, about);
	frame_write(&frame, about, script);
	frame_write_left(&frame, frame_per_bucket(&frame, counted), script);
	double highest = fmax(highest_count(layers) * 1.08, 1);
	fprintf(script,
		"highest = %.9g\nbottom = 0\nset yrange [0:highest]\nset grid ytics linetype 1 "
		"linecolor rgb "
		"'" COLOUR_GRID "' linewidth 0.6\n",
		highest);
	count_axis_write(highest, script);
	layers_write_block(layers, "gap", frame.position, script);
	layers_write_steps(layers, "bucket", frame.position, 0, script);
	layers_write_steps(layers, "hourly_mean", frame.position, 0, script);
	layers_write_block(layers, "fit", frame.position, script);
	fputs("plot ", script);
	rate_axis_plot_gaps(&frame, layers, script);
	fprintf(script,
		"$bucket using 1:2 with filledcurves y=0 fillstyle solid noborder linecolor rgb "
		"'" COLOUR_SKY_BLUE "' title '%s', \\\n"
		"$hourly_mean using 1:2 with lines linecolor rgb '" COLOUR_BLUE
		"' linewidth 1.6 title '%s'",
		word(frame.language, WORD_EACH_BUCKET), word(frame.language, WORD_HOUR_MEAN));
	if (analysis->best.done)
		fprintf(script,
			", \\\n$fit using 6:3 with lines linecolor rgb '" COLOUR_VERMILLION
			"' linewidth 1.6 dashtype (6,3) title '%s'",
			word_fill(frame.language, WORD_BEST_FIT,
				  word_family(frame.language, analysis->best.family), NULL, about));
	fputc('\n', script);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	char about[WORD_TEXT_SIZE], counted[WORD_TEXT_SIZE], length[32];
	write_about(&frame, about);
	frame_describe(&frame, about, description);
	word_duration_in_full(frame.language, frame.hours, length, sizeof length);
	word_fill(frame.language, WORD_WINDOW_TEXT, frame_per_bucket(&frame, counted), length,
		  description->text);
}

const struct figure window_figure = {
	.name = "window",
	.summary = "the first three days after retirement, every 5 minutes as counted",
	.targets_max = 1,
	.days_max = 31,
	.compute = compute,
	.draw = draw,
	.describe = describe,
};
