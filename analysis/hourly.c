/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hourly.h"

#include <stdlib.h>

#define HOUR_SECONDS 3600

static int64_t hour_of(const struct series *series, size_t row)
{
	return (series->row[row].start - series->retired) / HOUR_SECONDS;
}

int hourly_collect(struct hourly *hourly, const struct series *series, struct failure *failure)
{
	size_t rows = series->rows - series->first;
	*hourly = (struct hourly){.hour = calloc(rows + 1, sizeof *hourly->hour),
				  .row_end = calloc(rows + 1, sizeof *hourly->row_end)};
	if (!hourly->hour || !hourly->row_end) {
		hourly_free(hourly);
		return fail(failure, EXIT_FAILED, "%s: no memory for the hours of %zu buckets",
			    series->name, rows);
	}
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		if (i == series->first || hour_of(series, i) != hour_of(series, i - 1))
			hourly->hours++;
		struct hour_count *hour = &hourly->hour[hourly->hours - 1];
		hour->count += row->count;
		hour->observed += row->observed_seconds / (double)HOUR_SECONDS;
		hourly->row_end[hourly->hours - 1] = i + 1;
	}
	return 0;
}

void hourly_free(struct hourly *hourly)
{
	free(hourly->hour);
	free(hourly->row_end);
	*hourly = (struct hourly){0};
}

long hourly_begin(const struct hourly *hourly, const struct series *series, size_t index)
{
	return (long)hour_of(series, hourly->row_end[index] - 1);
}
