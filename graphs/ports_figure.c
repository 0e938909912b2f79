/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "ports": packets per day and sensor by destination port, the ten busiest and the
 * others stacked, from the censuses. What a day has is divided by the time observed in it; a day
 * of which less than an hour was observed is unknown, for a few minutes say little of a day. */
#include "figure.h"

#include "census_record.h"
#include "count_axis.h"
#include "frame.h"
#include "number.h"
#include "palette.h"
#include "time_axis.h"

#include "../observer/base/timestamp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BARS_MAX       366 /* beyond it a bar is several days */
#define OBSERVED_LEAST (1 / 24.0)
#define DAY_SECONDS    86400
#define KEY_ROOM       128
/* One day far above the others (that of the retirement) would flatten them all: the axis is cut. */
#define CUT_ABOVE 2.5 /* times what all but a twentieth of the bars keep below */
#define CUT_AT	  1.6
#define DATE_ROOM 52

/* Dark and light by turns, so that neighbours differ in grey too. */
static const char *const colours[CENSUS_RECORD_PORTS + 1] = {
	COLOUR_BLUE,   COLOUR_ORANGE, "#00664B", COLOUR_SKY_BLUE, COLOUR_VERMILLION, COLOUR_YELLOW,
	COLOUR_PURPLE, "#333333",     "#BBBBBB", COLOUR_GREEN,	  "#E4E4E4"};

struct bars {
	const struct census_record *census;
	size_t width; /* days in a bar */
	size_t bars;
};

static struct bars plan_bars(const struct figure_request *request)
{
	struct bars bars = {.census = request->census};
	size_t days = request->census->days;
	bars.width = (days + BARS_MAX - 1) / BARS_MAX;
	bars.bars = (days + bars.width - 1) / bars.width;
	return bars;
}

static double sum(const struct bars *bars, size_t bar, const double *per_day)
{
	double total = 0;
	for (size_t day = bar * bars->width;
	     day < (bar + 1) * bars->width && day < bars->census->days; day++)
		total += per_day[day];
	return total;
}

static bool is_known(const struct bars *bars, size_t bar)
{
	return sum(bars, bar, bars->census->observed_days) >= OBSERVED_LEAST - 1e-9;
}

/* Packets per day and sensor. */
static double value_of(const struct bars *bars, size_t bar, size_t port)
{
	return sum(bars, bar, bars->census->port[port].per_day) /
	       sum(bars, bar, bars->census->observed_days);
}

static int check(const struct figure_request *request, struct failure *failure)
{
	struct bars bars = plan_bars(request);
	for (size_t bar = 0; bar < bars.bars; bar++)
		if (is_known(&bars, bar))
			return 0;
	return fail(failure, EXIT_FAILED,
		    "%.128s: less than an hour of any day was observed: too little for packets per "
		    "day",
		    request->analysis[0].series->name);
}

/* Quoted for gnuplot or plain: port numbers and our own words. */
static void name_port(const struct census_record_port *port, enum language language, char *text)
{
	if (port->protocol == 0)
		snprintf(text, WORD_TEXT_SIZE, "%s", word(language, WORD_OTHER_PORTS_SHORT));
	else
		snprintf(text, WORD_TEXT_SIZE, "%u/%s", port->port,
			 port->protocol == 17 ? "udp" : "tcp");
}

static char *name_day(const struct census_record *census, size_t day, char *text)
{
	return timestamp_format_date((census->first_day + (int64_t)day) * DAY_SECONDS, text);
}

static void write_csv(FILE *csv, const struct figure_request *request)
{
	struct bars bars = plan_bars(request);
	const struct census_record *census = request->census;
	fputs("date,days,port,packets,packets_per_day_and_sensor,observed_sensor_days\n", csv);
	for (size_t bar = 0; bar < bars.bars; bar++)
		for (size_t i = 0; i < census->ports; i++) {
			char date[TIMESTAMP_TEXT_SIZE], port[WORD_TEXT_SIZE];
			name_port(&census->port[i], LANGUAGE_ENGLISH, port);
			fprintf(csv, "%s,%zu,%s,%.0f,", name_day(census, bar * bars.width, date),
				bars.width, port, sum(&bars, bar, census->port[i].per_day));
			if (is_known(&bars, bar))
				fprintf(csv, "%.9g", value_of(&bars, bar, i));
			fprintf(csv, ",%.9g\n", sum(&bars, bar, census->observed_days));
		}
}

