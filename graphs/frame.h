/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frame: what every figure over time has around its data: title, time axis since retirement
 * with the dates below it, the phases as tinted bands named above the plot, the key. Places are
 * 96ths of an inch from the upper left corner, FIGURE_WIDTH x FIGURE_HEIGHT in all. */
#ifndef STALENODE_FRAME_H
#define STALENODE_FRAME_H

#include "figure.h"
#include "words.h"

/* A shorter record shows its first hours on a linear axis as well. */
#define FRAME_ROOT_FROM_HOURS 48
/* Where a logarithmic time axis begins: the middle of the first bucket. */
#define FRAME_LOG_FROM_HOURS (1 / 24.0)

struct frame {
	const struct analysis *analysis; /* the first of those drawn */
	bool several;			 /* of several targets: no phases, no dates */
	enum language language;
	enum word counted;		 /* what the rates count */
	double hours;			 /* length of the time axis */
	axis_position position;		 /* hours since retirement to its units */
	enum time_scale scale;		 /* a root that is none of a short record is linear */
	double tick_hours;		 /* what its ticks count: minutes, hours or days */
	double left, right, top, bottom; /* of the plotting area */
	size_t phase_rows;		 /* rows of phase names above it */
	size_t key_titles, key_columns;	 /* so far; letters of the longest title */
	size_t key_rows;		 /* that they need */
};

void frame_plan(struct frame *frame, const struct figure_request *request, double hours,
		enum time_scale scale);

/* Whether dates stand below the ticks: on a logarithmic axis they would crowd, and several targets
 * have no common ones. */
bool frame_has_dates(const struct frame *frame);

/* Makes room in the key for one more title, of the height of the plot where rows are full: for all
 * before frame_write(). A key that gnuplot lays out itself leaves the sheet on both sides. */
void frame_add_key(struct frame *frame, const char *title);

/* Where an instant stands, in 96ths of an inch from the left. */
double frame_place(const struct frame *frame, double hours);

/* Writes all of it; `about` is the title after the target's name ("SYN per 5 minutes"). */
void frame_write(const struct frame *frame, const char *about, FILE *script);

/* For figures without a time axis since retirement: only margins, title and the line below it. */
void frame_write_sheet(const struct frame *frame, const char *about, const char *below,
		       FILE *script);

/* What is written at the left axis, upwards. */
void frame_write_left(const struct frame *frame, const char *text, FILE *script);

/* A label of outside or own text; `more` follows ("front", "textcolor ..."). */
void frame_write_label(FILE *script, const char *text, const char *font, double x, double y,
		       const char *more);

/* Title and time of the figure: `about` as in frame_write(). */
void frame_describe(const struct frame *frame, const char *about,
		    struct figure_description *description);

/* Shortens text to what fits on `room` with letters of that width, ending in an ellipsis. */
void frame_fit_text(char *text, double room, double letter_width);

/* "SYN per 5 minutes" in the frame's language into text[WORD_TEXT_SIZE]; returns text. */
char *frame_per_bucket(const struct frame *frame, char *text);

/* Adds the layer "gap": the time from..to of which nothing is known, as far as it is wide enough
 * to be seen. */
int frame_add_gaps(const struct frame *frame, struct layers *layers, struct failure *failure);

/* Adds the phases as layers "phase_steady" and so on. */
int frame_add_phases(const struct frame *frame, struct layers *layers, struct failure *failure);

/* Adds the layer "fit": the best fit along the time axis, and its 95 % band. */
int frame_add_fit(const struct frame *frame, struct layers *layers, struct failure *failure);

#endif
