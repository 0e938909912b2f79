/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live_directory.h"

#include "../observer/base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_DIRECTORIES 16 /* while a tree is removed: ours is three deep */

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	/* The mark goes last, so that what a killed removal leaves is known for ours. */
	if (walk->level == 0 || (walk->level == 1 && strcmp(path + walk->base, LIVE_MARK) == 0))
		return 0;
	return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

static int remove_marked(const char *path, struct failure *failure)
{
	char mark[4200];
	snprintf(mark, sizeof mark, "%s/" LIVE_MARK, path);
	if (nftw(path, remove_entry, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS) != 0 ||
	    (unlink(mark) != 0 && errno != ENOENT) || (rmdir(path) != 0 && errno != ENOENT))
		return fail(failure, EXIT_FAILED, "%s cannot be removed: %s", path,
			    strerror(errno));
	return 0;
}

/* Whether the directory may be replaced: 1, 0 when it is absent, -1 and a failure when not. */
static int check_replaceable(const char *path, struct failure *failure)
{
	char mark[4200];
	struct stat status;
	snprintf(mark, sizeof mark, "%s/" LIVE_MARK, path);
	if (lstat(path, &status) != 0) {
		if (errno == ENOENT)
			return 0;
		return fail(failure, EXIT_FAILED, "%s: %s", path, strerror(errno));
	}
	if (!S_ISDIR(status.st_mode))
		return fail(failure, EXIT_WRONG_USE,
			    "%s is no directory: name one that may be replaced as a whole", path);
	if (access(mark, F_OK) == 0 || directory_is_empty(path) == 1)
		return 1;
	return fail(failure, EXIT_WRONG_USE,
		    "%s holds what no live report wrote, and would be replaced as a whole: name an "
		    "empty or a new directory",
		    path);
}

static int take_lock(struct live_directory *live, struct failure *failure)
{
	char path[4096];
	snprintf(path, sizeof path, "%s.lock", live->path);
	live->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (live->lock < 0)
		return fail(failure, EXIT_FAILED, "%s: %s", path, strerror(errno));
	if (flock(live->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	int cause = errno;
	close(live->lock);
	live->lock = -1;
	return cause == EWOULDBLOCK
		       ? fail(failure, EXIT_FAILED,
			      "another 'stalenode report --live' is making %s: let it end first",
			      live->path)
		       : fail(failure, EXIT_FAILED, "%s cannot be locked: %s", path,
			      strerror(cause));
}

static int make_fresh(struct live_directory *live, struct failure *failure)
{
	char mark[4200];
	int left = check_replaceable(live->fresh, failure);
	if (left < 0 || (left > 0 && remove_marked(live->fresh, failure) != 0))
		return -1;
	snprintf(mark, sizeof mark, "%s/" LIVE_MARK, live->fresh);
	if (mkdir(live->fresh, 0755) != 0)
		return fail(failure, EXIT_FAILED, "%s cannot be made: %s", live->fresh,
			    strerror(errno));
	int file = open(mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (file < 0)
		return fail(failure, EXIT_FAILED, "%s: %s", mark, strerror(errno));
	close(file);
	return 0;
}

/* The directory above, made when it is absent. */
static int make_parent(const char *path, struct failure *failure)
{
	char parent[4096];
	snprintf(parent, sizeof parent, "%s", path);
	char *slash = strrchr(parent, '/');
	if (!slash || slash == parent)
		return 0;
	*slash = '\0';
	return make_directories(parent, failure);
}

int live_directory_begin(struct live_directory *live, const char *path, struct failure *failure)
{
	live->lock = -1;
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	if (length >= sizeof live->path)
		return fail(failure, EXIT_WRONG_USE, "%.100s...: the directory name is too long",
			    path);
	snprintf(live->path, sizeof live->path, "%.*s", (int)length, path);
	const char *name = strrchr(live->path, '/') ? strrchr(live->path, '/') + 1 : live->path;
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return fail(failure, EXIT_WRONG_USE,
			    "%s: a live report needs a directory that can be replaced: give its "
			    "name",
			    path);
	snprintf(live->fresh, sizeof live->fresh, "%s.new", live->path);
	if (make_parent(live->path, failure) != 0 || take_lock(live, failure) != 0)
		return -1;
	if (check_replaceable(live->path, failure) >= 0 && make_fresh(live, failure) == 0)
		return 0;
	close(live->lock);
	live->lock = -1;
	return -1;
}

/* What names are in the directory that `path` is in survives a power cut. */
static int sync_parent(const char *path, struct failure *failure)
{
	char parent[4096];
	snprintf(parent, sizeof parent, "%s", path);
	char *slash = strrchr(parent, '/');
	if (slash)
		slash[slash == parent] = '\0';
	int directory = open(slash ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = directory >= 0 ? fsync(directory) : -1;
	if (result != 0)
		fail(failure, EXIT_FAILED, "%s: its directory cannot be synchronised: %s", path,
		     strerror(errno));
	if (directory >= 0)
		close(directory);
	return result;
}

int live_directory_publish(struct live_directory *live, struct failure *failure)
{
	int old = check_replaceable(live->path, failure);
	if (old < 0)
		return -1;
	if (renameat2(AT_FDCWD, live->fresh, AT_FDCWD, live->path,
		      old ? RENAME_EXCHANGE : RENAME_NOREPLACE) != 0)
		return errno == EINVAL || errno == ENOSYS || errno == EXDEV
			       ? fail(failure, EXIT_FAILED,
				      "%s: its file system cannot exchange directories: name one "
				      "on ext4, xfs, btrfs or tmpfs",
				      live->path)
			       : fail(failure, EXIT_FAILED, "%s cannot be replaced: %s", live->path,
				      strerror(errno));
	if (sync_parent(live->path, failure) != 0)
		return -1;
	return old ? remove_marked(live->fresh, failure) : 0;
}

void live_directory_end(struct live_directory *live)
{
	struct failure ignored = {0};
	if (live->lock < 0)
		return;
	if (check_replaceable(live->fresh, &ignored) > 0)
		remove_marked(live->fresh, &ignored);
	close(live->lock);
	live->lock = -1;
}
