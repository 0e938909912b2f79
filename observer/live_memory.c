/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FULL_PATH_SIZE (4096 + LIVE_PATH_SIZE)

struct header {
	char mark[16]; /* names the version of the layout */
	uint64_t size; /* of the content: a changed structure changes it */
	uint64_t unused[5];
};
_Static_assert(sizeof(struct header) == 64, "the content begins on a cache line");

static const char mark[16] = "stalenode-open2";

void live_memory_begin(struct live_memory *memory, const char *directory, uid_t user, gid_t group)
{
	*memory = (struct live_memory){.user = user, .group = group};
	snprintf(memory->directory, sizeof memory->directory, "%s", directory);
}

int live_memory_add(struct live_memory *memory, const char *path, size_t size,
		    struct failure *failure)
{
	if (memory->regions == LIVE_REGIONS_MAX || strlen(path) >= LIVE_PATH_SIZE)
		return fail(failure, EXIT_FAILED, "%s: no room for another open bucket", path);
	struct live_region *region = &memory->region[memory->regions++];
	*region = (struct live_region){.size = size, .descriptor = -1};
	snprintf(region->path, sizeof region->path, "%s", path);
	return 0;
}

static bool is_ours(int descriptor, size_t size)
{
	struct header header;
	struct stat status;
	return fstat(descriptor, &status) == 0 && (size_t)status.st_size == sizeof header + size &&
	       pread(descriptor, &header, sizeof header, 0) == (ssize_t)sizeof header &&
	       memcmp(header.mark, mark, sizeof mark) == 0 && header.size == size;
}

/* Whether the file that is mapped is the one that stands at its path. */
static bool is_in_place(const struct live_region *region, const char *path)
{
	struct stat mapped, found;
	return region->descriptor >= 0 && !region->distrusted &&
	       fstat(region->descriptor, &mapped) == 0 && stat(path, &found) == 0 &&
	       mapped.st_dev == found.st_dev && mapped.st_ino == found.st_ino;
}

/* A file whose blocks are not all there would raise SIGBUS on a full disk. */
static bool allocate(int descriptor, size_t length)
{
	int error = posix_fallocate(descriptor, 0, (off_t)length);
	errno = error ? error : errno;
	return error == 0;
}

static bool empty(int descriptor, size_t length)
{
	return ftruncate(descriptor, 0) == 0 && allocate(descriptor, length);
}

/* The directory of a target may be gone, or not be there yet. */
static void make_parent(const struct live_memory *memory, const char *path)
{
	char copy[FULL_PATH_SIZE];
	snprintf(copy, sizeof copy, "%s", path);
	const char *parent = dirname(copy);
	if (strcmp(parent, memory->directory) != 0 && mkdir(parent, 0755) == 0 && geteuid() == 0 &&
	    lchown(parent, memory->user, memory->group) != 0)
		rmdir(parent);
}

static int open_file(const struct live_memory *memory, const char *path)
{
	make_parent(memory, path);
	int descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (descriptor >= 0 && geteuid() == 0 &&
	    fchown(descriptor, memory->user, memory->group) != 0) {
		int error = errno;
		close(descriptor);
		errno = error;
		return -1;
	}
	return descriptor;
}

static void *map(int descriptor, size_t length)
{
	int flags = descriptor < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
	void *mapped = mmap(NULL, length, PROT_READ | PROT_WRITE, flags, descriptor, 0);
	/* Without it the kernel reads and maps the neighbours of a page that is touched: sixteen
	 * pages for each quiet target. */
	if (mapped != MAP_FAILED)
		madvise(mapped, length, MADV_RANDOM);
	return mapped;
}

/* Copies page by page what may lie on a disk that fails: the kernel then answers with an error,
 * where reading the memory itself would end the process. False when some of it was lost. */
static bool copy_carefully(uint8_t *to, const uint8_t *from, size_t length)
{
	bool whole = true;
	for (size_t at = 0; at < length; at += 4096) {
		size_t size = length - at < 4096 ? length - at : 4096;
		struct iovec local = {to + at, size};
		struct iovec remote = {(uint8_t *)(uintptr_t)(from + at), size};
		if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) != (ssize_t)size)
			whole = false;
	}
	return whole;
}

