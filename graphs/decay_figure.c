/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "decay": the whole record on a logarithmic axis. Means of bins that widen with
 * time, with their intervals; the best fit; the phases; what is unknown; and, in a row of their
 * own below the logarithmic axis, the bins in which nothing came. */
#include "figure.h"

#include "bins.h"
#include "frame.h"
#include "palette.h"
#include "rate_axis.h"

#include "../observer/store/ledger.h"
#include "../observer/target.h"

#include <math.h>
#include <string.h>

static void plan(struct frame *frame, const struct figure_request *request)
{
	const struct analysis *analysis = &request->analysis[0];
	double hours = request->days > 0 ? request->days * 24 : analysis->span_hours;
	/* An analysis without a row still has an axis to say so on. */
	frame_plan(frame, request, fmax(hours, BUCKET_SECONDS / 3600.0), request->scale);
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
	size_t bins =
		bins_make(frame->analysis->series, frame->hours,
			  frame->scale == TIME_SCALE_LOG ? BIN_GROWTH_LOG : BIN_GROWTH_EVEN, bin);
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

static struct rate_axis plan_rates(const struct frame *frame, const struct layers *layers)
{
	double lowest = INFINITY, highest = 0;
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (strcmp(row->layer, "mean") == 0) {
			lowest = fmin(lowest, row->value);
			highest = fmax(highest, row->high);
		} else if (strcmp(row->layer, "active") == 0) {
			highest = fmax(highest, row->value);
		}
	}
	/* A background not far below the data belongs into the picture. */
	const struct interval *background = &frame->analysis->background_per_bucket;
	if (background->known && background->value > lowest / 5)
		lowest = fmin(lowest, background->value);
	return rate_axis_plan(frame, lowest, highest, layers_count(layers, "zero") > 0);
}

