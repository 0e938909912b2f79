/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_copy.h"

#include "base/decimal.h"
#include "base/whole_file.h"
#include "geo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What killed processes left: NAME.PID.new of a PID that is no more. */
static void remove_leftovers(const char *directory, const char *name)
{
	DIR *stream = opendir(directory);
	if (!stream)
		return;
	size_t length = strlen(name);
	for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
		const char *rest = entry->d_name + length;
		uint64_t pid;
		if (strncmp(entry->d_name, name, length) != 0 || *rest++ != '.')
			continue;
		size_t digits = strspn(rest, "0123456789");
		if (decimal_parse(rest, digits, INT32_MAX, &pid) && pid &&
		    strcmp(rest + digits, ".new") == 0 && kill((pid_t)pid, 0) != 0 &&
		    errno == ESRCH)
			unlinkat(dirfd(stream), entry->d_name, 0);
	}
	closedir(stream);
}

void geo_copy_begin(struct geo_copy *copy, unsigned number, const char *original,
		    const char *directory, const char *name)
{
	*copy = (struct geo_copy){.number = number, .from = -1, .to = -1};
	snprintf(copy->original, sizeof copy->original, "%s", original);
	snprintf(copy->directory, sizeof copy->directory, "%s", directory);
	snprintf(copy->path, sizeof copy->path, "%.4000s/%s", directory, name);
	/* Several processes may copy at a time. */
	snprintf(copy->temporary, sizeof copy->temporary, "%s.%ld.new", copy->path, (long)getpid());
	remove_leftovers(directory, name);
}

static struct geo_copy_stamp stamp_of(const struct stat *status)
{
	return (struct geo_copy_stamp){status->st_dev, status->st_ino, status->st_size,
				       status->st_mtim.tv_sec, status->st_mtim.tv_nsec};
}

static bool same(const struct geo_copy_stamp *a, const struct geo_copy_stamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->modified_s == b->modified_s && a->modified_ns == b->modified_ns;
}

static void close_both(struct geo_copy *copy)
{
	if (copy->from >= 0)
		close(copy->from);
	if (copy->to >= 0)
		close(copy->to);
	copy->from = copy->to = -1;
}

void geo_copy_end(struct geo_copy *copy)
{
	bool was_open = copy->to >= 0;
	close_both(copy);
	if (was_open || access(copy->temporary, F_OK) == 0)
		unlink(copy->temporary);
}

static enum geo_copy_result failed(struct geo_copy *copy, const char **wrong, const char *why)
{
	*wrong = why;
	geo_copy_end(copy);
	return GEO_COPY_FAILED;
}

static enum geo_copy_result look_at_original(struct geo_copy *copy, const char **wrong)
{
	struct stat status;
	struct failure ignored = {0};
	if (stat(copy->original, &status) != 0) {
		copy->stamp = (struct geo_copy_stamp){0};
		return failed(copy, wrong, strerror(errno));
	}
	struct geo_copy_stamp stamp = stamp_of(&status);
	if (same(&stamp, &copy->stamp))
		return GEO_COPY_IDLE;
	copy->stamp = stamp;
	if (!S_ISREG(status.st_mode))
		return failed(copy, wrong, "no regular file");
	if (status.st_size > GEO_COPY_MAX)
		return failed(copy, wrong, "too large for a database");
	copy->from = open(copy->original, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (copy->from < 0) {
		int error = errno;
		copy->stamp = (struct geo_copy_stamp){0}; /* a permission may be given later */
		return failed(copy, wrong, strerror(error));
	}
	if (make_directories(copy->directory, &ignored) == 0) {
		unlink(copy->temporary);
		copy->to = open(copy->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	}
	if (copy->to >= 0)
		return GEO_COPY_UNDER_WAY;
	copy->stamp = (struct geo_copy_stamp){0}; /* the fault is ours, and may pass */
	return failed(copy, wrong, "cannot be copied into the state directory");
}

static enum geo_copy_result copy_piece(struct geo_copy *copy, const char **wrong)
{
	uint8_t piece[64 << 10];
	for (size_t done = 0; done < GEO_COPY_STEP; done += sizeof piece) {
		ssize_t length = read(copy->from, piece, sizeof piece);
		if (length < 0)
			return failed(copy, wrong, strerror(errno));
		if (length > 0 && write(copy->to, piece, (size_t)length) != length) {
			copy->stamp = (struct geo_copy_stamp){0};
			return failed(copy, wrong, "cannot be copied into the state directory");
		}
		if (length > 0)
			continue;
		struct stat status;
		bool unchanged = fstat(copy->from, &status) == 0;
		struct geo_copy_stamp stamp = stamp_of(&status);
		unchanged = unchanged && same(&stamp, &copy->stamp);
		if (!unchanged) { /* it is being written: copied anew at the next look */
			geo_copy_end(copy);
			copy->stamp = (struct geo_copy_stamp){0};
			return GEO_COPY_IDLE;
		}
		close_both(copy);
		return GEO_COPY_READY;
	}
	return GEO_COPY_UNDER_WAY;
}

enum geo_copy_result geo_copy_step(struct geo_copy *copy, bool look, const char **wrong)
{
	if (copy->from >= 0)
		return copy_piece(copy, wrong);
	return look ? look_at_original(copy, wrong) : GEO_COPY_IDLE;
}

void geo_copy_keep(struct geo_copy *copy)
{
	if (rename(copy->temporary, copy->path) != 0)
		unlink(copy->temporary); /* what is mapped stays mapped */
}

bool geo_copy_exists(const struct geo_copy *copy)
{
	return access(copy->path, R_OK) == 0;
}

bool geo_copy_map(const char *path, const uint8_t **content, size_t *size)
{
	struct stat status;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	void *mapped = MAP_FAILED;
	if (descriptor < 0)
		return false;
	if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
		mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, descriptor, 0);
	close(descriptor);
	if (mapped == MAP_FAILED)
		return false;
	*content = mapped;
	*size = (size_t)status.st_size;
	return true;
}

/* Adds the directory of a path unless it stands there. */
static void add_directory(char directory[GEO_DIRECTORIES][4096], size_t *count, const char *path)
{
	char copy[4096];
	snprintf(copy, sizeof copy, "%s", path);
	const char *parent = dirname(copy);
	for (size_t i = 0; i < *count; i++)
		if (strcmp(directory[i], parent) == 0)
			return;
	snprintf(directory[(*count)++], sizeof directory[0], "%s", parent);
}

size_t geo_directories(const struct geo_options *options, char directory[GEO_DIRECTORIES][4096])
{
	const char *const original[] = {options->countries, options->systems};
	size_t count = 0;
	for (size_t i = 0; i < 2; i++) {
		if (!original[i] || !original[i][0])
			continue;
		add_directory(directory, &count, original[i]);
		char *real = realpath(original[i], NULL);
		if (real)
			add_directory(directory, &count, real);
		free(real);
	}
	return count;
}
