/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phrase.h"

#include <math.h>
#include <stdio.h>

#define DAY_HOURS   24.0
#define WEEK_HOURS  168.0
#define MONTH_HOURS 730.5 /* 365.25 days / 12 */
#define SHORT_TEXT  64

/* A rate is told as a range when its 90th percentile is so many times the 10th. */
#define RANGE_RATIO 2.0
/* Sporadic calls over at least so long are told per month. */
#define MONTHLY_FROM_HOURS (30 * DAY_HOURS)
#define MANY_CALLS	   10
/* A monthly rate that has fallen so many times is told with what is left of it. */
#define FALLING_RATIO 2.0
/* So few are told with their days alone. */
#define FEW_CALLS 3

/* Every word that a phrase is made of, so that another language is another table. $1, $2 and $3
 * are filled in, in whatever order the language wants them. */
struct words {
	const char *minutes, *hour, *hours, *days, *weeks, *months; /* number */
	const char *about;					    /* number or duration */
	const char *range;					    /* number, number */
	const char *steady;					    /* duration, rate */
	const char *intermittent;				    /* duration, rate */
	const char *sporadic;		/* duration, calls, day of the last */
	const char *monthly;		/* duration, rate */
	const char *monthly_falling;	/* duration, rate, rate at the end */
	const char *one_call;		/* day */
	const char *calls_one_day;	/* calls, day */
	const char *calls_days;		/* calls, first day, last day */
	const char *silence;		/* duration */
	const char *silence_to_the_end; /* duration, rounded down */
	const char *silence_from_start; /* duration */
};

static const struct words english = {
	.minutes = "$1 minutes",
	.hour = "$1 hour",
	.hours = "$1 hours",
	.days = "$1 days",
	.weeks = "$1 weeks",
	.months = "$1 months",
	.about = "about $1",
	.range = "$1 to $2",
	.steady = "about $1 at $2 per 5 minutes",
	.intermittent = "about $1 intermittently, $2 per active 5 minutes",
	.sporadic = "about $1 sporadically, $2 calls, the last on day $3",
	.monthly = "about $1 sporadically, $2 calls per month",
	.monthly_falling = "about $1 sporadically, $2 calls per month, $3 at the end",
	.one_call = "one call on day $1",
	.calls_one_day = "$1 calls on day $2",
	.calls_days = "$1 calls from day $2 to day $3",
	.silence = "then silence for about $1",
	.silence_to_the_end = "then silence for over $1 (to the end of the record)",
	.silence_from_start = "silence from the start for about $1",
};

/* Copies the pattern with its arguments into text; its length, or -1 when it does not fit. */
static int fill(char *text, size_t size, const char *pattern, const char *one, const char *two,
		const char *three)
{
	const char *argument[3] = {one, two, three};
	size_t length = 0;
	for (const char *next = pattern; *next; next++) {
		char plain[2] = {*next, '\0'};
		const char *piece = plain;
		if (*next == '$' && next[1] >= '1' && next[1] <= '3')
			piece = argument[*++next - '1'];
		size_t room = length < size ? size - length : 0;
		int written = snprintf(room ? text + length : NULL, room, "%s", piece ? piece : "");
		length += written > 0 ? (size_t)written : 0;
	}
	return length < size ? (int)length : -1;
}

const char *phase_kind_name(enum phase_kind kind)
{
	static const char *const name[] = {"steady", "intermittent", "sporadic", "silent"};
	return name[kind];
}

static void number(double value, char text[SHORT_TEXT])
{
	snprintf(text, SHORT_TEXT, "%.6g", value);
}

/* "over" needs a number that is not too high, "about" the nearest. */
static void duration(const struct words *words, double hours, bool rounded_down,
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
	fill(text, SHORT_TEXT, pattern, amount, NULL, NULL);
}

