/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * signals: what the service manager, the monitor and the person at the terminal want of a process.
 * A signal is seen only while the process waits in ppoll() with the waiting mask: none can slip
 * between a look and a wait. */
#ifndef STALENODE_SIGNALS_H
#define STALENODE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* To be called before any may come. */
void signals_catch(void);
const sigset_t *signals_waiting_mask(void);
/* SIGINT or SIGTERM came, in this process. */
bool signals_stop_wanted(void);
/* SIGUSR1: a worker is to make room for its successor. */
bool signals_step_aside_wanted(void);
/* SIGHUP came since the last call. */
bool signals_take_reread(void);

#endif