static void unmap(struct live_region *region)
{
	if (region->content)
		munmap(region->content - sizeof(struct header),
		       sizeof(struct header) + region->size);
	if (region->descriptor >= 0)
		close(region->descriptor);
	region->content = NULL;
	region->descriptor = -1;
}

/* Moves what the region holds into the new mapping, whose file, if any, is `descriptor`. */
static void move_into(struct live_memory *memory, struct live_region *region, void *mapped,
		      int descriptor)
{
	uint8_t *content = (uint8_t *)mapped + sizeof(struct header);
	if (region->content && !copy_carefully(content, region->content, region->size))
		memory->damaged = true;
	unmap(region);
	region->content = content;
	region->descriptor = descriptor;
	region->distrusted = false;
	/* The header comes last: a file without it counts for nothing. */
	struct header *header = mapped;
	header->size = region->size;
	memcpy(header->mark, mark, sizeof mark);
}

static int put_into_file(struct live_memory *memory, struct live_region *region, const char *path,
			 struct failure *why)
{
	size_t length = sizeof(struct header) + region->size;
	int descriptor = open_file(memory, path);
	/* What is in memory already is newer than any file. */
	bool keep = descriptor >= 0 && !region->content && is_ours(descriptor, region->size);
	bool ready = descriptor >= 0 &&
		     (keep ? allocate(descriptor, length) : empty(descriptor, length));
	void *mapped = ready ? map(descriptor, length) : MAP_FAILED;
	if (mapped == MAP_FAILED) {
		fail(why, EXIT_FAILED, "%s: cannot make room for it: %s", path, strerror(errno));
		if (descriptor >= 0)
			close(descriptor);
		return -1;
	}
	region->fresh = !keep && !region->content;
	move_into(memory, region, mapped, descriptor);
	return 0;
}

static int put_into_memory(struct live_memory *memory, struct live_region *region)
{
	if (region->content && !region->distrusted)
		return 0; /* anonymous already, or a file that is gone but still mapped */
	void *mapped = map(-1, sizeof(struct header) + region->size);
	if (mapped == MAP_FAILED)
		return -1;
	region->fresh = !region->content;
	move_into(memory, region, mapped, -1);
	return 0;
}

size_t live_memory_content(size_t file_bytes)
{
	return file_bytes > sizeof(struct header) ? file_bytes - sizeof(struct header) : 0;
}

bool live_memory_read(const char *path, size_t size, void *bytes, size_t length)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return false;
	bool whole = is_ours(descriptor, size) &&
		     pread(descriptor, bytes, length, sizeof(struct header)) == (ssize_t)length;
	close(descriptor);
	return whole;
}

int live_memory_prepare(struct live_memory *memory, struct failure *why)
{
	*why = (struct failure){0};
	memory->in_files = true;
	for (size_t i = 0; i < memory->regions; i++) {
		struct live_region *region = &memory->region[i];
		char path[FULL_PATH_SIZE];
		snprintf(path, sizeof path, "%s/%s", memory->directory, region->path);
		region->fresh = false;
		if (is_in_place(region, path))
			continue;
		/* To empty a file that a worker died of would empty what is to be saved from it. */
		if (!region->distrusted && put_into_file(memory, region, path, why) == 0)
			continue;
		if (region->distrusted)
			fail(why, EXIT_FAILED, "%s: the disk failed under it", path);
		memory->in_files = false;
		if (put_into_memory(memory, region) != 0)
			return fail(why, EXIT_FAILED, "%s: no memory for its %zu bytes", path,
				    region->size);
	}
	return 0;
}

void live_memory_distrust(struct live_memory *memory)
{
	for (size_t i = 0; i < memory->regions; i++)
		memory->region[i].distrusted = memory->region[i].descriptor >= 0;
}

void live_memory_end(struct live_memory *memory)
{
	for (size_t i = 0; i < memory->regions; i++)
		unmap(&memory->region[i]);
	memory->regions = 0;
}
