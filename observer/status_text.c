/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/timestamp.h"
#include "status_output.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *time_or_dash(int64_t time, char text[TIMESTAMP_TEXT_SIZE])
{
	return time == TIME_UNKNOWN ? "-" : timestamp_format(time, text);
}

/* Cut off to a tenth, not rounded: what is not all of the time never reads as 100 %. */
static const char *coverage_text(const struct target_health *target, char text[16])
{
	double coverage = target_health_coverage(target);
	if (isnan(coverage))
		return "-";
	snprintf(text, 16, "%.1f %%", floor(coverage * 1000) / 10);
	return text;
}

static void print_target(const char *name, int width, const struct target_health *target,
			 FILE *stream)
{
	char coverage[16], syn_time[TIMESTAMP_TEXT_SIZE], observed_time[TIMESTAMP_TEXT_SIZE];
	fprintf(stream, "%-*s  %-8s  %8s  %8" PRIu64 "  %10" PRIu64 "  %-20s  %s\n", width, name,
		health_grade_name(target->health.grade), coverage_text(target, coverage),
		target->day.kernel_drops, target->day.syn, time_or_dash(target->last_syn, syn_time),
		time_or_dash(target->last_observed, observed_time));
}

static void print_reasons(const char *name, const struct health *health, FILE *stream)
{
	for (size_t i = 0; i < health->reasons; i++)
		fprintf(stream, "%s %s: %s\n", name, health_grade_name(health->reason[i].grade),
			health->reason[i].text);
}

/* One line for each interface that is being observed. */
static void print_agents(const struct status_reading *reading, FILE *stream)
{
	for (size_t i = 0; i < reading->agents; i++) {
		const struct agent *agent = &reading->agent[i];
		const struct agent_progress *progress = &agent->progress;
		if (!agent_is_alive(agent, reading->at))
			continue;
		fprintf(stream,
			"%s is observed, link %s; targets: %" PRIu32
			", SYN in the open bucket: %" PRIu64 ", closed buckets that wait: %" PRIu64
			"\n",
			agent->interface, progress->link_is_up ? "up" : "down", agent->targets,
			progress->open_syn, progress->waiting);
	}
}

void status_print_text(const struct status_reading *reading, FILE *stream)
{
	char time[TIMESTAMP_TEXT_SIZE], bytes[BYTES_TEXT_SIZE];
	const struct targets *targets = &reading->targets;
	int width = (int)strlen("target");
	for (size_t i = 0; i < targets->targets; i++)
		if ((int)strlen(targets->target[i].name) > width)
			width = (int)strlen(targets->target[i].name);
	fprintf(stream, "%s is %s at %s", reading->path, health_grade_name(reading->whole.grade),
		timestamp_format(reading->at, time));
	if (reading->disk.known)
		fprintf(stream, ", %s (%.1f %%) of its disk free",
			bytes_text(reading->disk.free_bytes, bytes),
			100 * disk_space_free_share(&reading->disk));
	fputc('\n', stream);
	if (targets->targets)
		fprintf(stream, "%-*s  %-8s  %8s  %8s  %10s  %-20s  %s\n", width, "target",
			"health", "covered", "dropped", "SYN (24 h)", "last SYN (bucket)",
			"observed until");
	for (size_t i = 0; i < targets->targets; i++)
		print_target(targets->target[i].name, width, &reading->health[i], stream);
	print_agents(reading, stream);
	print_reasons(reading->path, &reading->whole, stream);
	for (size_t i = 0; i < targets->targets; i++)
		print_reasons(targets->target[i].name, &reading->health[i].health, stream);
}
