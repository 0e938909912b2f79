/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/capture_set.h"

#include "captures.h"
#include "workspace.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#define START 1203465600u

static const uint8_t payload[60] = "payload";

/* A capture with packets at these seconds after START, link type Ethernet. */
static void write_capture(const char *path, const uint32_t *seconds, size_t packets)
{
	struct octets file = {.little = true};
	put_pcap_header(&file, PCAP_MICROSECONDS, 1);
	for (size_t i = 0; i < packets; i++)
		put_pcap_record(&file, PCAP_MICROSECONDS, START + seconds[i], 0, payload, 60);
	write_bytes(path, file.bytes, file.length);
}

#define CAPTURE(path, ...)                                                                         \
	write_capture(path, (const uint32_t[]){__VA_ARGS__},                                       \
		      sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static struct capture_set *opened(char *const *paths, size_t count)
{
	struct failure failure = {0};
	struct capture_set *set;
	if (capture_set_open(&set, paths, count, &failure) != 0)
		fail_msg("%s", failure.text);
	return set;
}

/* The whole stream as words: "a10 a20! b30", second and file, '!' after a gap; "(...)" for a
 * failure. */
static char *stream(struct capture_set *set, char text[512])
{
	size_t used = 0;
	text[0] = '\0';
	for (;;) {
		struct failure failure = {0};
		struct capture_set_packet packet;
		switch (capture_set_next(set, &packet, &failure)) {
		case CAPTURE_END:
			return text;
		case CAPTURE_FAILED:
			used += (size_t)snprintf(text + used, 512 - used, "%s(%s)", used ? " " : "",
						 failure.text);
			break;
		case CAPTURE_PACKET:
			used += (size_t)snprintf(text + used, 512 - used, "%s%s%" PRId64 "%s",
						 used ? " " : "", packet.file,
						 packet.packet->time_us / 1000000 - START,
						 packet.after_gap ? "!" : "");
			assert_memory_equal(packet.packet->bytes, payload, 60);
		}
		assert_true(used < 500);
	}
}

#define PATHS(...) ((char *[]){__VA_ARGS__})

static void pieces_come_in_the_order_of_time_however_they_are_named(void **state)
{
	(void)state;
	char text[512];
	CAPTURE("a", 10, 20, 30);
	CAPTURE("b", 40, 50);
	CAPTURE("c", 60);
	static char *const orders[][3] = {{"a", "b", "c"}, {"c", "b", "a"}, {"b", "c", "a"}};
	for (size_t i = 0; i < 3; i++) {
		struct capture_set *set = opened(orders[i], 3);
		assert_string_equal(stream(set, text), "a10! a20 a30 b40! b50 c60!");
		assert_int_equal(capture_set_consumed(set), capture_set_size(set));
		capture_set_close(set);
	}
}

static void captures_side_by_side_are_merged_without_gaps(void **state)
{
	(void)state;
	char text[512];
	CAPTURE("a", 10, 30, 50, 90);
	CAPTURE("b", 20, 30, 40);
	CAPTURE("c", 50, 95);
	CAPTURE("d", 200, 210);
	struct capture_set *set = opened(PATHS("d", "c", "b", "a"), 4);
	stream(set, text);
	/* Equal times may come in either order; the times themselves never go back. */
	int64_t before = -1;
	int packets = 0;
	char *rest = text;
	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " "), packets++) {
		int64_t second = strtoll(word + 1, NULL, 10);
		assert_true(second >= before);
		before = second;
		assert_int_equal(strchr(word, '!') != NULL, second == 10 || second == 200);
	}
	assert_int_equal(packets, 11);
	capture_set_close(set);
}

static void a_piece_that_begins_where_the_last_one_ended_leaves_no_gap(void **state)
{
	(void)state;
	char text[512];
	CAPTURE("a", 10, 20);
	CAPTURE("b", 20, 30);
	CAPTURE("c", 31);
	struct capture_set *set = opened(PATHS("b", "c", "a"), 3);
	assert_string_equal(stream(set, text), "a10! a20 b20 b30 c31!");
	capture_set_close(set);
}

