/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "census.h"

#include "../base/whole_file.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define PORT_OTHERS 0

struct census_capacity census_capacity_private(void)
{
	return (struct census_capacity){
		.ports = CENSUS_PORTS_MAX,
		.sources = CENSUS_SOURCES_MAX,
		.countries = CENSUS_COUNTRIES_MAX,
		.systems = CENSUS_SYSTEMS_MAX,
	};
}

struct census_capacity census_capacity_shared(size_t targets)
{
	struct census_capacity capacity = census_capacity_private();
	size_t share = targets ? CENSUS_SOURCES_ALL / targets : CENSUS_SOURCES_ALL;
	if (share < CENSUS_SOURCES_LEAST)
		share = CENSUS_SOURCES_LEAST;
	if (share < capacity.sources)
		capacity.sources = (uint32_t)share;
	return capacity;
}

/* One place for the order of the tables in the block; memory NULL only measures. */
static size_t lay_out(struct census *census, uint8_t *memory,
		      const struct census_capacity *capacity, bool *opened)
{
	struct census_header *header = (struct census_header *)(void *)memory;
	size_t at = sizeof *header;
	const struct {
		struct dense_table *table;
		size_t size;
		uint32_t *entries, capacity;
	} tables[] = {
#define TABLE(name, type, where, limit)                                                            \
	{census ? &census->name : NULL, sizeof(struct type), header ? &header->where : NULL, limit}
		TABLE(ports[0], census_port, side[0].ports, capacity->ports),
		TABLE(ports[1], census_port, side[1].ports, capacity->ports),
		TABLE(countries[0], census_place, side[0].countries, capacity->countries),
		TABLE(countries[1], census_place, side[1].countries, capacity->countries),
		TABLE(systems[0], census_place, side[0].systems, capacity->systems),
		TABLE(systems[1], census_place, side[1].systems, capacity->systems),
		TABLE(callers, census_caller, callers, capacity->sources),
#undef TABLE
		{census ? &census->sources : NULL, sizeof(uint64_t),
		 header ? &header->sources : NULL, capacity->sources},
	};
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		if (memory && !dense_table_open(tables[i].table, memory + at, tables[i].size,
						tables[i].entries, tables[i].capacity))
			*opened = false;
		at += tables[i].size * tables[i].capacity;
	}
	return at;
}

size_t census_memory_size(const struct census_capacity *capacity)
{
	return lay_out(NULL, NULL, capacity, NULL);
}

static bool side_is_sound(const struct census_side *side, const struct census_capacity *capacity)
{
	/* Days between the years 1 and 9999, which timestamp_format_date() can write. */
	return side->open <= 1 && side->ports <= capacity->ports &&
	       side->countries <= capacity->countries && side->systems <= capacity->systems &&
	       side->day > -719162 && side->day < 2932897;
}

int census_open(struct census *census, const char *directory, void *memory,
		const struct census_capacity *capacity, const struct journal_region *region,
		struct geo *geo, struct failure *failure)
{
	struct census_header *header = memory;
	bool opened = true;
	*census = (struct census){.header = header, .region = region, .geo = geo};
	snprintf(census->directory, sizeof census->directory, "%s", directory);
	if (header->current > 1 || header->sources > capacity->sources ||
	    header->callers > capacity->sources || !side_is_sound(&header->side[0], capacity) ||
	    !side_is_sound(&header->side[1], capacity)) {
		say_warning("%s: what was being counted is damaged: the day begins anew",
			    directory);
		memset(header, 0, sizeof *header);
	}
	lay_out(census, memory, capacity, &opened);
	if (!opened) {
		census_free(census);
		return fail(failure, EXIT_FAILED, "%s: out of memory", directory);
	}
	return make_directories(directory, failure);
}

void census_free(struct census *census)
{
	for (int side = 0; side < 2; side++) {
		dense_table_free(&census->ports[side]);
		dense_table_free(&census->countries[side]);
		dense_table_free(&census->systems[side]);
	}
	dense_table_free(&census->sources);
	dense_table_free(&census->callers);
	*census = (struct census){0};
}

void census_keep_replaced(struct census *census)
{
	census->keep_replaced = true;
}

uint64_t census_days_lost(const struct census *census)
{
	return census->header->days_lost;
}

struct census_port *census_port_entry(struct census *census, int side, uint8_t protocol,
				      uint16_t port)
{
	struct dense_table *table = &census->ports[side];
	uint64_t key = (uint64_t)protocol << 16 | port;
	uint32_t number = dense_table_find(table, key);
	bool added;
	if (number == DENSE_TABLE_NONE) {
		/* The last two are kept for what does not fit: TCP and UDP to other ports. */
		if (*table->entries >= table->capacity - 2 && port != PORT_OTHERS)
			return census_port_entry(census, side, protocol, PORT_OTHERS);
		number = dense_table_note(table, key, &added, census->region);
	}
	return number == DENSE_TABLE_NONE ? NULL : dense_table_entry(table, number);
}

struct census_place *census_place_entry(struct census *census, struct dense_table *table,
					uint64_t key, const char *name)
{
	bool added = false;
	uint32_t number = dense_table_find(table, key);
	if (number == DENSE_TABLE_NONE) {
		/* The last two are kept for the unknown and the others. */
		if (*table->entries >= table->capacity - 2 && key < CENSUS_PLACE_UNKNOWN)
			return census_place_entry(census, table, CENSUS_PLACE_OTHERS, "");
		number = dense_table_note(table, key, &added, census->region);
	}
	if (number == DENSE_TABLE_NONE)
		return NULL;
	struct census_place *place = dense_table_entry(table, number);
	if (added)
		snprintf(place->name, sizeof place->name, "%s", name);
	return place;
}

int census_due(const struct census *census, int64_t now)
{
	for (int index = 0; index < 2; index++) {
		const struct census_side *side = &census->header->side[index];
		if (side->open && (side->day + 1) * 86400 + CENSUS_GRACE <= now)
			return index;
	}
	return -1;
}

/* Not journalled: an undoing that brought it back would find its place taken by another day. */
void census_forget(struct census *census, int side)
{
	atomic_signal_fence(memory_order_seq_cst);
	census->header->side[side].open = 0;
	atomic_signal_fence(memory_order_seq_cst);
	census->last = NULL;
}

int census_write(struct census *census, int64_t now, struct failure *failure)
{
	for (int side = census_due(census, now); side >= 0; side = census_due(census, now)) {
		if (census_file_write(census, side, failure) != 0)
			return -1;
		census_forget(census, side);
	}
	return 0;
}

static int write_both(struct census *census, bool forget_current, struct failure *failure)
{
	int current = (int)census->header->current, result = 0;
	for (int side = 0; side < 2; side++) {
		if (!census->header->side[side].open)
			continue;
		if (census_file_write(census, side, failure) != 0)
			result = -1;
		else if (side != current || forget_current)
			census_forget(census, side);
	}
	return result;
}

int census_finish(struct census *census, struct failure *failure)
{
	return write_both(census, false, failure);
}

int census_release(struct census *census, struct failure *failure)
{
	return write_both(census, true, failure);
}
