/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fit_once: the five smooth families under Poisson, one start each, timed alone.
 *
 *   fit_once SERIES.csv RETIRED    prints "seconds of processor time" and, per family, its name,
 *                                  start and log-likelihood reached
 *
 * What is timed: the samples made out of the rows read, and the climb on every row that the exact
 * likelihood takes, from one start that the data suggest: the rate of the first 6 hours, the time
 * by which 63 % of the counts had come, the rate of the last fifth. tests/bench/fit_scipy.py climbs
 * from the starts printed here. */
#include "../../analysis/fit.h"
#include "../../analysis/scoring.h"
#include "../../analysis/starts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FAMILIES_TIMED 5

static double processor_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Hours by which 63 % of the counts had come. */
static double decay_time(const struct sample *sample)
{
	double seen = 0;
	for (size_t i = 0; i < sample->rows; i++) {
		seen += sample->count[i];
		if (seen >= 0.63 * sample->total)
			return sample->to[i];
	}
	return 1;
}

static void suggest(double start[FAMILIES_TIMED][MODEL_PARAMETERS_MAX], const struct sample *sample)
{
	struct outlook outlook;
	outlook_take(&outlook, sample);
	double rate = outlook.early_rate, late = outlook.late_rate, tau = decay_time(sample);
	const double suggested[FAMILIES_TIMED][6] = {{rate, tau, late},
						     {rate, tau / 2, rate / 20, tau * 5, late},
						     {rate, tau, 1, late},
						     {rate, tau, 1.5, late},
						     {rate, tau, tau / 3, late}};
	for (int i = 0; i < FAMILIES_TIMED; i++)
		memcpy(start[i], suggested[i], sizeof suggested[i]);
}

int main(int argc, char **argv)
{
	static const enum family family[FAMILIES_TIMED] = {FAMILY_EXP, FAMILY_BIEXP, FAMILY_WEIBULL,
							   FAMILY_OMORI, FAMILY_LOGISTIC};
	double start[FAMILIES_TIMED][MODEL_PARAMETERS_MAX] = {{0}};
	double found[FAMILIES_TIMED][MODEL_PARAMETERS_MAX], loglik[FAMILIES_TIMED];
	struct failure failure = {.status = EXIT_DONE};
	struct series series;
	if (argc != 3) {
		fprintf(stderr, "usage: fit_once SERIES.csv RETIRED\n");
		return 2;
	}
	struct series_options options = {.retired = strtoll(argv[2], NULL, 10)};
	if (series_load(&series, argv[1], &options, &failure) < 0)
		return failure_report(&failure);

	double began = processor_seconds();
	struct sample exact, coarse;
	if (sample_make(&exact, &series, SAMPLE_MERGED, &failure) < 0 ||
	    sample_make(&coarse, &series, SAMPLE_COARSE, &failure) < 0)
		return failure_report(&failure);
	suggest(start, &coarse);
	for (int i = 0; i < FAMILIES_TIMED; i++) {
		struct model model = {family[i], LIKELIHOOD_POISSON, &exact, 0, 0, 0};
		struct model quick = {family[i], LIKELIHOOD_POISSON, &coarse, 0, 0, 0};
		struct scoring climb = {.model = &quick, .iterations = 100, .tolerance = 1e-2};
		memcpy(found[i], start[i], sizeof found[i]);
		scoring_climb(&climb, found[i]);
		climb.model = &model;
		climb.tolerance = 1e-7;
		loglik[i] = scoring_climb(&climb, found[i]);
	}
	double took = processor_seconds() - began;

	printf("%.6f\n", took);
	for (int i = 0; i < FAMILIES_TIMED; i++) {
		printf("%s %.9f", family_name(family[i]), loglik[i]);
		for (int p = 0; p < family_parameters(family[i]); p++)
			printf(" %.17g", start[i][p]);
		putchar('\n');
	}
	sample_free(&exact);
	sample_free(&coarse);
	series_free(&series);
	return 0;
}
