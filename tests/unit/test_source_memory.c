/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/source_memory.h"

#include "../../observer/target.h"
#include "octets.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct source_memory load(int64_t since, uint64_t entries)
{
	struct failure failure = {0};
	struct source_memory memory;
	if (source_memory_load(&memory, "sources", since, entries, NULL, &failure) != 0)
		fail_msg("%s", failure.text);
	return memory;
}

static void note(struct source_memory *memory, uint64_t from, uint64_t to,
		 enum fingerprint_seen expected)
{
	for (uint64_t i = from; i < to; i++)
		assert_int_equal(source_memory_note(memory, i), expected);
}

static void save(struct source_memory *memory)
{
	struct failure failure = {0};
	assert_int_equal(source_memory_save(memory, "sources", &failure), 0);
}

static size_t file_length(void)
{
	struct stat status;
	return stat("sources", &status) == 0 ? (size_t)status.st_size : 0;
}

static void sources_are_known_again_after_a_restart(void **state)
{
	(void)state;
	struct source_memory memory = load(1000, 0);
	note(&memory, 1, 700, FINGERPRINT_NEW);
	note(&memory, 1, 700, FINGERPRINT_KNOWN);
	save(&memory);
	note(&memory, 700, 1500, FINGERPRINT_NEW);
	save(&memory);
	save(&memory);
	source_memory_free(&memory);
	assert_int_equal(file_length(), 16 + 8 * 1499);

	memory = load(1000, 1499);
	note(&memory, 1, 1500, FINGERPRINT_KNOWN);
	note(&memory, 1500, 1501, FINGERPRINT_NEW);
	source_memory_free(&memory);
}

static void what_a_dead_run_wrote_beyond_the_ledger_is_forgotten(void **state)
{
	(void)state;
	struct source_memory memory = load(TIME_UNKNOWN, 0);
	note(&memory, 1, 101, FINGERPRINT_NEW);
	save(&memory);
	source_memory_free(&memory);
	/* The ledger accounts for 60 of these 100. */
	memory = load(TIME_UNKNOWN, 60);
	note(&memory, 1, 61, FINGERPRINT_KNOWN);
	note(&memory, 61, 81, FINGERPRINT_NEW);
	save(&memory);
	source_memory_free(&memory);
	assert_int_equal(file_length(), 16 + 8 * 80);
	memory = load(TIME_UNKNOWN, 80);
	note(&memory, 1, 81, FINGERPRINT_KNOWN);
	note(&memory, 81, 82, FINGERPRINT_NEW);
	source_memory_free(&memory);
}

static void another_retirement_begins_with_an_empty_memory(void **state)
{
	(void)state;
	struct source_memory memory = load(1000, 0);
	note(&memory, 1, 101, FINGERPRINT_NEW);
	save(&memory);
	source_memory_free(&memory);
	memory = load(2000, 100);
	note(&memory, 1, 51, FINGERPRINT_NEW);
	save(&memory);
	source_memory_free(&memory);
	assert_int_equal(file_length(), 16 + 8 * 50);
	memory = load(2000, 50);
	note(&memory, 1, 51, FINGERPRINT_KNOWN);
	note(&memory, 51, 52, FINGERPRINT_NEW);
	source_memory_begin(&memory, 3000);
	note(&memory, 1, 2, FINGERPRINT_NEW);
	save(&memory);
	source_memory_free(&memory);
	assert_int_equal(file_length(), 16 + 8);
}

static void a_file_shorter_than_the_ledger_says_is_read_as_far_as_it_goes(void **state)
{
	(void)state;
	struct source_memory memory = load(1000, 0);
	note(&memory, 1, 101, FINGERPRINT_NEW);
	save(&memory);
	source_memory_free(&memory);
	assert_int_equal(truncate("sources", 16 + 8 * 40 + 3), 0);
	memory = load(1000, 100);
	note(&memory, 1, 41, FINGERPRINT_KNOWN);
	note(&memory, 41, 42, FINGERPRINT_NEW);
	source_memory_free(&memory);
}

/* A kill between the making of the file and its first bytes, or a power cut. */
static void an_empty_or_torn_file_is_an_empty_memory(void **state)
{
	(void)state;
	static const size_t lengths[] = {0, 1, 8, 15};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		write_bytes("sources", "stn-src\0\xe8\3\0\0\0\0\0", lengths[i]);
		struct source_memory memory = load(1000, 5);
		note(&memory, 1, 3, FINGERPRINT_NEW);
		save(&memory);
		source_memory_free(&memory);
		memory = load(1000, 2);
		note(&memory, 1, 3, FINGERPRINT_KNOWN);
		source_memory_free(&memory);
	}
}

