/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "open_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct header {
	char mark[16]; /* names the version of the layout */
	uint64_t size; /* of the content: a changed structure changes it */
	uint64_t unused[5];
};
_Static_assert(sizeof(struct header) == 64, "the content begins on a cache line");

static const char mark[16] = "stalenode-open1";

static bool is_ours(int descriptor, size_t size)
{
	struct header header;
	struct stat status;
	return fstat(descriptor, &status) == 0 && (size_t)status.st_size == sizeof header + size &&
	       pread(descriptor, &header, sizeof header, 0) == (ssize_t)sizeof header &&
	       memcmp(header.mark, mark, sizeof mark) == 0 && header.size == size;
}

/* The header is written last: a file without it is made anew. */
static bool make_anew(int descriptor, size_t size)
{
	struct header header = {.size = size};
	memcpy(header.mark, mark, sizeof mark);
	return ftruncate(descriptor, 0) == 0 &&
	       posix_fallocate(descriptor, 0, (off_t)(sizeof header + size)) == 0 &&
	       pwrite(descriptor, &header, sizeof header, 0) == (ssize_t)sizeof header;
}

int open_state_map(struct open_state *state, const char *path, size_t size, bool create,
		   bool *fresh, struct failure *failure)
{
	*state = (struct open_state){0};
	*fresh = false;
	int descriptor = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0644);
	if (descriptor < 0 && errno == ENOENT && !create)
		return 0;
	if (descriptor < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot open it: %s", path, strerror(errno));
	bool ready = is_ours(descriptor, size);
	if (!ready && !create) {
		close(descriptor);
		return 0;
	}
	if (!ready) {
		*fresh = true;
		ready = make_anew(descriptor, size);
	}
	void *mapped = MAP_FAILED;
	if (ready)
		mapped = mmap(NULL, sizeof(struct header) + size, PROT_READ | PROT_WRITE,
			      MAP_SHARED, descriptor, 0);
	int error = errno;
	close(descriptor);
	if (mapped == MAP_FAILED)
		return fail(failure, EXIT_FAILED, "%s: cannot make room for it: %s", path,
			    strerror(error));
	state->content = (char *)mapped + sizeof(struct header);
	state->mapped = sizeof(struct header) + size;
	return 0;
}

void open_state_unmap(struct open_state *state)
{
	if (state->content)
		munmap((char *)state->content - sizeof(struct header), state->mapped);
	*state = (struct open_state){0};
}
