/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * census_record: what the censuses of several targets say over time: the busiest destination
 * ports day by day, and where the sources are. */
#ifndef STALENODE_CENSUS_RECORD_H
#define STALENODE_CENSUS_RECORD_H

#include "../analysis/series.h"
#include "../observer/geo.h"
#include "../observer/target.h"

#define CENSUS_RECORD_PORTS  10 /* the busiest; all others are one more */
#define CENSUS_RECORD_PLACES 12 /* countries, systems */
/* A longer record is refused: no census is so long, and a wrong clock can be. */
#define CENSUS_RECORD_DAYS 36525

struct census_record_port {
	uint8_t protocol; /* 6 or 17; 0 for all others together */
	uint16_t port;
	double packets;	 /* over all days */
	double *per_day; /* packets; owned */
};

struct census_record_place {
	char name[8 + 3 + GEO_NAME_SIZE]; /* "JP", "AS64496 Example Net"; outside text */
	bool unknown, others;
	double sources; /* of SYNs to the targets' own ports; each counts once a day */
	double syn;	/* packets */
};

struct census_record_places {
	struct census_record_place place[CENSUS_RECORD_PLACES + 2]; /* most sources first, then
								       others, then unknown */
	size_t places;
	double sources; /* all of them */
	bool exact;	/* false: some are bounds */
};

struct census_record {
	size_t targets;
	int64_t first_day; /* UTC days since 1970 */
	size_t days;
	double *observed_days; /* per day: observed time of all targets, in days; owned */
	struct census_record_port port[CENSUS_RECORD_PORTS + 1]; /* busiest first, others last */
	size_t ports;
	struct census_record_places countries, systems;
	/* Of a single target: its own, as far as STATE/targets knows them. */
	uint16_t own_port[TARGET_PORTS_MAX];
	size_t own_ports;
};

/* Whether there is a census of any day in the target directory. */
bool census_record_exists(const char *path);

/* Reads the censuses of the target directories `path`, whose series are given. EXIT_FAILED when
 * one has none. Free with census_record_free(). */
int census_record_load(struct census_record *record, const char *const *path,
		       const struct series *const *series, size_t targets, struct failure *failure);
void census_record_free(struct census_record *record);

#endif
