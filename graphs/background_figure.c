/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "background": SYNs to the port of the retired node against SYNs to the other ports
 * of its address. What comes to those has nothing to do with the node; where the port's own
 * rate has come down to its background, little that is residual is left. */
#include "figure.h"

#include "bins.h"
#include "frame.h"
#include "palette.h"
#include "rate_axis.h"

#include "../observer/store/ledger.h"

#include <math.h>
#include <string.h>

static void plan(struct frame *frame, const struct figure_request *request)
{
	double hours = request->days > 0 ? request->days * 24 : request->analysis[0].span_hours;
	frame_plan(frame, request, fmax(hours, BUCKET_SECONDS / 3600.0), request->scale);
	frame->counted = WORD_SYN;
}

/* How much more the counts of buckets vary than their mean, less 1: phi of NB1 for a steady rate,
 * and too large for one that falls: its intervals are then too wide rather than too narrow. */
static double dispersion_of_others(const struct series *series)
{
	double buckets = 0, sum = 0, squares = 0;
	for (size_t i = series->first; i < series->rows; i++) {
		double count = series->row[i].other_syn;
		buckets++;
		sum += count;
		squares += count * count;
	}
	if (buckets < 2 || sum <= 0)
		return 0;
	double variance = (squares - sum * sum / buckets) / (buckets - 1);
	return fmax(variance / (sum / buckets) - 1, 0);
}

static double dispersion_of_port(const struct analysis *analysis)
{
	const struct fit *fit = &analysis->fit[LIKELIHOOD_NB1][analysis->best.family];
	return analysis->best.done && fit->done ? fit->dispersion : 0;
}

static int add_bin(struct layers *layers, const struct bin *bin, double end, bool other, double phi,
		   struct failure *failure)
{
	double count = other ? bin->other_syn : bin->syn;
	const char *layer =
		other ? (count > 0 ? "others" : "others_zero") : (count > 0 ? "port" : "port_zero");
	struct layer_row row = layer_row_at(layer, bin->from_hours, fmin(bin->to_hours, end));
	row.value = count / bin->observed_buckets;
	bin_interval(count, bin->observed_buckets, phi, &row.low, &row.high);
	row.count = count;
	row.observed_hours = bin->observed_buckets * BUCKET_SECONDS / 3600;
	return layers_add(layers, row, failure);
}

static int compute(struct layers *layers, const struct figure_request *request,
		   struct failure *failure)
{
	struct frame frame;
	plan(&frame, request);
	const struct series *series = frame.analysis->series;
	if (!series->has_other)
		return fail(
			failure, EXIT_FAILED,
			"%.128s: what came to other ports is not known from this file: give the "
			"target's directory STATE/NAME",
			series->name);
	struct bin bin[BINS_MAX];
	size_t bins =
		bins_make(series, frame.hours,
			  frame.scale == TIME_SCALE_LOG ? BIN_GROWTH_LOG : BIN_GROWTH_EVEN, bin);
	double phi[2] = {dispersion_of_port(frame.analysis), dispersion_of_others(series)};
	for (int other = 0; other < 2; other++)
		for (size_t i = 0; i < bins; i++)
			if (bin[i].observed_buckets > 0 &&
			    add_bin(layers, &bin[i], frame.hours, other, phi[other], failure) != 0)
				return -1;
	const struct interval *background = &frame.analysis->background_per_bucket;
	if (background->known && !series->counts_attempts) {
		struct layer_row row = layer_row_at("background", 0, frame.hours);
		row.value = background->value;
		row.low = background->low;
		row.high = background->high;
		if (layers_add(layers, row, failure) != 0)
			return -1;
	}
	return frame_add_gaps(&frame, layers, failure);
}

static struct rate_axis plan_rates(const struct frame *frame, const struct layers *layers)
{
	double lowest = INFINITY, highest = 0;
	bool zero = false;
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (strcmp(row->layer, "port") == 0 || strcmp(row->layer, "others") == 0) {
			lowest = fmin(lowest, row->value);
			highest = fmax(highest, row->high);
		} else if (strstr(row->layer, "_zero")) {
			zero = true;
		}
	}
	return rate_axis_plan(frame, lowest, highest, zero);
}

