/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cholesky: linear equations in the handful of unknowns that a model has. */
#ifndef STALENODE_CHOLESKY_H
#define STALENODE_CHOLESKY_H

#include "family.h"

#include <stdbool.h>

/* Solves a x = b, a symmetric and positive definite, of the given size (at most
 * MODEL_PARAMETERS_MAX). False, with x undefined, when a is not (relative limit 1e-14). */
bool cholesky_solve(int size, double a[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX], const double *b,
		    double *x);

#endif
