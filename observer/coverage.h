/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * coverage: which seconds of one bucket were observed. A second counts as soon as a part of it
 * was, so that a capture that begins and ends between two ticks covers the seconds that its
 * packets lie in. */
#ifndef STALENODE_COVERAGE_H
#define STALENODE_COVERAGE_H

#include "store/ledger.h"

#include <stdint.h>

#define COVERAGE_WORDS ((BUCKET_SECONDS + 63) / 64)

/* All zero bytes is no coverage. Instants are microseconds after the bucket's start. */
struct coverage {
	uint64_t second[COVERAGE_WORDS]; /* bit n: second n was observed */
	uint32_t from_us, to_us;	 /* first and last instant */
	uint32_t any;			 /* 1 when from_us and to_us mean something */
};

/* Adds [from_us, to_us], 0 <= from_us <= to_us <= 300,000,000. An instant alone covers the
 * second that it lies in. */
void coverage_add(struct coverage *coverage, uint32_t from_us, uint32_t to_us);
uint32_t coverage_seconds(const struct coverage *coverage);
/* Seconds of `coverage` that are not in `other`. */
uint32_t coverage_seconds_beyond(const struct coverage *coverage, const struct coverage *other);

#endif
