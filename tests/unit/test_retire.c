/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/retire.h"

#include "../../observer/base/timestamp.h"
#include "../../observer/store/targets.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define BEGIN 1203465600 /* 2008-02-20T00:00:00Z */
#define HOUR  3600

/* One letter a bucket: A answers, s has an unanswered SYN, '.' nothing, ' ' not observed, 'h' half
 * observed. */
static struct ledger ledger_of(const char *buckets)
{
	struct ledger ledger = {.records = 0};
	ledger.record = test_calloc(strlen(buckets) + 1, sizeof ledger.record[0]);
	for (int64_t start = BEGIN; *buckets; buckets++, start += BUCKET_SECONDS) {
		if (*buckets == ' ')
			continue;
		ledger.record[ledger.records++] = (struct bucket_record){
			.start = start,
			.observed_seconds = *buckets == 'h' ? 150 : 300,
			.answered = *buckets == 'A' ? 3 : 0,
			.syn = *buckets == 'A' || *buckets == 's' ? 4 : 0,
		};
	}
	return ledger;
}

static void free_ledger(struct ledger *ledger)
{
	test_free(ledger->record);
}

static struct silence proposed(const char *buckets)
{
	struct ledger ledger = ledger_of(buckets);
	struct failure failure = {0};
	struct silence silence = {0};
	if (retire_propose(&ledger, &silence, &failure) != 0)
		fail_msg("'%s': %s", buckets, failure.text);
	free_ledger(&ledger);
	return silence;
}

