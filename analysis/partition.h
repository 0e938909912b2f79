/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * partition: the exact optimal division of hourly counts into stretches of constant rate:
 * minimises the sum over segments of -(Y ln(Y/E) - Y), Y counts in E observed hours (0 where
 * Y = 0), plus a penalty for every segment after the first. Dynamic programming with the pruning
 * of PELT (Killick, Fearnhead and Eckley, JASA 107, 2012), which keeps it exact. */
#ifndef STALENODE_PARTITION_H
#define STALENODE_PARTITION_H

#include "../observer/base/failure.h"

#include <stddef.h>

struct hour_count {
	double count;
	double observed; /* hours, above 0 */
};

struct partition {
	size_t *end; /* owned: index after the last hour of each segment */
	size_t segments;
	double cost; /* penalties in */
};

/* Hours without data are left out by the caller: a gap neither costs nor separates. Free with
 * partition_free(); -1 when memory is short. */
int partition_find(struct partition *partition, const struct hour_count *hour, size_t hours,
		   double penalty, struct failure *failure);
void partition_free(struct partition *partition);

/* Cost of one segment. */
double partition_cost(double count, double observed);

#endif
