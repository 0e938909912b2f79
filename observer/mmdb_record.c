/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mmdb_record.h"

#include <string.h>

enum { DOUBLE_ = 3, ARRAY = 11, CONTAINER = 12, END_MARKER = 13, BOOLEAN = 14, FLOAT_ = 15 };

/* What is read, how far, and how many values it may still be. */
struct reader {
	const uint8_t *data;
	size_t size, at;
	unsigned values;
};

/* The next `count` bytes (at most 4) as a big-endian number. */
static bool read_bytes(struct reader *reader, unsigned count, uint32_t *number)
{
	if (reader->size - reader->at < count)
		return false;
	*number = 0;
	for (unsigned i = 0; i < count; i++)
		*number = *number << 8 | reader->data[reader->at++];
	return true;
}

/* The five low bits of a control byte tell a size, or how many bytes behind it do. */
static bool read_size(struct reader *reader, uint32_t control, uint32_t *size)
{
	static const uint32_t base[] = {29, 285, 65821};
	*size = control & 0x1f;
	if (*size < 29)
		return true;
	unsigned more = *size - 28;
	if (!read_bytes(reader, more, size))
		return false;
	*size += base[more - 1];
	return true;
}

/* Where a pointer leads goes to value->size. */
static bool read_pointer(struct reader *reader, uint32_t control, struct mmdb_value *value)
{
	static const uint32_t base[] = {0, 2048, 526336, 0};
	unsigned kind = control >> 3 & 3;
	uint32_t low;
	if (!read_bytes(reader, kind + 1, &low))
		return false;
	uint32_t high = kind < 3 ? (control & 7) << (8 * (kind + 1)) : 0;
	value->size = high + low + base[kind];
	return true;
}

/* Reads one value; of a map or an array only its head. */
static bool read_value(struct reader *reader, struct mmdb_value *value)
{
	uint32_t control, extended;
	if (reader->values == 0 || !read_bytes(reader, 1, &control))
		return false;
	reader->values--;
	value->type = control >> 5;
	value->bytes = NULL;
	if (value->type == MMDB_RECORD_POINTER)
		return read_pointer(reader, control, value);
	if (value->type == 0) {
		if (!read_bytes(reader, 1, &extended))
			return false;
		value->type = extended + 7;
	}
	if (!read_size(reader, control, &value->size))
		return false;
	if (value->type == MMDB_RECORD_MAP || value->type == ARRAY || value->type == BOOLEAN)
		return true;
	if (value->type < 2 || value->type > FLOAT_ || value->type == CONTAINER ||
	    value->type == END_MARKER || value->size > reader->size - reader->at)
		return false;
	value->bytes = reader->data + reader->at;
	reader->at += value->size;
	return true;
}

/* The values inside of a map or an array. */
static uint32_t inner_values(const struct mmdb_value *value)
{
	if (value->type == MMDB_RECORD_MAP)
		return value->size * 2; /* sizes have 25 bits */
	return value->type == ARRAY ? value->size : 0;
}

/* Whether a pointer leads to a text or a number. */
static bool leads_to_end(const struct reader *reader, const struct mmdb_value *pointer)
{
	struct reader there = *reader;
	struct mmdb_value value;
	if (pointer->size >= reader->size)
		return false;
	there.at = pointer->size;
	return read_value(&there, &value) && value.type != MMDB_RECORD_POINTER &&
	       inner_values(&value) == 0;
}

/* Reads on behind everything that the value holds. With `self_contained` a pointer inside may only
 * lead to a text or a number: what else it led to would have to be looked through too. */
static bool skip_inner(struct reader *reader, const struct mmdb_value *value, bool self_contained)
{
	uint32_t left[MMDB_RECORD_DEPTH] = {inner_values(value)};
	for (unsigned depth = 1; depth > 0;) {
		struct mmdb_value inner;
		if (left[depth - 1] == 0) {
			depth--;
			continue;
		}
		left[depth - 1]--;
		if (!read_value(reader, &inner))
			return false;
		if (self_contained && inner.type == MMDB_RECORD_POINTER &&
		    !leads_to_end(reader, &inner))
			return false;
		uint32_t values = inner_values(&inner);
		if (values == 0)
			continue;
		if (depth == MMDB_RECORD_DEPTH)
			return false;
		left[depth++] = values;
	}
	return true;
}

/* As read_value(), and when it is a pointer, what that leads to. A pointer to a pointer is not
 * allowed. */
static bool read_followed(struct reader *reader, struct mmdb_value *value)
{
	if (!read_value(reader, value))
		return false;
	if (value->type != MMDB_RECORD_POINTER)
		return true;
	if (value->size >= reader->size)
		return false;
	reader->at = value->size;
	return read_value(reader, value) && value->type != MMDB_RECORD_POINTER;
}

/* A key, which may be a pointer to a text; reads on behind it in the map. */
static bool read_key(struct reader *reader, struct mmdb_value *key)
{
	if (!read_value(reader, key))
		return false;
	if (key->type == MMDB_RECORD_POINTER) {
		size_t behind = reader->at;
		if (key->size >= reader->size)
			return false;
		reader->at = key->size;
		if (!read_value(reader, key))
			return false;
		reader->at = behind;
	}
	return key->type == MMDB_RECORD_TEXT;
}

/* In the map whose head was just read: the value of a key. */
static bool find_key(struct reader *reader, const struct mmdb_value *map, const char *wanted,
		     struct mmdb_value *value)
{
	size_t length = strlen(wanted);
	if (map->type != MMDB_RECORD_MAP)
		return false;
	for (uint32_t i = 0; i < map->size; i++) {
		struct mmdb_value key, skipped;
		if (!read_key(reader, &key))
			return false;
		if (key.size == length && memcmp(key.bytes, wanted, length) == 0)
			return read_followed(reader, value);
		if (!read_value(reader, &skipped) || !skip_inner(reader, &skipped, false))
			return false;
	}
	return false;
}

static bool begin(struct reader *reader, const uint8_t *data, size_t size, size_t offset)
{
	*reader = (struct reader){data, size, offset, MMDB_RECORD_VALUES};
	return offset < size;
}

bool mmdb_record_find(const uint8_t *data, size_t size, size_t offset, const char *const *path,
		      struct mmdb_value *value)
{
	struct reader reader;
	if (!begin(&reader, data, size, offset) || !read_followed(&reader, value))
		return false;
	for (; *path; path++) {
		struct mmdb_value map = *value;
		if (!find_key(&reader, &map, *path, value))
			return false;
	}
	return true;
}

bool mmdb_record_sound(const uint8_t *data, size_t size, size_t offset)
{
	struct reader reader;
	struct mmdb_value value;
	return begin(&reader, data, size, offset) && read_value(&reader, &value) &&
	       value.type != MMDB_RECORD_POINTER && skip_inner(&reader, &value, true);
}

bool mmdb_record_number(const struct mmdb_value *value, uint32_t *number)
{
	if ((value->type != MMDB_RECORD_UINT16 && value->type != MMDB_RECORD_UINT32 &&
	     value->type != MMDB_RECORD_UINT64) ||
	    value->size > 8)
		return false;
	uint64_t sum = 0;
	for (uint32_t i = 0; i < value->size; i++)
		sum = sum << 8 | value->bytes[i];
	if (sum > UINT32_MAX)
		return false;
	*number = (uint32_t)sum;
	return true;
}
