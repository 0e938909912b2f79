/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "likelihood.h"

#include "rising.h"

#include <math.h>
#include <string.h>

/* Rows are taken in blocks that fit the first-level cache. */
#define BLOCK_ROWS 256
/* A mean never gets to zero: with every rate at the floor of its box it is far above this. */
#define MEAN_FLOOR 1e-300
/* Counts per bucket whose sums are kept while one log-likelihood is added up. */
#define COUNTS_KEPT 256

int model_parameters(const struct model *model)
{
	return family_parameters(model->family) + likelihood_dispersions(model->likelihood) +
	       model->waves;
}

const struct parameter *model_parameter(const struct model *model, int index)
{
	static const struct parameter wave[WAVES_MAX] = {{"a_cos", ROLE_WAVE, -5, 5},
							 {"b_sin", ROLE_WAVE, -5, 5},
							 {"week_cos", ROLE_WAVE, -5, 5},
							 {"week_sin", ROLE_WAVE, -5, 5}};
	int first = family_parameters(model->family) + likelihood_dispersions(model->likelihood);
	return index < first ? family_parameter(model->family, index) : &wave[index - first];
}

static bool is_linear(const struct model *model, int index)
{
	enum parameter_role role = model_parameter(model, index)->role;
	return role == ROLE_BACKGROUND || role == ROLE_PLATEAU || role == ROLE_WAVE;
}

double model_to_coordinate(const struct model *model, int index, double parameter)
{
	return is_linear(model, index) ? parameter : log(parameter);
}

double model_from_coordinate(const struct model *model, int index, double coordinate)
{
	return is_linear(model, index) ? coordinate : exp(coordinate);
}

/* The sum and what its rounding lost: tens of thousands of small terms beside a few large ones. */
struct precise_sum {
	double sum, lost;
};

static void precise_add(struct precise_sum *total, double value)
{
	/* Knuth's exact sum of two, which asks not which of them is larger. */
	double next = total->sum + value, added = next - total->sum;
	total->lost += (total->sum - (next - added)) + (value - added);
	total->sum = next;
}

/* Below this x = phi or alpha mu, ln(1+x)/x and its derivatives are summed as series of
 * SERIES_TERMS: the closed forms of the derivatives cancel there. One term more is below 1e-17. */
#define SERIES_BELOW   0.02
#define SERIES_TERMS   10
#define STEERING_TERMS 6

/* k(x) = ln(1+x)/x, what an empty row costs per expected count. */
static double zero_cost_value(double x)
{
	static const double term[SERIES_TERMS] = {1,	   -1.0 / 2, 1.0 / 3, -1.0 / 4,
						  1.0 / 5, -1.0 / 6, 1.0 / 7, -1.0 / 8,
						  1.0 / 9, -1.0 / 10};
	double sum = 0;
	if (x > SERIES_BELOW)
		return log1p(x) / x;
	for (int n = SERIES_TERMS - 1; n >= 0; n--)
		sum = term[n] + x * sum;
	return sum;
}

/* k and its first two derivatives. */
static void zero_cost(double x, double k[3])
{
	/* Of the derivatives of k = sum (-x)^n / (n+1); the second only steers the search. */
	static const double first[SERIES_TERMS] = {-1.0 / 2,  2.0 / 3,	-3.0 / 4, 4.0 / 5,
						   -5.0 / 6,  6.0 / 7,	-7.0 / 8, 8.0 / 9,
						   -9.0 / 10, 10.0 / 11};
	static const double second[STEERING_TERMS] = {2.0 / 3,	 -6.0 / 4, 12.0 / 5,
						      -20.0 / 6, 30.0 / 7, -42.0 / 8};
	k[0] = zero_cost_value(x);
	if (x > SERIES_BELOW) {
		k[1] = (1 / (1 + x) - k[0]) / x;
		k[2] = (-1 / ((1 + x) * (1 + x)) - 2 * k[1]) / x;
		return;
	}
	k[1] = k[2] = 0;
	for (int n = SERIES_TERMS - 1; n >= 0; n--)
		k[1] = first[n] + x * k[1];
	for (int n = STEERING_TERMS - 1; n >= 0; n--)
		k[2] = second[n] + x * k[2];
}

/* What one row tells about its mean and about the dispersion. */
struct row_terms {
	double loglik; /* without ln y!, and for nb1 without -y ln(1+phi) */
	double by_mean;
	double by_phi;	     /* "phi" is alpha for nb2, here and below */
	double weight;	     /* information on the mean */
	double mean_and_phi; /* minus the mixed second derivative */
	double phi_and_phi;  /* minus the second derivative by phi */
};

static void poisson_row(double mean, double count, struct row_terms *terms)
{
	*terms = (struct row_terms){0};
	terms->loglik = (count > 0 ? count * log(mean) : 0) - mean;
	terms->by_mean = count / mean - 1;
	terms->weight = 1 / mean;
}

