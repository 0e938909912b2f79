/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bins: 5-minute buckets gathered into bins that widen with the time since retirement, so that
 * the first hours keep their detail and the sparse months still have counts to show. */
#ifndef STALENODE_BINS_H
#define STALENODE_BINS_H

#include "../analysis/series.h"

#include <stddef.h>

struct bin {
	double from_hours, to_hours; /* since retirement; the last one may end behind the record */
	double observed_buckets; /* 5-minute units of observed time; 0: the whole bin is unknown */
	double count;		 /* of what the series counts */
	double active_buckets;	 /* buckets that counted any */
	double syn, other_syn;	 /* SYNs to the port, and to other ports of the address */
};

/* Enough for any record: widths grow to a 45th of it. */
#define BINS_MAX 512

/* How wide a bin is. */
enum bin_growth { BIN_GROWTH_EVEN, BIN_GROWTH_LOG };

/* Fills bin[BINS_MAX] for the first `hours` since retirement and returns how many. A width is
 * the smallest of 5 10 15 30 min, 1 2 3 6 12 h, 1 2 4 7 14 28 days that is at least a tenth of
 * the time since retirement (but not more than a 45th of the whole, nor less than 1 hour of a
 * record longer than 2 days). With BIN_GROWTH_LOG it is at least an eighth of the time since
 * retirement, and nothing else, as a logarithmic time axis wants it. */
size_t bins_make(const struct series *series, double hours, enum bin_growth growth,
		 struct bin bin[BINS_MAX]);

/* The 95 % interval of the mean count in so many buckets of which `count` was seen, per bucket:
 * exact (Clopper-Pearson: each tail 2.5 %) for NB1 counts of dispersion phi, whose sums are NB1
 * again with the same phi; phi = 0 is Poisson (Garwood). Above a million counts the normal
 * approximation is used. */
void bin_interval(double count, double buckets, double phi, double *low, double *high);

#endif
