/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crew: does one thing many times over, on as many threads as the process may use cores. */
#ifndef STALENODE_CREW_H
#define STALENODE_CREW_H

#include "../observer/base/failure.h"
#include "../observer/base/progress.h"

#include <stddef.h>

/* Does task `number` of the crew's; -1 and *failure when it cannot. Runs beside others, so what it
 * changes of the context must be its own. */
typedef int crew_task(void *context, size_t number, struct failure *failure);

/* Cores that the process may use, 1 or more. */
size_t crew_cores(void);

/* Does tasks 0 to tasks - 1, begun in that order. After one fails no other begins; the failure
 * returned is that of the lowest number that fails, on any number of cores. Tells of its progress
 * in `unit`s unless progress is NULL. */
int crew_run(crew_task *task, void *context, size_t tasks, struct progress *progress,
	     const char *unit, struct failure *failure);

#endif
