/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "census_record.h"

#include "../observer/base/timestamp.h"
#include "../observer/store/census.h"
#include "../observer/store/targets.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_SECONDS	86400
#define PORT_NUMBERS	131072 /* TCP, then UDP */
#define PLACES_READ_MAX 8192

/* While it is read. */
struct reading {
	struct census_record *record;
	struct census census;
	void *memory;
	double *packets; /* of every port, by its number */
	int8_t *rank;	 /* its place among record->port, or -1 */
	struct tally {
		uint64_t key;
		double sources, syn;
		char name[GEO_NAME_SIZE];
	} * tally[2]; /* countries, systems */
	uint32_t tallies[2];
	struct dense_table tallied[2]; /* finds them */
	bool ranked;		       /* the second time round */
};

static size_t port_number(uint64_t key)
{
	return (key >> 16 == 17 ? 65536 : 0) + (key & 0xffff);
}

/* The first and the last day of which there is a file; false when there is none. */
static bool find_days(const char *directory, int64_t *first, int64_t *last)
{
	DIR *open = opendir(directory);
	struct dirent *entry;
	bool found = false;
	while (open && (entry = readdir(open))) {
		char date[11];
		int64_t seconds;
		snprintf(date, sizeof date, "%.10s", entry->d_name);
		if (strlen(entry->d_name) < 14 ||
		    strcmp(entry->d_name + strlen(entry->d_name) - 4, ".tsv") != 0 ||
		    !timestamp_parse(date, &seconds))
			continue;
		int64_t day = seconds / DAY_SECONDS;
		*first = found && *first < day ? *first : day;
		*last = found && *last > day ? *last : day;
		found = true;
	}
	if (open)
		closedir(open);
	return found;
}

static void add_place(struct reading *reading, int which, const struct census_place *place)
{
	struct census_record_places *places =
		which ? &reading->record->systems : &reading->record->countries;
	struct dense_table *table = &reading->tallied[which];
	bool added = false;
	/* The last one is kept for systems that find no room: they are told with the others. */
	bool full = reading->tallies[which] >= PLACES_READ_MAX - 1;
	uint32_t number = dense_table_find(table, place->key);
	if (number == DENSE_TABLE_NONE)
		number = dense_table_note(table, full ? CENSUS_PLACE_OTHERS : place->key, &added,
					  NULL);
	if (number == DENSE_TABLE_NONE) {
		places->exact = false;
		return;
	}
	struct tally *tally = dense_table_entry(table, number);
	if (added)
		snprintf(tally->name, sizeof tally->name, "%s", place->name);
	tally->sources += place->sources[0];
	tally->syn += (double)place->packets[0];
	places->exact = places->exact && !place->inexact;
}

static void add_day(struct reading *reading, size_t day)
{
	const struct dense_table *ports = &reading->census.ports[0];
	for (uint32_t i = 0; i < *ports->entries; i++) {
		const struct census_port *port = dense_table_entry(ports, i);
		size_t number = port_number(port->key);
		if (!reading->ranked) {
			reading->packets[number] += (double)port->packets;
			continue;
		}
		int rank = reading->rank[number];
		size_t place = rank >= 0 ? (size_t)rank : reading->record->ports - 1;
		reading->record->port[place].per_day[day] += (double)port->packets;
	}
	const struct dense_table *places[] = {&reading->census.countries[0],
					      &reading->census.systems[0]};
	for (int which = 0; which < 2 && !reading->ranked; which++)
		for (uint32_t i = 0; i < *places[which]->entries; i++)
			add_place(reading, which, dense_table_entry(places[which], i));
}

static int read_target(struct reading *reading, const char *directory, struct failure *failure)
{
	const struct census_capacity capacity = {.ports = CENSUS_PORTS_MAX,
						 .sources = 1,
						 .countries = CENSUS_COUNTRIES_MAX,
						 .systems = CENSUS_SYSTEMS_MAX};
	reading->memory = calloc(1, census_memory_size(&capacity));
	if (!reading->memory)
		return fail(failure, EXIT_FAILED, "%s: out of memory", directory);
	int result = census_open_to_read(&reading->census, directory, reading->memory, &capacity,
					 failure);
	for (size_t day = 0; result == 0 && day < reading->record->days; day++) {
		result = census_read_day(&reading->census,
					 reading->record->first_day + (int64_t)day, failure);
		if (result == 0)
			add_day(reading, day);
	}
	if (reading->census.header)
		census_free(&reading->census);
	free(reading->memory);
	reading->memory = NULL;
	return result;
}

