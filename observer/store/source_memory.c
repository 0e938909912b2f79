/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file_header {
	char mark[8];
	int64_t since;
};
static const char file_mark[8] = "stn-src";

static struct file_header header_of(const struct source_memory *memory)
{
	struct file_header header = {.since = memory->since};
	memcpy(header.mark, file_mark, sizeof file_mark);
	return header;
}

void source_memory_write_at_once(struct source_memory *memory, const char *path)
{
	struct file_header header = header_of(memory);
	off_t end = (off_t)(sizeof header + memory->set.entries * sizeof(uint64_t));
	memory->descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	/* Entries behind are of a packet that is counted anew. */
	memory->unsaved =
		memory->descriptor < 0 ||
		pwrite(memory->descriptor, &header, sizeof header, 0) != (ssize_t)sizeof header ||
		ftruncate(memory->descriptor, end) != 0;
}

static bool write_entry(struct source_memory *memory, uint64_t fingerprint)
{
	off_t at = (off_t)(sizeof(struct file_header) +
			   (memory->set.entries - 1) * sizeof fingerprint);
	return pwrite(memory->descriptor, &fingerprint, sizeof fingerprint, at) ==
	       (ssize_t)sizeof fingerprint;
}

/* The order of the entries is of no matter. */
static bool write_all(const struct source_memory *memory, int descriptor)
{
	struct file_header header = header_of(memory);
	off_t at = sizeof header;
	bool written = pwrite(descriptor, &header, sizeof header, 0) == (ssize_t)sizeof header;
	for (size_t i = 0; written && i < memory->set.slots; i++) {
		if (!memory->set.slot[i])
			continue;
		written = pwrite(descriptor, &memory->set.slot[i], sizeof(uint64_t), at) ==
			  (ssize_t)sizeof(uint64_t);
		at += (off_t)sizeof(uint64_t);
	}
	return written && ftruncate(descriptor, at) == 0;
}

/* The file may be gone with its directory: it is opened anew. */
static int save_whole(struct source_memory *memory, const char *path, struct failure *failure)
{
	if (memory->descriptor >= 0)
		close(memory->descriptor);
	memory->descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (memory->descriptor < 0 || !write_all(memory, memory->descriptor))
		return fail(failure, EXIT_FAILED, "%s: cannot write it: %s", path, strerror(errno));
	memory->unsaved = false;
	memory->fresh_count = 0;
	return 0;
}

static bool keep_fresh(struct source_memory *memory, uint64_t fingerprint)
{
	if (memory->fresh_count == memory->fresh_capacity) {
		size_t capacity = memory->fresh_capacity ? memory->fresh_capacity * 2 : 64;
		uint64_t *grown = realloc(memory->fresh, capacity * sizeof grown[0]);
		if (!grown)
			return false;
		memory->fresh = grown;
		memory->fresh_capacity = capacity;
	}
	memory->fresh[memory->fresh_count++] = fingerprint;
	return true;
}

enum fingerprint_seen source_memory_note(struct source_memory *memory, uint64_t fingerprint)
{
	/* It has its share of what the memories have together: only what is known is told. */
	if (memory->left && memory->set.entries >= *memory->left)
		return fingerprint_set_knows(&memory->set, fingerprint) ? FINGERPRINT_KNOWN
									: FINGERPRINT_FULL;
	enum fingerprint_seen seen = fingerprint_set_note(&memory->set, fingerprint);
	if (seen != FINGERPRINT_NEW)
		return seen;
	if (memory->left)
		--*memory->left;
	if (memory->descriptor < 0)
		return keep_fresh(memory, fingerprint) ? FINGERPRINT_NEW : FINGERPRINT_FULL;
	if (!memory->unsaved)
		memory->unsaved = !write_entry(memory, fingerprint);
	return FINGERPRINT_NEW;
}

void source_memory_begin(struct source_memory *memory, int64_t since)
{
	int descriptor = memory->descriptor;
	memory->descriptor = -1; /* it stays open */
	source_memory_free(memory);
	memory->descriptor = descriptor;
	memory->since = since;
	memory->set = fingerprint_set_empty(memory->left ? SIZE_MAX : SOURCE_MEMORY_MAX);
	if (descriptor >= 0)
		memory->unsaved = !write_all(memory, descriptor);
}

void source_memory_free(struct source_memory *memory)
{
	if (memory->left)
		*memory->left += memory->set.entries;
	fingerprint_set_clear(&memory->set);
	free(memory->fresh);
	if (memory->descriptor >= 0)
		close(memory->descriptor);
	memory->descriptor = -1;
	memory->fresh = NULL;
	memory->fresh_count = memory->fresh_capacity = 0;
}

static int load_entries(struct source_memory *memory, int descriptor, const char *path,
			uint64_t entries, struct failure *failure)
{
	struct file_header header;
	ssize_t header_length = read(descriptor, &header, sizeof header);
	/* A run that ended between making the file and writing to it. */
	if (header_length >= 0 && header_length < (ssize_t)sizeof header)
		return 0;
	if (header_length < 0 || memcmp(header.mark, file_mark, sizeof file_mark) != 0)
		return fail(
			failure, EXIT_FAILED,
			"%s: not a memory of sources: remove it, new sources then count from here",
			path);
	while (entries && header.since == memory->since) {
		uint64_t block[512];
		size_t wanted = entries < 512 ? (size_t)entries : 512;
		ssize_t length = read(descriptor, block, wanted * sizeof block[0]);
		if (length < 0)
			return fail(failure, EXIT_FAILED, "%s: cannot read it: %s", path,
				    strerror(errno));
		size_t got = (size_t)length / sizeof block[0];
		if (got == 0)
			break;
		for (size_t i = 0; i < got; i++)
			if (block[i])
				fingerprint_set_note(&memory->set, block[i]);
		entries -= got;
	}
	return 0;
}

int source_memory_load(struct source_memory *memory, const char *path, int64_t since,
		       uint64_t entries, size_t *left, struct failure *failure)
{
	*memory = (struct source_memory){.descriptor = -1, .left = left};
	source_memory_begin(memory, since);
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0 && errno == ENOENT)
		return 0;
	if (descriptor < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot open it: %s", path, strerror(errno));
	int result = load_entries(memory, descriptor, path, entries, failure);
	close(descriptor);
	if (left)
		*left = *left > memory->set.entries ? *left - memory->set.entries : 0;
	return result;
}

int source_memory_save(struct source_memory *memory, const char *path, struct failure *failure)
{
	if (memory->unsaved)
		return save_whole(memory, path, failure);
	if (memory->fresh_count == 0)
		return 0;
	int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (descriptor < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot open it: %s", path, strerror(errno));
	struct file_header header = header_of(memory);
	size_t saved = memory->set.entries - memory->fresh_count;
	off_t end = (off_t)(sizeof header + saved * sizeof memory->fresh[0]);
	size_t length = memory->fresh_count * sizeof memory->fresh[0];
	bool written = pwrite(descriptor, &header, sizeof header, 0) == (ssize_t)sizeof header &&
		       ftruncate(descriptor, end) == 0 &&
		       pwrite(descriptor, memory->fresh, length, end) == (ssize_t)length;
	int error = errno;
	if (close(descriptor) != 0 || !written)
		return fail(failure, EXIT_FAILED, "%s: cannot write it: %s", path, strerror(error));
	memory->fresh_count = 0;
	return 0;
}
