/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rate_axis: the logarithmic axis of rates per 5 minutes on the left, the same rates as a person
 * says them ("1 a day") on the right, and below it a row of its own for what is zero. */
#ifndef STALENODE_RATE_AXIS_H
#define STALENODE_RATE_AXIS_H

#include "frame.h"

struct rate_axis {
	double lowest, highest; /* of the logarithmic part */
	double zero;		/* where the row of zeros stands */
	double bottom;		/* of the plot */
	bool has_zero;
};

/* For rates from lowest (above 0; INFINITY when none came) to highest. */
struct rate_axis rate_axis_plan(const struct frame *frame, double lowest, double highest,
				bool has_zero);

/* Writes both axes, and the gnuplot variables lowest, bottom and highest. */
void rate_axis_write(const struct frame *frame, const struct rate_axis *axis, FILE *script);

/* Layers as data blocks, their rates limited to the axis here: gnuplot is slow at expressions.
 * "$LAYER" of means: from, to, value, low and high, the low end not below the logarithmic part, and
 * middle. "$LAYER" of zeros: middle, the row of zeros, 0, and from there up to the high end, NaN
 * where that is not on the logarithmic part. "$fitN" of a target's fit: instant, value (NaN below
 * the logarithmic part), low and high within it (NaN where there is no band). */
void rate_axis_write_means(const struct frame *frame, const struct layers *layers,
			   const char *layer, const struct rate_axis *axis, FILE *script);
void rate_axis_write_zeros(const struct frame *frame, const struct layers *layers,
			   const char *layer, const struct rate_axis *axis, FILE *script);
void rate_axis_write_fit(const struct frame *frame, const struct layers *layers, size_t target,
			 const struct rate_axis *axis, FILE *script);

/* The parts of a plot command, each ending ", \": the hatching of layer "gap"; the line that
 * divides the row of zeros from the axis; the layer of zeros with bars up to its 95 % limits,
 * its key only with `name`. */
void rate_axis_plot_gaps(const struct frame *frame, const struct layers *layers, FILE *script);
void rate_axis_plot_divide(const struct rate_axis *axis, FILE *script);
void rate_axis_plot_zeros(const char *layer, const char *colour, int point, const char *name,
			  FILE *script);

#endif
