/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phase_band: the phases of a figure over time: a tint behind the data, a strip above the plot,
 * and their names above it in rows that do not overlap. */
#ifndef STALENODE_PHASE_BAND_H
#define STALENODE_PHASE_BAND_H

#include "frame.h"

/* Rows that the names need. A name that would need more than PHASE_ROWS_MAX is shortened to its
 * duration; where that has no room either it is left out, the tint stays. */
#define PHASE_ROWS_MAX 5
size_t phase_band_rows(const struct frame *frame);
void phase_band_write(const struct frame *frame, FILE *script);

#endif
