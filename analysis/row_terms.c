/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "row_terms.h"

#include "elementary.h"
#include "rising.h"
#include "vectorised.h"

#include <math.h>

#define HOUR_BUCKETS 12
/* Below this x = phi or alpha mu, ln(1+x)/x and its derivatives are summed as series of
 * SERIES_TERMS: the closed forms of the derivatives cancel there. One term more is below 1e-17. */
#define SERIES_BELOW   0.02
#define SERIES_TERMS   10
#define STEERING_TERMS 6

/* k(x) = ln(1+x)/x, what an empty row costs per expected count, and its first two derivatives. */
struct zero_costs {
	double k[ROW_BLOCK], first[ROW_BLOCK], second[ROW_BLOCK];
};

static double largest_of(const double *x, size_t rows)
{
	double largest = 0;
	for (size_t i = 0; i < rows; i++)
		largest = x[i] > largest ? x[i] : largest;
	return largest;
}

VECTORISED static void find_zero_costs(const double *x, size_t rows, bool derivatives,
				       struct zero_costs *costs)
{
	static const double term[SERIES_TERMS] = {1,	   -1.0 / 2, 1.0 / 3, -1.0 / 4,
						  1.0 / 5, -1.0 / 6, 1.0 / 7, -1.0 / 8,
						  1.0 / 9, -1.0 / 10};
	/* Of the derivatives of k = sum (-x)^n / (n+1); the second only steers the search. */
	static const double first[SERIES_TERMS] = {-1.0 / 2,  2.0 / 3,	-3.0 / 4, 4.0 / 5,
						   -5.0 / 6,  6.0 / 7,	-7.0 / 8, 8.0 / 9,
						   -9.0 / 10, 10.0 / 11};
	static const double second[STEERING_TERMS] = {2.0 / 3,	 -6.0 / 4, 12.0 / 5,
						      -20.0 / 6, 30.0 / 7, -42.0 / 8};
	for (size_t i = 0; i < rows; i++) {
		double sum = 0;
		for (int n = SERIES_TERMS - 1; n >= 0; n--)
			sum = term[n] + x[i] * sum;
		costs->k[i] = sum;
	}
	for (size_t i = 0; derivatives && i < rows; i++) {
		double one = 0, two = 0;
		for (int n = SERIES_TERMS - 1; n >= 0; n--)
			one = first[n] + x[i] * one;
		for (int n = STEERING_TERMS - 1; n >= 0; n--)
			two = second[n] + x[i] * two;
		costs->first[i] = one;
		costs->second[i] = two;
	}
	if (largest_of(x, rows) <= SERIES_BELOW)
		return;
	double logarithm[ROW_BLOCK];
	elementary_log1p(x, rows, logarithm);
	for (size_t i = 0; i < rows; i++) {
		if (x[i] <= SERIES_BELOW)
			continue;
		double k = logarithm[i] / x[i], inverse = 1 / (1 + x[i]);
		costs->k[i] = k;
		if (!derivatives)
			continue;
		costs->first[i] = (inverse - k) / x[i];
		costs->second[i] = (-inverse * inverse - 2 * costs->first[i]) / x[i];
	}
}

static void tell_poisson(struct row_terms *terms, bool derivatives)
{
	size_t rows = terms->rows;
	for (size_t i = 0; i < rows; i++)
		terms->loglik[i] =
			(terms->count[i] > 0 ? terms->count[i] * log(terms->mean[i]) : 0) -
			terms->mean[i];
	for (size_t i = 0; derivatives && i < rows; i++) {
		terms->weight[i] = 1 / terms->mean[i];
		terms->by_mean[i] = terms->count[i] * terms->weight[i] - 1;
	}
}

static void add_counts_nb1(struct row_terms *terms, bool derivatives)
{
	double phi = terms->dispersion;
	for (size_t i = 0; i < terms->rows; i++) {
		struct rising sums;
		if (terms->count[i] == 0)
			continue;
		if (!derivatives) {
			terms->loglik[i] +=
				rising_log_product(terms->mean[i], phi, terms->count[i]);
			continue;
		}
		rising_sums(terms->mean[i], phi, terms->count[i], &sums);
		terms->loglik[i] += sums.log_product;
		terms->by_mean[i] += sums.inverse;
		terms->by_dispersion[i] += phi * sums.index;
		terms->mean_and_dispersion[i] += phi * sums.index_inverse;
		terms->dispersion_twice[i] += phi * phi * sums.index_square;
	}
}

