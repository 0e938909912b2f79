/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/alerts/explanation.h"
#include "alerts.h"
#include "workspace.h"

#include <stdlib.h>
#include <string.h>

static const struct alert_input_request request = {.year = 2026};

/* A table of so many calls to 192.0.2.1 from one address each, a second apart. */
static void write_calls(const char *path, int calls)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("time,src,sport,dst,dport,proto\n", file);
	for (int i = 0; i < calls; i++)
		fprintf(file, "%lld,10.%d.%d.%d,%d,192.0.2.1,4662,tcp\n", (long long)NOON + i,
			i >> 16, i >> 8 & 255, i & 255, 1024 + i % 60000);
	assert_int_equal(fclose(file), 0);
}

static void begin(struct explanation *explanation, const char *local)
{
	struct failure failure = {0};
	struct address address = {0};
	if (local)
		address = address_of(local);
	assert_int_equal(explanation_begin(explanation, &address, local != NULL, &failure), 0);
}

static void read_log(struct explanation *explanation, const char *path)
{
	struct failure failure = {0};
	if (explanation_read(explanation, path, &request, &failure) != 0)
		fail_msg("%s", failure.text);
}

static const struct cluster *finish(struct explanation *explanation)
{
	struct failure failure = {0};
	assert_int_equal(explanation_finish(explanation, &failure), 0);
	return explanation_clusters(explanation) ? cluster_table_at(explanation->table, 0) : NULL;
}

/* The host is learnt from the first alerts; what came before that is not lost, and what comes
 * after it is of the same side. */
static void however_long_a_log_every_alert_is_in_a_cluster(void **state)
{
	(void)state;
	static const int lengths[] = {1,
				      3,
				      LOCAL_SIDE_LEARNS - 1,
				      LOCAL_SIDE_LEARNS,
				      LOCAL_SIDE_LEARNS + 1,
				      2 * LOCAL_SIDE_LEARNS + 7};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct explanation explanation;
		write_calls("calls.csv", lengths[i]);
		begin(&explanation, NULL);
		read_log(&explanation, "calls.csv");
		const struct cluster *cluster = finish(&explanation);
		if (lengths[i] > 1) { /* of one alert neither side is the host's */
			assert_int_equal(explanation_clusters(&explanation), 1);
			assert_int_equal(cluster->events, lengths[i]);
			assert_int_equal(cluster->remotes, lengths[i]);
			assert_false(cluster->key.outgoing);
		}
		assert_int_equal(cluster_table_totals(explanation.table)->events, lengths[i]);
		assert_int_equal(explanation.counts.alerts, lengths[i]);
		explanation_free(&explanation);
	}
}

static void several_logs_are_one(void **state)
{
	(void)state;
	struct explanation explanation;
	write_calls("one.csv", 10);
	write_text("two.log",
		   "not an alert\n"
		   "Nov 26 13:00:00 gate kernel: DROP IN=eth0 OUT= SRC=198.51.100.7 DST=192.0.2.1 "
		   "LEN=52 PROTO=TCP SPT=40001 DPT=4662 WINDOW=8192 RES=0x00 SYN URGP=0\n"
		   "nor this\n");
	begin(&explanation, NULL);
	read_log(&explanation, "two.log");
	assert_string_equal(explanation.format, "netfilter");
	read_log(&explanation, "one.csv");
	assert_string_equal(explanation.format, "csv"); /* which has more alerts */
	read_log(&explanation, "two.log");
	assert_string_equal(explanation.format, "csv");
	const struct cluster *cluster = finish(&explanation);
	assert_int_equal(explanation_clusters(&explanation), 1);
	assert_int_equal(cluster->events, 12);
	assert_int_equal(cluster->remotes, 11);
	assert_int_equal(explanation.counts.alerts, 12);
	assert_int_equal(explanation.counts.skipped, 4);
	assert_int_equal(explanation.counts.shown, 4);
	assert_string_equal(explanation.counts.show[0].text, "not an alert");
	assert_int_equal(explanation.counts.show[1].line, 3);
	explanation_free(&explanation);
}

