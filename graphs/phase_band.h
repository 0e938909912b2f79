/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phase_band: the phases of a figure over time: a tint behind the data, a strip above the plot,
 * and their names above it in rows that do not overlap. */
#ifndef STALENODE_PHASE_BAND_H
#define STALENODE_PHASE_BAND_H

#include "frame.h"

/* Rows that the names need. Where they would need more than PHASE_ROWS_MAX, first the names of
 * narrow phases are shortened to their durations, then those of very narrow ones are left out,
 * then whatever has no room; the tints stay. */
#define PHASE_ROWS_MAX 4
size_t phase_band_rows(const struct frame *frame);
void phase_band_write(const struct frame *frame, FILE *script);

#endif
