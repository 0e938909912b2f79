/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * exponential: the decay A e^(-t/tau) in SYN per hour, integrated row by row. */
#ifndef STALENODE_EXPONENTIAL_H
#define STALENODE_EXPONENTIAL_H

/* Buckets are mostly of one width, so what depends on it is kept from row to row; and where one
 * begins at the end of another, it takes over what that knows of its end. */
struct exponential {
	double amplitude, tau;
	double width; /* of the row seen last, below 0 for none yet */
	double loss;  /* 1 - e^(-width/tau) */
	double kept;  /* e^(-width/tau) */
	double end;   /* of the row seen last, below 0 for none yet */
	double decay; /* e^(-end/tau) */
};

struct exponential exponential_begin(double amplitude, double tau);
/* The integral over [from, to], 0 <= from < to, in hours, and its derivative by log tau. That by
 * log A is the integral. */
double exponential_integral(struct exponential *component, double from, double to,
			    double *by_log_tau);

#endif
