/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert_line: a line of a log to an alert: the formats of alert_format.h are tried, first the one
 * that the line before was of. */
#ifndef STALENODE_ALERT_LINE_H
#define STALENODE_ALERT_LINE_H

#include "alert_format.h"

struct alert_lines {
	struct log_clock clock;
	struct column_map columns;
	size_t last_reader;
	/* For "last message repeated 3 times". */
	struct alert last;
	enum alert_format last_format; /* FORMAT_NONE: the last line was no alert */
};

enum alert_line {
	ALERT_LINE,
	ALERT_LINE_EMPTY, /* blank, a comment, or the header of a table */
	ALERT_LINE_UNKNOWN,
};

/* The line ends before its newline; *alert and *format are set with ALERT_LINE. */
enum alert_line alert_line_read(struct alert_lines *lines, const char *begin, const char *end,
				struct alert *alert, enum alert_format *format);

#endif
