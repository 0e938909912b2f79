/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signals.h"

#include <stddef.h>

static volatile sig_atomic_t stop_wanted, step_aside_wanted, reread_wanted;
static sigset_t waiting_mask;

static void note_signal(int number)
{
	if (number == SIGHUP)
		reread_wanted = 1;
	else if (number == SIGUSR1)
		step_aside_wanted = 1;
	else if (number != SIGCHLD)
		stop_wanted = 1;
}

void signals_catch(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1};
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t blocked;
	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaddset(&blocked, signals[i]);
	sigprocmask(SIG_BLOCK, &blocked, &waiting_mask);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		sigdelset(&waiting_mask, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
}

const sigset_t *signals_waiting_mask(void)
{
	return &waiting_mask;
}

bool signals_stop_wanted(void)
{
	return stop_wanted != 0;
}

bool signals_step_aside_wanted(void)
{
	return step_aside_wanted != 0;
}

bool signals_take_reread(void)
{
	bool wanted = reread_wanted != 0;
	reread_wanted = 0;
	return wanted;
}
