/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report_target: one target of a report: its series, its analysis, and what its ledger adds to
 * them. */
#ifndef STALENODE_REPORT_TARGET_H
#define STALENODE_REPORT_TARGET_H

#include "busiest_sources.h"
#include "census_record.h"

#include "../analysis/analysis.h"
#include "../observer/target.h"

#include <stdbool.h>

#define REPORT_GAPS_MAX 8  /* the largest are listed; all are counted */
#define REPORT_FLAGS	16 /* room for every bit of enum bucket_flag */

struct report_gap {
	int64_t from, to; /* UTC seconds */
};

/* Sums from retirement to the end of the record. */
struct report_facts {
	bool from_ledger; /* false: only the series was there, what follows is unknown */
	uint64_t syn, attempts, udp, other_syn, backscatter, malformed;
	uint64_t new_sources; /* distinct sources since retirement ... */
	bool sources_upper;   /* ... and some that were last seen just before it */
	uint64_t kernel_drops, evictions;
	size_t flagged[REPORT_FLAGS]; /* buckets that carry the flag */
	size_t damaged_lines;
};

struct report_target {
	char *path;	      /* what it is loaded from; owned */
	char slug[80];	      /* begins the names of its files */
	struct target target; /* as STATE/targets has it ... */
	bool has_target;      /* ... if it has */
	struct series series;
	struct analysis analysis;
	struct report_facts facts;
	struct census_record census;		/* what came to all its ports, and from where ... */
	bool has_census;			/* ... when its directory has it */
	struct busiest_sources busiest;		/* for a report that shows them; else empty */
	struct report_gap gap[REPORT_GAPS_MAX]; /* largest first */
	size_t gaps;				/* all since retirement, also those not listed */
	double gap_hours;			/* their sum */
	int64_t end;				/* of the record, UTC seconds */
};

/* Loads the target at its path (STATE/NAME, .rrd or .csv), all but its analysis, which
 * analysis_run_all() makes of its series. A census that cannot be read is said as a warning, and
 * the target goes without. */
int report_target_load(struct report_target *target, const struct series_options *options,
		       struct failure *failure);
/* Whether the ledger at that path has a bucket that was observed, be it in part: the one of a
 * target that an agent has just begun with has none yet. True for what is no ledger: who loads it
 * says so. */
bool report_target_observed(const char *ledger);

/* Forgets bucket for bucket what was counted, which is nearly all of the memory; what it comes to
 * stays. */
void report_target_forget(struct report_target *target);
void report_target_free(struct report_target *target);

#endif