/* The outline of the stack up to a port. */
static void write_stack(const struct bars *bars, size_t up_to, FILE *script)
{
	bool after_known = false;
	fprintf(script, "$stack%zu << EOD\n", up_to);
	for (size_t bar = 0; bar < bars->bars; bar++) {
		double stack = 0;
		for (size_t i = 0; i <= up_to; i++)
			stack += is_known(bars, bar) ? value_of(bars, bar, i) : 0;
		if (is_known(bars, bar))
			fprintf(script, "%zu %.9g\n%zu %.9g\n", bar * bars->width, stack,
				(bar + 1) * bars->width, stack);
		else if (after_known)
			putc('\n', script);
		after_known = is_known(bars, bar);
	}
	fputs("EOD\n", script);
}

static void write_gaps(const struct bars *bars, FILE *script)
{
	fputs("$gap << EOD\nNaN NaN\n", script);
	for (size_t bar = 0; bar < bars->bars; bar++)
		if (!is_known(bars, bar))
			fprintf(script, "%zu %zu\n", bar * bars->width, (bar + 1) * bars->width);
	fputs("EOD\n", script);
}

static bool has_gaps(const struct bars *bars)
{
	for (size_t bar = 0; bar < bars->bars; bar++)
		if (!is_known(bars, bar))
			return true;
	return false;
}

static void write_dates(const struct frame *frame, const struct bars *bars, FILE *script)
{
	static const size_t steps[] = {1, 2, 3, 7, 14, 28, 56, 91, 182, 364, 728, 3640};
	size_t chosen = 0;
	double days = (double)(bars->bars * bars->width);
	double room = (frame->right - frame->left) / days;
	while (chosen + 1 < sizeof steps / sizeof steps[0] &&
	       (double)steps[chosen] * room < DATE_ROOM)
		chosen++;
	int year = -1;
	fprintf(script, "set xrange [0:%.9g]\nset xtics (", days);
	for (size_t day = 0; day <= bars->census->days; day += steps[chosen]) {
		fprintf(script, "%s\"", day ? ", " : "");
		time_axis_write_date(frame->language,
				     (bars->census->first_day + (int64_t)day) * DAY_SECONDS, false,
				     &year, script);
		fprintf(script, "\" %zu", day);
	}
	fputs(")\n", script);
	frame_write_label(script, word(frame->language, WORD_DATE_UTC), ",8",
			  (frame->left + frame->right) / 2, frame->bottom + 44, "center");
}

static bool is_own(const struct figure_request *request, const struct census_record_port *port)
{
	if (request->analyses > 1 || port->protocol == 0)
		return false;
	for (size_t i = 0; i < request->census->own_ports; i++)
		if (request->census->own_port[i] == port->port)
			return true;
	return false;
}

static void plan(struct frame *frame, const struct figure_request *request)
{
	frame_plan(frame, request, 24, TIME_SCALE_LINEAR);
	frame->right = FIGURE_WIDTH - KEY_ROOM;
	frame->bottom = FIGURE_HEIGHT - 56;
	frame->top = 46;
	frame->left = 64;
}

static void write_about(const struct frame *frame, const struct figure_request *request,
			char about[WORD_TEXT_SIZE])
{
	char number[32];
	snprintf(number, sizeof number, "%zu", request->analyses);
	word_fill(frame->language, request->analyses > 1 ? WORD_PORTS_ABOUT : WORD_PORTS_ABOUT_ONE,
		  number, NULL, about);
}

static void write_key(const struct frame *frame, FILE *script)
{
	fprintf(script, "set key at screen %.5f, screen %.5f left top vertical maxrows 20\n",
		(frame->right + 6) / FIGURE_WIDTH, 1 - frame->top / FIGURE_HEIGHT);
}

static double stack_of(const struct bars *bars, size_t bar)
{
	double stack = 0;
	for (size_t i = 0; i < bars->census->ports && is_known(bars, bar); i++)
		stack += value_of(bars, bar, i);
	return stack;
}

