/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * workspace: an empty directory of its own for a test, which is the current one while it runs,
 * so that tests name files as they like. For cmocka_unit_test_setup_teardown(). */
#ifndef STALENODE_TEST_WORKSPACE_H
#define STALENODE_TEST_WORKSPACE_H

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int enter_workspace(void **state)
{
	const char *parent = getenv("TMPDIR");
	char path[512];
	snprintf(path, sizeof path, "%s/stalenode-unit.XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(path) || chdir(path) != 0)
		return -1;
	*state = strdup(path);
	return *state ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *status, int kind,
			     struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static inline int leave_workspace(void **state)
{
	int result = chdir("/");
	result |= nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return result;
}

#define in_workspace(test) cmocka_unit_test_setup_teardown(test, enter_workspace, leave_workspace)

/* A new file each time: some file systems write a file to the disk when it was cut to nothing. */
static inline void write_bytes(const char *path, const void *bytes, size_t length)
{
	unlink(path);
	FILE *stream = fopen(path, "w");
	assert(stream);
	size_t written = fwrite(bytes, 1, length, stream);
	int closed = fclose(stream);
	assert(written == length && closed == 0);
}

static inline void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

/* The whole file, NUL-terminated; the caller frees. NULL when it is absent. */
static inline char *read_bytes(const char *path, size_t *length)
{
	FILE *stream = fopen(path, "r");
	*length = 0;
	if (!stream)
		return NULL;
	struct stat status;
	fstat(fileno(stream), &status);
	char *content = calloc(1, (size_t)status.st_size + 1);
	assert(content);
	*length = fread(content, 1, (size_t)status.st_size, stream);
	fclose(stream);
	return content;
}

static inline bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Names in a directory, without "." and "..". */
static inline int entries_of(const char *path)
{
	DIR *directory = opendir(path);
	if (!directory)
		return -1;
	int entries = 0;
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		entries += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(directory);
	return entries;
}

/* Sends a descriptor (1 or 2) into a file until restore_output(). */
static inline int divert_output(int descriptor, const char *path)
{
	fflush(NULL);
	int kept = dup(descriptor);
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert(kept >= 0 && file >= 0);
	dup2(file, descriptor);
	close(file);
	return kept;
}

static inline void restore_output(int descriptor, int kept)
{
	fflush(NULL);
	dup2(kept, descriptor);
	close(kept);
}

#endif
