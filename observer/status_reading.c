/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status_reading.h"

#include "store/rrd_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define FILE_PATH_SIZE (4096 + TARGET_NAME_SIZE + 16)

/* An observer may be in the middle of a line just now; a line that stays torn is torn. */
static int read_settled(struct ledger *ledger, const char *path, struct failure *failure)
{
	if (ledger_read(ledger, path, failure) != 0)
		return -1;
	if (!ledger->torn_bytes)
		return 0;
	ledger_free(ledger);
	struct timespec pause = {0, 50 * 1000000L};
	nanosleep(&pause, NULL);
	return ledger_read(ledger, path, failure);
}

static void read_target(struct status_reading *reading, size_t index)
{
	char path[FILE_PATH_SIZE];
	struct failure failure = {0};
	struct ledger ledger = {0};
	struct health_input input = {.rrd_updated = TIME_UNKNOWN};
	const char *name = reading->targets.target[index].name;
	snprintf(path, sizeof path, "%s/%s/ledger", reading->path, name);
	if (access(path, F_OK) == 0) {
		if (read_settled(&ledger, path, &failure) == 0)
			input.ledger = &ledger;
		else
			input.unreadable = failure.text;
	}
	snprintf(path, sizeof path, "%s/%s/counts.rrd", reading->path, name);
	/* After the ledger, which the observer writes first. */
	input.rrd_updated = rrd_view_updated(path);
	reading->rrd_updated[index] = input.rrd_updated;
	input.looked = agent_looked_for(reading->agent, reading->agents, name, reading->at);
	target_health_judge(&reading->health[index], &input, reading->at, reading->now);
	ledger_free(&ledger);
}

int status_reading_take(struct status_reading *reading, const char *path, int64_t at, int64_t now,
			struct failure *failure)
{
	*reading = (struct status_reading){.path = path, .at = at, .now = now};
	if (targets_read(&reading->targets, path, failure) != 0)
		return -1;
	size_t targets = reading->targets.targets;
	reading->health = calloc(targets + 1, sizeof reading->health[0]);
	reading->rrd_updated = calloc(targets + 1, sizeof reading->rrd_updated[0]);
	reading->agent = calloc(AGENTS_MAX, sizeof reading->agent[0]);
	if (!reading->health || !reading->rrd_updated || !reading->agent) {
		status_reading_free(reading);
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	}
	reading->agents = agent_reading_take(reading->agent, path);
	for (size_t i = 0; i < targets; i++)
		read_target(reading, i);
	reading->disk = disk_space_of(path);
	state_health_judge(&reading->whole, reading->health, targets, reading->agent,
			   reading->agents, &reading->disk, at);
	return 0;
}

void status_reading_free(struct status_reading *reading)
{
	free(reading->health);
	free(reading->rrd_updated);
	free(reading->agent);
	reading->agent = NULL;
	reading->health = NULL;
	reading->rrd_updated = NULL;
	targets_free(&reading->targets);
}
