/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Facts are not independent of one another, so their sum says too much. */
#define TEMPER 0.75
/* Less than this of a group, and the answer is that it is unclear. */
#define CLEAR 0.5
/* Points of the normal distribution of the decay constant. */
#define POINTS 41

/* The posterior of all facts, or of those alone that one packet tells for certain. */
static void add_up(const struct evidence *evidence, bool certain_alone,
		   double probability[VERDICTS])
{
	double score[VERDICTS], most = -INFINITY, sum = 0.0;
	for (int v = 0; v < VERDICTS; v++) {
		double weights = 0.0;
		for (size_t i = 0; i < evidence->facts; i++)
			if (!certain_alone || evidence_is_certain(evidence->fact[i].kind))
				weights += evidence_weight(evidence->fact[i].kind, (enum verdict)v);
		score[v] = log(evidence_prior((enum verdict)v)) + TEMPER * weights;
		most = fmax(most, score[v]);
	}
	for (int v = 0; v < VERDICTS; v++)
		sum += probability[v] = exp(score[v] - most);
	for (int v = 0; v < VERDICTS; v++)
		probability[v] /= sum;
}

/* A few packets may not be like the rest of what comes: by Laplace's rule of succession the next
 * observation is unlike n that agree with a probability of 1 / (n + 2). So much of the answer rests
 * on what one packet tells for certain, and else on the prior. */
static void weigh(struct diagnosis *diagnosis)
{
	double certain[VERDICTS];
	double unlike = 1.0 / ((double)diagnosis->evidence.observations + 2.0);
	add_up(&diagnosis->evidence, false, diagnosis->probability);
	add_up(&diagnosis->evidence, true, certain);
	for (int v = 0; v < VERDICTS; v++)
		diagnosis->probability[v] += unlike * (certain[v] - diagnosis->probability[v]);
}

static double group_probability(const struct diagnosis *diagnosis, enum verdict of)
{
	double sum = 0.0;
	for (int v = 0; v < VERDICTS; v++)
		if (strcmp(verdict_group((enum verdict)v), verdict_group(of)) == 0)
			sum += diagnosis->probability[v];
	return sum;
}

/* The likeliest of the likeliest group. */
static void decide(struct diagnosis *diagnosis)
{
	double best_group = -1.0, best = -1.0;
	for (int v = 0; v < VERDICTS; v++) {
		double group = group_probability(diagnosis, (enum verdict)v);
		double own = diagnosis->probability[v];
		/* Sums of the same numbers in the same order are the same. */
		if (group > best_group || (group == best_group && own > best)) {
			best_group = group;
			best = own;
			diagnosis->likeliest = (enum verdict)v;
		}
	}
	diagnosis->group_probability = best_group;
	diagnosis->verdict = best_group >= CLEAR ? diagnosis->likeliest : VERDICT_UNCLEAR;
}

static enum verdict rival(const struct diagnosis *diagnosis)
{
	int best = -1;
	for (int v = 0; v < VERDICTS; v++) {
		if (strcmp(verdict_group((enum verdict)v), verdict_group(diagnosis->likeliest)) ==
		    0)
			continue;
		if (best < 0 || diagnosis->probability[v] > diagnosis->probability[best])
			best = v;
	}
	return (enum verdict)best;
}

static int compare_reasons(const void *first, const void *second)
{
	const struct reason *a = first, *b = second;
	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	return (int)a->fact.kind - (int)b->fact.kind;
}

/* A fact speaks for the verdict as far as it is worth more for it than for its rival, and against
 * it where it is worth less and makes it less likely: what only speaks louder for the rival is no
 * objection. */
static void give_reasons(struct diagnosis *diagnosis)
{
	enum verdict other = rival(diagnosis);
	struct reason pro[FACTS], contra[FACTS];
	size_t pros = 0, contras = 0;
	for (size_t i = 0; i < diagnosis->evidence.facts; i++) {
		const struct fact *fact = &diagnosis->evidence.fact[i];
		double own = evidence_weight(fact->kind, diagnosis->likeliest);
		double weight = own - evidence_weight(fact->kind, other);
		if (weight > 0)
			pro[pros++] = (struct reason){*fact, diagnosis->likeliest, weight};
		else if (weight < 0 && own < 0)
			contra[contras++] = (struct reason){*fact, other, -weight};
	}
	qsort(pro, pros, sizeof pro[0], compare_reasons);
	qsort(contra, contras, sizeof contra[0], compare_reasons);
	for (size_t i = 0; i < pros && i < DIAGNOSIS_REASONS; i++)
		diagnosis->reason[diagnosis->reasons++] = pro[i];
	for (size_t i = 0; i < contras && i < DIAGNOSIS_REASONS; i++)
		diagnosis->reason[diagnosis->reasons++] = contra[i];
}

/* The probability that nothing comes from `hours` after the log's end on: a Poisson process whose
 * rate goes on halving, over what the decay constant may be. Constants that are no decay have no
 * part in it, but in its sum. */
static double quiet_after(const struct evidence *evidence, double hours)
{
	double decay = log(2.0) / evidence->decay_hours, sum = 0.0, weights = 0.0;
	for (int i = 0; i < POINTS; i++) {
		double z = -3.0 + 6.0 * i / (POINTS - 1);
		double weight = exp(-z * z / 2), constant = decay + z * evidence->decay_error;
		weights += weight;
		if (constant > 0)
			sum += weight *
			       exp(-evidence->rate_at_end / constant * exp(-constant * hours));
	}
	return sum / weights;
}

static void forecast(struct diagnosis *diagnosis, int64_t to)
{
	switch (diagnosis->likeliest) {
	case VERDICT_CONTAMINATED_INDEX:
	case VERDICT_SCAN:
	case VERDICT_WORM:
	case VERDICT_BRUTE_FORCE:
		diagnosis->quiet = QUIET_NOT_BY_ITSELF;
		return;
	case VERDICT_RESIDUAL_P2P:
	case VERDICT_RESIDUAL_SERVICE:
		break;
	default:
		return;
	}
	if (isnan(diagnosis->evidence.decay_hours))
		return;
	double hours = 0.0, year = 24.0 * 365.0;
	if (quiet_after(&diagnosis->evidence, 0.0) >= QUIET_PROBABILITY) {
		diagnosis->quiet = QUIET_ALREADY;
		diagnosis->quiet_probability = quiet_after(&diagnosis->evidence, 0.0);
		diagnosis->quiet_by = to;
		return;
	}
	double low = 0.0, high = 5 * year;
	if (quiet_after(&diagnosis->evidence, high) < QUIET_PROBABILITY)
		return;
	while (high - low > 0.5) {
		hours = (low + high) / 2;
		if (quiet_after(&diagnosis->evidence, hours) >= QUIET_PROBABILITY)
			high = hours;
		else
			low = hours;
	}
	diagnosis->quiet = QUIET_BY;
	diagnosis->quiet_by = to + (int64_t)(high * 3600.0);
	diagnosis->quiet_probability = QUIET_PROBABILITY;
}

void diagnosis_make(struct diagnosis *diagnosis, const struct cluster_table *table,
		    const struct cluster *cluster, int64_t from, int64_t to)
{
	*diagnosis = (struct diagnosis){.verdict = VERDICT_UNCLEAR, .quiet = QUIET_UNKNOWN};
	evidence_collect(&diagnosis->evidence, table, cluster, from, to);
	weigh(diagnosis);
	decide(diagnosis);
	give_reasons(diagnosis);
	diagnosis_name_clients(diagnosis, cluster);
	forecast(diagnosis, to);
}
