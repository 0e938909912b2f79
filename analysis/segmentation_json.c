/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "segmentation_json.h"

#include "hourly.h"

static json_t *segment_to_json(struct json_builder *builder, const struct hourly *hourly,
			       const struct series *series, size_t first, size_t last)
{
	json_t *object = json_object();
	double count = 0, observed = 0;
	for (size_t i = first; i < last; i++) {
		count += hourly->hour[i].count;
		observed += hourly->hour[i].observed;
	}
	json_set(builder, object, "from_hours", json_integer(hourly_begin(hourly, series, first)));
	json_set(builder, object, "to_hours",
		 json_integer(hourly_begin(hourly, series, last - 1) + 1));
	json_set(builder, object, "count", json_integer((json_int_t)count));
	json_set(builder, object, "observed_hours", json_number(observed));
	return object;
}

static json_t *partition_to_json(struct json_builder *builder, const struct hourly *hourly,
				 const struct series *series, double factor)
{
	struct partition partition;
	json_t *object = json_object(), *segments = json_array();
	double penalty = hourly->hours > 0 ? factor * log((double)hourly->hours) : 0;
	if (partition_find(&partition, hourly->hour, hourly->hours, penalty, NULL) < 0)
		builder->ok = false;
	size_t first = 0;
	for (size_t i = 0; i < partition.segments; i++) {
		json_append(builder, segments,
			    segment_to_json(builder, hourly, series, first, partition.end[i]));
		first = partition.end[i];
	}
	json_set(builder, object, "penalty", json_number(penalty));
	json_set(builder, object, "total_cost", json_number(partition.cost));
	json_set(builder, object, "hours", json_integer((json_int_t)hourly->hours));
	json_set(builder, object, "segments", segments);
	partition_free(&partition);
	return object;
}

json_t *segmentation_to_json(struct json_builder *builder, const struct series *series)
{
	struct hourly hourly;
	json_t *object = json_object();
	if (hourly_collect(&hourly, series, NULL) < 0)
		builder->ok = false;
	json_set(builder, object, "3ln_n", partition_to_json(builder, &hourly, series, 3));
	json_set(builder, object, "10ln_n", partition_to_json(builder, &hourly, series, 10));
	hourly_free(&hourly);
	return object;
}
