/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "survival": above, the share of all residual SYNs that was still to come at each
 * time since retirement; below, how long ago the last one was.
 *
 * Residual is what was counted less the background (its rate times the time observed). What the
 * fits forecast after the end of the record counts with it, with its interval; where that has no
 * end, the share is of what came within the record. What was missed in unobserved time is in
 * neither part: the share is one of what was observed. */
#include "figure.h"

#include "frame.h"
#include "palette.h"
#include "rate_axis.h"

#include "../analysis/fit.h"
#include "../observer/store/ledger.h"

#include <math.h>
#include <string.h>

#define POINTS		400
#define SHARE_LEAST	0.01 /* percent */
#define SHARE_HIGHEST	130
#define PANELS_DISTANCE 12
#define UPPER_PANEL	0.58 /* of the height of both */
#define PAUSE_LEAST	(1 / 12.0)

static void plan(struct frame *frame, const struct figure_request *request)
{
	double hours = request->days > 0 ? request->days * 24 : request->analysis[0].span_hours;
	frame_plan(frame, request, fmax(hours, BUCKET_SECONDS / 3600.0), request->scale);
}

/* Hours of the point: even steps on the axis. */
static double hours_at(const struct frame *frame, int point)
{
	double share = (double)point / POINTS;
	if (frame->scale == TIME_SCALE_ROOT)
		return frame->hours * share * share;
	if (frame->scale == TIME_SCALE_LOG && point > 0)
		return FRAME_LOG_FROM_HOURS * pow(frame->hours / FRAME_LOG_FROM_HOURS, share);
	return frame->hours * share;
}

/* What comes after the record, and nothing where that is not known or has no end. */
static struct interval remaining(const struct analysis *analysis)
{
	struct interval total = analysis->residual_total;
	if (!total.known || !isfinite(total.value))
		return (struct interval){0};
	if (!isfinite(total.high))
		total.high = total.value;
	return total;
}

static double background_rate(const struct analysis *analysis)
{
	const struct interval *background = &analysis->background_per_bucket;
	bool constant = analysis->best.done && analysis->best.family == FAMILY_CONST;
	return background->known && !constant ? background->value : 0;
}

/* Counts less background from row `from` to the end, never below zero. */
static double residual_from(const struct analysis *analysis, double count, double buckets)
{
	return fmax(count - background_rate(analysis) * buckets, 0);
}

static double percent_of(double later, double after, double all)
{
	return all > 0 ? fmin(100 * (later + after) / all, 100) : NAN;
}

/* Whether the bucket in which that time lies was observed; `next` is the first row that does not
 * begin before it. */
static bool is_observed(const struct series *series, size_t next, double hours)
{
	if (next < series->rows &&
	    (double)(series->row[next].start - series->retired) / 3600 < hours + 1e-9)
		return true;
	return next > series->first &&
	       (double)(series->row[next - 1].start - series->retired + BUCKET_SECONDS) / 3600 >
		       hours - 1e-9;
}

/* From the end backwards, one row of the layer for each point that was observed. */
static int add_shares(const struct frame *frame, struct layers *layers, struct failure *failure)
{
	const struct analysis *analysis = frame->analysis;
	const struct series *series = analysis->series;
	struct interval after = remaining(analysis);
	double count = 0, buckets = 0, share[POINTS + 1][3];
	double all_count = 0, all_buckets = 0;
	for (size_t i = series->first; i < series->rows; i++) {
		all_count += series->row[i].count;
		all_buckets += series->row[i].observed_seconds / (double)BUCKET_SECONDS;
	}
	double within = residual_from(analysis, all_count, all_buckets);
	bool observed[POINTS + 1];
	size_t next = series->rows;
	for (int point = POINTS; point >= 0; point--) {
		double hours = hours_at(frame, point);
		while (next > series->first) {
			const struct series_row *row = &series->row[next - 1];
			if ((double)(row->start - series->retired) / 3600 < hours - 1e-9)
				break;
			count += row->count;
			buckets += row->observed_seconds / (double)BUCKET_SECONDS;
			next--;
		}
		observed[point] = is_observed(series, next, hours);
		double later = residual_from(analysis, count, buckets);
		share[point][0] = percent_of(later, after.value, within + after.value);
		share[point][1] = percent_of(later, after.low, within + after.low);
		share[point][2] = percent_of(later, after.high, within + after.high);
	}
	for (int point = 0; point <= POINTS; point++) {
		double hours = hours_at(frame, point);
		struct layer_row row = layer_row_at("still_to_come_percent", hours, hours);
		row.value = share[point][0];
		row.low = share[point][1];
		row.high = share[point][2];
		if (observed[point] && isfinite(row.value) && layers_add(layers, row, failure) != 0)
			return -1;
	}
	return 0;
}

