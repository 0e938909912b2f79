/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison_json.h"

#include "phrase.h"
#include "../observer/base/json_builder.h"

static json_t *estimate(struct json_builder *builder, const struct interval *interval)
{
	json_t *object = json_object(), *limits = json_array();
	json_set(builder, object, "value", json_number(interval->known ? interval->value : NAN));
	json_append(builder, limits, json_number(interval->known ? interval->low : NAN));
	json_append(builder, limits, json_number(interval->known ? interval->high : NAN));
	json_set(builder, object, "ci95", limits);
	return object;
}

static json_t *member_to_json(struct json_builder *builder, const struct comparison_member *member)
{
	json_t *object = json_object(), *phases = json_object(), *rates = json_array();
	json_set(builder, object, "name", json_outside_text(member->name));
	json_set(builder, object, "client",
		 member->client[0] ? json_outside_text(member->client) : json_null());
	json_set(builder, object, "policy",
		 member->policy[0] ? json_string(member->policy) : json_null());
	json_set(builder, object, "covered_hours", json_number(member->covered_hours));
	json_set(builder, object, "count", json_integer((json_int_t)member->count));
	json_set(builder, object, "steady_hours", json_number(member->steady_hours));
	for (int kind = PHASE_STEADY; kind <= PHASE_SILENT; kind++)
		json_set(builder, phases, phase_kind_name((enum phase_kind)kind),
			 json_integer((json_int_t)member->phases[kind]));
	json_set(builder, object, "phases", phases);
	json_set(builder, object, "last_syn_hours", json_number(member->last_syn_hours));
	json_set(builder, object, "half_life_hours", estimate(builder, &member->half_life));
	json_set(builder, object, "hours_to_one_a_day", estimate(builder, &member->to_daily));
	json_set(builder, object, "residual_total", estimate(builder, &member->residual_total));
	json_set(builder, object, "silent_next_30d", json_number(member->silent_30d));
	for (int age = 0; age < COMPARISON_AGES; age++)
		json_append(builder, rates, json_number(member->rate[age]));
	json_set(builder, object, "per_hour_at_age", rates);
	return object;
}

static json_t *group_to_json(struct json_builder *builder, const struct comparison_group *group)
{
	json_t *object = json_object();
	json_set(builder, object, "name", json_outside_text(group->name));
	json_set(builder, object, "series", json_integer((json_int_t)group->members));
	json_set(builder, object, "half_life_hours", estimate(builder, &group->half_life));
	json_set(builder, object, "hours_to_one_a_day", estimate(builder, &group->to_daily));
	return object;
}

static json_t *pair_to_json(struct json_builder *builder, const struct comparison *comparison,
			    const struct comparison_pair *pair)
{
	static const char *const verdict[] = {
		[VERDICT_UNKNOWN] = "unknown",
		[VERDICT_FASTER] = "faster",
		[VERDICT_SLOWER] = "slower",
		[VERDICT_UNDECIDED] = "undecided",
	};
	json_t *object = json_object();
	json_set(builder, object, "first", json_outside_text(comparison->group[pair->first].name));
	json_set(builder, object, "second",
		 json_outside_text(comparison->group[pair->second].name));
	json_set(builder, object, "verdict", json_string(verdict[pair->verdict]));
	json_set(builder, object, "half_life_ratio", estimate(builder, &pair->half_life_ratio));
	json_set(builder, object, "hours_to_one_a_day_ratio",
		 estimate(builder, &pair->to_daily_ratio));
	json_set(builder, object, "hours_to_one_a_day_difference",
		 estimate(builder, &pair->to_daily_difference));
	return object;
}

json_t *comparison_to_json(const struct comparison *comparison)
{
	struct json_builder builder = {.ok = true};
	json_t *object = json_object(), *ages = json_array(), *members = json_array();
	json_t *groups = json_array(), *pairs = json_array();
	json_set(&builder, object, "counts",
		 json_string(comparison->counts_attempts ? "attempts" : "syn"));
	json_set(&builder, object, "policies_differ", json_boolean(comparison->policies_differ));
	for (int age = 0; age <= COMPARISON_AGES; age++)
		json_append(&builder, ages, json_number(comparison_age[age]));
	json_set(&builder, object, "ages_hours", ages);
	for (size_t i = 0; i < comparison->members; i++)
		json_append(&builder, members, member_to_json(&builder, &comparison->member[i]));
	json_set(&builder, object, "series", members);
	for (size_t i = 0; i < comparison->groups; i++)
		json_append(&builder, groups, group_to_json(&builder, &comparison->group[i]));
	json_set(&builder, object, "clients", groups);
	for (size_t i = 0; i < comparison->pairs; i++)
		json_append(&builder, pairs,
			    pair_to_json(&builder, comparison, &comparison->pair[i]));
	json_set(&builder, object, "pairs", pairs);
	if (!builder.ok) {
		json_decref(object);
		return NULL;
	}
	return object;
}
