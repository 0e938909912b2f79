/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/client_profile_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "workspace.h"

#define CLIENT "[client]\nname = Winny\n"
#define DECAY  "[decay]\nfamily = exp\nlikelihood = poisson\ncounts = attempts\n"
#define RECORD(name, silent, tau)                                                                  \
	"[record " name "]\nspan_hours = 4320\nobserved_hours = 4320\ncount = 100\n"               \
	"last_hours = 300\n" silent "day_dispersion = 0\nA = 10\ntau = " tau "\n"
#define SILENT(hours) "silent_after_hours = " hours "\n"
#define WHOLE	      CLIENT DECAY RECORD("a", SILENT("300"), "24")

static void close_to(double seen, double expected, double off)
{
	if (!(fabs(seen - expected) <= off))
		fail_msg("%.12g instead of %.12g", seen, expected);
}

static int read_text(const char *text, struct client_profile *profile, struct failure *failure)
{
	*failure = (struct failure){0};
	write_text("a.conf", text);
	return client_profile_read(profile, "a.conf", failure);
}

static void read_whole(const char *text, struct client_profile *profile)
{
	struct failure failure;
	if (read_text(text, profile, &failure) != 0)
		fail_msg("%s", failure.text);
}

static void an_exponential_profile_says_what_its_formula_says(void **state)
{
	(void)state;
	struct client_profile profile;
	read_whole(WHOLE, &profile);
	/* 10 an hour, halved every 24 ln 2 hours; e^-1 of it after a day. */
	close_to(client_profile_per_day(&profile, 0).value, 240, 1e-9);
	close_to(client_profile_per_day(&profile, 24).value, 240 * exp(-1), 1e-9);
	/* One a day is left after 24 ln 240 hours. */
	close_to(client_profile_hours_to_rate(&profile, 1).value, 24 * log(240), 1e-6);
	/* 240 e^(-t/24) are still to come at t: for ever silent with e^-(that). */
	close_to(client_profile_quiet(&profile, 240, 1e5).value, exp(-240 * exp(-10)), 1e-9);
	close_to(client_profile_longest(&profile), 4320, 0);
}

static void silence_under_nb1_goes_by_its_dispersion_and_by_that_of_days(void **state)
{
	(void)state;
	struct client_profile profile;
	read_whole(CLIENT "[decay]\nfamily = exp\nlikelihood = nb1\ncounts = syn\n[record a]\n"
			  "span_hours = 720\nobserved_hours = 720\ncount = 9\nlast_hours = 1\n"
			  "day_dispersion = 0\nA = 1\ntau = 10\nphi = 2\n",
		   &profile);
	double expected = 10 * exp(-2);
	close_to(client_profile_quiet(&profile, 20, 1e5).value, pow(3, -expected / 2), 1e-9);
	profile.record[0].day_dispersion = 7;
	close_to(client_profile_quiet(&profile, 20, 1e5).value, pow(8, -expected / 7), 1e-9);
}

static void several_records_give_a_median_and_their_range(void **state)
{
	(void)state;
	struct client_profile profile;
	read_whole(WHOLE RECORD("b", "", "48") RECORD("c", SILENT("900"), "12"), &profile);
	struct profile_range range = client_profile_per_day(&profile, 48);
	close_to(range.value, 240 * exp(-2), 1e-9);
	close_to(range.low, 240 * exp(-4), 1e-9);
	close_to(range.high, 240 * exp(-1), 1e-9);
}

static void a_record_that_never_fell_silent_is_later_than_all_that_did(void **state)
{
	(void)state;
	struct client_profile profile;
	read_whole(WHOLE RECORD("b", "", "48") RECORD("c", SILENT("900"), "12"), &profile);
	assert_int_equal(client_profile_silent_records(&profile), 2);
	close_to(client_profile_silent_after(&profile, 0.1), 300, 0);
	close_to(client_profile_silent_after(&profile, 0.5), 900, 0);
	assert_true(isinf(client_profile_silent_after(&profile, 0.9)));
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	struct client_profile profile, back;
	struct failure failure = {0};
	read_whole("[client]\nname = Winny\nversion = 2b71\npolicy = drop\nports = 7743,80\n"
		   "origin = of our own making\n" DECAY "syn_per_attempt = 2.9\n"
		   "tau = 20 18 inf\nhalf_life_hours = 9 8.5 9.5\n" RECORD("a", SILENT("300"), "24")
			   RECORD("b", "", "48"),
		   &profile);
	assert_int_equal(client_profile_write(&profile, "b.conf", &failure), 0);
	assert_int_equal(client_profile_read(&back, "b.conf", &failure), 0);
	assert_string_equal(back.origin, "of our own making");
	assert_int_equal(back.ports, 2);
	assert_int_equal(back.port[1], 80);
	assert_int_equal(back.records, 2);
	assert_true(isinf(back.parameter[1].high) && back.parameter[1].low == 18);
	assert_false(back.parameter[0].known);
	assert_true(back.half_life_hours.known && !back.hours_to_daily.known);
	close_to(back.syn_per_attempt, 2.9, 0);
	close_to(back.record[1].parameter[1], 48, 0);
	assert_true(isnan(back.record[1].silent_after_hours));
}

