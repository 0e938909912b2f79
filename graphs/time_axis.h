/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * time_axis: the horizontal axis of a figure over time: hours or days since retirement, and in
 * a second row the dates in UTC. */
#ifndef STALENODE_TIME_AXIS_H
#define STALENODE_TIME_AXIS_H

#include "frame.h"

void time_axis_write(const struct frame *frame, FILE *script);

#endif
