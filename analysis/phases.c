/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phases.h"

#include "hourly.h"
#include "pieces.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#define HOUR_SECONDS	     3600
#define BUCKET_SPAN	     300
#define MONTH_HOURS	     (30 * 24.0)
#define DIVIDE_ROUNDS	     4
#define LATE_HOURS	     (60 * 24.0)
#define WILSON_HILFERTY_FROM 500.0

static int by_value(const void *left, const void *right)
{
	double one = *(const double *)left, other = *(const double *)right;
	return (one > other) - (one < other);
}

static double percentile(double *value, size_t count, double share)
{
	if (count == 0)
		return NAN;
	return value[(size_t)floor(share * (double)(count - 1) + 0.5)];
}

/* The level itself varies less than the hours' means, which have the noise of their counts too:
 * (1 + phi) times the mean. Percentiles are drawn towards the mean until their variance is what the
 * noise leaves (constrained empirical Bayes: Louis 1984), so that a constant rate has no range. */
static void level_range(struct phase *phase, double *rate, size_t hours, double noise)
{
	double mean = 0, variance = 0;
	for (size_t i = 0; i < hours; i++)
		mean += rate[i] / (double)hours;
	for (size_t i = 0; i < hours; i++)
		variance += (rate[i] - mean) * (rate[i] - mean) / (double)hours;
	double kept = variance > noise ? sqrt(1 - noise / variance) : 0;
	qsort(rate, hours, sizeof *rate, by_value);
	phase->rate_low = mean + kept * (percentile(rate, hours, 0.1) - mean);
	phase->rate_high = mean + kept * (percentile(rate, hours, 0.9) - mean);
	if (hours == 0)
		phase->rate_low = phase->rate_high = NAN;
}

/* Percentiles of the active buckets, of all buckets and of the hours; `room` holds a value per row.
 */
static void spread(struct phase *phase, const struct series_row *row, size_t first, size_t last,
		   int64_t retired, double phi, double *room)
{
	size_t n = 0;
	for (size_t i = first; i < last; i++)
		if (row[i].count > 0)
			room[n++] = row[i].count;
	qsort(room, n, sizeof *room, by_value);
	phase->active_low = percentile(room, n, 0.1);
	phase->active_high = percentile(room, n, 0.9);
	n = 0;
	for (size_t i = first; i < last; i++)
		if (row[i].observed_seconds >= BUCKET_SPAN / 2)
			room[n++] = (double)row[i].count / row[i].observed_seconds * BUCKET_SPAN;
	qsort(room, n, sizeof *room, by_value);
	phase->bucket_low = percentile(room, n, 0.1);
	phase->bucket_high = percentile(room, n, 0.9);
	n = 0;
	double count = 0, seconds = 0, noise = 0;
	for (size_t i = first; i < last; i++) {
		count += row[i].count;
		seconds += row[i].observed_seconds;
		int64_t hour = (row[i].start - retired) / HOUR_SECONDS;
		if (i + 1 < last && (row[i + 1].start - retired) / HOUR_SECONDS == hour)
			continue;
		if (seconds >= HOUR_SECONDS / 2.0) {
			noise += (1 + phi) * phase->per_bucket * BUCKET_SPAN / seconds;
			room[n++] = count / seconds * BUCKET_SPAN;
		}
		count = seconds = 0;
	}
	level_range(phase, room, n, n > 0 ? noise / (double)n : 0);
}

/* Quantile of the gamma distribution with scale 1; for a large shape by Wilson and Hilferty's
 * cube, whose error is then far below the quantile's own spread. */
static double gamma_quantile(double probability, double shape)
{
	if (shape < WILSON_HILFERTY_FROM)
		return gsl_cdf_gamma_Pinv(probability, shape, 1);
	double ninth = 1 / (9 * shape);
	return shape * pow(1 - ninth + gsl_cdf_ugaussian_Pinv(probability) * sqrt(ninth), 3);
}

/* 95 % of a rate: clusters of 1 + phi counts are what is independent. */
static void rate_interval(struct phase *phase, double count, double buckets, double phi)
{
	double clusters = count / (1 + phi), scale = (1 + phi) / buckets;
	phase->ci_low = clusters > 0 ? scale * gamma_quantile(0.025, clusters) : 0;
	phase->ci_high = scale * gamma_quantile(0.975, clusters + 1);
}

static double calls_per_month(const struct activity *activity)
{
	return (double)activity->calls / activity->observed_hours * MONTH_HOURS;
}

/* Of the last LATE_HOURS that were observed, or the last half. */
static double late_calls_per_month(const struct series_row *row, const struct piece *piece,
				   double observed)
{
	double window = fmin(LATE_HOURS, observed / 2), hours = 0;
	size_t first = piece->last;
	while (first > piece->first && hours < window)
		hours += row[--first].observed_seconds / (double)HOUR_SECONDS;
	struct activity late;
	activity_find(row, first, piece->last, &late);
	return calls_per_month(&late);
}