static void every_mistake_names_its_line_and_what_is_allowed(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"", "a.conf:0: no [record NAME]"},
		{CLIENT, "a.conf:2: no [record NAME]"},
		{"[decay]\n", "a.conf:1: [decay] here: [client], [decay], then [record NAME]"},
		{"[client]\n[decay]\n", "a.conf:2: the section before lacks name"},
		{CLIENT "colour = red\n", "a.conf:3: colour is no key of [client]"},
		{CLIENT "name = Share\n", "a.conf:3: name is given twice"},
		{CLIENT "ports = 0\n", "a.conf:3: ports is '0'"},
		{CLIENT "policy = maybe\n", "a.conf:3: policy is 'maybe': drop or rst"},
		{CLIENT "[decay]\nA = 1 1 1\n", "a.conf:4: A stands before family and likelihood"},
		{CLIENT "[decay]\nfamily = const\n", "a.conf:4: family is 'const'"},
		{CLIENT "[decay]\nlikelihood = gauss\n", "a.conf:4: likelihood is 'gauss'"},
		{CLIENT DECAY "tau = 9 10 11\n", "a.conf:7: tau is '9 10 11': an estimate"},
		{CLIENT DECAY "tau = 9\n", "a.conf:7: tau is '9': an estimate"},
		{CLIENT DECAY "phi = 1 1 1\n", "a.conf:7: phi is no key of [decay]"},
		{CLIENT DECAY "b = 1 1 1\n", "a.conf:7: b is no key of [decay]"},
		{CLIENT "[decay]\nfamily = exp\nlikelihood = nb1\n[record a]\n",
		 "a.conf:6: the section before lacks counts"},
		{CLIENT DECAY "[record a b]\n", "a.conf:7: [record a b]: a name of 1 to 64"},
		{CLIENT DECAY "[record a]\nA = nan\n", "a.conf:8: A is 'nan': a number from"},
		{CLIENT DECAY "[record a]\ncount = 0\n", "a.conf:8: count is '0': a number from 1"},
		{CLIENT DECAY "[record a]\n", "a.conf:7: the section before lacks A"},
		{WHOLE "A = 3\n", "a.conf:16: A is given twice"},
		{WHOLE WHOLE, "a.conf:16: [client] here"},
		{WHOLE RECORD("a", "", "1"), "a.conf:16: [record a] is given twice"},
	};
	struct client_profile profile;
	struct failure failure;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(read_text(cases[i].text, &profile, &failure), -1);
		assert_int_equal(failure.status, EXIT_WRONG_USE);
		if (strncmp(failure.text, cases[i].message, strlen(cases[i].message)) != 0)
			fail_msg("'%s' instead of '%s'", failure.text, cases[i].message);
	}
}

static void more_records_than_a_profile_holds_are_refused(void **state)
{
	(void)state;
	static char text[65536];
	struct client_profile profile;
	struct failure failure;
	size_t length = (size_t)snprintf(text, sizeof text, "%s", CLIENT DECAY);
	for (int i = 0; i < CLIENT_PROFILE_RECORDS_MAX; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
					   "[record r%d]\nspan_hours = 1\nobserved_hours = 1\n"
					   "count = 1\nlast_hours = 1\nday_dispersion = 0\n"
					   "A = 1\ntau = 1\n",
					   i);
	assert_int_equal(read_text(text, &profile, &failure), 0);
	assert_int_equal(profile.records, CLIENT_PROFILE_RECORDS_MAX);
	snprintf(text + length, sizeof text - length, "[record more]\n");
	assert_int_equal(read_text(text, &profile, &failure), -1);
	assert_non_null(strstr(failure.text, "more than 64 records"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(an_exponential_profile_says_what_its_formula_says),
		in_workspace(silence_under_nb1_goes_by_its_dispersion_and_by_that_of_days),
		in_workspace(several_records_give_a_median_and_their_range),
		in_workspace(a_record_that_never_fell_silent_is_later_than_all_that_did),
		in_workspace(what_is_written_is_read_again),
		in_workspace(every_mistake_names_its_line_and_what_is_allowed),
		in_workspace(more_records_than_a_profile_holds_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
