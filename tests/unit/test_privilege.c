/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/privilege.h"

#include "workspace.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { NOBODY = 65534, NO_LANDLOCK = 77 };

static bool can_open(const char *path, int flags)
{
	int descriptor = open(path, flags | O_CLOEXEC, 0644);
	if (descriptor >= 0)
		close(descriptor);
	return descriptor >= 0;
}

#define require(condition)                                                                         \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

/* In state/, beside two directories of others. */
static void drop_and_try(void)
{
	struct failure failure = {0};
	struct worker_identity identity = {NOBODY, NOBODY};
	const char *const readable[] = {"../databases", "../absent"};
	bool confined;
	require(chdir("state") == 0);
	require(privilege_drop(&identity, 256, readable, 2, &confined, &failure) == 0);
	require(geteuid() == NOBODY && setuid(0) != 0);
	require(can_open("mine", O_RDWR | O_CREAT));
	require(can_open("../databases/c.mmdb", O_RDONLY));
	if (!confined)
		_exit(NO_LANDLOCK);
	require(!can_open("../databases/c.mmdb", O_RDWR));
	require(!can_open("../databases/new", O_RDWR | O_CREAT));
	require(!can_open("../others/secret", O_RDONLY));
	/* A database that is replaced is another file in the same directory. */
	require(can_open("../databases/replaced.mmdb", O_RDONLY));
	_exit(0);
}

static void a_worker_reads_what_it_was_given_and_writes_only_its_own(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("state", 0755), 0);
	assert_int_equal(chown("state", NOBODY, NOBODY), 0);
	/* Everybody may write there, as far as the file system goes. */
	assert_int_equal(mkdir("databases", 0755) | chmod("databases", 0777), 0);
	assert_int_equal(mkdir("others", 0755), 0);
	write_text("databases/c.mmdb", "");
	write_text("databases/replaced.mmdb", "");
	write_text("others/secret", "");
	assert_int_equal(chmod("databases/c.mmdb", 0666), 0);
	pid_t child = fork();
	if (child == 0)
		drop_and_try();
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_LANDLOCK)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void the_worker_is_never_root(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct worker_identity root = {0, 0};
	bool confined;
	assert_int_equal(privilege_drop(&root, 256, NULL, 0, &confined, &failure), -1);
	assert_non_null(strstr(failure.text, "root"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_worker_reads_what_it_was_given_and_writes_only_its_own),
		in_workspace(the_worker_is_never_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
