/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line_reader.h"

#include <string.h>

/* Octets of UTF-16 that are read at a time: what they become has room behind a longest line. */
#define UTF16_BLOCK 16384

void line_reader_begin(struct line_reader *reader, struct byte_stream *stream, const uint8_t *begin,
		       size_t length)
{
	reader->stream = stream;
	reader->begin = reader->end = 0;
	reader->stream_ended = reader->skipping = false;
	reader->is_utf16 = utf16_recognise(&reader->utf16, begin, length);
}

/* As byte_stream_read(); *ended at the stream's end, which may still leave an octet over. */
static ssize_t read_utf16(struct line_reader *reader, char *text, bool *ended,
			  struct failure *failure)
{
	uint8_t octets[UTF16_BLOCK];
	ssize_t length = byte_stream_read(reader->stream, octets, sizeof octets, failure);
	if (length < 0)
		return -1;
	*ended = length == 0;
	return (ssize_t)(*ended ? utf16_end(&reader->utf16, text)
				: utf16_convert(&reader->utf16, octets, (size_t)length, text));
}

static int fill(struct line_reader *reader, struct failure *failure)
{
	memmove(reader->text, reader->text + reader->begin, reader->end - reader->begin);
	reader->end -= reader->begin;
	reader->begin = 0;
	char *text = reader->text + reader->end;
	size_t room = sizeof reader->text - reader->end;
	ssize_t length;
	if (reader->is_utf16) {
		length = read_utf16(reader, text, &reader->stream_ended, failure);
	} else {
		length = byte_stream_read(reader->stream, (uint8_t *)text, room, failure);
		reader->stream_ended = length == 0;
	}
	if (length < 0)
		return -1;
	reader->end += (size_t)length;
	return 0;
}

/* Steps behind the next newline. */
static int skip_line(struct line_reader *reader, struct failure *failure)
{
	for (;;) {
		const char *begin = reader->text + reader->begin;
		const char *newline = memchr(begin, '\n', reader->end - reader->begin);
		if (newline) {
			reader->begin = (size_t)(newline - reader->text) + 1;
			return 0;
		}
		reader->begin = reader->end;
		if (reader->stream_ended)
			return 0;
		if (fill(reader, failure) != 0)
			return -1;
	}
}

int line_reader_next(struct line_reader *reader, struct line *line, struct failure *failure)
{
	size_t seen = 0;
	if (reader->skipping && skip_line(reader, failure) != 0)
		return -1;
	reader->skipping = false;
	for (;;) {
		char *begin = reader->text + reader->begin;
		size_t held = reader->end - reader->begin;
		char *newline = memchr(begin + seen, '\n', held - seen);
		size_t length = newline ? (size_t)(newline - begin) : held;
		*line = (struct line){begin, begin + length, false};
		if (length > LINE_MAX_LENGTH) {
			line->cut = reader->skipping = true;
			return 1;
		}
		if (newline) {
			reader->begin += length + 1;
			return 1;
		}
		if (reader->stream_ended) {
			reader->begin = reader->end;
			return held > 0;
		}
		seen = held;
		if (fill(reader, failure) != 0)
			return -1;
	}
}
