/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * study_fits: what the analyzer's intervals and choices are worth, on records drawn from known
 * curves.
 *
 *   study_fits coverage REPLICATES [FIRST]   of 95 % intervals; exit 1 outside the bounds asked for
 *   study_fits confusion REPLICATES          which family is chosen, by truth
 *
 * Coverage: exp A=100 tau=20 b=.05 over 14 days, and omori A=150 c=8 p=1.3 b=.02 over 30, counted
 * per 5 minutes, under Poisson and under NB1 with phi = 2; the fit is of the family and likelihood
 * that made the record, the intervals are those that `analyze` prints. With 300 replicates or more
 * each has to lie between 0.92 and 0.98; with fewer, as far outside as chance takes one in a
 * thousand (binomial, normal approximation).
 *
 * Confusion: 30 days, b = 0.01, six truths scaled to 200 or 2,000 counts expected, Poisson and NB1
 * with phi = 2; all families and likelihoods are fitted, the headline is taken. */
#include "../../analysis/analysis.h"
#include "../../observer/target.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETIRED 1203465600
#define PHI	2.0

struct truth {
	const char *name;
	enum family family;
	int days;
	double parameter[FAMILY_PARAMETERS_MAX];
	int watched[2]; /* parameters whose intervals are judged */
};

static void draw(struct series *series, const struct truth *truth, double scale, double phi,
		 unsigned long seed)
{
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	double b = truth->parameter[family_parameters(truth->family) - 1];
	gsl_rng_set(generator, seed);
	*series = (struct series){.name = "drawn", .retired = RETIRED};
	series->rows = (size_t)truth->days * 288;
	series->row = calloc(series->rows, sizeof *series->row);
	if (!series->row)
		exit(1);
	for (size_t i = 0; i < series->rows; i++) {
		struct series_row *row = &series->row[i];
		double from = (double)i / 12, to = (double)(i + 1) / 12;
		double mean =
			scale * family_integral(truth->family, truth->parameter, from, to) + b / 12;
		if (phi > 0)
			mean = gsl_ran_gamma(generator, mean / phi, phi);
		*row = (struct series_row){.start = RETIRED + 300 * (int64_t)i,
					   .observed_seconds = 300,
					   .count = gsl_ran_poisson(generator, mean)};
		row->syn = row->count;
	}
	gsl_rng_free(generator);
}

static void analyse(struct analysis *analysis, const struct series *series,
		    const struct analysis_options *options)
{
	struct failure failure = {.status = EXIT_DONE};
	if (analysis_run(analysis, series, options, &failure) < 0)
		exit(failure_report(&failure));
}

/* The share that may be found with so many replicates when 0.95 is true. */
static bool acceptable(int covered, int replicates)
{
	double share = (double)covered / replicates;
	double slack = replicates >= 300 ? 0 : 3.3 * sqrt(0.95 * 0.05 / replicates);
	return share >= fmin(0.92, 0.95 - slack) && share <= fmax(0.98, 0.95 + slack);
}

