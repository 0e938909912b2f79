/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame.h"

#include "palette.h"
#include "phase_band.h"
#include "plain_text.h"
#include "time_axis.h"

#include "../analysis/fit.h"
#include "../observer/base/timestamp.h"
#include "../observer/store/ledger.h"

#include <math.h>
#include <string.h>

#define TITLE_ROOM 38 /* title and line below it */
#define PHASE_ROW  12
#define PHASE_ROOM 10 /* strip of tints and air */
#define BELOW_PLOT 84 /* ticks, dates, label, key */

static double position_root(double hours)
{
	return sqrt(fmax(hours, 0) / 24);
}

static double position_linear(double hours)
{
	return hours / 24;
}

void frame_plan(struct frame *frame, const struct analysis *analysis, double hours,
		enum time_scale scale)
{
	bool root = scale == TIME_SCALE_ROOT && hours >= FRAME_ROOT_FROM_HOURS;
	*frame = (struct frame){
		.analysis = analysis,
		.hours = hours,
		.position = root ? position_root : position_linear,
		.root = root,
		.in_hours = hours <= 96,
		.left = 58,
		.right = FIGURE_WIDTH - 70,
		.bottom = FIGURE_HEIGHT - BELOW_PLOT,
	};
	frame->phase_rows = phase_band_rows(frame);
	frame->top = TITLE_ROOM;
	if (analysis->phases > 0)
		frame->top += PHASE_ROOM + PHASE_ROW * (double)frame->phase_rows;
}

double frame_place(const struct frame *frame, double hours)
{
	double share = frame->position(hours) / frame->position(frame->hours);
	return frame->left + share * (frame->right - frame->left);
}

const char *frame_counted(const struct analysis *analysis)
{
	return analysis->series->counts_attempts ? "attempts" : "SYN";
}

static char *write_duration(double hours, const char *const unit[3], const char *plural, char *text,
			    size_t size)
{
	int scale = hours < 0.95 && hours > 0 ? 0 : hours < 48 ? 1 : 2;
	double number = scale == 0 ? round(hours * 60) : scale == 1 ? hours : hours / 24;
	bool whole = number >= 9.95 || fabs(number - round(number)) < 0.05;
	bool one = whole && fabs(number - 1) < 0.05;
	snprintf(text, size, "%.*f %s%s", whole ? 0 : 1, number, unit[scale], one ? "" : plural);
	return text;
}

char *duration_text(double hours, char *text, size_t size)
{
	static const char *const unit[3] = {"min", "h", "d"};
	return write_duration(hours, unit, "", text, size);
}

char *duration_in_full(double hours, char *text, size_t size)
{
	static const char *const unit[3] = {"minute", "hour", "day"};
	return write_duration(hours, unit, "s", text, size);
}

/* Shortens to what fits on `room` with characters of that width, ending in an ellipsis. */
static void fit_text(char *text, double room, double character_width)
{
	size_t most = (size_t)(room / character_width), characters = 0;
	for (char *next = text; *next; next++) {
		if ((*next & 0xC0) == 0x80)
			continue;
		if (++characters == most && strlen(next) > 4) {
			memcpy(next, "\xE2\x80\xA6", 4);
			return;
		}
	}
}

static void write_label(FILE *script, const char *text, const char *font, double x, double y,
			const char *more)
{
	fputs("set label ", script);
	gnuplot_quote(script, text);
	fprintf(script, " at screen %.5f, screen %.5f left font '%s' %s\n", x / FIGURE_WIDTH,
		1 - y / FIGURE_HEIGHT, font, more);
}

