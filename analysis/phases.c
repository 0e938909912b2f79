/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phases.h"

#include "partition.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#define HOUR_SECONDS       3600
#define BUCKET_SPAN        300
#define STEADY_ABOVE       0.5
#define INTERMITTENT_FROM  0.02
#define CHANCE             0.05
#define STEADY_RATIO       2.0
/* An attempt and its retransmissions touch so many buckets at most. */
#define CALL_BUCKETS 3
#define MONTH_BUCKETS (30.0 * 288.0)
#define DIVIDE_ROUNDS 4
#define LATE_HOURS    (60 * 24.0)
#define WILSON_HILFERTY_FROM 500.0

/* A stretch of rows, [first, last). */
struct piece {
	size_t first, last;
	enum phase_kind kind;
};

struct pieces {
	struct piece *piece;
	size_t count, room;
	const struct series_row *row;
};

struct activity {
	size_t active, calls, visits;
	size_t spells; /* 12-hour spells with activity: visits, and long ones count again */
	size_t first_active, last_active; /* rows */
	uint64_t count;
	double observed_hours;
	size_t rows;
};

static bool apart(const struct series_row *row, size_t active, size_t next_active, int hours)
{
	return row[next_active].start - row[active].start - BUCKET_SPAN >= hours * HOUR_SECONDS;
}

static double observed_hours(const struct series_row *row, size_t first, size_t last)
{
	double seconds = 0;
	for (size_t i = first; i < last; i++)
		seconds += row[i].observed_seconds;
	return seconds / HOUR_SECONDS;
}

static void look_at(const struct series_row *row, size_t first, size_t last,
                    struct activity *activity)
{
	size_t spell = first;
	*activity = (struct activity){.first_active = last, .rows = last - first};
	activity->observed_hours = observed_hours(row, first, last);
	for (size_t i = first; i < last; i++) {
		if (row[i].count == 0)
			continue;
		if (activity->active == 0) {
			activity->first_active = i;
			activity->calls = activity->visits = activity->spells = 1;
			spell = i;
		} else {
			if (apart(row, spell, i, VISIT_GAP_HOURS)) {
				activity->spells++;
				spell = i;
			}
			activity->calls += apart(row, activity->last_active, i, CALL_GAP_HOURS);
			activity->visits += apart(row, activity->last_active, i, VISIT_GAP_HOURS);
		}
		activity->last_active = i;
		activity->active++;
		activity->count += row[i].count;
	}
}

static enum phase_kind kind_of(const struct activity *activity)
{
	if (activity->active == 0)
		return PHASE_SILENT;
	/* One bucket with a count, cut out of a silence, is all active but not steady. */
	if (activity->calls <= LONE_CALLS && activity->active <= CALL_BUCKETS * activity->calls)
		return PHASE_SPORADIC;
	double fraction = (double)activity->active / (double)activity->rows;
	if (fraction > STEADY_ABOVE)
		return PHASE_STEADY;
	return fraction >= INTERMITTENT_FROM ? PHASE_INTERMITTENT : PHASE_SPORADIC;
}

/* The table has room for every stretch that the rules can make; see pieces_room(). */
static void push(struct pieces *pieces, size_t first, size_t last)
{
	struct activity activity;
	if (first >= last)
		return;
	if (pieces->count == pieces->room) {
		pieces->piece[pieces->count - 1].last = last;
		return;
	}
	look_at(pieces->row, first, last, &activity);
	pieces->piece[pieces->count++] = (struct piece){first, last, kind_of(&activity)};
}

/* Spells at random over with + without hours would leave so long an end free so rarely; of a
 * few lone calls one cannot say so, they are shown apart all the same. */
static bool silence_is_real(double with, double without, const struct activity *activity)
{
	bool lone = activity->spells <= LONE_VISITS && without >= with / 2;
	bool unlikely = pow(with / (with + without), (double)activity->spells) < CHANCE;
	return without >= SILENCE_HOURS && (lone || unlikely);
}

/* Mean of the last gaps between visits. */
struct recent_gaps {
	double hours[5];
	size_t seen;
};

