/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger_writer.h"

#include "../base/whole_file.h"
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The bytes after the last newline, a line that a power cut tore, are kept in <path>.torn for
 * whoever wants to look, and cut off. */
static int cut_torn_line(struct ledger_writer *writer, int descriptor, struct failure *failure)
{
	off_t end = lseek(descriptor, 0, SEEK_END);
	char tail[LEDGER_LINE_SIZE];
	off_t from = end > (off_t)sizeof tail ? end - (off_t)sizeof tail : 0;
	ssize_t length = end < 0 ? -1 : pread(descriptor, tail, sizeof tail, from);
	if (length < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot read it: %s", writer->path,
			    strerror(errno));
	if (length == 0 || tail[length - 1] == '\n')
		return 0;
	const char *newline = memrchr(tail, '\n', (size_t)length);
	if (!newline)
		return fail(failure, EXIT_FAILED,
			    "%s: its last line is longer than any record: not a ledger",
			    writer->path);
	off_t whole = from + (newline - tail) + 1;
	size_t torn = (size_t)(end - whole);
	char torn_path[sizeof writer->path + 8];
	snprintf(torn_path, sizeof torn_path, "%s.torn", writer->path);
	int kept = open(torn_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	bool saved = kept >= 0 && write(kept, newline + 1, torn) == (ssize_t)torn;
	if (kept >= 0)
		close(kept);
	if (!saved)
		return fail(failure, EXIT_FAILED, "%s: cannot set the torn last line aside: %s",
			    torn_path, strerror(errno));
	if (ftruncate(descriptor, whole) != 0)
		return fail(failure, EXIT_FAILED, "%s: cannot cut the torn last line: %s",
			    writer->path, strerror(errno));
	say_warning("%s: a torn last line of %zu bytes was cut off and kept in %s", writer->path,
		    torn, torn_path);
	return 0;
}

/* A new ledger appears with its header whole, or not at all. */
static int create_ledger(const char *path, struct failure *failure)
{
	struct whole_file file;
	if (whole_file_open(&file, path, failure) != 0)
		return -1;
	fputs(ledger_header_text(), file.stream);
	return whole_file_close(&file, failure);
}

int ledger_writer_open(struct ledger_writer *writer, const char *path, struct failure *failure)
{
	writer->stream = NULL;
	snprintf(writer->path, sizeof writer->path, "%s", path);
	if (access(path, F_OK) != 0 && create_ledger(path, failure) != 0)
		return -1;
	int descriptor = open(path, O_RDWR | O_CLOEXEC);
	if (descriptor < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot open the ledger: %s", path,
			    strerror(errno));
	if (cut_torn_line(writer, descriptor, failure) == 0)
		writer->stream = fdopen(descriptor, "r+");
	if (!writer->stream) {
		close(descriptor);
		return fail(failure, EXIT_FAILED, "%s: %s", path, strerror(errno));
	}
	fseeko(writer->stream, 0, SEEK_END);
	return 0;
}

int ledger_writer_append(struct ledger_writer *writer, const struct bucket_record *record,
			 struct failure *failure)
{
	char line[LEDGER_LINE_SIZE];
	size_t length = ledger_format_line(record, line);
	if (fwrite(line, 1, length, writer->stream) != length)
		return fail(failure, EXIT_FAILED, "%s: cannot write: %s", writer->path,
			    strerror(errno));
	return 0;
}

int ledger_writer_synchronise(struct ledger_writer *writer, struct failure *failure)
{
	if (fflush(writer->stream) != 0 || fdatasync(fileno(writer->stream)) != 0)
		return fail(failure, EXIT_FAILED, "%s: cannot write: %s", writer->path,
			    strerror(errno));
	return 0;
}

int ledger_writer_close(struct ledger_writer *writer, struct failure *failure)
{
	if (!writer->stream)
		return 0;
	int result = ledger_writer_synchronise(writer, failure);
	if (fclose(writer->stream) != 0 && result == 0)
		result = fail(failure, EXIT_FAILED, "%s: cannot write: %s", writer->path,
			      strerror(errno));
	writer->stream = NULL;
	return result;
}
