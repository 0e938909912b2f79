/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_target.h"

#include "../observer/store/ledger.h"
#include "../observer/store/targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_record(struct report_facts *facts, const struct bucket_record *record)
{
	facts->syn += record->syn;
	facts->attempts += record->attempts;
	facts->udp += record->udp;
	facts->other_syn += record->other_syn;
	facts->backscatter += record->backscatter;
	facts->malformed += record->malformed;
	facts->new_sources += record->new_sources;
	facts->kernel_drops += record->kernel_drops;
	facts->evictions += record->evictions;
	for (size_t bit = 0; bit < REPORT_FLAGS; bit++)
		facts->flagged[bit] += (record->flags >> bit) & 1;
}

/* A source is new once: those of the bucket in which the client stopped never are again, however
 * long they go on. */
static void add_first_sources(struct report_facts *facts, const struct bucket_record *record)
{
	facts->new_sources += record->new_sources;
	facts->sources_upper = record->new_sources > 0;
}

static void add_ledger(struct report_target *target, const struct ledger *ledger)
{
	target->facts.from_ledger = true;
	target->facts.damaged_lines = ledger->damaged_lines;
	for (size_t i = 0; i < ledger->records; i++)
		if (ledger->record[i].start >= target->series.retired)
			add_record(&target->facts, &ledger->record[i]);
		else if (ledger->record[i].start + BUCKET_SECONDS > target->series.retired)
			add_first_sources(&target->facts, &ledger->record[i]);
}

/* As STATE/targets has the target that STATE/NAME is. A directory without such a list beside it is
 * a target all the same. */
static void add_settings(struct report_target *target)
{
	char state[4096];
	struct targets targets;
	struct failure absent = {0};
	snprintf(state, sizeof state, "%s", target->path);
	size_t length = strlen(state);
	while (length > 1 && state[length - 1] == '/')
		state[--length] = '\0';
	char *slash = strrchr(state, '/');
	if (slash)
		*slash = '\0';
	const char *place = !slash ? "." : state[0] ? state : "/";
	if (targets_read(&targets, place, &absent) != 0)
		return;
	const struct target *found = targets_find(&targets, target->series.name);
	if (found) {
		target->target = *found;
		target->has_target = true;
	}
	targets_free(&targets);
}

/* The series must be loaded. */
static void add_census(struct report_target *target, const char *path)
{
	const struct series *series = &target->series;
	struct failure failure = {0};
	if (!census_record_exists(path))
		return;
	target->has_census = census_record_load(&target->census, &path, &series, 1, &failure) == 0;
	if (!target->has_census)
		say_warning("%s", failure.text);
}

static void keep_gap(struct report_target *target, struct report_gap gap)
{
	size_t place = target->gaps < REPORT_GAPS_MAX ? target->gaps : REPORT_GAPS_MAX;
	target->gaps++;
	target->gap_hours += (double)(gap.to - gap.from) / 3600;
	while (place > 0 &&
	       target->gap[place - 1].to - target->gap[place - 1].from < gap.to - gap.from) {
		if (place < REPORT_GAPS_MAX)
			target->gap[place] = target->gap[place - 1];
		place--;
	}
	if (place < REPORT_GAPS_MAX)
		target->gap[place] = gap;
}

static void find_gaps(struct report_target *target)
{
	const struct series *series = &target->series;
	int64_t known_to = series->retired;
	for (size_t i = series->first; i < series->rows; i++) {
		/* A retirement within a bucket loses less than that bucket: no gap. */
		if (series->row[i].start - known_to >= BUCKET_SECONDS)
			keep_gap(target, (struct report_gap){known_to, series->row[i].start});
		known_to = series->row[i].start + BUCKET_SECONDS;
	}
}

static void make_slug(struct report_target *target)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	snprintf(target->slug, sizeof target->slug, "%.64s", target->series.name);
	for (char *next = target->slug; *next; next++)
		if (!strchr(allowed, *next) || (next == target->slug && *next == '.'))
			*next = '_';
	if (!target->slug[0])
		snprintf(target->slug, sizeof target->slug, "target");
}

static int64_t record_end(const struct series *series)
{
	return series->rows ? series->row[series->rows - 1].start + BUCKET_SECONDS
			    : series->retired;
}

int report_target_load(struct report_target *target, const struct series_options *options,
		       struct failure *failure)
{
	struct ledger ledger = {0};
	struct series_options whole = *options;
	whole.ledger = &ledger;
	if (series_load(&target->series, target->path, &whole, failure) != 0)
		return -1;
	if (ledger.record) {
		add_ledger(target, &ledger);
		add_settings(target);
	}
	ledger_free(&ledger);
	add_census(target, target->path);
	find_gaps(target);
	make_slug(target);
	target->end = record_end(&target->series);
	return 0;
}

bool report_target_observed(const char *ledger)
{
	char *line = NULL;
	size_t size = 0;
	bool observed = false;
	FILE *stream = fopen(ledger, "re");
	if (!stream)
		return true;
	while (!observed && getline(&line, &size, stream) > 0) {
		int seconds = 0;
		if (line[0] == '#' || strncmp(line, "stalenode", 9) == 0)
			continue;
		observed = sscanf(line, "%*s %*s %d", &seconds) != 1 || seconds > 0;
	}
	free(line);
	fclose(stream);
	return observed;
}

void report_target_forget(struct report_target *target)
{
	series_free(&target->series);
	if (target->has_census)
		census_record_free(&target->census);
	target->has_census = false;
}

void report_target_free(struct report_target *target)
{
	report_target_forget(target);
	free(target->path);
}
