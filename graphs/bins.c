/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bins.h"

#include "../observer/store/ledger.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const double widths[] = {1 / 12.0, 1 / 6.0, 0.25, 0.5, 1,   2,	3,  6,
				12,	  24,	   48,	 96,  168, 336, 672};
#define WIDTHS (sizeof widths / sizeof widths[0])

static double width_at(double since, double hours, enum bin_growth growth)
{
	double widest = hours / 45;
	double wanted = fmin(fmax(since / 10, fmin(1, widest)), widest);
	if (growth == BIN_GROWTH_LOG)
		wanted = since / 8;
	for (size_t i = 0; i < WIDTHS; i++)
		if (widths[i] >= wanted)
			return widths[i];
	return wanted;
}

size_t bins_make(const struct series *series, double hours, enum bin_growth growth,
		 struct bin bin[BINS_MAX])
{
	size_t bins = 0;
	for (double from = 0; from < hours && bins < BINS_MAX;) {
		double to = from + width_at(from, hours, growth);
		bin[bins++] = (struct bin){.from_hours = from, .to_hours = to};
		from = to;
	}
	size_t current = 0;
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		double since = (double)(row->start - series->retired) / 3600;
		while (current < bins && since >= bin[current].to_hours - 1e-9)
			current++;
		if (current == bins)
			break;
		bin[current].observed_buckets += row->observed_seconds / (double)BUCKET_SECONDS;
		bin[current].count += row->count;
		bin[current].active_buckets += row->count > 0;
		bin[current].syn += row->syn;
		bin[current].other_syn += row->other_syn;
	}
	return bins;
}

/* Probability of at most `count` when the mean is `mean`. */
static double at_most(double count, double mean, double phi)
{
	if (count < 0)
		return 0;
	if (phi < 1e-6)
		return gsl_cdf_poisson_P((unsigned)count, mean);
	return gsl_cdf_negative_binomial_P((unsigned)count, 1 / (1 + phi), mean / phi);
}

/* The mean under which at most `count` has the probability: it falls as the mean grows. */
static double mean_with(double count, double probability, double phi)
{
	double low = 1e-12, high = 4 * (count + 10) * (1 + phi);
	for (int i = 0; i < 100 && high / low > 1 + 1e-9; i++) {
		double middle = sqrt(low * high);
		if (at_most(count, middle, phi) > probability)
			low = middle;
		else
			high = middle;
	}
	return sqrt(low * high);
}

void bin_interval(double count, double buckets, double phi, double *low, double *high)
{
	if (count > 1e6) {
		double error = 1.959964 * sqrt((1 + phi) * count);
		*low = (count - error) / buckets;
		*high = (count + error) / buckets;
		return;
	}
	*low = count > 0 ? mean_with(count - 1, 0.975, phi) / buckets : 0;
	*high = mean_with(count, 0.025, phi) / buckets;
}