static int coverage(int replicates, unsigned long first)
{
	static const struct truth truths[] = {
		{"exp", FAMILY_EXP, 14, {100, 20, 0.05}, {1, 2}},
		{"omori", FAMILY_OMORI, 30, {150, 8, 1.3, 0.02}, {2, 3}},
	};
	static struct analysis analysis;
	int wrong = 0;
	printf("| truth | noise | parameter | covered of %d | share | below | above |\n"
	       "|---|---|---|---|---|---|---|\n",
	       replicates);
	for (size_t t = 0; t < 2; t++)
		for (int noisy = 0; noisy < 2; noisy++) {
			const struct truth *truth = &truths[t];
			int below[2] = {0, 0}, above[2] = {0, 0};
			struct analysis_options options = {.baseline_seconds = 0};
			options.families[truth->family] = true;
			options.likelihoods[noisy ? LIKELIHOOD_NB1 : LIKELIHOOD_POISSON] = true;
			for (int i = 0; i < replicates; i++) {
				struct series series;
				draw(&series, truth, 1, noisy ? PHI : 0, first + (unsigned long)i);
				analyse(&analysis, &series, &options);
				for (int w = 0; w < 2; w++) {
					int p = truth->watched[w];
					const struct interval *ci = &analysis.best.ci[p];
					below[w] += ci->high < truth->parameter[p];
					above[w] += ci->low > truth->parameter[p];
				}
				series_free(&series);
			}
			for (int w = 0; w < 2; w++) {
				int covered = replicates - below[w] - above[w];
				bool good = acceptable(covered, replicates);
				wrong += !good;
				printf("| %s | %s | %s | %d | %.3f%s | %d | %d |\n", truth->name,
				       noisy ? "nb1" : "poisson",
				       family_parameter_name(truth->family, truth->watched[w]),
				       covered, (double)covered / replicates,
				       good ? "" : " OUTSIDE", below[w], above[w]);
			}
			fflush(stdout);
		}
	return wrong > 0;
}

static int confusion(int replicates)
{
	static const struct truth truths[] = {
		{"exp", FAMILY_EXP, 30, {1, 24, 0.01}, {0, 0}},
		{"biexp", FAMILY_BIEXP, 30, {1, 6, 0.04, 120, 0.01}, {0, 0}},
		{"weibull", FAMILY_WEIBULL, 30, {1, 8, 0.5, 0.01}, {0, 0}},
		{"omori", FAMILY_OMORI, 30, {1, 6, 1.3, 0.01}, {0, 0}},
		{"logistic", FAMILY_LOGISTIC, 30, {1, 16, 3, 0.01}, {0, 0}},
		{"plateau_exp", FAMILY_PLATEAU_EXP, 30, {1, 12, 0.05, 96, 0.01}, {0, 0}},
	};
	static struct analysis analysis;
	struct analysis_options options;
	analysis_options_default(&options);
	for (int noisy = 0; noisy < 2; noisy++)
		for (int counts = 200; counts <= 2000; counts += 1800) {
			int right = 0;
			printf("\n%s, %d SYNs, %d records of each truth:\n\n| truth |",
			       noisy ? "nb1 (phi = 2)" : "poisson", counts, replicates);
			for (int f = 0; f < FAMILIES; f++)
				printf(" %s |", family_name((enum family)f));
			printf(" doubted |\n|---|---|---|---|---|---|---|---|---|---|\n");
			for (size_t t = 0; t < sizeof truths / sizeof *truths; t++) {
				const struct truth *truth = &truths[t];
				int chosen[FAMILIES] = {0}, doubted = 0;
				double total = family_integral(truth->family, truth->parameter, 0,
							       truth->days * 24);
				for (int i = 0; i < replicates; i++) {
					struct series series;
					draw(&series, truth, counts / total, noisy ? PHI : 0,
					     1000 * t + (unsigned long)i);
					analyse(&analysis, &series, &options);
					chosen[analysis.best.family]++;
					doubted += analysis.doubt[LANGUAGE_ENGLISH][0] != '\0';
					series_free(&series);
				}
				right += chosen[truth->family];
				printf("| %s |", truth->name);
				for (int f = 0; f < FAMILIES; f++)
					printf(" %d |", chosen[f]);
				printf(" %d |\n", doubted);
				fflush(stdout);
			}
			printf("\n%.0f %% right\n",
			       100.0 * right / replicates /
				       (double)(sizeof truths / sizeof *truths));
		}
	return 0;
}

int main(int argc, char **argv)
{
	int replicates = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
	unsigned long first = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
	if (replicates > 0 && strcmp(argv[1], "coverage") == 0)
		return coverage(replicates, first);
	if (replicates > 0 && strcmp(argv[1], "confusion") == 0)
		return confusion(replicates);
	fprintf(stderr, "usage: study_fits coverage|confusion REPLICATES [FIRST]\n");
	return 2;
}
