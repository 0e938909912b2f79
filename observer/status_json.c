/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status_output.h"

#include <jansson.h>
#include <math.h>

/* json_object_set_new() and its kin take the reference even when they fail, and refuse NULL; a
 * failure anywhere shows in `ok`. */
struct builder {
	bool ok;
};

static void set(struct builder *builder, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		builder->ok = false;
}

static void append(struct builder *builder, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		builder->ok = false;
}

static json_t *time_or_null(int64_t time)
{
	return time == TIME_UNKNOWN ? json_null() : json_integer(time);
}

static json_t *number_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *reasons_to_json(struct builder *builder, const struct health *health)
{
	json_t *array = json_array();
	for (size_t i = 0; i < health->reasons; i++) {
		const struct health_reason *reason = &health->reason[i];
		json_t *object = json_object();
		set(builder, object, "code", json_string(health_code_name(reason->code)));
		set(builder, object, "health", json_string(health_grade_name(reason->grade)));
		/* A path in it may not be UTF-8. */
		json_t *text = json_string(reason->text);
		set(builder, object, "text", text ? text : json_null());
		append(builder, array, object);
	}
	return array;
}

static json_t *sums_to_json(struct builder *builder, const struct health_sums *sums)
{
	json_t *object = json_object();
	set(builder, object, "buckets", count(sums->buckets));
	set(builder, object, "observed_seconds", count(sums->observed_seconds));
	set(builder, object, "syn", count(sums->syn));
	set(builder, object, "attempts", count(sums->attempts));
	set(builder, object, "udp", count(sums->udp));
	set(builder, object, "other_syn", count(sums->other_syn));
	set(builder, object, "kernel_drops", count(sums->kernel_drops));
	set(builder, object, "full_table_buckets", count(sums->full_tables));
	return object;
}

static json_t *coverage_to_json(struct builder *builder, const struct target_health *target)
{
	json_t *object = json_object();
	bool known = target->window_until > target->window_from;
	set(builder, object, "from", known ? json_integer(target->window_from) : json_null());
	set(builder, object, "until", known ? json_integer(target->window_until) : json_null());
	set(builder, object, "covered_seconds",
	    known ? count(target->window_covered) : json_null());
	set(builder, object, "share", number_or_null(target_health_coverage(target)));
	return object;
}

static json_t *target_to_json(struct builder *builder, const struct status_reading *reading,
			      size_t index)
{
	const struct target_health *target = &reading->health[index];
	json_t *object = json_object(), *ledger = json_object(), *rrd = json_object();
	bool ever = target->last_observed != TIME_UNKNOWN;
	set(builder, object, "name", json_string(reading->targets.target[index].name));
	set(builder, object, "health", json_string(health_grade_name(target->health.grade)));
	set(builder, object, "reasons", reasons_to_json(builder, &target->health));
	set(builder, object, "first_observed", time_or_null(target->first_observed));
	set(builder, object, "last_observed", time_or_null(target->last_observed));
	set(builder, object, "seconds_since_observed",
	    ever ? json_integer(reading->at - target->last_observed) : json_null());
	set(builder, object, "last_syn", time_or_null(target->last_syn));
	set(builder, object, "coverage", coverage_to_json(builder, target));
	set(builder, object, "last_24h", sums_to_json(builder, &target->day));
	set(builder, object, "total", sums_to_json(builder, &target->all));
	set(builder, ledger, "damaged_lines", count(target->damaged_lines));
	set(builder, ledger, "torn_bytes", count(target->torn_bytes));
	set(builder, object, "ledger", ledger);
	set(builder, rrd, "updated", time_or_null(reading->rrd_updated[index]));
	set(builder, rrd, "behind_seconds",
	    target->rrd_known ? json_integer(target->rrd_behind) : json_null());
	set(builder, object, "rrd", rrd);
	return object;
}

static json_t *disk_to_json(struct builder *builder, const struct disk_space *disk)
{
	json_t *object = json_object();
	set(builder, object, "free_bytes", disk->known ? count(disk->free_bytes) : json_null());
	set(builder, object, "size_bytes", disk->known ? count(disk->size_bytes) : json_null());
	set(builder, object, "free_share", number_or_null(disk_space_free_share(disk)));
	return object;
}

int status_print_json(const struct status_reading *reading, FILE *stream)
{
	struct builder builder = {.ok = true};
	json_t *object = json_object(), *targets = json_array();
	json_t *path = json_string(reading->path);
	set(&builder, object, "state", path ? path : json_null());
	set(&builder, object, "at", json_integer(reading->at));
	set(&builder, object, "health", json_string(health_grade_name(reading->whole.grade)));
	set(&builder, object, "reasons", reasons_to_json(&builder, &reading->whole));
	set(&builder, object, "disk", disk_to_json(&builder, &reading->disk));
	for (size_t i = 0; i < reading->targets.targets; i++)
		append(&builder, targets, target_to_json(&builder, reading, i));
	set(&builder, object, "targets", targets);
	int result = builder.ok
			     ? json_dumpf(object, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(15))
			     : -1;
	json_decref(object);
	return result == 0 && fputc('\n', stream) != EOF ? 0 : -1;
}
