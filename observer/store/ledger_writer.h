/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ledger_writer: appends closed buckets to a ledger. */
#ifndef STALENODE_LEDGER_WRITER_H
#define STALENODE_LEDGER_WRITER_H

#include "../base/failure.h"
#include "ledger.h"
#include "store_path.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Opening creates the file with its header, cuts a torn last line off (the bytes go
 * to <path>.torn), and positions at the end. */
struct ledger_writer {
	FILE *stream;
	char path[STORE_PATH_SIZE];
};
int ledger_writer_open(struct ledger_writer *writer, const char *path, struct failure *failure);
int ledger_writer_append(struct ledger_writer *writer, const struct bucket_record *record,
			 struct failure *failure);
/* Appends one line that outlives a power cut when it returns, or nothing: half a line, on a full
 * disk, is taken back. Not to be mixed with lines that are not flushed. */
int ledger_writer_write(struct ledger_writer *writer, const struct bucket_record *record,
			struct failure *failure);
/* Whether the file that is open still stands at its path. */
bool ledger_writer_is_in_place(const struct ledger_writer *writer);
/* Hands the lines to the kernel: they outlive the process. */
int ledger_writer_flush(struct ledger_writer *writer, struct failure *failure);
/* Bytes of the ledger, lines not yet flushed included. */
uint64_t ledger_writer_length(const struct ledger_writer *writer);
/* Flushes and fdatasyncs: the lines outlive a power cut. */
int ledger_writer_synchronise(struct ledger_writer *writer, struct failure *failure);
int ledger_writer_close(struct ledger_writer *writer, struct failure *failure);

#endif
