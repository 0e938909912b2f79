/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "decay": the whole record on a logarithmic axis. Means of bins that widen with
 * time, with their intervals; the best fit; the phases; what is unknown; and, in a row of their
 * own below the logarithmic axis, the bins in which nothing came. */
#include "figure.h"

#include "bins.h"
#include "frame.h"
#include "palette.h"

#include "../observer/store/ledger.h"
#include "../observer/target.h"

#include <math.h>
#include <string.h>

#define ZERO_ROW_HEIGHT 24 /* below the logarithmic axis, in 96ths of an inch */

/* Decade-wise bounds of the logarithmic axis, and the place of zero below it. */
struct rates {
	double lowest, highest; /* of the logarithmic part */
	double zero;		/* where the row of zeros stands */
	double bottom;		/* of the plot */
	bool has_zero;
};

static void plan(struct frame *frame, const struct figure_request *request)
{
	const struct analysis *analysis = &request->analysis[0];
	double hours = request->days > 0 ? request->days * 24 : analysis->span_hours;
	/* An analysis without a row still has an axis to say so on. */
	frame_plan(frame, analysis, fmax(hours, BUCKET_SECONDS / 3600.0), request->scale);
}

static double dispersion(const struct analysis *analysis)
{
	const struct fit *fit = &analysis->fit[LIKELIHOOD_NB1][analysis->best.family];
	if (analysis->best.done && fit->done)
		return fit->dispersion;
	return isfinite(analysis->fano[0]) ? fmax(analysis->fano[0] - 1, 0) : 0;
}

static int add_bins(const struct frame *frame, struct layers *layers, struct failure *failure)
{
	struct bin bin[BINS_MAX];
	size_t bins = bins_make(frame->analysis->series, frame->hours, bin);
	double phi = dispersion(frame->analysis);
	for (size_t i = 0; i < bins; i++) {
		if (bin[i].observed_buckets <= 0)
			continue;
		bool any = bin[i].count > 0;
		double to = fmin(bin[i].to_hours, frame->hours);
		struct layer_row row = layer_row_at(any ? "mean" : "zero", bin[i].from_hours, to);
		row.value = bin[i].count / bin[i].observed_buckets;
		bin_interval(bin[i].count, bin[i].observed_buckets, phi, &row.low, &row.high);
		row.count = bin[i].count;
		row.observed_hours = bin[i].observed_buckets * BUCKET_SECONDS / 3600;
		if (layers_add(layers, row, failure) != 0)
			return -1;
		struct layer_row active = layer_row_at("active", bin[i].from_hours, to);
		active.value = bin[i].count / bin[i].active_buckets;
		if (any && layers_add(layers, active, failure) != 0)
			return -1;
	}
	return 0;
}

static int compute(struct layers *layers, const struct figure_request *request,
		   struct failure *failure)
{
	struct frame frame;
	plan(&frame, request);
	const struct analysis *analysis = frame.analysis;
	if (add_bins(&frame, layers, failure) != 0 || frame_add_fit(&frame, layers, failure) != 0 ||
	    frame_add_phases(&frame, layers, failure) != 0 ||
	    frame_add_gaps(&frame, layers, failure) != 0)
		return -1;
	const struct interval *background = &analysis->background_per_bucket;
	if (background->known) {
		struct layer_row row = layer_row_at("background", 0, frame.hours);
		row.value = background->value;
		row.low = background->low;
		row.high = background->high;
		if (layers_add(layers, row, failure) != 0)
			return -1;
	}
	if (analysis->last_syn == TIME_UNKNOWN)
		return 0;
	double last = (double)(analysis->last_syn - analysis->series->retired) / 3600;
	if (last < 0 || last > frame.hours)
		return 0;
	return layers_add(layers, layer_row_at("last_syn", last, last), failure);
}

/* The next of 1, 2, 5 x 10^n at or below a positive number. */
static double round_down(double number)
{
	double decade = pow(10, floor(log10(number)));
	double leading = number / decade * (1 + 1e-12);
	return decade * (leading >= 5 ? 5 : leading >= 2 ? 2 : 1);
}