static void describe(struct phase *phase, const struct series *series, const struct piece *piece,
		     double phi, double *room)
{
	const struct series_row *row = series->row;
	struct activity activity;
	activity_find(row, piece->first, piece->last, &activity);
	double buckets = activity.observed_hours * 12, count = (double)activity.count;
	*phase = (struct phase){.kind = piece->kind};
	phase->from_hours = (double)(row[piece->first].start - series->retired) / HOUR_SECONDS;
	phase->to_hours =
		(double)(row[piece->last - 1].start + BUCKET_SPAN - series->retired) / HOUR_SECONDS;
	phase->per_bucket = count / buckets;
	phase->per_active_bucket = activity.active ? count / (double)activity.active : NAN;
	phase->active_fraction = activity.active_hours / activity.observed_hours;
	phase->observed_hours = activity.observed_hours;
	phase->first_syn_hours = phase->last_syn_hours = NAN;
	phase->calls_per_month = calls_per_month(&activity);
	phase->calls_per_month_late = late_calls_per_month(row, piece, activity.observed_hours);
	phase->calls = activity.calls;
	phase->active = activity.active;
	for (size_t i = piece->first; i < piece->last; i++) {
		phase->syn += row[i].syn;
		if (row[i].syn == 0)
			continue;
		phase->last_syn_hours = (double)(row[i].start - series->retired) / HOUR_SECONDS;
		if (isnan(phase->first_syn_hours))
			phase->first_syn_hours = phase->last_syn_hours;
	}
	rate_interval(phase, count, buckets, phi);
	spread(phase, row, piece->first, piece->last, series->retired, phi, room);
}

static void tell(struct analysis *analysis, struct pieces *pieces, double phi, double *room)
{
	if (pieces->count > PHASES_MAX) {
		struct activity activity;
		struct piece *last = &pieces->piece[PHASES_MAX - 1];
		last->last = pieces->piece[pieces->count - 1].last;
		activity_find(pieces->row, last->first, last->last, &activity);
		last->kind = activity_kind(&activity);
		pieces->count = PHASES_MAX;
	}
	for (size_t i = 0; i < pieces->count; i++)
		describe(&analysis->phase[i], analysis->series, &pieces->piece[i], phi, room);
	analysis->phases = pieces->count;
}

/* Spread of the bucket counts around the segments' own rates, as a dispersion. */
static double spread_around(const struct series *series, const struct partition *partition,
			    const struct hourly *hourly)
{
	double squares = 0, total = 0;
	size_t first = series->first;
	for (size_t i = 0; i < partition->segments; i++) {
		size_t last = hourly->row_end[partition->end[i] - 1];
		double count = 0, seconds = 0;
		for (size_t row = first; row < last; row++) {
			count += series->row[row].count;
			seconds += series->row[row].observed_seconds;
		}
		for (size_t row = first; row < last; row++) {
			double mean = count / seconds * series->row[row].observed_seconds;
			squares += pow(series->row[row].count - mean, 2);
		}
		total += count;
		first = last;
	}
	return total > 0 ? fmax(squares / total - 1, 0) : 0;
}

/* Partition with the penalty of phi, then with that of the spread around it as long as this is
 * smaller. *phi becomes what was used last. */
static int divide(struct partition *partition, const struct series *series,
		  const struct hourly *hourly, double *phi, struct failure *failure)
{
	for (int round = 0;; round++) {
		double penalty = 3 * (1 + *phi) * log(fmax((double)hourly->hours, 2));
		if (partition_find(partition, hourly->hour, hourly->hours, penalty, failure) < 0)
			return -1;
		double around = spread_around(series, partition, hourly);
		if (round == DIVIDE_ROUNDS || around > *phi * 0.98)
			return 0;
		*phi = around;
		partition_free(partition);
	}
}

int phases_find(struct analysis *analysis, double phi, struct failure *failure)
{
	const struct series *series = analysis->series;
	size_t rows = series->rows - series->first;
	struct hourly hourly;
	struct partition partition = {0};
	struct pieces pieces = {.row = series->row};
	int result = -1;
	analysis->phases = 0;
	if (rows == 0)
		return 0;
	if (hourly_collect(&hourly, series, failure) < 0)
		return -1;
	double *room = calloc(rows, sizeof *room);
	if (!room || divide(&partition, series, &hourly, &phi, failure) < 0)
		goto done;
	pieces.room = pieces_room(partition.segments, hourly.hours);
	pieces.piece = calloc(pieces.room, sizeof *pieces.piece);
	if (!pieces.piece)
		goto done;
	size_t first = series->first;
	for (size_t i = 0; i < partition.segments; i++) {
		size_t last = hourly.row_end[partition.end[i] - 1];
		pieces_add_segment(&pieces, first, last);
		first = last;
	}
	pieces_settle(&pieces);
	tell(analysis, &pieces, phi, room);
	result = 0;
done:
	if (result < 0)
		fail(failure, EXIT_FAILED, "%s: no memory for the phases of %zu buckets",
		     series->name, rows);
	free(pieces.piece);
	partition_free(&partition);
	free(room);
	hourly_free(&hourly);
	return result;
}
