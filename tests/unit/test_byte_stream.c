/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/byte_stream.h"

#include "octets.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

/* Hard to compress, so that it is longer than a block in every form. */
#define CONTENT_LENGTH 300000
#define CAPACITY       400000

static uint8_t *content(void)
{
	uint8_t *bytes = malloc(CONTENT_LENGTH);
	uint64_t random = 1;
	for (size_t i = 0; i < CONTENT_LENGTH; i++)
		bytes[i] = (uint8_t)(next_number(&random) % 200);
	return bytes;
}

static void write_gzip(const char *path, const char *mode, const void *bytes, unsigned length)
{
	gzFile file = gzopen(path, mode);
	assert_non_null(file);
	assert_int_equal(gzwrite(file, bytes, length), (int)length);
	assert_int_equal(gzclose(file), Z_OK);
}

static size_t zstandard(const void *bytes, size_t length, uint8_t **compressed)
{
	size_t bound = ZSTD_compressBound(length);
	*compressed = malloc(bound);
	size_t size = ZSTD_compress(*compressed, bound, bytes, length, 3);
	assert_false(ZSTD_isError(size));
	return size;
}

/* Reads everything in pieces of that size; *error is -1 when it ended with a failure. */
static uint8_t *drain(const char *path, size_t piece, size_t *length, struct failure *failure)
{
	struct byte_stream *stream;
	if (byte_stream_open(&stream, path, failure) != 0) {
		assert_null(stream);
		return NULL;
	}
	uint8_t *bytes = malloc(CAPACITY), *buffer = malloc(piece);
	*length = 0;
	ssize_t got;
	while ((got = byte_stream_read(stream, buffer, piece, failure)) > 0) {
		assert_true((size_t)got <= piece);
		assert_true(*length + (size_t)got <= CAPACITY);
		memcpy(bytes + *length, buffer, (size_t)got);
		*length += (size_t)got;
	}
	assert_int_equal(got < 0, failure->status != EXIT_DONE);
	if (got == 0) /* the end stays the end */
		assert_int_equal(byte_stream_read(stream, buffer, piece, failure), 0);
	byte_stream_close(stream);
	free(buffer);
	return bytes;
}

static void assert_stream(const char *path, const uint8_t *expected, size_t expected_length)
{
	static const size_t pieces[] = {1000, 4096, 65536, 1000000};
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct failure failure = {0};
		size_t length;
		uint8_t *bytes = drain(path, pieces[i], &length, &failure);
		if (failure.status != EXIT_DONE)
			fail_msg("%s", failure.text);
		assert_int_equal(length, expected_length);
		assert_memory_equal(bytes, expected, length);
		free(bytes);
	}
}

static void plain_gzip_and_zstandard_give_the_same_bytes(void **state)
{
	(void)state;
	uint8_t *bytes = content(), *compressed;
	write_bytes("plain", bytes, CONTENT_LENGTH);
	write_gzip("gzip", "wb", bytes, CONTENT_LENGTH);
	size_t size = zstandard(bytes, CONTENT_LENGTH, &compressed);
	write_bytes("zstandard", compressed, size);
	assert_stream("plain", bytes, CONTENT_LENGTH);
	assert_stream("gzip", bytes, CONTENT_LENGTH);
	assert_stream("zstandard", bytes, CONTENT_LENGTH);
	free(compressed);
	free(bytes);
}

static void several_members_are_one_stream(void **state)
{
	(void)state;
	uint8_t *bytes = content(), *compressed;
	write_gzip("gzip", "wb", bytes, 100000);
	write_gzip("gzip", "ab", bytes + 100000, 1);
	write_gzip("gzip", "ab", bytes + 100001, 0);
	write_gzip("gzip", "ab", bytes + 100001, CONTENT_LENGTH - 100001);
	assert_stream("gzip", bytes, CONTENT_LENGTH);
	FILE *stream = fopen("zstandard", "w");
	static const size_t parts[] = {0, 100000, 100001, 100001, CONTENT_LENGTH};
	for (size_t i = 0; i + 1 < sizeof parts / sizeof parts[0]; i++) {
		size_t size = zstandard(bytes + parts[i], parts[i + 1] - parts[i], &compressed);
		assert_int_equal(fwrite(compressed, 1, size, stream), size);
		free(compressed);
	}
	fclose(stream);
	assert_stream("zstandard", bytes, CONTENT_LENGTH);
	free(bytes);
}

static void short_files_and_empty_contents_are_streams_too(void **state)
{
	(void)state;
	uint8_t *compressed;
	for (size_t length = 0; length < 6; length++) {
		write_bytes("short", "abcdef", length);
		assert_stream("short", (const uint8_t *)"abcdef", length);
	}
	write_gzip("gzip", "wb", "", 0);
	assert_stream("gzip", (const uint8_t *)"", 0);
	size_t size = zstandard("", 0, &compressed);
	write_bytes("zstandard", compressed, size);
	assert_stream("zstandard", (const uint8_t *)"", 0);
	free(compressed);
}

