/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rate_axis.h"

#include "count_axis.h"
#include "palette.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define ZERO_ROW_HEIGHT 24 /* below the logarithmic axis, in 96ths of an inch */

/* The next of 1, 2, 5 x 10^n at or below a positive number. */
static double round_down(double number)
{
	double decade = pow(10, floor(log10(number)));
	double leading = number / decade * (1 + 1e-12);
	return decade * (leading >= 5 ? 5 : leading >= 2 ? 2 : 1);
}

struct rate_axis rate_axis_plan(const struct frame *frame, double lowest, double highest,
				bool has_zero)
{
	struct rate_axis axis = {.has_zero = has_zero};
	if (!isfinite(lowest)) { /* nothing came at all: an axis around one SYN a day */
		lowest = 0.001;
		highest = 1;
	}
	axis.lowest = round_down(lowest * 0.6);
	axis.highest = fmax(highest * 1.5, axis.lowest * 10);
	double height = frame->bottom - frame->top;
	double below = has_zero ? ZERO_ROW_HEIGHT : 0;
	double decades = log10(axis.highest / axis.lowest) / (height - below);
	axis.bottom = axis.lowest * pow(10, -decades * below);
	axis.zero = axis.lowest * pow(10, -decades * below * 0.62);
	return axis;
}

static void write_ticks(const struct frame *frame, const struct rate_axis *axis, FILE *script)
{
	static const struct {
		enum word text;
		double per_bucket;
	} pace[] = {{WORD_A_SECOND, 300},	{WORD_A_MINUTE, 5},
		    {WORD_AN_HOUR, 1 / 12.0},	{WORD_A_DAY, 1 / 288.0},
		    {WORD_A_WEEK, 1 / 2016.0},	{WORD_A_MONTH, 1 / 8640.0},
		    {WORD_A_YEAR, 1 / 105192.0}};
	fprintf(script,
		"set logscale y\nset logscale y2\nset yrange [%.9g:%.9g]\nset y2range [%.9g:%.9g]\n"
		"set mytics 10\nset border 11\nset ytics (",
		axis->bottom, axis->highest, axis->bottom, axis->highest);
	char text[COUNT_AXIS_TEXT_SIZE];
	bool fine = axis->highest / axis->lowest < 60;
	if (axis->has_zero)
		fprintf(script, "'0' %.9g, ", axis->zero);
	for (int exponent = -12; exponent <= 12; exponent++)
		for (int leading = 1; leading < 10; leading++) {
			double value = pow(10, exponent) * leading;
			if (value < axis->lowest * 0.999 || value > axis->highest)
				continue;
			if (leading == 1 || (fine && (leading == 2 || leading == 5)))
				fprintf(script, "'%s' %.9g, ", count_axis_text(value, text), value);
			else
				fprintf(script, "'' %.9g 1, ", value);
		}
	fprintf(script, "'' %.9g)\nset y2tics textcolor rgb '" COLOUR_QUIET_TEXT "' (",
		axis->highest * 2);
	for (size_t i = 0; i < sizeof pace / sizeof pace[0]; i++)
		if (pace[i].per_bucket >= axis->lowest && pace[i].per_bucket <= axis->highest)
			fprintf(script, "'%s' %.9g, ", word(frame->language, pace[i].text),
				pace[i].per_bucket);
	fprintf(script, "'' %.9g)\n", axis->highest * 2);
}

void rate_axis_write(const struct frame *frame, const struct rate_axis *axis, FILE *script)
{
	char text[WORD_TEXT_SIZE];
	write_ticks(frame, axis, script);
	frame_write_left(frame, frame_per_bucket(frame, text), script);
	fprintf(script, "lowest = %.9g\nbottom = %.9g\nhighest = %.9g\n", axis->lowest,
		axis->bottom, axis->highest);
}

/* Writes one row of a data block, limited to the axis. */
typedef void (*row_writer)(const struct frame *frame, const struct layer_row *row,
			   const struct rate_axis *axis, FILE *script);

/* The layer's rows of one target, or `nothing` where it has none: gnuplot refuses an empty block.
 */
