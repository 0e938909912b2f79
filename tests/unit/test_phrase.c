/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/phrase.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct series series;
static struct analysis analysis;

static void add(struct phase phase)
{
	analysis.phase[analysis.phases++] = phase;
}

static void check(size_t index, const char *expected)
{
	char text[PHRASE_SIZE];
	assert_int_equal(phrase_phase(&analysis, index, LANGUAGE_ENGLISH, text, sizeof text),
			 strlen(expected));
	assert_string_equal(text, expected);
}

static void clear(void)
{
	memset(&analysis, 0, sizeof analysis);
	analysis.series = &series;
}

static void steady_phase_is_told_with_its_rate(void **state)
{
	(void)state;
	clear();
	add((struct phase){.kind = PHASE_STEADY,
			   .to_hours = 9,
			   .per_bucket = 20.3,
			   .bucket_low = 9,
			   .bucket_high = 31,
			   .rate_low = 16,
			   .rate_high = 25});
	add((struct phase){.kind = PHASE_STEADY,
			   .from_hours = 9,
			   .to_hours = 33,
			   .per_bucket = 19,
			   .bucket_low = 9,
			   .bucket_high = 29,
			   .rate_low = 11.5,
			   .rate_high = 26});
	check(0, "about 9 hours at about 20 per 5 minutes");
	check(1, "about 24 hours at 10 to 30 per 5 minutes");
}

static void intermittent_phase_is_told_by_its_active_buckets(void **state)
{
	(void)state;
	clear();
	add((struct phase){.kind = PHASE_INTERMITTENT,
			   .from_hours = 9,
			   .to_hours = 345,
			   .per_active_bucket = 2.9,
			   .active_low = 1,
			   .active_high = 3});
	add((struct phase){.kind = PHASE_INTERMITTENT,
			   .from_hours = 345,
			   .to_hours = 2500,
			   .per_active_bucket = 3.4,
			   .active_low = 2,
			   .active_high = 6});
	check(0, "about 2 weeks intermittently, about 3 per active 5 minutes");
	check(1, "about 3 months intermittently, 2 to 6 per active 5 minutes");
}

static void single_call_is_told_with_its_day(void **state)
{
	(void)state;
	clear();
	add((struct phase){.kind = PHASE_SPORADIC,
			   .from_hours = 102.6,
			   .to_hours = 102.7,
			   .first_syn_hours = 102.6,
			   .last_syn_hours = 102.6,
			   .calls = 1});
	check(0, "one call on day 5");
	analysis.phase[0].calls = 3;
	check(0, "3 calls on day 5");
	analysis.phase[0].last_syn_hours = 130;
	check(0, "3 calls from day 5 to day 6");
}

static void first_day_is_day_one(void **state)
{
	(void)state;
	clear();
	add((struct phase){
		.kind = PHASE_SPORADIC, .first_syn_hours = 0, .last_syn_hours = 0, .calls = 1});
	check(0, "one call on day 1");
	analysis.phase[0].last_syn_hours = 24;
	check(0, "one call on day 2");
}

static void silence_to_the_end_says_so_and_never_promises_too_much(void **state)
{
	(void)state;
	clear();
	add((struct phase){.kind = PHASE_SILENT, .to_hours = 90});
	add((struct phase){.kind = PHASE_SILENT, .from_hours = 100, .to_hours = 190});
	add((struct phase){
		.kind = PHASE_SILENT, .from_hours = 584.8, .to_hours = 584.8 + 5.9 * 730.5});
	check(0, "silence from the start for about 4 days");
	check(1, "then silence for about 4 days");
	check(2, "then silence for over 5 months (to the end of the record)");
	clear();
	add((struct phase){.kind = PHASE_SILENT, .to_hours = 90});
	check(0, "silence for over 3 days (the whole record)");
}

