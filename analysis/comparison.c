/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison.h"

#include "../observer/target.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NORMAL_95    1.959963984540054
#define WHOLE_HOUR   0.5  /* a plateau's end is one of whole hours: so much on each side */
#define LEAST_SPREAD 1e-3 /* of a logarithm: no time is known better than to a thousandth */

const double comparison_age[COMPARISON_AGES + 1] = {0, 6, 24, 168, 720, 2160, 8760};

static const struct interval unknown = {NAN, NAN, NAN, false};

int comparison_begin(struct comparison *comparison, size_t members, struct failure *failure)
{
	*comparison = (struct comparison){.room = members};
	size_t pairs = members < COMPARISON_PAIRS_EACH
			       ? members * members
			       : (size_t)COMPARISON_PAIRS_EACH * COMPARISON_PAIRS_EACH + members;
	comparison->member = calloc(members + 1, sizeof *comparison->member);
	comparison->group = calloc(members + 1, sizeof *comparison->group);
	comparison->pair = calloc(pairs + 1, sizeof *comparison->pair);
	if (comparison->member && comparison->group && comparison->pair)
		return 0;
	comparison_free(comparison);
	return fail(failure, EXIT_FAILED, "no memory to compare %zu series", members);
}

void comparison_free(struct comparison *comparison)
{
	free(comparison->member);
	free(comparison->group);
	free(comparison->pair);
	*comparison = (struct comparison){0};
}

static void find_rates(struct comparison_member *member, const struct series *series)
{
	double count[COMPARISON_AGES] = {0};
	for (size_t i = series->first; i < series->rows; i++) {
		double hours = (double)(series->row[i].start - series->retired) / 3600;
		for (int age = 0; age < COMPARISON_AGES; age++) {
			if (hours < comparison_age[age] || hours >= comparison_age[age + 1])
				continue;
			count[age] += series->row[i].count;
			member->observed[age] += series->row[i].observed_seconds / 3600.0;
		}
	}
	for (int age = 0; age < COMPARISON_AGES; age++)
		member->rate[age] =
			member->observed[age] > 0 ? count[age] / member->observed[age] : NAN;
}

static void find_phases(struct comparison_member *member, const struct analysis *analysis)
{
	bool from_stop = true;
	for (size_t i = 0; i < analysis->phases; i++) {
		const struct phase *phase = &analysis->phase[i];
		member->phases[phase->kind]++;
		from_stop = from_stop && phase->kind == PHASE_STEADY;
		if (from_stop)
			member->steady_hours = phase->to_hours;
	}
}

/* A plateau's end has whole hours, however narrow the likelihood is. */
static struct interval widened(const struct analysis *analysis, struct interval hours)
{
	int plateau = family_plateau(analysis->best.family);
	if (!hours.known || plateau < 0 ||
	    fabs(hours.value - analysis->best.parameter[plateau]) > 1e-6)
		return hours;
	hours.low = fmin(hours.low, hours.value - WHOLE_HOUR);
	hours.high = fmax(hours.high, hours.value + WHOLE_HOUR);
	return hours;
}

void comparison_add(struct comparison *comparison, const struct analysis *analysis)
{
	const struct series *series = analysis->series;
	if (comparison->members == comparison->room)
		return;
	struct comparison_member *member = &comparison->member[comparison->members++];
	snprintf(member->name, sizeof member->name, "%s", series->name);
	snprintf(member->client, sizeof member->client, "%s", series->client);
	snprintf(member->policy, sizeof member->policy, "%s", series->policy);
	member->covered_hours = analysis->covered_hours;
	member->span_hours = analysis->span_hours;
	member->count = analysis->count;
	member->last_syn_hours = analysis->last_syn == TIME_UNKNOWN
					 ? NAN
					 : (double)(analysis->last_syn - series->retired) / 3600;
	member->half_life = widened(analysis, analysis->half_life_hours);
	member->to_daily = analysis->hours_to_daily;
	member->residual_total = analysis->residual_total;
	member->silent_30d = analysis->silent_30d;
	find_rates(member, series);
	find_phases(member, analysis);
	comparison->counts_attempts = series->counts_attempts;
}

static bool positive(const struct interval *interval)
{
	return interval->known && interval->value > 0 && isfinite(interval->value);
}

/* The terms of MOVER: second less first. */
static struct interval difference(double first, double first_low, double first_high, double second,
				  double second_low, double second_high)
{
	double value = second - first;
	return (struct interval){value, value - hypot(second - second_low, first_high - first),
				 value + hypot(second_high - second, first - first_low), true};
}

struct interval comparison_difference(const struct interval *first, const struct interval *second)
{
	if (!first->known || !second->known || !isfinite(first->value) || !isfinite(second->value))
		return unknown;
	return difference(first->value, first->low, first->high, second->value, second->low,
			  second->high);
}

struct interval comparison_ratio(const struct interval *first, const struct interval *second)
{
	if (!positive(first) || !positive(second))
		return unknown;
	struct interval ratio =
		difference(log(first->value), log(fmax(first->low, 0)), log(first->high),
			   log(second->value), log(fmax(second->low, 0)), log(second->high));
	return (struct interval){exp(ratio.value), exp(ratio.low), exp(ratio.high), true};
}

