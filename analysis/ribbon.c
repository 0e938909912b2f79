/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ribbon.h"

#include "cholesky.h"

#include <math.h>
#include <string.h>

#define NORMAL_95 1.959963984540054
#define STEP	  1e-4 /* of a logarithm, for derivatives */
#define MOST	  20.0 /* of a logarithm: beyond this a band says nothing any more */
#define BUCKETS	  12.0 /* an hour */

/* Whether its doubt is in the band: parameters of the residual that are not on an edge; the end of
 * a plateau has no information. */
static bool is_free(const struct fit *fit, int index)
{
	return index != family_plateau(fit->family) && !fit_value_at_bound(fit, index);
}

/* Standard deviation of a parameter's logarithm by its interval; NAN when that does not say. */
static double reported_deviation(const struct interval *interval)
{
	double low = interval->low, high = interval->high, value = interval->value;
	if (!interval->known || !(value > 0))
		return NAN;
	bool below = low > 0 && low < value, above = isfinite(high) && high > value;
	if (below && above)
		return log(high / low) / (2 * NORMAL_95);
	return above ? log(high / value) / NORMAL_95 : below ? log(value / low) / NORMAL_95 : NAN;
}

/* Inverts the information of the free parameters (the background's and the dispersion's among them,
 * where they are free) and keeps the part of the residual's. */
static bool invert(struct ribbon *ribbon, const struct evaluation *evaluation, int parameters)
{
	const struct fit *fit = &ribbon->fit;
	int size = family_parameters(fit->family), place[MODEL_PARAMETERS_MAX], rows = 0;
	double information[MODEL_PARAMETERS_MAX][MODEL_PARAMETERS_MAX];
	for (int i = 0; i < parameters; i++)
		if (is_free(fit, i))
			place[rows++] = i;
	for (int row = 0; row < rows; row++) {
		double unit[MODEL_PARAMETERS_MAX] = {0}, column[MODEL_PARAMETERS_MAX];
		if (place[row] >= size - 1)
			break;
		unit[row] = 1;
		for (int i = 0; i < rows; i++)
			for (int j = 0; j < rows; j++)
				information[i][j] = evaluation->information[place[i]][place[j]];
		if (!cholesky_solve(rows, information, unit, column))
			return false;
		for (int i = 0; i < rows && place[i] < size - 1; i++)
			ribbon->covariance[place[row]][place[i]] = column[i];
	}
	return true;
}

/* Widens all by what the reported intervals are wider, by the median: parameters that nearly make
 * up for each other would no longer do so if each had a factor of its own. */
static void widen(struct ribbon *ribbon)
{
	int size = family_parameters(ribbon->fit.family), factors = 0;
	double factor[FAMILY_PARAMETERS_MAX];
	for (int i = 0; i < size - 1; i++) {
		double reported = reported_deviation(&ribbon->fit.ci[i]);
		double ratio = reported / sqrt(ribbon->covariance[i][i]);
		if (!isfinite(ratio))
			continue;
		int place = factors++;
		for (; place > 0 && factor[place - 1] > ratio; place--)
			factor[place] = factor[place - 1];
		factor[place] = ratio;
	}
	if (factors == 0)
		return;
	double median = (factor[(factors - 1) / 2] + factor[factors / 2]) / 2;
	for (int i = 0; i < size - 1; i++)
		for (int j = 0; j < size - 1; j++)
			ribbon->covariance[i][j] *= median * median;
}

static void take_background(struct ribbon *ribbon)
{
	int index = family_parameters(ribbon->fit.family) - 1;
	const struct interval *reported = &ribbon->fit.ci[index];
	double value = ribbon->fit.parameter[index];
	ribbon->background_low = ribbon->background_high = value;
	if (reported->known && isfinite(reported->high)) {
		ribbon->background_low = fmin(fmax(reported->low, 0), value);
		ribbon->background_high = fmax(reported->high, value);
	}
}

int ribbon_make(struct ribbon *ribbon, const struct analysis *analysis, struct failure *failure)
{
	struct sample sample;
	struct fit_data data = {0};
	struct model model;
	struct evaluation evaluation;
	double parameter[MODEL_PARAMETERS_MAX] = {0};
	memset(ribbon, 0, sizeof *ribbon);
	if (!analysis->best.done)
		return 0;
	ribbon->fit = fit_leveled(&analysis->best);
	if (sample_make(&sample, analysis->series, SAMPLE_MERGED, failure) != 0)
		return -1;
	fit_model(&ribbon->fit, &data, &sample, &model, parameter);
	likelihood_evaluate(&model, parameter, &evaluation);
	ribbon->known = invert(ribbon, &evaluation, model_parameters(&model));
	sample_free(&sample);
	widen(ribbon);
	take_background(ribbon);
	return 0;
}

static double residual(const struct fit *fit, double hours)
{
	return family_rate(fit->family, fit->parameter, hours);
}

/* Of the logarithm of the residual rate. */
static double deviation_at(const struct ribbon *ribbon, double hours)
{
	int size = family_parameters(ribbon->fit.family);
	double slope[FAMILY_PARAMETERS_MAX] = {0}, variance = 0;
	for (int i = 0; i < size - 1; i++) {
		struct fit lower = ribbon->fit, upper = ribbon->fit;
		if (!(ribbon->covariance[i][i] > 0))
			continue;
		lower.parameter[i] *= exp(-STEP);
		upper.parameter[i] *= exp(STEP);
		slope[i] = log(residual(&upper, hours) / residual(&lower, hours)) / (2 * STEP);
	}
	for (int i = 0; i < size - 1; i++)
		for (int j = 0; j < size - 1; j++)
			variance += slope[i] * ribbon->covariance[i][j] * slope[j];
	return sqrt(fmax(variance, 0));
}

void ribbon_at(const struct ribbon *ribbon, double hours, double *low, double *high)
{
	*low = *high = NAN;
	if (!ribbon->known)
		return;
	double rate = residual(&ribbon->fit, hours), below = 0, above = 0;
	double background = ribbon->fit.parameter[family_parameters(ribbon->fit.family) - 1];
	if (rate > 0) {
		double reach = fmin(NORMAL_95 * deviation_at(ribbon, hours), MOST);
		if (!isfinite(reach))
			return;
		below = rate - rate * exp(-reach);
		above = rate * exp(reach) - rate;
	}
	double sum = rate + background;
	*low = fmax(sum - hypot(below, background - ribbon->background_low), 0) / BUCKETS;
	*high = (sum + hypot(above, ribbon->background_high - background)) / BUCKETS;
}
