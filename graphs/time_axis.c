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
static const double steps_hours[] = {0.25, 0.5, 1,   2,	  3,	6,    12,   24,	 48,
				     120,  240, 480, 720, 1440, 2160, 4320, 8760};

static size_t ticks_from(const struct frame *frame, const double *candidate, size_t candidates,
			 double unit, double tick[TICKS_MAX])
{
	size_t ticks = 0;
	double distance = frame->in_hours ? INSTANT_DISTANCE : NUMBER_DISTANCE;
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
	double distance = frame->in_hours ? INSTANT_DISTANCE : DATE_DISTANCE;
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
	if (!frame->root)
		return ticks_even(frame, tick);
	if (frame->in_hours)
		return ticks_from(frame, root_hours, sizeof root_hours / sizeof root_hours[0], 1,
				  tick);
	if (frame->hours < 15 * 24)
		return ticks_from(frame, root_few_days,
				  sizeof root_few_days / sizeof root_few_days[0], 24, tick);
	return ticks_from(frame, root_days, sizeof root_days / sizeof root_days[0], 24, tick);
}

/* The rows below a tick's number: the date, and the year where it is new. */
static void write_date(const struct frame *frame, double hours, int *year, FILE *script)
{
	static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t instant =
		(time_t)(frame->analysis->series->retired + (int64_t)llround(hours * 3600));
	struct tm utc;
	if (!gmtime_r(&instant, &utc))
		return;
	fprintf(script, "\\n%d %s", utc.tm_mday, month[utc.tm_mon]);
	if (frame->in_hours)
		fprintf(script, " %02d:%02d", utc.tm_hour, utc.tm_min);
	if (utc.tm_year != *year)
		fprintf(script, "\\n%d", utc.tm_year + 1900);
	*year = utc.tm_year;
}

void time_axis_write(const struct frame *frame, FILE *script)
{
	double tick[TICKS_MAX];
	size_t ticks = ticks_make(frame, tick);
	fprintf(script, "set xrange [0:%.9g]\nset xtics (", frame->position(frame->hours));
	int year = -1;
	double dated = -1e9;
	for (size_t i = 0; i < ticks; i++) {
		double place = frame_place(frame, tick[i]);
		fprintf(script, "%s\"%g", i ? ", " : "", frame->in_hours ? tick[i] : tick[i] / 24);
		if (place - dated >= (frame->in_hours ? INSTANT_DISTANCE : DATE_DISTANCE)) {
			write_date(frame, tick[i], &year, script);
			dated = place;
		}
		fprintf(script, "\" %.9g", frame->position(tick[i]));
	}
	fputs(")\n", script);
	fprintf(script,
		"set label '%s since retirement%s; dates in UTC' at screen %.5f, screen %.5f "
		"center font '" FIGURE_FONT ",8'\n",
		frame->in_hours ? "hours" : "days", frame->root ? " (square-root scale)" : "",
		(frame->left + frame->right) / 2 / FIGURE_WIDTH,
		1 - (frame->bottom + 47) / FIGURE_HEIGHT);
}