static bool shows_background(const struct frame *frame, const struct layers *layers,
			     const struct rate_axis *rates)
{
	return layers_count(layers, "background") &&
	       frame->analysis->background_per_bucket.value >= rates->lowest;
}

static void plan_key(struct frame *frame, const struct layers *layers,
		     const struct rate_axis *rates)
{
	const struct {
		bool shown;
		enum word title;
	} entry[] = {{layers_count(layers, "gap") > 0, WORD_NOT_OBSERVED},
		     {layers_count(layers, "others_zero") > 0, WORD_OTHER_PORTS_NONE},
		     {layers_count(layers, "port_zero") > 0, WORD_OWN_PORT_NONE},
		     {true, WORD_OTHER_PORTS},
		     {true, WORD_OWN_PORT},
		     {shows_background(frame, layers, rates), WORD_ESTIMATED_BACKGROUND}};
	for (size_t i = 0; i < sizeof entry / sizeof entry[0]; i++)
		if (entry[i].shown)
			frame_add_key(frame, word(frame->language, entry[i].title));
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	enum language language = frame.language;
	struct rate_axis rates = plan_rates(&frame, layers);
	plan_key(&frame, layers, &rates);
	rates = plan_rates(&frame, layers); /* of the height that the key leaves */
	frame_write(&frame, word(language, WORD_BACKGROUND_ABOUT), script);
	rate_axis_write(&frame, &rates, script);
	layers_write_block(layers, "gap", frame.position, script);
	rate_axis_write_means(&frame, layers, "port", &rates, script);
	rate_axis_write_means(&frame, layers, "others", &rates, script);
	rate_axis_write_zeros(&frame, layers, "port_zero", &rates, script);
	rate_axis_write_zeros(&frame, layers, "others_zero", &rates, script);
	fputs("plot ", script);
	rate_axis_plot_gaps(&frame, layers, script);
	rate_axis_plot_divide(&rates, script);
	if (layers_count(layers, "others_zero"))
		rate_axis_plot_zeros("others_zero", COLOUR_ORANGE, 8,
				     word(language, WORD_OTHER_PORTS_NONE), script);
	if (layers_count(layers, "port_zero"))
		rate_axis_plot_zeros("port_zero", COLOUR_BLUE, 6,
				     word(language, WORD_OWN_PORT_NONE), script);
	fprintf(script,
		"$others using 6:3:1:2:4:5 with xyerrorbars "
		"pointtype "
		"8 pointsize 0.5 linewidth 0.9 linecolor rgb '" COLOUR_ORANGE "' title '%s', \\\n"
		"$port using 6:3:1:2:4:5 with xyerrorbars pointtype "
		"7 "
		"pointsize 0.4 linewidth 0.9 linecolor rgb '" COLOUR_BLUE "' title '%s'",
		word(language, WORD_OTHER_PORTS), word(language, WORD_OWN_PORT));
	if (shows_background(&frame, layers, &rates))
		fprintf(script,
			", \\\n%.9g with lines linecolor rgb '" COLOUR_BLACK
			"' linewidth 1 dashtype (2,3) title '%s'",
			frame.analysis->background_per_bucket.value,
			word(language, WORD_ESTIMATED_BACKGROUND));
	fputc('\n', script);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	char length[32];
	frame_describe(&frame, word(frame.language, WORD_BACKGROUND_ABOUT), description);
	word_duration_in_full(frame.language, frame.hours, length, sizeof length);
	word_fill(frame.language, WORD_BACKGROUND_TEXT, length, NULL, description->text);
}

const struct figure background_figure = {
	.name = "background",
	.summary = "SYNs to the port against SYNs to the other ports of the address",
	.targets_max = 1,
	.days_max = 36500,
	.value = "syn_per_5min",
	.compute = compute,
	.draw = draw,
	.describe = describe,
};
