/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/crew.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#define TASKS 500

struct tally {
	atomic_int done[TASKS];
	size_t fails_from, fails_every; /* tasks from here on, each so many; 0: none */
};

/* (fail): cmocka has a macro of that name. */
static int count(void *context, size_t number, struct failure *failure)
{
	struct tally *tally = context;
	atomic_fetch_add(&tally->done[number], 1);
	sched_yield();
	if (tally->fails_every && number >= tally->fails_from && number % tally->fails_every == 0)
		return (fail)(failure, EXIT_FAILED, "task %zu cannot be done", number);
	return 0;
}

static void every_task_is_done_once(void **state)
{
	(void)state;
	static struct tally tally;
	struct failure failure = {0};
	assert_int_equal(crew_run(count, &tally, TASKS, NULL, NULL, &failure), 0);
	for (size_t i = 0; i < TASKS; i++)
		assert_int_equal(tally.done[i], 1);
	assert_int_equal(failure.status, EXIT_DONE);
}

static void no_task_is_no_work(void **state)
{
	(void)state;
	struct failure failure = {0};
	assert_int_equal(crew_run(count, NULL, 0, NULL, NULL, &failure), 0);
}

static void the_failure_told_is_that_of_the_first_task_whoever_was_quicker(void **state)
{
	(void)state;
	for (int round = 0; round < 50; round++) {
		struct tally tally = {.fails_from = 20, .fails_every = 1};
		struct failure failure = {0};
		assert_int_equal(crew_run(count, &tally, TASKS, NULL, NULL, &failure), -1);
		assert_string_equal(failure.text, "task 20 cannot be done");
		assert_int_equal(failure.status, EXIT_FAILED);
	}
}

static void after_a_failure_no_other_task_begins(void **state)
{
	(void)state;
	struct tally tally = {.fails_from = 10, .fails_every = 10};
	struct failure failure = {0};
	assert_int_equal(crew_run(count, &tally, TASKS, NULL, NULL, &failure), -1);
	for (size_t i = 0; i <= 10; i++)
		assert_int_equal(tally.done[i], 1);
	assert_int_equal(tally.done[TASKS - 1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_task_is_done_once),
		cmocka_unit_test(no_task_is_no_work),
		cmocka_unit_test(the_failure_told_is_that_of_the_first_task_whoever_was_quicker),
		cmocka_unit_test(after_a_failure_no_other_task_begins),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
