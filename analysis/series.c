/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "series.h"

#include "series_source.h"
#include "../observer/store/ledger.h"
#include "../observer/target.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int series_append(struct series *series, size_t *room, const struct series_row *row,
		  const char *path, struct failure *failure)
{
	if (series->rows >= SERIES_ROWS_MAX)
		return fail(failure, EXIT_FAILED,
			    "%s: more than %u buckets (20 years): cut it into parts", path,
			    SERIES_ROWS_MAX);
	if (series->rows == *room) {
		size_t wanted = *room ? *room * 2 : 4096;
		struct series_row *grown = realloc(series->row, wanted * sizeof *grown);
		if (!grown)
			return fail(failure, EXIT_FAILED, "%s: no memory for %zu buckets", path,
				    wanted);
		series->row = grown;
		*room = wanted;
	}
	series->row[series->rows++] = *row;
	return 0;
}

void series_leave_out_stepped(struct series *series, uint64_t syn)
{
	series->revised_unknown++;
	series->stepped++;
	series->stepped_syn += syn;
}

/* "dir/winny.csv" -> "winny", "state/winny/" -> "winny". */
static void name_from_path(char *name, size_t size, const char *path)
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	size_t start = length;
	while (start > 0 && path[start - 1] != '/')
		start--;
	size_t dot = length;
	for (size_t i = start + 1; i < length; i++)
		if (path[i] == '.')
			dot = i;
	snprintf(name, size, "%.*s", (int)(dot - start), path + start);
}

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text), tail = strlen(ending);
	return length >= tail && strcmp(text + length - tail, ending) == 0;
}

static int fail_twice(const char *path, const struct series_row *one,
		      const struct series_row *other, struct failure *failure)
{
	uint32_t first = one->line < other->line ? one->line : other->line;
	uint32_t second = one->line < other->line ? other->line : one->line;
	if (first > 0)
		return fail(failure, EXIT_FAILED,
			    "%s: line %u: bucket %lld stands there twice, first in line %u: keep "
			    "one of them",
			    path, second, (long long)one->start, first);
	return fail(failure, EXIT_FAILED, "%s: bucket %lld stands there twice: keep one of them",
		    path, (long long)one->start);
}

static int by_start(const void *left, const void *right)
{
	int64_t one = ((const struct series_row *)left)->start;
	int64_t other = ((const struct series_row *)right)->start;
	return (one > other) - (one < other);
}

static int settle(struct series *series, const char *path, const struct series_options *options,
		  struct failure *failure)
{
	if (series->stepped > 0)
		say_warning("%s: the clock was set in %zu buckets: they take no part, and their "
			    "%" PRIu64 " SYN neither",
			    path, series->stepped, series->stepped_syn);
	if (series->rows == 0)
		return fail(failure, EXIT_FAILED,
			    options->count_attempts
				    ? "%s: not one observed bucket whose attempts are known: "
				      "leave --count attempts out"
				    : "%s: not one observed bucket: nothing to analyse",
			    path);
	/* Rows came in by doubling; what is not used goes back. */
	struct series_row *fitting = realloc(series->row, series->rows * sizeof *fitting);
	series->row = fitting ? fitting : series->row;
	qsort(series->row, series->rows, sizeof *series->row, by_start);
	for (size_t i = 1; i < series->rows; i++)
		if (series->row[i].start == series->row[i - 1].start)
			return fail_twice(path, &series->row[i - 1], &series->row[i], failure);
	if (options->retired != TIME_UNKNOWN) {
		series->retired = options->retired;
		series->retired_assumed = false;
	} else if (series->retired == TIME_UNKNOWN) {
		series->retired = series->row[0].start;
		series->retired_assumed = true;
	}
	series->first = 0;
	while (series->first < series->rows && series->row[series->first].start < series->retired)
		series->first++;
	return 0;
}

int series_load(struct series *series, const char *path, const struct series_options *options,
		struct failure *failure)
{
	struct stat status;
	*series = (struct series){.retired = TIME_UNKNOWN,
				  .counts_attempts = options->count_attempts};
	name_from_path(series->name, sizeof series->name, path);
	if (stat(path, &status) < 0)
		return fail(failure, EXIT_FAILED,
			    "%s: %s: give a target directory, an .rrd or a .csv", path,
			    strerror(errno));
	int read;
	if (S_ISDIR(status.st_mode))
		read = series_read_directory(series, path, options, failure);
	else if (ends_with(path, ".rrd"))
		read = series_read_rrd(series, path, options->count_attempts, failure);
	else
		read = series_read_csv(series, path, options->count_attempts, failure);
	if (read < 0 || settle(series, path, options, failure) < 0) {
		if (options->ledger)
			ledger_free(options->ledger);
		series_free(series);
		return -1;
	}
	return 0;
}

void series_free(struct series *series)
{
	free(series->row);
	series->row = NULL;
	series->rows = 0;
}
