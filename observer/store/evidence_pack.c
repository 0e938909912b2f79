/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The order at the end of a file, of which any part may be the last of a process:
 *   DATE.pcap -> DATE.pcap.packed    the new file is whole and synchronised: only now
 *   DATE.pcap.zst.new -> its name
 *   DATE.pcap.packed is removed
 * Who finds a DATE.pcap.packed goes on from there. */
#include "evidence_pack.h"

#include "../base/timestamp.h"
#include "evidence_format.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#define LEVEL	  3
#define DATE_SIZE 11
#define PATH_SIZE (4096 + 64)

struct evidence_packer {
	char directory[4096], date[DATE_SIZE]; /* "" when no file is being packed */
	int from, to;			       /* descriptors; -1 when closed */
	uint64_t read, written;		       /* bytes of the pcap that are in whole frames */
	bool checking;			       /* looks through what a former process had packed */
	ZSTD_CCtx *context;
	uint8_t *plain, *packed; /* owned, while a file is being packed */
	size_t packed_size;
};

struct evidence_packer *evidence_packer_begin(void)
{
	struct evidence_packer *packer = calloc(1, sizeof *packer);
	if (packer)
		packer->from = packer->to = -1;
	return packer;
}

static void leave_file(struct evidence_packer *packer)
{
	if (packer->from >= 0)
		close(packer->from);
	if (packer->to >= 0)
		close(packer->to);
	ZSTD_freeCCtx(packer->context);
	free(packer->plain);
	free(packer->packed);
	*packer = (struct evidence_packer){.from = -1, .to = -1};
}

void evidence_packer_end(struct evidence_packer *packer)
{
	if (packer)
		leave_file(packer);
	free(packer);
}

static void file_path(const struct evidence_packer *packer, const char *ending,
		      char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "%s/%s.%s", packer->directory, packer->date, ending);
}

static int fail_file(const struct evidence_packer *packer, const char *ending, const char *what,
		     struct failure *failure)
{
	char path[PATH_SIZE];
	int error = errno;
	file_path(packer, ending, path);
	return fail(failure, EXIT_FAILED, "%s: cannot %s it: %s", path, what,
		    error ? strerror(error) : "no room");
}

/* --- finding a file -----------------------------------------------------------------------------
 */

/* "2008-02-20.pcap" and "2008-02-20.pcap.packed", of a day that is over. */
static bool is_over(const char *name, int64_t now)
{
	char date[DATE_SIZE];
	int64_t day;
	size_t length = strlen(name);
	if (length < DATE_SIZE || (strcmp(name + DATE_SIZE - 1, ".pcap") != 0 &&
				   strcmp(name + DATE_SIZE - 1, ".pcap.packed") != 0))
		return false;
	memcpy(date, name, DATE_SIZE - 1);
	date[DATE_SIZE - 1] = '\0';
	return strspn(date, "0123456789-") == DATE_SIZE - 1 && timestamp_parse(date, &day) &&
	       day + 86400 + EVIDENCE_GRACE <= now;
}

/* Somebody's own file of such a name is left alone. */
static bool is_ours(const struct evidence_packer *packer, const char *name)
{
	char path[PATH_SIZE + 256];
	struct pcap_file_header found;
	snprintf(path, sizeof path, "%s/%s", packer->directory, name);
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (descriptor < 0)
		return false;
	bool ours = pread(descriptor, &found, sizeof found, 0) == (ssize_t)sizeof found &&
		    memcmp(&found, &evidence_file_header, sizeof found) == 0;
	close(descriptor);
	return ours;
}

/* The earliest day that is to be packed; false when there is none. */
static bool find_day(struct evidence_packer *packer, int64_t now, struct failure *failure,
		     int *result)
{
	DIR *directory = opendir(packer->directory);
	*result = 0;
	if (!directory && errno == ENOENT)
		return false;
	if (!directory) {
		*result = fail(failure, EXIT_FAILED, "%s: cannot read the directory: %s",
			       packer->directory, strerror(errno));
		return false;
	}
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		if (is_over(entry->d_name, now) &&
		    (!packer->date[0] || strncmp(entry->d_name, packer->date, DATE_SIZE - 1) < 0) &&
		    is_ours(packer, entry->d_name))
			snprintf(packer->date, sizeof packer->date, "%.10s", entry->d_name);
	closedir(directory);
	return packer->date[0] != '\0';
}

/* --- the end of a file --------------------------------------------------------------------------
 */

/* The first name that is free: DATE.pcap.zst, DATE.1.pcap.zst, ... */
static void free_name(const struct evidence_packer *packer, char path[PATH_SIZE])
{
	file_path(packer, "pcap.zst", path);
	for (unsigned number = 1; access(path, F_OK) == 0 && number < 10000; number++)
		snprintf(path, PATH_SIZE, "%s/%s.%u.pcap.zst", packer->directory, packer->date,
			 number);
}

static int finish_names(struct evidence_packer *packer, struct failure *failure)
{
	char new_path[PATH_SIZE], old_path[PATH_SIZE], path[PATH_SIZE];
	file_path(packer, "pcap.zst.new", new_path);
	file_path(packer, "pcap.packed", old_path);
	free_name(packer, path);
	if (access(new_path, F_OK) == 0 && rename(new_path, path) != 0)
		return fail_file(packer, "pcap.zst.new", "rename", failure);
	int directory = open(packer->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0) {
		fsync(directory);
		close(directory);
	}
	if (unlink(old_path) != 0)
		return fail_file(packer, "pcap.packed", "remove", failure);
	leave_file(packer);
	return 1; /* there may be another day */
}

