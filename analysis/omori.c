/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "omori.h"

#include "elementary.h"
#include "row_block.h"
#include "vectorised.h"

#include <math.h>

/* What is known of a time. */
struct place {
	double hours;	/* below 0 for nowhere yet */
	double elapsed; /* log(1 + hours/c) */
	double rate;	/* A (1 + hours/c)^(-p) */
};

struct block {
	double start[ROW_BLOCK], end[ROW_BLOCK]; /* hours */
	double relative[ROW_BLOCK];		 /* (end - start) / (start + c) */
	double length[ROW_BLOCK];		 /* log((end + c) / (start + c)) */
	double exponent[ROW_BLOCK];		 /* q length */
	double shape[ROW_BLOCK], by_exponent[ROW_BLOCK];
	double growth[ROW_BLOCK];  /* of the rate, from start to end */
	double elapsed[ROW_BLOCK]; /* at the start */
	double before[ROW_BLOCK];  /* the rate at the start */
	double scale[ROW_BLOCK];   /* the integral over the shape */
};

static void walk_along(const double *parameter, struct block *block, size_t rows)
{
	double c = parameter[OMORI_C];
	struct place place = {.hours = -1};
	for (size_t i = 0; i < rows; i++) {
		double start = block->start[i];
		if (start != place.hours) {
			/* log1p() takes twice the time of log(), which is as good once its argument
			 * is above 1. */
			place.elapsed = start > c ? log(1 + start / c) : log1p(start / c);
			place.rate = parameter[OMORI_A] * exp(-parameter[OMORI_P] * place.elapsed);
		}
		block->elapsed[i] = place.elapsed;
		block->before[i] = place.rate;
		place = (struct place){block->end[i], place.elapsed + block->length[i],
				       place.rate * block->growth[i]};
	}
}

/* With u = log(1 + t/c) the integral is A c e^(q u) du, q = 1 - p: exact at p = 1 too. The
 * derivative by log c follows from G(kc, kt1, kt2) = k G(c, t1, t2). */
VECTORISED static void integrate(const double *parameter, double since, const double *from,
				 const double *to, size_t rows, struct block *block)
{
	double c = parameter[OMORI_C], q = 1 - parameter[OMORI_P];
	for (size_t i = 0; i < rows; i++) {
		block->start[i] = from[i] > since ? from[i] - since : 0;
		block->end[i] = to[i] - since;
		block->relative[i] = (block->end[i] - block->start[i]) / (block->start[i] + c);
	}
	elementary_log1p(block->relative, rows, block->length);
	for (size_t i = 0; i < rows; i++)
		block->exponent[i] = q * block->length[i];
	elementary_relative_exponential(block->exponent, rows, block->shape, block->by_exponent);
	/* e^(-p length) = e^(q length) / (1 + relative) */
	for (size_t i = 0; i < rows; i++)
		block->growth[i] =
			(1 + block->exponent[i] * block->shape[i]) / (1 + block->relative[i]);
	walk_along(parameter, block, rows);
}

VECTORISED void omori_integrals_since(const double *parameter, double since, const double *from,
				      const double *to, size_t rows, size_t stride,
				      double *integral, double *jacobian)
{
	double c = parameter[OMORI_C], p = parameter[OMORI_P];
	struct block block;
	integrate(parameter, since, from, to, rows, &block);
	for (size_t i = 0; i < rows; i++) {
		/* A c e^(q start) length. */
		block.scale[i] = block.before[i] * (block.start[i] + c) * block.length[i];
		integral[i] = block.scale[i] * block.shape[i];
	}
	if (!jacobian)
		return;
	double *by_a = jacobian + OMORI_A * stride, *by_c = jacobian + OMORI_C * stride;
	double *by_p = jacobian + OMORI_P * stride;
	for (size_t i = 0; i < rows; i++) {
		by_a[i] = integral[i];
		by_c[i] = integral[i] +
			  block.before[i] * (block.start[i] - block.end[i] * block.growth[i]);
		by_p[i] = -p * block.scale[i] *
			  (block.elapsed[i] * block.shape[i] +
			   block.length[i] * block.by_exponent[i]);
	}
}

void omori_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		     size_t stride, double *integral, double *jacobian)
{
	omori_integrals_since(parameter, 0, from, to, rows, stride, integral, jacobian);
}

double omori_rate(const double *parameter, double hours)
{
	return parameter[OMORI_A] * exp(-parameter[OMORI_P] * log1p(hours / parameter[OMORI_C]));
}

double omori_total(const double *parameter, double from)
{
	double c = parameter[OMORI_C], p = parameter[OMORI_P];
	if (p <= 1)
		return INFINITY;
	return parameter[OMORI_A] * c / (p - 1) * exp((1 - p) * log1p(from / c));
}
