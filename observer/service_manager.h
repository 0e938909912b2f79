/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * service_manager: what the agent tells the service manager that started it: that it is ready,
 * that it makes progress, and a line for people. The protocol is sd_notify(3): datagrams to the
 * socket that NOTIFY_SOCKET names. Without one nothing is sent. */
#ifndef STALENODE_SERVICE_MANAGER_H
#define STALENODE_SERVICE_MANAGER_H

#include "base/failure.h"

#include <stdint.h>

/* Sends lines like "READY=1\nSTATUS=..."; -1 with *failure when the socket does not take them. */
int service_manager_tell(const char *lines, struct failure *failure);

/* How often the manager wants to hear "WATCHDOG=1", in microseconds: half of WATCHDOG_USEC, as
 * sd_watchdog_enabled(3) advises. 0 when it does not, or wants it of another process. */
int64_t service_manager_watchdog_us(void);

#endif
