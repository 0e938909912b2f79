/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "series_source.h"

#include "../observer/store/ledger.h"
#include "../observer/store/targets.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096

static uint32_t narrow(uint64_t value)
{
	return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

/* The directory that holds the target's: "state/winny/" -> "state", "winny" -> "." */
static void parent_directory(char *parent, size_t size, const char *path)
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	while (length > 0 && path[length - 1] != '/')
		length--;
	while (length > 1 && path[length - 1] == '/')
		length--;
	if (length == 0)
		snprintf(parent, size, ".");
	else
		snprintf(parent, size, "%.*s", (int)length, path);
}

/* A ledger without a list of targets beside it is analysed all the same: it may have been
 * copied out of its state directory. */
static int take_target(struct series *series, const char *path, struct failure *failure)
{
	char parent[PATH_SIZE], list[PATH_SIZE + 16];
	struct targets targets;
	parent_directory(parent, sizeof parent, path);
	snprintf(list, sizeof list, "%s/targets", parent);
	if (access(list, F_OK) != 0)
		return 0;
	if (targets_read(&targets, parent, failure) < 0)
		return -1;
	const struct target *target = targets_find(&targets, series->name);
	if (target) {
		series->retired = target->retired;
		snprintf(series->client, sizeof series->client, "%s", target->client);
		snprintf(series->version, sizeof series->version, "%s", target->version);
		snprintf(series->policy, sizeof series->policy, "%s", target->policy);
		memcpy(series->port, target->port, sizeof series->port);
		series->ports = target->ports;
	}
	targets_free(&targets);
	return 0;
}

static int take_records(struct series *series, const struct ledger *ledger, const char *file,
			bool count_attempts, struct failure *failure)
{
	size_t room = 0;
	int result = 0;
	for (size_t i = 0; i < ledger->records && result == 0; i++) {
		const struct bucket_record *record = &ledger->record[i];
		struct series_row row = {
			.start = record->start,
			.observed_seconds = record->observed_seconds,
			.syn = narrow(record->syn),
			.sources = narrow(record->sources),
			.other_syn = narrow(record->other_syn),
			.count = narrow(count_attempts ? record->attempts : record->syn),
		};
		if (record->flags & BUCKET_CLOCK_STEPPED)
			series_leave_out_stepped(series, record->syn);
		else if (row.observed_seconds == 0)
			series->revised_unknown++;
		else
			result = series_append(series, &room, &row, file, failure);
	}
	return result;
}

static int take_ledger(struct series *series, const char *path, struct ledger *ledger,
		       bool count_attempts, struct failure *failure)
{
	char file[PATH_SIZE];
	if (snprintf(file, sizeof file, "%s/ledger", path) >= (int)sizeof file)
		return fail(failure, EXIT_FAILED, "%s: the path is too long", path);
	if (access(file, F_OK) != 0)
		return fail(
			failure, EXIT_FAILED,
			"%s: no ledger in it: give the directory of one target, as in STATE/NAME",
			path);
	if (ledger_read(ledger, file, failure) < 0)
		return -1;
	if (ledger->damaged_lines > 0)
		say_warning("%s: %zu damaged lines left out, the first is line %zu: their buckets "
			    "are unknown",
			    file, ledger->damaged_lines, ledger->first_damaged);
	series->has_other = true;
	if (take_records(series, ledger, file, count_attempts, failure) == 0)
		return 0;
	ledger_free(ledger);
	return -1;
}

int series_read_directory(struct series *series, const char *path,
			  const struct series_options *options, struct failure *failure)
{
	struct ledger ledger;
	/* The name of a directory is the whole of it: "a.b" has no suffix. */
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	size_t start = length;
	while (start > 0 && path[start - 1] != '/')
		start--;
	snprintf(series->name, sizeof series->name, "%.*s", (int)(length - start), path + start);
	if (take_ledger(series, path, &ledger, options->count_attempts, failure) < 0)
		return -1;
	int result = take_target(series, path, failure);
	if (result == 0 && options->ledger)
		*options->ledger = ledger;
	else
		ledger_free(&ledger);
	return result;
}
