/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json_builder: filling JSON objects and arrays with jansson, with one look for failure at the
 * end. json_object_set_new() and its kin take the reference even when they fail, and refuse NULL,
 * so a failure anywhere shows in `ok`. A header alone, because the agent links no jansson. */
#ifndef STALENODE_JSON_BUILDER_H
#define STALENODE_JSON_BUILDER_H

#include <jansson.h>
#include <math.h>
#include <stdbool.h>

struct json_builder {
	bool ok; /* true at the beginning */
};

static inline void json_set(struct json_builder *builder, json_t *object, const char *key,
			    json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		builder->ok = false;
}

static inline void json_append(struct json_builder *builder, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		builder->ok = false;
}

/* JSON has neither infinity nor NaN: null says unknown. */
static inline json_t *json_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

#endif
