/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart_data.h"

#include "plain_text.h"

#include "../observer/store/ledger.h"

#include <math.h>

static const int64_t steps_known[] = {300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 604800};
#define STEPS_KNOWN (sizeof steps_known / sizeof steps_known[0])

/* A fit is smooth: on many targets fewer points do. */
#define CURVE_LAST_FEW	400
#define CURVE_LAST_MANY 120
#define CURVE_LOWEST	(-20000) /* e^-20 per 5 minutes: one in 4,600 years */

size_t chart_numbers(size_t targets)
{
	size_t each = CHART_NUMBERS_PAGE / (targets > 0 ? targets : 1);
	return each < CHART_NUMBERS_TARGET ? each : CHART_NUMBERS_TARGET;
}

/* Walks the steps of a series in order; of each its number, count and observed seconds. */
struct walk {
	const struct series *series;
	int64_t from, step; /* UTC seconds where step 0 begins; seconds */
	int64_t next, end;  /* the step to come and the number of steps */
	size_t row;
};

static struct walk walk_begin(const struct series *series, int64_t step)
{
	struct walk walk = {.series = series, .step = step, .row = series->first};
	int64_t retired = series->retired;
	walk.from = retired - (retired % BUCKET_SECONDS + BUCKET_SECONDS) % BUCKET_SECONDS;
	if (series->rows > series->first) {
		int64_t end = series->row[series->rows - 1].start + BUCKET_SECONDS;
		walk.end = (end - walk.from + step - 1) / step;
	}
	return walk;
}

static bool walk_on(struct walk *walk, uint64_t *count, int64_t *seconds)
{
	*count = 0;
	*seconds = 0;
	if (walk->next == walk->end)
		return false;
	int64_t until = walk->from + ++walk->next * walk->step;
	const struct series *series = walk->series;
	for (; walk->row < series->rows && series->row[walk->row].start < until; walk->row++) {
		*count += series->row[walk->row].count;
		*seconds += series->row[walk->row].observed_seconds;
	}
	return true;
}

static size_t numbers_at(const struct series *series, int64_t step)
{
	struct walk walk = walk_begin(series, step);
	uint64_t count;
	int64_t seconds, before = step;
	size_t numbers = 0;
	while (walk_on(&walk, &count, &seconds)) {
		numbers += count > 0 ? 2 : 0;
		numbers += seconds != step && seconds != before ? 3 : 0;
		before = seconds;
	}
	return numbers;
}

static int64_t choose_step(const struct series *series, size_t numbers)
{
	size_t chosen = 0;
	while (chosen + 1 < STEPS_KNOWN && numbers_at(series, steps_known[chosen]) > numbers)
		chosen++;
	return steps_known[chosen];
}

static int append(json_t *list, int64_t number)
{
	return json_array_append_new(list, json_integer(number));
}

/* A run of steps of the same, short time. */
struct run {
	int64_t first, steps, seconds;
};

static int append_run(json_t *list, struct run *run, int64_t *written_to)
{
	int result = 0;
	if (run->steps > 0) {
		result = append(list, run->first - *written_to) | append(list, run->steps) |
			 append(list, run->seconds);
		*written_to = run->first + run->steps;
	}
	run->steps = 0;
	return result;
}

static int fill_steps(json_t *counts, json_t *runs, const struct series *series, int64_t step)
{
	struct walk walk = walk_begin(series, step);
	struct run run = {0};
	uint64_t count;
	int64_t seconds, counted_to = 0, runs_to = 0;
	int result = 0;
	for (int64_t at = 0; walk_on(&walk, &count, &seconds) && result == 0; at++) {
		if (count > 0) {
			result = append(counts, at - counted_to) | append(counts, (int64_t)count);
			counted_to = at + 1;
		}
		if (seconds == step || seconds != run.seconds)
			result |= append_run(runs, &run, &runs_to);
		if (seconds != step && run.steps++ == 0) {
			run.first = at;
			run.seconds = seconds;
		}
	}
	return result | append_run(runs, &run, &runs_to);
}

static json_t *curve(const struct fit *fit, double hours, int last)
{
	json_t *list = json_array();
	int64_t before = 0;
	for (int i = 0; i <= last; i++) {
		double share = (double)i / last;
		double rate = fit_per_bucket(fit, hours * share * share * share);
		double level =
			rate > 0 ? fmax(round(1000 * log(rate)), CURVE_LOWEST) : CURVE_LOWEST;
		int64_t value = isfinite(level) ? (int64_t)level : CURVE_LOWEST;
		if (!list || append(list, value - before) != 0) {
			json_decref(list);
			return NULL;
		}
		before = value;
	}
	return list;
}

/* The likelihood under which the family fits best; NULL when it was not fitted. */
static const struct fit *best_of_family(const struct analysis *analysis, int family, double *weight)
{
	const struct fit *best = NULL;
	*weight = 0;
	for (int likelihood = 0; likelihood < LIKELIHOODS; likelihood++) {
		const struct fit *fit = &analysis->fit[likelihood][family];
		if (!fit->done)
			continue;
		*weight += analysis->weight[likelihood][family];
		if (!best || fit->bic < best->bic)
			best = fit;
	}
	return best;
}

static json_t *fits(const struct analysis *analysis, int last)
{
	json_t *list = json_array();
	for (int family = 0; family < FAMILIES; family++) {
		double weight;
		const struct fit *fit = best_of_family(analysis, family, &weight);
		if (!fit)
			continue;
		bool best = analysis->best.done && analysis->best.family == fit->family;
		json_t *entry = json_pack("{s:s, s:f, s:b, s:o}", "name", family_name(fit->family),
					  "weight", weight, "best", best, "curve",
					  curve(fit, analysis->span_hours, last));
		if (!entry || json_array_append_new(list, entry) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *chart_data(const struct analysis *analysis, size_t numbers)
{
	const struct series *series = analysis->series;
	int64_t step = choose_step(series, numbers);
	struct walk walk = walk_begin(series, step);
	json_t *counts = json_array(), *runs = json_array();
	if (!counts || !runs || fill_steps(counts, runs, series, step) != 0) {
		json_decref(counts);
		json_decref(runs);
		return NULL;
	}
	const struct interval *background = &analysis->background_per_bucket;
	json_t *level = background->known && isfinite(background->value)
				? json_real(background->value)
				: json_null();
	char name[sizeof series->name * 3]; /* a byte that is no UTF-8 becomes three */
	plain_text(series->name, name, sizeof name);
	int last = numbers < CHART_NUMBERS_TARGET / 2 ? CURVE_LAST_MANY : CURVE_LAST_FEW;
	return json_pack("{s:s, s:b, s:I, s:f, s:I, s:I, s:o, s:o, s:o, s:o}", "name", name,
			 "attempts", series->counts_attempts, "from",
			 (json_int_t)(walk.from - series->retired), "hours", analysis->span_hours,
			 "step", (json_int_t)step, "steps", (json_int_t)walk.end, "counts", counts,
			 "short", runs, "fits", fits(analysis, last), "background", level);
}
