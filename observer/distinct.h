/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * distinct: how many different fingerprints were seen, in fixed memory: exactly up to
 * DISTINCT_EXACT_MAX, above that by HyperLogLog with the improved estimator of O. Ertl, "New
 * cardinality estimation algorithms for HyperLogLog sketches" (2017), whose standard error is
 * 1.04 / sqrt(4096) = 1.6 %. */
#ifndef STALENODE_DISTINCT_H
#define STALENODE_DISTINCT_H

#include "store/journal.h"

#include <stdbool.h>
#include <stdint.h>

#define DISTINCT_EXACT_MAX 512
#define DISTINCT_SLOTS	   1024 /* twice as many: probes stay short */
#define DISTINCT_PRECISION 12
#define DISTINCT_REGISTERS (1 << DISTINCT_PRECISION)

/* All zero bytes is an empty one. No pointers: it may live in a mapped file. */
struct distinct {
	uint32_t exact;	    /* fingerprints in slot[] */
	uint32_t estimated; /* 1 once more than DISTINCT_EXACT_MAX were seen */
	uint64_t slot[DISTINCT_SLOTS];
	uint8_t register_[DISTINCT_REGISTERS];
};

/* region: the memory that it lies in, or NULL (see store/journal.h). */
void distinct_add(struct distinct *distinct, const struct journal_region *region,
		  uint64_t fingerprint);
/* Makes it empty; one that is empty already is not touched: its pages cost nothing. */
void distinct_clear(struct distinct *distinct);
uint64_t distinct_count(const struct distinct *distinct);

#endif
