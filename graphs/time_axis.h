/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * time_axis: the horizontal axis of a figure over time: hours or days since retirement, and in
 * a second row the dates in UTC. */
#ifndef STALENODE_TIME_AXIS_H
#define STALENODE_TIME_AXIS_H

#include "frame.h"

void time_axis_write(const struct frame *frame, FILE *script);

/* "20 Feb", "20 Feb 09:26", and in a row below it the year where it is not *year, which is set;
 * between the double quotes of a gnuplot string. */
void time_axis_write_date(enum language language, int64_t seconds, bool with_time, int *year,
			  FILE *script);

#endif
