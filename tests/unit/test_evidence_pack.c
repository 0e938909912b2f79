/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was packed is read back with libzstd's stream, and by the product as a capture. */
#include "../../observer/store/evidence.h"
#include "../../observer/store/evidence_pack.h"

#include "../../observer/capture_file.h"
#include "workspace.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <zstd.h>

#include <cmocka.h>

#include "octets.h"

#define DAY	INT64_C(86400)
#define START	INT64_C(1203465600) /* 2008-02-20 */
#define OVER	(START + DAY + EVIDENCE_GRACE)
#define FILE_	"evidence/2008-02-20.pcap"
#define PACKETS 40000 /* some 3 MB: several frames */

static struct evidence_packer *packer;

/* Packets that compress as SYNs do: much is the same, some of it is not. */
static void write_day(int64_t start, unsigned packets, unsigned first)
{
	struct failure failure = {0};
	struct evidence evidence;
	uint64_t random = first + 1;
	assert_int_equal(evidence_open(&evidence, "evidence", 1 << 30, NULL, NULL, NULL, &failure),
			 0);
	for (unsigned i = 0; i < packets; i++) {
		uint8_t packet[60] = {0x45};
		uint64_t number = next_number(&random);
		memcpy(packet + 12, &number, 8);
		memcpy(packet + 24, &i, 4);
		assert_int_equal(evidence_write(&evidence, evidence_day_of(start * 1000000),
						start * 1000000 + i, packet,
						(uint32_t)(40 + i % 21), 60, &failure),
				 EVIDENCE_KEPT);
	}
	assert_int_equal(evidence_close(&evidence, &failure), 0);
}

static int step(int64_t now)
{
	struct failure failure = {0};
	int result = evidence_pack_step(packer, "evidence", now, &failure);
	if (result < 0)
		fail_msg("%s", failure.text);
	return result;
}

static unsigned steps_until_done(int64_t now)
{
	unsigned steps = 1;
	while (step(now))
		steps++;
	return steps;
}

/* The content that libzstd reads out of a file of any number of frames. */
static char *unpacked(const char *path, size_t *length)
{
	size_t packed_length;
	char *packed = read_bytes(path, &packed_length);
	if (!packed)
		fail_msg("%s is absent", path);
	char *content = malloc(8 << 20);
	ZSTD_DStream *stream = ZSTD_createDStream();
	ZSTD_inBuffer in = {packed, packed_length, 0};
	ZSTD_outBuffer out = {content, 8 << 20, 0};
	size_t left = 0;
	while (in.pos < in.size) {
		left = ZSTD_decompressStream(stream, &out, &in);
		assert_false(ZSTD_isError(left));
	}
	assert_int_equal(left, 0);
	ZSTD_freeDStream(stream);
	free(packed);
	*length = out.pos;
	return content;
}

static void assert_unpacks_to(const char *path, const char *expected, size_t expected_length)
{
	size_t length;
	char *content = unpacked(path, &length);
	assert_int_equal(length, expected_length);
	assert_memory_equal(content, expected, length);
	free(content);
}

static void a_day_that_is_over_is_packed_in_small_steps(void **state)
{
	(void)state;
	size_t length, packed_length;
	write_day(START, PACKETS, 0);
	write_day(START + DAY, 3, 0);
	char *plain = read_bytes(FILE_, &length);
	packer = evidence_packer_begin();
	assert_int_equal(step(OVER - 1), 0);
	assert_int_equal(entries_of("evidence"), 2);
	assert_in_range(steps_until_done(OVER), length / EVIDENCE_PACK_STEP,
			length / EVIDENCE_PACK_STEP + 5);
	assert_int_equal(entries_of("evidence"), 2);
	assert_true(exists("evidence/2008-02-21.pcap"));
	assert_unpacks_to(FILE_ ".zst", plain, length);
	free(read_bytes(FILE_ ".zst", &packed_length));
	assert_true(packed_length < length / 2);
	free(plain);
	evidence_packer_end(packer);
}

static void what_is_packed_is_a_capture(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct capture_file *file;
	struct capture_packet packet;
	write_day(START, PACKETS, 0);
	packer = evidence_packer_begin();
	steps_until_done(OVER);
	evidence_packer_end(packer);
	assert_int_equal(capture_file_open(&file, FILE_ ".zst", &failure), 0);
	unsigned packets = 0;
	while (capture_file_next(file, &packet, &failure) == CAPTURE_PACKET)
		packets++;
	assert_int_equal(packets, PACKETS);
	assert_int_equal(failure.status, EXIT_DONE);
	capture_file_close(file);
}

