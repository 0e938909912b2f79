/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alert_bars.h"

#include "html.h"
#include "palette.h"

#include "../observer/base/timestamp.h"

#include <inttypes.h>

/* Units of the drawing. */
#define WIDTH	   720.0
#define HEIGHT	   170.0
#define LEFT	   52.0 /* of the axis: room for the numbers */
#define RIGHT	   14.0
#define TOP	   10.0
#define BOTTOM	   24.0 /* below the axis: room for the times */
#define BAR_LEAST  1.0
#define TICKS_MOST 6
#define DAY	   86400

const char alert_bars_style[] =
	"svg.bars{display:block;width:100%;max-width:46rem;height:auto}\n"
	"svg.bars rect{fill:" COLOUR_BLUE "}\n"
	"svg.bars line{stroke:var(--line);stroke-width:1}\n"
	"svg.bars text{fill:var(--quiet);font-size:11px}\n"
	"@media (prefers-color-scheme:dark){svg.bars rect{fill:" COLOUR_SKY_BLUE "}}\n"
	"@media print{svg.bars rect{fill:" COLOUR_BLUE "}}\n";

static int64_t tick_step(int64_t span)
{
	static const int64_t steps[] = {1,	  5,	    15,	       60,	 300,
					900,	  3600,	    3 * 3600,  6 * 3600, 12 * 3600,
					DAY,	  2 * DAY,  5 * DAY,   7 * DAY,	 14 * DAY,
					30 * DAY, 91 * DAY, 182 * DAY, 365 * DAY};
	size_t i = 0;
	while (i + 1 < sizeof steps / sizeof steps[0] && span / steps[i] > TICKS_MOST)
		i++;
	/* A log of decades has wider ones. */
	return steps[i] * (span / steps[i] / TICKS_MOST + 1);
}

/* "2026-11-26T12:34:56Z": days from half a day on, else the time of day, and its day where the log
 * has several. */
static void tick_text(int64_t when, int64_t step, int64_t span, char text[TIMESTAMP_TEXT_SIZE])
{
	char whole[TIMESTAMP_TEXT_SIZE];
	timestamp_format(when, whole);
	whole[10] = ' ';
	if (step >= DAY)
		snprintf(text, TIMESTAMP_TEXT_SIZE, "%.10s", whole);
	else if (span > DAY)
		snprintf(text, TIMESTAMP_TEXT_SIZE, "%.11s", whole + 5);
	else
		snprintf(text, TIMESTAMP_TEXT_SIZE, "%.*s", step < 60 ? 8 : 5, whole + 11);
}

static void write_ticks(FILE *page, int64_t from, int64_t to)
{
	int64_t span = to - from, step = tick_step(span);
	double base = HEIGHT - BOTTOM;
	for (int64_t when = from + (step - from % step) % step; when <= to; when += step) {
		char text[TIMESTAMP_TEXT_SIZE];
		double at = LEFT + (WIDTH - LEFT - RIGHT) * (double)(when - from) / (double)span;
		tick_text(when, step, span, text);
		fprintf(page, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", at, base,
			at, base + 4);
		/* A label at the end stays within the drawing. */
		const char *anchor = at > WIDTH - RIGHT - 30 ? "end" : "middle";
		fprintf(page, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", at,
			base + 17, anchor, text);
	}
}

static void write_rule(FILE *page, uint32_t count, double height)
{
	fprintf(page,
		"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
		"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%" PRIu32 "</text>\n",
		LEFT, height, WIDTH - RIGHT, height, LEFT - 6, height + 4, count);
}

void alert_bars_write(FILE *page, const struct time_bins *bins, int64_t from, int64_t to,
		      const char *label)
{
	uint32_t most = 1;
	double base = HEIGHT - BOTTOM, tall = base - TOP, wide = WIDTH - LEFT - RIGHT;
	if (to <= from)
		to = from + TIME_BIN_SMALLEST;
	for (size_t i = 0; i < TIME_BINS; i++)
		if (bins->count[i] > most)
			most = bins->count[i];
	fprintf(page, "<svg class=\"bars\" viewBox=\"0 0 %.0f %.0f\" role=\"img\"", WIDTH, HEIGHT);
	html_print(page, " aria-label=\"%s\">\n", label);
	write_rule(page, most, TOP);
	write_rule(page, 0, base);
	for (size_t i = 0; i < TIME_BINS; i++) {
		int64_t begin = bins->origin + (int64_t)i * bins->width;
		int64_t end = begin + bins->width;
		if (!bins->count[i] || end <= from || begin > to)
			continue;
		begin = begin < from ? from : begin;
		end = end > to ? to : end;
		double left = wide * (double)(begin - from) / (double)(to - from);
		double width = wide * (double)(end - begin) / (double)(to - from);
		double height = tall * bins->count[i] / most;
		width = width < BAR_LEAST ? BAR_LEAST : width * 0.9;
		if (left + width > wide)
			left = wide - width;
		height = height < BAR_LEAST ? BAR_LEAST : height;
		fprintf(page, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>\n",
			LEFT + left, base - height, width, height);
	}
	write_ticks(page, from, to);
	fputs("</svg>\n", page);
}
