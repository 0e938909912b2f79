/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * row_terms: what rows of a sample tell about their means and about the dispersion under each
 * likelihood (likelihood.h has the formulas): terms of the log-likelihood and their derivatives, a
 * block of rows at a time. What all rows have is told by loops without a branch, which compilers
 * turn into vector instructions; what only rows with a count have is added to those. */
#ifndef STALENODE_ROW_TERMS_H
#define STALENODE_ROW_TERMS_H

#include "family.h"
#include "row_block.h"

#include <stdbool.h>
#include <stddef.h>

/* Counts whose sums are kept while one log-likelihood is added up. */
#define COUNTS_KEPT 64
/* Buckets of the rows that have a table of them: single buckets, whole hours. */
#define COUNT_TABLES 2

/* Sums over j < y of ln(1 + alpha j), j/(1 + alpha j) and the square of that: what the count
 * alone adds under nb2. */
struct count_terms {
	double log_product, index, index_square;
};

/* Rows of equally many buckets share alpha, so that small counts are summed once. */
struct count_table {
	int known; /* counts 0 .. known - 1 are filled in */
	struct count_terms terms[COUNTS_KEPT];
};

struct row_terms {
	/* Given; the arrays are the caller's. */
	enum likelihood likelihood;
	double dispersion;    /* phi of nb1, alpha of nb2 */
	const double *count;  /* of the rows of the block */
	const double *merged; /* buckets in each of them */
	size_t rows;	      /* up to ROW_BLOCK */
	double mean[ROW_BLOCK];
	/* Told; "dispersion" stands for its logarithm. */
	double loglik[ROW_BLOCK]; /* without ln y!, and for nb1 without -y ln(1+phi) */
	double by_mean[ROW_BLOCK];
	double weight[ROW_BLOCK]; /* information on the mean */
	double by_dispersion[ROW_BLOCK];
	/* Minus the second derivatives, without what comes of taking the logarithm. */
	double mean_and_dispersion[ROW_BLOCK]; /* zero for nb2, its expectation */
	double dispersion_twice[ROW_BLOCK];
	/* Kept from block to block, as long as the dispersion is the same. */
	struct count_table table[COUNT_TABLES];
};

/* Makes ready for the first block; `dispersion` is not looked at for poisson. */
void row_terms_begin(struct row_terms *terms, enum likelihood likelihood, double dispersion);
/* Tells of count, merged, rows and mean: loglik and, where wanted, the derivatives, of which
 * poisson has none by the dispersion and leaves them as they are. */
void row_terms_tell(struct row_terms *terms, bool derivatives);

#endif
