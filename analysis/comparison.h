/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * comparison: several series side by side, aligned on hours since retirement, and the question
 * whether one client is forgotten more slowly than another.
 *
 * Series of one client are one group. Its half-life, and its hours until the residual rate is one
 * count a day, are pooled over its series by their logarithms with a random-effects mean
 * (DerSimonian and Laird, Controlled Clinical Trials 7, 1986, 177), the variance of each from the
 * width of its 95 % interval, because nodes of one client differ by more than the doubt about each;
 * its interval is that of Hartung and Knapp (Statistics in Medicine 20, 2001, 3875), Student's with
 * members - 1 degrees of freedom and never narrower than without heterogeneity. Members whose
 * interval is open at one side are left out of it.
 *
 * Groups are compared by ratios of these times. The interval of a ratio comes from those of its
 * two terms, whatever method they are from, by recovering the variance on each side (MOVER: Zou and
 * Donner, Statistics in Medicine 27, 2008, 1693), which needs only that the series are independent:
 *   ln L = (b - a) - sqrt((b - b_low)^2 + (a_high - a)^2), ln U likewise, in logarithms.
 * A half-life at the end of a plateau is known to whole hours: half an hour is added on each side.
 * Each interval is for its pair alone; over k pairs about k/20 miss. */
#ifndef STALENODE_COMPARISON_H
#define STALENODE_COMPARISON_H

#include "analysis.h"

#define COMPARISON_AGES 6
#define COMPARISON_PAIRS_EACH                                                                      \
	6 /* up to so many groups each is compared with each, more only with                       \
	     the first */

/* Ages in hours since retirement: those of rate[i] are [age[i], age[i + 1]). */
extern const double comparison_age[COMPARISON_AGES + 1];

/* What is kept of one analysis. */
struct comparison_member {
	char name[128];
	char client[65]; /* "" when unknown: then a group of its own */
	char policy[8];
	double covered_hours, span_hours;
	uint64_t count;
	double steady_hours;   /* end of the steady phases that begin at the stop; 0 for none */
	double last_syn_hours; /* NAN for none */
	size_t phases[4];      /* of each kind */
	struct interval half_life, to_daily, residual_total;
	double silent_30d;
	double rate[COMPARISON_AGES];	  /* count per hour; NAN where nothing was observed */
	double observed[COMPARISON_AGES]; /* hours */
};

struct comparison_group {
	char name[128]; /* the client, or of the only member */
	size_t members;
	struct interval half_life, to_daily; /* pooled, over those members where it is known */
};

enum comparison_verdict { VERDICT_UNKNOWN, VERDICT_FASTER, VERDICT_SLOWER, VERDICT_UNDECIDED };

struct comparison_pair {
	size_t first, second; /* groups: second against first */
	/* Ratios second/first; not known where one of the two is not. */
	struct interval half_life_ratio, to_daily_ratio;
	struct interval to_daily_difference; /* hours, second less first */
	/* By to_daily_ratio, else by half_life_ratio: slower when all of its interval is above 1.
	 */
	enum comparison_verdict verdict;
};

struct comparison {
	struct comparison_member *member; /* owned */
	size_t members, room;
	struct comparison_group *group; /* owned; in the order of their first members */
	size_t groups;
	struct comparison_pair *pair; /* owned */
	size_t pairs;
	bool counts_attempts;
	bool policies_differ; /* hosts that refuse get fewer SYNs for each attempt than silent ones
			       */
};

/* Room for `members` analyses; -1 when memory is short. Free with comparison_free(). */
int comparison_begin(struct comparison *comparison, size_t members, struct failure *failure);
void comparison_free(struct comparison *comparison);

/* Keeps what is compared of the analysis; at most as many as there is room for. */
void comparison_add(struct comparison *comparison, const struct analysis *analysis);
/* Groups and compares what was added. -1 when memory is short. */
int comparison_finish(struct comparison *comparison, struct failure *failure);

/* The parts, for tests: both logarithmic, of positive values; not known when one is not. */
struct interval comparison_ratio(const struct interval *first, const struct interval *second);
struct interval comparison_difference(const struct interval *first, const struct interval *second);
struct interval comparison_pool(const struct interval *interval, size_t count);

#endif
