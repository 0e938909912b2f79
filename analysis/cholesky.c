/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cholesky.h"

#include <math.h>

bool cholesky_solve(int size, double a[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX], const double *b,
		    double *x)
{
	double l[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX];
	for (int i = 0; i < size; i++) {
		for (int j = 0; j <= i; j++) {
			double sum = a[i][j];
			for (int k = 0; k < j; k++)
				sum -= l[i][k] * l[j][k];
			if (i > j)
				l[i][j] = sum / l[j][j];
			else if (sum > 1e-14 * a[i][i] && isfinite(sum))
				l[i][i] = sqrt(sum);
			else
				return false;
		}
	}
	for (int i = 0; i < size; i++) {
		x[i] = b[i];
		for (int k = 0; k < i; k++)
			x[i] -= l[i][k] * x[k];
		x[i] /= l[i][i];
	}
	for (int i = size - 1; i >= 0; i--) {
		for (int k = i + 1; k < size; k++)
			x[i] -= l[k][i] * x[k];
		x[i] /= l[i][i];
	}
	return true;
}
