/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frame: what every figure over time has around its data: title, time axis since retirement
 * with the dates below it, the phases as tinted bands named above the plot, the key. Places are
 * 96ths of an inch from the upper left corner, FIGURE_WIDTH x FIGURE_HEIGHT in all. */
#ifndef STALENODE_FRAME_H
#define STALENODE_FRAME_H

#include "figure.h"

/* A shorter record shows its first hours on a linear axis as well. */
#define FRAME_ROOT_FROM_HOURS 48

struct frame {
	const struct analysis *analysis;
	double hours;			 /* length of the time axis */
	axis_position position;		 /* hours since retirement to its units */
	bool root;			 /* that is a square root */
	bool in_hours;			 /* ticks count hours rather than days */
	double left, right, top, bottom; /* of the plotting area */
	size_t phase_rows;		 /* rows of phase names above it */
};

void frame_plan(struct frame *frame, const struct analysis *analysis, double hours,
		enum time_scale scale);

/* Where an instant stands, in 96ths of an inch from the left. */
double frame_place(const struct frame *frame, double hours);

/* Writes all of it; `about` is the title after the target's name ("SYN per 5 minutes"). */
void frame_write(const struct frame *frame, const char *about, FILE *script);

/* "SYN" or "attempts", as a figure's words say it. */
const char *frame_counted(const struct analysis *analysis);

/* Adds the layer "gap": the time from..to of which nothing is known, as far as it is wide enough
 * to be seen. */
int frame_add_gaps(const struct frame *frame, struct layers *layers, struct failure *failure);

/* Adds the phases as layers "phase_steady" and so on. */
int frame_add_phases(const struct frame *frame, struct layers *layers, struct failure *failure);

/* Adds the layer "fit": the best fit along the time axis. */
int frame_add_fit(const struct frame *frame, struct layers *layers, struct failure *failure);

/* "9.5 h", "14 d", "5 min"; in full "9.5 hours", "14 days", "5 minutes". */
char *duration_text(double hours, char *text, size_t size);
char *duration_in_full(double hours, char *text, size_t size);

#endif
