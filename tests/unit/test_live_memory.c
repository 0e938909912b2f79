/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/live_memory.h"

#include "workspace.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>

#include <cmocka.h>

#define SIZE 100000

static struct live_memory memory;

static void begin(const char *directory, size_t size)
{
	struct failure failure = {0};
	live_memory_begin(&memory, directory, getuid(), getgid());
	assert_int_equal(live_memory_add(&memory, "open.eth0.state", size, &failure), 0);
	assert_int_equal(live_memory_add(&memory, "winny/open.state", 5000, &failure), 0);
}

static void prepare(bool in_files)
{
	struct failure why = {0};
	assert_int_equal(live_memory_prepare(&memory, &why), 0);
	assert_int_equal(memory.in_files, in_files);
	assert_int_equal(why.text[0] != 0, !in_files);
}

static uint8_t *content(size_t region)
{
	return memory.region[region].content;
}

static void a_new_one_is_all_zero_allocated_and_fresh(void **state)
{
	(void)state;
	struct stat status;
	begin(".", SIZE);
	prepare(true);
	assert_true(memory.region[0].fresh);
	for (size_t i = 0; i < SIZE; i++)
		assert_int_equal(content(0)[i], 0);
	assert_int_equal(stat("open.eth0.state", &status), 0);
	assert_int_equal(live_memory_content((size_t)status.st_size), SIZE);
	assert_true(status.st_blocks * 512 >= status.st_size); /* no hole to die in */
	live_memory_end(&memory);
}

static void what_was_in_it_is_there_for_the_next_process(void **state)
{
	(void)state;
	begin(".", SIZE);
	prepare(true);
	content(0)[77] = 1;
	content(1)[4999] = 2;
	live_memory_end(&memory);
	begin(".", SIZE);
	prepare(true);
	assert_false(memory.region[0].fresh);
	assert_int_equal(content(0)[77], 1);
	assert_int_equal(content(1)[4999], 2);
	uint8_t read_back[100] = {0};
	assert_true(live_memory_read("open.eth0.state", SIZE, read_back, sizeof read_back));
	assert_int_equal(read_back[77], 1);
	assert_false(live_memory_read("open.eth0.state", SIZE + 1, read_back, 1));
	assert_false(live_memory_read("absent", SIZE, read_back, 1));
	live_memory_end(&memory);
}

static void another_size_or_another_kind_of_file_is_made_anew(void **state)
{
	(void)state;
	begin(".", SIZE);
	prepare(true);
	memset(content(0), 9, SIZE);
	live_memory_end(&memory);
	begin(".", SIZE + 4096);
	prepare(true);
	assert_true(memory.region[0].fresh);
	assert_int_equal(content(0)[10], 0);
	live_memory_end(&memory);
	write_text("open.eth0.state", "a letter");
	begin(".", SIZE);
	prepare(true);
	assert_true(memory.region[0].fresh);
	assert_int_equal(content(0)[10], 0);
	live_memory_end(&memory);
}

static void what_is_mapped_outlives_its_file_and_moves_into_the_next(void **state)
{
	(void)state;
	assert_int_equal(mkdir("state", 0755), 0);
	begin("state", SIZE);
	prepare(true);
	content(0)[5] = 55;
	assert_int_equal(unlink("state/open.eth0.state"), 0);
	assert_int_equal(unlink("state/winny/open.state") | rmdir("state/winny"), 0);
	assert_int_equal(rmdir("state"), 0);
	content(0)[6] = 66;
	prepare(false); /* no directory: it stays where it is */
	assert_int_equal(content(0)[6], 66);
	content(0)[7] = 77;
	assert_int_equal(mkdir("state", 0755), 0);
	prepare(true);
	live_memory_end(&memory);
	begin("state", SIZE);
	prepare(true);
	assert_int_equal(content(0)[5], 55);
	assert_int_equal(content(0)[6], 66);
	assert_int_equal(content(0)[7], 77);
	live_memory_end(&memory);
}

static void without_room_it_lives_in_memory_until_there_is(void **state)
{
	(void)state;
	struct rlimit unbounded, small = {20000, RLIM_INFINITY};
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &unbounded), 0);
	signal(SIGXFSZ, SIG_IGN);
	begin(".", SIZE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	prepare(false);
	assert_int_equal(memory.region[0].descriptor, -1);
	assert_true(memory.region[1].descriptor >= 0); /* the small one has room */
	content(0)[SIZE - 1] = 3;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &unbounded), 0);
	prepare(true);
	assert_int_equal(content(0)[SIZE - 1], 3);
	live_memory_end(&memory);
}

/* A page of the file is gone, as on a disk that fails: whoever touches it would die of SIGBUS. */
static void what_can_still_be_read_of_a_file_that_fails_is_saved(void **state)
{
	(void)state;
	begin(".", SIZE);
	prepare(true);
	memset(content(0), 8, SIZE);
	assert_int_equal(truncate("open.eth0.state", 8192), 0);
	live_memory_distrust(&memory);
	prepare(false);
	assert_true(memory.damaged);
	assert_int_equal(content(0)[100], 8);
	assert_int_equal(content(0)[SIZE - 1], 0);
	content(0)[SIZE - 1] = 4; /* and counting goes on in it */
	prepare(true);
	assert_int_equal(content(0)[100], 8);
	assert_int_equal(content(0)[SIZE - 1], 4);
	live_memory_end(&memory);
}

static void there_are_no_more_regions_than_there_is_room_for(void **state)
{
	(void)state;
	struct failure failure = {0};
	char path[300];
	live_memory_begin(&memory, ".", getuid(), getgid());
	for (int i = 0; i < LIVE_REGIONS_MAX; i++) {
		snprintf(path, sizeof path, "%d.state", i);
		assert_int_equal(live_memory_add(&memory, path, 10, &failure), 0);
	}
	assert_int_equal(live_memory_add(&memory, "one.more", 10, &failure), -1);
	assert_non_null(strstr(failure.text, "one.more"));
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	live_memory_begin(&memory, ".", getuid(), getgid());
	assert_int_equal(live_memory_add(&memory, path, 10, &failure), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_new_one_is_all_zero_allocated_and_fresh),
		in_workspace(what_was_in_it_is_there_for_the_next_process),
		in_workspace(another_size_or_another_kind_of_file_is_made_anew),
		in_workspace(what_is_mapped_outlives_its_file_and_moves_into_the_next),
		in_workspace(without_room_it_lives_in_memory_until_there_is),
		in_workspace(what_can_still_be_read_of_a_file_that_fails_is_saved),
		in_workspace(there_are_no_more_regions_than_there_is_room_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
