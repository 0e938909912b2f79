/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "distinct.h"

#include <math.h>
#include <string.h>

#define Q (64 - DISTINCT_PRECISION) /* bits of a fingerprint that are ranked */

static void add_to_registers(struct distinct *distinct, const struct journal_region *region,
			     uint64_t fingerprint)
{
	uint64_t index = fingerprint >> Q;
	uint64_t ranked = fingerprint << DISTINCT_PRECISION;
	uint8_t rank = (uint8_t)(ranked ? __builtin_clzll(ranked) + 1 : Q + 1);
	if (distinct->register_[index] >= rank)
		return;
	journal_keep(region, &distinct->register_[index], 1);
	distinct->register_[index] = rank;
}

static void spill(struct distinct *distinct, const struct journal_region *region)
{
	journal_keep(region, &distinct->estimated, sizeof distinct->estimated);
	journal_keep(region, distinct->register_, sizeof distinct->register_);
	distinct->estimated = 1;
	for (int i = 0; i < DISTINCT_SLOTS; i++)
		if (distinct->slot[i])
			add_to_registers(distinct, NULL, distinct->slot[i]);
}

void distinct_add(struct distinct *distinct, const struct journal_region *region,
		  uint64_t fingerprint)
{
	if (distinct->estimated) {
		add_to_registers(distinct, region, fingerprint);
		return;
	}
	/* At most half of the slots are taken, so the probe ends. */
	uint64_t index = fingerprint % DISTINCT_SLOTS;
	while (distinct->slot[index] && distinct->slot[index] != fingerprint)
		index = (index + 1) % DISTINCT_SLOTS;
	if (distinct->slot[index])
		return;
	if (distinct->exact == DISTINCT_EXACT_MAX) {
		spill(distinct, region);
		add_to_registers(distinct, region, fingerprint);
		return;
	}
	journal_keep(region, &distinct->slot[index], sizeof distinct->slot[index]);
	journal_keep(region, &distinct->exact, sizeof distinct->exact);
	distinct->slot[index] = fingerprint;
	distinct->exact++;
}

void distinct_clear(struct distinct *distinct)
{
	if (distinct->exact || distinct->estimated)
		memset(distinct, 0, sizeof *distinct);
}

/* sigma and tau are the series of Ertl's algorithms 5 and 6; both converge quadratically. */
static double sigma(double x)
{
	if (x == 1)
		return INFINITY;
	double y = 1, z = x, before;
	do {
		x *= x;
		before = z;
		z += x * y;
		y += y;
	} while (z > before);
	return z;
}

static double tau(double x)
{
	if (x == 0 || x == 1)
		return 0;
	double y = 1, z = 1 - x, before;
	do {
		x = sqrt(x);
		before = z;
		y *= 0.5;
		z -= (1 - x) * (1 - x) * y;
	} while (z < before);
	return z / 3;
}

uint64_t distinct_count(const struct distinct *distinct)
{
	if (!distinct->estimated)
		return distinct->exact;
	const double m = DISTINCT_REGISTERS;
	uint32_t count[Q + 2] = {0};
	for (int i = 0; i < DISTINCT_REGISTERS; i++)
		count[distinct->register_[i]]++;
	double z = m * tau(1 - count[Q + 1] / m);
	for (int rank = Q; rank >= 1; rank--)
		z = 0.5 * (z + count[rank]);
	z += m * sigma(count[0] / m);
	double estimate = m * m / (2 * log(2) * z);
	/* It holds for certain that more were seen than could be held exactly. */
	return estimate > DISTINCT_EXACT_MAX ? (uint64_t)llround(estimate) : DISTINCT_EXACT_MAX + 1;
}
