/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files of a day: tables with a line of names, then a line each, the busiest first. */
#include "census.h"

#include "../base/decimal.h"
#include "../base/timestamp.h"
#include "../base/whole_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE	   (4096 + 128)
#define FILE_MAX	   ((size_t)8 << 20) /* ten times what all tables full give */
#define PORTS_HEADING	   "#protocol\tport\tpackets\tsources\tsources_exact"
#define PLACES_HEADING(of) "#" of "\tsyn\tsyn_sources\tudp\tudp_sources\tsources_exact"
#define FIELDS_MAX	   7

enum census_table { CENSUS_PORTS, CENSUS_COUNTRIES, CENSUS_SYSTEMS };

static const char *const headings[] = {
	[CENSUS_PORTS] = PORTS_HEADING,
	[CENSUS_COUNTRIES] = PLACES_HEADING("country"),
	[CENSUS_SYSTEMS] = PLACES_HEADING("system") "\tname",
};
static const size_t fields_of[] = {
	[CENSUS_PORTS] = 5, [CENSUS_COUNTRIES] = 6, [CENSUS_SYSTEMS] = 7};

static void file_path(const struct census *census, int side, enum census_table table,
		      char path[PATH_SIZE])
{
	static const char *const endings[] = {
		[CENSUS_PORTS] = "tsv",
		[CENSUS_COUNTRIES] = "countries.tsv",
		[CENSUS_SYSTEMS] = "systems.tsv",
	};
	char date[TIMESTAMP_TEXT_SIZE];
	snprintf(path, PATH_SIZE, "%s/%s.%s", census->directory,
		 timestamp_format_date(census->header->side[side].day * 86400, date),
		 endings[table]);
}

static bool is_counted(const struct census *census, enum census_table table)
{
	return table == CENSUS_PORTS || census->only_read ||
	       (table == CENSUS_COUNTRIES ? geo_tells_countries(census->geo)
					  : geo_tells_systems(census->geo));
}

static struct dense_table *table_of(struct census *census, int side, enum census_table table)
{
	struct dense_table *const tables[] = {&census->ports[side], &census->countries[side],
					      &census->systems[side]};
	return tables[table];
}

/* --- writing -------------------------------------------------------------------------------- */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The busiest first; equal ones by number, so that the order is the same on every run. */
static int compare_ports(const void *left, const void *right)
{
	const struct census_port *a = left, *b = right;
	return a->packets != b->packets ? compare(b->packets, a->packets) : compare(a->key, b->key);
}

static int compare_places(const void *left, const void *right)
{
	const struct census_place *a = left, *b = right;
	for (int kind = 0; kind < 2; kind++)
		if (a->packets[kind] != b->packets[kind])
			return compare(b->packets[kind], a->packets[kind]);
	return compare(a->key, b->key);
}

static const char *yes_no(bool inexact)
{
	return inexact ? "no" : "yes";
}

static void write_port(FILE *stream, const struct census_port *port)
{
	fprintf(stream, "%s\t%u\t%" PRIu64 "\t%" PRIu32 "\t%s\n",
		port->key >> 16 == 6 ? "tcp" : "udp", (unsigned)(port->key & 0xffff), port->packets,
		port->sources, yes_no(port->inexact));
}

static void write_place(FILE *stream, enum census_table table, const struct census_place *place)
{
	if (place->key == CENSUS_PLACE_UNKNOWN)
		fputs("-", stream);
	else if (place->key == CENSUS_PLACE_OTHERS)
		fputs("others", stream);
	else if (table == CENSUS_COUNTRIES)
		fprintf(stream, "%c%c", (int)(place->key >> 8 & 0xff), (int)(place->key & 0xff));
	else
		fprintf(stream, "%" PRIu64, place->key);
	fprintf(stream, "\t%" PRIu64 "\t%" PRIu32 "\t%" PRIu64 "\t%" PRIu32 "\t%s",
		place->packets[0], place->sources[0], place->packets[1], place->sources[1],
		yes_no(place->inexact));
	if (table == CENSUS_SYSTEMS)
		fprintf(stream, "\t%s", place->name[0] ? place->name : "-");
	putc('\n', stream);
}

static void write_entries(FILE *stream, enum census_table table, void *entries, uint32_t count)
{
	fprintf(stream, "%s\n", headings[table]);
	if (table == CENSUS_PORTS)
		qsort(entries, count, sizeof(struct census_port), compare_ports);
	else
		qsort(entries, count, sizeof(struct census_place), compare_places);
	for (uint32_t i = 0; i < count; i++)
		if (table == CENSUS_PORTS)
			write_port(stream, (const struct census_port *)entries + i);
		else
			write_place(stream, table, (const struct census_place *)entries + i);
}

