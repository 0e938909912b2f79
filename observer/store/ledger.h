/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ledger: STATE/<target>/ledger, the truth. One line per closed 5-minute bucket, tab-separated,
 * append-only, CRC-32C of the line last. A bucket that has no line was not observed: unknown,
 * never zero. When a bucket has several lines, the last one stands (its revision is higher):
 * a later import added to a bucket that was covered in part.
 *
 * File: line 1 "stalenode-ledger 1", line 2 the column names after a '#', then records. */
#ifndef STALENODE_LEDGER_H
#define STALENODE_LEDGER_H

#include "../base/failure.h"
#include "bucket_record.h"

#include <stddef.h>
#include <stdint.h>

/* Ordered set of buckets as read: ascending start, one record per bucket (the last revision). */
struct ledger {
	struct bucket_record *record; /* owned */
	size_t records;
	size_t lines;	      /* record lines read, revisions included */
	size_t damaged_lines; /* lines set aside in the middle: bad CRC or not parseable */
	size_t first_damaged; /* line number of the first of them, 0 for none */
	size_t torn_bytes;    /* bytes of a torn last line, not part of the ledger */
};

/* Reads a whole ledger. A torn last line and damaged lines in the middle are counted, not an
 * error; a file that is not a ledger, or unreadable, is. *ledger is to be freed with
 * ledger_free() after success. */
int ledger_read(struct ledger *ledger, const char *path, struct failure *failure);
/* Reads only the last whole line: 1 with *record, 0 when there is none or it is damaged, -1 with
 * *failure when the file cannot be read. */
int ledger_read_last(const char *path, struct bucket_record *record, struct failure *failure);
void ledger_free(struct ledger *ledger);
/* The record of the bucket that starts at `start`, or NULL. */
const struct bucket_record *ledger_find(const struct ledger *ledger, int64_t start);

/* One line with its newline and CRC into line (LEDGER_LINE_SIZE bytes); returns its length. */
#define LEDGER_LINE_SIZE 512
size_t ledger_format_line(const struct bucket_record *record, char line[LEDGER_LINE_SIZE]);
/* Reads one line without its newline; 0, or -1 when it is damaged. */
int ledger_parse_line(const char *line, size_t length, struct bucket_record *record);

/* The version line and the line of column names that begin every ledger. */
const char *ledger_header_text(void);

#endif