static int add_fit_shares(const struct frame *frame, struct layers *layers, struct failure *failure)
{
	const struct analysis *analysis = frame->analysis;
	if (!analysis->best.done || analysis->best.family == FAMILY_CONST)
		return 0;
	struct fit level = fit_leveled(&analysis->best);
	double end = analysis->span_hours, after = remaining(analysis).value;
	double all = family_integral(level.family, level.parameter, 0, end) + after;
	for (int point = 0; point <= POINTS && all > 0; point++) {
		double hours = hours_at(frame, point);
		if (hours > end)
			break;
		struct layer_row row = layer_row_at("fit_percent", hours, hours);
		row.value = 100 *
			    (family_integral(level.family, level.parameter, hours, end) + after) /
			    all;
		if (layers_add(layers, row, failure) != 0)
			return -1;
	}
	return 0;
}

/* The longest pause that had been seen by the end of each stretch of the axis. After unobserved
 * time nobody knows how long ago the last one was, until the next. */
static int add_pauses(const struct frame *frame, struct layers *layers, struct failure *failure)
{
	const struct series *series = frame->analysis->series;
	const double bucket = BUCKET_SECONDS / 3600.0;
	double last = 0, known_to = 0;
	bool known = true;
	size_t next = series->first;
	for (int point = 1; point <= POINTS; point++) {
		double from = hours_at(frame, point - 1), to = hours_at(frame, point);
		double longest = NAN;
		for (; next < series->rows; next++) {
			const struct series_row *row = &series->row[next];
			double start = fmax((double)(row->start - series->retired) / 3600, 0);
			if (start >= to)
				break;
			if (start > known_to + 1e-6)
				known = false;
			known_to = start + bucket;
			if (row->count > 0) {
				if (known)
					longest = fmax(isnan(longest) ? 0 : longest, start - last);
				last = start;
				known = true;
			}
		}
		if (known && known_to >= to - 1e-6)
			longest = fmax(isnan(longest) ? 0 : longest, to - last);
		struct layer_row row = layer_row_at("since_last_hours", from, to);
		row.value = longest;
		if (isfinite(longest) && layers_add(layers, row, failure) != 0)
			return -1;
	}
	return 0;
}

static int compute(struct layers *layers, const struct figure_request *request,
		   struct failure *failure)
{
	struct frame frame;
	plan(&frame, request);
	if (add_shares(&frame, layers, failure) != 0 ||
	    add_fit_shares(&frame, layers, failure) != 0 ||
	    add_pauses(&frame, layers, failure) != 0)
		return -1;
	return frame_add_gaps(&frame, layers, failure);
}

static double lowest_share(const struct layers *layers)
{
	double lowest = 100;
	for (size_t i = 0; i < layers->rows; i++)
		if (strcmp(layers->row[i].layer, "still_to_come_percent") == 0 &&
		    layers->row[i].value > 0)
			lowest = fmin(lowest, layers->row[i].value);
	/* A few calls more or less at the very end say nothing. */
	return fmax(pow(10, floor(log10(fmin(lowest, 10)) + 1e-9)), SHARE_LEAST);
}

