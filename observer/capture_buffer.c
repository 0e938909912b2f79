/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture_buffer.h"

#include <string.h>

/* What is read at a time: it is still in the cache when it is looked at, which a buffer's length
 * of it would not be, beside the tables. */
#define READ_SIZE 65536

ssize_t capture_buffer_fill(struct capture_buffer *buffer, size_t need, struct failure *failure)
{
	size_t held = buffer->end - buffer->begin;
	if (held >= need || buffer->stream_ended)
		return (ssize_t)held;
	memmove(buffer->bytes, buffer->bytes + buffer->begin, held);
	buffer->begin = 0;
	buffer->end = held;
	while (buffer->end < need) {
		size_t room = sizeof buffer->bytes - buffer->end;
		ssize_t length = byte_stream_read(buffer->stream, buffer->bytes + buffer->end,
						  room < READ_SIZE ? room : READ_SIZE, failure);
		if (length < 0)
			return -1;
		if (length == 0) {
			buffer->stream_ended = true;
			break;
		}
		buffer->end += (size_t)length;
	}
	return (ssize_t)(buffer->end - buffer->begin);
}

int capture_buffer_skip(struct capture_buffer *buffer, size_t length, struct failure *failure)
{
	while (length) {
		ssize_t held = capture_buffer_need(buffer, 1, failure);
		if (held <= 0)
			return held < 0 ? -1 : 1;
		size_t step = (size_t)held < length ? (size_t)held : length;
		buffer->begin += step;
		length -= step;
	}
	return 0;
}
