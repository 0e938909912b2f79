/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * health: whether a record is still being kept, judged from its ledger at a moment. Pure: the
 * moment, the clock and what was found on disk come in as values. All times are UTC seconds.
 *
 * A target is
 *   down      when nothing was observed in the 15 minutes before the moment (or ever), and no agent
 *             is at work on it at that moment;
 *   degraded  when, in the 24 hours before the moment, it was observed for less than 95 % of the
 *             time since its record begins, packets were dropped by the kernel, or a table was
 *             full, so that attempts or new sources are bounds; or when its ledger is damaged, torn
 *             or unreadable in part, holds buckets later than the clock, or counts.rrd does not
 *             follow it;
 *   healthy   otherwise.
 * A state directory is as its worst target is, down while it has none, and degraded when its file
 * system has less than 5 % or 100 MB free, or when an agent at work has its link down, closed
 * buckets that it cannot write, or what it is counting only in memory.
 *
 * Coverage leaves the bucket out that may still be open: a bucket is expected in the ledger
 * HEALTH_CLOSING_SECONDS after its end. Before the first such end coverage is unknown, and unknown
 * is no reason for anything. */
#ifndef STALENODE_HEALTH_H
#define STALENODE_HEALTH_H

#include "agent_reading.h"
#include "disk_space.h"
#include "store/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two buckets in a row that did not close, and the time that closing one takes. */
#define HEALTH_DOWN_SECONDS (15 * 60)
/* The observer waits 10 s for late packets and looks each second; the rest is for a slow disk. */
#define HEALTH_CLOSING_SECONDS 30
#define HEALTH_WINDOW_SECONDS  (24 * 3600)
#define HEALTH_COVERAGE_MIN    95u	    /* percent */
#define HEALTH_DISK_MIN_SHARE  5u	    /* percent */
#define HEALTH_DISK_MIN_BYTES  100000000ull /* evidence of some days, ledgers of a year */

/* In order of gravity: also the exit status of the verb. */
enum health_grade {
	HEALTH_HEALTHY = 0,
	HEALTH_DEGRADED = 1,
	HEALTH_DOWN = 2,
};
const char *health_grade_name(enum health_grade grade);

enum health_code {
	HEALTH_NO_TARGETS,
	HEALTH_NO_LEDGER,
	HEALTH_UNREADABLE,
	HEALTH_SILENT, /* the observer, not the callers */
	HEALTH_LOW_COVERAGE,
	HEALTH_KERNEL_DROPS,
	HEALTH_TABLE_FULL,
	HEALTH_DAMAGED,
	HEALTH_TORN,
	HEALTH_FUTURE,
	HEALTH_RRD_BEHIND,
	HEALTH_DISK_FULL,
	HEALTH_LINK_DOWN,
	HEALTH_STORE_FAILING,
	HEALTH_ONLY_IN_MEMORY,
	HEALTH_CODES
};
/* "low-coverage": for programs. */
const char *health_code_name(enum health_code code);

struct health_reason {
	enum health_code code;
	enum health_grade grade; /* what it alone would make of the target */
	char text[1024];	 /* what was found and the mend, without the target's name */
};

/* Each code at most once, so it cannot overflow. */
struct health {
	enum health_grade grade; /* the worst of the reasons */
	struct health_reason reason[HEALTH_CODES];
	size_t reasons;
};

/* Sums over buckets. */
struct health_sums {
	size_t buckets;
	size_t full_tables; /* buckets in which a table was full */
	uint64_t observed_seconds;
	uint64_t syn, attempts, udp, other_syn, kernel_drops; /* as in struct bucket_record */
};

/* What was found of one target. */
struct health_input {
	const struct ledger *ledger; /* NULL when there is none or it is unreadable */
	const char *unreadable;	     /* why the ledger cannot be read, or NULL */
	int64_t rrd_updated;	     /* end of the last bucket in counts.rrd; TIME_UNKNOWN: none */
	int64_t looked; /* when an agent that is at work last looked for it; 0 for none */
};

struct target_health {
	struct health health;
	/* TIME_UNKNOWN when there is no such bucket before the moment. */
	int64_t first_observed, last_observed;
	int64_t last_syn; /* start of the last bucket with a SYN */
	/* Coverage is over [window_from, window_until); unknown when that is empty. */
	int64_t window_from, window_until;
	uint64_t window_covered; /* seconds */
	struct health_sums day;	 /* buckets that reach into the 24 h before the moment */
	struct health_sums all;	 /* all buckets begun before the moment */
	size_t damaged_lines, torn_bytes;
	bool rrd_known;
	int64_t rrd_behind; /* seconds of the ledger that counts.rrd does not have */
};

/* Judges at the moment `at`; `now` is the clock, for what is true of files only now: buckets of
 * the future, the RRD behind. */
void target_health_judge(struct target_health *target, const struct health_input *input, int64_t at,
			 int64_t now);
/* The share of the window that was covered, 0 to 1; NAN when unknown. */
double target_health_coverage(const struct target_health *target);

/* The whole directory: its own reasons, and the worst grade of `targets` and of these. */
void state_health_judge(struct health *health, const struct target_health *target, size_t targets,
			const struct agent *agent, size_t agents, const struct disk_space *disk,
			int64_t at);

#endif
