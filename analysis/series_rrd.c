/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "series_source.h"

#include "../observer/store/ledger.h"

#include <math.h>
#include <rrd.h>
#include <stdlib.h>
#include <string.h>

enum source { SOURCE_SYN, SOURCE_ATTEMPTS, SOURCE_SOURCES, SOURCE_OTHER, SOURCE_COVERED, SOURCES };

static const char *const source_name[SOURCES] = {
	[SOURCE_SYN] = "syn",	     [SOURCE_ATTEMPTS] = "attempts", [SOURCE_SOURCES] = "sources",
	[SOURCE_OTHER] = "othersyn", [SOURCE_COVERED] = "covered",
};

struct fetched {
	time_t start, end;
	unsigned long step, columns;
	char **name;
	rrd_value_t *data;
};

static void fetched_free(struct fetched *fetched)
{
	for (unsigned long i = 0; fetched->name && i < fetched->columns; i++)
		rrd_freemem(fetched->name[i]);
	rrd_freemem(fetched->name);
	rrd_freemem(fetched->data);
}

/* librrd's message of this thread, which stays until it is cleared. */
static int rrd_failure(const char *path, struct failure *failure)
{
	const char *text = rrd_test_error() ? rrd_get_error() : "librrd gave no reason";
	fail(failure, EXIT_FAILED, "%s: %s: rebuild it from its ledger", path, text);
	rrd_clear_error();
	return -1;
}

/* All rows of 5 minutes. A start before the oldest of them would silently be answered with
 * hourly averages, so the range is asked for and the step is checked. */
static int fetch(struct fetched *fetched, const char *path, struct failure *failure)
{
	*fetched = (struct fetched){.step = BUCKET_SECONDS};
	rrd_clear_error();
	time_t first = rrd_first_r(path, 0);
	if (first < 0 || rrd_test_error())
		return rrd_failure(path, failure);
	time_t last = rrd_last_r(path);
	if (last < 0 || rrd_test_error())
		return rrd_failure(path, failure);
	/* first is the end of the oldest row; a row is reached through any time within it. */
	fetched->start = first - BUCKET_SECONDS;
	fetched->end = last - last % BUCKET_SECONDS - 1;
	if (fetched->end <= fetched->start)
		return fail(failure, EXIT_FAILED, "%s: holds no bucket yet", path);
	if (rrd_fetch_r(path, "AVERAGE", &fetched->start, &fetched->end, &fetched->step,
			&fetched->columns, &fetched->name, &fetched->data) != 0)
		return rrd_failure(path, failure);
	if (fetched->step != BUCKET_SECONDS)
		return fail(failure, EXIT_FAILED,
			    "%s: answers in steps of %lu s, not %d: it keeps no 5-minute rows",
			    path, fetched->step, BUCKET_SECONDS);
	return 0;
}

static uint32_t whole(double value)
{
	if (!(value > 0))
		return 0;
	return value < UINT32_MAX ? (uint32_t)lround(value) : UINT32_MAX;
}

static int take_rows(struct series *series, const struct fetched *fetched, const char *path,
		     bool count_attempts, struct failure *failure)
{
	int column[SOURCES];
	size_t room = 0;
	for (int source = 0; source < SOURCES; source++) {
		column[source] = -1;
		for (unsigned long i = 0; i < fetched->columns; i++)
			if (strcmp(fetched->name[i], source_name[source]) == 0)
				column[source] = (int)i;
		bool needed = source == SOURCE_SYN || source == SOURCE_COVERED ||
			      (source == SOURCE_ATTEMPTS && count_attempts);
		if (needed && source == SOURCE_ATTEMPTS && column[source] < 0)
			return fail(failure, EXIT_FAILED,
				    "%s: no data source 'attempts': this RRD counts only SYNs; "
				    "leave --count attempts out",
				    path);
		if (needed && column[source] < 0)
			return fail(failure, EXIT_FAILED,
				    "%s: no data source '%s': not an RRD of this observatory", path,
				    source_name[source]);
	}
	size_t rows = (size_t)(fetched->end - fetched->start) / BUCKET_SECONDS;
	for (size_t i = 0; i < rows; i++) {
		double value[SOURCES];
		for (int source = 0; source < SOURCES; source++)
			value[source] = column[source] < 0 ? 0
							   : fetched->data[i * fetched->columns +
									   (size_t)column[source]];
		bool unknown = isnan(value[SOURCE_SYN]) ||
			       (count_attempts && isnan(value[SOURCE_ATTEMPTS]));
		if (unknown || !(value[SOURCE_COVERED] >= 0.5))
			continue;
		uint32_t covered = whole(value[SOURCE_COVERED]);
		struct series_row row = {
			.start = fetched->start + (int64_t)i * BUCKET_SECONDS,
			.observed_seconds = covered < BUCKET_SECONDS ? covered : BUCKET_SECONDS,
			.syn = whole(value[SOURCE_SYN]),
			.sources = whole(value[SOURCE_SOURCES]),
			.other_syn = whole(value[SOURCE_OTHER]),
			.count = whole(value[count_attempts ? SOURCE_ATTEMPTS : SOURCE_SYN]),
		};
		if (series_append(series, &room, &row, path, failure) < 0)
			return -1;
	}
	series->has_other = column[SOURCE_OTHER] >= 0;
	return 0;
}

int series_read_rrd(struct series *series, const char *path, bool count_attempts,
		    struct failure *failure)
{
	struct fetched fetched;
	int result = fetch(&fetched, path, failure);
	if (result == 0)
		result = take_rows(series, &fetched, path, count_attempts, failure);
	fetched_free(&fetched);
	return result;
}
