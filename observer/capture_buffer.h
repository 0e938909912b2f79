/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capture_buffer: a window that slides over a byte stream, so that a packet record can be looked
 * at in place. Reading in blocks, rather than record by record through stdio, is where most of
 * the time of reading a capture is saved. */
#ifndef STALENODE_CAPTURE_BUFFER_H
#define STALENODE_CAPTURE_BUFFER_H

#include "byte_stream.h"

#include <stdbool.h>

/* libpcap's MAXIMUM_SNAPLEN: no sane record captures more. */
#define CAPTURED_LENGTH_MAX 262144
#define CAPTURE_BUFFER_SIZE (CAPTURED_LENGTH_MAX + 65536)

struct capture_buffer {
	struct byte_stream *stream; /* owned */
	size_t begin, end;	    /* the unread bytes of bytes[] */
	bool stream_ended;
	uint8_t bytes[CAPTURE_BUFFER_SIZE];
};

/* Slides and reads until `need` (<= CAPTURE_BUFFER_SIZE) bytes stand at begin, or the stream
 * ends. Returns the number of unread bytes, or -1 with *failure. */
ssize_t capture_buffer_fill(struct capture_buffer *buffer, size_t need, struct failure *failure);

/* capture_buffer_fill() when it has to be called at all. */
static inline ssize_t capture_buffer_need(struct capture_buffer *buffer, size_t need,
					  struct failure *failure)
{
	if (buffer->end - buffer->begin >= need)
		return (ssize_t)(buffer->end - buffer->begin);
	return capture_buffer_fill(buffer, need, failure);
}

/* Steps over `length` bytes, also more than the buffer holds: 0, 1 when the stream ends before,
 * -1 with *failure. */
int capture_buffer_skip(struct capture_buffer *buffer, size_t length, struct failure *failure);

#endif
