/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * series_source: the readers behind series_load(), one per kind of source. Each fills the rows
 * (owned by the series) and leaves retirement and sorting out to series_load(). */
#ifndef STALENODE_SERIES_SOURCE_H
#define STALENODE_SERIES_SOURCE_H

#include "series.h"

/* Most rows of a series: 20 years of buckets. A longer source is refused. */
#define SERIES_ROWS_MAX (20u * 366u * 288u)

/* Appends a row; -1 at SERIES_ROWS_MAX or when memory is short. *room is the allocated length. */
int series_append(struct series *series, size_t *room, const struct series_row *row,
		  const char *path, struct failure *failure);

/* A bucket in which the clock was set is left out. */
void series_leave_out_stepped(struct series *series, uint64_t syn);

/* A CSV with a header: columns are found by name; bucket_start_unix, syn and observed_seconds
 * must be there, attempts with count_attempts, sources, other_syn and flags may. */
int series_read_csv(struct series *series, const char *path, bool count_attempts,
		    struct failure *failure);
/* An RRD of this project: data sources syn, covered (and attempts, sources, othersyn). */
int series_read_rrd(struct series *series, const char *path, bool count_attempts,
		    struct failure *failure);
/* STATE/NAME: its ledger, and what STATE/targets knows of it. */
int series_read_directory(struct series *series, const char *path,
			  const struct series_options *options, struct failure *failure);

#endif
