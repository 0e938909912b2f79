/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/state_directory.h"

#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

static struct state_directory opened(const char *path)
{
	struct failure failure = {0};
	struct state_directory state;
	if (state_directory_open(&state, path, &failure) != 0)
		fail_msg("%s", failure.text);
	return state;
}

static void refused(const char *path, const char *said)
{
	struct failure failure = {0};
	struct state_directory state;
	assert_int_equal(state_directory_open(&state, path, &failure), -1);
	if (!strstr(failure.text, said))
		fail_msg("%s", failure.text);
	assert_int_equal(state.lock, -1);
}

static void assert_content(const char *path, const char *expected)
{
	size_t length;
	char *content = read_bytes(path, &length);
	if (!content)
		fail_msg("%s is absent", path);
	assert_string_equal(content, expected);
	free(content);
}

static void append_text(const char *path, const char *text)
{
	FILE *stream = fopen(path, "a");
	assert_non_null(stream);
	fputs(text, stream);
	fclose(stream);
}

static void a_new_directory_is_made_and_found_again(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct state_directory directory = opened("a/b/");
	assert_string_equal(directory.path, "a/b");
	assert_int_equal(directory.targets.targets, 0);
	struct target target;
	assert_int_equal(target_parse(&target, "winny=198.51.100.7/7743", &failure), 0);
	assert_int_equal(targets_add(&directory.targets, &target, &failure), 0);
	assert_int_equal(targets_write(&directory.targets, directory.path, &failure), 0);
	state_directory_close(&directory);
	state_directory_close(&directory);
	directory = opened("a/b");
	assert_int_equal(directory.targets.targets, 1);
	assert_string_equal(directory.targets.target[0].name, "winny");
	state_directory_close(&directory);
	mkdir("empty", 0755);
	directory = opened("empty");
	state_directory_close(&directory);
}

