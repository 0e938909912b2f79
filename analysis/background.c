/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "background.h"

#include <math.h>
#include <stdlib.h>

#define HALF_WINDOW (7 * 86400 / 2)
/* Of a window so thin that it tells little, this many SYNs at the level are added. */
#define LEVEL_COUNTS 5.0

struct rate {
	double count, hours;
};

static void add_row(struct rate *rate, const struct series_row *row, double sign)
{
	rate->count += sign * row->other_syn;
	rate->hours += sign * row->observed_seconds / 3600.0;
}

int background_drift(double **drift, const struct series *series, double level,
		     struct failure *failure)
{
	struct rate whole = {0, 0}, window = {0, 0};
	for (size_t i = series->first; i < series->rows; i++)
		add_row(&whole, &series->row[i], 1);
	if (!series->has_other || whole.count <= 0)
		return fail(failure, EXIT_FAILED,
			    "%s: no SYNs to other ports are known: leave --background out",
			    series->name);
	*drift = calloc(series->rows, sizeof **drift);
	if (!*drift)
		return fail(failure, EXIT_FAILED, "%s: no memory for %zu buckets", series->name,
			    series->rows);
	if (level <= 0)
		level = whole.count / whole.hours;
	const struct series_row *row = series->row;
	size_t low = series->first, high = series->first;
	for (size_t i = series->first; i < series->rows; i++) {
		while (high < series->rows && row[high].start <= row[i].start + HALF_WINDOW)
			add_row(&window, &row[high++], 1);
		while (row[low].start < row[i].start - HALF_WINDOW)
			add_row(&window, &row[low++], -1);
		(*drift)[i] = (window.count + LEVEL_COUNTS) / (window.hours * level + LEVEL_COUNTS);
	}
	return 0;
}
