/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/observation.h"
#include "../../observer/recovery.h"
#include "../../observer/store/rrd_view.h"

#include "frames.h"
#include "workspace.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cmocka.h>

#define US	INT64_C(1000000)
#define START	INT64_C(1203465600) /* a multiple of 300 */
#define STEP_US (17 * US)	    /* between two SYNs: a bucket has 17 or 18 of them */
#define HOST	0xc6336407	    /* 198.51.100.7 */
#define SOURCE	0xc6120000	    /* 198.18.0.0 */
#define KILLS	50		    /* make soak sets STALENODE_KILLS to 1000 */

static struct target target;
static const struct targets targets = {&target, 1};

/* What the observing process tells of itself, in memory that outlives it. */
struct progress_told {
	volatile uint64_t next;	     /* number of the next SYN: no two have the same time */
	volatile uint64_t under_way; /* 1 while one is being counted */
	volatile uint64_t done;	     /* SYNs that were counted */
};

static void must(int result, const struct failure *failure)
{
	if (result != 0) {
		fprintf(stderr, "%s\n", failure->text);
		abort(); /* in the child as in the parent */
	}
}

static void set_target(void)
{
	struct failure failure = {0};
	must(target_parse(&target, "winny=198.51.100.7/7743", &failure), &failure);
}

static void open_mapped(struct observation *observation)
{
	struct failure failure = {0};
	struct observation_options options = {
		.attempt_capacity = 1000, .evidence_budget = 1 << 20, .mapped = true};
	must(recover_open_buckets(".", &targets, &failure), &failure);
	must(observation_open(observation, ".", &targets, &options, &failure), &failure);
}

/* The n-th SYN, 17 seconds after the one before it, and the time until then. */
static void count_syn(struct observation *observation, uint64_t n, int64_t *covered_us)
{
	struct failure failure = {0};
	int64_t time_us = START * US + (int64_t)n * STEP_US;
	struct octets packet =
		tcp_packet(SOURCE + (uint32_t)(n % 5000), HOST, 40000, 7743, (uint32_t)n, FLAG_SYN);
	if (*covered_us == INT64_MIN)
		*covered_us = time_us;
	must(observation_cover(observation, *covered_us, time_us, &failure), &failure);
	*covered_us = time_us;
	if (observation_packet(observation, time_us, LINK_RAW, packet.bytes,
			       (uint32_t)packet.length, (uint32_t)packet.length,
			       &failure) != OBSERVATION_COUNTED)
		must(-1, &failure);
	must(observation_settle(observation, &failure), &failure);
}

static void note_closed(void *context, const struct observed_target *observed,
			const struct bucket_record *record)
{
	(void)observed;
	(void)record;
	*(bool *)context = true;
}

/* Counts until it is killed, as the agent does: buckets close, the ledger is synchronised, the
 * RRD follows. */
static void observe_until_killed(struct progress_told *told)
{
	struct observation observation;
	struct failure failure = {0};
	int64_t covered_us = INT64_MIN;
	bool closed = false;
	open_mapped(&observation);
	observation.closed = note_closed;
	observation.closed_context = &closed;
	for (uint64_t n = told->next; n < 2000000; n++) {
		told->next = n + 1;
		told->under_way = 1;
		count_syn(&observation, n, &covered_us);
		told->done++;
		told->under_way = 0;
		if (!closed)
			continue;
		closed = false;
		must(target_store_synchronise(&observation.target[0].store, &failure), &failure);
		must(target_store_update_view(&observation.target[0].store, &failure), &failure);
	}
	_exit(0);
}

static uint64_t ledger_total(uint64_t *sources, uint64_t *seconds)
{
	struct failure failure = {0};
	struct ledger ledger;
	uint64_t syn = 0;
	*sources = *seconds = 0;
	must(ledger_read(&ledger, "winny/ledger", &failure), &failure);
	assert_int_equal(ledger.damaged_lines, 0);
	for (size_t i = 0; i < ledger.records; i++) {
		syn += ledger.record[i].syn;
		*sources += ledger.record[i].new_sources;
		*seconds += ledger.record[i].observed_seconds;
	}
	struct rrd_comparison comparison;
	if (ledger.records) {
		must(rrd_view_verify("winny/counts.rrd", &ledger, &comparison, &failure), &failure);
		assert_int_equal(comparison.differing + comparison.invented, 0);
	}
	ledger_free(&ledger);
	return syn;
}

