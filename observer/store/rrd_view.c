/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rrd_view.h"

#include "../target.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <rrd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const rrd_view_source_name[RRD_VIEW_SOURCES] = {
	"syn", "attempts", "sources", "udp", "othersyn", "covered",
};

static const char *const layout[] = {
	"DS:syn:GAUGE:300:0:U",	    "DS:attempts:GAUGE:300:0:U", "DS:sources:GAUGE:300:0:U",
	"DS:udp:GAUGE:300:0:U",	    "DS:othersyn:GAUGE:300:0:U", "DS:covered:GAUGE:300:0:U",
	"RRA:AVERAGE:0.5:1:210240", /* 5 minutes, 2 years */
	"RRA:AVERAGE:0.5:12:43800", /* hours, 5 years */
	"RRA:AVERAGE:0.5:288:7300", /* UTC days, 20 years */
};
#define LAYOUT_LINES (sizeof layout / sizeof layout[0])

/* One update line: a time of up to 20 digits and six numbers of up to 20. */
#define UPDATE_SIZE 160
/* Lines in one call; larger batches gain little. */
#define BATCH 512

void rrd_view_values(const struct bucket_record *record, double value[RRD_VIEW_SOURCES])
{
	value[0] = (double)record->syn;
	value[1] = (double)record->attempts;
	value[2] = (double)record->sources;
	value[3] = (double)record->udp;
	value[4] = (double)record->other_syn;
	value[5] = (double)record->observed_seconds;
	for (size_t i = 0; i < RRD_VIEW_SOURCES && !bucket_record_has_rate(record); i++)
		value[i] = (double)NAN;
}

static int rrd_failed(const char *path, const char *what, struct failure *failure)
{
	const char *reason = rrd_test_error() ? rrd_get_error() : "";
	fail(failure, EXIT_FAILED, "%s: cannot %s the RRD: %s", path, what,
	     reason[0] ? reason : strerror(errno));
	rrd_clear_error();
	return -1;
}

/* Collects update lines and hands them to librrd in batches. */
struct batch {
	const char *path;
	size_t lines;
	const char *line[BATCH];
	char text[BATCH][UPDATE_SIZE];
};

static int batch_send(struct batch *batch, struct failure *failure)
{
	if (batch->lines == 0)
		return 0;
	rrd_clear_error(); /* librrd's error is sticky: an old one would fail this call */
	int result = rrd_updatex_r(batch->path, NULL, RRD_SKIP_PAST_UPDATES, (int)batch->lines,
				   batch->line);
	batch->lines = 0;
	return result == 0 ? 0 : rrd_failed(batch->path, "update", failure);
}

static char *batch_next(struct batch *batch, struct failure *failure)
{
	if (batch->lines == BATCH && batch_send(batch, failure) != 0)
		return NULL;
	char *text = batch->text[batch->lines];
	batch->line[batch->lines++] = text;
	return text;
}

/* Adds a bucket; `previous_end` is where the RRD stands before it. After a gap one explicit
 * unknown at the bucket's beginning is needed, or librrd loses the bucket itself. */
static int batch_add(struct batch *batch, const struct bucket_record *record, int64_t previous_end,
		     struct failure *failure)
{
	char *text;
	if (record->start > previous_end) {
		if (!(text = batch_next(batch, failure)))
			return -1;
		snprintf(text, UPDATE_SIZE, "%" PRId64 ":U:U:U:U:U:U", record->start);
	}
	if (!(text = batch_next(batch, failure)))
		return -1;
	if (!bucket_record_has_rate(record)) {
		snprintf(text, UPDATE_SIZE, "%" PRId64 ":U:U:U:U:U:U",
			 record->start + BUCKET_SECONDS);
		return 0;
	}
	snprintf(text, UPDATE_SIZE,
		 "%" PRId64 ":%" PRIu64 ":%" PRIu64 ":%" PRIu64 ":%" PRIu64 ":%" PRIu64 ":%" PRIu32,
		 record->start + BUCKET_SECONDS, record->syn, record->attempts, record->sources,
		 record->udp, record->other_syn, record->observed_seconds);
	return 0;
}

