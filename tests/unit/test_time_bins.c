/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/alerts/time_bins.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NOON   INT64_C(1795694400) /* 26 November 2026, 12:00 UTC */
#define EVENTS 400

/* What was added, kept one by one. */
static struct {
	int64_t seconds;
	uint32_t events;
} kept[EVENTS];

static uint32_t draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u; /* Numerical Recipes */
	return *state >> 8;
}

/* Every event is in the bin that its time belongs to, and the bins are no wider than need be. */
static void check(const struct time_bins *bins, size_t events)
{
	uint64_t count[TIME_BINS] = {0}, total = 0, held = 0;
	int64_t first = INT64_MAX, last = INT64_MIN;
	assert_int_equal(bins->origin % bins->width, 0);
	for (size_t i = 0; i < events; i++) {
		int64_t at = kept[i].seconds - bins->origin;
		assert_true(at >= 0 && at / bins->width < TIME_BINS);
		count[at / bins->width] += kept[i].events;
		total += kept[i].events;
		first = kept[i].seconds < first ? kept[i].seconds : first;
		last = kept[i].seconds > last ? kept[i].seconds : last;
	}
	for (size_t i = 0; i < TIME_BINS; i++) {
		assert_int_equal(bins->count[i], count[i]);
		held += bins->count[i];
	}
	assert_int_equal(held, total);
	int64_t width = TIME_BIN_SMALLEST;
	/* Bins that end before the last begin where a bin begins. */
	while (last / width - first / width >= TIME_BINS)
		width *= 2;
	assert_true(bins->width == width || bins->width == 2 * width);
}

static void events_in_any_order_are_in_the_bins_of_their_times(void **state)
{
	(void)state;
	static const uint32_t spans[] = {1, 59, 3600, 5760, 5761, 86400, 40000000};
	uint32_t random = 1;
	for (size_t j = 0; j < sizeof spans / sizeof spans[0]; j++) {
		struct time_bins bins = {0};
		for (size_t i = 0; i < EVENTS; i++) {
			kept[i].seconds = NOON + draw(&random) % spans[j];
			kept[i].events = 1 + draw(&random) % 3;
			time_bins_add(&bins, kept[i].seconds, kept[i].events);
			check(&bins, i + 1);
		}
	}
}

static void a_minute_holds_its_sixty_seconds(void **state)
{
	(void)state;
	struct time_bins bins = {0};
	time_bins_add(&bins, NOON, 1);
	time_bins_add(&bins, NOON + 59, 1);
	time_bins_add(&bins, NOON + 60, 1);
	assert_int_equal(bins.width, 60);
	assert_int_equal(bins.count[0], 2);
	assert_int_equal(bins.count[1], 1);
	/* The last minute that has room, and the first that has none. */
	time_bins_add(&bins, NOON + 96 * 60 - 1, 1);
	assert_int_equal(bins.width, 60);
	time_bins_add(&bins, NOON + 96 * 60, 1);
	assert_int_equal(bins.width, 120);
	assert_int_equal(bins.count[0], 3);
}

static void times_before_1970_are_times_too(void **state)
{
	(void)state;
	struct time_bins bins = {0};
	time_bins_add(&bins, -1, 1);
	assert_int_equal(bins.origin, -60);
	time_bins_add(&bins, 0, 1);
	time_bins_add(&bins, -61, 1);
	assert_int_equal(bins.origin, -120);
	assert_int_equal(bins.count[0] + bins.count[1] + bins.count[2], 3);
}

static void events_beyond_what_a_bin_counts_leave_it_full(void **state)
{
	(void)state;
	struct time_bins bins = {0};
	for (int i = 0; i < 5; i++)
		time_bins_add(&bins, NOON, 1000000000);
	assert_int_equal(bins.count[0], UINT32_MAX);
	time_bins_add(&bins, NOON + 60, 7);
	time_bins_add(&bins, NOON + 96 * 60, 1); /* both are in one bin now */
	assert_int_equal(bins.count[0], UINT32_MAX);
}

static void bins_that_are_joined_hold_the_events_of_both(void **state)
{
	(void)state;
	static const uint32_t spans[][2] = {{3000, 3000}, {100, 900000}, {900000, 100}};
	uint32_t random = 7;
	for (size_t j = 0; j < 3; j++) {
		struct time_bins one = {0}, other = {0}, none = {0};
		for (size_t i = 0; i < EVENTS; i++) {
			struct time_bins *to = i % 2 ? &one : &other;
			kept[i].seconds = NOON + draw(&random) % spans[j][i % 2];
			kept[i].events = 1;
			time_bins_add(to, kept[i].seconds, 1);
		}
		struct time_bins joined = none;
		time_bins_join(&joined, &one);
		time_bins_join(&joined, &none);
		time_bins_join(&joined, &other);
		uint64_t total = 0;
		for (size_t i = 0; i < TIME_BINS; i++)
			total += joined.count[i];
		assert_int_equal(total, EVENTS);
		/* What was in a wide bin is at its beginning: late by less than one of them. */
		int64_t wide = one.width > other.width ? one.width : other.width;
		assert_true(joined.width >= wide);
		if (j == 0) /* what fits stays as it is */
			assert_int_equal(joined.width, TIME_BIN_SMALLEST);
		double sum = 0, wanted = 0;
		for (size_t i = 0; i < TIME_BINS; i++)
			sum += (double)joined.count[i] *
			       (double)(joined.origin - NOON + (int64_t)i * joined.width);
		for (size_t i = 0; i < EVENTS; i++)
			wanted += (double)(kept[i].seconds - NOON);
		assert_true(fabs(sum - wanted) <= (double)(EVENTS * joined.width));
	}
}

