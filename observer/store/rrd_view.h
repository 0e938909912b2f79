/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rrd_view: STATE/<target>/counts.rrd, a view of the ledger for the tools of the RRD world. It
 * can be thrown away and built again at any time; the ledger is the truth.
 *
 * GAUGE, step 300, heartbeat 300, data sources syn attempts sources udp othersyn covered (values
 * per bucket, covered in seconds), AVERAGE rows of 5 minutes for 2 years, hours for 5, days for
 * 20. An unknown bucket is NaN, and so is one without a rate, in which the clock was set. Counts
 * come back bit-exact below 2^53 / 300. */
#ifndef STALENODE_RRD_VIEW_H
#define STALENODE_RRD_VIEW_H

#include "../base/failure.h"
#include "ledger.h"

#include <stddef.h>
#include <stdint.h>

#define RRD_VIEW_SOURCES 6
extern const char *const rrd_view_source_name[RRD_VIEW_SOURCES];

/* Two years of 5-minute rows: what rrd_view_verify() can look at. */
#define RRD_VIEW_ROWS (2 * 365 * 288)

/* The six values of a bucket, in the order of rrd_view_source_name; NaN where it has no rate. */
void rrd_view_values(const struct bucket_record *record, double value[RRD_VIEW_SOURCES]);

/* Builds a whole new RRD of all records and renames it into place. No records: no file. */
int rrd_view_build(const char *path, const struct ledger *ledger, struct failure *failure);

/* Appends the records of the ledger that end after the RRD's last update. Builds the RRD when
 * there is none, and with a warning when it cannot follow: it is only a view. */
int rrd_view_update(const char *path, const struct ledger *ledger, struct failure *failure);

/* Appends these records, which follow the RRD's last update. */
int rrd_view_append(const char *path, const struct bucket_record *record, size_t records,
		    struct failure *failure);

/* The end of the last bucket in it, UTC seconds; TIME_UNKNOWN when it is absent or unreadable. */
int64_t rrd_view_updated(const char *path);

struct rrd_comparison {
	size_t buckets;		 /* known in the ledger, within the RRD's 5-minute rows */
	size_t differing;	 /* of these, with another value in the RRD */
	size_t invented;	 /* unknown in the ledger, but not NaN in the RRD */
	int64_t first_differing; /* UTC seconds of the first of either */
};

/* Compares every 5-minute row with the ledger. EXIT_FAILED when the RRD cannot be read or has
 * another layout. */
int rrd_view_verify(const char *path, const struct ledger *ledger,
		    struct rrd_comparison *comparison, struct failure *failure);

#endif