static void assert_no_proposal(const char *buckets, const char *why)
{
	struct ledger ledger = ledger_of(buckets);
	struct failure failure = {0};
	struct silence silence;
	assert_int_equal(retire_propose(&ledger, &silence, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	if (!strstr(failure.text, why) || !strstr(failure.text, "--at TIME"))
		fail_msg("'%s' says: %s", buckets, failure.text);
	free_ledger(&ledger);
}

static void the_end_of_the_last_answering_bucket_is_proposed(void **state)
{
	(void)state;
	struct silence silence = proposed("AA.A....s..s....");
	assert_true(silence.begin == BEGIN + 4 * BUCKET_SECONDS);
	assert_true(silence.observed_seconds == HOUR);
	assert_true(silence.syn == 8);
	assert_true(silence.first_syn == BEGIN + 8 * BUCKET_SECONDS);
	assert_true(silence.end == TIME_UNKNOWN);
	silence = proposed("A............");
	assert_true(silence.syn == 0 && silence.first_syn == TIME_UNKNOWN);
}

static void an_hour_less_a_bucket_is_too_short(void **state)
{
	(void)state;
	assert_no_proposal("A...........", "only 3300 s were observed");
	assert_no_proposal("A............A", "only 0 s were observed");
}

/* Unknown is not silence. */
static void what_was_not_observed_does_not_count_as_silence(void **state)
{
	(void)state;
	assert_no_proposal("A                              .", "only 300 s were observed");
	assert_no_proposal("Ahhhhhhhhhhhhhhhhhhhhhhh", "only 3450 s were observed");
	struct silence silence = proposed("A     hhhhhhhhhhhhhhhhhhhhhhhh");
	assert_true(silence.begin == BEGIN + BUCKET_SECONDS);
	assert_true(silence.observed_seconds == HOUR);
}

static void without_answers_nothing_is_proposed(void **state)
{
	(void)state;
	assert_no_proposal("", "nothing was observed");
	assert_no_proposal("sssssssssssssssss", "no SYN-ACK of its client was ever seen");
}

static void every_silence_of_an_hour_is_listed_and_no_shorter_one(void **state)
{
	(void)state;
	struct ledger ledger = ledger_of("..............A............AA...A.s..........s.");
	struct silence silence;
	size_t next = 0;
	assert_true(retire_next_silence(&ledger, &next, &silence));
	assert_true(silence.begin == BEGIN + 15 * BUCKET_SECONDS);
	assert_true(silence.end == BEGIN + 27 * BUCKET_SECONDS);
	assert_true(silence.observed_seconds == HOUR && silence.syn == 0);
	assert_true(retire_next_silence(&ledger, &next, &silence));
	assert_true(silence.begin == BEGIN + 33 * BUCKET_SECONDS);
	assert_true(silence.end == TIME_UNKNOWN);
	assert_true(silence.syn == 8);
	assert_false(retire_next_silence(&ledger, &next, &silence));
	free_ledger(&ledger);
}

/* A state directory obs with one target and that ledger. */
static void make_state(const char *buckets)
{
	struct failure failure = {0};
	struct target target;
	struct targets targets = {&target, 1};
	struct ledger ledger = ledger_of(buckets);
	assert_int_equal(target_parse(&target, "winny=192.0.2.1/80:started=2008-02-19", &failure),
			 0);
	mkdir("obs", 0755);
	mkdir("obs/winny", 0755);
	assert_int_equal(targets_write(&targets, "obs", &failure), 0);
	FILE *stream = fopen("obs/winny/ledger", "w");
	fputs(ledger_header_text(), stream);
	for (size_t i = 0; i < ledger.records; i++) {
		char line[LEDGER_LINE_SIZE];
		fwrite(line, 1, ledger_format_line(&ledger.record[i], line), stream);
	}
	fclose(stream);
	free_ledger(&ledger);
}

static int retire(const char *option, const char *value)
{
	char *arguments[5] = {(char *)"retire"};
	int count = 1;
	if (option)
		arguments[count++] = (char *)option;
	if (value)
		arguments[count++] = (char *)value;
	arguments[count++] = (char *)"obs/winny";
	int output = divert_output(1, "output"), errors = divert_output(2, "errors");
	int status = retire_verb.run(count, arguments);
	restore_output(1, output);
	restore_output(2, errors);
	return status;
}

static int64_t recorded(void)
{
	struct failure failure = {0};
	struct targets targets;
	assert_int_equal(targets_read(&targets, "obs", &failure), 0);
	int64_t retired = targets.target[0].retired;
	targets_free(&targets);
	return retired;
}

static void assert_said(const char *file, const char *what)
{
	size_t length;
	char *text = read_bytes(file, &length);
	if (!strstr(text, what))
		fail_msg("says: %s", text);
	free(text);
}

static void a_proposal_is_recorded_only_when_confirmed(void **state)
{
	(void)state;
	make_state("AAs............");
	assert_int_equal(retire(NULL, NULL), EXIT_DONE);
	assert_said("output", "proposed retirement 2008-02-20T00:10:00Z");
	assert_said("output", "'stalenode retire --yes obs/winny'");
	assert_true(recorded() == TIME_UNKNOWN);
	assert_int_equal(retire("--list", NULL), EXIT_DONE);
	assert_said("output", "2008-02-20T00:10:00Z\t3900\t4\t2008-02-20T00:10:00Z\t-\n");
	assert_true(recorded() == TIME_UNKNOWN);
	assert_int_equal(retire("--yes", NULL), EXIT_DONE);
	assert_true(recorded() == BEGIN + 600);
}

static void a_given_time_is_recorded_and_later_answers_are_told(void **state)
{
	(void)state;
	make_state("AA");
	assert_int_equal(retire("--at", "2008-02-20T00:03:00Z"), EXIT_DONE);
	assert_true(recorded() == BEGIN + 180);
	assert_said("errors", "still answered in the bucket of 2008-02-20T00:05:00Z");
	assert_int_equal(retire("--at", "1203469200"), EXIT_DONE);
	assert_true(recorded() == BEGIN + HOUR);
	assert_said("errors", "");
}

static void what_cannot_be_is_refused_and_records_nothing(void **state)
{
	(void)state;
	make_state("sss");
	assert_int_equal(retire("--yes", NULL), EXIT_FAILED);
	assert_said("errors", "obs/winny/ledger: no SYN-ACK");
	assert_int_equal(retire("--at", "yesterday"), EXIT_WRONG_USE);
	assert_int_equal(retire("--at", "9999-01-01"), EXIT_WRONG_USE);
	assert_said("errors", "lies in the future");
	assert_int_equal(retire("--at", "2008-02-18"), EXIT_WRONG_USE);
	assert_said("errors", "before it was started, 2008-02-19T00:00:00Z");
	assert_int_equal(retire("--list", "--yes"), EXIT_WRONG_USE);
	assert_true(recorded() == TIME_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_of_the_last_answering_bucket_is_proposed),
		cmocka_unit_test(an_hour_less_a_bucket_is_too_short),
		cmocka_unit_test(what_was_not_observed_does_not_count_as_silence),
		cmocka_unit_test(without_answers_nothing_is_proposed),
		cmocka_unit_test(every_silence_of_an_hour_is_listed_and_no_shorter_one),
		in_workspace(a_proposal_is_recorded_only_when_confirmed),
		in_workspace(a_given_time_is_recorded_and_later_answers_are_told),
		in_workspace(what_cannot_be_is_refused_and_records_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
