/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "time_axis.h"

#include "palette.h"

#include <math.h>
#include <time.h>

/* Least distances in 96ths of an inch: of two numbers, of two dates "20 Feb", of two instants
 * "20 Feb 14:05". */
#define NUMBER_DISTANCE	 26
#define DATE_DISTANCE	 40
#define INSTANT_DISTANCE 72

#define TICKS_MAX 64

/* Days at which the root axis has ticks, as far as there is room, and steps of the linear one. */
static const double root_days[] = {0,	1,   3,	  7,   14,  21,	 30,  45,  60,	 90,   120,
				   150, 180, 240, 300, 365, 455, 545, 730, 1095, 1460, 1825};
static const double root_few_days[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14};
static const double root_hours[] = {0, 1, 3, 6, 12, 24, 36, 48, 60, 72, 84, 96};
static const double log_hours[] = {1 / 12.0, 0.25, 1,	 3,    12,   24,    72,	  168,
				   336,	     720,  2160, 4320, 8760, 17520, 43800};
static const double steps_hours[] = {1 / 12.0, 1 / 6.0, 0.25, 0.5, 1,	2,    3,    6,	  12,  24,
				     48,       120,	240,  480, 720, 1440, 2160, 4320, 8760};

static double distance_of_dates(const struct frame *frame)
{
	return frame->tick_hours < 24 ? INSTANT_DISTANCE : DATE_DISTANCE;
}

static size_t ticks_from(const struct frame *frame, const double *candidate, size_t candidates,
			 double unit, double tick[TICKS_MAX])
{
	size_t ticks = 0;
	double distance = frame_has_dates(frame) && frame->tick_hours < 24 ? INSTANT_DISTANCE
									   : NUMBER_DISTANCE;
	for (size_t i = 0; i < candidates && ticks < TICKS_MAX; i++) {
		double hours = candidate[i] * unit;
		if (hours > frame->hours * (1 + 1e-9))
			break;
		if (ticks == 0 ||
		    frame_place(frame, hours) - frame_place(frame, tick[ticks - 1]) >= distance)
			tick[ticks++] = hours;
	}
	return ticks;
}

static size_t ticks_even(const struct frame *frame, double tick[TICKS_MAX])
{
	size_t steps = sizeof steps_hours / sizeof steps_hours[0], chosen = 0;
	double distance = distance_of_dates(frame);
	while (chosen + 1 < steps &&
	       frame_place(frame, steps_hours[chosen]) - frame_place(frame, 0) < distance)
		chosen++;
	size_t ticks = 0;
	while (ticks < TICKS_MAX &&
	       (double)ticks * steps_hours[chosen] <= frame->hours * (1 + 1e-9)) {
		tick[ticks] = (double)ticks * steps_hours[chosen];
		ticks++;
	}
	return ticks;
}

static size_t ticks_make(const struct frame *frame, double tick[TICKS_MAX])
{
	if (frame->scale == TIME_SCALE_LOG)
		return ticks_from(frame, log_hours, sizeof log_hours / sizeof log_hours[0], 1,
				  tick);
	if (frame->scale == TIME_SCALE_LINEAR)
		return ticks_even(frame, tick);
	if (frame->tick_hours < 24)
		return ticks_from(frame, root_hours, sizeof root_hours / sizeof root_hours[0], 1,
				  tick);
	if (frame->hours < 15 * 24)
		return ticks_from(frame, root_few_days,
				  sizeof root_few_days / sizeof root_few_days[0], 24, tick);
	return ticks_from(frame, root_days, sizeof root_days / sizeof root_days[0], 24, tick);
}

void time_axis_write_date(enum language language, int64_t seconds, bool with_time, int *year,
			  FILE *script)
{
	static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t instant = (time_t)seconds;
	struct tm utc;
	if (!gmtime_r(&instant, &utc))
		return;
	if (language == LANGUAGE_JAPANESE)
		fprintf(script, "%d/%d", utc.tm_mon + 1, utc.tm_mday);
	else
		fprintf(script, "%d %s", utc.tm_mday, month[utc.tm_mon]);
	if (with_time)
		fprintf(script, " %02d:%02d", utc.tm_hour, utc.tm_min);
	if (utc.tm_year != *year)
		fprintf(script, "\\n%d", utc.tm_year + 1900);
	*year = utc.tm_year;
}

static void write_name(const struct frame *frame, FILE *script)
{
	enum language language = frame->language;
	char text[WORD_TEXT_SIZE];
	snprintf(text, sizeof text, "%s%s%s",
		 word(language, frame->scale == TIME_SCALE_LOG ? WORD_TIME_SINCE
				: frame->tick_hours < 1	       ? WORD_MINUTES_SINCE
				: frame->tick_hours < 24       ? WORD_HOURS_SINCE
							       : WORD_DAYS_SINCE),
		 frame->scale == TIME_SCALE_LINEAR
			 ? ""
			 : word(language,
				frame->scale == TIME_SCALE_LOG ? WORD_LOG_SCALE : WORD_ROOT_SCALE),
		 frame_has_dates(frame) ? word(language, WORD_DATES_UTC) : "");
	frame_write_label(script, text, ",8", (frame->left + frame->right) / 2,
			  frame->bottom + (frame_has_dates(frame) ? 47 : 31), "center");
}

void time_axis_write(const struct frame *frame, FILE *script)
{
	double tick[TICKS_MAX];
	size_t ticks = ticks_make(frame, tick);
	fprintf(script, "set xrange [%.9g:%.9g]\nset xtics (", frame->position(0),
		frame->position(frame->hours));
	int year = -1;
	double dated = -1e9;
	for (size_t i = 0; i < ticks; i++) {
		double place = frame_place(frame, tick[i]);
		char number[64];
		snprintf(number, sizeof number, "%g", tick[i] / frame->tick_hours);
		if (frame->scale == TIME_SCALE_LOG)
			word_duration(frame->language, tick[i], number, sizeof number);
		fprintf(script, "%s\"%s", i ? ", " : "", number);
		if (frame_has_dates(frame) && place - dated >= distance_of_dates(frame)) {
			fputs("\\n", script);
			time_axis_write_date(frame->language,
					     frame->analysis->series->retired +
						     (int64_t)llround(tick[i] * 3600),
					     frame->tick_hours < 24, &year, script);
			dated = place;
		}
		fprintf(script, "\" %.9g", frame->position(tick[i]));
	}
	fputs(")\n", script);
	write_name(frame, script);
}
