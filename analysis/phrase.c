/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phrase.h"

#include "phrase_words.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY_HOURS   24.0
#define WEEK_HOURS  168.0
#define MONTH_HOURS 730.5 /* 365.25 days / 12 */
#define SHORT_TEXT  96

/* A rate is told as a range when its level's 90th percentile is so many times the 10th. */
#define RANGE_RATIO 2.0
/* Sporadic calls over at least so long are told per month. */
#define MONTHLY_FROM_HOURS (30 * DAY_HOURS)
#define MANY_CALLS	   10
/* A monthly rate that has fallen so many times is told with what is left of it. */
#define FALLING_RATIO 2.0
/* So few are told with their days alone. */
#define FEW_CALLS 3

/* A record that begins so long after the stop says so. */
#define LATE_FROM_HOURS 1

/* A short part of a phrase: none is longer than SHORT_TEXT. */
static void fill(char text[SHORT_TEXT], const char *pattern, const char *one, const char *two)
{
	const char *argument[2] = {one, two};
	language_fill(text, SHORT_TEXT, pattern, argument, 2);
}

const char *phase_kind_name(enum phase_kind kind)
{
	static const char *const name[] = {"steady", "intermittent", "sporadic", "silent"};
	return name[kind];
}

static void number(double value, char text[SHORT_TEXT])
{
	snprintf(text, SHORT_TEXT, value < 1e6 ? "%.6g" : "%.0f", value);
}

/* "over" needs a number that is not too high, "about" the nearest. */
static void duration(const struct phrase_words *words, double hours, bool rounded_down,
		     char text[SHORT_TEXT])
{
	const char *pattern = words->months;
	char amount[SHORT_TEXT];
	double unit = MONTH_HOURS;
	if (hours < 0.95) {
		pattern = words->minutes;
		unit = 1.0 / 60;
	} else if (hours < 47.5) {
		pattern = hours < 1.5 ? words->hour : words->hours;
		unit = 1;
	} else if (hours < 12 * DAY_HOURS) {
		pattern = words->days;
		unit = DAY_HOURS;
	} else if (hours < 2 * MONTH_HOURS) {
		pattern = words->weeks;
		unit = WEEK_HOURS;
	}
	/* A little short of a whole number still counts as it. */
	double whole = rounded_down ? floor(hours / unit + 0.02) : round(hours / unit);
	number(fmax(whole, 1), amount);
	fill(text, pattern, amount, NULL);
}

int phrase_duration(double hours, enum language language, char *text, size_t size)
{
	char amount[SHORT_TEXT];
	const struct phrase_words *words = phrase_words_of(language);
	const char *argument[1] = {amount};
	duration(words, hours, false, amount);
	return language_fill(text, size, words->about_duration, argument, 1);
}

/* What an eye reads from a figure: 240, 20, 4, 2.5, 0.3. */
static double told(double value)
{
	if (!(value > 0))
		return 0;
	double unit = pow(10, floor(log10(value)));
	if (value >= 10)
		return unit / 10 * round(value / unit * 10);
	if (value < 1)
		return unit * round(value / unit);
	return fabs(value - round(value)) < 0.35 ? round(value) : round(value * 2) / 2;
}

static void about(const struct phrase_words *words, double value, char text[SHORT_TEXT])
{
	char amount[SHORT_TEXT];
	number(told(value), amount);
	fill(text, words->about, amount, NULL);
}

/* The ends of a range are read less finely than a single value: in steps of 5 from 8 on. */
static void range(const struct phrase_words *words, double low, double high, char text[SHORT_TEXT])
{
	char from[SHORT_TEXT], to[SHORT_TEXT];
	number(low < 8 ? told(low) : 5 * round(low / 5), from);
	number(high < 8 ? told(high) : 5 * round(high / 5), to);
	fill(text, words->range, from, to);
}

static bool far_apart(double low, double high)
{
	return told(low) > 0 && told(high) >= RANGE_RATIO * told(low);
}

static double day(double hours)
{
	return floor(hours / DAY_HOURS) + 1;
}

/* How a phase is told: in a row of its own, and inside a story. */
struct telling {
	const char *row;
	const struct clause *clause;
	char argument[4][SHORT_TEXT]; /* $1 to $4 of both */
};

static void tell_sporadic(struct telling *telling, const struct phrase_words *words,
			  const struct phase *phase)
{
	double span = phase->to_hours - phase->from_hours;
	double first = isnan(phase->first_syn_hours) ? phase->from_hours : phase->first_syn_hours;
	double last = isnan(phase->last_syn_hours) ? phase->to_hours : phase->last_syn_hours;
	bool going_on = span - (last - phase->from_hours) < span / 2 && phase->calls > MANY_CALLS;
	if (phase->calls == 1) {
		telling->row = words->one_call;
		telling->clause = &words->one_call_clause;
		number(day(last), telling->argument[0]);
	} else if (span >= MONTHLY_FROM_HOURS && going_on) {
		double late = phase->calls_per_month_late;
		bool falling = late > 0 && phase->calls_per_month >= FALLING_RATIO * late;
		telling->row = falling ? words->monthly_falling : words->monthly;
		telling->clause = falling ? &words->monthly_falling_clause : &words->monthly_clause;
		duration(words, span, false, telling->argument[0]);
		about(words, phase->calls_per_month, telling->argument[1]);
		about(words, late, telling->argument[2]);
	} else if (day(first) == day(last)) {
		telling->row = words->calls_one_day;
		telling->clause = &words->calls_one_day_clause;
		number((double)phase->calls, telling->argument[0]);
		number(day(last), telling->argument[1]);
	} else if (phase->calls <= FEW_CALLS) {
		telling->row = words->calls_days;
		telling->clause = &words->calls_days_clause;
		number((double)phase->calls, telling->argument[0]);
		number(day(first), telling->argument[1]);
		number(day(last), telling->argument[2]);
	} else {
		telling->row = words->sporadic;
		telling->clause = &words->sporadic_clause;
		duration(words, span, false, telling->argument[0]);
		number((double)phase->calls, telling->argument[1]);
		number(day(last), telling->argument[2]);
	}
}

