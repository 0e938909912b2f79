/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_store.h"

#include "../base/whole_file.h"
#include "rrd_view.h"

#include <stdio.h>
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

static int open_files(struct target_store *store, struct failure *failure)
{
	char path[TARGET_STORE_PATH_SIZE];
	file_path(store, "ledger", path);
	if (read_ledger(store, path, failure) != 0 ||
	    ledger_writer_open(&store->writer, path, failure) != 0)
		return -1;
	const struct ledger *ledger = &store->ledger;
	store->last_appended =
		ledger->records ? ledger->record[ledger->records - 1].start : TIME_UNKNOWN;
	return 0;
}

int target_store_open(struct target_store *store, const char *state_directory,
		      const struct target *target, struct failure *failure)
{
	/* The first update looks at the whole ledger: a former run may not have come so far. */
	*store = (struct target_store){.view_behind = true};
	snprintf(store->directory, sizeof store->directory, "%s/%s", state_directory, target->name);
	if (make_directories(store->directory, failure) == 0 && open_files(store, failure) == 0)
		return 0;
	target_store_close(store);
	return -1;
}

int target_store_append(struct target_store *store, const struct bucket_record *record,
			struct failure *failure)
{
	if (store->last_appended != TIME_UNKNOWN && record->start <= store->last_appended)
		store->view_out_of_order = true;
	else
		store->last_appended = record->start;
	if (store->recents < TARGET_STORE_RECENT)
		store->recent[store->recents++] = *record;
	else
		store->view_behind = true;
	return ledger_writer_append(&store->writer, record, failure);
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
