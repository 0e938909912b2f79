/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

#include <math.h>
#include <stdlib.h>

#define BUCKET_SPAN	300
#define HOUR		3600
#define SEARCH_FINE	(6 * HOUR)
#define SEARCH_COARSE	(12 * HOUR)
#define PLATEAU_SECONDS (SAMPLE_PLATEAU_HOURS * HOUR)

/* Rows with the same key are merged; -1 never merges. `offset` is seconds since retirement. */
static int64_t merge_key(enum sample_form form, int64_t offset, const struct series_row *row)
{
	switch (form) {
	case SAMPLE_MERGED:
		if (row->count > 0 || row->observed_seconds < BUCKET_SPAN)
			return -1;
		return offset < PLATEAU_SECONDS ? offset / HOUR : SAMPLE_PLATEAU_HOURS;
	case SAMPLE_COARSE:
		if (offset < SEARCH_FINE)
			return -1;
		return offset < PLATEAU_SECONDS ? offset / HOUR
						: PLATEAU_SECONDS + offset / SEARCH_COARSE;
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
	free(sample->count);
	free(sample->merged);
	*sample = (struct sample){0};
}

int sample_make(struct sample *sample, const struct series *series, enum sample_form form,
		struct failure *failure)
{
	size_t used = series->rows - series->first;
	size_t room = used ? used : 1;
	*sample = (struct sample){0};
	sample->from = calloc(room, sizeof *sample->from);
	sample->to = calloc(room, sizeof *sample->to);
	sample->exposure = calloc(room, sizeof *sample->exposure);
	sample->count = calloc(room, sizeof *sample->count);
	sample->merged = calloc(room, sizeof *sample->merged);
	if (!sample->from || !sample->to || !sample->exposure || !sample->count ||
	    !sample->merged) {
		sample_free(sample);
		return fail(failure, EXIT_FAILED, "%s: no memory for %zu buckets", series->name,
			    used);
	}
	int64_t last_key = -1;
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		int64_t offset = row->start - series->retired;
		int64_t key = merge_key(form, offset, row);
		double from = (double)offset / HOUR, to = (double)(offset + BUCKET_SPAN) / HOUR;
		double observed = row->observed_seconds / (double)HOUR;
		size_t n = sample->rows;
		/* Empty buckets merge only with their neighbour; coarse rows may hold a gap. */
		bool merges = n > 0 && key >= 0 && key == last_key &&
			      (form == SAMPLE_COARSE || fabs(sample->to[n - 1] - from) < 1e-6);
		if (!merges) {
			sample->from[n] = from;
			sample->rows = ++n;
		}
		/* Summed as observed hours here, divided by the width below. */
		sample->exposure[n - 1] += observed;
		sample->to[n - 1] = to;
		sample->count[n - 1] += row->count;
		sample->merged[n - 1] += 1;
		last_key = key;
		sample->total += row->count;
		sample->hours += observed;
		sample->log_factorials += lgamma(row->count + 1.0);
		sample->active += row->count > 0;
		sample->end = to;
	}
	for (size_t i = 0; i < sample->rows; i++) {
		double exposure = sample->exposure[i] / (sample->to[i] - sample->from[i]);
		/* A full bucket is exactly 1 in spite of rounding. */
		sample->exposure[i] = fabs(exposure - 1) < 1e-9 ? 1 : exposure;
	}
	sample->buckets = used;
	return 0;
}
