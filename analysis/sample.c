/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define BUCKET_SPAN 300
#define HOUR	    3600
#define DAY	    86400
#define WEEK	    (7 * DAY)
#define SEARCH_FINE (6 * HOUR)
/* As plateau.c looks at every hour up to here, and at later ones in steps of 4 %. */
#define SEARCH_DENSE	(72 * HOUR)
#define PLATEAU_SECONDS (SAMPLE_PLATEAU_HOURS * HOUR)
/* Windows of merged and grouped buckets: hours while a plateau may end, then 1/28 of the time
 * passed, over which no decay of these families bends. Those of coarse rows grow from earlier on.
 */
#define GROUP_SHARE 28
#define PI	    3.14159265358979323846

/* The window that a time lies in: its number, which rises with time, and where it ends at least. */
struct window {
	int64_t number, end; /* seconds since retirement */
};

/* Hours up to `dense` seconds. */
static int64_t window_of(struct window *window, int64_t offset, int64_t dense)
{
	if (offset < dense)
		return offset / HOUR;
	if (offset < window->end)
		return window->number;
	double passed = (double)offset / (double)dense;
	int64_t step = (int64_t)floor(log(passed) * GROUP_SHARE);
	/* A second before the next one begins: rounding decides nothing. */
	double next = (double)dense * exp((double)(step + 1) / GROUP_SHARE);
	*window = (struct window){dense / HOUR + step, (int64_t)next - 1};
	return window->number;
}

/* Rows with the same key may become one; -1 never. `offset` is seconds since retirement, and rises.
 */
static int64_t merge_key(enum sample_form form, struct window *window, int64_t offset,
			 const struct series_row *row)
{
	bool empty = row->count == 0 && row->observed_seconds >= BUCKET_SPAN;
	switch (form) {
	case SAMPLE_MERGED:
		return empty ? window_of(window, offset, PLATEAU_SECONDS) : -1;
	case SAMPLE_HOURLY:
		return empty ? offset / HOUR : -1;
	case SAMPLE_GROUPED:
		return row->observed_seconds < BUCKET_SPAN
			       ? -1
			       : window_of(window, offset, PLATEAU_SECONDS);
	case SAMPLE_COARSE:
		return offset < SEARCH_FINE ? -1 : window_of(window, offset, PLATEAU_SECONDS);
	case SAMPLE_COARSER:
		return offset < SEARCH_FINE ? -1 : window_of(window, offset, SEARCH_DENSE);
	case SAMPLE_DAYS:
		if (offset < SEARCH_FINE)
			return -1;
		return offset < PLATEAU_SECONDS ? offset / HOUR
						: SAMPLE_PLATEAU_HOURS + offset / DAY;
	case SAMPLE_ROWS:
		break;
	}
	return -1;
}

void sample_free(struct sample *sample)
{
	free(sample->from);
	free(sample->to);
	free(sample->exposure);
	free(sample->background);
	free(sample->count);
	free(sample->merged);
	free(sample->weight);
	free(sample->wave);
	*sample = (struct sample){0};
}

static bool allocate(struct sample *sample, size_t room)
{
	*sample = (struct sample){.from = calloc(room, sizeof(double)),
				  .to = calloc(room, sizeof(double)),
				  .exposure = calloc(room, sizeof(double)),
				  .background = calloc(room, sizeof(double)),
				  .count = calloc(room, sizeof(double)),
				  .merged = calloc(room, sizeof(double)),
				  .weight = calloc(room, sizeof(double))};
	return sample->from && sample->to && sample->exposure && sample->background &&
	       sample->count && sample->merged && sample->weight;
}

/* The row that the next bucket belongs to, of those from `window` on; a new one otherwise. */
static size_t find_row(struct sample *sample, enum sample_form form, int64_t key, int64_t last_key,
		       size_t window, double from, double count)
{
	size_t last = sample->rows - 1;
	if (form == SAMPLE_GROUPED) {
		for (size_t i = window; key >= 0 && i < sample->rows; i++)
			if (sample->count[i] == count && sample->exposure[i] == 1)
				return i;
	} else if (sample->rows > 0 && key >= 0 && key == last_key &&
		   /* Empty buckets merge only with their neighbour; coarse rows may hold a gap. */
		   (form == SAMPLE_COARSE || form == SAMPLE_COARSER || form == SAMPLE_DAYS ||
		    fabs(sample->to[last] - from) < 1e-6)) {
		return last;
	}
	sample->from[sample->rows] = from;
	return sample->rows++;
}

