/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "time_bins.h"

#include "full_count.h"

#include <math.h>
#include <string.h>

#define ROUNDS	      50
#define FEWEST_BINS   4
#define FEWEST_EVENTS 8

static int64_t floor_to(int64_t seconds, int64_t width)
{
	int64_t rest = seconds % width;
	return seconds - (rest < 0 ? rest + width : rest);
}

/* Twice as wide. The origin stays a multiple of the width, so the first bin may become the second
 * half of one. */
static void widen(struct time_bins *bins)
{
	uint32_t merged[TIME_BINS] = {0};
	int64_t width = bins->width * 2;
	int64_t origin = floor_to(bins->origin, width);
	size_t shift = origin == bins->origin ? 0 : 1;
	for (size_t i = 0; i < TIME_BINS; i++)
		if (bins->count[i])
			full_count_add(&merged[(i + shift) / 2], bins->count[i]);
	memcpy(bins->count, merged, sizeof merged);
	bins->width = width;
	bins->origin = origin;
}

static size_t bins_in_use(const struct time_bins *bins)
{
	size_t used = TIME_BINS;
	while (used > 0 && !bins->count[used - 1])
		used--;
	return used;
}

/* Moves the origin back to hold an earlier time, widening for as long as there is no room. */
static void reach_back(struct time_bins *bins, int64_t seconds)
{
	while (seconds < bins->origin) {
		int64_t back = (bins->origin - floor_to(seconds, bins->width)) / bins->width;
		size_t used = bins_in_use(bins);
		if (back <= (int64_t)(TIME_BINS - used)) {
			memmove(bins->count + back, bins->count, used * sizeof bins->count[0]);
			memset(bins->count, 0, (size_t)back * sizeof bins->count[0]);
			bins->origin -= back * bins->width;
			return;
		}
		widen(bins);
	}
}

void time_bins_add(struct time_bins *bins, int64_t seconds, uint32_t events)
{
	if (!bins->width) {
		bins->width = TIME_BIN_SMALLEST;
		bins->origin = floor_to(seconds, bins->width);
	}
	reach_back(bins, seconds);
	while ((seconds - bins->origin) / bins->width >= TIME_BINS)
		widen(bins);
	full_count_add(&bins->count[(seconds - bins->origin) / bins->width], events);
}

void time_bins_join(struct time_bins *bins, const struct time_bins *other)
{
	if (!other->width)
		return;
	while (bins->width && bins->width < other->width)
		widen(bins);
	for (size_t i = 0; i < TIME_BINS; i++)
		if (other->count[i])
			time_bins_add(bins, other->origin + (int64_t)i * other->width,
				      other->count[i]);
}

/* One bin of the regression: its middle in units of the whole interval, the seconds of it that were
 * looked at, and what came. */
struct row {
	double time, seconds, count;
};

static size_t rows_of(const struct time_bins *bins, int64_t from, int64_t to,
		      struct row row[TIME_BINS + 2])
{
	size_t rows = 0;
	double span = (double)(to - from);
	int64_t first = floor_to(from, bins->width);
	int64_t number = (to - first) / bins->width + 1;
	/* The interval may be longer than the bins: what lies outside of them is empty. */
	int64_t step = number / TIME_BINS + 1;
	for (int64_t at = first; at < to && rows < TIME_BINS + 2; at += step * bins->width) {
		int64_t end = at + step * bins->width;
		int64_t begin = at < from ? from : at;
		int64_t stop = end > to ? to : end;
		double count = 0.0;
		for (int64_t bin = at; bin < end; bin += bins->width) {
			int64_t index = (bin - bins->origin) / bins->width;
			if (bin >= bins->origin && index < TIME_BINS)
				count += bins->count[index];
		}
		if (stop > begin)
			row[rows++] = (struct row){
				.time = ((double)(begin - from) + (double)(stop - begin) / 2) /
					span,
				.seconds = (double)(stop - begin),
				.count = count,
			};
	}
	return rows;
}

struct time_trend time_bins_trend(const struct time_bins *bins, int64_t from, int64_t to)
{
	struct time_trend trend = {NAN, NAN, NAN, 0};
	struct row row[TIME_BINS + 2];
	if (!bins->width || to - from < 2 * bins->width)
		return trend;
	size_t rows = rows_of(bins, from, to, row);
	double total = 0.0, seconds = 0.0;
	for (size_t i = 0; i < rows; i++) {
		total += row[i].count;
		seconds += row[i].seconds;
	}
	trend.events = total;
	if (rows < FEWEST_BINS || total < FEWEST_EVENTS)
		return trend;
	double a = log(total / seconds), b = 0.0, variance = NAN;
	for (int round = 0; round < ROUNDS; round++) {
		double s0 = 0, s1 = 0, s2 = 0, g0 = 0, g1 = 0;
		for (size_t i = 0; i < rows; i++) {
			double mean = row[i].seconds * exp(a + b * row[i].time);
			double rest = row[i].count - mean;
			s0 += mean;
			s1 += mean * row[i].time;
			s2 += mean * row[i].time * row[i].time;
			g0 += rest;
			g1 += rest * row[i].time;
		}
		double determinant = s0 * s2 - s1 * s1;
		if (!(determinant > 0))
			return trend;
		double step_a = (s2 * g0 - s1 * g1) / determinant;
		double step_b = (s0 * g1 - s1 * g0) / determinant;
		/* A step of more than e^3 is a step too far. */
		double limit = fmax(fabs(step_a), fabs(step_b)) / 3.0;
		if (limit > 1) {
			step_a /= limit;
			step_b /= limit;
		}
		a += step_a;
		b += step_b;
		variance = s0 / determinant;
		if (fabs(step_a) + fabs(step_b) < 1e-10)
			break;
	}
	double pearson = 0.0;
	for (size_t i = 0; i < rows; i++) {
		double mean = row[i].seconds * exp(a + b * row[i].time);
		pearson += (row[i].count - mean) * (row[i].count - mean) / fmax(mean, 1e-9);
	}
	double dispersion = fmax(1.0, pearson / (double)(rows - 2));
	double span = (double)(to - from);
	trend.per_second = b / span;
	trend.standard_error = sqrt(variance * dispersion) / span;
	trend.rate_at_end = exp(a + b);
	return trend;
}