/* An RRD with holes, as a backup may restore it, would end the process by SIGBUS on a full disk:
 * librrd writes through a mapping. */
static int fill_holes(const char *path, struct failure *failure)
{
	struct stat status;
	int descriptor = open(path, O_WRONLY | O_CLOEXEC);
	int error = descriptor < 0 || fstat(descriptor, &status) != 0 ? errno : 0;
	if (!error && (off_t)status.st_blocks * 512 < status.st_size)
		error = posix_fallocate(descriptor, 0, status.st_size);
	if (descriptor >= 0)
		close(descriptor);
	return error ? fail(failure, EXIT_FAILED, "%s: cannot write it: %s", path, strerror(error))
		     : 0;
}

static int add_records(const char *path, const struct bucket_record *record, size_t records,
		       int64_t previous_end, struct failure *failure)
{
	if (fill_holes(path, failure) != 0)
		return -1;
	struct batch *batch = malloc(sizeof *batch);
	if (!batch)
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	batch->path = path;
	batch->lines = 0;
	int result = 0;
	for (size_t i = 0; i < records && result == 0; i++) {
		result = batch_add(batch, &record[i], previous_end, failure);
		previous_end = record[i].start + BUCKET_SECONDS;
	}
	if (result == 0)
		result = batch_send(batch, failure);
	free(batch);
	return result;
}

int rrd_view_build(const char *path, const struct ledger *ledger, struct failure *failure)
{
	if (ledger->records == 0)
		return 0;
	char temporary[4096 + 16];
	snprintf(temporary, sizeof temporary, "%s.new", path);
	unlink(temporary);
	rrd_clear_error();
	int64_t begin = ledger->record[0].start;
	struct stat status;
	errno = 0;
	/* On a full disk librrd may succeed with an empty message and no file: look at it. */
	if (rrd_create_r2(temporary, BUCKET_SECONDS, begin, 0, NULL, NULL, LAYOUT_LINES,
			  (const char **)(uintptr_t)layout) != 0 ||
	    stat(temporary, &status) != 0) {
		rrd_failed(path, "create", failure);
		unlink(temporary);
		return -1;
	}
	if (add_records(temporary, ledger->record, ledger->records, begin, failure) != 0) {
		unlink(temporary);
		return -1;
	}
	if (rename(temporary, path) != 0) {
		fail(failure, EXIT_FAILED, "%s: cannot put it in place: %s", path, strerror(errno));
		unlink(temporary);
		return -1;
	}
	return 0;
}

/* An RRD that someone else made may have any step, sources and rows. */
static int check_layout(const char *path, struct failure *failure)
{
	rrd_clear_error();
	rrd_info_t *information = rrd_info_r(path);
	if (!information)
		return rrd_failed(path, "read", failure);
	bool step = false;
	size_t sources = 0, known = 0;
	for (const rrd_info_t *item = information; item; item = item->next) {
		if (strcmp(item->key, "step") == 0)
			step = item->value.u_cnt == BUCKET_SECONDS;
		const char *bracket = strchr(item->key, ']');
		if (strncmp(item->key, "ds[", 3) != 0 || !bracket ||
		    strcmp(bracket, "].index") != 0)
			continue;
		sources++;
		for (size_t i = 0; i < RRD_VIEW_SOURCES; i++) {
			size_t length = (size_t)(bracket - item->key) - 3;
			known += strlen(rrd_view_source_name[i]) == length &&
				 strncmp(item->key + 3, rrd_view_source_name[i], length) == 0 &&
				 item->value.u_cnt == i;
		}
	}
	rrd_info_free(information);
	if (step && sources == RRD_VIEW_SOURCES && known == RRD_VIEW_SOURCES)
		return 0;
	return fail(failure, EXIT_FAILED, "%s: an RRD of another layout", path);
}

static int append_what_is_later(const char *path, const struct ledger *ledger,
				struct failure *failure)
{
	if (check_layout(path, failure) != 0)
		return -1;
	rrd_clear_error();
	int64_t last = (int64_t)rrd_last_r(path);
	if (last < 0)
		return rrd_failed(path, "read", failure);
	size_t first = ledger->records;
	while (first > 0 && ledger->record[first - 1].start >= last)
		first--;
	return add_records(path, ledger->record + first, ledger->records - first, last, failure);
}