static double recent_mean(const struct recent_gaps *gaps)
{
	size_t kept = gaps->seen < 5 ? gaps->seen : 5;
	double sum = 0;
	for (size_t i = 0; i < kept; i++)
		sum += gaps->hours[i];
	return kept >= 3 ? sum / (double)kept : INFINITY;
}

/* Calls of the visit that begins at row `active`. */
static size_t calls_of_visit(const struct series_row *row, size_t active, size_t last_active)
{
	size_t calls = 1;
	for (size_t i = active + 1; i <= last_active; i++) {
		if (row[i].count == 0)
			continue;
		if (apart(row, active, i, VISIT_GAP_HOURS))
			break;
		calls += apart(row, active, i, CALL_GAP_HOURS);
		active = i;
	}
	return calls;
}

/* The first gap between visits at which the stretch is cut: the rows *before and *after have
 * counts, those between are silent. */
static bool find_cut(const struct series_row *row, const struct activity *activity,
                     size_t *before, size_t *after)
{
	struct recent_gaps gaps = {.seen = 0};
	size_t visit = activity->first_active, last = activity->last_active;
	*before = visit;
	for (size_t i = *before + 1; i <= activity->last_active; i++) {
		if (row[i].count == 0)
			continue;
		if (apart(row, *before, i, VISIT_GAP_HOURS)) {
			double gap = observed_hours(row, *before + 1, i);
			*after = i;
			double lived = observed_hours(row, activity->first_active, *before + 1);
			bool few = calls_of_visit(row, visit, last) <= LONE_CALLS ||
			           calls_of_visit(row, i, last) <= LONE_CALLS;
			bool lone = activity->visits <= LONE_VISITS && few &&
			            gap >= SILENCE_HOURS && gap >= lived / 2;
			bool unusual = gap >= LONG_GAP_HOURS &&
			               gap >= LONG_GAP_RATIO * recent_mean(&gaps);
			if (lone || unusual)
				return true;
			gaps.hours[gaps.seen++ % 5] = gap;
			visit = i;
		}
		*before = i;
	}
	return false;
}

/* Cuts at the unlikely gaps, one after the other. */
static void push_calls(struct pieces *pieces, size_t first, size_t last)
{
	struct activity activity;
	size_t before = first, after = last;
	while (first < last) {
		look_at(pieces->row, first, last, &activity);
		if (kind_of(&activity) == PHASE_STEADY || activity.visits < 2 ||
		    !find_cut(pieces->row, &activity, &before, &after)) {
			push(pieces, first, last);
			return;
		}
		push(pieces, first, before + 1);
		push(pieces, before + 1, after);
		first = after;
	}
}

static void push_segment(struct pieces *pieces, size_t first, size_t last)
{
	struct activity activity;
	const struct series_row *row = pieces->row;
	look_at(row, first, last, &activity);
	if (activity.active == 0) {
		push(pieces, first, last);
		return;
	}
	size_t begin = first, end = last;
	double free_end = observed_hours(row, activity.last_active + 1, last);
	if (silence_is_real(activity.observed_hours - free_end, free_end, &activity))
		end = activity.last_active + 1;
	double free_begin = observed_hours(row, first, activity.first_active);
	double whole = observed_hours(row, first, end);
	if (silence_is_real(whole - free_begin, free_begin, &activity))
		begin = activity.first_active;
	push(pieces, first, begin);
	push_calls(pieces, begin, end);
	push(pieces, end, last);
}

/* A stretch beside a silence has its end at its last count, and its beginning at its first. */
static void sharpen(struct pieces *pieces)
{
	for (size_t i = 0; i + 1 < pieces->count; i++) {
		struct piece *left = &pieces->piece[i], *right = &pieces->piece[i + 1];
		struct activity activity;
		if (left->kind != PHASE_SILENT && right->kind == PHASE_SILENT) {
			look_at(pieces->row, left->first, left->last, &activity);
			left->last = right->first = activity.last_active + 1;
		} else if (left->kind == PHASE_SILENT && right->kind != PHASE_SILENT) {
			look_at(pieces->row, right->first, right->last, &activity);
			left->last = right->first = activity.first_active;
		}
	}
	for (size_t i = 0; i < pieces->count; i++) {
		struct activity activity;
		look_at(pieces->row, pieces->piece[i].first, pieces->piece[i].last, &activity);
		pieces->piece[i].kind = kind_of(&activity);
	}
}

