/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/base/whole_file.h"

#include "workspace.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

static void assert_content(const char *path, const char *expected)
{
	size_t length;
	char *content = read_bytes(path, &length);
	assert_non_null(content);
	assert_int_equal(length, strlen(expected));
	assert_string_equal(content, expected);
	free(content);
}

static void the_old_file_stands_until_the_new_one_is_whole(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct whole_file file;
	write_text("result", "old");
	assert_int_equal(whole_file_open(&file, "result", &failure), 0);
	fputs("new", file.stream);
	fflush(file.stream);
	assert_content("result", "old");
	assert_int_equal(whole_file_close(&file, &failure), 0);
	assert_null(file.stream);
	assert_content("result", "new");
	assert_int_equal(entries_of("."), 1);
	whole_file_abandon(&file);
	assert_content("result", "new");
}

static void an_abandoned_file_leaves_no_trace(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct whole_file file;
	write_text("result", "old");
	assert_int_equal(whole_file_open(&file, "result", &failure), 0);
	fputs("new", file.stream);
	whole_file_abandon(&file);
	assert_content("result", "old");
	assert_int_equal(entries_of("."), 1);
	assert_int_equal(failure.status, EXIT_DONE);
}

static void the_mode_follows_the_umask(void **state)
{
	(void)state;
	struct failure failure = {0};
	static const mode_t masks[] = {0022, 0077, 0};
	for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		mode_t before = umask(masks[i]);
		struct whole_file file;
		assert_int_equal(whole_file_open(&file, "result", &failure), 0);
		assert_int_equal(whole_file_close(&file, &failure), 0);
		umask(before);
		struct stat status;
		assert_int_equal(stat("result", &status), 0);
		assert_int_equal(status.st_mode & 07777, 0666 & ~masks[i]);
	}
}

static void a_name_that_cannot_be_made_is_told(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct whole_file file;
	assert_int_equal(whole_file_open(&file, "absent/result", &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "absent/result: "));
	assert_non_null(strstr(failure.text, "No such file"));
	assert_null(file.stream);
	whole_file_abandon(&file);

	char long_name[5000];
	memset(long_name, 'a', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	failure = (struct failure){0};
	assert_int_equal(whole_file_open(&file, long_name, &failure), -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
	assert_int_equal(entries_of("."), 0);
}

static void a_directory_in_its_place_stays_and_no_temporary_file_is_left(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct whole_file file;
	mkdir("result", 0755);
	assert_int_equal(whole_file_open(&file, "result", &failure), 0);
	assert_int_equal(whole_file_close(&file, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_int_equal(entries_of("."), 1);
}

/* A disk that is full in the middle, in the form that needs no disk: a limit on the size. */
static void a_write_that_fails_leaves_the_old_file(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct whole_file file;
	struct rlimit before, limit;
	write_text("result", "old");
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 100000;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(whole_file_open(&file, "result", &failure), 0);
	for (int i = 0; i < 20000; i++)
		fputs("0123456789", file.stream);
	int result = whole_file_close(&file, &failure);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, handler);
	assert_int_equal(result, -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "result: cannot write it: File too large"));
	assert_content("result", "old");
	assert_int_equal(entries_of("."), 1);
}

static void files_of_every_length_around_a_block_are_read_whole(void **state)
{
	(void)state;
	static const size_t lengths[] = {0, 1, 4095, 65534, 65535, 65536, 65537, 131071, 300000};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct failure failure = {0};
		char *bytes = malloc(lengths[i] + 1), *content;
		size_t length = 0;
		for (size_t at = 0; at < lengths[i]; at++)
			bytes[at] = (char)(at * 7);
		write_bytes("file", bytes, lengths[i]);
		assert_int_equal(whole_file_read("file", lengths[i], &content, &length, &failure),
				 0);
		assert_int_equal(length, lengths[i]);
		assert_memory_equal(content, bytes, length);
		assert_int_equal(content[length], '\0');
		free(content);
		if (lengths[i]) {
			assert_int_equal(whole_file_read("file", lengths[i] - 1, &content, &length,
							 &failure),
					 -1);
			assert_int_equal(failure.status, EXIT_FAILED);
		}
		free(bytes);
	}
}

static void what_is_no_file_is_not_read(void **state)
{
	(void)state;
	struct failure failure = {0};
	char *content;
	size_t length;
	assert_int_equal(whole_file_read("absent", 100, &content, &length, &failure), -1);
	assert_non_null(strstr(failure.text, "absent: "));
	failure = (struct failure){0};
	assert_int_equal(whole_file_read(".", 100, &content, &length, &failure), -1);
	assert_non_null(strstr(failure.text, "Is a directory"));
}

static void directories_are_made_with_their_parents(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct stat status;
	assert_int_equal(make_directories("a/b//c/", &failure), 0);
	assert_int_equal(stat("a/b/c", &status), 0);
	assert_true(S_ISDIR(status.st_mode));
	assert_int_equal(make_directories("a/b/c", &failure), 0);
	assert_int_equal(make_directories("/", &failure), 0);
	assert_int_equal(make_directories(".", &failure), 0);
	assert_int_equal(failure.status, EXIT_DONE);
}

static void a_directory_is_not_made_through_a_file_or_without_a_name(void **state)
{
	(void)state;
	write_text("file", "");
	static const char *const cases[] = {"file", "file/below", ""};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct failure failure = {0};
		assert_int_equal(make_directories(cases[i], &failure), -1);
		assert_int_not_equal(failure.status, EXIT_DONE);
	}
	assert_int_equal(entries_of("."), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(the_old_file_stands_until_the_new_one_is_whole),
		in_workspace(an_abandoned_file_leaves_no_trace),
		in_workspace(the_mode_follows_the_umask),
		in_workspace(a_name_that_cannot_be_made_is_told),
		in_workspace(a_directory_in_its_place_stays_and_no_temporary_file_is_left),
		in_workspace(a_write_that_fails_leaves_the_old_file),
		in_workspace(files_of_every_length_around_a_block_are_read_whole),
		in_workspace(what_is_no_file_is_not_read),
		in_workspace(directories_are_made_with_their_parents),
		in_workspace(a_directory_is_not_made_through_a_file_or_without_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