static void what_is_not_ours_is_refused_and_left_alone(void **state)
{
	(void)state;
	mkdir("photos", 0755);
	write_text("photos/holiday.jpg", "x");
	write_text("file", "x");
	refused("photos", "photos: exists and is not a state directory");
	refused("file", "file: exists and is not a state directory");
	refused("file/below", "file");
	refused("", "an empty name");
	assert_int_equal(entries_of("photos"), 1);
	mkdir("broken", 0755);
	write_text("broken/targets", "something else\n");
	refused("broken", "broken/targets:1:");
	char path[5000];
	memset(path, 'a', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	refused(path, "too long");
}

static void only_an_existing_one_is_opened_when_none_may_be_made(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct state_directory directory;
	assert_int_equal(state_directory_open_existing(&directory, "absent", &failure), -1);
	assert_false(exists("absent"));
	directory = opened("state");
	state_directory_close(&directory);
	failure = (struct failure){0};
	assert_int_equal(state_directory_open_existing(&directory, "state", &failure), 0);
	state_directory_close(&directory);
}

/* The lock is that of another process: a child holds it until it is told to end. */
static void one_process_writes_at_a_time(void **state)
{
	(void)state;
	int ready[2], done[2];
	char byte;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(done), 0);
	pid_t child = fork();
	if (child == 0) {
		struct failure failure = {0};
		struct state_directory held;
		close(done[1]);
		int result = state_directory_open(&held, "state", &failure);
		if (write(ready[1], "x", 1) != 1 || read(done[0], &byte, 1) < 0)
			_exit(1);
		_exit(result == 0 ? 0 : 1);
	}
	close(done[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	refused("state", "state: in use by another stalenode process");
	struct failure failure = {0};
	struct state_directory directory;
	assert_int_equal(state_directory_open_existing(&directory, "state", &failure), -1);
	close(done[1]);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	directory = opened("state"); /* the lock went with the process */
	state_directory_close(&directory);
	close(ready[0]);
	close(ready[1]);
}

/* A state directory with one target that has a past. */
static struct state_directory with_a_past(void)
{
	struct state_directory directory = opened("state");
	mkdir("state/old", 0755);
	mkdir("state/old/evidence", 0755);
	mkdir("state/old/census", 0755);
	write_text("state/old/ledger", "one\n");
	write_text("state/old/sources", "12345678");
	write_text("state/old/evidence/2008-02-20.pcap", "packets");
	write_text("state/old/census/2008-02-19.tsv", "ports of the 19th\n");
	write_text("state/old/census/2008-02-20.tsv", "ports\n");
	write_text("state/old/evidence/notes.txt", "a person's own");
	write_text("state/old/counts.rrd", "a view");
	return directory;
}

static void write_like_an_import(void)
{
	append_text("state/old/ledger", "two\nthree\n");
	append_text("state/old/sources", "abcdefgh");
	append_text("state/old/evidence/2008-02-20.pcap", "more");
	append_text("state/old/evidence/2008-02-21.pcap", "new");
	append_text("state/old/evidence/notes.txt", ", and more");
	append_text("state/old/census/2008-02-21.tsv", "new");
	/* A file that was replaced, and one that was about to be. */
	assert_int_equal(
		link("state/old/census/2008-02-20.tsv", "state/old/census/2008-02-20.tsv.before"),
		0);
	write_text("state/old/census/2008-02-20.tsv", "more ports\n");
	assert_int_equal(
		link("state/old/census/2008-02-19.tsv", "state/old/census/2008-02-19.tsv.before"),
		0);
	mkdir("state/new", 0755);
	mkdir("state/new/evidence", 0755);
	mkdir("state/new/census", 0755);
	write_text("state/new/ledger", "one\n");
	write_text("state/new/evidence/2008-02-21.pcap", "new");
	mkdir("state/bare", 0755);
}

static void assert_past_restored(void)
{
	assert_content("state/old/ledger", "one\n");
	assert_content("state/old/sources", "12345678");
	assert_content("state/old/evidence/2008-02-20.pcap", "packets");
	assert_false(exists("state/old/evidence/2008-02-21.pcap"));
	assert_content("state/old/census/2008-02-20.tsv", "ports\n");
	assert_content("state/old/census/2008-02-19.tsv", "ports of the 19th\n");
	assert_int_equal(entries_of("state/old/census"), 2);
	assert_false(exists("state/old/census/2008-02-21.tsv"));
	assert_content("state/old/evidence/notes.txt", "a person's own, and more");
	assert_content("state/old/counts.rrd", "a view");
	assert_false(exists("state/new"));
	assert_false(exists("state/import.undo"));
}

static void a_refused_import_is_taken_back(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct state_directory directory = with_a_past();
	assert_int_equal(state_transaction_begin(&directory, &failure), 0);
	write_like_an_import();
	assert_int_equal(state_transaction_undo(&directory, &failure), 0);
	assert_past_restored();
	state_directory_close(&directory);
}

static void an_import_that_was_killed_is_taken_back_at_the_next_opening(void **state)
{
	(void)state;
	struct failure failure = {0};
	for (int existing = 0; existing < 2; existing++) {
		struct state_directory directory = with_a_past();
		assert_int_equal(state_transaction_begin(&directory, &failure), 0);
		write_like_an_import();
		state_directory_close(&directory);
		int kept = divert_output(2, "warning");
		if (existing)
			assert_int_equal(
				state_directory_open_existing(&directory, "state", &failure), 0);
		else
			directory = opened("state");
		restore_output(2, kept);
		assert_past_restored();
		state_directory_close(&directory);
		size_t length;
		char *warning = read_bytes("warning", &length);
		assert_non_null(strstr(warning, "interrupted"));
		free(warning);
	}
}

static void what_was_committed_stays(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct state_directory directory = with_a_past();
	assert_int_equal(state_transaction_begin(&directory, &failure), 0);
	write_like_an_import();
	assert_int_equal(state_transaction_commit(&directory, &failure), 0);
	state_directory_close(&directory);
	directory = opened("state");
	assert_content("state/old/ledger", "one\ntwo\nthree\n");
	assert_content("state/old/census/2008-02-20.tsv", "more ports\n");
	assert_int_equal(entries_of("state/old/census"), 3);
	assert_content("state/new/ledger", "one\n");
	state_directory_close(&directory);
}

/* A list of lengths that lacks lines would have ledgers removed that were there before. */
static void a_damaged_list_of_lengths_removes_nothing(void **state)
{
	(void)state;
	static const char *const contents[] = {"", "stalenode-undo 1\n", "something else\n",
					       "stalenode-undo 1\n4\told/led"};
	for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
		struct failure failure = {0};
		struct state_directory directory = with_a_past();
		state_directory_close(&directory);
		write_text("state/import.undo", contents[i]);
		int kept = divert_output(2, "warning");
		assert_int_equal(state_directory_open(&directory, "state", &failure), -1);
		restore_output(2, kept);
		assert_int_equal(failure.status, EXIT_FAILED);
		assert_non_null(strstr(failure.text, "import.undo"));
		assert_content("state/old/ledger", "one\n");
		unlink("state/import.undo");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_new_directory_is_made_and_found_again),
		in_workspace(what_is_not_ours_is_refused_and_left_alone),
		in_workspace(only_an_existing_one_is_opened_when_none_may_be_made),
		in_workspace(one_process_writes_at_a_time),
		in_workspace(a_refused_import_is_taken_back),
		in_workspace(an_import_that_was_killed_is_taken_back_at_the_next_opening),
		in_workspace(what_was_committed_stays),
		in_workspace(a_damaged_list_of_lengths_removes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
