/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/signals.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* What waits is noted as soon as somebody waits with the mask. */
static void wait_a_moment(void)
{
	const struct timespec moment = {0, 1000000};
	ppoll(NULL, 0, &moment, signals_waiting_mask());
}

/* One test after the other: what was noted of an end stays noted. */
static void a_signal_is_seen_only_while_one_waits_and_then_cuts_the_wait_short(void **state)
{
	(void)state;
	const struct timespec long_time = {60, 0};
	raise(SIGHUP);
	assert_false(signals_take_reread());
	errno = 0;
	assert_int_equal(ppoll(NULL, 0, &long_time, signals_waiting_mask()), -1);
	assert_int_equal(errno, EINTR);
	assert_true(signals_take_reread());
}

static void a_hangup_is_taken_once(void **state)
{
	(void)state;
	raise(SIGHUP);
	raise(SIGHUP);
	wait_a_moment();
	assert_true(signals_take_reread());
	assert_false(signals_take_reread());
	assert_false(signals_stop_wanted());
	assert_false(signals_step_aside_wanted());
}

static void the_end_of_a_child_asks_for_nothing(void **state)
{
	(void)state;
	raise(SIGCHLD);
	wait_a_moment();
	assert_false(signals_stop_wanted());
	assert_false(signals_step_aside_wanted());
	assert_false(signals_take_reread());
}

static void usr1_asks_to_step_aside_and_not_to_stop(void **state)
{
	(void)state;
	raise(SIGUSR1);
	wait_a_moment();
	assert_true(signals_step_aside_wanted());
	assert_false(signals_stop_wanted());
}

static void term_asks_to_stop(void **state)
{
	(void)state;
	raise(SIGTERM);
	wait_a_moment();
	assert_true(signals_stop_wanted());
	assert_false(signals_take_reread());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_signal_is_seen_only_while_one_waits_and_then_cuts_the_wait_short),
		cmocka_unit_test(a_hangup_is_taken_once),
		cmocka_unit_test(the_end_of_a_child_asks_for_nothing),
		cmocka_unit_test(usr1_asks_to_step_aside_and_not_to_stop),
		cmocka_unit_test(term_asks_to_stop),
	};
	signals_catch();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
