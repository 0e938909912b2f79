/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/live_clock.h"
#include "../../observer/recovery.h"
#include "../../observer/store/rrd_view.h"
#include "../../observer/store_writer.h"

#include "frames.h"
#include "workspace.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#define US	INT64_C(1000000)
#define START	INT64_C(1767225600) /* 2026-01-01T00:00:00Z, a multiple of 300 */
#define STEP_US (17 * US)	    /* between two SYNs: a bucket has 17 or 18 of them */
#define HOST	0xc6336407	    /* 198.51.100.7 */
#define SOURCE	0xc6120000	    /* 198.18.0.0 */
#define KILLS	50		    /* make soak sets STALENODE_KILLS to 1000 */
#define RING	4711		    /* the identity of the ring that the packets would come from */

static struct target target;
static const struct targets targets = {&target, 1};

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

/* What the monitor has: the memory, in the files of `directory`. */
static struct live_memory map_memory(const char *directory)
{
	struct live_memory live;
	struct failure failure = {0};
	live_memory_begin(&live, directory, getuid(), getgid());
	must(observation_memory_plan(&live, "eth0", &targets, 1000, &failure), &failure);
	must(live_memory_prepare(&live, &failure), &failure);
	assert_true(live.in_files);
	return live;
}

/* What a worker has: begins, or goes on where the one before it was ended. */
struct counting {
	struct observation_memory memory;
	struct observation observation;
};

static void begin_counting(struct counting *counting, const struct live_memory *live)
{
	struct failure failure = {0};
	struct observation_options options = {
		.evidence_budget = 1 << 20, .source_capacity = 100000, .memory = &counting->memory};
	char boot[BOOT_ID_SIZE];
	recover_read_boot_id(boot);
	observation_memory_take(&counting->memory, live, 1000);
	recover_resume(&counting->memory, boot);
	must(observation_open(&counting->observation, live->directory, &targets, &options,
			      &failure),
	     &failure);
	memcpy(counting->memory.state->boot, boot, sizeof boot);
	counting->observation.position.ring = RING;
}

/* The n-th SYN, 17 seconds after the one before it, and the time until then. Every third is a
 * retransmission of the one before. */
static void count_syn(struct observation *observation, uint64_t n)
{
	struct failure failure = {0};
	int64_t time_us = START * US + (int64_t)n * STEP_US;
	uint64_t attempt = n % 3 == 2 ? n - 1 : n;
	struct octets packet = tcp_packet(SOURCE + (uint32_t)(attempt * 7919 % 5000), HOST, 40000,
					  7743, (uint32_t)attempt, FLAG_SYN);
	must(live_clock_cover(observation, time_us, &failure), &failure);
	if (observation_packet(observation, time_us, LINK_RAW, packet.bytes,
			       (uint32_t)packet.length, (uint32_t)packet.length, false,
			       &failure) != OBSERVATION_COUNTED)
		must(-1, &failure);
}

/* Counts the packets from the one after the last that was committed, as from a ring, up to
 * number `end`; commits after every few. */
static void count_until(struct observation *observation, uint64_t end)
{
	struct failure failure = {0};
	while (observation->position.place < end) {
		count_syn(observation, observation->position.place);
		observation->position.place++;
		if (observation->position.place % 7 == 0)
			must(observation_commit(observation, &failure), &failure);
	}
	must(observation_commit(observation, &failure), &failure);
}

static void finish_counting(struct counting *counting)
{
	struct failure failure = {0};
	must(observation_finish(&counting->observation, &failure), &failure);
	must(store_writer_drain(&counting->observation, 0, &failure), &failure);
	observation_close(&counting->observation);
}

/* A worker, until it is killed. It counts years in seconds, and lets the disk keep up. */
static void work_until_killed(const struct live_memory *live)
{
	static struct counting counting;
	static struct store_writer writer;
	struct failure failure = {0};
	begin_counting(&counting, live);
	must(store_writer_begin(&writer, &counting.observation, &failure), &failure);
	for (;;) {
		count_until(&counting.observation, counting.observation.position.place + 7);
		store_writer_wake(&writer);
		while (closed_queue_waiting(&counting.memory.state->queue) > 20)
			usleep(10);
	}
}

static void read_ledger(struct ledger *ledger, const char *path)
{
	struct failure failure = {0};
	must(ledger_read(ledger, path, &failure), &failure);
	assert_int_equal(ledger->damaged_lines, 0);
	assert_int_equal(ledger->torn_bytes, 0);
}