VECTORISED static void tell_nb1(struct row_terms *terms, bool derivatives)
{
	struct zero_costs costs;
	double phi = terms->dispersion;
	find_zero_costs(&phi, 1, true, &costs);
	double k = costs.k[0], first = costs.first[0], second = costs.second[0];
	double by_count = phi / (1 + phi);
	for (size_t i = 0; i < terms->rows; i++)
		terms->loglik[i] = -terms->mean[i] * k;
	for (size_t i = 0; derivatives && i < terms->rows; i++) {
		double mean = terms->mean[i], count = terms->count[i];
		/* The information of a mean goes from k/mean (mean far below phi: what counts is
		 * whether anything came) to 1/((1+phi) mean): between them, a blend. */
		double share = mean / (mean + phi);
		terms->by_mean[i] = -k;
		terms->weight[i] = ((1 - share) * k + share / (1 + phi)) / mean;
		terms->by_dispersion[i] = -phi * mean * first - by_count * count;
		terms->mean_and_dispersion[i] = phi * first;
		terms->dispersion_twice[i] =
			phi * phi * mean * second - by_count * by_count * count;
	}
	add_counts_nb1(terms, derivatives);
}

static struct count_terms count_terms(struct row_terms *terms, double buckets, double count)
{
	double alpha = terms->dispersion / buckets;
	struct rising sums;
	if (count < COUNTS_KEPT && (buckets == 1 || buckets == HOUR_BUCKETS)) {
		struct count_table *table = &terms->table[buckets == 1 ? 0 : 1];
		for (; table->known <= (int)count; table->known++) {
			struct count_terms *next = &table->terms[table->known];
			if (table->known == 0) {
				*next = (struct count_terms){0, 0, 0};
				continue;
			}
			double j = table->known - 1, ratio = j / (1 + alpha * j);
			next->log_product = next[-1].log_product + log1p(alpha * j);
			next->index = next[-1].index + ratio;
			next->index_square = next[-1].index_square + ratio * ratio;
		}
		return table->terms[(int)count];
	}
	rising_sums(1, alpha, count, &sums);
	return (struct count_terms){sums.log_product, sums.index, sums.index_square};
}

/* (1/alpha) ln(1 + alpha mean) = mean k(alpha mean). */
VECTORISED static void tell_nb2(struct row_terms *terms, bool derivatives)
{
	struct zero_costs costs;
	double alpha[ROW_BLOCK], scaled[ROW_BLOCK] = {0};
	size_t rows = terms->rows;
	for (size_t i = 0; i < rows; i++) {
		alpha[i] = terms->dispersion / terms->merged[i];
		scaled[i] = alpha[i] * terms->mean[i];
	}
	find_zero_costs(scaled, rows, derivatives, &costs);
	for (size_t i = 0; i < rows; i++)
		terms->loglik[i] = -terms->mean[i] * costs.k[i];
	for (size_t i = 0; derivatives && i < rows; i++) {
		double mean = terms->mean[i], count = terms->count[i];
		double share = 1 / (1 + scaled[i]), part = scaled[i] * share;
		terms->weight[i] = share / mean;
		terms->by_mean[i] = (count - mean) * terms->weight[i];
		terms->by_dispersion[i] = -count * part - scaled[i] * mean * costs.first[i];
		terms->mean_and_dispersion[i] = 0;
		terms->dispersion_twice[i] =
			scaled[i] * scaled[i] * mean * costs.second[i] - count * part * part;
	}
	for (size_t i = 0; i < rows; i++) {
		double count = terms->count[i];
		if (count == 0)
			continue;
		struct count_terms sums = count_terms(terms, terms->merged[i], count);
		terms->loglik[i] +=
			sums.log_product + count * (log(terms->mean[i]) - scaled[i] * costs.k[i]);
		if (!derivatives)
			continue;
		terms->by_dispersion[i] += alpha[i] * sums.index;
		terms->dispersion_twice[i] += alpha[i] * alpha[i] * sums.index_square;
	}
}

void row_terms_begin(struct row_terms *terms, enum likelihood likelihood, double dispersion)
{
	terms->likelihood = likelihood;
	terms->dispersion = dispersion;
	terms->rows = 0;
	for (int i = 0; i < COUNT_TABLES; i++)
		terms->table[i].known = 0;
}

void row_terms_tell(struct row_terms *terms, bool derivatives)
{
	if (terms->likelihood == LIKELIHOOD_NB1)
		tell_nb1(terms, derivatives);
	else if (terms->likelihood == LIKELIHOOD_NB2)
		tell_nb2(terms, derivatives);
	else
		tell_poisson(terms, derivatives);
}