static bool can_be_pooled(const struct interval *interval)
{
	return positive(interval) && interval->low > 0 && isfinite(interval->high);
}

struct weighted {
	size_t used;
	double mean;	/* of the logarithms */
	double weights; /* summed */
	double scale;	/* weights less their squares' share, of DerSimonian and Laird */
	double squares; /* weighted squares around the mean */
};

/* With weights 1 / (sigma^2 + between). */
static struct weighted weigh(const struct interval *interval, size_t count, double between)
{
	struct weighted weighted = {0};
	double sum = 0, sum_squares = 0, squares = 0;
	for (size_t i = 0; i < count; i++) {
		if (!can_be_pooled(&interval[i]))
			continue;
		double sigma = fmax(log(interval[i].high / interval[i].low) / (2 * NORMAL_95),
				    LEAST_SPREAD);
		double weight = 1 / (sigma * sigma + between), value = log(interval[i].value);
		weighted.used++;
		weighted.weights += weight;
		squares += weight * weight;
		sum += weight * value;
		sum_squares += weight * value * value;
	}
	weighted.mean = sum / weighted.weights;
	weighted.scale = weighted.weights - squares / weighted.weights;
	weighted.squares = fmax(sum_squares - sum * weighted.mean, 0);
	return weighted;
}

struct interval comparison_pool(const struct interval *interval, size_t count)
{
	if (count == 1)
		return interval[0];
	struct weighted fixed = weigh(interval, count, 0);
	if (fixed.used == 0)
		return unknown;
	if (fixed.used == 1)
		for (size_t i = 0; i < count; i++)
			if (can_be_pooled(&interval[i]))
				return interval[i];
	double free = (double)fixed.used - 1;
	double between = fmax((fixed.squares - free) / fixed.scale, 0);
	struct weighted pooled = weigh(interval, count, between);
	double error = sqrt(fmax(pooled.squares / free, 1) / pooled.weights);
	double half = gsl_cdf_tdist_Pinv(0.975, free) * error;
	return (struct interval){exp(pooled.mean), exp(pooled.mean - half), exp(pooled.mean + half),
				 true};
}

/* The group of a member: that of the first one with its client, else its own. */
static bool same_group(const struct comparison_member *one, const struct comparison_member *other)
{
	return one == other || (one->client[0] && strcmp(one->client, other->client) == 0);
}

static void pool_group(struct comparison *comparison, const struct comparison_member *first,
		       struct interval *half_life, struct interval *to_daily)
{
	struct comparison_group *group = &comparison->group[comparison->groups++];
	snprintf(group->name, sizeof group->name, "%s", first->client);
	if (!first->client[0])
		snprintf(group->name, sizeof group->name, "%s", first->name);
	group->members = 0;
	for (size_t i = 0; i < comparison->members; i++) {
		const struct comparison_member *member = &comparison->member[i];
		if (!same_group(first, member))
			continue;
		half_life[group->members] = member->half_life;
		to_daily[group->members++] = member->to_daily;
	}
	group->half_life = comparison_pool(half_life, group->members);
	group->to_daily = comparison_pool(to_daily, group->members);
}

static void compare(struct comparison *comparison, size_t first, size_t second)
{
	struct comparison_pair *pair = &comparison->pair[comparison->pairs++];
	const struct comparison_group *one = &comparison->group[first];
	const struct comparison_group *other = &comparison->group[second];
	*pair = (struct comparison_pair){.first = first, .second = second};
	pair->half_life_ratio = comparison_ratio(&one->half_life, &other->half_life);
	pair->to_daily_ratio = comparison_ratio(&one->to_daily, &other->to_daily);
	pair->to_daily_difference = comparison_difference(&one->to_daily, &other->to_daily);
	const struct interval *ratio =
		pair->to_daily_ratio.known ? &pair->to_daily_ratio : &pair->half_life_ratio;
	if (!ratio->known)
		pair->verdict = VERDICT_UNKNOWN;
	else
		pair->verdict = ratio->low > 1	  ? VERDICT_SLOWER
				: ratio->high < 1 ? VERDICT_FASTER
						  : VERDICT_UNDECIDED;
}

int comparison_finish(struct comparison *comparison, struct failure *failure)
{
	struct interval *room = calloc(2 * comparison->members + 1, sizeof *room);
	if (!room)
		return fail(failure, EXIT_FAILED, "no memory to compare %zu series",
			    comparison->members);
	for (size_t i = 0; i < comparison->members; i++) {
		const struct comparison_member *member = &comparison->member[i];
		bool first = true;
		for (size_t j = 0; j < i; j++)
			first = first && !same_group(&comparison->member[j], member);
		if (first)
			pool_group(comparison, member, room, room + comparison->members);
		if (strcmp(member->policy, comparison->member[0].policy) != 0)
			comparison->policies_differ = true;
	}
	free(room);
	for (size_t i = 0; i < comparison->groups; i++)
		for (size_t j = i + 1; j < comparison->groups; j++)
			if (i == 0 || comparison->groups <= COMPARISON_PAIRS_EACH)
				compare(comparison, i, j);
	return 0;
}