static int finish_file(struct evidence_packer *packer, struct failure *failure)
{
	char old_path[PATH_SIZE], packed_path[PATH_SIZE];
	if (fsync(packer->to) != 0)
		return fail_file(packer, "pcap.zst.new", "write", failure);
	file_path(packer, "pcap", old_path);
	file_path(packer, "pcap.packed", packed_path);
	if (rename(old_path, packed_path) != 0)
		return fail_file(packer, "pcap", "rename", failure);
	return finish_names(packer, failure);
}

/* --- packing -------------------------------------------------------------------------------- */

static int begin_file(struct evidence_packer *packer, struct failure *failure)
{
	char path[PATH_SIZE];
	file_path(packer, "pcap", path);
	packer->from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (packer->from < 0)
		return fail_file(packer, "pcap", "open", failure);
	file_path(packer, "pcap.zst.new", path);
	packer->to = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (packer->to < 0)
		return fail_file(packer, "pcap.zst.new", "create", failure);
	packer->packed_size = ZSTD_compressBound(EVIDENCE_PACK_STEP);
	packer->context = ZSTD_createCCtx();
	packer->plain = malloc(EVIDENCE_PACK_STEP);
	packer->packed = malloc(packer->packed_size);
	if (!packer->context || !packer->plain || !packer->packed)
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	packer->checking = true;
	return 1;
}

/* What is whole of the next bytes of the pcap: its header, then records. A torn record that a
 * killed run left is not packed, nor what is behind it. */
static ssize_t read_whole(struct evidence_packer *packer)
{
	ssize_t length =
		pread(packer->from, packer->plain, EVIDENCE_PACK_STEP, (off_t)packer->read);
	if (length <= 0)
		return length;
	size_t header = packer->read == 0 ? sizeof evidence_file_header : 0;
	if ((size_t)length < header || memcmp(packer->plain, &evidence_file_header, header) != 0) {
		errno = EINVAL;
		return -1;
	}
	return (ssize_t)(header +
			 evidence_whole_records(packer->plain + header, (size_t)length - header));
}

/* Steps over one frame that a former process wrote, if it is whole and of these packets. */
static int check_frame(struct evidence_packer *packer, struct failure *failure)
{
	ssize_t length =
		pread(packer->to, packer->packed, packer->packed_size, (off_t)packer->written);
	if (length > 0) {
		size_t frame = ZSTD_findFrameCompressedSize(packer->packed, (size_t)length);
		unsigned long long content =
			ZSTD_isError(frame) ? ZSTD_CONTENTSIZE_ERROR
					    : ZSTD_getFrameContentSize(packer->packed, frame);
		ssize_t whole = read_whole(packer);
		if (whole > 0 && content == (unsigned long long)whole) {
			packer->read += (uint64_t)whole;
			packer->written += frame;
			return 1;
		}
	}
	packer->checking = false;
	if (ftruncate(packer->to, (off_t)packer->written) != 0)
		return fail_file(packer, "pcap.zst.new", "write", failure);
	return 1;
}

static int pack_frame(struct evidence_packer *packer, struct failure *failure)
{
	ssize_t whole = read_whole(packer);
	if (whole < 0)
		return fail_file(packer, "pcap", "read", failure);
	if (whole == 0)
		return finish_file(packer, failure);
	size_t length = ZSTD_compressCCtx(packer->context, packer->packed, packer->packed_size,
					  packer->plain, (size_t)whole, LEVEL);
	if (ZSTD_isError(length))
		return fail(failure, EXIT_FAILED, "%s: cannot be packed: %s", packer->directory,
			    ZSTD_getErrorName(length));
	errno = 0;
	if (pwrite(packer->to, packer->packed, length, (off_t)packer->written) != (ssize_t)length)
		return fail_file(packer, "pcap.zst.new", "write", failure);
	/* So that little is left to do for the fsync at the end. */
	sync_file_range(packer->to, (off_t)packer->written, (off_t)length, SYNC_FILE_RANGE_WRITE);
	packer->written += length;
	packer->read += (uint64_t)whole;
	return 1;
}

static int step(struct evidence_packer *packer, int64_t now, struct failure *failure)
{
	char path[PATH_SIZE];
	int result;
	if (!packer->date[0]) {
		if (!find_day(packer, now, failure, &result))
			return result;
		file_path(packer, "pcap.packed", path);
		if (access(path, F_OK) == 0)
			return finish_names(packer, failure);
		return begin_file(packer, failure);
	}
	return packer->checking ? check_frame(packer, failure) : pack_frame(packer, failure);
}

int evidence_pack_step(struct evidence_packer *packer, const char *directory, int64_t now,
		       struct failure *failure)
{
	if (strcmp(packer->directory, directory) != 0) {
		leave_file(packer);
		snprintf(packer->directory, sizeof packer->directory, "%s", directory);
	}
	int result = step(packer, now, failure);
	if (result < 0)
		leave_file(packer);
	return result;
}