/* An import that is undone puts the file back. */
static int keep_old(const char *path, struct failure *failure)
{
	char before[PATH_SIZE + 8];
	snprintf(before, sizeof before, "%s.before", path);
	if (link(path, before) == 0 || errno == ENOENT || errno == EEXIST)
		return 0;
	return fail(failure, EXIT_FAILED, "%s: cannot create it: %s", before, strerror(errno));
}

static int write_table(const struct census *census, int side, enum census_table which,
		       const struct dense_table *table, struct failure *failure)
{
	char path[PATH_SIZE];
	struct whole_file file;
	uint32_t count = *table->entries;
	file_path(census, side, which, path);
	if (count == 0)
		return 0;
	/* Sorted in a copy: the block stays as it is until the file is written. */
	void *copy = malloc(count * table->size);
	if (!copy)
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	memcpy(copy, table->entry, count * table->size);
	int result = census->keep_replaced ? keep_old(path, failure) : 0;
	if (result == 0)
		result = whole_file_open(&file, path, failure);
	if (result == 0) {
		write_entries(file.stream, which, copy, count);
		result = whole_file_close(&file, failure);
	}
	free(copy);
	return result;
}

int census_file_write(const struct census *census, int side, struct failure *failure)
{
	if (write_table(census, side, CENSUS_PORTS, &census->ports[side], failure) != 0)
		return -1;
	if (write_table(census, side, CENSUS_COUNTRIES, &census->countries[side], failure) != 0)
		return -1;
	return write_table(census, side, CENSUS_SYSTEMS, &census->systems[side], failure);
}

/* --- reading -------------------------------------------------------------------------------- */

struct field {
	const char *text;
	size_t length;
};

static bool is(const struct field *field, const char *word)
{
	return field->length == strlen(word) && memcmp(field->text, word, field->length) == 0;
}

/* Splits a line of `length` bytes at its tabs; false when it has not `wanted` fields. */
static bool split(const char *line, size_t length, struct field *field, size_t wanted)
{
	for (size_t i = 0; i < wanted; i++) {
		const char *tab = memchr(line, '\t', length);
		if ((tab == NULL) != (i + 1 == wanted))
			return false;
		field[i] = (struct field){line, tab ? (size_t)(tab - line) : length};
		if (tab) {
			length -= field[i].length + 1;
			line = tab + 1;
		}
	}
	return true;
}

static bool parse_number(const struct field *field, uint64_t limit, uint64_t *value)
{
	return decimal_parse(field->text, field->length, limit, value);
}

/* Numbers that stay sound when a day is added to them. */
#define PACKETS_LIMIT (UINT64_MAX >> 1)
#define SOURCES_LIMIT (UINT32_MAX >> 1)

/* 0 exact, 1 not, -1 neither word. */
static int parse_exact(const struct field *field)
{
	return is(field, "yes") ? 0 : is(field, "no") ? 1 : -1;
}

static uint64_t add_packets(uint64_t packets, uint64_t more)
{
	return packets + more > PACKETS_LIMIT ? PACKETS_LIMIT : packets + more;
}

static uint32_t add_sources(uint32_t sources, uint64_t more)
{
	return sources + more > SOURCES_LIMIT ? SOURCES_LIMIT : (uint32_t)(sources + more);
}

/* A port that stands there twice was written by two runs: its sources are an upper bound. */
static bool take_port(struct census *census, int side, const struct field *field)
{
	uint64_t number, packets, sources;
	int inexact = parse_exact(&field[4]);
	bool tcp = is(&field[0], "tcp");
	if ((!tcp && !is(&field[0], "udp")) || !parse_number(&field[1], UINT16_MAX, &number) ||
	    !parse_number(&field[2], PACKETS_LIMIT, &packets) ||
	    !parse_number(&field[3], SOURCES_LIMIT, &sources) || inexact < 0)
		return false;
	struct census_port *port = census_port_entry(census, side, tcp ? 6 : 17, (uint16_t)number);
	if (!port)
		return false;
	port->inexact = (uint8_t)(port->inexact | inexact | port->from_file);
	port->packets = add_packets(port->packets, packets);
	port->sources = add_sources(port->sources, sources);
	port->from_file = 1;
	return true;
}

