/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/partition.h"
#include "../../analysis/phases.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RETIRED 1203465600

/* The least cost over all 2^(hours-1) ways to cut. */
static double least_of_all(const struct hour_count *hour, size_t hours, double penalty)
{
	double least = INFINITY;
	for (unsigned cuts = 0; cuts < 1u << (hours - 1); cuts++) {
		double cost = -penalty, count = 0, observed = 0;
		for (size_t i = 0; i < hours; i++) {
			count += hour[i].count;
			observed += hour[i].observed;
			if (i + 1 == hours || (cuts >> i & 1u)) {
				cost += penalty;
				if (count > 0)
					cost -= count * log(count / observed) - count;
				count = observed = 0;
			}
		}
		least = fmin(least, cost);
	}
	return least;
}

static double cost_of(const struct partition *partition, const struct hour_count *hour,
		      double penalty)
{
	double cost = penalty * ((double)partition->segments - 1);
	size_t first = 0;
	for (size_t s = 0; s < partition->segments; s++) {
		double count = 0, observed = 0;
		for (; first < partition->end[s]; first++) {
			count += hour[first].count;
			observed += hour[first].observed;
		}
		if (count > 0)
			cost -= count * log(count / observed) - count;
	}
	return cost;
}

static void partition_is_the_best_of_all_partitions(void **state)
{
	(void)state;
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	for (int round = 0; round < 200; round++) {
		struct hour_count hour[13];
		struct partition partition;
		double penalty = 0.3 + round % 7;
		size_t hours = 2 + (size_t)(round % 12);
		for (size_t i = 0; i < hours; i++) {
			double mean = i < hours / 2 ? 6 : 0.7;
			hour[i].count = gsl_ran_poisson(generator, mean);
			hour[i].observed = round % 3 ? 1 : 0.05 + gsl_rng_uniform(generator);
		}
		assert_int_equal(partition_find(&partition, hour, hours, penalty, NULL), 0);
		double least = least_of_all(hour, hours, penalty);
		assert_true(fabs(partition.cost - least) < 1e-9);
		assert_true(fabs(cost_of(&partition, hour, penalty) - least) < 1e-9);
		assert_int_equal(partition.end[partition.segments - 1], hours);
		partition_free(&partition);
	}
	gsl_rng_free(generator);
}

static void pruning_loses_nothing_against_plain_optimal_partition(void **state)
{
	(void)state;
	enum { HOURS = 700 };
	static struct hour_count hour[HOURS];
	static double best[HOURS + 1], count[HOURS + 1], observed[HOURS + 1];
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	for (int i = 0; i < HOURS; i++) {
		double mean = i < 9 ? 240 : 5 * exp(-i / 60.0);
		hour[i].count = gsl_ran_poisson(generator, mean);
		hour[i].observed = i % 11 ? 1 : 0.5;
		count[i + 1] = count[i] + hour[i].count;
		observed[i + 1] = observed[i] + hour[i].observed;
	}
	for (double penalty = 1; penalty < 100; penalty *= 3) {
		struct partition partition;
		best[0] = -penalty;
		for (int j = 1; j <= HOURS; j++) {
			best[j] = INFINITY;
			for (int i = 0; i < j; i++)
				best[j] = fmin(best[j],
					       best[i] + penalty +
						       partition_cost(count[j] - count[i],
								      observed[j] - observed[i]));
		}
		assert_int_equal(partition_find(&partition, hour, HOURS, penalty, NULL), 0);
		assert_true(fabs(partition.cost - best[HOURS]) < 1e-6);
		partition_free(&partition);
	}
	gsl_rng_free(generator);
}

static void nothing_to_divide_has_no_segment(void **state)
{
	(void)state;
	struct partition partition;
	struct hour_count hour = {0, 1};
	assert_int_equal(partition_find(&partition, &hour, 0, 5, NULL), 0);
	assert_int_equal(partition.segments, 0);
	partition_free(&partition);
	assert_int_equal(partition_find(&partition, &hour, 1, 5, NULL), 0);
	assert_int_equal(partition.segments, 1);
	partition_free(&partition);
}

static struct analysis analysis;
static struct series series;

static void begin(int days)
{
	series = (struct series){.name = "made", .retired = RETIRED};
	series.rows = (size_t)days * 288;
	series.row = calloc(series.rows, sizeof *series.row);
	for (size_t i = 0; i < series.rows; i++) {
		series.row[i].start = RETIRED + 300 * (int64_t)i;
		series.row[i].observed_seconds = 300;
	}
	memset(&analysis, 0, sizeof analysis);
	analysis.series = &series;
}