static void write_rows(const struct frame *frame, const struct layers *layers, const char *layer,
		       size_t target, const struct rate_axis *axis, row_writer write,
		       const char *nothing, FILE *script)
{
	bool any = false;
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (row->target != target || strcmp(row->layer, layer) != 0)
			continue;
		write(frame, row, axis, script);
		any = true;
	}
	fprintf(script, "%sEOD\n", any ? "" : nothing);
}

static void write_mean(const struct frame *frame, const struct layer_row *row,
		       const struct rate_axis *axis, FILE *script)
{
	double from = frame->position(row->from_hours), to = frame->position(row->to_hours);
	/* fmax() takes the axis where the low end is not known. */
	fprintf(script, "%.9g %.9g %.9g %.9g %.9g %.9g\n", from, to, row->value,
		fmax(row->low, axis->lowest), row->high, (from + to) / 2);
}

static void write_zero(const struct frame *frame, const struct layer_row *row,
		       const struct rate_axis *axis, FILE *script)
{
	double from = frame->position(row->from_hours), to = frame->position(row->to_hours);
	fprintf(script, "%.9g %.9g 0 ", (from + to) / 2, axis->zero);
	if (row->high >= axis->lowest)
		fprintf(script, "%.9g\n", row->high - axis->zero);
	else
		fputs("NaN\n", script);
}

static void write_fit(const struct frame *frame, const struct layer_row *row,
		      const struct rate_axis *axis, FILE *script)
{
	fprintf(script, "%.9g ", frame->position(row->from_hours));
	if (row->value >= axis->lowest)
		fprintf(script, "%.9g ", row->value);
	else
		fputs("NaN ", script);
	if (isfinite(row->high))
		fprintf(script, "%.9g %.9g\n", fmin(fmax(row->low, axis->lowest), axis->highest),
			fmin(fmax(row->high, axis->lowest), axis->highest));
	else
		fputs("NaN NaN\n", script);
}

void rate_axis_write_means(const struct frame *frame, const struct layers *layers,
			   const char *layer, const struct rate_axis *axis, FILE *script)
{
	fprintf(script, "$%s << EOD\n", layer);
	write_rows(frame, layers, layer, 0, axis, write_mean, "NaN NaN NaN NaN NaN NaN\n", script);
}

void rate_axis_write_zeros(const struct frame *frame, const struct layers *layers,
			   const char *layer, const struct rate_axis *axis, FILE *script)
{
	fprintf(script, "$%s << EOD\n", layer);
	write_rows(frame, layers, layer, 0, axis, write_zero, "NaN NaN NaN NaN\n", script);
}

void rate_axis_write_fit(const struct frame *frame, const struct layers *layers, size_t target,
			 const struct rate_axis *axis, FILE *script)
{
	fprintf(script, "$fit%zu << EOD\n", target);
	write_rows(frame, layers, "fit", target, axis, write_fit, "NaN NaN NaN NaN\n", script);
}

void rate_axis_plot_gaps(const struct frame *frame, const struct layers *layers, FILE *script)
{
	if (layers_count(layers, "gap"))
		fprintf(script,
			"$gap using 6:(highest):1:2:(bottom):(highest) with boxxyerror fillstyle "
			"pattern 5 noborder linecolor rgb '" COLOUR_GAP "' title '%s', \\\n",
			word(frame->language, WORD_NOT_OBSERVED));
}

void rate_axis_plot_divide(const struct rate_axis *axis, FILE *script)
{
	if (axis->has_zero)
		fputs("lowest with lines linecolor rgb '" COLOUR_QUIET_TEXT
		      "' linewidth 0.6 dashtype (1,2) notitle, \\\n",
		      script);
}

void rate_axis_plot_zeros(const char *layer, const char *colour, int point, const char *name,
			  FILE *script)
{
	fprintf(script,
		"$%s using 1:2:3:4 with vectors nohead linewidth 0.8 "
		"linecolor rgb '%s' notitle, \\\n"
		"$%s using 1:2 with points pointtype %d pointsize 0.5 linewidth 0.8 "
		"linecolor rgb '%s' title '%s', \\\n",
		layer, colour, layer, point, colour, name);
}
