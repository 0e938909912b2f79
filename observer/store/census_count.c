/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a packet changes in the block. Every change is kept in the journal before. */
#include "../fingerprint.h"
#include "census.h"

#include <stddef.h>

enum { UDP = 17 }; /* IANA number */

static void add_64(const struct journal_region *region, uint64_t *number)
{
	journal_keep(region, number, sizeof *number);
	++*number;
}

static void set_8(const struct journal_region *region, uint8_t *place, uint8_t value)
{
	if (*place == value)
		return;
	journal_keep(region, place, sizeof *place);
	*place = value;
}

/* One more source of a line; an upper bound when a file had counted some. */
static void add_source(const struct journal_region *region, uint32_t *sources, uint8_t *inexact,
		       uint8_t from_file)
{
	journal_keep(region, sources, sizeof *sources);
	++*sources;
	if (from_file)
		set_8(region, inexact, 1);
}

static bool current_is(const struct census *census, int64_t day)
{
	const struct census_side *side = &census->header->side[census->header->current];
	return side->open && side->day == day;
}

/* Writes the side's day before another takes its place. */
static int make_room(struct census *census, int side, struct failure *failure)
{
	struct failure why = {0};
	if (!census->header->side[side].open)
		return 0;
	if (census_file_write(census, side, &why) != 0) {
		if (!census->region)
			return fail(failure, why.status, "%s", why.text);
		census->header->days_lost++;
		say_warning("%s: a day of the census is lost", why.text);
	}
	census_forget(census, side);
	return 0;
}

static void empty(struct census *census, struct dense_table *table)
{
	journal_keep(census->region, table->entries, sizeof *table->entries);
	*table->entries = 0;
	dense_table_emptied(table);
}

static int begin_day(struct census *census, int index, int64_t day, struct failure *failure)
{
	struct census_side *side = &census->header->side[index];
	const struct journal_region *region = census->region;
	journal_keep(region, side, sizeof *side);
	*side = (struct census_side){.day = day, .open = 1};
	dense_table_emptied(&census->ports[index]);
	dense_table_emptied(&census->countries[index]);
	dense_table_emptied(&census->systems[index]);
	census->last = NULL;
	/* The side was empty, and is empty again after an undoing: what a file adds need not be
	 * kept. It would fill the journal. */
	census->region = NULL;
	int result = census_file_read(census, index, region != NULL, failure);
	census->region = region;
	if (result != 0)
		side->open = 0;
	return result;
}

/* The side of a day, or -1. A day right before the current one comes back for late packets only;
 * any other one is the current one from now on. */
static int choose_side(struct census *census, struct census_queue *queue, int64_t day,
		       struct failure *failure)
{
	struct census_header *header = census->header;
	int current = (int)header->current, other = !current;
	if (header->side[other].open && header->side[other].day == day)
		return other;
	census_settle(queue); /* what waits is of the days that are open */
	bool open = header->side[current].open;
	bool late = open && day == header->side[current].day - 1;
	int side = open ? other : current;
	if (make_room(census, side, failure) != 0 || begin_day(census, side, day, failure) != 0)
		return -1;
	if (!late) {
		journal_keep(census->region, &header->current, sizeof header->current);
		header->current = (uint32_t)side;
		empty(census, &census->sources);
		empty(census, &census->callers);
	}
	return side;
}

static uint64_t country_key(const struct geo_place *place)
{
	return place->country[0]
		       ? (uint64_t)(uint8_t)place->country[0] << 8 | (uint8_t)place->country[1]
		       : CENSUS_PLACE_UNKNOWN;
}

struct places {
	struct census_place *country, *system; /* NULL where it is not counted */
};

static struct places find_places(struct census *census, int side, const struct address *address)
{
	struct places places = {NULL, NULL};
	struct geo_place place;
	geo_look_up(census->geo, address, &place);
	if (geo_tells_countries(census->geo))
		places.country = census_place_entry(census, &census->countries[side],
						    country_key(&place), "");
	if (geo_tells_systems(census->geo))
		places.system = census_place_entry(
			census, &census->systems[side],
			place.system ? place.system : CENSUS_PLACE_UNKNOWN, place.system_name);
	return places;
}

enum source_is { SOURCE_KNOWN, SOURCE_NEW, SOURCE_NOT_LOOKED_UP };

static void count_place(const struct journal_region *region, struct census_place *place, int kind,
			enum source_is source)
{
	if (!place)
		return;
	add_64(region, &place->packets[kind]);
	if (source == SOURCE_NEW)
		add_source(region, &place->sources[kind], &place->inexact, place->from_file);
	else if (source == SOURCE_NOT_LOOKED_UP)
		set_8(region, &place->inexact, 1);
}

static void count_unknown_caller(struct census *census, int side, const struct address *address,
				 int kind)
{
	struct places places = find_places(census, side, address);
	count_place(census->region, places.country, kind, SOURCE_NOT_LOOKED_UP);
	count_place(census->region, places.system, kind, SOURCE_NOT_LOOKED_UP);
}

#define NO_PLACE UINT16_MAX