static void lines_that_are_shown_are_the_first_five_of_all(void **state)
{
	(void)state;
	struct explanation explanation;
	write_text("talk.log", "one\ntwo\nthree\n");
	begin(&explanation, NULL);
	read_log(&explanation, "talk.log");
	read_log(&explanation, "talk.log");
	assert_null(finish(&explanation));
	assert_int_equal(explanation.counts.skipped, 6);
	assert_int_equal(explanation.counts.shown, ALERT_INPUT_SHOWN);
	assert_string_equal(explanation.counts.show[4].text, "two");
	assert_string_equal(explanation.format, "");
	explanation_free(&explanation);
}

/* The one address in all of them is not taken for the host's when another is given. */
static void a_given_address_is_the_host_whatever_the_log_shows(void **state)
{
	(void)state;
	struct explanation explanation;
	write_calls("calls.csv", 20);
	begin(&explanation, "10.0.0.3");
	read_log(&explanation, "calls.csv");
	finish(&explanation);
	uint64_t outgoing = 0;
	for (size_t i = 0; i < explanation_clusters(&explanation); i++) {
		const struct cluster *cluster = cluster_table_at(explanation.table, i);
		struct address host = address_of("10.0.0.3");
		if (cluster->key.outgoing && memcmp(&cluster->key.local, &host, sizeof host) == 0)
			outgoing += cluster->events;
	}
	assert_int_equal(outgoing, 1);
	explanation_free(&explanation);
}

static void what_was_read_before_a_damaged_end_counts(void **state)
{
	(void)state;
	struct explanation explanation;
	struct failure failure = {0};
	write_calls("calls.csv", 5000);
	if (system("gzip -c calls.csv >whole.gz && head -c -100 whole.gz >cut.gz") != 0)
		skip();
	begin(&explanation, NULL);
	assert_int_equal(explanation_read(&explanation, "cut.gz", &request, &failure), -1);
	assert_non_null(strstr(failure.text, "cut.gz"));
	assert_true(explanation.counts.alerts > 1000 && explanation.counts.alerts < 5000);
	const struct cluster *cluster = finish(&explanation);
	assert_int_equal(cluster->events, explanation.counts.alerts);
	explanation_free(&explanation);
	failure = (struct failure){0};
	begin(&explanation, NULL);
	assert_int_equal(explanation_read(&explanation, "none.log", &request, &failure), -1);
	assert_non_null(strstr(failure.text, "none.log"));
	assert_null(finish(&explanation));
	explanation_free(&explanation);
}

/* Alerts without any time are explained, and nothing is forecast of them. */
static void a_log_without_times_has_a_diagnosis(void **state)
{
	(void)state;
	struct explanation explanation;
	struct diagnosis diagnosis;
	FILE *file = fopen("timeless.csv", "w");
	assert_non_null(file);
	fputs("src,dst,dport,proto\n", file);
	for (int i = 0; i < 50; i++)
		fprintf(file, "198.51.100.%d,192.0.2.1,4662,tcp\n", i + 1);
	fclose(file);
	begin(&explanation, NULL);
	read_log(&explanation, "timeless.csv");
	const struct cluster *cluster = finish(&explanation);
	assert_int_equal(cluster->events, 50);
	assert_int_equal(explanation.counts.time_unknown, 50);
	explanation_diagnose(&explanation, 0, &diagnosis);
	assert_true(diagnosis.group_probability > 0 && diagnosis.group_probability <= 1);
	assert_int_not_equal(diagnosis.quiet, QUIET_BY);
	assert_int_not_equal(diagnosis.quiet, QUIET_ALREADY);
	explanation_free(&explanation);
}

#define in_workspace(test) cmocka_unit_test_setup_teardown(test, enter_workspace, leave_workspace)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(however_long_a_log_every_alert_is_in_a_cluster),
		in_workspace(several_logs_are_one),
		in_workspace(lines_that_are_shown_are_the_first_five_of_all),
		in_workspace(a_given_address_is_the_host_whatever_the_log_shows),
		in_workspace(what_was_read_before_a_damaged_end_counts),
		in_workspace(a_log_without_times_has_a_diagnosis),
	};
	return cmocka_run_group_tests_name("explanation", tests, NULL, NULL);
}