static void nb1_row(double mean, double count, double phi, const double k[3], bool derivatives,
		    struct row_terms *terms)
{
	struct rising sums = {0};
	if (!derivatives) {
		terms->loglik =
			(count > 0 ? rising_log_product(mean, phi, count) : 0) - mean * k[0];
		return;
	}
	if (count > 0)
		rising_sums(mean, phi, count, &sums);
	terms->loglik = sums.log_product - mean * k[0];
	terms->by_mean = sums.inverse - k[0];
	terms->by_phi = sums.index - mean * k[1] - count / (1 + phi);
	/* The information of a mean goes from k/mean (mean far below phi: what counts is whether
	 * anything came) to 1/((1+phi) mean): between them, a blend. */
	double share = mean / (mean + phi);
	terms->weight = ((1 - share) * k[0] + share / (1 + phi)) / mean;
	terms->mean_and_phi = sums.index_inverse + k[1];
	terms->phi_and_phi = sums.index_square + mean * k[2] - count / ((1 + phi) * (1 + phi));
}

/* Sums over j < y of ln(1 + alpha j), j/(1 + alpha j) and the square of that: what the count
 * alone adds under nb2. Single buckets share alpha, so that small counts are summed once. */
struct count_terms {
	double log_product, index, index_square;
};

struct count_table {
	double alpha;
	int known; /* counts 0 .. known - 1 are filled in */
	struct count_terms terms[COUNTS_KEPT];
};

