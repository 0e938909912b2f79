/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health.h"

#include "base/timestamp.h"
#include "target.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define US 1000000

const char *health_grade_name(enum health_grade grade)
{
	static const char *const name[] = {"healthy", "degraded", "down"};
	return name[grade];
}

const char *health_code_name(enum health_code code)
{
	static const char *const name[HEALTH_CODES] = {
		"no-targets",	"no-ledger",  "unreadable", "silent",	     "low-coverage",
		"kernel-drops", "table-full", "damaged",    "torn",	     "future",
		"rrd-behind",	"disk-full",  "link-down",  "store-failing", "only-in-memory",
	};
	return name[code];
}

__attribute__((format(printf, 4, 5))) static void add_reason(struct health *health,
							     enum health_code code,
							     enum health_grade grade,
							     const char *format, ...)
{
	struct health_reason *reason = &health->reason[health->reasons++];
	va_list list;
	reason->code = code;
	reason->grade = grade;
	va_start(list, format);
	vsnprintf(reason->text, sizeof reason->text, format, list);
	va_end(list);
	if (grade > health->grade)
		health->grade = grade;
}

/* "40 s", "14 min", "3 h", "12 days": of an age nobody needs more. */
static char *age_text(int64_t seconds, char text[32])
{
	if (seconds < 120)
		snprintf(text, 32, "%" PRId64 " s", seconds);
	else if (seconds < 120 * 60)
		snprintf(text, 32, "%" PRId64 " min", seconds / 60);
	else if (seconds < 48 * 3600)
		snprintf(text, 32, "%" PRId64 " h", seconds / 3600);
	else
		snprintf(text, 32, "%" PRId64 " days", seconds / 86400);
	return text;
}

static void add_to(struct health_sums *sums, const struct bucket_record *record)
{
	const uint32_t full = BUCKET_ATTEMPTS_UPPER | BUCKET_NEW_SOURCES_LOWER;
	sums->buckets++;
	sums->full_tables += (record->flags & full) != 0;
	sums->observed_seconds += record->observed_seconds;
	sums->syn += record->syn;
	sums->attempts += record->attempts;
	sums->udp += record->udp;
	sums->other_syn += record->other_syn;
	sums->kernel_drops += record->kernel_drops;
}

/* Whole seconds, the last one begun included: the end of a full bucket is its boundary. */
static int64_t end_of_observation(const struct bucket_record *record)
{
	return record->start + (record->covered_to_us + US - 1) / US;
}

static void sum_up(struct target_health *target, const struct ledger *ledger, int64_t at)
{
	for (size_t i = 0; i < ledger->records && ledger->record[i].start < at; i++) {
		const struct bucket_record *record = &ledger->record[i];
		if (i == 0)
			target->first_observed = record->start + record->covered_from_us / US;
		int64_t end = end_of_observation(record);
		target->last_observed = end < at ? end : at;
		if (record->syn)
			target->last_syn = record->start;
		add_to(&target->all, record);
		if (record->start + BUCKET_SECONDS > at - HEALTH_WINDOW_SECONDS)
			add_to(&target->day, record);
	}
}

/* The window ends with the last bucket that has to be in the ledger, and begins where the record
 * does, at most 24 hours before. Both are bucket boundaries, or the record's beginning. */
static void measure_coverage(struct target_health *target, const struct ledger *ledger, int64_t at)
{
	if (target->first_observed == TIME_UNKNOWN)
		return;
	int64_t until = at - HEALTH_CLOSING_SECONDS;
	until -= until % BUCKET_SECONDS;
	int64_t from = until - HEALTH_WINDOW_SECONDS;
	if (from < target->first_observed)
		from = target->first_observed;
	if (from >= until)
		return;
	target->window_from = from;
	target->window_until = until;
	for (size_t i = ledger->records; i > 0; i--) {
		const struct bucket_record *record = &ledger->record[i - 1];
		if (record->start + BUCKET_SECONDS <= from)
			break;
		if (record->start + BUCKET_SECONDS <= until)
			target->window_covered += record->observed_seconds;
	}
	/* A second counts when a part of it was observed, so the first one may be too many. */
	if (target->window_covered > (uint64_t)(until - from))
		target->window_covered = (uint64_t)(until - from);
}