/* The busiest ports; port 0 is what had no room in a census. */
static int rank_ports(struct reading *reading, struct failure *failure)
{
	struct census_record *record = reading->record;
	memset(reading->rank, -1, PORT_NUMBERS);
	for (int rank = 0; rank <= CENSUS_RECORD_PORTS; rank++) {
		size_t best = 0;
		for (size_t i = 0; i < PORT_NUMBERS; i++)
			if ((i & 0xffff) != 0 && reading->rank[i] < 0 &&
			    reading->packets[i] > reading->packets[best] * (best != 0))
				best = i;
		bool last = rank == CENSUS_RECORD_PORTS || best == 0;
		struct census_record_port *port = &record->port[record->ports];
		port->per_day = calloc(record->days, sizeof *port->per_day);
		if (!port->per_day)
			return fail(failure, EXIT_FAILED, "out of memory for a census");
		record->ports++;
		if (last) {
			for (size_t i = 0; i < PORT_NUMBERS; i++)
				port->packets += reading->rank[i] < 0 ? reading->packets[i] : 0;
			if (port->packets <= 0 && record->ports > 1) {
				free(port->per_day);
				port->per_day = NULL;
				record->ports--;
			}
			return 0;
		}
		port->protocol = best >= 65536 ? 17 : 6;
		port->port = (uint16_t)(best & 0xffff);
		port->packets = reading->packets[best];
		reading->rank[best] = (int8_t)rank;
	}
	return 0;
}

static int compare_tallies(const void *left, const void *right)
{
	const struct tally *a = left, *b = right;
	if (a->sources < b->sources || a->sources > b->sources)
		return a->sources < b->sources ? 1 : -1;
	return (a->key > b->key) - (a->key < b->key);
}

static void name_place(struct census_record_place *place, const struct tally *tally, int which)
{
	if (which == 0)
		snprintf(place->name, sizeof place->name, "%c%c", (int)(tally->key >> 8 & 0xff),
			 (int)(tally->key & 0xff));
	else
		snprintf(place->name, sizeof place->name, "AS%u %s", (unsigned)tally->key,
			 tally->name);
}

static void rank_places(struct reading *reading, int which)
{
	struct census_record_places *places =
		which ? &reading->record->systems : &reading->record->countries;
	struct tally *tally = reading->tally[which];
	struct census_record_place others = {.others = true}, unknown = {.unknown = true};
	qsort(tally, reading->tallies[which], sizeof *tally, compare_tallies);
	for (size_t i = 0; i < reading->tallies[which]; i++) {
		struct census_record_place *place = &others;
		if (tally[i].key == CENSUS_PLACE_UNKNOWN) {
			place = &unknown;
		} else if (tally[i].key != CENSUS_PLACE_OTHERS &&
			   places->places < CENSUS_RECORD_PLACES) {
			place = &places->place[places->places++];
			name_place(place, &tally[i], which);
		}
		place->sources += tally[i].sources;
		place->syn += tally[i].syn;
		places->sources += tally[i].sources;
	}
	if (others.sources > 0)
		places->place[places->places++] = others;
	if (unknown.sources > 0)
		places->place[places->places++] = unknown;
}

static void add_observed(struct census_record *record, const struct series *series)
{
	for (size_t i = 0; i < series->rows; i++) {
		int64_t day = series->row[i].start / DAY_SECONDS - record->first_day;
		if (day >= 0 && day < (int64_t)record->days)
			record->observed_days[day] +=
				series->row[i].observed_seconds / (double)DAY_SECONDS;
	}
}