static void write_last_syn(const struct frame *frame, const struct layers *layers,
			   const struct rate_axis *rates, FILE *script)
{
	for (size_t i = 0; i < layers->rows; i++) {
		if (strcmp(layers->row[i].layer, "last_syn") != 0)
			continue;
		double hours = layers->row[i].from_hours, place = frame_place(frame, hours);
		bool left = place > FIGURE_WIDTH * 0.7;
		char text[WORD_TEXT_SIZE], after[32];
		word_duration_in_full(frame->language, hours, after, sizeof after);
		word_fill(frame->language,
			  hours < BUCKET_SECONDS / 3600.0 ? WORD_LAST_AT_ONCE : WORD_LAST_SYN,
			  after, NULL, text);
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

static bool has_band(const struct layers *layers)
{
	for (size_t i = 0; i < layers->rows; i++)
		if (strcmp(layers->row[i].layer, "fit") == 0 && isfinite(layers->row[i].high))
			return true;
	return false;
}

static bool shows_background(const struct frame *frame, const struct layers *layers,
			     const struct rate_axis *rates)
{
	return layers_count(layers, "background") &&
	       frame->analysis->background_per_bucket.value >= rates->lowest;
}

static char *best_title(const struct frame *frame, char title[WORD_TEXT_SIZE])
{
	return word_fill(frame->language, WORD_BEST_FIT,
			 word_family(frame->language, frame->analysis->best.family), NULL, title);
}

static void plan_key(struct frame *frame, const struct layers *layers,
		     const struct rate_axis *rates)
{
	const struct {
		bool shown;
		enum word title;
	} entry[] = {{layers_count(layers, "gap") > 0, WORD_NOT_OBSERVED},
		     {has_band(layers), WORD_FIT_BAND},
		     {rates->has_zero, WORD_NONE_CAME},
		     {true, WORD_ACTIVE_MEAN},
		     {true, WORD_ALL_MEAN},
		     {shows_background(frame, layers, rates), WORD_BACKGROUND}};
	char text[WORD_TEXT_SIZE];
	for (size_t i = 0; i < sizeof entry / sizeof entry[0]; i++)
		if (entry[i].shown)
			frame_add_key(frame, word(frame->language, entry[i].title));
	if (frame->analysis->best.done)
		frame_add_key(frame, best_title(frame, text));
}

/* Under everything else; where it would lie below the axis it ends there. */
static void write_band(const struct frame *frame, const struct layers *layers, FILE *script)
{
	if (has_band(layers))
		fprintf(script,
			"$fit0 using 1:3:4 with filledcurves fillstyle "
			"solid noborder linecolor rgb '" COLOUR_FIT_BAND "' title '%s', \\\n",
			word(frame->language, WORD_FIT_BAND));
}

static void write_plot(const struct frame *frame, const struct layers *layers,
		       const struct rate_axis *rates, FILE *script)
{
	const struct analysis *analysis = frame->analysis;
	enum language language = frame->language;
	char text[WORD_TEXT_SIZE];
	fputs("plot ", script);
	rate_axis_plot_gaps(frame, layers, script);
	write_band(frame, layers, script);
	rate_axis_plot_divide(rates, script);
	if (rates->has_zero)
		rate_axis_plot_zeros("zero", "#777777", 6, word(language, WORD_NONE_CAME), script);
	fprintf(script,
		"$active using 6:3 with points pointtype 8 pointsize 0.5 linecolor rgb "
		"'" COLOUR_ORANGE "' title '%s', \\\n"
		"$mean using 6:3:1:2:4:5 with xyerrorbars pointtype "
		"7 "
		"pointsize 0.4 linewidth 0.9 linecolor rgb '" COLOUR_BLUE "' title '%s'",
		word(language, WORD_ACTIVE_MEAN), word(language, WORD_ALL_MEAN));
	if (shows_background(frame, layers, rates))
		fprintf(script,
			", \\\n%.9g with lines linecolor rgb '" COLOUR_BLACK
			"' linewidth 1 dashtype (2,3) title '%s'",
			analysis->background_per_bucket.value, word(language, WORD_BACKGROUND));
	if (analysis->best.done)
		fprintf(script,
			", \\\n$fit0 using 1:2 with lines linecolor rgb "
			"'" COLOUR_VERMILLION "' linewidth 1.8 title '%s'",
			best_title(frame, text));
	fputc('\n', script);
}

static void write_about(const struct frame *frame, char about[WORD_TEXT_SIZE])
{
	char counted[WORD_TEXT_SIZE], length[32];
	word_duration_in_full(frame->language, frame->hours, length, sizeof length);
	word_fill(frame->language, WORD_OVER, frame_per_bucket(frame, counted), length, about);
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	struct frame planned;
	plan(&planned, request);
	const struct frame *frame = &planned;
	struct rate_axis rates = plan_rates(frame, layers);
	plan_key(&planned, layers, &rates);
	rates = plan_rates(frame, layers); /* of the height that the key leaves */
	char about[WORD_TEXT_SIZE];
	write_about(frame, about);
	frame_write(frame, about, script);
	rate_axis_write(frame, &rates, script);
	write_last_syn(frame, layers, &rates, script);
	layers_write_block(layers, "gap", frame->position, script);
	layers_write_block(layers, "active", frame->position, script);
	rate_axis_write_zeros(frame, layers, "zero", &rates, script);
	rate_axis_write_means(frame, layers, "mean", &rates, script);
	rate_axis_write_fit(frame, layers, 0, &rates, script);
	write_plot(frame, layers, &rates, script);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	const struct fit *best = &request->analysis[0].best;
	char about[WORD_TEXT_SIZE], counted[WORD_TEXT_SIZE];
	write_about(&frame, about);
	frame_describe(&frame, about, description);
	word_fill(frame.language,
		  frame.scale == TIME_SCALE_LOG ? WORD_LOGLOG_TEXT : WORD_DECAY_TEXT,
		  frame_per_bucket(&frame, counted),
		  best->done ? word_family(frame.language, best->family) : "-", description->text);
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

/* The same with time on a logarithmic axis too: a power law is a straight line there. */
static struct figure_request on_log(const struct figure_request *request)
{
	struct figure_request changed = *request;
	changed.scale = TIME_SCALE_LOG;
	return changed;
}

static int compute_loglog(struct layers *layers, const struct figure_request *request,
			  struct failure *failure)
{
	struct figure_request changed = on_log(request);
	return compute(layers, &changed, failure);
}

static void draw_loglog(FILE *script, const struct layers *layers,
			const struct figure_request *request)
{
	struct figure_request changed = on_log(request);
	draw(script, layers, &changed);
}

static void describe_loglog(struct figure_description *description,
			    const struct figure_request *request)
{
	struct figure_request changed = on_log(request);
	describe(description, &changed);
}

const struct figure loglog_figure = {
	.name = "loglog",
	.summary = "the same with time on a logarithmic axis too: a power law is a straight line",
	.targets_max = 1,
	.days_max = 36500,
	.compute = compute_loglog,
	.draw = draw_loglog,
	.describe = describe_loglog,
};
