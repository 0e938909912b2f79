/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "byte_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define INPUT_SIZE 65536

enum compression { COMPRESSION_NONE, COMPRESSION_GZIP, COMPRESSION_ZSTANDARD };

struct byte_stream {
	int descriptor;
	char path[4096];
	enum compression compression;
	bool input_ended; /* the file has no more bytes */
	bool frame_open;  /* inside a compressed member: an end here is a cut */
	bool regular;
	int64_t modified; /* of a regular file, UTC seconds */
	uint64_t consumed, size;
	size_t ahead_used, ahead_length; /* of ahead[] */
	uint8_t ahead[BYTE_STREAM_PEEK]; /* seen by byte_stream_peek(), not yet read */
	size_t input_used, input_length; /* of input[] */
	z_stream gzip;
	ZSTD_DStream *zstandard;
	uint8_t input[INPUT_SIZE];
};

static int fill_input(struct byte_stream *stream, struct failure *failure)
{
	if (stream->input_used < stream->input_length || stream->input_ended)
		return 0;
	ssize_t length;
	do {
		length = read(stream->descriptor, stream->input, INPUT_SIZE);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot read it: %s", stream->path,
			    strerror(errno));
	stream->input_used = 0;
	stream->input_length = (size_t)length;
	stream->consumed += (uint64_t)length;
	stream->input_ended = length == 0;
	return 0;
}

/* A pipe may deliver its first bytes one by one; the magic numbers need four. */
static int fill_magic(struct byte_stream *stream, struct failure *failure)
{
	while (stream->input_length < 4) {
		ssize_t length = read(stream->descriptor, stream->input + stream->input_length,
				      INPUT_SIZE - stream->input_length);
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return fail(failure, EXIT_FAILED, "%s: cannot read it: %s", stream->path,
				    strerror(errno));
		if (length == 0) {
			stream->input_ended = true;
			break;
		}
		stream->input_length += (size_t)length;
		stream->consumed += (uint64_t)length;
	}
	return 0;
}

static int begin_decompression(struct byte_stream *stream, struct failure *failure)
{
	static const uint8_t gzip_magic[2] = {0x1f, 0x8b};
	static const uint8_t zstandard_magic[4] = {0x28, 0xb5, 0x2f, 0xfd};

	if (stream->input_length >= 2 && memcmp(stream->input, gzip_magic, 2) == 0) {
		stream->compression = COMPRESSION_GZIP;
		if (inflateInit2(&stream->gzip, 15 + 16) != Z_OK)
			return fail(failure, EXIT_FAILED, "%s: out of memory", stream->path);
	} else if (stream->input_length >= 4 && memcmp(stream->input, zstandard_magic, 4) == 0) {
		stream->compression = COMPRESSION_ZSTANDARD;
		stream->zstandard = ZSTD_createDStream();
		if (!stream->zstandard)
			return fail(failure, EXIT_FAILED, "%s: out of memory", stream->path);
	}
	return 0;
}