int phrase_duration(double hours, char *text, size_t size)
{
	char amount[SHORT_TEXT];
	duration(&english, hours, false, amount);
	return fill(text, size, english.about, amount, NULL, NULL);
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

static void about(const struct words *words, double value, char text[SHORT_TEXT])
{
	char amount[SHORT_TEXT];
	number(told(value), amount);
	fill(text, SHORT_TEXT, words->about, amount, NULL, NULL);
}

static void rate(const struct words *words, double value, double low, double high,
		 char text[SHORT_TEXT])
{
	char from[SHORT_TEXT], to[SHORT_TEXT];
	if (!(told(low) > 0) || told(high) < RANGE_RATIO * told(low)) {
		about(words, value, text);
		return;
	}
	number(told(low), from);
	number(told(high), to);
	fill(text, SHORT_TEXT, words->range, from, to, NULL);
}

static double day(double hours)
{
	return floor(hours / DAY_HOURS) + 1;
}

static int sporadic(const struct words *words, const struct phase *phase, char *text, size_t size)
{
	double span = phase->to_hours - phase->from_hours;
	double first = isnan(phase->first_syn_hours) ? phase->from_hours : phase->first_syn_hours;
	double last = isnan(phase->last_syn_hours) ? phase->to_hours : phase->last_syn_hours;
	char length[SHORT_TEXT], calls[SHORT_TEXT], first_day[SHORT_TEXT], last_day[SHORT_TEXT];
	duration(words, span, false, length);
	number((double)phase->calls, calls);
	number(day(first), first_day);
	number(day(last), last_day);
	if (phase->calls == 1)
		return fill(text, size, words->one_call, last_day, NULL, NULL);
	bool going_on = span - (last - phase->from_hours) < span / 2 && phase->calls > MANY_CALLS;
	if (span >= MONTHLY_FROM_HOURS && going_on) {
		char monthly[SHORT_TEXT], late[SHORT_TEXT];
		about(words, phase->calls_per_month, monthly);
		about(words, phase->calls_per_month_late, late);
		bool falling =
			phase->calls_per_month_late > 0 &&
			phase->calls_per_month >= FALLING_RATIO * phase->calls_per_month_late;
		return fill(text, size, falling ? words->monthly_falling : words->monthly, length,
			    monthly, late);
	}
	if (day(first) == day(last))
		return fill(text, size, words->calls_one_day, calls, last_day, NULL);
	if (phase->calls <= FEW_CALLS)
		return fill(text, size, words->calls_days, calls, first_day, last_day);
	return fill(text, size, words->sporadic, length, calls, last_day);
}

int phrase_phase(const struct analysis *analysis, size_t index, char *text, size_t size)
{
	const struct words *words = &english;
	const struct phase *phase = &analysis->phase[index];
	bool last = index + 1 == analysis->phases;
	char length[SHORT_TEXT], amount[SHORT_TEXT];
	duration(words, phase->to_hours - phase->from_hours, phase->kind == PHASE_SILENT && last,
		 length);
	switch (phase->kind) {
	case PHASE_STEADY:
		rate(words, phase->per_bucket, phase->rate_low, phase->rate_high, amount);
		return fill(text, size, words->steady, length, amount, NULL);
	case PHASE_INTERMITTENT:
		/* A single SYN is half of a call that a bucket's edge has cut: no end of a range.
		 */
		rate(words, phase->per_active_bucket,
		     phase->active_low < 2 ? phase->per_active_bucket : phase->active_low,
		     phase->active_low < 2 ? phase->per_active_bucket : phase->active_high, amount);
		return fill(text, size, words->intermittent, length, amount, NULL);
	case PHASE_SPORADIC:
		return sporadic(words, phase, text, size);
	case PHASE_SILENT:
		break;
	}
	const char *pattern = last	   ? words->silence_to_the_end
			      : index == 0 ? words->silence_from_start
					   : words->silence;
	return fill(text, size, pattern, length, NULL, NULL);
}
