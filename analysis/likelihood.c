/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "likelihood.h"

#include "rising.h"

#include <math.h>
#include <string.h>

/* Rows are taken in blocks that fit the first-level cache. */
#define BLOCK_ROWS 256
/* A mean never gets to zero: with every rate at the floor of its box it is far above this. */
#define MEAN_FLOOR 1e-300

int model_parameters(const struct model *model)
{
	return family_parameters(model->family) + likelihood_dispersions(model->likelihood);
}

static bool is_linear(const struct model *model, int index)
{
	enum parameter_role role = family_parameter(model->family, index)->role;
	return role == ROLE_BACKGROUND || role == ROLE_PLATEAU;
}

double model_to_coordinate(const struct model *model, int index, double parameter)
{
	return is_linear(model, index) ? parameter : log(parameter);
}

double model_from_coordinate(const struct model *model, int index, double coordinate)
{
	return is_linear(model, index) ? coordinate : exp(coordinate);
}

/* Neumaier's sum: tens of thousands of small terms beside a few large ones. */
struct precise_sum {
	double sum, lost;
};

static void precise_add(struct precise_sum *total, double value)
{
	double next = total->sum + value;
	if (fabs(total->sum) >= fabs(value))
		total->lost += total->sum - next + value;
	else
		total->lost += value - next + total->sum;
	total->sum = next;
}

/* k(phi) = ln(1+phi)/phi and its first two derivatives. The closed forms of the derivatives
 * cancel for small phi, hence the series there. */
static void zero_cost(double phi, double k[3])
{
	k[0] = phi > 0 ? log1p(phi) / phi : 1;
	if (phi > 0.02) {
		k[1] = (1 / (1 + phi) - k[0]) / phi;
		k[2] = (-1 / ((1 + phi) * (1 + phi)) - 2 * k[1]) / phi;
		return;
	}
	double power = 1;
	k[1] = k[2] = 0;
	for (int n = 1; n < 10; n++) { /* k = sum (-phi)^n / (n+1) */
		double sign = n % 2 ? -1 : 1;
		k[1] += sign * n / (n + 1) * power;
		k[2] += -sign * (n + 1.0) * n / (n + 2) * power;
		power *= phi;
	}
}

/* What one row tells about its mean and about phi. */
struct row_terms {
	double loglik; /* without ln y! and without -y ln(1+phi) */
	double by_mean;
	double by_phi;
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

static void add_baseline(const struct model *model, double b, int index, bool derivatives,
			 struct precise_sum *loglik, struct evaluation *evaluation)
{
	if (model->baseline_hours <= 0)
		return;
	double mean = b * model->baseline_hours;
	precise_add(loglik,
		    model->baseline_count * log(mean) - mean - lgamma(model->baseline_count + 1));
	if (derivatives) {
		evaluation->gradient[index] += model->baseline_count / b - model->baseline_hours;
		evaluation->information[index][index] += model->baseline_hours / b;
	}
}

static void add_row(const struct model *model, int family_size, const double *slope, double phi,
		    const struct row_terms *terms, struct evaluation *evaluation)
{
	for (int i = 0; i < family_size; i++) {
		evaluation->gradient[i] += terms->by_mean * slope[i];
		double weighted = terms->weight * slope[i];
		for (int j = 0; j <= i; j++)
			evaluation->information[i][j] += weighted * slope[j];
	}
	if (model->likelihood != LIKELIHOOD_POISSON) {
		int d = family_size;
		evaluation->gradient[d] += phi * terms->by_phi;
		for (int j = 0; j < d; j++)
			evaluation->information[d][j] += phi * terms->mean_and_phi * slope[j];
		evaluation->information[d][d] += phi * phi * terms->phi_and_phi;
	}
}

static void evaluate(const struct model *model, const double *parameter, bool derivatives,
		     struct evaluation *evaluation)
{
	const struct sample *sample = model->sample;
	int size = family_parameters(model->family);
	bool dispersed = likelihood_dispersions(model->likelihood) > 0;
	double phi = dispersed ? parameter[size] : 0, b = parameter[size - 1], k[3];
	double integral[BLOCK_ROWS], jacobian[BLOCK_ROWS * FAMILY_PARAMETERS_MAX];
	struct precise_sum loglik = {0, 0};
	memset(evaluation, 0, sizeof *evaluation);
	zero_cost(phi, k);
	for (size_t start = 0; start < sample->rows; start += BLOCK_ROWS) {
		size_t rows = sample->rows - start < BLOCK_ROWS ? sample->rows - start : BLOCK_ROWS;
		const double *from = sample->from + start, *to = sample->to + start;
		family_integrals(model->family, parameter, from, to, rows, integral,
				 derivatives ? jacobian : NULL);
		for (size_t i = 0; i < rows; i++) {
			double exposure = sample->exposure[start + i], width = to[i] - from[i];
			double mean = fmax(exposure * (integral[i] + b * width), MEAN_FLOOR);
			struct row_terms terms;
			if (dispersed)
				nb1_row(mean, sample->count[start + i], phi, k, derivatives,
					&terms);
			else
				poisson_row(mean, sample->count[start + i], &terms);
			precise_add(&loglik, terms.loglik);
			if (!derivatives)
				continue;
			double *slope = jacobian + i * (size_t)size;
			for (int j = 0; j < size - 1; j++)
				slope[j] *= exposure;
			slope[size - 1] = exposure * width;
			add_row(model, size, slope, phi, &terms, evaluation);
		}
	}
	if (dispersed)
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
	double b = parameter[family_parameters(model->family) - 1];
	family_integrals(model->family, parameter, sample->from, sample->to, sample->rows, mean,
			 NULL);
	for (size_t i = 0; i < sample->rows; i++)
		mean[i] = fmax(sample->exposure[i] *
				       (mean[i] + b * (sample->to[i] - sample->from[i])),
			       MEAN_FLOOR);
}