/* Breaks of the curve where a point is missing. What lies below the panel is drawn along its edge,
 * and the curve itself out of sight. */
static void write_shares(const struct frame *frame, const struct layers *layers, double bottom,
			 FILE *script)
{
	int point = 0;
	bool any = false, broken = false;
	fputs("$share << EOD\n", script);
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (strcmp(row->layer, "still_to_come_percent") != 0)
			continue;
		for (; point < POINTS && hours_at(frame, point) < row->from_hours; point++)
			broken = true;
		if (any && broken)
			putc('\n', script);
		fprintf(script, "%.9g %.9g %.9g %.9g\n", frame->position(row->from_hours),
			row->value > bottom ? row->value : bottom / 100, fmax(row->low, bottom),
			fmax(row->high, bottom));
		any = true;
		broken = false;
		point++;
	}
	fputs(any ? "EOD\n" : "NaN NaN NaN NaN\nEOD\n", script);
}

/* The curve ends where it would leave the panel. */
static void write_fit_shares(const struct frame *frame, const struct layers *layers, double bottom,
			     FILE *script)
{
	fputs("$fit_percent << EOD\n", script);
	for (size_t i = 0; i < layers->rows; i++)
		if (strcmp(layers->row[i].layer, "fit_percent") == 0 &&
		    layers->row[i].value >= bottom)
			fprintf(script, "%.9g %.9g\n", frame->position(layers->row[i].from_hours),
				layers->row[i].value);
	fputs("NaN NaN\nEOD\n", script);
}

static void write_margins(const struct frame *panel, FILE *script)
{
	fprintf(script, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
		1 - panel->top / FIGURE_HEIGHT, 1 - panel->bottom / FIGURE_HEIGHT);
}

static void draw_upper(FILE *script, const struct frame *panel, const struct layers *layers,
		       double lowest)
{
	enum language language = panel->language;
	const struct fit *best = &panel->analysis->best;
	char fit[WORD_TEXT_SIZE];
	bool fine = lowest >= 10; /* room for ticks within the decade */
	write_margins(panel, script);
	fprintf(script,
		"unset label\nunset object\nunset arrow\nunset xtics\nset border 3\n"
		"set logscale y\nset yrange [%.9g:%d]\nset mytics 10\n"
		"set ytics ('100 %%%%' 100, '%s' 50, '%s' 20, '10 %%%%' 10, '1 %%%%' 1, '0.1 %%%%' "
		"0.1, '0.01 %%%%' "
		"0.01)\n"
		"set grid ytics linetype 1 linecolor rgb '" COLOUR_GRID "' linewidth 0.6\n"
		"bottom = %.9g\nhighest = %d\nset key at screen 0.5, screen %.5f maxrows 1\nplot ",
		lowest, SHARE_HIGHEST, fine ? "50 %%" : "", fine ? "20 %%" : "", lowest,
		SHARE_HIGHEST, 16.0 / FIGURE_HEIGHT);
	if (layers_count(layers, "gap"))
		fputs("$gap using 6:(highest):1:2:(bottom):(highest) with boxxyerror fillstyle "
		      "pattern 5 noborder linecolor rgb '" COLOUR_GAP "' notitle, \\\n",
		      script);
	bool forecast = remaining(panel->analysis).value > 0;
	if (forecast)
		fputs("$share using 1:3:4 with filledcurves fillstyle solid 0.45 noborder "
		      "linecolor rgb '" COLOUR_SKY_BLUE "' notitle, \\\n",
		      script);
	if (layers_count(layers, "fit_percent"))
		fprintf(script,
			"$fit_percent using 1:2 with lines linecolor rgb "
			"'" COLOUR_VERMILLION "' linewidth 1.6 dashtype (6,3) title '%s', \\\n",
			word_fill(language, WORD_BEST_FIT, word_family(language, best->family),
				  NULL, fit));
	fprintf(script,
		"$share using 1:2 with lines linecolor rgb "
		"'" COLOUR_BLUE "' linewidth 1.6 title '%s'\n",
		word(language, forecast ? WORD_COUNTED_FORECAST : WORD_COUNTED));
}