static struct rates rates_plan(const struct frame *frame, const struct layers *layers)
{
	double lowest = INFINITY, highest = 0;
	struct rates rates = {0};
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (strcmp(row->layer, "mean") == 0) {
			lowest = fmin(lowest, row->value);
			highest = fmax(highest, row->high);
		} else if (strcmp(row->layer, "active") == 0) {
			highest = fmax(highest, row->value);
		} else if (strcmp(row->layer, "zero") == 0) {
			rates.has_zero = true;
		}
	}
	if (!isfinite(lowest)) { /* nothing came at all: an axis around one SYN a day */
		lowest = 0.001;
		highest = 1;
	}
	/* A background not far below the data belongs into the picture. */
	const struct interval *background = &frame->analysis->background_per_bucket;
	if (background->known && background->value > lowest / 5)
		lowest = fmin(lowest, background->value);
	rates.lowest = round_down(lowest * 0.6);
	rates.highest = fmax(highest * 1.5, rates.lowest * 10);
	double height = frame->bottom - frame->top;
	double below = rates.has_zero ? ZERO_ROW_HEIGHT : 0;
	double decades = log10(rates.highest / rates.lowest) / (height - below);
	rates.bottom = rates.lowest * pow(10, -decades * below);
	rates.zero = rates.lowest * pow(10, -decades * below * 0.62);
	return rates;
}

static void write_rate_axes(const struct frame *frame, const struct rates *rates, FILE *script)
{
	static const struct {
		const char *text;
		double per_bucket;
	} pace[] = {{"1 a minute", 5},	      {"1 an hour", 1 / 12.0},	 {"1 a day", 1 / 288.0},
		    {"1 a week", 1 / 2016.0}, {"1 a month", 1 / 8640.0}, {"1 a year", 1 / 105192.0},
		    {"1 a second", 300}};
	fprintf(script,
		"set logscale y\nset logscale y2\nset yrange [%.9g:%.9g]\nset y2range [%.9g:%.9g]\n"
		"set mytics 10\nset border 11\nset ylabel '%s per 5 minutes' font '" FIGURE_FONT
		",8' offset 1.5,0\nset ytics (",
		rates->bottom, rates->highest, rates->bottom, rates->highest,
		frame_counted(frame->analysis));
	bool fine = rates->highest / rates->lowest < 60;
	if (rates->has_zero)
		fprintf(script, "'0' %.9g, ", rates->zero);
	for (int exponent = -12; exponent <= 12; exponent++)
		for (int leading = 1; leading < 10; leading++) {
			double value = pow(10, exponent) * leading;
			if (value < rates->lowest * 0.999 || value > rates->highest)
				continue;
			if (leading == 1 || (fine && (leading == 2 || leading == 5)))
				fprintf(script, "'%g' %.9g, ", value, value);
			else
				fprintf(script, "'' %.9g 1, ", value);
		}
	fprintf(script, "'' %.9g)\nset y2tics textcolor rgb '" COLOUR_QUIET_TEXT "' (",
		rates->highest * 2);
	for (size_t i = 0; i < sizeof pace / sizeof pace[0]; i++)
		if (pace[i].per_bucket >= rates->lowest && pace[i].per_bucket <= rates->highest)
			fprintf(script, "'%s' %.9g, ", pace[i].text, pace[i].per_bucket);
	fprintf(script, "'' %.9g)\n", rates->highest * 2);
}

