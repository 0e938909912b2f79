/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * elementary: ln(1+x) and (e^x - 1)/x of many arguments, most of them near zero: those are summed
 * as series in loops without a branch, which compilers turn into vector instructions; the others
 * are left to the C library. Errors are below 1e-15 of the value. */
#ifndef STALENODE_ELEMENTARY_H
#define STALENODE_ELEMENTARY_H

#include <stddef.h>

/* e^-x underflows beyond this, and takes ten times as long to say so. */
#define EXPONENT_MAX 745.0

/* ln(1 + x[i]), x >= 0. */
void elementary_log1p(const double *x, size_t count, double *result);
/* e(x) = (e^x - 1)/x and its derivative, which is the integral of s e^(x s) over s from 0 to 1.
 * The derivative loses two digits where |x| is above 0.06; it is meant to steer a search. */
void elementary_relative_exponential(const double *x, size_t count, double *value,
				     double *derivative);

#endif
