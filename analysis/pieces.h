/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pieces: the rows of a series cut into stretches of one kind, by the rules 2 to 5 of phases.h. */
#ifndef STALENODE_PIECES_H
#define STALENODE_PIECES_H

#include "phases.h"

/* Rows [first, last) of the series. */
struct piece {
	size_t first, last;
	enum phase_kind kind;
};

struct pieces {
	struct piece *piece; /* the caller's, `room` of them */
	size_t count, room;
	const struct series_row *row;
};

/* What happens in a stretch of rows. */
struct activity {
	size_t rows;
	size_t active;	      /* rows with a count */
	size_t calls, visits; /* see phases.h */
	size_t spells;	      /* of VISIT_GAP_HOURS with activity: a long visit counts again */
	size_t first_active;  /* row; the end of the stretch when none is active */
	size_t last_active;   /* row; meaningless when none is active */
	uint64_t count;
	double observed_hours;
	double active_hours; /* observed time of the rows with a count */
};

void activity_find(const struct series_row *row, size_t first, size_t last,
		   struct activity *activity);
enum phase_kind activity_kind(const struct activity *activity);

/* Pieces that so many segments over so many hours can give at most. */
size_t pieces_room(size_t segments, size_t hours);
/* Adds the rows of one segment, cut at its silences. */
void pieces_add_segment(struct pieces *pieces, size_t first, size_t last);
/* Gives silences their real edges and joins neighbours that belong together. */
void pieces_settle(struct pieces *pieces);

#endif
