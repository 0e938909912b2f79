/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "residuals.h"

#include "sample.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DRAWS	    10
#define DRAW_SEED   1862
#define FEWEST	    8
#define BUCKET_SPAN 300
#define DAY_SPAN    86400
/* Below this the recursion from zero neither underflows nor takes long. */
#define RECURSION_MEAN	200.0
#define RECURSION_COUNT 2000.0

/* A negative binomial in the terms of GSL, or Poisson; odds = 1 - chance, known to all digits. */
struct binomial {
	bool poisson;
	double size, chance, odds;
};

static struct binomial binomial_of(enum likelihood likelihood, double mean, double dispersion)
{
	if (likelihood == LIKELIHOOD_POISSON || dispersion <= 1e-6)
		return (struct binomial){.poisson = true};
	if (likelihood == LIKELIHOOD_NB1)
		return (struct binomial){false, mean / dispersion, 1 / (1 + dispersion),
					 dispersion / (1 + dispersion)};
	double scaled = dispersion * mean;
	return (struct binomial){false, 1 / dispersion, 1 / (1 + scaled), scaled / (1 + scaled)};
}

static double upto(const struct binomial *binomial, double mean, unsigned count)
{
	return binomial->poisson
		       ? gsl_cdf_poisson_P(count, mean)
		       : gsl_cdf_negative_binomial_P(count, binomial->chance, binomial->size);
}

/* P(Y < count) and P(Y = count). */
static void distribution(enum likelihood likelihood, double mean, double dispersion, double count,
			 double *below, double *at)
{
	struct binomial binomial = binomial_of(likelihood, mean, dispersion);
	if (mean < RECURSION_MEAN && count < RECURSION_COUNT) {
		double term = exp(binomial.poisson ? -mean : binomial.size * log1p(-binomial.odds));
		double sum = 0;
		for (double j = 0; j < count; j++) {
			sum += term;
			term *= (binomial.poisson ? mean : (binomial.size + j) * binomial.odds) /
				(j + 1);
		}
		*below = fmin(sum, 1);
		*at = fmin(term, 1 - *below);
		return;
	}
	unsigned y = (unsigned)fmin(count, 4294967295.0);
	*below = y > 0 ? upto(&binomial, mean, y - 1) : 0;
	*at = fmax(upto(&binomial, mean, y) - *below, 0);
}

double residuals_distribution(enum likelihood likelihood, double mean, double dispersion,
			      double count)
{
	double below, at;
	if (count < 0)
		return 0;
	distribution(likelihood, mean, dispersion, count, &below, &at);
	return below + at;
}

static int by_value(const void *left, const void *right)
{
	double one = *(const double *)left, other = *(const double *)right;
	return (one > other) - (one < other);
}

/* Sorts values between 0 and 1, which are spread nearly evenly, into room[n]: each into its cell of
 * 1/n, then by insertion, past the few in the same cell. Records of a year are sorted 20 times. */
static void sort_spread(const double *value, size_t n, uint32_t *cell_end, double *room)
{
	memset(cell_end, 0, n * sizeof *cell_end);
	for (size_t i = 0; i < n; i++)
		cell_end[(size_t)(value[i] * (double)n)]++;
	uint32_t sum = 0;
	for (size_t cell = 0; cell < n; cell++) {
		uint32_t inside = cell_end[cell];
		cell_end[cell] = sum;
		sum += inside;
	}
	for (size_t i = 0; i < n; i++)
		room[cell_end[(size_t)(value[i] * (double)n)]++] = value[i];
	for (size_t i = 1; i < n; i++) {
		double inserted = room[i];
		size_t place = i;
		for (; place > 0 && room[place - 1] > inserted; place--)
			room[place] = room[place - 1];
		room[place] = inserted;
	}
}

/* Kolmogorov's limiting distribution with Stephens' correction for the sample size. */
static double kolmogorov_p(const double *sorted, size_t n)
{
	double distance = 0, size = (double)n;
	for (size_t i = 0; i < n; i++) {
		/* fmax() would be called, and asks for NAN, which none of these is. */
		double above = ((double)i + 1) / size - sorted[i], below = 1 / size - above;
		double larger = above > below ? above : below;
		distance = larger > distance ? larger : distance;
	}
	double x = (sqrt(size) + 0.12 + 0.11 / sqrt(size)) * distance, sum = 0;
	if (x < 0.2)
		return 1;
	for (int k = 1; k <= 100; k++) {
		double term = exp(-2.0 * k * k * x * x);
		sum += k % 2 ? term : -term;
		if (term < 1e-12)
			break;
	}
	return fmin(fmax(2 * sum, 0), 1);
}