static void a_file_of_another_kind_is_refused_and_left_alone(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct source_memory memory;
	size_t length;
	write_text("sources", "198.51.100.7\n198.51.100.8\n");
	assert_int_equal(source_memory_load(&memory, "sources", 1000, 5, NULL, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "sources: not a memory of sources"));
	source_memory_free(&memory);
	char *content = read_bytes("sources", &length);
	assert_string_equal(content, "198.51.100.7\n198.51.100.8\n");
	free(content);
	failure = (struct failure){0};
	assert_int_equal(source_memory_load(&memory, ".", 1000, 5, NULL, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	source_memory_free(&memory);
}

static void a_full_memory_says_so_and_knows_what_it_holds(void **state)
{
	(void)state;
	struct source_memory memory = load(1000, 0);
	note(&memory, 1, SOURCE_MEMORY_MAX + 1, FINGERPRINT_NEW);
	note(&memory, SOURCE_MEMORY_MAX + 1, SOURCE_MEMORY_MAX + 10, FINGERPRINT_FULL);
	note(&memory, 1, 10, FINGERPRINT_KNOWN);
	save(&memory);
	source_memory_free(&memory);
	memory = load(1000, SOURCE_MEMORY_MAX);
	note(&memory, 1, SOURCE_MEMORY_MAX + 1, FINGERPRINT_KNOWN);
	note(&memory, SOURCE_MEMORY_MAX + 1, SOURCE_MEMORY_MAX + 2, FINGERPRINT_FULL);
	source_memory_free(&memory);
}

static void memories_share_what_is_left_and_still_know_what_they_know(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct source_memory one, other;
	size_t left = 4;
	assert_int_equal(source_memory_load(&one, "one", 0, 0, &left, &failure), 0);
	assert_int_equal(source_memory_load(&other, "other", 0, 0, &left, &failure), 0);
	assert_int_equal(source_memory_note(&one, 1), FINGERPRINT_NEW);
	assert_int_equal(source_memory_note(&one, 2), FINGERPRINT_NEW);
	/* It leaves as much to the other as it has. */
	assert_int_equal(source_memory_note(&one, 3), FINGERPRINT_FULL);
	assert_int_equal(source_memory_note(&one, 2), FINGERPRINT_KNOWN);
	assert_int_equal(source_memory_note(&other, 1), FINGERPRINT_NEW);
	assert_int_equal(source_memory_note(&other, 2), FINGERPRINT_FULL);
	assert_int_equal(source_memory_note(&other, 1), FINGERPRINT_KNOWN);
	source_memory_free(&one); /* gives its two back */
	assert_int_equal(left, 3);
	assert_int_equal(source_memory_note(&other, 2), FINGERPRINT_NEW);
	source_memory_free(&other);
	assert_int_equal(left, 4);
}

static void an_agents_entries_are_in_the_file_as_they_come(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct source_memory memory, after;
	assert_int_equal(source_memory_load(&memory, "sources", 0, 0, NULL, &failure), 0);
	source_memory_write_at_once(&memory, "sources");
	for (uint64_t i = 1; i <= 5; i++)
		assert_int_equal(source_memory_note(&memory, i * 1000003), FINGERPRINT_NEW);
	/* A process that was killed had counted four of them. */
	assert_int_equal(source_memory_load(&after, "sources", 0, 4, NULL, &failure), 0);
	source_memory_write_at_once(&after, "sources");
	assert_int_equal(source_memory_note(&after, 4 * 1000003), FINGERPRINT_KNOWN);
	assert_int_equal(source_memory_note(&after, 5 * 1000003), FINGERPRINT_NEW);
	source_memory_free(&memory);
	source_memory_free(&after);
	assert_int_equal(source_memory_load(&after, "sources", 0, 9, NULL, &failure), 0);
	assert_int_equal(after.set.entries, 5);
	source_memory_free(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(sources_are_known_again_after_a_restart),
		in_workspace(what_a_dead_run_wrote_beyond_the_ledger_is_forgotten),
		in_workspace(another_retirement_begins_with_an_empty_memory),
		in_workspace(a_file_shorter_than_the_ledger_says_is_read_as_far_as_it_goes),
		in_workspace(an_empty_or_torn_file_is_an_empty_memory),
		in_workspace(a_file_of_another_kind_is_refused_and_left_alone),
		in_workspace(a_full_memory_says_so_and_knows_what_it_holds),
		in_workspace(memories_share_what_is_left_and_still_know_what_they_know),
		in_workspace(an_agents_entries_are_in_the_file_as_they_come),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