static void a_killed_observer_loses_no_counted_packet_and_counts_none_twice(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct progress_told *told =
		mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(told != MAP_FAILED);
	set_target();
	const char *wanted = getenv("STALENODE_KILLS");
	int kills = wanted ? (int)strtol(wanted, NULL, 10) : KILLS;
	srand(7);
	for (int kill_number = 0; kill_number < kills; kill_number++) {
		uint64_t first = told->next;
		pid_t child = fork();
		if (child == 0)
			observe_until_killed(told);
		/* At some moment after some SYNs; every tenth time perhaps while it still starts.
		 */
		uint64_t wanted_syns = kill_number % 10 ? (uint64_t)(1 + rand() % 100) : 0;
		for (int i = 0; i < 600000 && told->next < first + wanted_syns; i++)
			usleep(50);
		usleep((useconds_t)(rand() % 1000));
		kill(child, SIGKILL);
		int status;
		waitpid(child, &status, 0);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		must(recover_open_buckets(".", &targets, &failure), &failure);
		uint64_t sources, seconds, counted = 0;
		if (access("winny/ledger", F_OK) == 0)
			counted = ledger_total(&sources, &seconds);
		/* The SYN under way at the kill may be in or out; every other one is in, once. */
		assert_in_range(counted, told->done, told->done + told->under_way);
		told->done = counted;
		told->under_way = 0;
	}
	assert_true(told->done > (uint64_t)kills * 10);
	munmap(told, sizeof *told);
}

static void what_was_open_is_closed_with_its_seconds_and_says_so(void **state)
{
	(void)state;
	struct failure failure = {0};
	set_target();
	pid_t child = fork();
	if (child == 0) {
		struct observation observation;
		int64_t covered_us = START * US;
		open_mapped(&observation);
		for (uint64_t n = 0; n < 10; n++) /* 0 to 153 seconds */
			count_syn(&observation, n, &covered_us);
		raise(SIGKILL);
	}
	waitpid(child, NULL, 0);
	must(recover_open_buckets(".", &targets, &failure), &failure);
	struct ledger ledger;
	must(ledger_read(&ledger, "winny/ledger", &failure), &failure);
	assert_int_equal(ledger.records, 1);
	const struct bucket_record *record = &ledger.record[0];
	assert_int_equal(record->syn, 10);
	assert_int_equal(record->attempts, 10);
	assert_int_equal(record->sources, 10);
	assert_int_equal(record->new_sources, 10);
	assert_int_equal(record->observed_seconds, 153);
	assert_true(record->flags & BUCKET_RESTARTED);
	ledger_free(&ledger);
	/* A second recovery finds nothing more to close. */
	must(recover_open_buckets(".", &targets, &failure), &failure);
	must(ledger_read(&ledger, "winny/ledger", &failure), &failure);
	assert_int_equal(ledger.lines, 1);
	ledger_free(&ledger);
}

static void the_same_bucket_goes_on_after_the_restart(void **state)
{
	(void)state;
	struct failure failure = {0};
	set_target();
	for (int run = 0; run < 3; run++) {
		pid_t child = fork();
		if (child == 0) {
			struct observation observation;
			int64_t covered_us = INT64_MIN;
			open_mapped(&observation);
			for (uint64_t n = 0; n < 4; n++)
				count_syn(&observation, (uint64_t)run * 5 + n, &covered_us);
			raise(SIGKILL);
		}
		waitpid(child, NULL, 0);
	}
	must(recover_open_buckets(".", &targets, &failure), &failure);
	struct ledger ledger;
	must(ledger_read(&ledger, "winny/ledger", &failure), &failure);
	assert_int_equal(ledger.records, 1);
	assert_int_equal(ledger.record[0].syn, 12);
	assert_int_equal(ledger.record[0].new_sources, 12);
	/* Three stretches of 51 seconds, and what was between them is not covered. */
	assert_int_equal(ledger.record[0].observed_seconds, 3 * 51);
	assert_true(ledger.record[0].flags & BUCKET_MERGED);
	ledger_free(&ledger);
}

static void a_state_of_another_layout_is_made_anew(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct observation observation;
	set_target();
	write_text("open.state", "what another version left");
	open_mapped(&observation);
	int64_t covered_us = START * US;
	count_syn(&observation, 1, &covered_us);
	must(observation_finish(&observation, &failure), &failure);
	observation_close(&observation);
	struct ledger ledger;
	must(ledger_read(&ledger, "winny/ledger", &failure), &failure);
	assert_int_equal(ledger.records, 1);
	assert_int_equal(ledger.record[0].syn, 1);
	assert_false(ledger.record[0].flags & BUCKET_RESTARTED);
	ledger_free(&ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_killed_observer_loses_no_counted_packet_and_counts_none_twice),
		in_workspace(what_was_open_is_closed_with_its_seconds_and_says_so),
		in_workspace(the_same_bucket_goes_on_after_the_restart),
		in_workspace(a_state_of_another_layout_is_made_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
