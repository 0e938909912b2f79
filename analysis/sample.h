/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sample: the used rows of a series in the form that a likelihood reads: intervals in hours
 * since retirement with their exposure and count. Used are the rows at or after retirement.
 *
 * A run of empty, fully observed buckets becomes one row: for Poisson and NB1 the empty rows
 * enter the log-likelihood linearly, so this is exact. Runs end at whole hours up to
 * SAMPLE_PLATEAU_HOURS, because a plateau may end there, and later after 1/28 of the time passed,
 * so that the rate is nearly the same all along and the row nearly exact for NB2, too.
 *
 * Where nearly every bucket holds something there are no such runs. Then buckets of the same count
 * that lie close together in time, as seen from the retirement, are told once, at their mean time,
 * with the number of them as a weight: the log-likelihood is nearly that of all rows (its maximum
 * moves by less than a hundredth of a standard error), at a tenth of the work. */
#ifndef STALENODE_SAMPLE_H
#define STALENODE_SAMPLE_H

#include "series.h"

#include <stdbool.h>

#define SAMPLE_PLATEAU_HOURS 336
/* cos and sin of the day, cos and sin of the week. */
#define SAMPLE_WAVES 4

struct sample {
	double *from;	    /* hours since retirement; owned, as all arrays here */
	double *to;	    /* hours; to - from = 1/12 but for merged rows */
	double *exposure;   /* observed part of [from, to], above 0 up to 1 */
	double *background; /* observed hours, each weighed by the drift of the background */
	double *count;	    /* what the series counts */
	double *merged;	    /* buckets of the series in the row, 1 or more */
	double *weight;	    /* equal buckets that the row stands for, each of them like the row */
	bool weighted;	    /* some weight is not 1 */
	double *wave;	    /* SAMPLE_WAVES values a row, or NULL: see sample_add_waves() */
	size_t rows;
	size_t buckets;	       /* rows of the series behind them */
	double total;	       /* sum of count */
	double hours;	       /* observed */
	double end;	       /* hours to the end of the last used bucket */
	double log_factorials; /* sum of ln(count!) over the buckets */
	size_t active;	       /* buckets with a count */
};

enum sample_form {
	SAMPLE_ROWS,	/* every bucket */
	SAMPLE_MERGED,	/* runs of empty buckets merged: exact but for NB2 */
	SAMPLE_HOURLY,	/* the same, but no run beyond a whole hour: for waves, nearly exact */
	SAMPLE_GROUPED, /* equal counts told once: nearly exact, for all likelihoods */
	SAMPLE_COARSE,	/* buckets up to 6 h, hours up to 336 h, 1/28 of the time later: to search
			 * on */
	SAMPLE_COARSER, /* the same, but hours up to 72 h only: enough but for NB2, of whose
			 * dispersion merged rows tell too little */
	SAMPLE_DAYS,	/* buckets up to 6 h, hours up to 336 h, days later: to draw records on */
};

/* Free with sample_free(). -1 when memory is short. */
int sample_make(struct sample *sample, const struct series *series, enum sample_form form,
		struct failure *failure);
/* Adds the waves of the day and the week to a sample of SAMPLE_ROWS or SAMPLE_HOURLY: cos and sin
 * of the angle of the row's middle, from midnight UTC and from Thursday 00:00 UTC. -1 when memory
 * is short. */
int sample_add_waves(struct sample *sample, int64_t retired, struct failure *failure);
void sample_free(struct sample *sample);

#endif