static int make_room(struct reading *reading, struct failure *failure)
{
	struct census_record *record = reading->record;
	record->observed_days = calloc(record->days, sizeof *record->observed_days);
	reading->packets = calloc(PORT_NUMBERS, sizeof *reading->packets);
	reading->rank = calloc(PORT_NUMBERS, sizeof *reading->rank);
	bool room = record->observed_days && reading->packets && reading->rank;
	for (int which = 0; which < 2; which++) {
		reading->tally[which] = calloc(PLACES_READ_MAX, sizeof *reading->tally[which]);
		room = room && reading->tally[which] &&
		       dense_table_open(&reading->tallied[which], reading->tally[which],
					sizeof *reading->tally[which], &reading->tallies[which],
					PLACES_READ_MAX);
	}
	return room ? 0 : fail(failure, EXIT_FAILED, "out of memory for a census");
}

static bool find_census_days(const char *path, char directory[4096], int64_t *first, int64_t *last)
{
	return snprintf(directory, 4096, "%s/census", path) < 4096 &&
	       find_days(directory, first, last);
}

bool census_record_exists(const char *path)
{
	char directory[4096];
	int64_t first, last;
	return find_census_days(path, directory, &first, &last);
}

/* STATE/NAME/census into directory. */
static int find_census(struct census_record *record, const char *path, char directory[4096],
		       struct failure *failure)
{
	int64_t first, last;
	if (!find_census_days(path, directory, &first, &last))
		return fail(failure, EXIT_FAILED,
			    "%.200s: no census in it: give a target's directory STATE/NAME that "
			    "'stalenode import' or 'observe' filled",
			    path);
	int64_t end = record->first_day + (int64_t)record->days;
	if (record->days > 0) {
		first = first < record->first_day ? first : record->first_day;
		last = last + 1 > end ? last : end - 1;
	}
	if (last - first >= CENSUS_RECORD_DAYS)
		return fail(failure, EXIT_FAILED,
			    "%.200s: over %d days of census: move away what a wrong clock left",
			    directory, CENSUS_RECORD_DAYS);
	record->first_day = first;
	record->days = (size_t)(last - first + 1);
	return 0;
}

/* A directory without a list of targets beside it is a target still. */
static void find_own_ports(struct census_record *record, const char *path)
{
	char state[4096], name[TARGET_NAME_SIZE];
	size_t end = strlen(path);
	while (end > 1 && path[end - 1] == '/')
		end--;
	size_t begin = end;
	while (begin > 0 && path[begin - 1] != '/')
		begin--;
	struct targets targets;
	struct failure absent = {0};
	snprintf(name, sizeof name, "%.*s", (int)(end - begin), path + begin);
	if (snprintf(state, sizeof state, "%s/..", path) >= (int)sizeof state ||
	    targets_read(&targets, state, &absent) != 0)
		return;
	const struct target *found = targets_find(&targets, name);
	record->own_ports = found ? found->ports : 0;
	for (size_t i = 0; i < record->own_ports; i++)
		record->own_port[i] = found->port[i];
	targets_free(&targets);
}

int census_record_load(struct census_record *record, const char *const *path,
		       const struct series *const *series, size_t targets, struct failure *failure)
{
	struct reading reading = {.record = record};
	char directory[4096];
	*record = (struct census_record){
		.targets = targets, .countries.exact = true, .systems.exact = true};
	int result = 0;
	for (size_t i = 0; i < targets && result == 0; i++)
		result = find_census(record, path[i], directory, failure);
	if (result == 0)
		result = make_room(&reading, failure);
	if (result == 0 && targets == 1)
		find_own_ports(record, path[0]);
	for (int round = 0; round < 2 && result == 0; round++) {
		reading.ranked = round == 1;
		for (size_t i = 0; i < targets && result == 0; i++) {
			snprintf(directory, sizeof directory, "%s/census", path[i]);
			result = read_target(&reading, directory, failure);
			if (round == 0)
				add_observed(record, series[i]);
		}
		if (round == 0 && result == 0)
			result = rank_ports(&reading, failure);
	}
	for (int which = 0; which < 2; which++) {
		if (result == 0)
			rank_places(&reading, which);
		dense_table_free(&reading.tallied[which]);
		free(reading.tally[which]);
	}
	free(reading.packets);
	free(reading.rank);
	if (result != 0)
		census_record_free(record);
	return result;
}

void census_record_free(struct census_record *record)
{
	for (size_t i = 0; i < CENSUS_RECORD_PORTS + 1; i++)
		free(record->port[i].per_day);
	free(record->observed_days);
	*record = (struct census_record){0};
}
