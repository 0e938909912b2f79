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
#include <stdlib.h>
#include <string.h>

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

/* Text from outside, such as a file's name: JSON is UTF-8, so where it is not, the bytes beyond
 * ASCII are told as '?'. NULL when there is no memory. */
static inline json_t *json_outside_text(const char *text)
{
	json_t *json = json_string(text);
	char *ascii = json ? NULL : strdup(text);
	for (char *next = ascii; next && *next; next++)
		if ((unsigned char)*next >= 0x80)
			*next = '?';
	json = json ? json : json_string(ascii ? ascii : "");
	free(ascii);
	return json;
}

/* JSON has neither infinity nor NaN: null says unknown. */
static inline json_t *json_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

#endif
