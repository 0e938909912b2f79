/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "series_source.h"

#include "../observer/store/ledger.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
	COLUMN_START,
	COLUMN_SYN,
	COLUMN_SECONDS,
	COLUMN_ATTEMPTS,
	COLUMN_SOURCES,
	COLUMN_OTHER,
	NUMBERS,
	COLUMN_FLAGS = NUMBERS,
	COLUMNS
};

#define FIELDS_MAX 64
#define ABSENT	   (-1)

static const char *const column_name[COLUMNS] = {
	[COLUMN_START] = "bucket_start_unix",
	[COLUMN_SYN] = "syn",
	[COLUMN_SECONDS] = "observed_seconds",
	[COLUMN_ATTEMPTS] = "attempts",
	[COLUMN_SOURCES] = "sources",
	[COLUMN_OTHER] = "other_syn",
	[COLUMN_FLAGS] = "flags",
};

struct csv {
	const char *path;
	size_t line;
	int position[COLUMNS]; /* which field holds the column; ABSENT */
	int fields;
};

/* Cuts the line at its commas, trims blanks and quotes; the number of fields, FIELDS_MAX + 1
 * when there are more. */
static int split(char *line, char *field[FIELDS_MAX])
{
	int fields = 0;
	for (char *next = line; next;) {
		char *begin = next;
		next = strchr(begin, ',');
		if (next)
			*next++ = '\0';
		while (isspace((unsigned char)*begin) || *begin == '"')
			begin++;
		size_t length = strlen(begin);
		while (length > 0 &&
		       (isspace((unsigned char)begin[length - 1]) || begin[length - 1] == '"'))
			begin[--length] = '\0';
		if (fields == FIELDS_MAX)
			return FIELDS_MAX + 1;
		field[fields++] = begin;
	}
	return fields;
}

static int read_header(struct csv *csv, char *line, bool count_attempts, struct failure *failure)
{
	char *field[FIELDS_MAX];
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	if (strncmp(line, byte_order_mark, 3) == 0)
		line += 3;
	csv->fields = split(line, field);
	if (csv->fields > FIELDS_MAX)
		return fail(failure, EXIT_FAILED, "%s: line 1: more than %d columns", csv->path,
			    FIELDS_MAX);
	for (int column = 0; column < COLUMNS; column++) {
		csv->position[column] = ABSENT;
		for (int i = 0; i < csv->fields; i++)
			if (strcmp(field[i], column_name[column]) == 0)
				csv->position[column] = i;
		bool needed =
			column <= COLUMN_SECONDS || (column == COLUMN_ATTEMPTS && count_attempts);
		if (needed && column == COLUMN_ATTEMPTS && csv->position[column] == ABSENT)
			return fail(failure, EXIT_FAILED,
				    "%s: line 1: no column 'attempts': this file counts only SYNs; "
				    "leave --count attempts out",
				    csv->path);
		if (needed && csv->position[column] == ABSENT)
			return fail(failure, EXIT_FAILED,
				    "%s: line 1: no column '%s': the first line must name the "
				    "columns, as in 'bucket_start_unix,syn,observed_seconds'",
				    csv->path, column_name[column]);
	}
	return 0;
}

static int read_number(const struct csv *csv, char *const *field, enum column column,
		       int64_t highest, int64_t *value, struct failure *failure)
{
	const char *text = field[csv->position[column]];
	char *end;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end || errno || number > highest)
		return fail(failure, EXIT_FAILED,
			    "%s: line %zu: %s is '%.40s': a whole number from 0 to %lld is "
			    "needed (leave the line out when the bucket was not observed)",
			    csv->path, csv->line, column_name[column], text, (long long)highest);
	*value = number;
	return 0;
}

/* Attempts may be left empty where they are not known: no evidence for attempts, as if the bucket
 * had not been observed, and no matter where SYNs are counted. */