static void add_bucket(struct sample *sample, enum sample_form form, size_t n, double from,
		       double to, double observed, double background, double count)
{
	if (form == SAMPLE_GROUPED) {
		/* Means over the buckets of the group. */
		double share = 1 / ++sample->weight[n];
		sample->from[n] += share * (from - sample->from[n]);
		sample->to[n] += share * (to - sample->to[n]);
		sample->background[n] += share * (background - sample->background[n]);
		sample->exposure[n] = observed * HOUR >= BUCKET_SPAN ? 1 : observed / (to - from);
		sample->count[n] = count;
		sample->merged[n] = 1;
		return;
	}
	/* Summed as observed hours here, divided by the width at the end. */
	sample->exposure[n] += observed;
	sample->background[n] += background;
	sample->to[n] = to;
	sample->count[n] += count;
	sample->merged[n] += 1;
	sample->weight[n] = 1;
}

/* lgamma() itself writes to a global variable. */
static double log_factorial(double count)
{
	int sign;
	return count > 1 ? lgamma_r(count + 1, &sign) : 0;
}

int sample_make(struct sample *sample, const struct series *series, enum sample_form form,
		struct failure *failure)
{
	size_t used = series->rows - series->first, window = 0;
	struct window merging = {0, 0};
	int64_t last_key = -1;
	if (!allocate(sample, used ? used : 1)) {
		sample_free(sample);
		return fail(failure, EXIT_FAILED, "%s: no memory for %zu buckets", series->name,
			    used);
	}
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		int64_t offset = row->start - series->retired;
		int64_t key = merge_key(form, &merging, offset, row);
		double from = (double)offset / HOUR, to = (double)(offset + BUCKET_SPAN) / HOUR;
		double observed = row->observed_seconds / (double)HOUR;
		if (key != last_key)
			window = sample->rows;
		size_t n = find_row(sample, form, key, last_key, window, from, row->count);
		add_bucket(sample, form, n, from, to, observed,
			   observed * (series->drift ? series->drift[i] : 1), row->count);
		last_key = key;
		sample->total += row->count;
		sample->hours += observed;
		sample->log_factorials += log_factorial(row->count);
		sample->active += row->count > 0;
		sample->end = to;
	}
	for (size_t i = 0; i < sample->rows && form != SAMPLE_GROUPED; i++) {
		double exposure = sample->exposure[i] / (sample->to[i] - sample->from[i]);
		/* A full bucket is exactly 1 in spite of rounding. */
		sample->exposure[i] = fabs(exposure - 1) < 1e-9 ? 1 : exposure;
	}
	sample->weighted = form == SAMPLE_GROUPED;
	sample->buckets = used;
	return 0;
}

int sample_add_waves(struct sample *sample, int64_t retired, struct failure *failure)
{
	static const int64_t period[SAMPLE_WAVES / 2] = {DAY, WEEK};
	sample->wave = calloc(sample->rows ? sample->rows * SAMPLE_WAVES : 1, sizeof(double));
	if (!sample->wave)
		return fail(failure, EXIT_FAILED, "no memory for the waves of %zu buckets",
			    sample->rows);
	for (size_t i = 0; i < sample->rows; i++) {
		double half = (sample->from[i] + sample->to[i]) / 2;
		int64_t middle = retired + llround(half * HOUR);
		for (int p = 0; p < SAMPLE_WAVES / 2; p++) {
			double angle = 2 * PI * (double)(middle % period[p]) / (double)period[p];
			sample->wave[i * SAMPLE_WAVES + 2 * (size_t)p] = cos(angle);
			sample->wave[i * SAMPLE_WAVES + 2 * (size_t)p + 1] = sin(angle);
		}
	}
	return 0;
}
