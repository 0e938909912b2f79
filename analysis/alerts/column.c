/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "column.h"

#include "alert_format.h"

/* The next value and what stands behind it; quotes as RFC 4180 has them, but for doubled ones,
 * which no value that is looked at has. */
static struct slice next_value(const char **at, const char *end, char separator)
{
	const char *begin = *at, *close = NULL;
	if (begin < end && *begin == '"')
		close = memchr(begin + 1, '"', (size_t)(end - begin - 1));
	const char *from = close ? close : begin;
	const char *behind = memchr(from, separator, (size_t)(end - from));
	if (!behind)
		behind = end;
	*at = behind < end ? behind + 1 : end;
	return slice_trimmed(slice_between(begin, behind));
}

static size_t separators(const char *at, const char *end, char separator)
{
	size_t count = 0;
	for (; at < end; at++)
		count += *at == separator;
	return count;
}

static char separator_of(const char *at, const char *end)
{
	static const char candidates[] = {',', ';', '\t'};
	char best = ',';
	size_t most = 0;
	for (size_t i = 0; i < sizeof candidates; i++) {
		size_t count = separators(at, end, candidates[i]);
		if (count > most) {
			most = count;
			best = candidates[i];
		}
	}
	return best;
}

bool column_header(struct column_map *map, const char *begin, const char *end)
{
	struct column_map found = {.fields_line = begins_with_any_case(begin, end, "#fields:")};
	bool source = false, destination = false;
	struct address address;
	if (found.fields_line)
		begin += strlen("#fields:");
	while (begin < end && (*begin == ' ' || (found.fields_line && *begin == '\t')))
		begin++;
	/* A name, also one in another alphabet. */
	if (begin == end ||
	    !(is_letter(*begin) || (unsigned char)*begin >= 0x80 || memchr("\"@_", *begin, 3)))
		return false;
	found.separator = separator_of(begin, end);
	if (found.fields_line && !separators(begin, end, found.separator))
		found.separator = ' ';
	while (begin < end && found.columns < COLUMNS_MAX) {
		struct slice name = next_value(&begin, end, found.separator);
		enum alert_role role = alert_role_of(name);
		if (slice_address(name, &address))
			return false;
		source |= role == ROLE_SOURCE;
		destination |= role == ROLE_DESTINATION;
		found.role[found.columns++] = (uint8_t)role;
	}
	if (source && destination)
		*map = found;
	return source && destination;
}

enum alert_format column_read(const struct log_line *line, struct alert *alert)
{
	const struct column_map *map = line->columns;
	struct alert_draft draft = {.alert = alert};
	const char *at = line->begin;
	if (!map->columns)
		return FORMAT_NONE;
	/* Its own columns tell the time, or nothing does. */
	alert->time_us = ALERT_TIME_UNKNOWN;
	for (size_t i = 0; i < map->columns && at < line->end; i++)
		alert_draft_take(&draft, map->role[i], next_value(&at, line->end, map->separator));
	if (!alert_draft_end(&draft, line->clock))
		return FORMAT_NONE;
	return map->fields_line ? FORMAT_WINDOWS : FORMAT_CSV;
}