static bool parse_place(enum census_table table, const struct field *field, uint64_t *key)
{
	if (is(field, "-")) {
		*key = CENSUS_PLACE_UNKNOWN;
		return true;
	}
	if (is(field, "others")) {
		*key = CENSUS_PLACE_OTHERS;
		return true;
	}
	if (table == CENSUS_SYSTEMS)
		return parse_number(field, UINT32_MAX, key) && *key != 0;
	if (field->length != 2 || field->text[0] < 'A' || field->text[0] > 'Z' ||
	    field->text[1] < 'A' || field->text[1] > 'Z')
		return false;
	*key = (uint64_t)field->text[0] << 8 | (uint64_t)field->text[1];
	return true;
}

static bool take_place(struct census *census, int side, enum census_table table,
		       const struct field *field)
{
	uint64_t key, packets[2], sources[2];
	char name[GEO_NAME_SIZE] = "";
	int inexact = parse_exact(&field[5]);
	if (!parse_place(table, &field[0], &key) || inexact < 0)
		return false;
	for (size_t kind = 0; kind < 2; kind++)
		if (!parse_number(&field[1 + 2 * kind], PACKETS_LIMIT, &packets[kind]) ||
		    !parse_number(&field[2 + 2 * kind], SOURCES_LIMIT, &sources[kind]))
			return false;
	if (table == CENSUS_SYSTEMS) {
		if (field[6].length >= sizeof name)
			return false;
		if (!is(&field[6], "-"))
			memcpy(name, field[6].text, field[6].length);
	}
	struct census_place *place =
		census_place_entry(census, table_of(census, side, table), key, name);
	if (!place)
		return false;
	place->inexact = (uint8_t)(place->inexact | inexact | place->from_file);
	for (size_t kind = 0; kind < 2; kind++) {
		place->packets[kind] = add_packets(place->packets[kind], packets[kind]);
		place->sources[kind] = add_sources(place->sources[kind], sources[kind]);
	}
	place->from_file = 1;
	return true;
}

/* The number of the first line that is none of ours, or 0. */
static size_t take_lines(struct census *census, int side, enum census_table table,
			 const char *content, size_t length)
{
	const char *end = content + length;
	for (size_t number = 1; content < end; number++) {
		const char *newline = memchr(content, '\n', (size_t)(end - content));
		if (!newline)
			return number;
		struct field field[FIELDS_MAX], line = {content, (size_t)(newline - content)};
		content = newline + 1;
		if (number == 1) {
			if (!is(&line, headings[table]))
				return number;
			continue;
		}
		if (!split(line.text, line.length, field, fields_of[table]) ||
		    !(table == CENSUS_PORTS ? take_port(census, side, field)
					    : take_place(census, side, table, field)))
			return number;
	}
	return 0;
}

static void forget(struct census *census, int side, enum census_table which)
{
	struct dense_table *table = table_of(census, side, which);
	*table->entries = 0;
	dense_table_emptied(table);
}

static int read_table(struct census *census, int side, enum census_table table,
		      struct failure *failure)
{
	char path[PATH_SIZE];
	char *content;
	size_t length;
	file_path(census, side, table, path);
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return 0;
	if (whole_file_read(path, FILE_MAX, &content, &length, failure) != 0)
		return -1;
	size_t damaged = take_lines(census, side, table, content, length);
	free(content);
	if (damaged == 0)
		return 0;
	forget(census, side, table);
	return fail(failure, EXIT_FAILED,
		    "%s:%zu: not a line of a census: move the file out of the way", path, damaged);
}

static void move_aside(struct census *census, int side, enum census_table table,
		       const struct failure *why)
{
	char path[PATH_SIZE], aside[PATH_SIZE + 16];
	file_path(census, side, table, path);
	snprintf(aside, sizeof aside, "%s.damaged", path);
	say_warning("%s: it is set aside as %s", why->text,
		    rename(path, aside) == 0 ? aside : "nothing: it is written over");
}

int census_file_read(struct census *census, int side, bool set_aside, struct failure *failure)
{
	for (enum census_table table = CENSUS_PORTS; table <= CENSUS_SYSTEMS; table++) {
		struct failure why = {0};
		if (!is_counted(census, table) || read_table(census, side, table, &why) == 0)
			continue;
		if (!set_aside)
			return fail(failure, why.status, "%s", why.text);
		move_aside(census, side, table, &why);
	}
	return 0;
}

int census_open_to_read(struct census *census, const char *directory, void *memory,
			const struct census_capacity *capacity, struct failure *failure)
{
	if (census_open(census, directory, memory, capacity, NULL, NULL, failure) != 0)
		return -1;
	census->only_read = true;
	return 0;
}

int census_read_day(struct census *census, int64_t day, struct failure *failure)
{
	for (enum census_table table = CENSUS_PORTS; table <= CENSUS_SYSTEMS; table++)
		forget(census, 0, table);
	census->header->side[0].day = day;
	return census_file_read(census, 0, false, failure);
}
