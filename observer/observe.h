/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * observe: counting live on one interface, in the foreground. The verb of stalenode starts
 * stalenoded, which has the capture library and the store and nothing else, and which calls
 * observe_run(). */
#ifndef STALENODE_OBSERVE_H
#define STALENODE_OBSERVE_H

#include "base/verb.h"

extern const struct verb observe_verb;

/* Counts until SIGINT, SIGTERM or --seconds. `patient`: an interface that is absent at the start,
 * and a store that fails, are waited for; otherwise they end it. Returns the exit status. */
int observe_run(int argc, char **argv, bool patient);

#endif
