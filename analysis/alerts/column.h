/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * column: tables with a header line that names the columns, in any order: CSV (comma, semicolon,
 * tab), and the "#Fields:" of Windows' pfirewall.log and of W3C logs. */
#ifndef STALENODE_COLUMN_H
#define STALENODE_COLUMN_H

#include "alert_role.h"

/* Of a header; what is further right is not looked at. */
#define COLUMNS_MAX 64

struct column_map {
	size_t columns; /* 0: no header was seen */
	char separator;
	bool fields_line;	   /* "#Fields:" */
	uint8_t role[COLUMNS_MAX]; /* enum alert_role */
};

/* True when the line names the columns of both addresses, and no address: fills *map. */
bool column_header(struct column_map *map, const char *begin, const char *end);

#endif
