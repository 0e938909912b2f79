/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * country_database: a database of countries for as long as one report is made. Its copy (see geo.h)
 * stands in a directory of its own below TMPDIR, which goes with it. */
#ifndef STALENODE_COUNTRY_DATABASE_H
#define STALENODE_COUNTRY_DATABASE_H

#include "../observer/geo.h"

struct country_database {
	struct geo *geo; /* NULL: none was named */
	char directory[4096];
};

/* `path` NULL for none. -1 when it is no file that can be read; one that is no database is said as
 * a warning, and knows nothing. */
int country_database_open(struct country_database *database, const char *path,
			  struct failure *failure);
void country_database_close(struct country_database *database);

#endif