static void long_sporadic_phase_is_told_per_month(void **state)
{
	(void)state;
	clear();
	add((struct phase){.kind = PHASE_SPORADIC,
			   .from_hours = 24,
			   .to_hours = 4320,
			   .first_syn_hours = 80,
			   .last_syn_hours = 4300,
			   .calls = 12,
			   .calls_per_month = 2.01,
			   .calls_per_month_late = 1.9});
	check(0, "about 6 months sporadically, about 2 calls per month");
	analysis.phase[0].calls_per_month = 61;
	check(0, "about 6 months sporadically, about 61 calls per month, about 2 at the end");
}

static void few_calls_over_weeks_are_counted(void **state)
{
	(void)state;
	clear();
	add((struct phase){.kind = PHASE_SPORADIC,
			   .from_hours = 227,
			   .to_hours = 336,
			   .first_syn_hours = 230,
			   .last_syn_hours = 335,
			   .calls = 8});
	check(0, "about 5 days sporadically, 8 calls, the last on day 14");
}

static void text_without_room_is_an_error(void **state)
{
	(void)state;
	char text[8];
	clear();
	add((struct phase){.kind = PHASE_STEADY, .to_hours = 9, .per_bucket = 20});
	assert_int_equal(phrase_phase(&analysis, 0, LANGUAGE_ENGLISH, text, sizeof text), -1);
	assert_string_equal(text, "about 9");
}

static void durations_are_told_as_people_do(void **state)
{
	(void)state;
	static const struct {
		double hours;
		const char *text;
	} expected[] = {
		{0.25, "about 15 minutes"}, {1, "about 1 hour"},   {12, "about 12 hours"},
		{36, "about 36 hours"},	    {120, "about 5 days"}, {336, "about 2 weeks"},
		{4320, "about 6 months"},
	};
	char text[64];
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		assert_true(phrase_duration(expected[i].hours, LANGUAGE_ENGLISH, text,
					    sizeof text) > 0);
		assert_string_equal(text, expected[i].text);
	}
}

static void winny(void)
{
	clear();
	add((struct phase){.kind = PHASE_STEADY, .to_hours = 9, .per_bucket = 20.3});
	add((struct phase){.kind = PHASE_INTERMITTENT,
			   .from_hours = 9,
			   .to_hours = 345,
			   .per_active_bucket = 2.9});
	add((struct phase){.kind = PHASE_SILENT, .from_hours = 345, .to_hours = 585});
	add((struct phase){.kind = PHASE_SPORADIC,
			   .from_hours = 585,
			   .to_hours = 585.1,
			   .first_syn_hours = 585,
			   .last_syn_hours = 585,
			   .calls = 1});
	add((struct phase){.kind = PHASE_SILENT, .from_hours = 585.1, .to_hours = 4320});
}

static void check_ja(size_t index, const char *expected)
{
	char text[PHRASE_SIZE];
	assert_int_equal(phrase_phase(&analysis, index, LANGUAGE_JAPANESE, text, sizeof text),
			 strlen(expected));
	assert_string_equal(text, expected);
}

static void phases_are_told_in_japanese(void **state)
{
	(void)state;
	winny();
	check_ja(0, "およそ9時間、5分間に約20 SYNの割合で一定して到着");
	check_ja(1, "およそ2週間、断続的に5分間に約3 SYNが到着");
	check_ja(2, "その後およそ10日間は到着なし");
	check_ja(3, "25日目に1回だけ到着");
	check_ja(4, "その後は5か月以上到着なし（観測終了まで）");
}

static void check_story(enum language language, const char *expected)
{
	static char text[STORY_SIZE];
	assert_int_equal(phrase_story(&analysis, language, text, sizeof text), strlen(expected));
	assert_string_equal(text, expected);
}

