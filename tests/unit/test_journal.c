/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct journal_log log_;
static struct journal_recent recent;
static uint8_t first[256], second[4096];
static struct journal_region regions[2];

static int set_up(void **state)
{
	(void)state;
	memset(&log_, 0, sizeof log_);
	memset(&recent, 0, sizeof recent);
	for (size_t i = 0; i < sizeof first; i++)
		first[i] = (uint8_t)i;
	memset(second, 7, sizeof second);
	regions[0] = (struct journal_region){&log_, first, sizeof first, 0, &recent};
	regions[1] = (struct journal_region){&log_, second, sizeof second, 1, &recent};
	return 0;
}

/* Keeps and overwrites, as whoever counts does. */
static void change(int region, size_t at, size_t size, int value)
{
	journal_keep(&regions[region], regions[region].memory + at, size);
	memset(regions[region].memory + at, value, size);
}

static void assert_as_at_the_beginning(void)
{
	for (size_t i = 0; i < sizeof first; i++)
		assert_int_equal(first[i], i);
	for (size_t i = 0; i < sizeof second; i++)
		assert_int_equal(second[i], 7);
}

static void what_was_changed_since_the_last_commit_is_undone(void **state)
{
	(void)state;
	change(0, 3, 1, 200);
	change(1, 100, 333, 201);
	change(0, 250, 6, 202);
	assert_true(journal_undo(&log_, regions, 2));
	assert_as_at_the_beginning();
}

static void what_was_committed_stays(void **state)
{
	(void)state;
	change(0, 0, 10, 99);
	journal_commit(&log_);
	change(0, 5, 10, 100);
	assert_true(journal_undo(&log_, regions, 2));
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(first[i], 99);
	for (size_t i = 10; i < sizeof first; i++)
		assert_int_equal(first[i], i);
}

/* Also without the memory of what was kept: then the oldest of several wins. */
static void a_place_that_is_changed_twice_gets_its_oldest_bytes_back(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		regions[0].recent = i == 0 ? &recent : NULL;
		change(0, 20, 8, 50);
		change(0, 20, 8, 51);
		change(0, 16, 24, 52); /* around it */
		change(0, 20, 4, 53);  /* within it */
		assert_true(journal_undo(&log_, regions, 2));
		assert_as_at_the_beginning();
	}
}

static void a_place_is_kept_once_between_two_commits(void **state)
{
	(void)state;
	change(1, 0, 64, 1);
	uint64_t length = log_.length;
	for (int i = 0; i < 1000; i++)
		change(1, 0, 64, i);
	assert_int_equal(log_.length, length);
	journal_commit(&log_);
	change(1, 0, 64, 9);
	assert_int_equal(log_.length, length);
	change(1, 0, 65, 9); /* more than was kept */
	assert_true(log_.length > length);
}

static void an_undoing_that_is_interrupted_is_begun_again(void **state)
{
	(void)state;
	static struct journal_log copy;
	change(0, 0, 100, 60);
	change(1, 1000, 1000, 61);
	change(0, 50, 100, 62);
	copy = log_;
	/* As after a kill in the middle: some of it is put back already, in whatever order. */
	memset(first, 0xee, 100);
	log_ = copy;
	memset(first + 100, 0xee, 50);
	assert_true(journal_undo(&log_, regions, 2));
	log_ = copy;
	assert_true(journal_undo(&log_, regions, 2));
	assert_as_at_the_beginning();
}

static void what_finds_no_room_is_told(void **state)
{
	(void)state;
	regions[1].recent = NULL;
	for (size_t i = 0; i < JOURNAL_BYTES / 1000; i++)
		change(1, 0, 1000, 1);
	assert_true(log_.not_kept > 0);
	assert_false(journal_undo(&log_, regions, 2));
	assert_int_equal(second[0], 7); /* what was kept is put back all the same */
	assert_true(journal_undo(&log_, regions, 2));
}

static void a_region_that_is_gone_or_smaller_is_told_and_the_others_are_put_back(void **state)
{
	(void)state;
	change(0, 0, 10, 70);
	change(1, 4000, 96, 71);
	struct journal_region fewer[2] = {regions[0], regions[1]};
	fewer[1].memory = NULL;
	assert_false(journal_undo(&log_, fewer, 2));
	assert_int_equal(first[0], 0);
	change(0, 0, 10, 70);
	change(1, 3000, 96, 71);
	fewer[1] = regions[1];
	fewer[1].size = 3050;
	assert_false(journal_undo(&log_, fewer, 2));
	assert_int_equal(first[0], 0);
	change(1, 0, 10, 72);
	assert_false(journal_undo(&log_, regions, 1));
}

/* Whatever a log contains, nothing outside of the regions is written. */
static void a_damaged_log_undoes_nothing_and_is_told(void **state)
{
	(void)state;
	srand(3);
	for (int round = 0; round < 2000; round++) {
		set_up(NULL);
		change(0, 10, 20, 80);
		change(1, 10, 2000, 81);
		size_t at = (size_t)rand() % 16;
		((uint8_t *)log_.kept)[at] ^= (uint8_t)(1 + rand() % 255);
		journal_undo(&log_, regions, 2);
		assert_int_equal(log_.length, 0);
	}
	log_.length = UINT64_MAX;
	assert_false(journal_undo(&log_, regions, 2));
	log_.length = 8; /* less than an entry */
	assert_false(journal_undo(&log_, regions, 2));
}

static void without_a_log_or_a_region_nothing_is_kept(void **state)
{
	(void)state;
	regions[0].log = NULL;
	change(0, 0, 10, 1);
	journal_keep(NULL, first, 10);
	assert_int_equal(log_.length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_was_changed_since_the_last_commit_is_undone, set_up),
		cmocka_unit_test_setup(what_was_committed_stays, set_up),
		cmocka_unit_test_setup(a_place_that_is_changed_twice_gets_its_oldest_bytes_back,
				       set_up),
		cmocka_unit_test_setup(a_place_is_kept_once_between_two_commits, set_up),
		cmocka_unit_test_setup(an_undoing_that_is_interrupted_is_begun_again, set_up),
		cmocka_unit_test_setup(what_finds_no_room_is_told, set_up),
		cmocka_unit_test_setup(
			a_region_that_is_gone_or_smaller_is_told_and_the_others_are_put_back,
			set_up),
		cmocka_unit_test_setup(a_damaged_log_undoes_nothing_and_is_told, set_up),
		cmocka_unit_test_setup(without_a_log_or_a_region_nothing_is_kept, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
