/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phases: the life of a series as a short table: steady, intermittent, sporadic, silent.
 *
 * 1. The hourly counts are divided by partition.h with the penalty 3 (1 + phi) ln(hours), phi
 *    being the dispersion of the NB1 fit: a cluster of retransmissions is no change of rate.
 *    Where the counts spread less around the segments found than around the fitted curve, which
 *    then has another shape, they are divided again with that smaller phi.
 * 2. A stretch is steady when more than half of its observed buckets have a count, intermittent
 *    from 2 % on, sporadic below, silent without any.
 * 3. Silence gets its real edges. A stretch's end without a call becomes silence when it lasts
 *    at least SILENCE_HOURS and visits spread at random over the whole stretch would leave so
 *    long an end in less than 5 % of cases: (D/(D+s))^n, D hours with them, s without, n spells of
 *    VISIT_GAP_HOURS with a call;
 *    the same at its beginning. Of up to LONE_VISITS
 *    such spells no chance can be told: there half the time with them is enough. A stretch next to
 * a silent one simply ends at its last count.
 * 4. Calls are runs of buckets with a count, apart by CALL_GAP_HOURS or more; visits are calls
 *    apart by VISIT_GAP_HOURS or more (a peer that is up for a day calls all day). In a stretch
 *    that is not steady a gap between visits is a silence when it is LONG_GAP_HOURS or longer and
 *    LONG_GAP_RATIO times the mean of the gaps before it, of up to five and at least three; or,
 *    where there are no more than LONE_VISITS visits, when a visit beside it has no more than
 *    LONE_CALLS calls and it lasts SILENCE_HOURS and half the time since the first of them: a
 *    single call days later stands between two silences.
 * 5. Neighbours of one kind become one, steady ones only when their rates are within a factor
 *    of 2; and a sporadic stretch joins a longer intermittent one before it when 1 % of its
 *    buckets have a count and both together are intermittent. Up to LONE_CALLS calls of a few
 *    buckets are sporadic, however short.
 * 6. A silence shorter than LONG_GAP_HOURS between two stretches that are not steady is a lull of
 *    theirs, not an end: the three become one.
 *
 * A rate is told as a range when its level moves: when what the hours' means vary, 10th to 90th
 * percentile, beyond the noise of their counts is a factor of 2. The numbers told are then those of
 * the 5-minute counts, which the words "per 5 minutes" speak of. A constant 20 stays "about 20",
 * though its buckets too spread from 13 to 27 by chance.
 *
 * Unknown time takes no part: a phase's hours are those between its first and its last observed
 * bucket, its rates are per observed time, its active fraction
 * is one of time, so that a bucket observed in part counts for its part. */
#ifndef STALENODE_PHASES_H
#define STALENODE_PHASES_H

#include "analysis.h"

#define SILENCE_HOURS	24
#define CALL_GAP_HOURS	1
#define VISIT_GAP_HOURS 12
#define LONE_VISITS	3
#define LONE_CALLS	3
#define LONG_GAP_HOURS	72
#define LONG_GAP_RATIO	8

/* Fills analysis->phase and analysis->phases from analysis->series; phi >= 0. More phases than
 * PHASES_MAX: the last one takes the rest, labelled by what it holds. */
int phases_find(struct analysis *analysis, double phi, struct failure *failure);

#endif