double target_health_coverage(const struct target_health *target)
{
	int64_t window = target->window_until - target->window_from;
	return window > 0 ? (double)target->window_covered / (double)window : (double)NAN;
}

static void judge_observation(struct target_health *target, int64_t looked, int64_t at)
{
	struct health *health = &target->health;
	char time[TIMESTAMP_TEXT_SIZE], age[32];
	bool at_work = looked != 0; /* its bucket is open, or waits to be written */
	if (target->last_observed == TIME_UNKNOWN && at_work)
		return;
	if (target->last_observed == TIME_UNKNOWN) {
		add_reason(health, HEALTH_SILENT, HEALTH_DOWN,
			   "no bucket before %s: start 'stalenode observe' or import captures",
			   timestamp_format(at, time));
		return;
	}
	if (at - target->last_observed > HEALTH_DOWN_SECONDS && !at_work)
		add_reason(health, HEALTH_SILENT, HEALTH_DOWN,
			   "nothing observed for %s, since %s: see whether the observer runs",
			   age_text(at - target->last_observed, age),
			   timestamp_format(target->last_observed, time));
	uint64_t window = (uint64_t)(target->window_until - target->window_from);
	if (window && target->window_covered * 100 < HEALTH_COVERAGE_MIN * window)
		/* Cut off, not rounded: 94.97 % must not read as the limit. */
		add_reason(health, HEALTH_LOW_COVERAGE, HEALTH_DEGRADED,
			   "observed for %" PRIu64 ".%" PRIu64 " %% of the time since %s: the rest "
			   "is unknown: look for restarts and for times without the interface",
			   target->window_covered * 100 / window,
			   target->window_covered * 1000 / window % 10,
			   timestamp_format(target->window_from, time));
	if (target->day.kernel_drops)
		add_reason(health, HEALTH_KERNEL_DROPS, HEALTH_DEGRADED,
			   "the kernel dropped %" PRIu64 " packets in the last 24 h: give the "
			   "observer a larger --ring",
			   target->day.kernel_drops);
	if (target->day.full_tables)
		add_reason(
			health, HEALTH_TABLE_FULL, HEALTH_DEGRADED,
			"a table was full in %zu buckets of the last 24 h: their attempts or new "
			"sources are bounds; a flood of SYNs does this",
			target->day.full_tables);
}

static void judge_files(struct target_health *target, const struct health_input *input, int64_t now)
{
	const struct ledger *ledger = input->ledger;
	struct health *health = &target->health;
	char time[TIMESTAMP_TEXT_SIZE];
	if (ledger->damaged_lines)
		add_reason(health, HEALTH_DAMAGED, HEALTH_DEGRADED,
			   "ledger line %zu: %zu damaged lines: their buckets are unknown until "
			   "their captures are imported again",
			   ledger->first_damaged, ledger->damaged_lines);
	if (ledger->torn_bytes)
		add_reason(health, HEALTH_TORN, HEALTH_DEGRADED,
			   "the ledger's last line is torn (%zu bytes): the next import or observe "
			   "cuts it off",
			   ledger->torn_bytes);
	if (ledger->records == 0)
		return;
	const struct bucket_record *last = &ledger->record[ledger->records - 1];
	if (last->start > now)
		add_reason(health, HEALTH_FUTURE, HEALTH_DEGRADED,
			   "the ledger holds a bucket of %s, later than the clock: set the clock",
			   timestamp_format(last->start, time));
	/* The latest bucket that has had the time to come into the view. */
	int64_t due = TIME_UNKNOWN;
	for (size_t i = ledger->records; i > 0 && due == TIME_UNKNOWN; i--)
		if (ledger->record[i - 1].start + BUCKET_SECONDS + HEALTH_CLOSING_SECONDS <= now)
			due = ledger->record[i - 1].start + BUCKET_SECONDS;
	target->rrd_known = input->rrd_updated != TIME_UNKNOWN;
	if (target->rrd_known && due > input->rrd_updated)
		target->rrd_behind = due - input->rrd_updated;
	if (due == TIME_UNKNOWN)
		return;
	if (!target->rrd_known)
		add_reason(health, HEALTH_RRD_BEHIND, HEALTH_DEGRADED,
			   "counts.rrd is missing or unreadable: make it anew with 'stalenode "
			   "rebuild'");
	else if (target->rrd_behind)
		add_reason(health, HEALTH_RRD_BEHIND, HEALTH_DEGRADED,
			   "counts.rrd ends at %s, %" PRId64 " s behind the ledger: make it anew "
			   "with 'stalenode rebuild'",
			   timestamp_format(input->rrd_updated, time), target->rrd_behind);
}