static void tell_rate(struct telling *telling, const struct phrase_words *words, bool attempts,
		      const struct phase *phase)
{
	char amount[SHORT_TEXT];
	if (phase->kind == PHASE_STEADY) {
		telling->row = words->steady;
		telling->clause = &words->steady_clause;
		/* Where empty buckets are common the numbers are those of the level. */
		if (far_apart(phase->rate_low, phase->rate_high) && phase->bucket_low >= 1)
			range(words, phase->bucket_low, phase->bucket_high, amount);
		else if (far_apart(phase->rate_low, phase->rate_high))
			range(words, phase->rate_low, phase->rate_high, amount);
		else
			about(words, phase->per_bucket, amount);
	} else {
		telling->row = words->intermittent;
		telling->clause = &words->intermittent_clause;
		/* A single SYN is half of a call that a bucket's edge has cut: no end of a range.
		 */
		if (phase->active_low >= 2 && far_apart(phase->active_low, phase->active_high))
			range(words, phase->active_low, phase->active_high, amount);
		else
			about(words, phase->per_active_bucket, amount);
	}
	fill(telling->argument[1], attempts ? words->attempts : words->syn, amount, NULL);
}

static void tell(struct telling *telling, const struct phrase_words *words,
		 const struct analysis *analysis, size_t index)
{
	const struct phase *phase = &analysis->phase[index];
	bool last = index + 1 == analysis->phases, attempts = analysis->series->counts_attempts;
	*telling = (struct telling){.row = NULL};
	duration(words, phase->to_hours - phase->from_hours, phase->kind == PHASE_SILENT && last,
		 telling->argument[0]);
	snprintf(telling->argument[3], SHORT_TEXT, "%s",
		 attempts ? words->attempts_come : words->syns_come);
	switch (phase->kind) {
	case PHASE_STEADY:
	case PHASE_INTERMITTENT:
		tell_rate(telling, words, attempts, phase);
		return;
	case PHASE_SPORADIC:
		tell_sporadic(telling, words, phase);
		return;
	case PHASE_SILENT:
		break;
	}
	bool to_the_end = last && index > 0;
	telling->clause = to_the_end ? &words->silence_to_the_end_clause : &words->silence_clause;
	telling->row = to_the_end   ? words->silence_to_the_end
		       : last	    ? words->silence_throughout
		       : index == 0 ? words->silence_from_start
				    : words->silence;
}

int phrase_phase(const struct analysis *analysis, size_t index, enum language language, char *text,
		 size_t size)
{
	struct telling telling;
	tell(&telling, phrase_words_of(language), analysis, index);
	const char *argument[4] = {telling.argument[0], telling.argument[1], telling.argument[2],
				   telling.argument[3]};
	return language_fill(text, size, telling.row, argument, 4);
}

/* Text that grows behind its end; `ok` stays true as long as everything fits. */
struct story {
	char *text;
	size_t size, length;
	bool ok;
};

static void append(struct story *story, const char *pattern, const char *const *argument)
{
	int written = story->ok ? language_fill(story->text + story->length,
						story->size - story->length, pattern, argument, 4)
				: -1;
	story->ok = written >= 0;
	story->length += story->ok ? (size_t)written : 0;
}

static void append_clause(struct story *story, const struct phrase_words *words,
			  const struct analysis *analysis, size_t index, bool begins, bool ends)
{
	struct telling telling;
	tell(&telling, words, analysis, index);
	const char *argument[4] = {telling.argument[0], telling.argument[1], telling.argument[2],
				   telling.argument[3]};
	const struct clause *clause = telling.clause;
	bool at_stop = index == 0 && analysis->phase[0].from_hours < LATE_FROM_HOURS;
	size_t begin = story->length;
	append(story, at_stop && clause->first ? clause->first : clause->later, argument);
	if (story->ok && begins)
		story->text[begin] = (char)toupper((unsigned char)story->text[begin]);
	append(story, ends ? clause->over : clause->going_on, argument);
	if (index + 1 < analysis->phases)
		append(story, words->between, argument);
}

int phrase_story(const struct analysis *analysis, enum language language, char *text, size_t size)
{
	const struct phrase_words *words = phrase_words_of(language);
	struct story story = {text, size, 0, size > 0};
	char amount[SHORT_TEXT] = "";
	const char *argument[4] = {amount, NULL, NULL, NULL};
	if (size > 0)
		text[0] = '\0';
	if (analysis->phases == 0)
		return 0;
	const struct phase *first = &analysis->phase[0];
	if (first->from_hours >= LATE_FROM_HOURS) {
		duration(words, first->from_hours, false, amount);
		append(&story, words->late_begin, argument);
		append(&story, words->between, argument);
	}
	if (analysis->phases == 1 && first->kind == PHASE_SILENT) {
		duration(words, first->to_hours - first->from_hours, true, amount);
		append(&story, words->nothing_at_all, argument);
		return story.ok ? (int)story.length : -1;
	}
	size_t clauses = 0;
	for (size_t i = 0; i < analysis->phases; i++) {
		bool last = i + 1 == analysis->phases;
		bool ends = last || clauses + 1 == words->clauses_per_sentence;
		append_clause(&story, words, analysis, i, clauses == 0, ends);
		clauses = ends ? 0 : clauses + 1;
	}
	return story.ok ? (int)story.length : -1;
}
