/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * geo: the country and the autonomous system of an address, from databases in MaxMind's format
 * (https://maxmind.github.io/MaxMind-DB/), through libmaxminddb.
 *
 * A database belongs to somebody else, who replaces it while it is in use, perhaps by writing over
 * it: what is mapped then changes, or ends in SIGBUS. So it is copied into a directory of our own
 * (STATE/.geo/), a piece at a time, and only copies are opened. A copy is made anew when size or
 * modification time of the original differ, which is looked at once a minute at most.
 *
 * A database that is absent, unreadable, damaged, or of another type is said once, as a warning,
 * and what it would tell is unknown meanwhile; with a good copy from before, that one serves on.
 * It is looked for again as after a replacement. Nothing here ends the process. */
#ifndef STALENODE_GEO_H
#define STALENODE_GEO_H

#include "base/failure.h"
#include "target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the databases are; "" or NULL for none. Not owned. */
struct geo_options {
	const char *countries;
	const char *systems;
};

#define GEO_NAME_SIZE 30

struct geo_place {
	char country[3]; /* ISO 3166-1, two capital letters; "" when unknown */
	uint32_t system; /* number of the autonomous system; 0 when unknown */
	/* Its name as the database has it, cut, without control characters; "" when unknown. */
	char system_name[GEO_NAME_SIZE];
};

struct geo;

/* Copies and opens what is there. *geo is NULL, and 0 returned, when the options name nothing.
 * The originals are opened by these names, then and later: a process that confines itself must
 * keep their directories readable (privilege_drop()). -1 only when memory is lacking. */
int geo_open(struct geo **geo, const struct geo_options *options, const char *copies_directory,
	     struct failure *failure);
void geo_close(struct geo *geo);

/* Which databases were named: what is counted, be it as unknown. False for NULL. */
bool geo_tells_countries(const struct geo *geo);
bool geo_tells_systems(const struct geo *geo);

/* Never fails: what cannot be told is unknown. NULL knows nothing. */
void geo_look_up(struct geo *geo, const struct address *address, struct geo_place *place);

/* Looks after the originals, at most once a minute, `now` being UTC seconds, and copies at most
 * 1 MiB. True when there is more to copy, and it should be called again soon. */
bool geo_refresh(struct geo *geo, int64_t now);

/* The directories that hold the originals, and those that symbolic links lead to, for
 * privilege_drop(): at most GEO_DIRECTORIES, the number is returned. */
#define GEO_DIRECTORIES 4
size_t geo_directories(const struct geo_options *options, char directory[GEO_DIRECTORIES][4096]);

#endif