static void assert_view_is_equal(const char *path, const struct ledger *ledger)
{
	struct failure failure = {0};
	struct rrd_comparison comparison;
	must(rrd_view_verify(path, ledger, &comparison, &failure), &failure);
	assert_int_equal(comparison.differing + comparison.invented, 0);
}

/* Everything that was counted; how often the observer was started is another matter. */
static void assert_same_counts(const struct bucket_record *a, const struct bucket_record *b)
{
	struct bucket_record left = *a, right = *b;
	left.flags = right.flags = 0;
	char one[LEDGER_LINE_SIZE], other[LEDGER_LINE_SIZE];
	ledger_format_line(&left, one);
	ledger_format_line(&right, other);
	assert_string_equal(one, other);
}

static void whatever_is_killed_when_the_ledger_is_as_if_nothing_had_been(void **state)
{
	(void)state;
	const char *wanted = getenv("STALENODE_KILLS");
	int kills = wanted ? (int)strtol(wanted, NULL, 10) : KILLS;
	set_target();
	must(mkdir("killed", 0755), &(struct failure){0});
	must(mkdir("whole", 0755), &(struct failure){0});
	struct live_memory live = map_memory("killed");
	const struct live_state *shared =
		(const struct live_state *)(const void *)live.region[REGION_STATE].content;
	srand(7);
	for (int killed = 0; killed < kills; killed++) {
		uint64_t first = shared->position.place;
		pid_t child = fork();
		if (child == 0)
			work_until_killed(&live);
		/* At some moment after some SYNs; every tenth time perhaps while it still starts.
		 */
		uint64_t some = killed % 10 ? (uint64_t)(1 + rand() % 400) : 0;
		for (int i = 0; i < 600000 && shared->position.place < first + some; i++)
			usleep(20);
		usleep((useconds_t)(rand() % 500));
		kill(child, SIGKILL);
		int status;
		waitpid(child, &status, 0);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	static struct counting counting;
	begin_counting(&counting, &live);
	/* The time until the packet that is counted next may be covered already: it is counted. */
	uint64_t end = counting.observation.position.place + 40;
	assert_true(end > (uint64_t)kills * 100);
	count_until(&counting.observation, end);
	finish_counting(&counting);
	live_memory_end(&live);

	live = map_memory("whole");
	begin_counting(&counting, &live);
	for (uint64_t until = 1000; until < end + 1000; until += 1000) {
		struct failure failure = {0};
		count_until(&counting.observation, until < end ? until : end);
		must(store_writer_drain(&counting.observation, 0, &failure), &failure);
	}
	finish_counting(&counting);
	live_memory_end(&live);

	struct ledger ledger, oracle;
	read_ledger(&ledger, "killed/winny/ledger");
	read_ledger(&oracle, "whole/winny/ledger");
	assert_int_equal(ledger.records, oracle.records);
	for (size_t i = 0; i < ledger.records; i++)
		assert_same_counts(&ledger.record[i], &oracle.record[i]);
	assert_view_is_equal("killed/winny/counts.rrd", &ledger);
	ledger_free(&ledger);
	ledger_free(&oracle);
}

/* Another process counts and is killed. */
static void count_and_die(const struct live_memory *live, uint64_t from, uint64_t until)
{
	pid_t child = fork();
	if (child == 0) {
		static struct counting counting;
		begin_counting(&counting, live);
		counting.observation.position.place = from;
		count_until(&counting.observation, until);
		raise(SIGKILL);
	}
	waitpid(child, NULL, 0);
}

static void what_nobody_goes_on_with_is_closed_with_its_seconds_and_says_so(void **state)
{
	(void)state;
	struct failure failure = {0};
	set_target();
	struct live_memory live = map_memory(".");
	count_and_die(&live, 0, 10); /* 0 to 153 seconds */
	live_memory_end(&live);
	must(recover_open_buckets(".", &targets, NULL, 0, &failure), &failure);
	struct ledger ledger;
	read_ledger(&ledger, "winny/ledger");
	assert_int_equal(ledger.records, 1);
	const struct bucket_record *record = &ledger.record[0];
	assert_int_equal(record->syn, 10);
	assert_int_equal(record->attempts, 7);
	assert_int_equal(record->sources, 7);
	assert_int_equal(record->new_sources, 7);
	assert_int_equal(record->observed_seconds, 153);
	assert_true(record->flags & BUCKET_RESTARTED);
	assert_view_is_equal("winny/counts.rrd", &ledger);
	ledger_free(&ledger);
	/* A second recovery finds nothing more to close. */
	must(recover_open_buckets(".", &targets, NULL, 0, &failure), &failure);
	read_ledger(&ledger, "winny/ledger");
	assert_int_equal(ledger.lines, 1);
	ledger_free(&ledger);
}

static void what_somebody_goes_on_with_is_left_open(void **state)
{
	(void)state;
	struct failure failure = {0};
	set_target();
	struct live_memory live = map_memory(".");
	count_and_die(&live, 0, 10);
	live_memory_end(&live);
	struct recovery_goes_on goes_on = {"eth0", &targets};
	must(recover_open_buckets(".", &targets, &goes_on, 1, &failure), &failure);
	live = map_memory(".");
	static struct counting counting;
	begin_counting(&counting, &live);
	assert_int_equal(counting.observation.position.place, 10);
	count_until(&counting.observation, 17);
	finish_counting(&counting);
	live_memory_end(&live);
	struct ledger ledger;
	read_ledger(&ledger, "winny/ledger");
	assert_int_equal(ledger.lines, 1);
	assert_int_equal(ledger.record[0].syn, 17);
	assert_int_equal(ledger.record[0].observed_seconds, 16 * 17);
	assert_true(ledger.record[0].flags & BUCKET_RESTARTED);
	assert_false(ledger.record[0].flags & (BUCKET_MERGED | BUCKET_ATTEMPTS_UPPER));
	ledger_free(&ledger);
}

static void another_list_of_targets_begins_anew_and_loses_nothing(void **state)
{
	(void)state;
	struct failure failure = {0};
	set_target();
	struct live_memory live = map_memory(".");
	count_and_die(&live, 0, 10);
	live_memory_end(&live);
	struct target both[2] = {target, target};
	snprintf(both[1].name, sizeof both[1].name, "share");
	const struct targets two = {both, 2};
	struct recovery_goes_on goes_on = {"eth0", &two};
	must(recover_open_buckets(".", &two, &goes_on, 1, &failure), &failure);
	struct ledger ledger;
	read_ledger(&ledger, "winny/ledger");
	assert_int_equal(ledger.record[0].syn, 10);
	ledger_free(&ledger);
}

static void after_another_boot_the_buckets_go_on_and_say_that_attempts_are_bounds(void **state)
{
	(void)state;
	set_target();
	struct live_memory live = map_memory(".");
	count_and_die(&live, 0, 10);
	struct live_state *shared = (struct live_state *)(void *)live.region[REGION_STATE].content;
	snprintf(shared->boot, sizeof shared->boot, "the boot before");
	static struct counting counting;
	begin_counting(&counting, &live);
	assert_int_equal(counting.observation.position.place, 0); /* of a ring that is gone */
	counting.observation.position.place = 14;
	live_clock_pause(&counting.observation); /* nobody saw the time in between */
	count_until(&counting.observation, 17);
	finish_counting(&counting);
	live_memory_end(&live);
	struct ledger ledger;
	read_ledger(&ledger, "winny/ledger");
	assert_int_equal(ledger.record[0].syn, 13);
	assert_int_equal(ledger.record[0].observed_seconds, 153 + 34);
	assert_true(ledger.record[0].flags & BUCKET_RESTARTED);
	assert_true(ledger.record[0].flags & BUCKET_ATTEMPTS_UPPER);
	ledger_free(&ledger);
}

static void a_state_of_another_layout_is_made_anew(void **state)
{
	(void)state;
	set_target();
	write_text("open.eth0.state", "what another version left");
	struct live_memory live = map_memory(".");
	static struct counting counting;
	begin_counting(&counting, &live);
	count_until(&counting.observation, 2);
	finish_counting(&counting);
	live_memory_end(&live);
	struct ledger ledger;
	read_ledger(&ledger, "winny/ledger");
	assert_int_equal(ledger.records, 1);
	assert_int_equal(ledger.record[0].syn, 2);
	assert_false(ledger.record[0].flags & BUCKET_RESTARTED);
	ledger_free(&ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(whatever_is_killed_when_the_ledger_is_as_if_nothing_had_been),
		in_workspace(what_nobody_goes_on_with_is_closed_with_its_seconds_and_says_so),
		in_workspace(what_somebody_goes_on_with_is_left_open),
		in_workspace(another_list_of_targets_begins_anew_and_loses_nothing),
		in_workspace(after_another_boot_the_buckets_go_on_and_say_that_attempts_are_bounds),
		in_workspace(a_state_of_another_layout_is_made_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
