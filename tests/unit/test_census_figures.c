/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/census_record.h"
#include "../../graphs/figure.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define FIRST_DAY 13929 /* 2008-02-20 */

/* Two targets of three days. The first was not observed on the second day, and only half of the
 * third; the second was observed throughout. */
struct state {
	char directory[128], path[2][160];
	struct series series[2];
	struct analysis analysis[2];
	struct census_record record;
	struct figure_request request;
};

static void write_census(const struct state *state, int target, const char *name, const char *text)
{
	char path[300];
	snprintf(path, sizeof path, "%s/census/%s", state->path[target], name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void make_series(struct series *series, bool whole)
{
	*series = (struct series){.retired = FIRST_DAY * INT64_C(86400)};
	series->row = calloc(3 * 288, sizeof *series->row);
	assert_non_null(series->row);
	for (int i = 0; i < 3 * 288; i++)
		if (whole || i < 288 || i >= 2 * 288 + 144)
			series->row[series->rows++] = (struct series_row){
				.start = series->retired + i * 300, .observed_seconds = 300};
}

static int set_up(void **context)
{
	static const char ports[] = "#protocol\tport\tpackets\tsources\tsources_exact\n";
	struct state *state = calloc(1, sizeof *state);
	assert_non_null(state);
	snprintf(state->directory, sizeof state->directory, "/tmp/test_census_figures.XXXXXX");
	assert_non_null(mkdtemp(state->directory));
	for (int i = 0; i < 2; i++) {
		char census[200], text[400];
		snprintf(state->path[i], sizeof state->path[i], "%s/node%d", state->directory, i);
		snprintf(census, sizeof census, "%s/census", state->path[i]);
		assert_int_equal(mkdir(state->path[i], 0700), 0);
		assert_int_equal(mkdir(census, 0700), 0);
		make_series(&state->series[i], i == 1);
		snprintf(state->series[i].name, sizeof state->series[i].name, "node%d", i);
		state->analysis[i].series = &state->series[i];
		/* Each day: 12 to 445, 6 to 53, and one each to 101 ... 110. */
		snprintf(text, sizeof text, "%stcp\t445\t12\t3\tyes\nudp\t53\t6\t3\tyes\n", ports);
		for (int port = 101; port <= 110; port++) {
			size_t used = strlen(text);
			snprintf(text + used, sizeof text - used, "tcp\t%d\t1\t1\tyes\n", port);
		}
		write_census(state, i, "2008-02-20.tsv", text);
		write_census(state, i, "2008-02-22.tsv", text);
		if (i == 1)
			write_census(state, i, "2008-02-21.tsv", text);
	}
	state->request = (struct figure_request){
		.analysis = state->analysis, .analyses = 1, .census = &state->record};
	*context = state;
	return 0;
}

static int tear_down(void **context)
{
	struct state *state = *context;
	census_record_free(&state->record);
	nftw(state->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(state->series[0].row);
	free(state->series[1].row);
	free(state);
	return 0;
}

static void load(struct state *state, size_t targets)
{
	const char *const path[] = {state->path[0], state->path[1]};
	const struct series *const series[] = {&state->series[0], &state->series[1]};
	struct failure failure = {0};
	int result = census_record_load(&state->record, path, series, targets, &failure);
	assert_string_equal(failure.text, "");
	assert_int_equal(result, 0);
	state->request.analyses = targets;
}

static char *render(const struct state *state, const struct figure *figure,
		    enum figure_format format)
{
	struct failure failure = {0};
	char *bytes = NULL;
	size_t length;
	int result = figure_render(figure, &state->request, format, &bytes, &length, &failure);
	assert_string_equal(failure.text, "");
	assert_int_equal(result, 0);
	return bytes;
}

static void a_day_is_divided_by_the_time_observed_in_it(void **context)
{
	load(*context, 1);
	char *csv = render(*context, &ports_figure, FORMAT_CSV);
	assert_non_null(strstr(csv, "\n2008-02-20,1,445/tcp,12,12,1\n"));
	assert_non_null(strstr(csv, "\n2008-02-20,1,53/udp,6,6,1\n"));
	assert_non_null(strstr(csv, "\n2008-02-22,1,445/tcp,12,24,0.5\n"));
	free(csv);
}

static void a_day_not_observed_is_unknown_and_not_zero(void **context)
{
	load(*context, 1);
	char *csv = render(*context, &ports_figure, FORMAT_CSV);
	assert_non_null(strstr(csv, "\n2008-02-21,1,445/tcp,0,,0\n"));
	free(csv);
}

static void beyond_the_ten_busiest_all_are_others(void **context)
{
	load(*context, 1);
	char *csv = render(*context, &ports_figure, FORMAT_CSV);
	/* 445, 53 and eight of ten with one packet each. */
	assert_non_null(strstr(csv, "\n2008-02-20,1,108/tcp,1,1,1\n"));
	assert_null(strstr(csv, ",109/tcp,"));
	assert_non_null(strstr(csv, "\n2008-02-20,1,other ports,2,2,1\n"));
	free(csv);
}

static void several_sensors_are_averaged_over_what_each_observed(void **context)
{
	load(*context, 2);
	char *csv = render(*context, &ports_figure, FORMAT_CSV);
	assert_non_null(strstr(csv, "\n2008-02-20,1,445/tcp,24,12,2\n"));
	assert_non_null(strstr(csv, "\n2008-02-21,1,445/tcp,12,12,1\n"));
	assert_non_null(strstr(csv, "\n2008-02-22,1,445/tcp,24,16,1.5\n"));
	free(csv);
}

static void add_places(const struct state *state)
{
	static const char head[] = "syn\tsyn_sources\tudp\tudp_sources\tsources_exact";
	char text[400];
	snprintf(text, sizeof text, "#country\t%s\nJP\t9\t6\t0\t0\tyes\n-\t2\t2\t0\t0\tyes\n",
		 head);
	write_census(state, 0, "2008-02-20.countries.tsv", text);
	snprintf(text, sizeof text, "#country\t%s\nDE\t1\t1\t0\t0\tyes\nJP\t1\t1\t0\t0\tyes\n",
		 head);
	write_census(state, 0, "2008-02-22.countries.tsv", text);
	snprintf(text, sizeof text,
		 "#system\t%s\tname\n64496\t9\t8\t0\t0\tno\t=`touch x` '<b>\",\\\n", head);
	write_census(state, 0, "2008-02-20.systems.tsv", text);
}

static void sources_are_summed_over_days_by_country(void **context)
{
	add_places(*context);
	load(*context, 1);
	char *csv = render(*context, &countries_figure, FORMAT_CSV);
	assert_non_null(strstr(csv, "\ncountry,JP,7,70,10,yes\n"));
	assert_non_null(strstr(csv, "\ncountry,DE,1,10,1,yes\n"));
	assert_non_null(strstr(csv, "\ncountry,unknown,2,20,2,yes\n"));
	assert_non_null(strstr(csv, "\nprovider,\"AS64496 =`touch x` '<b>\"\",\\\",8,100,9,no\n"));
	free(csv);
}

static void a_provider_of_markup_and_quotes_stays_text(void **context)
{
	struct state *state = *context;
	add_places(state);
	load(state, 1);
	for (int language = 0; language < LANGUAGES; language++) {
		state->request.language = (enum language)language;
		char *svg = render(state, &countries_figure, FORMAT_SVG);
		assert_null(strstr(svg, "<b>"));
		assert_non_null(strstr(svg, "AS64496 =`touch x`"));
		assert_non_null(strstr(svg, "70.0 % (7)"));
		free(svg);
	}
}

static void without_countries_the_figure_says_how_to_count_them(void **context)
{
	struct state *state = *context;
	struct failure failure = {0};
	char *bytes = NULL;
	size_t length;
	load(state, 1);
	assert_int_equal(figure_render(&countries_figure, &state->request, FORMAT_SVG, &bytes,
				       &length, &failure),
			 -1);
	assert_non_null(strstr(failure.text, "--country"));
}

static void a_target_without_a_census_is_named_with_the_mend(void **context)
{
	struct state *state = *context;
	const char *const path[] = {state->directory};
	const struct series *const series[] = {&state->series[0]};
	struct failure failure = {0};
	assert_int_equal(census_record_load(&state->record, path, series, 1, &failure), -1);
	assert_non_null(strstr(failure.text, state->directory));
	assert_non_null(strstr(failure.text, "STATE/NAME"));
}

static void a_damaged_census_is_named_with_its_line(void **context)
{
	struct state *state = *context;
	const char *const path[] = {state->path[0]};
	const struct series *const series[] = {&state->series[0]};
	struct failure failure = {0};
	write_census(state, 0, "2008-02-21.tsv", "#protocol\tport\n");
	assert_int_equal(census_record_load(&state->record, path, series, 1, &failure), -1);
	assert_non_null(strstr(failure.text, "2008-02-21.tsv:1"));
}

static void drawings_of_a_census_are_the_same_twice(void **context)
{
	static const struct figure *const figures[] = {&ports_figure, &countries_figure};
	struct state *state = *context;
	add_places(state);
	load(state, 2);
	for (size_t i = 0; i < 2; i++) {
		char *first = render(state, figures[i], FORMAT_SVG);
		char *second = render(state, figures[i], FORMAT_SVG);
		assert_string_equal(first, second);
		free(first);
		free(second);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_day_is_divided_by_the_time_observed_in_it),
		TEST(a_day_not_observed_is_unknown_and_not_zero),
		TEST(beyond_the_ten_busiest_all_are_others),
		TEST(several_sensors_are_averaged_over_what_each_observed),
		TEST(sources_are_summed_over_days_by_country),
		TEST(a_provider_of_markup_and_quotes_stays_text),
		TEST(without_countries_the_figure_says_how_to_count_them),
		TEST(a_target_without_a_census_is_named_with_the_mend),
		TEST(a_damaged_census_is_named_with_its_line),
		TEST(drawings_of_a_census_are_the_same_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
