/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/background.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RETIRED 1203465600
#define DAYS	60

/* `early` SYNs to other ports in every bucket of the first half, `late` in the second. */
static struct series make(uint32_t early, uint32_t late)
{
	struct series series = {.name = "made", .retired = RETIRED, .has_other = true};
	series.row = calloc(DAYS * 288, sizeof *series.row);
	for (int i = 0; i < DAYS * 288; i++)
		series.row[series.rows++] =
			(struct series_row){.start = RETIRED + 300 * (int64_t)i,
					    .observed_seconds = 300,
					    .other_syn = i < DAYS * 144 ? early : late};
	return series;
}

static void drift_follows_the_other_ports(void **state)
{
	(void)state;
	struct series series = make(2, 6);
	double *drift, sum = 0;
	assert_int_equal(background_drift(&drift, &series, 0, NULL), 0);
	for (size_t i = 0; i < series.rows; i++)
		sum += drift[i];
	assert_true(fabs(sum / (double)series.rows - 1) < 1e-3);
	assert_true(fabs(drift[2880] - 0.5) < 1e-2);
	assert_true(fabs(drift[50 * 288] - 1.5) < 1e-2);
	/* In the middle the window of 7 days holds both halves. */
	assert_true(fabs(drift[DAYS * 144] - 1) < 2e-2);
	free(drift);
	series_free(&series);
}

static void level_before_the_experiment_is_the_unit_where_it_is_known(void **state)
{
	(void)state;
	struct series series = make(2, 2);
	double *drift;
	assert_int_equal(background_drift(&drift, &series, 12, NULL), 0);
	assert_true(fabs(drift[100] - 2) < 1e-2 && fabs(drift[15000] - 2) < 1e-2);
	free(drift);
	series_free(&series);
}

static void series_that_knows_no_other_ports_is_refused(void **state)
{
	(void)state;
	struct failure failure = {.status = 0};
	struct series series = make(0, 0);
	double *drift;
	assert_int_equal(background_drift(&drift, &series, 0, &failure), -1);
	assert_non_null(strstr(failure.text, "other ports"));
	series.row[0].other_syn = 1;
	series.has_other = false;
	assert_int_equal(background_drift(&drift, &series, 0, &failure), -1);
	series_free(&series);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drift_follows_the_other_ports),
		cmocka_unit_test(level_before_the_experiment_is_the_unit_where_it_is_known),
		cmocka_unit_test(series_that_knows_no_other_ports_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
