/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * byte_stream: the bytes of a file or of standard input ("-"), decompressed when they begin as
 * gzip (RFC 1952) or Zstandard (RFC 8878) do. Reads in blocks, holds no more than one. */
#ifndef STALENODE_BYTE_STREAM_H
#define STALENODE_BYTE_STREAM_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct byte_stream;

/* Opens path; *stream is to be closed with byte_stream_close(). */
int byte_stream_open(struct byte_stream **stream, const char *path, struct failure *failure);
/* Up to `size` bytes into buffer: their number, 0 at the end, -1 with *failure on error. A
 * compressed stream that ends early is an error after its last good byte. */
ssize_t byte_stream_read(struct byte_stream *stream, uint8_t *buffer, size_t size,
			 struct failure *failure);
/* The next bytes, BYTE_STREAM_PEEK at most, without taking them: their number, fewer at the end;
 * -1 with *failure on error. */
#define BYTE_STREAM_PEEK 4
ssize_t byte_stream_peek(struct byte_stream *stream, uint8_t bytes[BYTE_STREAM_PEEK],
			 struct failure *failure);
/* Bytes taken from the file so far (compressed ones), for progress. */
uint64_t byte_stream_consumed(const struct byte_stream *stream);
/* The file's size in bytes, 0 when it has none (a pipe). */
uint64_t byte_stream_size(const struct byte_stream *stream);
/* When the file was last written to, UTC seconds; false when it has no such time (a pipe). */
bool byte_stream_modified(const struct byte_stream *stream, int64_t *seconds);
void byte_stream_close(struct byte_stream *stream);

#endif