/* Correlation of the scores of buckets that lie `seconds` apart; both must be observed. */
static double autocorrelation(const struct series_row *row, const double *score, size_t n,
			      int64_t seconds)
{
	double product = 0, squares = 0, mean = 0;
	size_t pairs = 0;
	for (size_t i = 0; i < n; i++)
		mean += score[i];
	mean /= (double)n;
	for (size_t i = 0; i < n; i++)
		squares += (score[i] - mean) * (score[i] - mean);
	squares /= (double)n;
	for (size_t i = 0, j = 0; i < n; i++) {
		while (j < n && row[j].start < row[i].start + seconds)
			j++;
		if (j < n && row[j].start == row[i].start + seconds) {
			product += (score[i] - mean) * (score[j] - mean);
			pairs++;
		}
	}
	return pairs >= FEWEST && squares > 0 ? product / (double)pairs / squares : NAN;
}

struct work {
	double *mean, *below, *at, *uniform, *score, *sorted; /* one per bucket */
	uint32_t *cell;					      /* likewise */
};

static void draw_residuals(struct analysis *analysis, const struct sample *sample,
			   struct work *work)
{
	const struct fit *best = &analysis->best;
	const struct series_row *row = analysis->series->row + analysis->series->first;
	double p[DRAWS];
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	if (!generator)
		return;
	gsl_rng_set(generator, DRAW_SEED);
	for (size_t i = 0; i < sample->rows; i++)
		distribution(best->likelihood, work->mean[i], best->dispersion, sample->count[i],
			     &work->below[i], &work->at[i]);
	analysis->residual_acf1 = analysis->residual_acf288 = 0;
	for (int draw = 0; draw < DRAWS; draw++) {
		for (size_t i = 0; i < sample->rows; i++) {
			double u = work->below[i] + gsl_rng_uniform_pos(generator) * work->at[i];
			work->uniform[i] = fmin(fmax(u, 1e-15), 1 - 1e-15);
			work->score[i] = gsl_cdf_ugaussian_Pinv(work->uniform[i]);
		}
		analysis->residual_acf1 +=
			autocorrelation(row, work->score, sample->rows, BUCKET_SPAN) / DRAWS;
		analysis->residual_acf288 +=
			autocorrelation(row, work->score, sample->rows, DAY_SPAN) / DRAWS;
		sort_spread(work->uniform, sample->rows, work->cell, work->sorted);
		p[draw] = kolmogorov_p(work->sorted, sample->rows);
	}
	gsl_rng_free(generator);
	qsort(p, DRAWS, sizeof p[0], by_value);
	analysis->residual_ks_p = p[DRAWS / 2];
}

static double fano_factor(const struct sample *sample, const double *mean, double block_hours)
{
	double squares = 0, expected = 0, count = 0, block_mean = 0;
	size_t blocks = 0;
	for (size_t i = 0; i < sample->rows; i++) {
		count += sample->count[i];
		block_mean += mean[i];
		double block = floor(sample->from[i] / block_hours + 1e-6);
		if (i + 1 < sample->rows &&
		    floor(sample->from[i + 1] / block_hours + 1e-6) == block)
			continue;
		squares += (count - block_mean) * (count - block_mean);
		expected += block_mean;
		blocks++;
		count = block_mean = 0;
	}
	return blocks >= FEWEST && expected > 0 ? squares / expected : NAN;
}

int residuals_measure(struct analysis *analysis, const struct sample *sample,
		      struct failure *failure)
{
	static const double block_hours[4] = {1.0 / 12, 1, 6, 24};
	struct fit_data data = {.exact = sample};
	struct model model;
	double parameter[MODEL_PARAMETERS_MAX] = {0};
	for (int i = 0; i < 4; i++)
		analysis->fano[i] = NAN;
	analysis->residual_ks_p = analysis->residual_acf1 = analysis->residual_acf288 = NAN;
	if (!analysis->best.done || analysis->count == 0 || analysis->buckets < FEWEST)
		return 0;
	double *room = calloc(sample->rows * 7, sizeof *room);
	if (!room)
		return fail(failure, EXIT_FAILED, "%s: no memory for the residuals of %zu buckets",
			    analysis->series->name, sample->rows);
	struct work work = {room,
			    room + sample->rows,
			    room + 2 * sample->rows,
			    room + 3 * sample->rows,
			    room + 4 * sample->rows,
			    room + 5 * sample->rows,
			    (uint32_t *)(room + 6 * sample->rows)};
	fit_model(&analysis->best, &data, sample, &model, parameter);
	likelihood_means(&model, parameter, work.mean);
	for (int i = 0; i < 4; i++)
		analysis->fano[i] = fano_factor(sample, work.mean, block_hours[i]);
	draw_residuals(analysis, sample, &work);
	free(room);
	return 0;
}