static void a_copy_or_a_second_naming_is_read_once(void **state)
{
	(void)state;
	char text[512];
	CAPTURE("a", 10, 20);
	CAPTURE("copy", 10, 20);
	CAPTURE("other", 10, 21); /* of the same size */
	assert_int_equal(symlink("a", "link"), 0);
	struct capture_set *set = opened(PATHS("a", "copy", "a", "./a", "link", "other"), 6);
	assert_int_equal(capture_set_copies(set), 4);
	assert_string_equal(stream(set, text), "a10! other10 a20 other21");
	capture_set_close(set);
}

static void a_capture_without_packets_adds_nothing(void **state)
{
	(void)state;
	char text[512];
	write_capture("empty", NULL, 0);
	CAPTURE("a", 10);
	struct capture_set *set = opened(PATHS("empty", "a"), 2);
	assert_string_equal(stream(set, text), "a10!");
	capture_set_close(set);
	set = opened(PATHS("empty"), 1);
	assert_string_equal(stream(set, text), "");
	capture_set_close(set);
}

static void a_file_that_is_cut_off_ends_alone_and_the_others_go_on(void **state)
{
	(void)state;
	char text[512];
	CAPTURE("a", 10, 20, 30);
	CAPTURE("b", 15, 40);
	CAPTURE("c", 50);
	assert_int_equal(truncate("a", 24 + 76 + 76 + 30), 0);
	struct capture_set *set = opened(PATHS("a", "b", "c"), 3);
	assert_string_equal(
		stream(set, text),
		"a10! b15 a20 (a: cut off inside packet 3: the 2 before it are whole) b40 c50!");
	capture_set_close(set);
}

