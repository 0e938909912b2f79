/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of figures share: a record of which everything is known, a figure rendered, and
 * the rows of its CSV. */
#ifndef STALENODE_TESTS_FIGURE_RECORD_H
#define STALENODE_TESTS_FIGURE_RECORD_H

#include "../../analysis/analysis.h"
#include "../../graphs/figure.h"
#include "slowness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline void assert_near(double found, double wanted, double within)
{
	if (!(fabs(found - wanted) <= within))
		fail_msg("%.12g is not within %g of %.12g", found, within, wanted);
}

#define RETIRED 1203465600
#define BUCKETS 12960 /* 45 days */

/* A series in which what is where is known beforehand: 20 in every bucket of the first 9 hours,
 * 3 in every hundredth until day 25, nothing afterwards; one to other ports in every second; day 30
 * was not observed, and of each bucket of day 40 only 100 seconds. */
static inline uint32_t wanted_count(int bucket)
{
	if (bucket < 108)
		return 20;
	return bucket < 25 * 288 && bucket % 100 == 0 ? 3 : 0;
}

static inline void make_series(struct series *series)
{
	*series = (struct series){.retired = RETIRED, .has_other = true};
	snprintf(series->name, sizeof series->name, "winny");
	series->row = calloc(BUCKETS, sizeof *series->row);
	assert_non_null(series->row);
	for (int i = 0; i < BUCKETS; i++) {
		if (i / 288 == 30)
			continue;
		struct series_row *row = &series->row[series->rows++];
		row->start = RETIRED + i * 300;
		row->observed_seconds = i / 288 == 40 ? 100 : 300;
		row->count = row->syn = wanted_count(i);
		row->other_syn = (uint32_t)i % 2;
	}
}

static inline void make_analysis(struct analysis *analysis, const struct series *series)
{
	struct failure failure = {0};
	struct analysis_options options;
	analysis_options_default(&options);
	/* Where it is slow: two families, which is what a figure may have to tell apart. */
	for (int family = 0; runs_slowly() && family < FAMILIES; family++)
		options.families[family] = family == FAMILY_CONST || family == FAMILY_WEIBULL;
	assert_int_equal(analysis_run(analysis, series, &options, &failure), 0);
}

struct drawn {
	struct series series;
	struct analysis analysis[2]; /* the same twice, for figures of several */
	struct figure_request request;
};

static inline int set_up(void **state)
{
	struct drawn *drawn = calloc(1, sizeof *drawn);
	assert_non_null(drawn);
	make_series(&drawn->series);
	make_analysis(&drawn->analysis[0], &drawn->series);
	drawn->analysis[1] = drawn->analysis[0];
	drawn->request = (struct figure_request){.analysis = drawn->analysis, .analyses = 1};
	*state = drawn;
	return 0;
}

static inline int tear_down(void **state)
{
	struct drawn *drawn = *state;
	series_free(&drawn->series);
	free(drawn);
	return 0;
}

/* The request for a figure, of as many targets as it needs. */
static inline struct figure_request request_for(const struct drawn *drawn,
						const struct figure *figure)
{
	struct figure_request request = drawn->request;
	if (figure->targets_min > 0)
		request.analyses = figure->targets_min;
	return request;
}

/* Not inlined: gcc 12 would take what is returned for the address of a local variable. */
__attribute__((noinline, unused)) static char *
render(const struct figure *figure, const struct figure_request *request, enum figure_format format)
{
	struct failure failure = {0};
	char *bytes = NULL;
	size_t length;
	int result = figure_render(figure, request, format, &bytes, &length, &failure);
	assert_string_equal(failure.text, "");
	assert_int_equal(result, 0);
	return bytes;
}

/* One line of a figure's CSV; unknown fields become NAN. */
struct csv_row {
	char layer[32];
	double field[7]; /* from, to, value, low, high, count, observed hours */
};

static inline const char *next_row(const char *csv, struct csv_row *row)
{
	const char *end = strchr(csv, '\n');
	if (!end || end == csv)
		return NULL;
	size_t length = strcspn(csv, ",");
	snprintf(row->layer, sizeof row->layer, "%.*s", (int)length, csv);
	csv += length;
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(*csv, ',');
		csv++;
		char *after;
		row->field[i] = strtod(csv, &after);
		if (after == csv)
			row->field[i] = NAN;
		csv = after;
	}
	assert_ptr_equal(csv, end);
	return end + 1;
}

static inline const char *first_row(const char *csv, struct csv_row *row)
{
	const char *line = strchr(csv, '\n');
	assert_non_null(line);
	return next_row(line + 1, row);
}

#endif