static double rate_of(const struct pieces *pieces, const struct piece *piece)
{
	struct activity activity;
	look_at(pieces->row, piece->first, piece->last, &activity);
	return (double)activity.count / activity.observed_hours;
}

/* A sporadic stretch after a longer intermittent one, when both together are intermittent. */
static bool fades_out(const struct pieces *pieces, const struct piece *left,
                      const struct piece *right)
{
	struct activity both;
	if (left->kind != PHASE_INTERMITTENT || right->kind != PHASE_SPORADIC ||
	    right->last - right->first > left->last - left->first)
		return false;
	look_at(pieces->row, left->first, right->last, &both);
	return kind_of(&both) == PHASE_INTERMITTENT;
}

static bool belong_together(const struct pieces *pieces, const struct piece *left,
                            const struct piece *right)
{
	if (fades_out(pieces, left, right))
		return true;
	if (left->kind != right->kind)
		return false;
	if (left->kind != PHASE_STEADY)
		return true;
	double one = rate_of(pieces, left), other = rate_of(pieces, right);
	return one <= STEADY_RATIO * other && other <= STEADY_RATIO * one;
}

static void merge(struct pieces *pieces)
{
	size_t kept = 0;
	for (size_t i = 1; i < pieces->count; i++) {
		struct piece *last = &pieces->piece[kept];
		if (belong_together(pieces, last, &pieces->piece[i]))
			last->last = pieces->piece[i].last;
		else
			pieces->piece[++kept] = pieces->piece[i];
	}
	if (pieces->count > 0)
		pieces->count = kept + 1;
}

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

/* Percentiles of the active buckets and of the hours; `room` holds a value per row. */
static void spread(struct phase *phase, const struct series_row *row, size_t first, size_t last,
                   int64_t retired, double *room)
{
	size_t n = 0;
	for (size_t i = first; i < last; i++)
		if (row[i].count > 0)
			room[n++] = row[i].count;
	qsort(room, n, sizeof *room, by_value);
	phase->active_low = percentile(room, n, 0.1);
	phase->active_high = percentile(room, n, 0.9);
	n = 0;
	double count = 0, seconds = 0;
	for (size_t i = first; i < last; i++) {
		count += row[i].count;
		seconds += row[i].observed_seconds;
		int64_t hour = (row[i].start - retired) / HOUR_SECONDS;
		if (i + 1 < last && (row[i + 1].start - retired) / HOUR_SECONDS == hour)
			continue;
		if (seconds >= HOUR_SECONDS / 2.0)
			room[n++] = count / seconds * BUCKET_SPAN;
		count = seconds = 0;
	}
	qsort(room, n, sizeof *room, by_value);
	phase->rate_low = percentile(room, n, 0.1);
	phase->rate_high = percentile(room, n, 0.9);
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

static double late_month(const struct series_row *row, const struct piece *piece, double observed)
{
	double window = fmin(LATE_HOURS, observed / 2), hours = 0, count = 0;
	for (size_t i = piece->last; i > piece->first && hours < window; i--) {
		hours += row[i - 1].observed_seconds / (double)HOUR_SECONDS;
		count += row[i - 1].count;
	}
	return count / hours / 12 * MONTH_BUCKETS;
}

static void describe(struct phase *phase, const struct series *series, const struct piece *piece,
                     double phi, double *room)
{
	const struct series_row *row = series->row;
	struct activity activity;
	look_at(row, piece->first, piece->last, &activity);
	double buckets = activity.observed_hours * 12, count = (double)activity.count;
	*phase = (struct phase){.kind = piece->kind};
	phase->from_hours = (double)(row[piece->first].start - series->retired) / HOUR_SECONDS;
	phase->to_hours =
	        (double)(row[piece->last - 1].start + BUCKET_SPAN - series->retired) / HOUR_SECONDS;
	phase->per_bucket = count / buckets;
	phase->per_active_bucket = activity.active ? count / (double)activity.active : NAN;
	phase->active_fraction = (double)activity.active / (double)activity.rows;
	phase->observed_hours = activity.observed_hours;
	phase->first_syn_hours = phase->last_syn_hours = NAN;
	phase->per_month = phase->per_bucket * MONTH_BUCKETS;
	phase->per_month_late = late_month(row, piece, activity.observed_hours);
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
	spread(phase, row, piece->first, piece->last, series->retired, room);
}

static size_t collect_hours(const struct series *series, struct hour_count *hour,
                            size_t *hour_end)
{
	size_t hours = 0;
	int64_t last = -1;
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		int64_t index = (row->start - series->retired) / HOUR_SECONDS;
		if (index != last)
			hour[hours++] = (struct hour_count){0, 0};
		last = index;
		hour[hours - 1].count += row->count;
		hour[hours - 1].observed += row->observed_seconds / (double)HOUR_SECONDS;
		hour_end[hours - 1] = i + 1;
	}
	return hours;
}

