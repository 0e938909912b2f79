/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * failing_calls: a disk that fails or hangs as a test wants it: this program's own pwrite,
 * fdatasync and ftruncate, in front of the C library's. For one test program each. */
#ifndef STALENODE_TEST_FAILING_CALLS_H
#define STALENODE_TEST_FAILING_CALLS_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Concerned are files whose path ends like this; NULL for none. */
static const char *failing_path;
/* Errors of each call, 0 for none. */
static int failing_write, failing_sync, failing_cut;
static size_t written_all_the_same; /* bytes that a failing write has written nevertheless */
static bool dying;		    /* the process ends right after fdatasync */
static int hanging;		    /* atomic: 1 while fdatasync does not come back */

static inline bool is_failing(int descriptor)
{
	char link[64], path[4096];
	snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
	ssize_t length = readlink(link, path, sizeof path - 1);
	if (length < 0 || !failing_path)
		return false;
	path[length] = '\0';
	size_t tail = strlen(failing_path);
	return (size_t)length >= tail && strcmp(path + length - tail, failing_path) == 0;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t at)
{
	if (!failing_write || !is_failing(descriptor))
		return (ssize_t)syscall(SYS_pwrite64, descriptor, bytes, length, at);
	if (written_all_the_same)
		return (ssize_t)syscall(SYS_pwrite64, descriptor, bytes, written_all_the_same, at);
	errno = failing_write;
	return -1;
}

int fdatasync(int descriptor)
{
	while (__atomic_load_n(&hanging, __ATOMIC_ACQUIRE) && is_failing(descriptor))
		poll(NULL, 0, 5);
	if (dying && is_failing(descriptor)) {
		syscall(SYS_fdatasync, descriptor);
		_exit(0);
	}
	if (!failing_sync || !is_failing(descriptor))
		return (int)syscall(SYS_fdatasync, descriptor);
	errno = failing_sync;
	return -1;
}

int ftruncate(int descriptor, off_t length)
{
	if (!failing_cut || !is_failing(descriptor))
		return (int)syscall(SYS_ftruncate, descriptor, length);
	errno = failing_cut;
	return -1;
}

static inline void disk_is_well(void)
{
	failing_path = NULL;
	failing_write = failing_sync = failing_cut = 0;
	written_all_the_same = 0;
	__atomic_store_n(&hanging, 0, __ATOMIC_RELEASE);
}

#endif
