/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "omori.h"

#include "elementary.h"

#include "../observer/base/vectorised.h"

#include <math.h>
#include <string.h>

/* Rows are taken in blocks, whose values all stay in the first-level cache. After one of them the
 * rounding that rows take over from each other has added up to 1e-14. */
#define BLOCK_ROWS 64

/* What is known of a time. */
struct place {
	double hours;	/* below 0 for nowhere yet */
	double elapsed; /* log(1 + hours/c) */
	double rate;	/* A (1 + hours/c)^(-p) */
};

struct block {
	double start[BLOCK_ROWS], end[BLOCK_ROWS]; /* hours */
	double relative[BLOCK_ROWS];		   /* (end - start) / (start + c) */
	double length[BLOCK_ROWS];		   /* log((end + c) / (start + c)) */
	double exponent[BLOCK_ROWS];		   /* q length */
	double shape[BLOCK_ROWS], by_exponent[BLOCK_ROWS];
	double growth[BLOCK_ROWS];  /* of the rate, from start to end */
	double elapsed[BLOCK_ROWS]; /* at the start */
	double before[BLOCK_ROWS];  /* the rate at the start */
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
				      const double *to, size_t rows, double *integral,
				      double *const slope[3])
{
	double c = parameter[OMORI_C], p = parameter[OMORI_P];
	struct block block;
	for (size_t first = 0; first < rows; first += BLOCK_ROWS) {
		size_t count = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
		integrate(parameter, since, from + first, to + first, count, &block);
		for (size_t i = 0; i < count; i++)
			/* A c e^(q start) length, times the shape. */
			integral[first + i] = block.before[i] * (block.start[i] + c) *
					      block.length[i] * block.shape[i];
		if (!slope)
			continue;
		double *by_a = slope[OMORI_A] + first, *by_c = slope[OMORI_C] + first;
		double *by_p = slope[OMORI_P] + first;
		for (size_t i = 0; i < count; i++) {
			double scale = block.before[i] * (block.start[i] + c) * block.length[i];
			by_a[i] = scale * block.shape[i];
			by_c[i] = by_a[i] + block.before[i] * (block.start[i] -
							       block.end[i] * block.growth[i]);
			by_p[i] = -p * scale *
				  (block.elapsed[i] * block.shape[i] +
				   block.length[i] * block.by_exponent[i]);
		}
	}
}

void omori_integrals(const double *parameter, const double *from, const double *to, size_t rows,
		     double *integral, double *jacobian)
{
	if (!jacobian) {
		omori_integrals_since(parameter, 0, from, to, rows, integral, NULL);
		return;
	}
	double *const slope[3] = {jacobian, jacobian + rows, jacobian + 2 * rows};
	omori_integrals_since(parameter, 0, from, to, rows, integral, slope);
	memset(jacobian + OMORI_B * rows, 0, rows * sizeof *jacobian);
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