static void phases_make_one_paragraph(void **state)
{
	(void)state;
	winny();
	check_story(
		LANGUAGE_JAPANESE,
		"停止後およそ9時間は、5分間に約20 SYNの割合で一定して届き、その後およそ2週間は、"
		"断続的に5分間に約3 SYNが届いた。その後およそ10日間は何も届かず、25日目に1回だけ"
		"届いた。その後は観測終了まで5か月以上にわたり何も届いていない。");
	check_story(
		LANGUAGE_ENGLISH,
		"For about 9 hours after the stop SYNs arrived steadily, at about 20 per 5 "
		"minutes; then for about 2 weeks they came intermittently, about 3 in the 5 "
		"minutes that had any. Then for about 10 days nothing arrived; one call came on "
		"day 25. Then nothing arrived in over 5 months to the end of the record.");
}

static void attempts_are_called_by_their_name(void **state)
{
	(void)state;
	clear();
	add((struct phase){.kind = PHASE_STEADY, .to_hours = 9, .per_bucket = 7});
	series.counts_attempts = true;
	check_ja(0, "およそ9時間、5分間に約7回の接続試行の割合で一定して到着");
	check_story(LANGUAGE_ENGLISH,
		    "For about 9 hours after the stop attempts arrived steadily, at about 7 per 5 "
		    "minutes.");
	series.counts_attempts = false;
}

static void record_that_begins_late_does_not_speak_of_the_stop(void **state)
{
	(void)state;
	clear();
	add((struct phase){
		.kind = PHASE_STEADY, .from_hours = 72, .to_hours = 81, .per_bucket = 4});
	check_story(LANGUAGE_JAPANESE,
		    "観測が始まったのは、停止からおよそ3日間を経た時点である。その後およそ9時間は、"
		    "5分間に約4 SYNの割合で一定して届いた。");
	check_story(
		LANGUAGE_ENGLISH,
		"The record begins about 3 days after the stop. Then for about 9 hours they came "
		"steadily, at about 4 per 5 minutes.");
}

static void record_without_a_syn_says_only_that(void **state)
{
	(void)state;
	clear();
	check_story(LANGUAGE_ENGLISH, "");
	add((struct phase){.kind = PHASE_SILENT, .to_hours = 190});
	check_story(LANGUAGE_JAPANESE, "7日間以上の観測期間中、SYNは1つも届いていない。");
	check_story(LANGUAGE_ENGLISH, "Nothing arrived in over 7 days of record.");
}

static void longest_story_fits_its_room(void **state)
{
	(void)state;
	static char text[STORY_SIZE];
	clear();
	for (int i = 0; i < PHASES_MAX; i++)
		add((struct phase){.kind = PHASE_SPORADIC,
				   .from_hours = 1000 * i,
				   .to_hours = 1000 * i + 1000,
				   .first_syn_hours = 1000 * i,
				   .last_syn_hours = 1000 * i + 999,
				   .calls = 123456,
				   .calls_per_month = 1234.56,
				   .calls_per_month_late = 123.456});
	for (int i = 0; i < LANGUAGES; i++)
		assert_true(phrase_story(&analysis, (enum language)i, text, sizeof text) > 0);
	assert_int_equal(phrase_story(&analysis, LANGUAGE_ENGLISH, text, 40), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steady_phase_is_told_with_its_rate),
		cmocka_unit_test(intermittent_phase_is_told_by_its_active_buckets),
		cmocka_unit_test(single_call_is_told_with_its_day),
		cmocka_unit_test(first_day_is_day_one),
		cmocka_unit_test(silence_to_the_end_says_so_and_never_promises_too_much),
		cmocka_unit_test(long_sporadic_phase_is_told_per_month),
		cmocka_unit_test(few_calls_over_weeks_are_counted),
		cmocka_unit_test(text_without_room_is_an_error),
		cmocka_unit_test(durations_are_told_as_people_do),
		cmocka_unit_test(phases_are_told_in_japanese),
		cmocka_unit_test(phases_make_one_paragraph),
		cmocka_unit_test(attempts_are_called_by_their_name),
		cmocka_unit_test(record_that_begins_late_does_not_speak_of_the_stop),
		cmocka_unit_test(record_without_a_syn_says_only_that),
		cmocka_unit_test(longest_story_fits_its_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
