/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Closed buckets on their way into ledgers and RRDs, while the disk fails in each of its ways. */
#include "../../observer/store_writer.h"
#include "../../observer/recovery.h"
#include "../../observer/store/rrd_view.h"

#include "failing_calls.h"
#include "frames.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define US    INT64_C(1000000)
#define START INT64_C(1767225600) /* 2026-01-01T00:00:00Z, a multiple of 300 */
#define HOST  0xc6336407	  /* 198.51.100.7; the other target is .8 */

static struct target target[2];
static const struct targets targets = {target, 2};
static struct live_memory live;
static struct observation_memory memory;
static struct observation observation;
static struct store_writer writer;
static int64_t buckets; /* closed */

static void must(int result, const struct failure *failure)
{
	if (result != 0)
		fail_msg("%s", failure->text);
}

static void begin(void)
{
	struct failure failure = {0};
	struct observation_options options = {.memory = &memory, .source_capacity = 1000};
	disk_is_well();
	must(target_parse(&target[0], "winny=198.51.100.7/7743", &failure), &failure);
	must(target_parse(&target[1], "share=198.51.100.8/7743", &failure), &failure);
	live_memory_begin(&live, ".", getuid(), getgid());
	must(observation_memory_plan(&live, "eth0", &targets, 1000, &failure), &failure);
	must(live_memory_prepare(&live, &failure), &failure);
	observation_memory_take(&memory, &live, 1000);
	must(observation_open(&observation, ".", &targets, &options, &failure), &failure);
	buckets = 0;
}

static void end(void)
{
	disk_is_well();
	observation_close(&observation);
	live_memory_end(&live);
}

/* One whole bucket: as many SYNs to each target as its number, from 1. */
static void count_a_bucket(void)
{
	struct failure failure = {0};
	int64_t from_us = (START + buckets * 300) * US;
	buckets++;
	must(observation_cover(&observation, from_us, from_us + 299 * US, &failure), &failure);
	for (uint32_t i = 0; i < 2 * (uint32_t)buckets; i++) {
		struct octets packet = tcp_packet(0xc6120001, HOST + i % 2, 40000, 7743,
						  (uint32_t)buckets * 1000 + i, FLAG_SYN);
		assert_int_equal(observation_packet(&observation, from_us + 299 * US, LINK_RAW,
						    packet.bytes, (uint32_t)packet.length,
						    (uint32_t)packet.length, false, &failure),
				 OBSERVATION_COUNTED);
	}
	must(observation_close_all(&observation, &failure), &failure);
}

static int drain(struct failure *failure)
{
	*failure = (struct failure){0};
	return store_writer_drain(&observation, 0, failure);
}

/* The ledger holds buckets 1 to `lines`, each once and right, and the RRD is equal to it. */
static void assert_stored(const char *name, size_t lines)
{
	struct failure failure = {0};
	struct ledger ledger;
	struct rrd_comparison comparison;
	char path[64];
	snprintf(path, sizeof path, "%s/ledger", name);
	must(ledger_read(&ledger, path, &failure), &failure);
	assert_int_equal(ledger.records, lines);
	assert_int_equal(ledger.damaged_lines, 0);
	for (size_t i = 0; i < lines; i++) {
		assert_int_equal(ledger.record[i].start, START + 300 * (int64_t)i);
		assert_int_equal(ledger.record[i].syn, i + 1);
		assert_int_equal(ledger.record[i].revision, 0);
	}
	snprintf(path, sizeof path, "%s/counts.rrd", name);
	if (lines > 0) {
		must(rrd_view_verify(path, &ledger, &comparison, &failure), &failure);
		assert_int_equal(comparison.buckets, lines);
		assert_int_equal(comparison.differing + comparison.invented, 0);
	}
	ledger_free(&ledger);
}

static void assert_says(const struct failure *failure, const char *words)
{
	if (!strstr(failure->text, words))
		fail_msg("'%s' does not say '%s'", failure->text, words);
	/* 'status' says the same. */
	assert_string_equal(observation.state->progress.store_failure, failure->text);
	assert_int_not_equal(observation.state->progress.store_failed_us, 0);
}

