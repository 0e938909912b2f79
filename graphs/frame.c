/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame.h"

#include "palette.h"
#include "phase_band.h"
#include "plain_text.h"
#include "time_axis.h"

#include "../analysis/fit.h"
#include "../analysis/ribbon.h"
#include "../observer/base/timestamp.h"
#include "../observer/store/ledger.h"

#include <math.h>
#include <string.h>

#define TITLE_ROOM 38 /* title and line below it */
#define PHASE_ROW  12
#define PHASE_ROOM 10 /* strip of tints and air */
#define DATES_ROOM 16
#define BELOW_PLOT 84 /* ticks, dates, label, key of KEY_ROWS */
#define KEY_ROWS   2
#define KEY_ROW	   12
/* As gnuplot lays a key out, whose columns are all as wide as the longest title: measured. */
#define KEY_LETTER 6.1
#define KEY_SAMPLE 5 /* letters */

static double position_root(double hours)
{
	return sqrt(fmax(hours, 0) / 24);
}

static double position_linear(double hours)
{
	return hours / 24;
}

/* The axis begins within the first bucket. */
static double position_log(double hours)
{
	return log10(fmax(hours, FRAME_LOG_FROM_HOURS));
}

bool frame_has_dates(const struct frame *frame)
{
	return frame->scale != TIME_SCALE_LOG && !frame->several;
}

void frame_plan(struct frame *frame, const struct figure_request *request, double hours,
		enum time_scale scale)
{
	static double (*const position[])(double) = {position_root, position_linear, position_log};
	if (scale == TIME_SCALE_ROOT && hours < FRAME_ROOT_FROM_HOURS)
		scale = TIME_SCALE_LINEAR;
	*frame = (struct frame){
		.analysis = &request->analysis[0],
		.several = request->analyses > 1,
		.language = request->language,
		.counted = request->analysis[0].series->counts_attempts ? WORD_ATTEMPTS : WORD_SYN,
		.hours = hours,
		.position = position[scale],
		.scale = scale,
		.tick_hours = hours <= 3    ? 1 / 60.0
			      : hours <= 96 ? 1
					    : 24,
		.left = 58,
		.right = FIGURE_WIDTH - 70,
		.bottom = FIGURE_HEIGHT - BELOW_PLOT,
	};
	if (!frame_has_dates(frame))
		frame->bottom += DATES_ROOM;
	frame->phase_rows = phase_band_rows(frame);
	frame->top = TITLE_ROOM;
	if (frame->phase_rows > 0)
		frame->top += PHASE_ROOM + PHASE_ROW * (double)frame->phase_rows;
}

void frame_add_key(struct frame *frame, const char *title)
{
	size_t letters = language_columns(title);
	if (letters > frame->key_columns)
		frame->key_columns = letters;
	frame->key_titles++;
	double width = KEY_LETTER * (double)(frame->key_columns + KEY_SAMPLE);
	size_t beside = (size_t)fmax(FIGURE_WIDTH / width, 1);
	size_t rows = (frame->key_titles + beside - 1) / beside;
	for (; rows > frame->key_rows; frame->key_rows++)
		if (frame->key_rows >= KEY_ROWS)
			frame->bottom -= KEY_ROW;
}

double frame_place(const struct frame *frame, double hours)
{
	double first = frame->position(0);
	double share = (frame->position(hours) - first) / (frame->position(frame->hours) - first);
	return frame->left + share * (frame->right - frame->left);
}

char *frame_per_bucket(const struct frame *frame, char *text)
{
	return word_fill(frame->language, WORD_PER_BUCKET, word(frame->language, frame->counted),
			 NULL, text);
}

void frame_fit_text(char *text, double room, double letter_width)
{
	static const char ellipsis[] = "\xE2\x80\xA6";
	size_t most = (size_t)(room / letter_width), length = strlen(text);
	if (language_columns(text) <= most)
		return;
	while (length > 0) {
		length--;
		if ((text[length] & 0xC0) == 0x80)
			continue;
		text[length] = '\0';
		if (language_columns(text) < most)
			break;
	}
	memcpy(text + length, ellipsis, sizeof ellipsis);
}

void frame_write_label(FILE *script, const char *text, const char *font, double x, double y,
		       const char *more)
{
	fputs("set label ", script);
	gnuplot_quote(script, text);
	fprintf(script, " at screen %.5f, screen %.5f font '" FIGURE_FONT "%s' %s\n",
		x / FIGURE_WIDTH, 1 - y / FIGURE_HEIGHT, font, more);
}

void frame_write_left(const struct frame *frame, const char *text, FILE *script)
{
	frame_write_label(script, text, ",8", 12, (frame->top + frame->bottom) / 2,
			  "center rotate by 90");
}

