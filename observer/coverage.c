/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "coverage.h"

#define US_PER_SECOND 1000000u

void coverage_add(struct coverage *coverage, uint32_t from_us, uint32_t to_us)
{
	uint32_t first = from_us / US_PER_SECOND;
	uint32_t end = (to_us + US_PER_SECOND - 1) / US_PER_SECOND;
	if (end <= first)
		end = first + 1;
	if (end > BUCKET_SECONDS)
		end = BUCKET_SECONDS;
	for (uint32_t second = first; second < end; second++)
		coverage->second[second / 64] |= (uint64_t)1 << second % 64;
	if (!coverage->any || from_us < coverage->from_us)
		coverage->from_us = from_us;
	if (!coverage->any || to_us > coverage->to_us)
		coverage->to_us = to_us;
	coverage->any = 1;
}

uint32_t coverage_seconds(const struct coverage *coverage)
{
	return coverage_seconds_beyond(coverage, &(struct coverage){0});
}

uint32_t coverage_seconds_beyond(const struct coverage *coverage, const struct coverage *other)
{
	int seconds = 0;
	for (int i = 0; i < COVERAGE_WORDS; i++)
		seconds += __builtin_popcountll(coverage->second[i] & ~other->second[i]);
	return (uint32_t)seconds;
}