static struct count_terms count_terms(struct count_table *table, double alpha, double count)
{
	if (alpha == table->alpha && count < COUNTS_KEPT) {
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
	struct rising sums;
	rising_sums(1, alpha, count, &sums);
	return (struct count_terms){sums.log_product, sums.index, sums.index_square};
}

/* (1/alpha) ln(1 + alpha mean) = mean k(alpha mean). */
static void nb2_row(double mean, double count, double alpha, struct count_table *table,
		    bool derivatives, struct row_terms *terms)
{
	struct count_terms sums = {0, 0, 0};
	double k[3], scaled = alpha * mean;
	if (count > 0)
		sums = count_terms(table, alpha, count);
	if (derivatives)
		zero_cost(scaled, k);
	else
		k[0] = zero_cost_value(scaled);
	terms->loglik = sums.log_product - mean * k[0];
	if (count > 0)
		terms->loglik += count * (log(mean) - scaled * k[0]);
	if (!derivatives)
		return;
	double share = 1 / (1 + scaled);
	terms->by_mean = (count / mean - 1) * share;
	terms->weight = share / mean;
	terms->by_phi = sums.index - count * mean * share - mean * mean * k[1];
	terms->mean_and_phi = 0; /* its expectation */
	terms->phi_and_phi =
		sums.index_square - count * mean * mean * share * share + mean * mean * mean * k[2];
}

static void add_baseline(const struct model *model, double b, int index, bool derivatives,
			 struct precise_sum *loglik, struct evaluation *evaluation)
{
	if (model->baseline_hours <= 0)
		return;
	double mean = b * model->baseline_hours;
	int sign; /* lgamma() would write it to a global variable */
	precise_add(loglik, model->baseline_count * log(mean) - mean -
				    lgamma_r(model->baseline_count + 1, &sign));
	if (derivatives) {
		evaluation->gradient[index] += model->baseline_count / b - model->baseline_hours;
		evaluation->information[index][index] += model->baseline_hours / b;
	}
}

static inline void add_slopes(int size, const double *slope, const struct row_terms *terms,
			      struct evaluation *evaluation)
{
	for (int i = 0; i < size; i++) {
		evaluation->gradient[i] += terms->by_mean * slope[i];
		double weighted = terms->weight * slope[i];
		for (int j = 0; j <= i; j++)
			evaluation->information[i][j] += weighted * slope[j];
	}
}

static void add_row(const struct model *model, int family_size, const double *slope, double phi,
		    const struct row_terms *terms, struct evaluation *evaluation)
{
	/* With a size that the compiler knows these loops are a third of the time. */
	switch (family_size) {
	case 3:
		add_slopes(3, slope, terms, evaluation);
		break;
	case 4:
		add_slopes(4, slope, terms, evaluation);
		break;
	case 5:
		add_slopes(5, slope, terms, evaluation);
		break;
	case 6:
		add_slopes(6, slope, terms, evaluation);
		break;
	default:
		add_slopes(family_size, slope, terms, evaluation);
	}
	if (model->likelihood != LIKELIHOOD_POISSON) {
		int d = family_size;
		evaluation->gradient[d] += phi * terms->by_phi;
		for (int j = 0; j < d; j++)
			evaluation->information[d][j] += phi * terms->mean_and_phi * slope[j];
		evaluation->information[d][d] += phi * phi * terms->phi_and_phi;
	}
}

/* The part of a row that the waves add to. */
static void add_waves(const struct model *model, const double *wave, double residual,
		      const double *slope, double phi, const struct row_terms *terms,
		      struct evaluation *evaluation)
{
	int size = family_parameters(model->family);
	int first = size + likelihood_dispersions(model->likelihood);
	for (int w = 0; w < model->waves; w++) {
		double own = residual * wave[w], weighted = terms->weight * own;
		evaluation->gradient[first + w] += terms->by_mean * own;
		for (int i = 0; i < size; i++)
			evaluation->information[first + w][i] += weighted * slope[i];
		if (first > size)
			evaluation->information[first + w][size] += phi * terms->mean_and_phi * own;
		for (int v = 0; v <= w; v++)
			evaluation->information[first + w][first + v] +=
				weighted * residual * wave[v];
	}
}

static double wave_factor(const struct model *model, const double *coefficient, const double *wave)
{
	double sum = 0;
	for (int w = 0; w < model->waves; w++)
		sum += coefficient[w] * wave[w];
	return exp(sum);
}

/* A row that stands for several equal ones counts as often. */
static void multiply(struct row_terms *terms, double weight)
{
	terms->by_mean *= weight;
	terms->by_phi *= weight;
	terms->weight *= weight;
	terms->mean_and_phi *= weight;
	terms->phi_and_phi *= weight;
}

static void evaluate(const struct model *model, const double *parameter, bool derivatives,
		     struct evaluation *evaluation)
{
	const struct sample *sample = model->sample;
	int size = family_parameters(model->family);
	bool dispersed = likelihood_dispersions(model->likelihood) > 0;
	double phi = dispersed ? parameter[size] : 0, b = parameter[size - 1], k[3];
	const double *coefficient = parameter + size + dispersed;
	double integral[BLOCK_ROWS], jacobian[BLOCK_ROWS * FAMILY_PARAMETERS_MAX];
	struct precise_sum loglik = {0, 0};
	struct count_table table = {.alpha = phi, .known = 0};
	memset(evaluation, 0, sizeof *evaluation);
	zero_cost(phi, k);
	for (size_t start = 0; start < sample->rows; start += BLOCK_ROWS) {
		size_t rows = sample->rows - start < BLOCK_ROWS ? sample->rows - start : BLOCK_ROWS;
		const double *from = sample->from + start, *to = sample->to + start;
		family_integrals(model->family, parameter, from, to, rows, integral,
				 derivatives ? jacobian : NULL);
		for (size_t i = 0; i < rows; i++) {
			double exposure = sample->exposure[start + i];
			double background = sample->background[start + i];
			const double *wave = NULL;
			if (model->waves > 0) {
				wave = sample->wave + (start + i) * SAMPLE_WAVES;
				exposure *= wave_factor(model, coefficient, wave);
			}
			double mean = exposure * integral[i] + b * background;
			double count = sample->count[start + i], spread = phi;
			mean = mean > MEAN_FLOOR ? mean : MEAN_FLOOR;
			struct row_terms terms = {0};
			if (model->likelihood == LIKELIHOOD_NB1) {
				nb1_row(mean, count, phi, k, derivatives, &terms);
			} else if (model->likelihood == LIKELIHOOD_NB2) {
				spread = phi / sample->merged[start + i];
				nb2_row(mean, count, spread, &table, derivatives, &terms);
			} else {
				poisson_row(mean, count, &terms);
			}
			double weight = sample->weight[start + i];
			precise_add(&loglik, weight * terms.loglik);
			if (!derivatives)
				continue;
			if (weight != 1)
				multiply(&terms, weight);
			double *slope = jacobian + i * (size_t)size;
			for (int j = 0; j < size - 1; j++)
				slope[j] *= exposure;
			slope[size - 1] = background;
			add_row(model, size, slope, spread, &terms, evaluation);
			if (wave)
				add_waves(model, wave, exposure * integral[i], slope, spread,
					  &terms, evaluation);
		}
	}
	if (model->likelihood == LIKELIHOOD_NB1)
		precise_add(&loglik, -sample->total * log1p(phi));
	precise_add(&loglik, -sample->log_factorials);
	add_baseline(model, b, size - 1, derivatives, &loglik, evaluation);
	evaluation->loglik = loglik.sum + loglik.lost;
	for (int i = 0; i < MODEL_PARAMETERS_MAX; i++)
		for (int j = 0; j < i; j++)
			evaluation->information[j][i] = evaluation->information[i][j];
}

double likelihood_value(const struct model *model, const double *parameter)
{
	struct evaluation evaluation;
	evaluate(model, parameter, false, &evaluation);
	return evaluation.loglik;
}

void likelihood_evaluate(const struct model *model, const double *parameter,
			 struct evaluation *evaluation)
{
	evaluate(model, parameter, true, evaluation);
}

void likelihood_means(const struct model *model, const double *parameter, double *mean)
{
	const struct sample *sample = model->sample;
	int size = family_parameters(model->family);
	const double *coefficient = parameter + size + likelihood_dispersions(model->likelihood);
	family_integrals(model->family, parameter, sample->from, sample->to, sample->rows, mean,
			 NULL);
	for (size_t i = 0; i < sample->rows; i++) {
		double factor = sample->exposure[i];
		if (model->waves > 0)
			factor *= wave_factor(model, coefficient, sample->wave + i * SAMPLE_WAVES);
		mean[i] = fmax(factor * mean[i] + parameter[size - 1] * sample->background[i],
			       MEAN_FLOOR);
	}
}
