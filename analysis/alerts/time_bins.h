/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * time_bins: when events came, in fixed memory: as many bins as fit, of a width that doubles when
 * the time from the first to the last no longer does. Events may come in any order. */
#ifndef STALENODE_TIME_BINS_H
#define STALENODE_TIME_BINS_H

#include <stddef.h>
#include <stdint.h>

#define TIME_BINS	  96
#define TIME_BIN_SMALLEST 60 /* seconds */

/* All zero bytes is an empty one. */
struct time_bins {
	int64_t origin; /* UTC seconds of the first bin, a multiple of width */
	int64_t width;	/* seconds; 0: empty */
	uint32_t count[TIME_BINS];
};

void time_bins_add(struct time_bins *bins, int64_t seconds, uint32_t events);
/* Adds all of one to another; the wider bins of the two remain. */
void time_bins_join(struct time_bins *bins, const struct time_bins *other);

/* How the rate changes over an interval in which events were looked for, by a Poisson regression of
 * log rate = a + b t on the bins (iteratively reweighted least squares), its standard error widened
 * by Pearson's dispersion where that is above 1. */
struct time_trend {
	double per_second;     /* b; NAN when it cannot be told */
	double standard_error; /* of b */
	double rate_at_end;    /* expected events per second at `to` */
	double events;	       /* in the interval; known also when the rest is not */
};
struct time_trend time_bins_trend(const struct time_bins *bins, int64_t from, int64_t to);

#endif