/* At a constant rate the slope over n equal bins has, at b = 0, the information N (1 - 1/n^2) / 12
 * in units of the interval. */
static void a_constant_rate_has_the_slope_and_error_of_its_information(void **state)
{
	(void)state;
	struct time_bins bins = {0};
	for (int minute = 0; minute < 64; minute++)
		time_bins_add(&bins, NOON + 60 * minute, 25);
	struct time_trend trend = time_bins_trend(&bins, NOON, NOON + 64 * 60);
	double span = 64 * 60, information = 64.0 * 25 * (1 - 1.0 / (64 * 64)) / 12;
	assert_true(fabs(trend.per_second) * span < 1e-9);
	assert_true(fabs(trend.standard_error * span * sqrt(information) - 1) < 1e-9);
	assert_true(fabs(trend.rate_at_end * 60 / 25 - 1) < 1e-9);
}

/* Counts that follow an exponential as closely as whole numbers can, halving in ten minutes. */
static void a_decay_has_the_slope_that_it_was_made_with(void **state)
{
	(void)state;
	struct time_bins bins = {0};
	double decay = log(2) / 600, due = 0;
	for (int minute = 0; minute < 60; minute++) {
		double mean = 1e6 / decay *
			      (exp(-decay * 60 * minute) - exp(-decay * 60 * (minute + 1))) / 60;
		due += mean;
		uint32_t count = (uint32_t)floor(due + 0.5);
		due -= count;
		time_bins_add(&bins, NOON + 60 * minute, count);
	}
	struct time_trend trend = time_bins_trend(&bins, NOON, NOON + 3600);
	assert_true(fabs(trend.per_second / -decay - 1) < 1e-3);
	assert_true(fabs(trend.rate_at_end / (1e6 * exp(-6 * log(2)) / 60) - 1) < 1e-2);
}

/* The same events, only that the log goes on in silence: that is a fall. */
static void silence_at_the_end_of_a_log_counts(void **state)
{
	(void)state;
	struct time_bins bins = {0};
	for (int minute = 0; minute < 30; minute++)
		time_bins_add(&bins, NOON + 60 * minute, 5);
	struct time_trend whole = time_bins_trend(&bins, NOON, NOON + 1800);
	struct time_trend longer = time_bins_trend(&bins, NOON, NOON + 36000);
	assert_true(fabs(whole.per_second) < 1e-12);
	assert_true(longer.per_second < -3 * longer.standard_error);
	/* Noise of five times the Poisson's widens the error. */
	struct time_bins noisy = {0};
	for (int minute = 0; minute < 30; minute += 6)
		time_bins_add(&noisy, NOON + 60 * minute, 30);
	struct time_trend noise = time_bins_trend(&noisy, NOON, NOON + 1800);
	assert_true(noise.standard_error > 2 * whole.standard_error);
}

static void too_few_events_or_bins_have_no_trend(void **state)
{
	(void)state;
	struct time_bins bins = {0};
	assert_true(isnan(time_bins_trend(&bins, NOON, NOON + 3600).per_second));
	for (int i = 0; i < 7; i++)
		time_bins_add(&bins, NOON + 60 * i, 1);
	assert_true(isnan(time_bins_trend(&bins, NOON, NOON + 3600).per_second));
	time_bins_add(&bins, NOON + 600, 1);
	assert_true(!isnan(time_bins_trend(&bins, NOON, NOON + 3600).per_second));
	for (int minute = 0; minute < 4; minute++)
		time_bins_add(&bins, NOON + 60 * minute, 100);
	assert_true(isnan(time_bins_trend(&bins, NOON, NOON + 119).per_second));
	assert_true(isnan(time_bins_trend(&bins, NOON, NOON + 180).per_second));
	assert_true(!isnan(time_bins_trend(&bins, NOON, NOON + 240).per_second));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_in_any_order_are_in_the_bins_of_their_times),
		cmocka_unit_test(a_minute_holds_its_sixty_seconds),
		cmocka_unit_test(times_before_1970_are_times_too),
		cmocka_unit_test(events_beyond_what_a_bin_counts_leave_it_full),
		cmocka_unit_test(bins_that_are_joined_hold_the_events_of_both),
		cmocka_unit_test(a_constant_rate_has_the_slope_and_error_of_its_information),
		cmocka_unit_test(a_decay_has_the_slope_that_it_was_made_with),
		cmocka_unit_test(silence_at_the_end_of_a_log_counts),
		cmocka_unit_test(too_few_events_or_bins_have_no_trend),
	};
	return cmocka_run_group_tests_name("time_bins", tests, NULL, NULL);
}