static uint16_t number_of(const struct dense_table *table, const struct census_place *place)
{
	if (!place)
		return NO_PLACE;
	return (uint16_t)(place - (const struct census_place *)(const void *)table->entry);
}

static struct census_place *place_of(const struct dense_table *table, uint16_t number)
{
	return number == NO_PLACE ? NULL : dense_table_entry(table, number);
}

static void note_caller(struct census *census, const struct census_waiting *waiting)
{
	const struct journal_region *region = census->region;
	int side = (int)census->header->current;
	bool added;
	uint32_t number = dense_table_note(&census->callers, waiting->source, &added, region);
	if (number == DENSE_TABLE_NONE) {
		count_unknown_caller(census, side, &waiting->address, waiting->kind);
		return;
	}
	struct census_caller *caller = dense_table_entry(&census->callers, number);
	struct dense_table *countries = &census->countries[side], *systems = &census->systems[side];
	if (added) {
		struct places places = find_places(census, side, &waiting->address);
		caller->country = number_of(countries, places.country);
		caller->system = number_of(systems, places.system);
	}
	enum source_is source = SOURCE_KNOWN;
	uint8_t bit = (uint8_t)(1u << waiting->kind);
	if (!(caller->seen & bit)) {
		set_8(region, &caller->seen, caller->seen | bit);
		source = SOURCE_NEW;
	}
	count_place(region, place_of(countries, caller->country), waiting->kind, source);
	count_place(region, place_of(systems, caller->system), waiting->kind, source);
}

static void note_pair(struct census *census, const struct census_waiting *waiting)
{
	bool added;
	struct census_port *port = waiting->port;
	uint32_t number = dense_table_note(&census->sources, waiting->pair, &added, census->region);
	if (number == DENSE_TABLE_NONE)
		set_8(census->region, &port->inexact, 1);
	else if (added)
		add_source(census->region, &port->sources, &port->inexact, port->from_file);
}

void census_settle(struct census_queue *queue)
{
	for (size_t i = 0; i < queue->length; i++) {
		const struct census_waiting *waiting = &queue->waiting[i];
		if (waiting->look_up)
			dense_table_prefetch_entry(&waiting->census->sources, waiting->pair);
		if (waiting->has_place)
			dense_table_prefetch_entry(&waiting->census->callers, waiting->source);
	}
	for (size_t i = 0; i < queue->length; i++) {
		const struct census_waiting *waiting = &queue->waiting[i];
		if (waiting->look_up)
			note_pair(waiting->census, waiting);
		if (waiting->has_place)
			note_caller(waiting->census, waiting);
	}
	queue->length = 0;
}

/* Its sources are not looked up: they are known of the current day only. */
static void note_late(struct census *census, int side, struct census_port *port,
		      const struct census_packet *packet)
{
	set_8(census->region, &port->inexact, 1);
	if (packet->to_target && census->geo)
		count_unknown_caller(census, side, &packet->address, packet->protocol == UDP);
}

static void wait_for(struct census *census, struct census_queue *queue, struct census_port *port,
		     const struct census_packet *packet)
{
	/* Shortly after midnight the first packet may stand in the census of the day before. */
	bool look_up = !packet->repeated || packet->seconds % 86400 < CENSUS_REPEAT_SECONDS;
	bool has_place = packet->to_target && census->geo;
	if (look_up && dense_table_full(&census->sources)) {
		/* A full set takes in no more: looking sources up would tell nothing. */
		set_8(census->region, &port->inexact, 1);
		look_up = false;
	}
	if (!look_up && !has_place)
		return;
	struct census_waiting *waiting = &queue->waiting[queue->length];
	waiting->census = census;
	waiting->port = port;
	waiting->look_up = look_up;
	waiting->has_place = has_place;
	if (look_up) {
		waiting->pair = fingerprint_with(packet->source, port->key);
		dense_table_prefetch(&census->sources, waiting->pair);
	}
	if (has_place) {
		waiting->source = packet->source;
		waiting->address = packet->address;
		waiting->kind = packet->protocol == UDP;
		dense_table_prefetch(&census->callers, waiting->source);
	}
	if (++queue->length == CENSUS_QUEUE_LENGTH)
		census_settle(queue);
}

int census_note(struct census *census, struct census_queue *queue,
		const struct census_packet *packet, struct failure *failure)
{
	int64_t day = packet->seconds / 86400;
	int side = (int)census->header->current;
	if (!current_is(census, day)) {
		side = choose_side(census, queue, day, failure);
		if (side < 0)
			return -1;
	}
	bool late = side != (int)census->header->current;
	uint64_t key = (uint64_t)packet->protocol << 16 | packet->port;
	struct census_port *port = census->last;
	if (late || !port || port->key != key) {
		port = census_port_entry(census, side, packet->protocol, packet->port);
		if (!port) {
			add_64(census->region, &census->header->not_counted);
			return 0;
		}
		if (!late)
			census->last = port;
	}
	add_64(census->region, &port->packets);
	if (late)
		note_late(census, side, port, packet);
	else
		wait_for(census, queue, port, packet);
	return 0;
}
