/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sample: the used rows of a series in the form that a likelihood reads: intervals in hours
 * since retirement with their exposure and count. Used are the rows at or after retirement.
 *
 * A run of empty, fully observed buckets becomes one row: for Poisson and NB1 the empty rows
 * enter the log-likelihood linearly, so this is exact; for NB2 it is to a few thousandths. Runs end
 * at whole hours up to SAMPLE_PLATEAU_HOURS, because a plateau may end there. */
#ifndef STALENODE_SAMPLE_H
#define STALENODE_SAMPLE_H

#include "series.h"

#define SAMPLE_PLATEAU_HOURS 336

struct sample {
	double *from;	  /* hours since retirement; owned, as the next four */
	double *to;	  /* hours; to - from = 1/12 but for merged rows */
	double *exposure; /* observed part of [from, to], above 0 up to 1 */
	double *count;	  /* what the series counts */
	double *merged;	  /* buckets of the series in the row, 1 or more */
	size_t rows;
	size_t buckets;	       /* rows of the series behind them */
	double total;	       /* sum of count */
	double hours;	       /* observed */
	double end;	       /* hours to the end of the last used bucket */
	double log_factorials; /* sum of ln(count!) over the buckets */
	size_t active;	       /* buckets with a count */
};

enum sample_form {
	SAMPLE_ROWS,   /* every bucket */
	SAMPLE_MERGED, /* runs of empty buckets merged: exact but for NB2 */
	SAMPLE_COARSE, /* buckets up to 6 h, hours up to 336 h, 12 h later: to search on */
};

/* Free with sample_free(). -1 when memory is short. */
int sample_make(struct sample *sample, const struct series *series, enum sample_form form,
		struct failure *failure);
void sample_free(struct sample *sample);

#endif