/* Killed at any step, also by a step that was not finished, and begun anew. */
static void a_packer_that_is_killed_goes_on_where_it_was(void **state)
{
	(void)state;
	size_t length;
	write_day(START, PACKETS, 0);
	char *plain = read_bytes(FILE_, &length);
	volatile uint64_t *steps = mmap(NULL, sizeof *steps, PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(steps != MAP_FAILED);
	uint64_t random = 3;
	unsigned kills = 0;
	while (exists(FILE_) || exists(FILE_ ".packed")) {
		pid_t child = fork();
		if (child == 0) {
			packer = evidence_packer_begin();
			/* Each process comes at least one frame further than the one before. */
			for (int i = 0; i < 4 + (int)kills; i++) {
				struct failure failure = {0};
				++*steps;
				if (evidence_pack_step(packer, "evidence", OVER, &failure) <= 0)
					_exit(0);
			}
			raise(SIGKILL);
		}
		usleep((useconds_t)(next_number(&random) % 8000));
		if (next_number(&random) % 2)
			kill(child, SIGKILL);
		int status;
		waitpid(child, &status, 0);
		kills += WIFSIGNALED(status);
		assert_true(kills < 200);
	}
	assert_true(kills > 1);
	assert_unpacks_to(FILE_ ".zst", plain, length);
	assert_int_equal(entries_of("evidence"), 1);
	free(plain);
	munmap((void *)(uintptr_t)steps, sizeof *steps);
}

static void every_moment_of_the_renaming_may_be_the_last(void **state)
{
	(void)state;
	size_t length, packed_length;
	write_day(START, 100, 0);
	char *plain = read_bytes(FILE_, &length);
	packer = evidence_packer_begin();
	steps_until_done(OVER);
	char *packed = read_bytes(FILE_ ".zst", &packed_length);
	/* The old file has its other name; the new one has not its own yet. */
	write_bytes(FILE_ ".packed", plain, length);
	assert_int_equal(rename(FILE_ ".zst", FILE_ ".zst.new"), 0);
	steps_until_done(OVER);
	assert_int_equal(entries_of("evidence"), 1);
	assert_unpacks_to(FILE_ ".zst", plain, length);
	/* The new one has it; the old file is still there. */
	write_bytes(FILE_ ".packed", plain, length);
	steps_until_done(OVER);
	assert_int_equal(entries_of("evidence"), 1);
	assert_unpacks_to(FILE_ ".zst", plain, length);
	free(plain);
	free(packed);
	evidence_packer_end(packer);
}

static void a_second_file_of_the_day_gets_a_name_of_its_own(void **state)
{
	(void)state;
	size_t first_length, second_length;
	packer = evidence_packer_begin();
	write_day(START, 100, 0);
	char *first = read_bytes(FILE_, &first_length);
	steps_until_done(OVER);
	write_day(START, 50, 1000);
	char *second = read_bytes(FILE_, &second_length);
	steps_until_done(OVER);
	assert_unpacks_to(FILE_ ".zst", first, first_length);
	assert_unpacks_to("evidence/2008-02-20.1.pcap.zst", second, second_length);
	assert_int_equal(entries_of("evidence"), 2);
	free(first);
	free(second);
	evidence_packer_end(packer);
}

static void a_torn_end_is_not_packed_and_other_files_are_left_alone(void **state)
{
	(void)state;
	size_t length;
	write_day(START, 100, 0);
	char *plain = read_bytes(FILE_, &length);
	FILE *stream = fopen(FILE_, "a");
	fwrite(plain + 24, 1, 50, stream);
	fclose(stream);
	write_text("evidence/2008-02-19.pcap", "a diary");
	write_text("evidence/notes.pcap", "more of it");
	packer = evidence_packer_begin();
	steps_until_done(OVER);
	assert_unpacks_to(FILE_ ".zst", plain, length);
	assert_int_equal(entries_of("evidence"), 3);
	struct failure failure = {0};
	assert_int_equal(evidence_pack_step(packer, "absent", OVER, &failure), 0);
	free(plain);
	evidence_packer_end(packer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_day_that_is_over_is_packed_in_small_steps),
		in_workspace(what_is_packed_is_a_capture),
		in_workspace(a_packer_that_is_killed_goes_on_where_it_was),
		in_workspace(every_moment_of_the_renaming_may_be_the_last),
		in_workspace(a_second_file_of_the_day_gets_a_name_of_its_own),
		in_workspace(a_torn_end_is_not_packed_and_other_files_are_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
