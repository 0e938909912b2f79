/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/live_directory.h"
#include "../../graphs/live_note.h"

#include "workspace.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define KILLS 200
#define FILES 6

/* Every file of a generation holds its number. */
static void make_generation(const struct live_directory *live, int number)
{
	char path[4200], text[32];
	snprintf(path, sizeof path, "%s/figures", live->fresh);
	if (mkdir(path, 0755) != 0)
		abort();
	snprintf(text, sizeof text, "%d", number);
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof path, "%s/figures/%d", live->fresh, i);
		write_text(path, text);
	}
}

static int renew(const char *path, int number)
{
	struct live_directory live;
	struct failure failure = {0};
	if (live_directory_begin(&live, path, &failure) != 0)
		return -1;
	make_generation(&live, number);
	int result = live_directory_publish(&live, &failure);
	live_directory_end(&live);
	return result;
}

/* The generation that stands there; -1 when it is not whole or not one. */
static int generation(const char *directory)
{
	char path[600], text[32] = "";
	int number = -1;
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof path, "%s/figures/%d", directory, i);
		FILE *file = fopen(path, "r");
		size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
		if (!file || fclose(file) != 0 || length == 0)
			return -1;
		text[length] = '\0';
		if (i > 0 && number != atoi(text))
			return -1;
		number = atoi(text);
	}
	return number;
}

static void is_made_and_replaced_as_a_whole(void **state)
{
	(void)state;
	assert_int_equal(renew("www/page/", 1), 0);
	assert_int_equal(generation("www/page"), 1);
	assert_int_equal(renew("www/page", 2), 0);
	assert_int_equal(generation("www/page"), 2);
	assert_false(exists("www/page.new"));
	assert_int_equal(mkdir("empty", 0755), 0);
	assert_int_equal(renew("empty", 3), 0);
	assert_int_equal(generation("empty"), 3);
}

static void keeps_what_it_never_made(void **state)
{
	(void)state;
	struct live_directory live;
	const char *const foreign[] = {"mine", "file", ".", "..", "/"};
	assert_int_equal(mkdir("mine", 0755), 0);
	write_text("mine/thesis", "dear");
	write_text("file", "dear");
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
		struct failure failure = {0};
		assert_int_equal(live_directory_begin(&live, foreign[i], &failure), -1);
		assert_int_equal(failure.status, EXIT_WRONG_USE);
		live_directory_end(&live);
	}
	assert_true(exists("mine/thesis"));
	assert_true(exists("file"));
	/* Nor what stands where the new one would be made. */
	struct failure failure = {0};
	assert_int_equal(mkdir("page.new", 0755), 0);
	write_text("page.new/thesis", "dear");
	assert_int_equal(live_directory_begin(&live, "page", &failure), -1);
	assert_true(exists("page.new/thesis"));
	assert_false(exists("page"));
	/* Nor what came into its place while it was at work. */
	assert_int_equal(rename("page.new", "elsewhere"), 0);
	failure = (struct failure){0};
	assert_int_equal(live_directory_begin(&live, "page", &failure), 0);
	assert_int_equal(rename("elsewhere", "page"), 0);
	assert_int_equal(live_directory_publish(&live, &failure), -1);
	live_directory_end(&live);
	assert_true(exists("page/thesis"));
	assert_false(exists("page.new"));
}

static void what_is_not_published_leaves_the_old_one(void **state)
{
	(void)state;
	struct live_directory live;
	struct failure failure = {0};
	assert_int_equal(renew("page", 1), 0);
	assert_int_equal(live_directory_begin(&live, "page", &failure), 0);
	make_generation(&live, 2);
	live_directory_end(&live);
	assert_int_equal(generation("page"), 1);
	assert_false(exists("page.new"));
}

static void two_makers_never_meet(void **state)
{
	(void)state;
	struct live_directory live, second;
	struct failure failure = {0};
	assert_int_equal(live_directory_begin(&live, "page", &failure), 0);
	assert_int_equal(live_directory_begin(&second, "page", &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "another"));
	live_directory_end(&second);
	assert_true(exists("page.new"));
	live_directory_end(&live);
	failure = (struct failure){0};
	assert_int_equal(live_directory_begin(&second, "page", &failure), 0);
	live_directory_end(&second);
}

/* Renews as fast as it can, with numbers upwards. */
static pid_t begin_maker(void)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child != 0)
		return child;
	for (int number = generation("page") + 1;; number++)
		if (renew("page", number) != 0)
			_exit(1);
}

static void kills_at_any_time_leave_it_whole(void **state)
{
	(void)state;
	unsigned seed = 20261126;
	int published = 0;
	long most = 8000000; /* nanoseconds; more on a machine that publishes nothing in these */
	assert_int_equal(renew("page", 1), 0);
	for (int kill_number = 0; kill_number < KILLS; kill_number++) {
		int before = generation("page");
		pid_t child = begin_maker();
		struct timespec wait = {0, 200000 + (long)rand_r(&seed) % most};
		nanosleep(&wait, NULL);
		kill(child, SIGKILL);
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		int after = generation("page");
		assert_true(after >= before);
		published += after > before;
		if (published == 0 && most < 400000000)
			most *= 2;
	}
	assert_true(published > 0);
	int last = generation("page");
	assert_int_equal(renew("page", last + 1), 0);
	assert_int_equal(generation("page"), last + 1);
	assert_false(exists("page.new"));
}

static void there_is_always_one_to_read(void **state)
{
	(void)state;
	char text[32];
	int first = 1, last = 0;
	assert_int_equal(renew("page", first), 0);
	pid_t child = begin_maker();
	for (int i = 0; i < 20000 || (last <= first && i < 5000000); i++) {
		int file = open("page/figures/3", O_RDONLY);
		assert_true(file >= 0);
		ssize_t length = read(file, text, sizeof text - 1);
		assert_true(length > 0);
		text[length] = '\0';
		assert_true(atoi(text) >= last);
		last = atoi(text);
		close(file);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_true(last > first);
}

static void a_record_is_behind_after_three_buckets(void **state)
{
	(void)state;
	const struct live live = {.rendered = 1203466500, .every = 300}, still = {1203466500, 0};
	assert_false(live_is_behind(&live, 1203466500 - 900));
	assert_true(live_is_behind(&live, 1203466500 - 901));
	assert_false(live_is_behind(&still, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(is_made_and_replaced_as_a_whole),
		in_workspace(keeps_what_it_never_made),
		in_workspace(what_is_not_published_leaves_the_old_one),
		in_workspace(two_makers_never_meet),
		in_workspace(kills_at_any_time_leave_it_whole),
		in_workspace(there_is_always_one_to_read),
		in_workspace(a_record_is_behind_after_three_buckets),
	};
	return cmocka_run_group_tests_name("live_directory", tests, NULL, NULL);
}