int rrd_view_update(const char *path, const struct ledger *ledger, struct failure *failure)
{
	if (access(path, F_OK) == 0) {
		struct failure why = {0};
		if (append_what_is_later(path, ledger, &why) == 0)
			return 0;
		say_warning("%s: it is made anew from the ledger", why.text);
	}
	return rrd_view_build(path, ledger, failure);
}

int rrd_view_append(const char *path, const struct bucket_record *record, size_t records,
		    struct failure *failure)
{
	rrd_clear_error();
	int64_t last = (int64_t)rrd_last_r(path);
	if (last < 0)
		return rrd_failed(path, "read", failure);
	return add_records(path, record, records, last, failure);
}

int64_t rrd_view_updated(const char *path)
{
	if (access(path, R_OK) != 0)
		return TIME_UNKNOWN;
	rrd_clear_error();
	time_t last = rrd_last_r(path);
	rrd_clear_error();
	return last < 0 ? TIME_UNKNOWN : (int64_t)last;
}

static void compare_row(const struct bucket_record *record, const rrd_value_t *row, int64_t start,
			struct rrd_comparison *comparison)
{
	double value[RRD_VIEW_SOURCES];
	bool equal = true;
	for (size_t i = 0; i < RRD_VIEW_SOURCES; i++)
		value[i] = (double)NAN;
	if (record)
		rrd_view_values(record, value);
	for (size_t i = 0; i < RRD_VIEW_SOURCES; i++)
		equal = equal && (isnan(value[i]) ? (bool)isnan(row[i])
						  : !(row[i] < value[i]) && !(row[i] > value[i]) &&
							    !isnan(row[i]));
	comparison->buckets += record != NULL;
	if (equal)
		return;
	if (comparison->differing + comparison->invented == 0)
		comparison->first_differing = start;
	if (record)
		comparison->differing++;
	else
		comparison->invented++;
}

int rrd_view_verify(const char *path, const struct ledger *ledger,
		    struct rrd_comparison *comparison, struct failure *failure)
{
	*comparison = (struct rrd_comparison){0};
	if (check_layout(path, failure) != 0)
		return -1;
	rrd_clear_error();
	time_t last = rrd_last_r(path), first = rrd_first_r(path, 0);
	if (last < 0 || first < 0)
		return rrd_failed(path, "read", failure);
	/* rrd_first gives the END of the first 5-minute row; before it a fetch would fall back
	 * silently to hourly rows. Its rows reach further back than the ledger may: they are NaN.
	 */
	int64_t begin = first - BUCKET_SECONDS;
	int64_t end = last;
	if (ledger->records) {
		int64_t ledger_end = ledger->record[ledger->records - 1].start + BUCKET_SECONDS;
		end = ledger_end > end ? ledger_end : end;
	}
	for (int64_t from = begin; from < end;) {
		int64_t until =
			from + 4096 * BUCKET_SECONDS < end ? from + 4096 * BUCKET_SECONDS : end;
		time_t start = from, stop = until - 1; /* librrd rounds the end up */
		unsigned long step = BUCKET_SECONDS, sources;
		char **names;
		rrd_value_t *data;
		rrd_clear_error();
		if (rrd_fetch_r(path, "AVERAGE", &start, &stop, &step, &sources, &names, &data) !=
		    0)
			return rrd_failed(path, "read", failure);
		bool same_step = step == BUCKET_SECONDS && sources == RRD_VIEW_SOURCES;
		for (int64_t at = from; same_step && at < until; at += BUCKET_SECONDS)
			compare_row(ledger_find(ledger, at),
				    data + (at - start) / BUCKET_SECONDS * 6, at, comparison);
		for (unsigned long i = 0; i < sources; i++)
			rrd_freemem(names[i]);
		rrd_freemem(names);
		rrd_freemem(data);
		if (!same_step)
			return fail(
				failure, EXIT_FAILED,
				"%s: its rows of 5 minutes do not cover the ledger: make it anew",
				path);
		from = until;
	}
	return 0;
}
