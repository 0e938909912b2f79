/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase_band.h"

#include "palette.h"

#include "../analysis/phrase_words.h"

#include <math.h>
#include <string.h>

#define CHARACTER_WIDTH 5.9 /* mean of DejaVu Sans at 7.5 points, in 96ths of an inch */
#define NAME_DISTANCE	8   /* between two names in a row */
#define ROW_HEIGHT	12
#define STRIP_HEIGHT	6
#define SHORT_BELOW	40 /* widths of bands whose names give way first */
#define LEFT_OUT_BELOW	14

struct name {
	char text[64];
	double place;	 /* of the phase's beginning: where its leader stands */
	double from, to; /* of the text */
	size_t row;	 /* 0: no room for it; 1 is the lowest */
	double band_end;
	enum phase_kind kind;
};

static const char *const kind_strip[] = {STRIP_STEADY, STRIP_INTERMITTENT, STRIP_SPORADIC,
					 STRIP_SILENT};
static const char *const kind_tint[] = {TINT_STEADY, TINT_INTERMITTENT, TINT_SPORADIC, TINT_SILENT};

static void set_text(struct name *name, const char *text)
{
	double width = CHARACTER_WIDTH * (double)language_columns(text);
	snprintf(name->text, sizeof name->text, "%s", text);
	name->from = fmin(name->place, FIGURE_WIDTH - 6 - width);
	name->to = name->from + width;
}

/* The lowest row in which a name stands above every one that it overlaps, so that no leader
 * crosses a name. */
static size_t row_for(const struct name *name, const struct name *later, size_t names)
{
	size_t row = 1;
	for (size_t i = 0; i < names; i++)
		if (later[i].row >= row && later[i].from < name->to + NAME_DISTANCE)
			row = later[i].row + 1;
	return row;
}

/* How much is said of narrow phases: all, their duration, nothing. */
enum brevity { BREVITY_NONE, BREVITY_SHORT, BREVITY_LEFT_OUT, BREVITIES };

static void set_name(struct name *name, const struct phase *phase, enum brevity brevity,
		     enum language language)
{
	double width = name->band_end - name->place;
	char duration[32], text[64];
	snprintf(text, sizeof text, "%s", word(language, WORD_ONE_CALL));
	word_duration(language, phase->to_hours - phase->from_hours, duration, sizeof duration);
	if (phase->kind == PHASE_STEADY || phase->calls != 1)
		snprintf(text, sizeof text, "%s %s", phrase_words_of(language)->kind[phase->kind],
			 duration);
	if (brevity == BREVITY_LEFT_OUT && width < LEFT_OUT_BELOW)
		text[0] = '\0';
	set_text(name, brevity != BREVITY_NONE && width < SHORT_BELOW && text[0] ? duration : text);
}

/* From right to left, the names with their rows; returns the highest row. */
static size_t rows_make(const struct frame *frame, struct name *name, size_t names,
			enum brevity brevity)
{
	size_t highest = 0;
	for (size_t i = names; i-- > 0;) {
		set_name(&name[i], &frame->analysis->phase[i], brevity, frame->language);
		name[i].row = 0;
		if (name[i].text[0])
			name[i].row = row_for(&name[i], &name[i + 1], names - i - 1);
		if (name[i].row > highest)
			highest = name[i].row;
	}
	return highest;
}

/* Returns how many there are; a row of 0 has no name to show. */
static size_t names_make(const struct frame *frame, struct name name[PHASES_MAX])
{
	const struct phase *phase = frame->analysis->phase;
	size_t names = 0;
	for (; !frame->several && names < frame->analysis->phases &&
	       phase[names].from_hours < frame->hours;
	     names++) {
		name[names].kind = phase[names].kind;
		name[names].place = frame_place(frame, phase[names].from_hours);
		name[names].band_end =
			frame_place(frame, fmin(phase[names].to_hours, frame->hours));
	}
	enum brevity brevity = BREVITY_NONE;
	while (rows_make(frame, name, names, brevity) > PHASE_ROWS_MAX && brevity + 1 < BREVITIES)
		brevity++;
	for (size_t i = 0; i < names; i++)
		if (name[i].row > PHASE_ROWS_MAX)
			name[i].row = 0;
	return names;
}

size_t phase_band_rows(const struct frame *frame)
{
	struct name name[PHASES_MAX];
	size_t names = names_make(frame, name), rows = 0;
	for (size_t i = 0; i < names; i++)
		if (name[i].row > rows)
			rows = name[i].row;
	return rows;
}

static void write_rectangle(FILE *script, double left, double top, double right, double bottom,
			    const char *colour)
{
	fprintf(script,
		"set object rectangle from screen %.5f, screen %.5f to screen %.5f, screen %.5f "
		"fillcolor rgb '%s' fillstyle solid noborder behind\n",
		left / FIGURE_WIDTH, 1 - bottom / FIGURE_HEIGHT, right / FIGURE_WIDTH,
		1 - top / FIGURE_HEIGHT, colour);
}

void phase_band_write(const struct frame *frame, FILE *script)
{
	struct name name[PHASES_MAX];
	size_t names = names_make(frame, name);
	for (size_t i = 0; i < names; i++) {
		double strip = frame->top - STRIP_HEIGHT;
		write_rectangle(script, name[i].place, strip, name[i].band_end, frame->top,
				kind_strip[name[i].kind]);
		write_rectangle(script, name[i].place, frame->top, name[i].band_end, frame->bottom,
				kind_tint[name[i].kind]);
		if (name[i].row == 0)
			continue;
		double base = strip - 2 - ROW_HEIGHT * (double)(name[i].row - 1);
		fprintf(script,
			"set arrow from screen %.5f, screen %.5f to screen %.5f, screen %.5f "
			"nohead "
			"linecolor rgb '" COLOUR_QUIET_TEXT "' linewidth 0.6\n",
			name[i].place / FIGURE_WIDTH, 1 - (base - 8) / FIGURE_HEIGHT,
			name[i].place / FIGURE_WIDTH, 1 - frame->bottom / FIGURE_HEIGHT);
		fputs("set label ", script);
		gnuplot_quote(script, name[i].text);
		fprintf(script, " at screen %.5f, screen %.5f left font '" FIGURE_FONT ",7.5'\n",
			(name[i].from + 3) / FIGURE_WIDTH, 1 - (base - 4) / FIGURE_HEIGHT);
	}
}