/* Cut anywhere: what comes out is a beginning of the content, and then a failure. */
static void a_stream_cut_anywhere_gives_its_good_bytes_and_then_fails(void **state)
{
	(void)state;
	enum { LENGTH = 700 };
	uint8_t *bytes = content(), *compressed;
	size_t size = zstandard(bytes, LENGTH, &compressed), gzip_size;
	write_gzip("gzip", "wb", bytes, LENGTH);
	uint8_t *gzip = (uint8_t *)read_bytes("gzip", &gzip_size);
	for (int zstd = 0; zstd < 2; zstd++)
		for (size_t cut = 4; cut < (zstd ? size : gzip_size); cut++) {
			struct failure failure = {0};
			size_t length;
			write_bytes("cut", zstd ? compressed : gzip, cut);
			uint8_t *got = drain("cut", 512, &length, &failure);
			assert_int_equal(failure.status, EXIT_FAILED);
			assert_non_null(strstr(failure.text, "cut: "));
			assert_non_null(strstr(failure.text, "cut off"));
			assert_true(length <= LENGTH);
			assert_memory_equal(got, bytes, length);
			free(got);
		}
	free(gzip);
	free(compressed);
	free(bytes);
}

static void damaged_data_fails_and_does_not_hang(void **state)
{
	(void)state;
	uint8_t *bytes = content(), *compressed;
	size_t size = zstandard(bytes, 20000, &compressed), gzip_size;
	write_gzip("gzip", "wb", bytes, 20000);
	uint8_t *gzip = (uint8_t *)read_bytes("gzip", &gzip_size);
	uint64_t random = 4;
	for (int round = 0; round < 400; round++) {
		struct failure failure = {0};
		bool zstd = round % 2;
		uint8_t *from = zstd ? compressed : gzip;
		size_t from_size = zstd ? size : gzip_size, length;
		size_t at = 4 + next_number(&random) % (from_size - 4);
		from[at] ^= 0x40;
		write_bytes("damaged", from, from_size);
		from[at] ^= 0x40;
		free(drain("damaged", 4096, &length, &failure));
		assert_true(length <= CAPACITY);
	}
	/* In the middle of the compressed data, not in a header that nobody reads. */
	struct failure failure = {0};
	size_t length;
	gzip[gzip_size / 2] ^= 0x40;
	write_bytes("damaged", gzip, gzip_size);
	free(drain("damaged", 4096, &length, &failure));
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "damaged: damaged gzip data"));
	free(gzip);
	free(compressed);
	free(bytes);
}

static void what_cannot_be_opened_is_told(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct byte_stream *stream;
	assert_int_equal(byte_stream_open(&stream, "absent", &failure), -1);
	assert_non_null(strstr(failure.text, "absent: cannot open it: No such file"));
	failure = (struct failure){0};
	assert_int_equal(byte_stream_open(&stream, ".", &failure), -1);
	assert_non_null(strstr(failure.text, ".: a directory"));
	assert_null(stream);
	byte_stream_close(NULL);
}

/* A pipe hands its bytes on as the writer gave them, here one by one at first. */
static void standard_input_may_be_a_pipe_that_begins_slowly(void **state)
{
	(void)state;
	uint8_t *bytes = content();
	int ends[2], kept = dup(0);
	write_gzip("gzip", "wb", bytes, CONTENT_LENGTH);
	assert_int_equal(pipe(ends), 0);
	pid_t writer = fork();
	if (writer == 0) {
		size_t size;
		char *gzip = read_bytes("gzip", &size);
		close(ends[0]);
		for (size_t i = 0; i < 10; i++)
			if (write(ends[1], gzip + i, 1) != 1 || usleep(1000) != 0)
				_exit(1);
		for (size_t at = 10; at < size;) {
			ssize_t written = write(ends[1], gzip + at, size - at);
			if (written < 0)
				_exit(1);
			at += (size_t)written;
		}
		free(gzip);
		free(bytes);
		_exit(0);
	}
	close(ends[1]);
	dup2(ends[0], 0);
	close(ends[0]);
	struct failure failure = {0};
	struct byte_stream *stream;
	assert_int_equal(byte_stream_open(&stream, "-", &failure), 0);
	assert_int_equal(byte_stream_size(stream), 0);
	uint8_t *got = malloc(CONTENT_LENGTH + 1);
	size_t length = 0;
	ssize_t piece;
	while ((piece = byte_stream_read(stream, got + length, CONTENT_LENGTH + 1 - length,
					 &failure)) > 0)
		length += (size_t)piece;
	assert_int_equal(piece, 0);
	assert_int_equal(length, CONTENT_LENGTH);
	assert_memory_equal(got, bytes, length);
	byte_stream_close(stream);
	dup2(kept, 0);
	close(kept);
	int status;
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
	free(got);
	free(bytes);
}

static void what_was_read_is_told_for_progress(void **state)
{
	(void)state;
	uint8_t *bytes = content(), buffer[4096];
	struct failure failure = {0};
	struct byte_stream *stream;
	struct stat status;
	write_gzip("gzip", "wb", bytes, CONTENT_LENGTH);
	stat("gzip", &status);
	assert_int_equal(byte_stream_open(&stream, "gzip", &failure), 0);
	assert_int_equal(byte_stream_size(stream), status.st_size);
	uint64_t before = byte_stream_consumed(stream);
	while (byte_stream_read(stream, buffer, sizeof buffer, &failure) > 0) {
		assert_true(byte_stream_consumed(stream) >= before);
		before = byte_stream_consumed(stream);
	}
	assert_int_equal(before, status.st_size);
	byte_stream_close(stream);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(plain_gzip_and_zstandard_give_the_same_bytes),
		in_workspace(several_members_are_one_stream),
		in_workspace(short_files_and_empty_contents_are_streams_too),
		in_workspace(a_stream_cut_anywhere_gives_its_good_bytes_and_then_fails),
		in_workspace(damaged_data_fails_and_does_not_hang),
		in_workspace(what_cannot_be_opened_is_told),
		in_workspace(standard_input_may_be_a_pipe_that_begins_slowly),
		in_workspace(what_was_read_is_told_for_progress),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
