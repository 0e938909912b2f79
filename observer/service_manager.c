/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service_manager.h"

#include "base/decimal.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int service_manager_tell(const char *lines, struct failure *failure)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (!name || !name[0])
		return 0;
	size_t length = strlen(name);
	if (length >= sizeof address.sun_path || (name[0] != '/' && name[0] != '@'))
		return fail(failure, EXIT_FAILED, "NOTIFY_SOCKET '%.60s': not a socket's name",
			    name);
	memcpy(address.sun_path, name, length);
	if (name[0] == '@') /* a name outside of the file system begins with a zero byte */
		address.sun_path[0] = '\0';
	int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	ssize_t sent = -1;
	if (descriptor >= 0)
		sent = sendto(descriptor, lines, strlen(lines), MSG_NOSIGNAL,
			      (struct sockaddr *)&address, size);
	int error = errno;
	if (descriptor >= 0)
		close(descriptor);
	if (sent < 0)
		return fail(failure, EXIT_FAILED, "NOTIFY_SOCKET '%.60s': %s", name,
			    strerror(error));
	return 0;
}

int64_t service_manager_watchdog_us(void)
{
	const char *interval = getenv("WATCHDOG_USEC"), *process = getenv("WATCHDOG_PID");
	uint64_t microseconds, id;
	if (!interval || !decimal_parse(interval, strlen(interval), INT64_MAX, &microseconds))
		return 0;
	if (process &&
	    (!decimal_parse(process, strlen(process), INT64_MAX, &id) || id != (uint64_t)getpid()))
		return 0;
	return (int64_t)(microseconds / 2);
}