/* Ticks of the lower panel: durations that a person would say. */
static void write_pause_ticks(const struct frame *panel, const struct layers *layers, FILE *script)
{
	static const double tick[] = {1 / 12.0, 1, 24, 24 * 30.0};
	double highest = 1;
	for (size_t i = 0; i < layers->rows; i++)
		if (strcmp(layers->row[i].layer, "since_last_hours") == 0)
			highest = fmax(highest, layers->row[i].value);
	fprintf(script,
		"set logscale y\nset yrange [%.9g:%.9g]\nbottom = %.9g\nhighest = %.9g\n"
		"set ytics (",
		PAUSE_LEAST, highest * 1.5, PAUSE_LEAST, highest * 1.5);
	for (size_t i = 0; i < sizeof tick / sizeof tick[0]; i++) {
		char text[32];
		word_duration(panel->language, tick[i], text, sizeof text);
		/* "1 d" rather than "24 h" beside days. */
		if (tick[i] == 24 && panel->language == LANGUAGE_ENGLISH)
			snprintf(text, sizeof text, "1 d");
		else if (tick[i] == 24)
			snprintf(text, sizeof text, "1日");
		fprintf(script, "%s'%s' %.9g", i ? ", " : "", text, tick[i]);
	}
	fputs(")\n", script);
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	struct frame frame, upper, lower;
	plan(&frame, request);
	upper = lower = frame;
	double height = frame.bottom - frame.top - PANELS_DISTANCE;
	upper.bottom = frame.top + height * UPPER_PANEL;
	lower.top = upper.bottom + PANELS_DISTANCE;
	fputs("set multiplot\n", script);
	frame_write(&frame, word(frame.language, WORD_SURVIVAL_ABOUT), script);
	frame_write_left(&upper, word(frame.language, WORD_STILL_TO_COME), script);
	frame_write_left(&lower, word(frame.language, WORD_SINCE_LAST), script);
	write_margins(&lower, script);
	fputs("set key maxrows 1\n", script); /* that of the upper panel stands above it */
	write_pause_ticks(&lower, layers, script);
	layers_write_block(layers, "gap", frame.position, script);
	double lowest = lowest_share(layers);
	write_fit_shares(&frame, layers, lowest, script);
	layers_write_steps(layers, "since_last_hours", frame.position, PAUSE_LEAST, script);
	write_shares(&frame, layers, lowest, script);
	fputs("plot ", script);
	rate_axis_plot_gaps(&frame, layers, script);
	fprintf(script,
		"$since_last_hours using 1:2 with filledcurves y=%.9g "
		"fillstyle solid noborder linecolor rgb '" COLOUR_ORANGE "' title '%s'\n",
		PAUSE_LEAST, word(frame.language, WORD_LONGEST_PAUSE));
	draw_upper(script, &upper, layers, lowest);
	fputs("unset multiplot\n", script);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	frame_describe(&frame, word(frame.language, WORD_SURVIVAL_ABOUT), description);
	word_fill(frame.language, WORD_SURVIVAL_TEXT, word(frame.language, frame.counted),
		  word(frame.language,
		       remaining(frame.analysis).value > 0 ? WORD_COUNTED_FORECAST : WORD_COUNTED),
		  description->text);
}

const struct figure survival_figure = {
	.name = "survival",
	.summary = "the share of what was still to come, and the time since the last one",
	.targets_max = 1,
	.days_max = 36500,
	.value = "value",
	.compute = compute,
	.draw = draw,
	.describe = describe,
};