static int read_row(const struct csv *csv, char *const *field, bool count_attempts,
		    struct series_row *row, struct failure *failure)
{
	static const int64_t highest[NUMBERS] = {
		[COLUMN_START] = INT64_C(253402300799), [COLUMN_SYN] = UINT32_MAX,
		[COLUMN_SECONDS] = BUCKET_SECONDS,	[COLUMN_ATTEMPTS] = UINT32_MAX,
		[COLUMN_SOURCES] = UINT32_MAX,		[COLUMN_OTHER] = UINT32_MAX,
	};
	int64_t value[NUMBERS] = {0};
	bool attempts_unknown = csv->position[COLUMN_ATTEMPTS] != ABSENT &&
				field[csv->position[COLUMN_ATTEMPTS]][0] == '\0';
	for (int column = 0; column < NUMBERS; column++)
		if (csv->position[column] != ABSENT &&
		    !(column == COLUMN_ATTEMPTS && attempts_unknown) &&
		    read_number(csv, field, (enum column)column, highest[column], &value[column],
				failure) < 0)
			return -1;
	if (value[COLUMN_START] % BUCKET_SECONDS != 0)
		return fail(failure, EXIT_FAILED,
			    "%s: line %zu: bucket start %lld is no multiple of %d seconds: buckets "
			    "are 5 minutes, from the hour",
			    csv->path, csv->line, (long long)value[COLUMN_START], BUCKET_SECONDS);
	if (value[COLUMN_SECONDS] == 0 && value[COLUMN_SYN] > 0)
		return fail(failure, EXIT_FAILED,
			    "%s: line %zu: %lld SYN in 0 observed seconds: one of the two is wrong",
			    csv->path, csv->line, (long long)value[COLUMN_SYN]);
	*row = (struct series_row){
		.start = value[COLUMN_START],
		.observed_seconds =
			count_attempts && attempts_unknown ? 0 : (uint32_t)value[COLUMN_SECONDS],
		.syn = (uint32_t)value[COLUMN_SYN],
		.sources = (uint32_t)value[COLUMN_SOURCES],
		.line = (uint32_t)(csv->line < UINT32_MAX ? csv->line : UINT32_MAX),
		.other_syn = (uint32_t)value[COLUMN_OTHER],
		.count = (uint32_t)value[count_attempts ? COLUMN_ATTEMPTS : COLUMN_SYN],
	};
	return 0;
}

static bool clock_was_set(const struct csv *csv, char *const *field)
{
	char flag[32];
	return csv->position[COLUMN_FLAGS] != ABSENT &&
	       strstr(field[csv->position[COLUMN_FLAGS]],
		      bucket_flags_format(BUCKET_CLOCK_STEPPED, flag, sizeof flag));
}

static int read_rows(struct series *series, struct csv *csv, FILE *stream, bool count_attempts,
		     struct failure *failure)
{
	char *line = NULL, *field[FIELDS_MAX];
	size_t size = 0, room = 0;
	int result = 0;
	while (result == 0 && getline(&line, &size, stream) >= 0) {
		struct series_row row = {0};
		csv->line++;
		if (csv->line == 1) {
			result = read_header(csv, line, count_attempts, failure);
			continue;
		}
		if (line[strspn(line, " \t\r\n")] == '\0')
			continue;
		int fields = split(line, field);
		if (fields != csv->fields)
			result = fail(failure, EXIT_FAILED,
				      "%s: line %zu: %d fields where the first line names %d",
				      csv->path, csv->line, fields, csv->fields);
		else
			result = read_row(csv, field, count_attempts, &row, failure);
		if (result < 0)
			break;
		if (clock_was_set(csv, field))
			series_leave_out_stepped(series, row.syn);
		else if (row.observed_seconds == 0)
			series->revised_unknown++;
		else
			result = series_append(series, &room, &row, csv->path, failure);
	}
	if (result == 0 && ferror(stream))
		result = fail(failure, EXIT_FAILED, "%s: %s", csv->path, strerror(errno));
	if (result == 0 && csv->line == 0)
		result = fail(failure, EXIT_FAILED,
			      "%s: empty: a CSV begins with "
			      "'bucket_start_unix,syn,observed_seconds'",
			      csv->path);
	free(line);
	return result;
}

int series_read_csv(struct series *series, const char *path, bool count_attempts,
		    struct failure *failure)
{
	struct csv csv = {.path = path};
	FILE *stream = fopen(path, "re");
	if (!stream)
		return fail(failure, EXIT_FAILED, "%s: %s", path, strerror(errno));
	int result = read_rows(series, &csv, stream, count_attempts, failure);
	series->has_other = csv.line > 0 && csv.position[COLUMN_OTHER] != ABSENT;
	fclose(stream);
	return result;
}
