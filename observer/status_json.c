/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status_output.h"

#include "base/json_builder.h"

static json_t *time_or_null(int64_t time)
{
	return time == TIME_UNKNOWN ? json_null() : json_integer(time);
}

static json_t *count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *reasons_to_json(struct json_builder *builder, const struct health *health)
{
	json_t *array = json_array();
	for (size_t i = 0; i < health->reasons; i++) {
		const struct health_reason *reason = &health->reason[i];
		json_t *object = json_object();
		json_set(builder, object, "code", json_string(health_code_name(reason->code)));
		json_set(builder, object, "health", json_string(health_grade_name(reason->grade)));
		/* A path in it may not be UTF-8. */
		json_t *text = json_string(reason->text);
		json_set(builder, object, "text", text ? text : json_null());
		json_append(builder, array, object);
	}
	return array;
}

static json_t *sums_to_json(struct json_builder *builder, const struct health_sums *sums)
{
	json_t *object = json_object();
	json_set(builder, object, "buckets", count(sums->buckets));
	json_set(builder, object, "observed_seconds", count(sums->observed_seconds));
	json_set(builder, object, "syn", count(sums->syn));
	json_set(builder, object, "attempts", count(sums->attempts));
	json_set(builder, object, "udp", count(sums->udp));
	json_set(builder, object, "other_syn", count(sums->other_syn));
	json_set(builder, object, "kernel_drops", count(sums->kernel_drops));
	json_set(builder, object, "full_table_buckets", count(sums->full_tables));
	return object;
}

static json_t *coverage_to_json(struct json_builder *builder, const struct target_health *target)
{
	json_t *object = json_object();
	bool known = target->window_until > target->window_from;
	json_set(builder, object, "from", known ? json_integer(target->window_from) : json_null());
	json_set(builder, object, "until",
		 known ? json_integer(target->window_until) : json_null());
	json_set(builder, object, "covered_seconds",
		 known ? count(target->window_covered) : json_null());
	json_set(builder, object, "share", json_number(target_health_coverage(target)));
	return object;
}

static json_t *target_to_json(struct json_builder *builder, const struct status_reading *reading,
			      size_t index)
{
	const struct target_health *target = &reading->health[index];
	json_t *object = json_object(), *ledger = json_object(), *rrd = json_object();
	bool ever = target->last_observed != TIME_UNKNOWN;
	json_set(builder, object, "name", json_string(reading->targets.target[index].name));
	json_set(builder, object, "health", json_string(health_grade_name(target->health.grade)));
	json_set(builder, object, "reasons", reasons_to_json(builder, &target->health));
	json_set(builder, object, "first_observed", time_or_null(target->first_observed));
	json_set(builder, object, "last_observed", time_or_null(target->last_observed));
	json_set(builder, object, "seconds_since_observed",
		 ever ? json_integer(reading->at - target->last_observed) : json_null());
	json_set(builder, object, "last_syn", time_or_null(target->last_syn));
	json_set(builder, object, "coverage", coverage_to_json(builder, target));
	json_set(builder, object, "last_24h", sums_to_json(builder, &target->day));
	json_set(builder, object, "total", sums_to_json(builder, &target->all));
	json_set(builder, ledger, "damaged_lines", count(target->damaged_lines));
	json_set(builder, ledger, "torn_bytes", count(target->torn_bytes));
	json_set(builder, object, "ledger", ledger);
	json_set(builder, rrd, "updated", time_or_null(reading->rrd_updated[index]));
	json_set(builder, rrd, "behind_seconds",
		 target->rrd_known ? json_integer(target->rrd_behind) : json_null());
	json_set(builder, object, "rrd", rrd);
	return object;
}

static json_t *disk_to_json(struct json_builder *builder, const struct disk_space *disk)
{
	json_t *object = json_object();
	json_set(builder, object, "free_bytes",
		 disk->known ? count(disk->free_bytes) : json_null());
	json_set(builder, object, "size_bytes",
		 disk->known ? count(disk->size_bytes) : json_null());
	json_set(builder, object, "free_share", json_number(disk_space_free_share(disk)));
	return object;
}

static json_t *agent_to_json(struct json_builder *builder, const struct agent *agent, int64_t at)
{
	const struct agent_progress *progress = &agent->progress;
	json_t *object = json_object();
	json_t *failure = json_string(progress->store_failure);
	bool failing = progress->store_failed_us != 0;
	json_set(builder, object, "interface", json_string(agent->interface));
	json_set(builder, object, "at_work", json_boolean(agent_is_alive(agent, at)));
	json_set(builder, object, "looked", json_integer(progress->looked_us / 1000000));
	json_set(builder, object, "link_is_up", json_boolean(progress->link_is_up));
	json_set(builder, object, "open_syn", count(progress->open_syn));
	json_set(builder, object, "kernel_drops", count(progress->drops));
	json_set(builder, object, "waiting_buckets", count(progress->waiting));
	json_set(builder, object, "lost_buckets", count(progress->lost));
	json_set(builder, object, "store_failing_since",
		 failing ? json_integer(progress->store_failed_us / 1000000) : json_null());
	json_set(builder, object, "store_failure", failing && failure ? failure : json_null());
	if (!failing)
		json_decref(failure);
	json_set(builder, object, "only_in_memory", json_boolean(!progress->in_files));
	return object;
}

int status_print_json(const struct status_reading *reading, FILE *stream)
{
	struct json_builder builder = {.ok = true};
	json_t *object = json_object(), *targets = json_array(), *agents = json_array();
	json_t *path = json_string(reading->path);
	json_set(&builder, object, "state", path ? path : json_null());
	json_set(&builder, object, "at", json_integer(reading->at));
	json_set(&builder, object, "health", json_string(health_grade_name(reading->whole.grade)));
	json_set(&builder, object, "reasons", reasons_to_json(&builder, &reading->whole));
	json_set(&builder, object, "disk", disk_to_json(&builder, &reading->disk));
	for (size_t i = 0; i < reading->targets.targets; i++)
		json_append(&builder, targets, target_to_json(&builder, reading, i));
	for (size_t i = 0; i < reading->agents; i++)
		json_append(&builder, agents,
			    agent_to_json(&builder, &reading->agent[i], reading->at));
	json_set(&builder, object, "agents", agents);
	json_set(&builder, object, "targets", targets);
	int result = builder.ok
			     ? json_dumpf(object, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(15))
			     : -1;
	json_decref(object);
	return result == 0 && fputc('\n', stream) != EOF ? 0 : -1;
}
