/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "privilege.h"

#include "base/decimal.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A number that sudo left in the environment. */
static bool from_environment(const char *name, uint64_t *number)
{
	const char *text = getenv(name);
	return text && decimal_parse(text, strlen(text), UINT32_MAX - 1, number) && *number != 0;
}

int privilege_choose_identity(struct worker_identity *identity, const char *state_directory,
			      struct failure *failure)
{
	struct stat status;
	uint64_t user, group;
	*identity = (struct worker_identity){geteuid(), getegid()};
	if (identity->user != 0)
		return 0;
	if (stat(state_directory, &status) == 0 && status.st_uid != 0) {
		*identity = (struct worker_identity){status.st_uid, status.st_gid};
		return 0;
	}
	if (from_environment("SUDO_UID", &user) && from_environment("SUDO_GID", &group)) {
		*identity = (struct worker_identity){(uid_t)user, (gid_t)group};
		return 0;
	}
	const struct passwd *nobody = getpwnam("nobody");
	if (!nobody || nobody->pw_uid == 0)
		return fail(failure, EXIT_FAILED,
			    "%s: there is no user to run the worker as: give the directory to one "
			    "that is not root",
			    state_directory);
	*identity = (struct worker_identity){nobody->pw_uid, nobody->pw_gid};
	return 0;
}

/* nftw() takes no context; one process gives one directory away. */
static struct worker_identity new_owner;

static int give_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return lchown(path, new_owner.user, new_owner.group);
}

int privilege_give_directory(const char *state_directory, const struct worker_identity *identity,
			     struct failure *failure)
{
	if (geteuid() != 0)
		return 0;
	new_owner = *identity;
	if (nftw(state_directory, give_one, 16, FTW_PHYS | FTW_MOUNT) == 0)
		return 0;
	return fail(failure, EXIT_FAILED, "%s: cannot give it to user %u: %s", state_directory,
		    (unsigned)identity->user, strerror(errno));
}

int privilege_keep_capture(struct failure *failure)
{
	capng_clear(CAPNG_SELECT_BOTH);
	capng_type_t sets = CAPNG_EFFECTIVE | CAPNG_PERMITTED;
	int result = capng_update(CAPNG_ADD, sets, CAP_NET_RAW);
	if (geteuid() == 0)
		result |= capng_updatev(CAPNG_ADD, sets, CAP_SETUID, CAP_SETGID, CAP_CHOWN,
					CAP_DAC_OVERRIDE, CAP_KILL, -1);
	if (result != 0 || capng_apply(CAPNG_SELECT_CAPS) != 0)
		return fail(failure, EXIT_FAILED,
			    "cannot keep the capability CAP_NET_RAW: run it as root, or with "
			    "AmbientCapabilities=CAP_NET_RAW");
	return 0;
}

/* Allows access to a directory and what is below it. */
static bool allow(long ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = access,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	if (beneath.parent_fd < 0)
		return false;
	bool allowed = syscall(SYS_landlock_add_rule, (int)ruleset, LANDLOCK_RULE_PATH_BENEATH,
			       &beneath, 0) == 0;
	close(beneath.parent_fd);
	return allowed;
}

/* Landlock: nothing but the current directory and what is below, and reading in a few others.
 * False when the kernel has it not, or it is switched off. */
static bool confine(const char *const *readable, size_t readables)
{
	const uint64_t everything = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* of version 1 */
	const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
	struct landlock_ruleset_attr attributes = {.handled_access_fs = everything};
	long ruleset = syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
	if (ruleset < 0)
		return false;
	bool confined = allow(ruleset, ".", everything);
	for (size_t i = 0; i < readables; i++)
		allow(ruleset, readable[i], reading);
	confined = confined && syscall(SYS_landlock_restrict_self, (int)ruleset, 0) == 0;
	close((int)ruleset);
	return confined;
}

static bool change_user(const struct worker_identity *identity)
{
	if (geteuid() != 0)
		return true;
	return setgroups(0, NULL) == 0 &&
	       setresgid(identity->group, identity->group, identity->group) == 0 &&
	       setresuid(identity->user, identity->user, identity->user) == 0;
}

static bool bound_resources(uint64_t memory_mib)
{
	struct rlimit memory = {memory_mib << 20, memory_mib << 20}, core = {0, 0};
	return setrlimit(RLIMIT_DATA, &memory) == 0 && setrlimit(RLIMIT_CORE, &core) == 0;
}

/* The kernel forgets the signal at the parent's end when a process changes its user (prctl(2)). */
static void keep_parents_end(int signal_at_end, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, signal_at_end);
	if (signal_at_end != 0 && getppid() != parent)
		raise(signal_at_end); /* it ended meanwhile */
}

int privilege_drop(const struct worker_identity *identity, uint64_t memory_mib,
		   const char *const *readable, size_t readables, bool *confined,
		   struct failure *failure)
{
	int signal_at_end = 0;
	pid_t parent = getppid();
	if (identity->user == 0)
		return fail(failure, EXIT_FAILED, "the worker does not run as root");
	prctl(PR_GET_PDEATHSIG, &signal_at_end);
	if (!change_user(identity))
		return fail(failure, EXIT_FAILED, "cannot become user %u: %s",
			    (unsigned)identity->user, strerror(errno));
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_CAPS) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    !bound_resources(memory_mib))
		return fail(failure, EXIT_FAILED, "cannot give up privileges: %s", strerror(errno));
	if (getuid() == 0 || geteuid() == 0 || setuid(0) == 0)
		return fail(failure, EXIT_FAILED, "the worker would still be root: not started");
	keep_parents_end(signal_at_end, parent);
	*confined = confine(readable, readables);
	return 0;
}