void target_health_judge(struct target_health *target, const struct health_input *input, int64_t at,
			 int64_t now)
{
	*target = (struct target_health){
		.first_observed = TIME_UNKNOWN,
		.last_observed = TIME_UNKNOWN,
		.last_syn = TIME_UNKNOWN,
	};
	if (input->unreadable) {
		add_reason(&target->health, HEALTH_UNREADABLE, HEALTH_DOWN, "%s",
			   input->unreadable);
		return;
	}
	if (!input->ledger && input->looked != 0)
		return;
	if (!input->ledger) {
		add_reason(&target->health, HEALTH_NO_LEDGER, HEALTH_DOWN,
			   "no ledger yet: start 'stalenode observe' or import captures");
		return;
	}
	target->damaged_lines = input->ledger->damaged_lines;
	target->torn_bytes = input->ledger->torn_bytes;
	sum_up(target, input->ledger, at);
	measure_coverage(target, input->ledger, at);
	judge_observation(target, input->looked, at);
	judge_files(target, input, now);
}

static bool has_reason(const struct health *health, enum health_code code)
{
	for (size_t i = 0; i < health->reasons; i++)
		if (health->reason[i].code == code)
			return true;
	return false;
}

/* The first agent with a trouble tells of it. */
static void judge_agent(struct health *health, const struct agent *agent, int64_t at)
{
	const struct agent_progress *progress = &agent->progress;
	char time[TIMESTAMP_TEXT_SIZE];
	if (progress->store_failed_us && !has_reason(health, HEALTH_STORE_FAILING))
		add_reason(health, HEALTH_STORE_FAILING, HEALTH_DEGRADED,
			   "since %s %" PRIu64 " closed buckets wait to be written (%s): make it "
			   "possible again; counting goes on meanwhile, %" PRIu64 " buckets found "
			   "no room to wait",
			   timestamp_format(progress->store_failed_us / US, time),
			   progress->waiting, progress->store_failure, progress->lost);
	if (!agent_is_alive(agent, at))
		return;
	if (!progress->link_is_up && !has_reason(health, HEALTH_LINK_DOWN))
		add_reason(health, HEALTH_LINK_DOWN, HEALTH_DEGRADED,
			   "interface %s is down or away: nothing is observed on it",
			   agent->interface);
	if (!progress->in_files && !has_reason(health, HEALTH_ONLY_IN_MEMORY))
		add_reason(health, HEALTH_ONLY_IN_MEMORY, HEALTH_DEGRADED,
			   "what is being counted on %s is in memory only, and would be lost with "
			   "the agent: look at the disk of the state directory",
			   agent->interface);
}

void state_health_judge(struct health *health, const struct target_health *target, size_t targets,
			const struct agent *agent, size_t agents, const struct disk_space *disk,
			int64_t at)
{
	*health = (struct health){0};
	if (targets == 0)
		add_reason(health, HEALTH_NO_TARGETS, HEALTH_DOWN,
			   "no targets yet: 'stalenode observe' and 'import' add them");
	for (size_t i = 0; i < targets; i++)
		if (target[i].health.grade > health->grade)
			health->grade = target[i].health.grade;
	for (size_t i = 0; i < agents; i++)
		judge_agent(health, &agent[i], at);
	if (!disk->known)
		return;
	char bytes[BYTES_TEXT_SIZE];
	if (disk->free_bytes < HEALTH_DISK_MIN_BYTES ||
	    disk_space_free_share(disk) * 100 < HEALTH_DISK_MIN_SHARE)
		add_reason(
			health, HEALTH_DISK_FULL, HEALTH_DEGRADED,
			"only %s (%.1f %%) of the disk are free: make room, or keep less evidence",
			bytes_text(disk->free_bytes, bytes), 100 * disk_space_free_share(disk));
}
