/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status_output.h"

#include <inttypes.h>
#include <math.h>

#ifndef STALENODE_VERSION
#define STALENODE_VERSION "unknown"
#endif

/* One number of a target; false when it is unknown and there is no sample. */
typedef bool (*metric_reader)(const struct status_reading *reading, size_t target, double *value);

static bool set_time(int64_t time, double *value)
{
	*value = (double)time;
	return time != TIME_UNKNOWN;
}

static bool set_count(uint64_t count, double *value)
{
	*value = (double)count;
	return true;
}

/* A ledger that is absent or unreadable holds unknown sums, not sums of 0. */
static bool has_ledger(const struct status_reading *reading, size_t target)
{
	const struct health *health = &reading->health[target].health;
	return health->reasons == 0 || (health->reason[0].code != HEALTH_NO_LEDGER &&
					health->reason[0].code != HEALTH_UNREADABLE);
}

static bool set_sum(const struct status_reading *reading, size_t target, uint64_t count,
		    double *value)
{
	return set_count(count, value) && has_ledger(reading, target);
}

static bool read_grade(const struct status_reading *reading, size_t target, double *value)
{
	return set_count(reading->health[target].health.grade, value);
}

static bool read_last_observed(const struct status_reading *reading, size_t target, double *value)
{
	return set_time(reading->health[target].last_observed, value);
}

static bool read_last_syn(const struct status_reading *reading, size_t target, double *value)
{
	return set_time(reading->health[target].last_syn, value);
}

static bool read_coverage(const struct status_reading *reading, size_t target, double *value)
{
	*value = target_health_coverage(&reading->health[target]);
	return !isnan(*value);
}

static bool read_full_tables(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].day.full_tables, value);
}

static bool read_observed(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].all.observed_seconds, value);
}

static bool read_syn(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].all.syn, value);
}

static bool read_attempts(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].all.attempts, value);
}

static bool read_udp(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].all.udp, value);
}

static bool read_other_syn(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].all.other_syn, value);
}

static bool read_drops(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].all.kernel_drops, value);
}

static bool read_damaged(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].damaged_lines, value);
}

static bool read_torn(const struct status_reading *reading, size_t target, double *value)
{
	return set_sum(reading, target, reading->health[target].torn_bytes, value);
}

static bool read_rrd_behind(const struct status_reading *reading, size_t target, double *value)
{
	*value = (double)reading->health[target].rrd_behind;
	return reading->health[target].rrd_known;
}

static const struct {
	const char *name, *type, *help;
	metric_reader read;
} metrics[] = {
	{"target_health", "gauge", "Health of the target: 0 healthy, 1 degraded, 2 down.",
	 read_grade},
	{"target_last_observed_timestamp_seconds", "gauge", "Until when the target was observed.",
	 read_last_observed},
	{"target_last_syn_timestamp_seconds", "gauge",
	 "Start of the last 5-minute bucket with a SYN to a port of the target.", read_last_syn},
	{"target_coverage_ratio", "gauge",
	 "Share of the last 24 hours, since the record's beginning, that was observed.",
	 read_coverage},
	{"target_full_table_buckets", "gauge",
	 "Buckets of the last 24 hours in which a table was full.", read_full_tables},
	{"target_observed_seconds_total", "counter", "Seconds observed.", read_observed},
	{"target_syn_total", "counter", "SYN packets to the ports of the target.", read_syn},
	{"target_attempts_total", "counter",
	 "Connection attempts to the ports of the target: a SYN and its retransmissions are one.",
	 read_attempts},
	{"target_udp_total", "counter", "UDP datagrams to the ports of the target.", read_udp},
	{"target_other_syn_total", "counter", "SYN packets to other ports of the target's address.",
	 read_other_syn},
	{"target_kernel_drops_total", "counter", "Packets that the kernel dropped while observing.",
	 read_drops},
	{"target_ledger_damaged_lines", "gauge", "Damaged lines in the ledger.", read_damaged},
	{"target_ledger_torn_bytes", "gauge", "Bytes of a torn last line of the ledger.",
	 read_torn},
	{"target_rrd_behind_seconds", "gauge", "How far counts.rrd is behind the ledger.",
	 read_rrd_behind},
};

/* A family without a sample is not announced: it would be read as an error. */
static void print_head(FILE *stream, const char *name, const char *type, const char *help)
{
	fprintf(stream, "# HELP stalenode_%s %s\n# TYPE stalenode_%s %s\n", name, help, name, type);
}