int byte_stream_open(struct byte_stream **opened, const char *path, struct failure *failure)
{
	*opened = NULL;
	struct byte_stream *stream = calloc(1, sizeof *stream);
	if (!stream)
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	bool standard_input = strcmp(path, "-") == 0;
	snprintf(stream->path, sizeof stream->path, "%s", standard_input ? "standard input" : path);
	stream->descriptor = standard_input ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (stream->descriptor < 0) {
		fail(failure, EXIT_FAILED, "%s: cannot open it: %s", stream->path, strerror(errno));
	} else if (fstat(stream->descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
		fail(failure, EXIT_FAILED, "%s: a directory, not a file", stream->path);
	} else {
		stream->regular = S_ISREG(status.st_mode);
		stream->size = stream->regular ? (uint64_t)status.st_size : 0;
		stream->modified = status.st_mtim.tv_sec;
		posix_fadvise(stream->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
		if (fill_magic(stream, failure) == 0 && begin_decompression(stream, failure) == 0) {
			*opened = stream;
			return 0;
		}
	}
	byte_stream_close(stream);
	return -1;
}

static ssize_t read_plain(struct byte_stream *stream, uint8_t *buffer, size_t size,
			  struct failure *failure)
{
	size_t held = stream->input_length - stream->input_used;
	if (held) {
		size_t taken = held < size ? held : size;
		memcpy(buffer, stream->input + stream->input_used, taken);
		stream->input_used += taken;
		return (ssize_t)taken;
	}
	ssize_t length;
	do {
		length = read(stream->descriptor, buffer, size);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot read it: %s", stream->path,
			    strerror(errno));
	stream->consumed += (uint64_t)length;
	return length;
}

static ssize_t read_gzip(struct byte_stream *stream, uint8_t *buffer, size_t size,
			 struct failure *failure)
{
	z_stream *gzip = &stream->gzip;
	gzip->next_out = buffer;
	gzip->avail_out = (uInt)size;
	while (gzip->avail_out == size) {
		if (fill_input(stream, failure) != 0)
			return -1;
		if (stream->input_used == stream->input_length)
			return stream->frame_open
				       ? fail(failure, EXIT_FAILED,
					      "%s: the gzip stream is cut off", stream->path)
				       : 0;
		gzip->next_in = stream->input + stream->input_used;
		gzip->avail_in = (uInt)(stream->input_length - stream->input_used);
		stream->frame_open = true;
		int result = inflate(gzip, Z_NO_FLUSH);
		stream->input_used = stream->input_length - gzip->avail_in;
		if (result == Z_STREAM_END) { /* another member may follow (RFC 1952, 2.2) */
			stream->frame_open = false;
			inflateReset(gzip);
		} else if (result != Z_OK && result != Z_BUF_ERROR) {
			return fail(failure, EXIT_FAILED, "%s: damaged gzip data: %s", stream->path,
				    gzip->msg ? gzip->msg : "unknown");
		}
	}
	return (ssize_t)(size - gzip->avail_out);
}

static ssize_t read_zstandard(struct byte_stream *stream, uint8_t *buffer, size_t size,
			      struct failure *failure)
{
	ZSTD_outBuffer output = {buffer, size, 0};
	while (output.pos == 0) {
		if (fill_input(stream, failure) != 0)
			return -1;
		bool ended = stream->input_used == stream->input_length;
		if (ended && !stream->frame_open)
			return 0;
		ZSTD_inBuffer input = {stream->input, stream->input_length, stream->input_used};
		size_t result = ZSTD_decompressStream(stream->zstandard, &output, &input);
		stream->input_used = input.pos;
		if (ZSTD_isError(result))
			return fail(failure, EXIT_FAILED, "%s: damaged zstd data: %s", stream->path,
				    ZSTD_getErrorName(result));
		stream->frame_open = result != 0;
		if (ended && output.pos == 0 && stream->frame_open)
			return fail(failure, EXIT_FAILED, "%s: the zstd stream is cut off",
				    stream->path);
	}
	return (ssize_t)output.pos;
}

static ssize_t read_on(struct byte_stream *stream, uint8_t *buffer, size_t size,
		       struct failure *failure)
{
	switch (stream->compression) {
	case COMPRESSION_GZIP:
		return read_gzip(stream, buffer, size, failure);
	case COMPRESSION_ZSTANDARD:
		return read_zstandard(stream, buffer, size, failure);
	case COMPRESSION_NONE:
		break;
	}
	return read_plain(stream, buffer, size, failure);
}

ssize_t byte_stream_read(struct byte_stream *stream, uint8_t *buffer, size_t size,
			 struct failure *failure)
{
	size_t held = stream->ahead_length - stream->ahead_used;
	if (held == 0)
		return read_on(stream, buffer, size, failure);
	size_t taken = held < size ? held : size;
	memcpy(buffer, stream->ahead + stream->ahead_used, taken);
	stream->ahead_used += taken;
	return (ssize_t)taken;
}

ssize_t byte_stream_peek(struct byte_stream *stream, uint8_t bytes[BYTE_STREAM_PEEK],
			 struct failure *failure)
{
	stream->ahead_length -= stream->ahead_used;
	memmove(stream->ahead, stream->ahead + stream->ahead_used, stream->ahead_length);
	stream->ahead_used = 0;
	while (stream->ahead_length < BYTE_STREAM_PEEK) {
		ssize_t length = read_on(stream, stream->ahead + stream->ahead_length,
					 BYTE_STREAM_PEEK - stream->ahead_length, failure);
		if (length < 0)
			return -1;
		if (length == 0)
			break;
		stream->ahead_length += (size_t)length;
	}
	memcpy(bytes, stream->ahead, stream->ahead_length);
	return (ssize_t)stream->ahead_length;
}

bool byte_stream_modified(const struct byte_stream *stream, int64_t *seconds)
{
	if (stream->regular)
		*seconds = stream->modified;
	return stream->regular;
}

uint64_t byte_stream_consumed(const struct byte_stream *stream)
{
	return stream->consumed;
}

uint64_t byte_stream_size(const struct byte_stream *stream)
{
	return stream->size;
}

void byte_stream_close(struct byte_stream *stream)
{
	if (!stream)
		return;
	if (stream->compression == COMPRESSION_GZIP)
		inflateEnd(&stream->gzip);
	ZSTD_freeDStream(stream->zstandard);
	if (stream->descriptor >= 0)
		close(stream->descriptor);
	free(stream);
}