static void write_last_syn(const struct frame *frame, const struct layers *layers,
			   const struct rates *rates, FILE *script)
{
	for (size_t i = 0; i < layers->rows; i++) {
		if (strcmp(layers->row[i].layer, "last_syn") != 0)
			continue;
		double hours = layers->row[i].from_hours, place = frame_place(frame, hours);
		bool left = place > FIGURE_WIDTH * 0.7;
		char text[64];
		if (hours < 48)
			snprintf(text, sizeof text, "last SYN after %.1f h", hours);
		else
			snprintf(text, sizeof text, "last SYN after %.1f days", hours / 24);
		fprintf(script,
			"set arrow from %.9g, %.9g to %.9g, %.9g nohead front linecolor rgb "
			"'" COLOUR_VERMILLION "' linewidth 1.2 dashtype (6,3)\n",
			frame->position(hours), rates->bottom, frame->position(hours),
			rates->highest);
		fprintf(script,
			"set style textbox opaque noborder fillcolor rgb '#FFFFFF' margins 0.4, "
			"0.4\n"
			"set label '%s' at screen %.5f, screen %.5f %s front boxed font "
			"'" FIGURE_FONT ",7.5' textcolor rgb '#A84600'\n",
			text, (place + (left ? -5 : 5)) / FIGURE_WIDTH,
			1 - (frame->top + 10) / FIGURE_HEIGHT, left ? "right" : "left");
	}
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	const struct analysis *analysis = frame.analysis;
	struct rates rates = rates_plan(&frame, layers);
	char about[128], length[32];
	snprintf(about, sizeof about, "%s per 5 minutes over %s", frame_counted(analysis),
		 duration_in_full(frame.hours, length, sizeof length));
	frame_write(&frame, about, script);
	write_rate_axes(&frame, &rates, script);
	write_last_syn(&frame, layers, &rates, script);
	static const char *const blocks[] = {"gap", "zero", "active", "mean", "fit", "background"};
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
		layers_write_block(layers, blocks[i], frame.position, script);
	fprintf(script, "lowest = %.9g\nzero = %.9g\nbottom = %.9g\nhighest = %.9g\n", rates.lowest,
		rates.zero, rates.bottom, rates.highest);
	fputs("above(y) = y >= lowest ? y : NaN\nplot ", script);
	if (layers_count(layers, "gap"))
		fputs("$gap using 6:(highest):1:2:(bottom):(highest) with boxxyerror fillstyle "
		      "pattern 5 "
		      "noborder linecolor rgb '" COLOUR_GAP "' title 'not observed', \\\n",
		      script);
	if (layers_count(layers, "zero")) {
		fprintf(script, "lowest with lines linecolor rgb '" COLOUR_QUIET_TEXT
				"' linewidth 0.6 dashtype (1,2) notitle, \\\n");
		fputs("$zero using 6:(zero):(0):(above($5) - zero) with vectors nohead linewidth "
		      "0.8 "
		      "linecolor rgb '#777777' notitle, \\\n"
		      "$zero using 6:(zero) with points pointtype 6 pointsize 0.5 linewidth 0.8 "
		      "linecolor "
		      "rgb '#777777' title 'none came (bar: 95 % limit)', \\\n",
		      script);
	}
	fputs("$active using 6:3 with points pointtype 8 pointsize 0.5 linecolor rgb "
	      "'" COLOUR_ORANGE "' title 'mean of active buckets', \\\n"
	      "$mean using 6:3:1:2:(above($4) == $4 ? $4 : lowest):5 with xyerrorbars pointtype 7 "
	      "pointsize 0.4 linewidth 0.9 linecolor rgb '" COLOUR_BLUE
	      "' title 'mean of all, 95 % interval'",
	      script);
	if (layers_count(layers, "background") &&
	    analysis->background_per_bucket.value >= rates.lowest)
		fprintf(script,
			", \\\n%.9g with lines linecolor rgb '" COLOUR_BLACK
			"' linewidth 1 dashtype (2,3) title 'background'",
			analysis->background_per_bucket.value);
	if (analysis->best.done)
		fprintf(script,
			", \\\n$fit using 6:(above($3)) with lines linecolor rgb "
			"'" COLOUR_VERMILLION "' linewidth 1.8 title 'best fit: %s'",
			family_name(analysis->best.family));
	fputc('\n', script);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	const struct analysis *analysis = &request->analysis[0];
	const struct series *series = analysis->series;
	struct frame frame;
	plan(&frame, request);
	char length[32];
	duration_in_full(frame.hours, length, sizeof length);
	snprintf(description->title, sizeof description->title, "%s: %s per 5 minutes over %s",
		 series->name, frame_counted(analysis), length);
	snprintf(description->text, sizeof description->text,
		 "%s per 5 minutes on a logarithmic axis over %s since retirement, in %zu "
		 "phases%s%s.",
		 frame_counted(analysis), length, analysis->phases,
		 analysis->best.done ? ", with the best fit, family " : "",
		 analysis->best.done ? family_name(analysis->best.family) : "");
	description->time = series->rows ? series->row[series->rows - 1].start + BUCKET_SECONDS
					 : series->retired;
}

const struct figure decay_figure = {
	.name = "decay",
	.summary = "the whole record on a logarithmic axis: means, phases, best fit, last SYN",
	.targets_max = 1,
	.days_max = 36500,
	.compute = compute,
	.draw = draw,
	.describe = describe,
};
