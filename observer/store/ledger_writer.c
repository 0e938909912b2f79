/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger_writer.h"

#include "../base/whole_file.h"
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than a power cut leaves behind the last whole line; a file with more is no ledger. */
#define TORN_MAX (1 << 20)

/* Where the last whole line ends, or -1 when no line ends in the last TORN_MAX bytes. */
static off_t end_of_last_line(int descriptor, off_t end)
{
	char block[4096];
	for (off_t at = end; at > 0 && end - at < TORN_MAX;) {
		size_t size = at < (off_t)sizeof block ? (size_t)at : sizeof block;
		at -= (off_t)size;
		if (pread(descriptor, block, size, at) != (ssize_t)size)
			return -1;
		const char *newline = memrchr(block, '\n', size);
		if (newline)
			return at + (newline - block) + 1;
	}
	return end == 0 ? 0 : -1;
}

static bool copy_tail(int from, off_t at, off_t end, int to)
{
	char block[4096];
	while (at < end) {
		size_t size = end - at < (off_t)sizeof block ? (size_t)(end - at) : sizeof block;
		if (pread(from, block, size, at) != (ssize_t)size ||
		    write(to, block, size) != (ssize_t)size)
			return false;
		at += (off_t)size;
	}
	return true;
}

/* The bytes after the last newline, a line that a power cut tore, are kept in <path>.torn for
 * whoever wants to look, and cut off. */
static int cut_torn_line(struct ledger_writer *writer, int descriptor, struct failure *failure)
{
	off_t end = lseek(descriptor, 0, SEEK_END);
	off_t whole = end_of_last_line(descriptor, end);
	if (end < 0 || whole < 0)
		return fail(failure, EXIT_FAILED,
			    "%s: cannot find the end of its last line: not a ledger: restore it "
			    "from a backup",
			    writer->path);
	if (whole == end)
		return 0;
	char torn_path[sizeof writer->path + 8];
	snprintf(torn_path, sizeof torn_path, "%s.torn", writer->path);
	int kept = open(torn_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	bool saved = kept >= 0 && copy_tail(descriptor, whole, end, kept);
	if (kept >= 0)
		close(kept);
	if (!saved)
		return fail(failure, EXIT_FAILED, "%s: cannot set the torn last line aside: %s",
			    torn_path, strerror(errno));
	if (ftruncate(descriptor, whole) != 0)
		return fail(failure, EXIT_FAILED, "%s: cannot cut the torn last line: %s",
			    writer->path, strerror(errno));
	say_warning("%s: a torn last line of %jd bytes was cut off and kept in %s", writer->path,
		    (intmax_t)(end - whole), torn_path);
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

int ledger_writer_write(struct ledger_writer *writer, const struct bucket_record *record,
			struct failure *failure)
{
	char line[LEDGER_LINE_SIZE];
	size_t length = ledger_format_line(record, line);
	int descriptor = fileno(writer->stream);
	off_t end = lseek(descriptor, 0, SEEK_END);
	ssize_t written = end < 0 ? -1 : pwrite(descriptor, line, length, end);
	if (written == (ssize_t)length && fdatasync(descriptor) == 0)
		return 0;
	int error = written >= 0 && written < (ssize_t)length ? ENOSPC : errno;
	/* When this fails too, the torn line is cut off at the next opening. */
	if (end >= 0 && ftruncate(descriptor, end) != 0)
		ledger_writer_close(writer, NULL);
	return fail(failure, EXIT_FAILED, "%s: cannot write: %s", writer->path, strerror(error));
}

bool ledger_writer_is_in_place(const struct ledger_writer *writer)
{
	struct stat open_file, found;
	return fstat(fileno(writer->stream), &open_file) == 0 && stat(writer->path, &found) == 0 &&
	       open_file.st_dev == found.st_dev && open_file.st_ino == found.st_ino;
}

int ledger_writer_flush(struct ledger_writer *writer, struct failure *failure)
{
	if (fflush(writer->stream) != 0)
		return fail(failure, EXIT_FAILED, "%s: cannot write: %s", writer->path,
			    strerror(errno));
	return 0;
}

uint64_t ledger_writer_length(const struct ledger_writer *writer)
{
	off_t length = ftello(writer->stream);
	return length < 0 ? 0 : (uint64_t)length;
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
