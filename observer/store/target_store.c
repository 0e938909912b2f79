/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_store.h"

#include "../base/whole_file.h"
#include "rrd_view.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void file_path(const struct target_store *store, const char *file,
		      char path[TARGET_STORE_PATH_SIZE])
{
	snprintf(path, TARGET_STORE_PATH_SIZE, "%s/%s", store->directory, file);
}

static int read_ledger(struct target_store *store, const char *path, struct failure *failure)
{
	if (access(path, F_OK) != 0)
		return 0;
	if (ledger_read(&store->ledger, path, failure) != 0)
		return -1;
	if (store->ledger.damaged_lines)
		say_warning(
			"%s:%zu: %zu damaged lines are set aside: their buckets are unknown until "
			"their captures are imported again",
			path, store->ledger.first_damaged, store->ledger.damaged_lines);
	return 0;
}

uint64_t target_store_sources(const struct target_store *store, int64_t since)
{
	const struct ledger *ledger = &store->ledger;
	uint64_t sum = 0;
	for (size_t i = 0; i < ledger->records; i++)
		if (since == TIME_UNKNOWN || ledger->record[i].start + BUCKET_SECONDS > since)
			sum += ledger->record[i].new_sources;
	return sum;
}

static int open_files(struct target_store *store, bool whole, struct failure *failure)
{
	char path[TARGET_STORE_PATH_SIZE];
	file_path(store, "ledger", path);
	if ((whole && read_ledger(store, path, failure) != 0) ||
	    ledger_writer_open(&store->writer, path, failure) != 0)
		return -1;
	const struct ledger *ledger = &store->ledger;
	int found = ledger_read_last(path, &store->written, failure);
	if (found < 0)
		return -1;
	/* An agent appends in order: the last line is of the latest bucket. Where an import may
	 * have added older ones, the ledger is read whole. */
	store->last = store->written;
	if (ledger->records)
		store->last = ledger->record[ledger->records - 1];
	store->last_appended = found || ledger->records ? store->last.start : TIME_UNKNOWN;
	return 0;
}

int target_store_open(struct target_store *store, const char *state_directory,
		      const struct target *target, bool whole, struct failure *failure)
{
	/* The first update looks at the whole ledger: a former run may not have come so far. */
	*store = (struct target_store){.view_behind = true};
	snprintf(store->directory, sizeof store->directory, "%s/%s", state_directory, target->name);
	if (make_directories(store->directory, failure) == 0 &&
	    open_files(store, whole, failure) == 0)
		return 0;
	target_store_close(store);
	return -1;
}

/* Notes what the view lacks now. */
static void note_appended(struct target_store *store, const struct bucket_record *record)
{
	if (store->last_appended != TIME_UNKNOWN && record->start <= store->last_appended)
		store->view_out_of_order = true;
	if (store->last_appended == TIME_UNKNOWN || record->start >= store->last_appended) {
		store->last_appended = record->start;
		store->last = *record;
	}
	if (store->recents < TARGET_STORE_RECENT)
		store->recent[store->recents++] = *record;
	else
		store->view_behind = true;
}

int target_store_append(struct target_store *store, const struct bucket_record *record,
			struct failure *failure)
{
	note_appended(store, record);
	return ledger_writer_append(&store->writer, record, failure);
}

int target_store_line(const struct target_store *store, const struct bucket_record *record,
		      struct bucket_record *line, struct failure *failure)
{
	*line = *record;
	if (store->last_appended == TIME_UNKNOWN || record->start > store->last_appended)
		return 0;
	if (record->start == store->last_appended) {
		bucket_record_merge(line, &store->last);
		return 0;
	}
	/* The clock went back: rare enough to look through all of it. */
	char path[TARGET_STORE_PATH_SIZE];
	struct ledger ledger;
	file_path(store, "ledger", path);
	if (ledger_read(&ledger, path, failure) != 0)
		return -1;
	const struct bucket_record *prior = ledger_find(&ledger, record->start);
	if (prior)
		bucket_record_merge(line, prior);
	ledger_free(&ledger);
	return 0;
}

bool target_store_has(const struct target_store *store, const struct bucket_record *line)
{
	char text[LEDGER_LINE_SIZE], last[LEDGER_LINE_SIZE];
	size_t length = ledger_format_line(line, text);
	return ledger_format_line(&store->written, last) == length &&
	       memcmp(text, last, length) == 0;
}

int target_store_write(struct target_store *store, const struct bucket_record *line,
		       struct failure *failure)
{
	if (ledger_writer_write(&store->writer, line, failure) != 0)
		return -1;
	note_appended(store, line);
	store->written = *line;
	return 0;
}

int target_store_stay(struct target_store *store, struct failure *failure)
{
	if (store->writer.stream && ledger_writer_is_in_place(&store->writer))
		return 0;
	ledger_writer_close(&store->writer, NULL);
	store->view_behind = true;
	if (make_directories(store->directory, failure) != 0)
		return -1;
	ledger_free(&store->ledger);
	int result = open_files(store, true, failure);
	ledger_free(&store->ledger);
	return result;
}

void target_store_trust_view(struct target_store *store)
{
	char path[TARGET_STORE_PATH_SIZE];
	file_path(store, "counts.rrd", path);
	if (store->last_appended != TIME_UNKNOWN &&
	    rrd_view_updated(path) == store->last_appended + BUCKET_SECONDS)
		store->view_behind = false;
}

int target_store_synchronise(struct target_store *store, struct failure *failure)
{
	return ledger_writer_synchronise(&store->writer, failure);
}

/* librrd, killed inside an update, may leave rows that are silently one bucket off. */
static bool view_is_equal(const char *rrd_path, const struct ledger *ledger)
{
	struct rrd_comparison comparison;
	struct failure why = {0};
	return ledger->records == 0 || (rrd_view_verify(rrd_path, ledger, &comparison, &why) == 0 &&
					comparison.differing + comparison.invented == 0);
}

static int update_from_ledger(struct target_store *store, const char *rrd_path,
			      struct failure *failure)
{
	char path[TARGET_STORE_PATH_SIZE];
	struct ledger ledger;
	file_path(store, "ledger", path);
	if (ledger_read(&ledger, path, failure) != 0)
		return -1;
	int result = 0;
	if (store->view_out_of_order || rrd_view_update(rrd_path, &ledger, failure) != 0 ||
	    !view_is_equal(rrd_path, &ledger))
		result = rrd_view_build(rrd_path, &ledger, failure);
	ledger_free(&ledger);
	return result;
}

int target_store_update_view(struct target_store *store, struct failure *failure)
{
	char path[TARGET_STORE_PATH_SIZE];
	file_path(store, "counts.rrd", path);
	bool whole = store->view_behind || store->view_out_of_order || access(path, F_OK) != 0;
	if (!whole && store->recents == 0)
		return 0;
	struct failure why = {0};
	if ((whole || rrd_view_append(path, store->recent, store->recents, &why) != 0) &&
	    update_from_ledger(store, path, failure) != 0)
		return -1;
	store->recents = 0;
	store->view_behind = store->view_out_of_order = false;
	return 0;
}

void target_store_close(struct target_store *store)
{
	ledger_writer_close(&store->writer, NULL);
	ledger_free(&store->ledger);
}
