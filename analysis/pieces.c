/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pieces.h"

#include <math.h>

#define HOUR_SECONDS	  3600
#define BUCKET_SPAN	  300
#define STEADY_ABOVE	  0.5
#define INTERMITTENT_FROM 0.02
#define FADING_FROM	  0.01
#define CHANCE		  0.05
#define STEADY_RATIO	  2.0
/* An attempt and its retransmissions touch so many buckets at most. */
#define CALL_BUCKETS 3
/* A peer that tries four times, nine SYNs each. */
#define CALL_SYNS 36

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

void activity_find(const struct series_row *row, size_t first, size_t last,
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
		activity->active_hours += row[i].observed_seconds / (double)HOUR_SECONDS;
		activity->count += row[i].count;
	}
}

enum phase_kind activity_kind(const struct activity *activity)
{
	if (activity->active == 0)
		return PHASE_SILENT;
	/* One bucket with a count, cut out of a silence, is all active but not steady; but what
	 * counts as much as many peers do is no single call, however short the record. */
	if (activity->calls <= LONE_CALLS && activity->active <= CALL_BUCKETS * activity->calls &&
	    activity->count <= CALL_SYNS * activity->calls)
		return PHASE_SPORADIC;
	double fraction = activity->active_hours / activity->observed_hours;
	if (fraction > STEADY_ABOVE)
		return PHASE_STEADY;
	return fraction >= INTERMITTENT_FROM ? PHASE_INTERMITTENT : PHASE_SPORADIC;
}

/* The table has room for every stretch that the rules can make (pieces_room()); were it
 * full, the last piece would take the rest. */
static void push(struct pieces *pieces, size_t first, size_t last)
{
	struct activity activity;
	if (first >= last)
		return;
	if (pieces->count == pieces->room) {
		pieces->piece[pieces->count - 1].last = last;
		return;
	}
	activity_find(pieces->row, first, last, &activity);
	pieces->piece[pieces->count++] = (struct piece){first, last, activity_kind(&activity)};
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
static bool find_cut(const struct series_row *row, const struct activity *activity, size_t *before,
		     size_t *after)
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
			bool unusual =
				gap >= LONG_GAP_HOURS && gap >= LONG_GAP_RATIO * recent_mean(&gaps);
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
		activity_find(pieces->row, first, last, &activity);
		if (activity_kind(&activity) == PHASE_STEADY || activity.visits < 2 ||
		    !find_cut(pieces->row, &activity, &before, &after)) {
			push(pieces, first, last);
			return;
		}
		push(pieces, first, before + 1);
		push(pieces, before + 1, after);
		first = after;
	}
}

void pieces_add_segment(struct pieces *pieces, size_t first, size_t last)
{
	struct activity activity;
	const struct series_row *row = pieces->row;
	activity_find(row, first, last, &activity);
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
			activity_find(pieces->row, left->first, left->last, &activity);
			left->last = right->first = activity.last_active + 1;
		} else if (left->kind == PHASE_SILENT && right->kind != PHASE_SILENT) {
			activity_find(pieces->row, right->first, right->last, &activity);
			left->last = right->first = activity.first_active;
		}
	}
	for (size_t i = 0; i < pieces->count; i++) {
		struct activity activity;
		activity_find(pieces->row, pieces->piece[i].first, pieces->piece[i].last,
			      &activity);
		pieces->piece[i].kind = activity_kind(&activity);
	}
}

static double rate_of(const struct pieces *pieces, const struct piece *piece)
{
	struct activity activity;
	activity_find(pieces->row, piece->first, piece->last, &activity);
	return (double)activity.count / activity.observed_hours;
}

/* A sporadic stretch after a longer intermittent one that is nearly as lively as that kind. */
static bool fades_out(const struct pieces *pieces, const struct piece *left,
		      const struct piece *right)
{
	struct activity later, both;
	if (left->kind != PHASE_INTERMITTENT || right->kind != PHASE_SPORADIC ||
	    right->last - right->first > left->last - left->first)
		return false;
	activity_find(pieces->row, right->first, right->last, &later);
	activity_find(pieces->row, left->first, right->last, &both);
	return later.active_hours >= FADING_FROM * later.observed_hours &&
	       activity_kind(&both) == PHASE_INTERMITTENT;
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

static bool is_lull(const struct pieces *pieces, size_t index)
{
	const struct piece *piece = &pieces->piece[index];
	if (index == 0 || index + 1 == pieces->count || piece->kind != PHASE_SILENT ||
	    observed_hours(pieces->row, piece->first, piece->last) >= LONG_GAP_HOURS)
		return false;
	enum phase_kind before = piece[-1].kind, after = piece[1].kind;
	return before != PHASE_STEADY && before != PHASE_SILENT && after != PHASE_STEADY;
}

/* Joins what a short silence only interrupts. */
static void join_lulls(struct pieces *pieces)
{
	for (size_t i = 1; i + 1 < pieces->count;) {
		struct piece *before = &pieces->piece[i - 1];
		struct activity activity;
		if (!is_lull(pieces, i)) {
			i++;
			continue;
		}
		before->last = pieces->piece[i + 1].last;
		activity_find(pieces->row, before->first, before->last, &activity);
		before->kind = activity_kind(&activity);
		for (size_t j = i + 2; j < pieces->count; j++)
			pieces->piece[j - 2] = pieces->piece[j];
		pieces->count -= 2;
	}
}

void pieces_settle(struct pieces *pieces)
{
	sharpen(pieces);
	join_lulls(pieces);
	merge(pieces);
}

size_t pieces_room(size_t segments, size_t hours)
{
	/* A segment gives a silence, calls and a silence; every further cut needs a gap. */
	return 3 * segments + 2 * (hours / SILENCE_HOURS) + 8;
}