static void write_titles(const struct frame *frame, const char *about, FILE *script)
{
	const struct series *series = frame->analysis->series;
	double room = FIGURE_WIDTH - 24;
	char name[200], title[400], below[512], from[TIMESTAMP_TEXT_SIZE], to[TIMESTAMP_TEXT_SIZE];
	plain_text(series->name, name, sizeof name);
	fit_text(name, room - 8.2 * (double)strlen(about), 9.2);
	snprintf(title, sizeof title, "%s: %s", name, about);
	write_label(script, title, FIGURE_FONT ":Bold,10", 12, 14, "");

	char client[200] = "";
	if (series->client[0])
		snprintf(client, sizeof client, "%s%s%s, ", series->client,
			 series->version[0] ? " " : "", series->version);
	timestamp_format(series->retired, from);
	int64_t last = series->rows ? series->row[series->rows - 1].start + BUCKET_SECONDS
				    : series->retired;
	snprintf(below, sizeof below, "%s%s %.10s %.5s UTC, record to %.10s%s", client,
		 series->retired_assumed ? "retirement unknown, counted from" : "retired", from,
		 from + 11, timestamp_format(last, to),
		 strcmp(series->policy, "drop") == 0  ? ", SYNs dropped"
		 : strcmp(series->policy, "rst") == 0 ? ", SYNs answered with RST"
						      : "");
	char plain[600];
	plain_text(below, plain, sizeof plain);
	fit_text(plain, room, 6.3);
	write_label(script, plain, FIGURE_FONT ",8", 12, 29,
		    "textcolor rgb '" COLOUR_QUIET_TEXT "'");
}

void frame_write(const struct frame *frame, const char *about, FILE *script)
{
	fprintf(script,
		"set termoption noenhanced\n"
		"set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
		"set tmargin at screen %.5f\nset bmargin at screen %.5f\n"
		"set border 3 linecolor rgb '" COLOUR_TEXT "' linewidth 0.8\n"
		"set tics nomirror out scale 0.5 font '" FIGURE_FONT
		",7.5' textcolor rgb '" COLOUR_TEXT "'\n"
		"set key at screen 0.5, screen %.5f center bottom vertical maxrows 2 "
		"font '" FIGURE_FONT ",7.5' samplen 2 spacing 1.1 reverse Left\n"
		"set pointintervalbox 0\nset errorbars 0.4\n",
		frame->left / FIGURE_WIDTH, frame->right / FIGURE_WIDTH,
		1 - frame->top / FIGURE_HEIGHT, 1 - frame->bottom / FIGURE_HEIGHT,
		4.0 / FIGURE_HEIGHT);
	write_titles(frame, about, script);
	phase_band_write(frame, script);
	time_axis_write(frame, script);
}

int frame_add_gaps(const struct frame *frame, struct layers *layers, struct failure *failure)
{
	const struct series *series = frame->analysis->series;
	double known_to = 0;
	for (size_t i = series->first; i <= series->rows; i++) {
		/* Behind the record nothing is known either. */
		double from = i < series->rows
				      ? (double)(series->row[i].start - series->retired) / 3600
				      : frame->hours;
		double end = fmin(from, frame->hours);
		if (end > known_to + 1e-9 &&
		    frame_place(frame, end) - frame_place(frame, known_to) >= 0.5 &&
		    layers_add(layers, layer_row_at("gap", known_to, end), failure) != 0)
			return -1;
		known_to = from + BUCKET_SECONDS / 3600.0;
		if (known_to >= frame->hours)
			break;
	}
	return 0;
}

int frame_add_phases(const struct frame *frame, struct layers *layers, struct failure *failure)
{
	static const char *const layer[] = {"phase_steady", "phase_intermittent", "phase_sporadic",
					    "phase_silent"};
	for (size_t i = 0; i < frame->analysis->phases; i++) {
		const struct phase *phase = &frame->analysis->phase[i];
		struct layer_row row =
			layer_row_at(layer[phase->kind], phase->from_hours, phase->to_hours);
		row.value = phase->per_bucket;
		row.low = phase->ci_low;
		row.high = phase->ci_high;
		row.count = (double)phase->syn;
		row.observed_hours = phase->observed_hours;
		if (phase->from_hours < frame->hours && layers_add(layers, row, failure) != 0)
			return -1;
	}
	return 0;
}

int frame_add_fit(const struct frame *frame, struct layers *layers, struct failure *failure)
{
	const struct fit *best = &frame->analysis->best;
	enum { POINTS = 480 };
	double end = fmin(frame->hours, frame->analysis->span_hours);
	for (int i = 0; best->done && i <= POINTS; i++) {
		/* Even steps on the axis: squares of even steps on the root axis. */
		double share = (double)i / POINTS;
		double hours = end * (frame->root ? share * share : share);
		struct layer_row row = layer_row_at("fit", hours, hours);
		row.value = fit_per_bucket(best, hours);
		if (layers_add(layers, row, failure) != 0)
			return -1;
	}
	return 0;
}
