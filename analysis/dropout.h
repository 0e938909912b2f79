/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dropout: callers may drop out, most of them for good, at a moment that no curve fitted to the
 * days before can foresee: an entry of a saved list expires, a network is shut down.
 *
 * The last call proves that they were there at its time L, in hours since the retirement. From
 * then on a fall is as likely as a duration without a scale of its own says: what has lasted for L
 * lasts past T with probability L / T. After the fall a share of the calls is left, Beta(1/2, 1/2)
 * (Jeffreys); x the -ln P(no call) of the fit, the chance of no call after the fall is then
 * e^(-x/2) I0(x/2). Whether those left dwindle as the curve does, or call on at the rate of the
 * moment of the fall, nothing tells: both are as likely. One fall in four is a pause, which a call
 * ends, whatever the curve says of that time: what fell silent at F is still silent at T with
 * probability F / T, by the same reason. Times of silence since L that the fit thought unlikely
 * speak for a fall that has happened: P(no call until u) is P(none from L to u) / P(none from L to
 * the record's end). After Schmittlein, Morrison and Colombo, Counting your customers, Management
 * Science 33, 1987, whose customers fall to nothing, each at a time of its own. */
#ifndef STALENODE_DROPOUT_H
#define STALENODE_DROPOUT_H

#include <stddef.h>

#define DROPOUT_CELLS 256

/* -ln P(no call) from one time to another while nobody drops out; `to` may be INFINITY. */
typedef double dropout_cost(const void *context, double from, double to);

/* Cells of time between the last call and the end of the record. */
struct dropout {
	dropout_cost *cost;
	const void *context;
	double last, end; /* hours since the retirement */
	size_t cells;
	double fall[DROPOUT_CELLS];   /* hours: the middle of the cell */
	double fallen[DROPOUT_CELLS]; /* P(the fall is in the cell, no call from `last` to it) */
	double since[DROPOUT_CELLS];  /* cost from the cell to `end` */
	double rate[DROPOUT_CELLS];   /* cost of an hour in the cell */
	double since_steady[DROPOUT_CELLS]; /* cost from the cell to `end` at that rate */
	double whole;			    /* cost from `last` to `end` */
	double none;	    /* P(no call from `last` to `end`), those left dwindling */
	double none_steady; /* ... those left calling on at one rate */
};

/* 0 < last <= end; `observed` of the time between was observed, and only that tells. `context` must
 * outlive the dropout. */
void dropout_begin(struct dropout *dropout, dropout_cost *cost, const void *context, double last,
		   double end, double observed);

/* P(no call from `end` to `to`), given that there was none from `last` to `end`. */
double dropout_silent(const struct dropout *dropout, double to);

/* P(no call after `from`, for ever), given the same; from >= end. Those left dwindle as the curve
 * does, for at a steady rate one of them always calls. Falls after `from` are left out: it is a
 * little too low. */
double dropout_none_after(const struct dropout *dropout, double from);

#endif
