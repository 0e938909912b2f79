/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * layers: the numbers that a figure draws, in rows, each belonging to a layer ("mean", "fit",
 * "gap"...). A figure is computed into layers once; what is drawn and what its CSV holds are
 * these same rows. */
#ifndef STALENODE_LAYERS_H
#define STALENODE_LAYERS_H

#include "../observer/base/failure.h"

#include <stddef.h>
#include <stdio.h>

struct layer_row {
	const char *layer;     /* a literal of the figure's; not owned */
	double from_hours;     /* since retirement */
	double to_hours;       /* equal to from_hours for an instant */
	double value;	       /* per 5 observed minutes; NAN where a layer has none */
	double low, high;      /* its 95 % interval; NAN where a layer has none */
	double count;	       /* what was counted from..to; NAN where a layer has none */
	double observed_hours; /* of from..to; NAN where a layer has none */
	size_t target;	       /* which of the figure's targets: 0 is the first */
};

/* More rows than a figure can show; the drawing fails with a word rather than grow on. */
#define LAYER_ROWS_MAX 40000

struct layers {
	struct layer_row *row; /* owned */
	size_t rows, capacity;
};

/* A row whose numbers are all unknown, to be filled where the layer has them. */
struct layer_row layer_row_at(const char *layer, double from_hours, double to_hours);
int layers_add(struct layers *layers, struct layer_row row, struct failure *failure);
void layers_free(struct layers *layers);
size_t layers_count(const struct layers *layers, const char *layer);

/* Where a value of the figure's time axis stands: hours since retirement to axis units. */
typedef double (*axis_position)(double hours);

/* The rows of one layer as a gnuplot data block "$LAYER": from, to, value, low, high, middle.
 * Unknown numbers are written NaN, which gnuplot skips. A layer without rows gets one row of
 * NaN, because gnuplot refuses an empty block. */
void layers_write_block(const struct layers *layers, const char *layer, axis_position position,
			FILE *script);

/* The same as the outline of steps: position and value of each corner, and an empty line where a
 * row does not follow the one before at once, so that nothing is drawn over a gap. Values below
 * `least` stand there. */
void layers_write_steps(const struct layers *layers, const char *layer, axis_position position,
			double least, FILE *script);

/* How a CSV names the value and the count, with their units: "syn_per_5min", "syn". */
struct layer_names {
	const char *value, *count;
	const char *const *target; /* names of the targets, a column of their own; NULL for none */
};

/* All rows as CSV with a header line that names the units; what is unknown is an empty field. */
void layers_write_csv(const struct layers *layers, const struct layer_names *names, FILE *stream);

#endif