/* Each segment gives at most a silence, calls and a silence; every further cut needs a gap of
 * SILENCE_HOURS. */
static size_t pieces_room(size_t segments, size_t hours)
{
	return 3 * segments + 2 * (hours / SILENCE_HOURS) + 8;
}

static void tell(struct analysis *analysis, struct pieces *pieces, double phi, double *room)
{
	if (pieces->count > PHASES_MAX) {
		struct activity activity;
		struct piece *last = &pieces->piece[PHASES_MAX - 1];
		last->last = pieces->piece[pieces->count - 1].last;
		look_at(pieces->row, last->first, last->last, &activity);
		last->kind = kind_of(&activity);
		pieces->count = PHASES_MAX;
	}
	for (size_t i = 0; i < pieces->count; i++)
		describe(&analysis->phase[i], analysis->series, &pieces->piece[i], phi, room);
	analysis->phases = pieces->count;
}

/* Spread of the bucket counts around the segments' own rates, as a dispersion. */
static double spread_around(const struct series *series, const struct partition *partition,
                            const size_t *hour_end)
{
	double squares = 0, total = 0;
	size_t first = series->first;
	for (size_t i = 0; i < partition->segments; i++) {
		size_t last = hour_end[partition->end[i] - 1];
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
                  const struct hour_count *hour, const size_t *hour_end, size_t hours,
                  double *phi, struct failure *failure)
{
	for (int round = 0;; round++) {
		double penalty = 3 * (1 + *phi) * log(fmax((double)hours, 2));
		if (partition_find(partition, hour, hours, penalty, failure) < 0)
			return -1;
		double around = spread_around(series, partition, hour_end);
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
	struct partition partition = {0};
	struct pieces pieces = {.row = series->row};
	int result = -1;
	analysis->phases = 0;
	if (rows == 0)
		return 0;
	struct hour_count *hour = calloc(rows, sizeof *hour);
	size_t *hour_end = calloc(rows, sizeof *hour_end);
	double *room = calloc(rows, sizeof *room);
	if (!hour || !hour_end || !room)
		goto done;
	size_t hours = collect_hours(series, hour, hour_end);
	if (divide(&partition, series, hour, hour_end, hours, &phi, failure) < 0)
		goto done;
	pieces.room = pieces_room(partition.segments, hours);
	pieces.piece = calloc(pieces.room, sizeof *pieces.piece);
	if (!pieces.piece)
		goto done;
	size_t first = series->first;
	for (size_t i = 0; i < partition.segments; i++) {
		size_t last = hour_end[partition.end[i] - 1];
		push_segment(&pieces, first, last);
		first = last;
	}
	sharpen(&pieces);
	merge(&pieces);
	tell(analysis, &pieces, phi, room);
	result = 0;
done:
	if (result < 0)
		fail(failure, EXIT_FAILED, "%s: no memory for the phases of %zu buckets", series->name,
		     rows);
	free(pieces.piece);
	partition_free(&partition);
	free(room);
	free(hour_end);
	free(hour);
	return result;
}
