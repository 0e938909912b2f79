/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * series: the buckets of one target in time order, from a target directory (its ledger), an RRD
 * alone, or a CSV "bucket_start_unix,syn,observed_seconds". A bucket that is absent or was
 * observed for 0 seconds is unknown and is not in the series at all; nor is one in which the clock
 * was set (flag clock-stepped; NaN in an RRD), because its seconds are not those of its counts. */
#ifndef STALENODE_SERIES_H
#define STALENODE_SERIES_H

#include "../observer/base/failure.h"
#include "../observer/target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct series_row {
	int64_t start;		   /* bucket start, UTC seconds, a multiple of 300 */
	uint32_t observed_seconds; /* 1 to 300 */
	uint32_t count;		   /* SYNs, or attempts: what the series counts */
	uint32_t syn;		   /* always SYNs */
	uint32_t other_syn;	   /* SYNs to other ports; 0 where the source has none */
	uint32_t sources;	   /* distinct sources */
	uint32_t line;		   /* of the CSV that it comes from; 0 elsewhere */
};

struct series {
	char name[128];			 /* the target's name, or the file's without its suffix */
	char client[65];		 /* "" when unknown */
	char version[33];		 /* "" when unknown */
	char policy[8];			 /* "drop", "rst" or "" */
	uint16_t port[TARGET_PORTS_MAX]; /* of the target, where it is known */
	size_t ports;
	int64_t retired;      /* UTC seconds; from the option, else STATE/targets, else first row */
	bool retired_assumed; /* true when it is only the first row's time */
	bool has_other;	      /* other_syn is known */
	bool counts_attempts; /* count = attempts rather than SYNs */
	struct series_row *row; /* owned; ascending start; rows before `retired` are kept */
	size_t rows;
	size_t first; /* index of the first row at or after `retired` */
	/* Buckets left out of a ledger or CSV: not observed, the clock was set in them, or their
	 * attempts are not known where these are counted. */
	size_t revised_unknown;
	/* Of these, the ones in which the clock was set: how long their counts took is not known.
	 */
	size_t stepped;
	uint64_t stepped_syn; /* counted in them */
	/* How the background of each row compares with its level, or NULL when it is steady.
	 * Belongs to who fits with it, see background.h. */
	const double *drift;
};

struct ledger;

struct series_options {
	int64_t retired;     /* UTC seconds; TIME_UNKNOWN (INT64_MIN) when not given */
	bool count_attempts; /* --count attempts */
	/* Given empty, gets the ledger that a directory was read from, for ledger_free(): who tells
	 * more of it than a series holds need not read it again. Empty after other sources and
	 * after a failure. NULL for who does not want it. */
	struct ledger *ledger;
};

/* Loads path; EXIT_FAILED with file, line and mend when it cannot. Free with series_free(). */
int series_load(struct series *series, const char *path, const struct series_options *options,
		struct failure *failure);
void series_free(struct series *series);

#endif