static void call(double hours, uint32_t syn)
{
	struct series_row *row = &series.row[(size_t)(hours * 12)];
	row->count += syn;
	row->syn += syn;
}

static void steady(double from, double to, uint32_t syn)
{
	for (double hours = from + 0.01; hours < to; hours += 1.0 / 12)
		call(hours, syn);
}

static void find(void)
{
	assert_int_equal(phases_find(&analysis, 1.5, NULL), 0);
}

static void end(void)
{
	series_free(&series);
}

static void check_phase(size_t index, enum phase_kind kind, double from, double to)
{
	assert_true(index < analysis.phases);
	assert_int_equal(analysis.phase[index].kind, kind);
	assert_true(fabs(analysis.phase[index].from_hours - from) < 0.1);
	assert_true(fabs(analysis.phase[index].to_hours - to) < 0.1);
}

static void lone_call_days_later_stands_between_two_silences(void **state)
{
	(void)state;
	begin(200);
	steady(0, 12, 4);
	call(102.6, 3);
	find();
	assert_int_equal(analysis.phases, 4);
	check_phase(0, PHASE_STEADY, 0, 12);
	check_phase(1, PHASE_SILENT, 12, 102.6);
	check_phase(2, PHASE_SPORADIC, 102.58, 102.67);
	check_phase(3, PHASE_SILENT, 102.67, 4800);
	assert_int_equal(analysis.phase[2].calls, 1);
	assert_int_equal(analysis.phase[2].syn, 3);
	assert_true(fabs(analysis.phase[0].per_bucket - 4) < 1e-9);
	end();
}

static void intermittent_tail_ends_at_its_last_call(void **state)
{
	(void)state;
	begin(180);
	steady(0, 9, 20);
	for (double hours = 9.5; hours < 330; hours += 1.3)
		call(hours, 3);
	find();
	assert_int_equal(analysis.phases, 3);
	check_phase(0, PHASE_STEADY, 0, 9);
	check_phase(1, PHASE_INTERMITTENT, 9, 329.3);
	check_phase(2, PHASE_SILENT, 329.3, 4320);
	assert_true(fabs(analysis.phase[1].per_active_bucket - 3) < 1e-9);
	end();
}

static void sporadic_calls_to_the_end_stay_one_phase(void **state)
{
	(void)state;
	begin(180);
	steady(0, 24, 20);
	for (double day = 3; day < 180; day += 15)
		call(day * 24 + 5, 1);
	find();
	assert_int_equal(analysis.phases, 2);
	check_phase(1, PHASE_SPORADIC, 24, 4320);
	assert_int_equal(analysis.phase[1].calls, 12);
	assert_true(fabs(analysis.phase[1].calls_per_month - 12 * 30.0 / 179) < 0.01);
	end();
}

static void steady_rates_within_a_factor_of_two_are_one_phase(void **state)
{
	(void)state;
	begin(4);
	steady(0, 24, 20);
	steady(24, 48, 13);
	steady(48, 96, 3);
	find();
	assert_int_equal(analysis.phases, 2);
	check_phase(0, PHASE_STEADY, 0, 48);
	check_phase(1, PHASE_STEADY, 48, 96);
	end();
}

static void gap_of_unknown_time_takes_no_part(void **state)
{
	(void)state;
	begin(20);
	steady(0, 48, 10);
	/* Hours 10 to 40 were not observed: the rows are not there. */
	size_t cut = 30 * 12;
	memmove(series.row + 120, series.row + 120 + cut,
		(series.rows - 120 - cut) * sizeof *series.row);
	series.rows -= cut;
	find();
	assert_int_equal(analysis.phases, 2);
	check_phase(0, PHASE_STEADY, 0, 48);
	assert_true(fabs(analysis.phase[0].observed_hours - 18) < 1e-9);
	assert_true(fabs(analysis.phase[0].per_bucket - 10) < 1e-9);
	check_phase(1, PHASE_SILENT, 48, 480);
	end();
}

static void record_without_a_call_is_silent_throughout(void **state)
{
	(void)state;
	begin(5);
	find();
	assert_int_equal(analysis.phases, 1);
	check_phase(0, PHASE_SILENT, 0, 120);
	assert_true(isnan(analysis.phase[0].last_syn_hours));
	assert_true(analysis.phase[0].ci_low == 0 && analysis.phase[0].ci_high > 0);
	end();
}