static int compare_numbers(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static void write_scale(const struct frame *frame, const struct bars *bars, FILE *script)
{
	double stack[BARS_MAX], highest = 0;
	size_t known = 0, of_highest = 0;
	for (size_t bar = 0; bar < bars->bars; bar++) {
		if (!is_known(bars, bar))
			continue;
		stack[known] = stack_of(bars, bar);
		if (stack[known] > highest) {
			highest = stack[known];
			of_highest = bar;
		}
		known++;
	}
	qsort(stack, known, sizeof *stack, compare_numbers);
	double most = stack[(known - 1) * 19 / 20], top = fmax(highest * 1.04, 1);
	bool cut = known >= 20 && most > 0 && highest > CUT_ABOVE * most;
	if (cut)
		top = CUT_AT * most;
	fprintf(script,
		"highest = %.9g\nset yrange [0:highest]\n"
		"set grid ytics linetype 1 linecolor rgb '" COLOUR_GRID "' linewidth 0.6\n",
		top);
	count_axis_write(top, script);
	if (!cut)
		return;
	char number[NUMBER_TEXT_SIZE], text[WORD_TEXT_SIZE];
	word_fill(frame->language, WORD_UP_TO, count_text((uint64_t)llround(highest), number), NULL,
		  text);
	double share = ((double)of_highest + 0.5) / (double)bars->bars;
	double place = frame->left + share * (frame->right - frame->left);
	frame_write_label(script, text, ",7.5", place + (share > 0.7 ? -6 : 6), frame->top + 7,
			  share > 0.7 ? "right front" : "left front");
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	(void)layers;
	struct frame frame;
	plan(&frame, request);
	const struct census_record *census = request->census;
	struct bars bars = plan_bars(request);
	char about[WORD_TEXT_SIZE], below[WORD_TEXT_SIZE];
	char from[TIMESTAMP_TEXT_SIZE], to[TIMESTAMP_TEXT_SIZE];
	write_about(&frame, request, about);
	word_fill(frame.language, WORD_PORTS_BELOW, name_day(census, 0, from),
		  name_day(census, census->days - 1, to), below);
	frame_write_sheet(&frame, about, below, script);
	frame_write_left(&frame, word(frame.language, WORD_PACKETS_A_DAY), script);
	write_dates(&frame, &bars, script);
	write_key(&frame, script);
	write_scale(&frame, &bars, script);
	for (size_t i = 0; i < census->ports; i++)
		write_stack(&bars, i, script);
	write_gaps(&bars, script);
	fputs("plot $gap using (($1 + $2) / 2):(highest):1:2:(0):(highest) with boxxyerror "
	      "fillstyle pattern 5 noborder linecolor rgb '" COLOUR_GAP "' ",
	      script);
	if (has_gaps(&bars))
		fprintf(script, "title '%s'", word(frame.language, WORD_NOT_OBSERVED));
	else
		fputs("notitle", script);
	for (size_t i = census->ports; i-- > 0;) {
		char port[WORD_TEXT_SIZE], own[WORD_TEXT_SIZE];
		name_port(&census->port[i], frame.language, port);
		word_fill(frame.language, WORD_ITS_OWN, port, NULL, own);
		bool others = census->port[i].protocol == 0;
		fprintf(script,
			", \\\n$stack%zu using 1:2 with filledcurves y=0 fillstyle solid noborder "
			"linecolor rgb '%s' title '%s'",
			i, colours[others ? CENSUS_RECORD_PORTS : i],
			is_own(request, &census->port[i]) ? own : port);
	}
	fputc('\n', script);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	char about[WORD_TEXT_SIZE], port[WORD_TEXT_SIZE];
	write_about(&frame, request, about);
	frame_describe(&frame, about, description);
	name_port(&request->census->port[0], frame.language, port);
	word_fill(frame.language, WORD_PORTS_TEXT, port, NULL, description->text);
}

const struct figure ports_figure = {
	.name = "ports",
	.summary = "packets per day by destination port, the ten busiest stacked",
	.targets_max = FIGURE_TARGETS_MAX,
	.days_max = 0,
	.source = FIGURE_FROM_CENSUS,
	.check = check,
	.write_csv = write_csv,
	.draw = draw,
	.describe = describe,
};