static void print_family(FILE *stream, const struct status_reading *reading, size_t metric)
{
	bool announced = false;
	double value;
	for (size_t i = 0; i < reading->targets.targets; i++) {
		if (!metrics[metric].read(reading, i, &value))
			continue;
		if (!announced)
			print_head(stream, metrics[metric].name, metrics[metric].type,
				   metrics[metric].help);
		announced = true;
		/* The characters of a target's name need no escapes. 17 digits keep a double. */
		fprintf(stream, "stalenode_%s{target=\"%s\"} %.17g\n", metrics[metric].name,
			reading->targets.target[i].name, value);
	}
}

static double agent_at_work(const struct agent *agent, int64_t at)
{
	return agent_is_alive(agent, at);
}

static double agent_link_is_up(const struct agent *agent, int64_t at)
{
	(void)at;
	return agent->progress.link_is_up;
}

static double agent_drops(const struct agent *agent, int64_t at)
{
	(void)at;
	return (double)agent->progress.drops;
}

static double agent_waiting(const struct agent *agent, int64_t at)
{
	(void)at;
	return (double)agent->progress.waiting;
}

static double agent_lost(const struct agent *agent, int64_t at)
{
	(void)at;
	return (double)agent->progress.lost;
}

static const struct {
	const char *name, *type, *help;
	double (*read)(const struct agent *agent, int64_t at);
} agent_metrics[] = {
	{"agent_at_work", "gauge", "Whether the agent looked at its interface just now.",
	 agent_at_work},
	{"agent_link_up", "gauge", "Whether its interface was up then.", agent_link_is_up},
	{"agent_kernel_drops_total", "counter", "Packets that the kernel dropped.", agent_drops},
	{"agent_waiting_buckets", "gauge", "Closed buckets that are not in their ledgers yet.",
	 agent_waiting},
	{"agent_lost_buckets_total", "counter",
	 "Closed buckets that found no room to wait: unknown in their ledgers.", agent_lost},
};

/* Names of interfaces may hold anything but '/' and blanks. */
static void print_label(FILE *stream, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', stream);
		fputc(*text, stream);
	}
}

static void print_agents(FILE *stream, const struct status_reading *reading)
{
	for (size_t i = 0; i < sizeof agent_metrics / sizeof agent_metrics[0]; i++) {
		if (reading->agents)
			print_head(stream, agent_metrics[i].name, agent_metrics[i].type,
				   agent_metrics[i].help);
		for (size_t j = 0; j < reading->agents; j++) {
			const struct agent *agent = &reading->agent[j];
			fprintf(stream, "stalenode_%s{interface=\"", agent_metrics[i].name);
			print_label(stream, agent->interface);
			fprintf(stream, "\"} %.17g\n", agent_metrics[i].read(agent, reading->at));
		}
	}
}

void status_print_metrics(const struct status_reading *reading, FILE *stream)
{
	print_head(stream, "build_info", "gauge", "Version of stalenode; always 1.");
	fprintf(stream, "stalenode_build_info{version=\"%s\"} 1\n", STALENODE_VERSION);
	print_head(stream, "status_timestamp_seconds", "gauge", "When the status was judged.");
	fprintf(stream, "stalenode_status_timestamp_seconds %" PRId64 "\n", reading->at);
	print_head(stream, "health", "gauge",
		   "Health of the state directory: 0 healthy, 1 degraded, 2 down.");
	fprintf(stream, "stalenode_health %d\n", (int)reading->whole.grade);
	print_head(stream, "targets", "gauge", "Targets of the state directory.");
	fprintf(stream, "stalenode_targets %zu\n", reading->targets.targets);
	if (reading->disk.known) {
		print_head(stream, "disk_free_bytes", "gauge",
			   "Free bytes of the file system of the state directory.");
		fprintf(stream, "stalenode_disk_free_bytes %" PRIu64 "\n",
			reading->disk.free_bytes);
		print_head(stream, "disk_size_bytes", "gauge",
			   "Size of the file system of the state directory.");
		fprintf(stream, "stalenode_disk_size_bytes %" PRIu64 "\n",
			reading->disk.size_bytes);
	}
	for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
		print_family(stream, reading, i);
	print_agents(stream, reading);
}
