/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "whole_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int whole_file_open(struct whole_file *file, const char *path, struct failure *failure)
{
	file->stream = NULL;
	if (strlen(path) >= sizeof file->path)
		return fail(failure, EXIT_WRONG_USE, "%.100s...: the file name is too long", path);
	snprintf(file->path, sizeof file->path, "%s", path);
	snprintf(file->temporary_path, sizeof file->temporary_path, "%s.XXXXXX", path);
	int descriptor = mkstemp(file->temporary_path);
	if (descriptor < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot create it: %s", path,
			    strerror(errno));
	mode_t mask = umask(0);
	umask(mask);
	if (fchmod(descriptor, 0666 & ~mask) == 0)
		file->stream = fdopen(descriptor, "w");
	if (!file->stream) {
		fail(failure, EXIT_FAILED, "%s: cannot create it: %s", path, strerror(errno));
		close(descriptor);
		unlink(file->temporary_path);
		return -1;
	}
	return 0;
}

/* The rename is durable only once the directory is synchronised too. */
static void synchronise_directory_of(const char *path)
{
	char copy[4096];
	snprintf(copy, sizeof copy, "%s", path);
	int descriptor = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		return;
	fsync(descriptor);
	close(descriptor);
}

int whole_file_close(struct whole_file *file, struct failure *failure)
{
	FILE *stream = file->stream;
	file->stream = NULL;
	bool written = !ferror(stream) && fflush(stream) == 0 && fsync(fileno(stream)) == 0;
	int error = errno;
	if (fclose(stream) != 0 && written) {
		written = false;
		error = errno;
	}
	if (written && rename(file->temporary_path, file->path) != 0) {
		written = false;
		error = errno;
	}
	if (!written) {
		unlink(file->temporary_path);
		return fail(failure, EXIT_FAILED, "%s: cannot write it: %s", file->path,
			    strerror(error));
	}
	synchronise_directory_of(file->path);
	return 0;
}

void whole_file_abandon(struct whole_file *file)
{
	if (!file->stream)
		return;
	fclose(file->stream);
	file->stream = NULL;
	unlink(file->temporary_path);
}

int whole_file_read(const char *path, size_t limit, char **content, size_t *length,
		    struct failure *failure)
{
	FILE *stream = fopen(path, "re");
	if (!stream)
		return fail(failure, EXIT_FAILED, "%s: cannot open it: %s", path, strerror(errno));
	size_t capacity = 65536, used = 0;
	char *buffer = malloc(capacity);
	while (buffer) {
		used += fread(buffer + used, 1, capacity - used - 1, stream);
		if (used < capacity - 1 || used > limit)
			break;
		char *grown = realloc(buffer, capacity *= 2);
		if (!grown)
			free(buffer);
		buffer = grown;
	}
	bool unreadable = ferror(stream);
	int error = errno;
	fclose(stream);
	if (!buffer)
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	if (unreadable || used > limit) {
		free(buffer);
		return fail(failure, EXIT_FAILED, "%s: %s", path,
			    unreadable ? strerror(error) : "larger than this file may be");
	}
	buffer[used] = '\0';
	*content = buffer;
	*length = used;
	return 0;
}

int make_directories(const char *path, struct failure *failure)
{
	char partial[4096];
	if (!path[0])
		return fail(failure, EXIT_WRONG_USE, "an empty name is no directory: name one");
	if (strlen(path) >= sizeof partial)
		return fail(failure, EXIT_WRONG_USE, "%.100s...: the directory name is too long",
			    path);
	snprintf(partial, sizeof partial, "%s", path);
	for (char *slash = partial + 1;; slash++) {
		if (*slash != '/' && *slash != '\0')
			continue;
		char kept = *slash;
		*slash = '\0';
		if (mkdir(partial, 0755) != 0 && errno != EEXIST)
			return fail(failure, EXIT_FAILED, "%s: cannot create the directory: %s",
				    partial, strerror(errno));
		*slash = kept;
		if (kept == '\0')
			break;
	}
	struct stat status;
	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return fail(failure, EXIT_FAILED, "%s: not a directory", path);
	return 0;
}

int directory_is_empty(const char *path)
{
	DIR *directory = opendir(path);
	if (!directory)
		return -1;
	bool empty = true;
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		empty = empty &&
			(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	closedir(directory);
	return empty;
}
