/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * line_reader: the lines of a byte stream, of any length and with any octets in them; UTF-16 as
 * UTF-8. */
#ifndef STALENODE_LINE_READER_H
#define STALENODE_LINE_READER_H

#include "utf16.h"

#include "../../observer/byte_stream.h"

#include <stdbool.h>

/* The longest line that is given whole: far above a syslog message (RFC 5424 asks for 2,048). */
#define LINE_MAX_LENGTH 65536

struct line {
	const char *begin, *end; /* without the newline; valid until the next call */
	bool cut;		 /* longer than LINE_MAX_LENGTH: its rest is skipped */
};

struct line_reader {
	struct byte_stream *stream; /* not owned */
	size_t begin, end;	    /* unread octets of text[] */
	bool stream_ended;
	bool is_utf16;
	struct utf16 utf16;
	bool skipping; /* the rest of the line that was given last, which was too long */
	char text[LINE_MAX_LENGTH * 2];
};

/* begin[]: the first octets of the stream, which are not taken from it; UTF-16 is told by four. */
void line_reader_begin(struct line_reader *reader, struct byte_stream *stream, const uint8_t *begin,
		       size_t length);
/* 1 with a line, also the last one without a newline; 0 at the end; -1 with *failure. */
int line_reader_next(struct line_reader *reader, struct line *line, struct failure *failure);

#endif
