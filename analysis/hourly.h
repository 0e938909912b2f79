/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hourly: a series by hours since retirement, for partition.h. An hour is floor(t), t hours since
 * retirement at the start of a bucket; it has the counts of its observed buckets and their
 * observed time. Hours without an observed bucket are left out. */
#ifndef STALENODE_HOURLY_H
#define STALENODE_HOURLY_H

#include "partition.h"
#include "series.h"

struct hourly {
	struct hour_count *hour; /* owned */
	size_t *row_end;	 /* owned: index after the last row of each hour, in series->row */
	size_t hours;
};

/* The rows from series->first on; -1 when memory is short. Free with hourly_free(). */
int hourly_collect(struct hourly *hourly, const struct series *series, struct failure *failure);
void hourly_free(struct hourly *hourly);

/* Whole hours since retirement at which hour `index` begins. */
long hourly_begin(const struct hourly *hourly, const struct series *series, size_t index);

#endif
