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

/* Writes both axes, and the gnuplot variables lowest, zero, bottom, highest and the function
 * above(y), which is NaN for what lies below the logarithmic part. */
void rate_axis_write(const struct frame *frame, const struct rate_axis *axis, FILE *script);

/* The parts of a plot command, each ending ", \": the hatching of layer "gap"; the line that
 * divides the row of zeros from the axis; the layer of zeros with bars up to its 95 % limits,
 * its key only with `name`. */
void rate_axis_plot_gaps(const struct frame *frame, const struct layers *layers, FILE *script);
void rate_axis_plot_divide(const struct rate_axis *axis, FILE *script);
void rate_axis_plot_zeros(const char *layer, const char *colour, int point, const char *name,
			  FILE *script);

#endif
