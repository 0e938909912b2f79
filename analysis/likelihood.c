/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "likelihood.h"

#include "row_terms.h"
#include "vectorised.h"

#include <math.h>
#include <string.h>

/* A mean never gets to zero: with every rate at the floor of its box it is far above this. */
#define MEAN_FLOOR 1e-300

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

static double wave_factor(const struct model *model, const double *coefficient, const double *wave)
{
	double sum = 0;
	for (int w = 0; w < model->waves; w++)
		sum += coefficient[w] * wave[w];
	return exp(sum);
}

/* Sum of the products, in partial sums that compilers turn into vector instructions. */
static inline double dot(const double *one, const double *other, size_t rows)
{
	double sum[4] = {0, 0, 0, 0};
	size_t i = 0;
	for (; i + 4 <= rows; i += 4)
		for (size_t lane = 0; lane < 4; lane++)
			sum[lane] += one[i + lane] * other[i + lane];
	for (; i < rows; i++)
		sum[0] += one[i] * other[i];
	return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* A block of rows: the means as they depend on each coordinate but the dispersion. */
struct block {
	const struct model *model;
	size_t start; /* first row of the sample */
	struct row_terms terms;
	double residual[ROW_BLOCK]; /* expected, without the background */
	double jacobian[ROW_BLOCK * FAMILY_PARAMETERS_MAX];
	double wave[WAVES_MAX][ROW_BLOCK]; /* derivatives by the waves */
	int columns;
	const double *column[MODEL_PARAMETERS_MAX]; /* derivatives of the mean ... */
	int index[MODEL_PARAMETERS_MAX];	    /* ... by this coordinate */
};

static void add_column(struct block *block, int index, const double *column)
{
	block->column[block->columns] = column;
	block->index[block->columns++] = index;
}

/* The exposure of the rows, multiplied by the waves, into modulated[] where there are any. */
static const double *find_exposure(const struct block *block, const double *coefficient,
				   double *modulated)
{
	const struct model *model = block->model;
	const double *exposure = model->sample->exposure + block->start;
	if (model->waves == 0)
		return exposure;
	const double *wave = model->sample->wave + block->start * SAMPLE_WAVES;
	for (size_t i = 0; i < block->terms.rows; i++)
		modulated[i] =
			exposure[i] * wave_factor(model, coefficient, wave + i * SAMPLE_WAVES);
	return modulated;
}

VECTORISED static void find_columns(struct block *block, const double *exposure)
{
	const struct model *model = block->model;
	int size = family_parameters(model->family), plateau = family_plateau(model->family);
	int first_wave = size + likelihood_dispersions(model->likelihood);
	size_t rows = block->terms.rows;
	block->columns = 0;
	for (int j = 0; j < size - 1; j++) {
		double *column = block->jacobian + (size_t)j * rows;
		if (j == plateau)
			continue;
		for (size_t i = 0; i < rows; i++)
			column[i] *= exposure[i];
		add_column(block, j, column);
	}
	add_column(block, size - 1, model->sample->background + block->start);
	for (int w = 0; w < model->waves; w++) {
		const double *wave = model->sample->wave + block->start * SAMPLE_WAVES + w;
		for (size_t i = 0; i < rows; i++)
			block->wave[w][i] = block->residual[i] * wave[i * SAMPLE_WAVES];
		add_column(block, first_wave + w, block->wave[w]);
	}
}

VECTORISED static void find_means(struct block *block, const double *parameter, bool derivatives)
{
	const struct model *model = block->model;
	const struct sample *sample = model->sample;
	int size = family_parameters(model->family);
	const double *coefficient = parameter + size + likelihood_dispersions(model->likelihood);
	const double *background = sample->background + block->start;
	double modulated[ROW_BLOCK], b = parameter[size - 1], *mean = block->terms.mean;
	size_t rows = block->terms.rows;
	family_integrals(model->family, parameter, sample->from + block->start,
			 sample->to + block->start, rows, block->residual,
			 derivatives ? block->jacobian : NULL);
	const double *exposure = find_exposure(block, coefficient, modulated);
	for (size_t i = 0; i < rows; i++) {
		block->residual[i] *= exposure[i];
		mean[i] = block->residual[i] + b * background[i];
		mean[i] = mean[i] > MEAN_FLOOR ? mean[i] : MEAN_FLOOR;
	}
	if (derivatives)
		find_columns(block, exposure);
}

/* A row that stands for several equal ones counts as often. */
VECTORISED static void multiply(struct row_terms *terms, const double *weight)
{
	for (size_t i = 0; i < terms->rows; i++) {
		terms->by_mean[i] *= weight[i];
		terms->weight[i] *= weight[i];
	}
	if (terms->likelihood == LIKELIHOOD_POISSON)
		return;
	for (size_t i = 0; i < terms->rows; i++)
		terms->mean_and_dispersion[i] *= weight[i];
}

VECTORISED static void add_derivatives(const struct block *block, const double *weight,
				       struct evaluation *evaluation)
{
	const struct row_terms *terms = &block->terms;
	int dispersion = family_parameters(block->model->family);
	bool dispersed = likelihood_dispersions(block->model->likelihood) > 0;
	size_t rows = terms->rows;
	for (int c = 0; c < block->columns; c++) {
		const double *column = block->column[c];
		double weighted[ROW_BLOCK];
		int i = block->index[c];
		for (size_t row = 0; row < rows; row++)
			weighted[row] = terms->weight[row] * column[row];
		evaluation->gradient[i] += dot(terms->by_mean, column, rows);
		for (int d = 0; d <= c; d++)
			evaluation->information[i][block->index[d]] +=
				dot(weighted, block->column[d], rows);
		if (dispersed)
			evaluation->information[i > dispersion ? i : dispersion]
					       [i > dispersion ? dispersion : i] +=
				dot(terms->mean_and_dispersion, column, rows);
	}
	if (!dispersed)
		return;
	evaluation->gradient[dispersion] += dot(terms->by_dispersion, weight, rows);
	evaluation->information[dispersion][dispersion] +=
		dot(terms->dispersion_twice, weight, rows);
}

static void evaluate(const struct model *model, const double *parameter, bool derivatives,
		     struct evaluation *evaluation)
{
	const struct sample *sample = model->sample;
	int size = family_parameters(model->family);
	double dispersion = likelihood_dispersions(model->likelihood) ? parameter[size] : 0;
	struct precise_sum loglik = {0, 0};
	struct block block;
	block.model = model;
	row_terms_begin(&block.terms, model->likelihood, dispersion);
	memset(evaluation, 0, sizeof *evaluation);
	for (size_t start = 0; start < sample->rows; start += ROW_BLOCK) {
		size_t left = sample->rows - start;
		const double *weight = sample->weight + start;
		block.start = start;
		block.terms.rows = left < ROW_BLOCK ? left : ROW_BLOCK;
		block.terms.count = sample->count + start;
		block.terms.merged = sample->merged + start;
		find_means(&block, parameter, derivatives);
		row_terms_tell(&block.terms, derivatives);
		for (size_t i = 0; i < block.terms.rows; i++)
			precise_add(&loglik, weight[i] * block.terms.loglik[i]);
		if (!derivatives)
			continue;
		if (sample->weighted)
			multiply(&block.terms, weight);
		add_derivatives(&block, weight, evaluation);
	}
	if (model->likelihood == LIKELIHOOD_NB1)
		precise_add(&loglik, -sample->total * log1p(dispersion));
	precise_add(&loglik, -sample->log_factorials);
	add_baseline(model, parameter[size - 1], size - 1, derivatives, &loglik, evaluation);
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