static void nothing_is_opened_when_one_of_them_is_no_capture(void **state)
{
	(void)state;
	struct octets unknown = {.little = true}, simple = {.little = true};
	CAPTURE("a", 10);
	CAPTURE("cut", 10);
	assert_int_equal(truncate("cut", 30), 0);
	write_text("text", "not a capture");
	put_pcap_header(&unknown, PCAP_MICROSECONDS, 147);
	put_pcap_record(&unknown, PCAP_MICROSECONDS, START, 0, payload, 60);
	write_bytes("unknown", unknown.bytes, unknown.length);
	put_section(&simple);
	put_interface(&simple, 1, -1, 0);
	put_simple(&simple, payload, 60);
	write_bytes("simple", simple.bytes, simple.length);
	static const struct {
		char *path;
		const char *said;
	} cases[] = {
		{"absent", "absent: cannot open it"},
		{"text", "text: not a capture file"},
		{"cut", "cut: cut off inside packet 1"},
		{"unknown", "unknown: link type 147 is unknown"},
		{"simple", "simple: its packets carry no time"},
		{".", ".: a directory"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct failure failure = {0};
		struct capture_set *set;
		assert_int_equal(capture_set_open(&set, PATHS("a", cases[i].path), 2, &failure),
				 -1);
		assert_null(set);
		assert_int_equal(failure.status, EXIT_FAILED);
		if (!strstr(failure.text, cases[i].said))
			fail_msg("%s", failure.text);
	}
}

static void a_packet_without_a_time_has_that_of_the_one_before_it(void **state)
{
	(void)state;
	char text[512];
	struct octets file = {.little = true};
	put_section(&file);
	put_interface(&file, 1, 0, 0);
	put_enhanced(&file, 0, START + 10, payload, 60);
	put_simple(&file, payload, 60);
	put_enhanced(&file, 0, START + 20, payload, 60);
	put_simple(&file, payload, 60);
	write_bytes("a", file.bytes, file.length);
	CAPTURE("b", 15);
	struct capture_set *set = opened(PATHS("b", "a"), 2);
	assert_string_equal(stream(set, text), "a10! a10 b15 a20 a20");
	capture_set_close(set);
}

static void standard_input_may_be_a_file_with_others_beside_it(void **state)
{
	(void)state;
	char text[512];
	CAPTURE("a", 10, 20);
	CAPTURE("b", 30);
	int kept = dup(0), file = open("a", O_RDONLY);
	dup2(file, 0);
	close(file);
	struct capture_set *set = opened(PATHS("b", "-"), 2);
	assert_string_equal(stream(set, text), "standard input10! standard input20 b30!");
	capture_set_close(set);
	dup2(kept, 0);
	close(kept);
}

/* What "import <(zcat ...)" names: it can be read once and only forwards. */
static void a_named_pipe_is_read_once(void **state)
{
	(void)state;
	char text[512];
	CAPTURE("a", 10, 20);
	CAPTURE("b", 30);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	pid_t writer = fork();
	if (writer == 0) {
		size_t length;
		char *bytes = read_bytes("a", &length);
		alarm(20);
		int pipe = open("pipe", O_WRONLY);
		ssize_t written = write(pipe, bytes, length);
		free(bytes);
		_exit(written == (ssize_t)length ? 0 : 1);
	}
	alarm(20); /* a second opening would wait for a second writer */
	struct capture_set *set = opened(PATHS("b", "pipe"), 2);
	assert_int_equal(capture_set_size(set), 0);
	assert_string_equal(stream(set, text), "pipe10! pipe20 b30!");
	alarm(0);
	capture_set_close(set);
	int status;
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
}

static void a_year_of_files_needs_the_descriptors_of_one(void **state)
{
	(void)state;
	enum { FILES = 365 };
	static char names[FILES][16];
	static char *paths[FILES];
	for (size_t i = 0; i < FILES; i++) {
		size_t number = i * 7 % FILES;
		uint32_t seconds[20];
		for (uint32_t j = 0; j < 20; j++)
			seconds[j] = (uint32_t)number * 100 + j * 100 / 19;
		snprintf(names[i], sizeof names[i], "f%zu", number);
		paths[i] = names[i];
		write_capture(names[i], seconds + number % 19, 20 - number % 19);
	}
	struct rlimit before, limit;
	getrlimit(RLIMIT_NOFILE, &before);
	limit = before;
	limit.rlim_cur = 20;
	setrlimit(RLIMIT_NOFILE, &limit);
	struct capture_set *set = opened(paths, FILES);
	struct capture_set_packet packet;
	struct failure failure = {0};
	int64_t last_us = 0;
	size_t packets = 0, gaps = 0, expected = 0;
	for (; capture_set_next(set, &packet, &failure) == CAPTURE_PACKET; packets++) {
		assert_true(packet.packet->time_us >= last_us);
		last_us = packet.packet->time_us;
		gaps += packet.after_gap;
	}
	setrlimit(RLIMIT_NOFILE, &before);
	for (size_t i = 0; i < FILES; i++)
		expected += 20 - i % 19;
	assert_int_equal(packets, expected);
	/* Only the files that begin at a full hundred begin where the one before them ended. */
	assert_int_equal(gaps, 1 + FILES - 1 - (FILES - 1) / 19);
	assert_int_equal(failure.status, EXIT_DONE);
	capture_set_close(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(pieces_come_in_the_order_of_time_however_they_are_named),
		in_workspace(captures_side_by_side_are_merged_without_gaps),
		in_workspace(a_piece_that_begins_where_the_last_one_ended_leaves_no_gap),
		in_workspace(a_copy_or_a_second_naming_is_read_once),
		in_workspace(a_capture_without_packets_adds_nothing),
		in_workspace(a_file_that_is_cut_off_ends_alone_and_the_others_go_on),
		in_workspace(nothing_is_opened_when_one_of_them_is_no_capture),
		in_workspace(a_packet_without_a_time_has_that_of_the_one_before_it),
		in_workspace(standard_input_may_be_a_file_with_others_beside_it),
		in_workspace(a_named_pipe_is_read_once),
		in_workspace(a_year_of_files_needs_the_descriptors_of_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
