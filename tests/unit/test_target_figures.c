/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figure_record.h"

static double counted_from(int first)
{
	double count = 0;
	for (int i = first; i < BUCKETS; i++)
		count += i / 288 == 30 ? 0 : wanted_count(i);
	return count;
}

/* Value of the layer at a time that it has a row for; NAN when it has none. */
static double value_at(const char *csv, const char *layer, double hours, double within)
{
	struct csv_row row;
	double nearest = within, value = NAN;
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row)) {
		double middle = (row.field[0] + row.field[1]) / 2;
		if (strcmp(row.layer, layer) == 0 && fabs(middle - hours) <= nearest) {
			nearest = fabs(middle - hours);
			value = row.field[2];
		}
	}
	return value;
}

/* With so many expected after the record, and no background. */
static char *survival_with(const struct drawn *drawn, double remaining)
{
	struct analysis analysis = drawn->analysis[0];
	analysis.background_per_bucket.known = false;
	analysis.residual_total = (struct interval){remaining, 0, 2 * remaining, remaining > 0};
	struct figure_request request = {.analysis = &analysis, .analyses = 1};
	return render(&survival_figure, &request, FORMAT_CSV);
}

static void survival_is_the_share_of_what_came_later(void **state)
{
	static const double remaining[] = {0, 500};
	/* On the root axis point k of 400 stands at 1080 (k / 400)^2 hours. */
	static const int points[] = {0, 18, 36, 120, 200, 290, 400};
	for (size_t j = 0; j < sizeof remaining / sizeof remaining[0]; j++) {
		char *csv = survival_with(*state, remaining[j]);
		for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
			double hours = 1080 * pow(points[i] / 400.0, 2);
			double later = counted_from((int)ceil(hours * 12 - 1e-6)) + remaining[j];
			assert_near(value_at(csv, "still_to_come_percent", hours, 1e-6),
				    100 * later / (counted_from(0) + remaining[j]), 1e-4);
		}
		free(csv);
	}
}

static void survival_has_no_share_where_nothing_was_observed(void **state)
{
	struct drawn *drawn = *state;
	char *csv = render(&survival_figure, &drawn->request, FORMAT_CSV);
	struct csv_row row;
	size_t before = 0;
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row)) {
		if (strcmp(row.layer, "still_to_come_percent") != 0)
			continue;
		before += row.field[0] < 720;
		assert_false(row.field[0] > 724 && row.field[0] < 740); /* within day 30 */
	}
	assert_true(before > 300);
	free(csv);
}

static void a_pause_grows_to_the_next_syn_and_is_unknown_after_a_gap(void **state)
{
	struct drawn *drawn = *state;
	char *csv = render(&survival_figure, &drawn->request, FORMAT_CSV);
	/* The last SYN came in bucket 7100; until day 30 the time since it grows. */
	assert_near(value_at(csv, "since_last_hours", 700, 4), 700 - 7100 / 12.0, 6);
	assert_true(isnan(value_at(csv, "since_last_hours", 760, 4)));
	assert_true(isnan(value_at(csv, "since_last_hours", 1070, 4)));
	/* While every bucket has one, it is never older than a bucket. */
	assert_near(value_at(csv, "since_last_hours", 4, 0.2), 1 / 12.0, 1e-6);
	free(csv);
}

static void background_holds_all_of_both(void **state)
{
	struct drawn *drawn = *state;
	char *csv = render(&background_figure, &drawn->request, FORMAT_CSV);
	struct csv_row row;
	double port = 0, others = 0, wanted = 0;
	for (const char *next = first_row(csv, &row); next; next = next_row(next, &row)) {
		if (strcmp(row.layer, "port") == 0)
			port += row.field[5];
		if (strcmp(row.layer, "others") == 0)
			others += row.field[5];
		if (strstr(row.layer, "_zero"))
			assert_near(row.field[5], 0, 0);
	}
	for (size_t i = 0; i < drawn->series.rows; i++)
		wanted += drawn->series.row[i].other_syn;
	assert_near(port, counted_from(0), 1e-6);
	assert_near(others, wanted, 1e-6);
	free(csv);
}

static void background_without_other_ports_is_refused_with_the_mend(void **state)
{
	struct drawn *drawn = *state;
	struct series series = drawn->series;
	struct analysis analysis = drawn->analysis[0];
	series.has_other = false;
	analysis.series = &series;
	struct figure_request request = {.analysis = &analysis, .analyses = 1};
	struct failure failure = {0};
	char *bytes = NULL;
	size_t length;
	assert_int_equal(
		figure_render(&background_figure, &request, FORMAT_SVG, &bytes, &length, &failure),
		-1);
	assert_non_null(strstr(failure.text, "STATE/NAME"));
}

/* The second target is the first one a year later, under a name that a table calculator would
 * take for a formula. */
static void compare_aligns_targets_on_their_retirement(void **state)
{
	struct drawn *drawn = *state;
	struct series later = drawn->series;
	struct analysis analysis[2] = {drawn->analysis[0], drawn->analysis[0]};
	later.row = calloc(later.rows, sizeof *later.row);
	assert_non_null(later.row);
	for (size_t i = 0; i < later.rows; i++) {
		later.row[i] = drawn->series.row[i];
		later.row[i].start += 365 * 86400;
	}
	later.retired += 365 * 86400;
	snprintf(later.name, sizeof later.name, "=a,\"b\"");
	analysis[1].series = &later;
	struct figure_request request = {.analysis = analysis, .analyses = 2};
	char *csv = render(&compare_figure, &request, FORMAT_CSV);
	size_t rows = 0;
	const char *found = strstr(csv, "\nwinny,mean,");
	const char *other = strstr(csv, "\n\"'=a,\"\"b\"\"\",mean,");
	for (; found && other; rows++) {
		const char *row = found + strlen("\nwinny"),
			   *same = other + strlen("\n\"'=a,\"\"b\"\"\"");
		size_t length = strcspn(row, "\n");
		assert_int_equal(length, strcspn(same, "\n"));
		assert_memory_equal(row, same, length);
		found = strstr(row, "\nwinny,mean,");
		other = strstr(same, "\n\"'=a,\"\"b\"\"\",mean,");
	}
	assert_null(found);
	assert_null(other);
	assert_true(rows > 40);
	free(csv);
	free(later.row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(survival_is_the_share_of_what_came_later),
		cmocka_unit_test(survival_has_no_share_where_nothing_was_observed),
		cmocka_unit_test(a_pause_grows_to_the_next_syn_and_is_unknown_after_a_gap),
		cmocka_unit_test(background_holds_all_of_both),
		cmocka_unit_test(background_without_other_ports_is_refused_with_the_mend),
		cmocka_unit_test(compare_aligns_targets_on_their_retirement),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