static void rows_before_retirement_are_left_out(void **state)
{
	(void)state;
	begin(5);
	steady(0, 24, 50);
	series.retired += 24 * 3600;
	series.first = 288;
	find();
	assert_int_equal(analysis.phases, 1);
	check_phase(0, PHASE_SILENT, 0, 96);
	end();
}

static void more_changes_than_the_table_holds_end_in_one_phase(void **state)
{
	(void)state;
	begin(400);
	for (int day = 0; day < 400; day += 4)
		steady(day * 24, day * 24 + 24, 30);
	find();
	assert_int_equal(analysis.phases, PHASES_MAX);
	assert_true(fabs(analysis.phase[PHASES_MAX - 1].to_hours - 9600) < 0.1);
	end();
}

/* Negative binomial counts around one mean: their hours spread by a factor of 2, their level does
 * not. */
static void constant_rate_has_no_range_and_a_moving_one_has(void **state)
{
	(void)state;
	gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
	begin(10);
	for (size_t i = 0; i < series.rows; i++)
		series.row[i].count = gsl_ran_negative_binomial(generator, 1 / 2.8, 4 / 1.8);
	find();
	assert_int_equal(analysis.phases, 1);
	assert_true(analysis.phase[0].rate_high < 1.3 * analysis.phase[0].rate_low);
	assert_true(analysis.phase[0].bucket_high > 3 * analysis.phase[0].bucket_low);
	end();
	begin(10);
	for (size_t i = 0; i < series.rows; i++) {
		double mean = 20 * (1 + 0.3 * sin(2 * M_PI * (double)i / 288));
		series.row[i].count = gsl_ran_negative_binomial(generator, 1 / 2.8, mean / 1.8);
	}
	analysis.phases = 0;
	find();
	assert_int_equal(analysis.phases, 1);
	/* 10th and 90th percentile of a sine: at 0.951. */
	assert_true(fabs(analysis.phase[0].rate_low - 20 * (1 - 0.3 * 0.951)) < 1);
	assert_true(fabs(analysis.phase[0].rate_high - 20 * (1 + 0.3 * 0.951)) < 1);
	end();
	gsl_rng_free(generator);
}

/* Every second bucket is observed for 30 of its 300 seconds and then mostly empty. */
static void bucket_observed_in_part_counts_for_its_part(void **state)
{
	(void)state;
	begin(4);
	for (size_t i = 0; i < series.rows; i++) {
		series.row[i].observed_seconds = i % 2 ? 30 : 300;
		series.row[i].count = i % 2 ? 0 : 4;
	}
	find();
	assert_int_equal(analysis.phases, 1);
	check_phase(0, PHASE_STEADY, 0, 96);
	assert_true(fabs(analysis.phase[0].active_fraction - 300.0 / 330) < 1e-9);
	assert_true(fabs(analysis.phase[0].per_bucket - 4 * 300.0 / 330) < 1e-9);
	end();
}

/* A record of ten minutes: many peers in it are no single call, a few SYNs are. */
static void ten_minutes_of_many_calls_are_steady(void **state)
{
	(void)state;
	for (uint32_t syn = 5; syn <= 50; syn += 45) {
		begin(1);
		series.rows = 2;
		series.row[0].count = series.row[1].count = syn;
		find();
		assert_int_equal(analysis.phases, 1);
		assert_int_equal(analysis.phase[0].kind, syn == 5 ? PHASE_SPORADIC : PHASE_STEADY);
		end();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(partition_is_the_best_of_all_partitions),
		cmocka_unit_test(pruning_loses_nothing_against_plain_optimal_partition),
		cmocka_unit_test(nothing_to_divide_has_no_segment),
		cmocka_unit_test(lone_call_days_later_stands_between_two_silences),
		cmocka_unit_test(intermittent_tail_ends_at_its_last_call),
		cmocka_unit_test(sporadic_calls_to_the_end_stay_one_phase),
		cmocka_unit_test(steady_rates_within_a_factor_of_two_are_one_phase),
		cmocka_unit_test(gap_of_unknown_time_takes_no_part),
		cmocka_unit_test(record_without_a_call_is_silent_throughout),
		cmocka_unit_test(rows_before_retirement_are_left_out),
		cmocka_unit_test(more_changes_than_the_table_holds_end_in_one_phase),
		cmocka_unit_test(constant_rate_has_no_range_and_a_moving_one_has),
		cmocka_unit_test(bucket_observed_in_part_counts_for_its_part),
		cmocka_unit_test(ten_minutes_of_many_calls_are_steady),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