/* UTC seconds. */
static int64_t series_end(const struct series *series)
{
	return series->rows ? series->row[series->rows - 1].start + BUCKET_SECONDS
			    : series->retired;
}

/* The line below the title of one target. */
static void write_life(const struct frame *frame, char *below, size_t size)
{
	const struct series *series = frame->analysis->series;
	char client[200] = "", from[TIMESTAMP_TEXT_SIZE], to[TIMESTAMP_TEXT_SIZE];
	char instant[32], end[32], when[WORD_TEXT_SIZE];
	if (series->client[0])
		snprintf(client, sizeof client, "%s%s%s, ", series->client,
			 series->version[0] ? " " : "", series->version);
	timestamp_format(series->retired, from);
	snprintf(instant, sizeof instant, "%.10s %.5s", from, from + 11);
	snprintf(end, sizeof end, "%.10s", timestamp_format(series_end(series), to));
	word_fill(frame->language, series->retired_assumed ? WORD_COUNTED_FROM : WORD_RETIRED,
		  instant, end, when);
	snprintf(below, size, "%s%s%s", client, when,
		 strcmp(series->policy, "drop") == 0  ? word(frame->language, WORD_DROPPED)
		 : strcmp(series->policy, "rst") == 0 ? word(frame->language, WORD_REFUSED)
						      : "");
}

void frame_describe(const struct frame *frame, const char *about,
		    struct figure_description *description)
{
	const struct series *series = frame->analysis->series;
	snprintf(description->title, sizeof description->title, "%s%s%s",
		 frame->several ? "" : series->name, frame->several ? "" : ": ", about);
	description->time = series_end(series);
}

void frame_write_sheet(const struct frame *frame, const char *about, const char *below,
		       FILE *script)
{
	fprintf(script,
		"set termoption noenhanced\n"
		"set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
		"set tmargin at screen %.5f\nset bmargin at screen %.5f\n"
		/* Functions are straight lines here. */
		"set samples 2\nset border 3 linecolor rgb '" COLOUR_TEXT "' linewidth 0.8\n"
		"set tics nomirror out scale 0.5 font '" FIGURE_FONT
		",7.5' textcolor rgb '" COLOUR_TEXT "'\n"
		"set key at screen 0.5, screen %.5f center bottom vertical maxrows %zu "
		"font '" FIGURE_FONT ",7.5' samplen 2 spacing 1.1 reverse Left\n"
		"set pointintervalbox 0\nset errorbars 0.4\n",
		frame->left / FIGURE_WIDTH, frame->right / FIGURE_WIDTH,
		1 - frame->top / FIGURE_HEIGHT, 1 - frame->bottom / FIGURE_HEIGHT,
		4.0 / FIGURE_HEIGHT, frame->key_rows > KEY_ROWS ? frame->key_rows : KEY_ROWS);
	double room = FIGURE_WIDTH - 24;
	char name[200], title[400 + WORD_TEXT_SIZE], plain[200 + 2 * WORD_TEXT_SIZE];
	plain_text(frame->analysis->series->name, name, sizeof name);
	frame_fit_text(name, room - 8.2 * (double)language_columns(about), 9.2);
	snprintf(title, sizeof title, "%s%s%s", frame->several ? "" : name,
		 frame->several ? "" : ": ", about);
	frame_write_label(script, title, ":Bold,10", 12, 14, "left");
	plain_text(below, plain, sizeof plain);
	frame_fit_text(plain, room, 6.3);
	frame_write_label(script, plain, ",8", 12, 29,
			  "left textcolor rgb '" COLOUR_QUIET_TEXT "'");
}

void frame_write(const struct frame *frame, const char *about, FILE *script)
{
	char below[200 + 2 * WORD_TEXT_SIZE] = "";
	if (!frame->several)
		write_life(frame, below, sizeof below);
	frame_write_sheet(frame, about, below, script);
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
	struct ribbon ribbon;
	if (ribbon_make(&ribbon, frame->analysis, failure) != 0)
		return -1;
	enum { POINTS = 480 };
	double end = fmin(frame->hours, frame->analysis->span_hours);
	for (int i = 0; best->done && i <= POINTS; i++) {
		/* Even steps on the axis: squares of even steps on the root axis. */
		double share = (double)i / POINTS, hours = end * share;
		if (frame->scale == TIME_SCALE_ROOT)
			hours = end * share * share;
		else if (frame->scale == TIME_SCALE_LOG)
			hours = FRAME_LOG_FROM_HOURS * pow(end / FRAME_LOG_FROM_HOURS, share);
		struct layer_row row = layer_row_at("fit", hours, hours);
		row.value = fit_per_bucket(best, hours);
		ribbon_at(&ribbon, hours, &row.low, &row.high);
		if (layers_add(layers, row, failure) != 0)
			return -1;
	}
	return 0;
}