static off_t size_of(const char *path)
{
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

static void closed_buckets_go_into_every_ledger_and_rrd(void **state)
{
	(void)state;
	struct failure failure;
	begin();
	for (int i = 0; i < 3; i++)
		count_a_bucket();
	assert_int_equal(drain(&failure), 0);
	assert_int_equal(observation.state->progress.waiting, 0);
	assert_int_equal(observation.state->progress.store_failed_us, 0);
	assert_stored("winny", 3);
	assert_stored("share", 3);
	assert_int_equal(drain(&failure), 0); /* nothing is written twice */
	assert_stored("winny", 3);
	end();
}

/* What a full disk took of a line is taken back, so that nobody finds half of one. */
static void a_full_disk_leaves_no_half_line_and_the_bucket_waits(void **state)
{
	(void)state;
	struct failure failure;
	begin();
	count_a_bucket();
	assert_int_equal(drain(&failure), 0);
	off_t before = size_of("winny/ledger");
	failing_path = "/winny/ledger";
	failing_write = ENOSPC;
	written_all_the_same = 20;
	count_a_bucket();
	assert_int_equal(drain(&failure), -1);
	assert_says(&failure, "winny/ledger: cannot write: No space left on device");
	assert_int_equal(size_of("winny/ledger"), before);
	assert_int_equal(observation.state->progress.waiting, 1);
	/* The other target's disk is as well as before. */
	assert_stored("share", 2);
	count_a_bucket();
	assert_int_equal(drain(&failure), -1);
	assert_stored("share", 3);
	assert_int_equal(observation.state->progress.waiting, 2);
	disk_is_well();
	assert_int_equal(drain(&failure), 0);
	assert_int_equal(observation.state->progress.store_failed_us, 0);
	assert_int_equal(observation.state->progress.waiting, 0);
	assert_stored("winny", 3);
	end();
}

/* A line that did not become durable may be lost: it is written anew. */
static void a_line_that_cannot_be_made_durable_is_taken_back(void **state)
{
	(void)state;
	struct failure failure;
	begin();
	count_a_bucket();
	assert_int_equal(drain(&failure), 0);
	off_t before = size_of("winny/ledger");
	failing_path = "/winny/ledger";
	failing_sync = EIO;
	count_a_bucket();
	for (int tries = 0; tries < 3; tries++) {
		assert_int_equal(drain(&failure), -1);
		assert_says(&failure, "winny/ledger: cannot write: Input/output error");
		assert_int_equal(size_of("winny/ledger"), before);
	}
	disk_is_well();
	assert_int_equal(drain(&failure), 0);
	assert_stored("winny", 2);
	end();
}

/* The disk becomes read-only with half a line on it, which cannot be taken back any more. */
static void a_half_line_on_a_read_only_disk_is_cut_off_when_it_can_be(void **state)
{
	(void)state;
	struct failure failure;
	begin();
	count_a_bucket();
	assert_int_equal(drain(&failure), 0);
	off_t before = size_of("winny/ledger");
	failing_path = "/winny/ledger";
	failing_write = failing_cut = EROFS;
	written_all_the_same = 33;
	count_a_bucket();
	assert_int_equal(drain(&failure), -1);
	assert_int_equal(size_of("winny/ledger"), before + 33);
	written_all_the_same = 0;
	assert_int_equal(drain(&failure), -1);
	assert_says(&failure, "winny/ledger: cannot cut the torn last line: Read-only file system");
	assert_int_equal(observation.state->progress.waiting, 1);
	disk_is_well();
	assert_int_equal(drain(&failure), 0);
	assert_stored("winny", 2);
	assert_true(size_of("winny/ledger.torn") >= 33);
	end();
}

static void a_state_directory_that_is_removed_is_made_again(void **state)
{
	(void)state;
	struct failure failure;
	begin();
	count_a_bucket();
	assert_int_equal(rename("winny", "away"), 0);
	assert_int_equal(drain(&failure), 0);
	assert_stored("winny", 1);
	end();
}

static void an_rrd_that_cannot_be_written_costs_no_line_and_follows_later(void **state)
{
	(void)state;
	struct failure failure;
	begin();
	assert_int_equal(mkdir("winny/counts.rrd", 0755), 0);
	for (int i = 0; i < 6; i++) { /* more than are remembered for it */
		count_a_bucket();
		assert_int_equal(drain(&failure), -1);
		assert_says(&failure, "winny/counts.rrd");
		assert_int_equal(observation.state->progress.waiting, 0);
	}
	assert_int_equal(rmdir("winny/counts.rrd"), 0);
	assert_int_equal(drain(&failure), 0);
	assert_stored("winny", 6);
	assert_stored("share", 6);
	end();
}

/* A bucket that goes on in the next run gets another line, and its row in the RRD another value:
 * who dies between the two leaves an RRD that ends where the ledger does, and is not equal to it.
 */
static void a_death_between_ledger_and_rrd_leaves_no_rrd_that_is_trusted(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct observation_options options = {.memory = &memory, .source_capacity = 1000};
	char boot[40] = "";
	begin();
	count_a_bucket();
	assert_int_equal(drain(&failure), 0);
	buckets = 0; /* the same one again */
	count_a_bucket();
	fflush(NULL);
	pid_t process = fork();
	if (process == 0) {
		failing_path = "/winny/ledger";
		dying = true;
		drain(&failure);
		_exit(1);
	}
	int status;
	assert_int_equal(waitpid(process, &status, 0), process);
	assert_int_equal(status, 0);
	observation_close(&observation);
	observation_memory_take(&memory, &live, 1000);
	recover_resume(&memory, boot);
	must(observation_open(&observation, ".", &targets, &options, &failure), &failure);
	assert_int_equal(drain(&failure), 0);
	struct ledger ledger;
	struct rrd_comparison comparison;
	must(ledger_read(&ledger, "winny/ledger", &failure), &failure);
	assert_int_equal(ledger.records, 1);
	assert_int_equal(ledger.record[0].syn, 2);
	must(rrd_view_verify("winny/counts.rrd", &ledger, &comparison, &failure), &failure);
	assert_int_equal(comparison.differing, 0);
	ledger_free(&ledger);
	end();
}

static void wait_for_nothing_to_wait(int milliseconds)
{
	const struct timespec moment = {0, 10000000};
	for (; milliseconds > 0 && closed_queue_waiting(&observation.state->queue);
	     milliseconds -= 10)
		nanosleep(&moment, NULL);
}

/* Starts the thread and gives it a bucket of each target. */
static void begin_with_a_bucket(void)
{
	struct failure failure = {0};
	must(store_writer_begin(&writer, &observation, &failure), &failure);
	count_a_bucket();
	store_writer_wake(&writer);
}

static void the_thread_writes_when_it_is_woken_and_all_that_is_left_at_its_end(void **state)
{
	(void)state;
	begin();
	begin_with_a_bucket();
	wait_for_nothing_to_wait(5000);
	assert_int_equal(closed_queue_waiting(&observation.state->queue), 0);
	count_a_bucket();
	assert_true(store_writer_end(&writer, 10000));
	assert_stored("winny", 2);
	assert_stored("share", 2);
	assert_true(store_writer_end(&writer, 0)); /* it is at its end already */
	end();
}

static void the_thread_tries_again_by_itself_after_a_failure(void **state)
{
	(void)state;
	begin();
	failing_path = "/winny/ledger";
	failing_write = ENOSPC;
	begin_with_a_bucket();
	while (!__atomic_load_n(&observation.state->progress.store_failed_us, __ATOMIC_ACQUIRE))
		poll(NULL, 0, 5);
	failing_write = 0;
	wait_for_nothing_to_wait(10000);
	assert_int_equal(closed_queue_waiting(&observation.state->queue), 0);
	assert_true(store_writer_end(&writer, 10000));
	assert_int_equal(observation.state->progress.store_failed_us, 0);
	assert_stored("winny", 1);
	end();
}

/* Whoever ends it does not wait for longer than it wants; nothing that is left is forgotten. */
static void a_disk_that_hangs_is_left_hanging(void **state)
{
	(void)state;
	begin();
	failing_path = "/winny/ledger";
	__atomic_store_n(&hanging, 1, __ATOMIC_RELEASE);
	begin_with_a_bucket();
	poll(NULL, 0, 50);
	assert_false(store_writer_end(&writer, 100));
	assert_int_not_equal(closed_queue_waiting(&observation.state->queue), 0);
	__atomic_store_n(&hanging, 0, __ATOMIC_RELEASE);
	assert_true(store_writer_end(&writer, 10000));
	assert_stored("winny", 1);
	assert_stored("share", 1);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(closed_buckets_go_into_every_ledger_and_rrd),
		in_workspace(a_full_disk_leaves_no_half_line_and_the_bucket_waits),
		in_workspace(a_line_that_cannot_be_made_durable_is_taken_back),
		in_workspace(a_half_line_on_a_read_only_disk_is_cut_off_when_it_can_be),
		in_workspace(a_state_directory_that_is_removed_is_made_again),
		in_workspace(an_rrd_that_cannot_be_written_costs_no_line_and_follows_later),
		in_workspace(a_death_between_ledger_and_rrd_leaves_no_rrd_that_is_trusted),
		in_workspace(the_thread_writes_when_it_is_woken_and_all_that_is_left_at_its_end),
		in_workspace(the_thread_tries_again_by_itself_after_a_failure),
		in_workspace(a_disk_that_hangs_is_left_hanging),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
