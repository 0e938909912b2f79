/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence.h"

#include "../base/timestamp.h"
#include "../base/whole_file.h"
#include "evidence_format.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE (128u << 10)
/* With a journal: what comes between two commits, some 64 packets; a full one is written early. */
#define BUFFER_SIZE_JOURNALLED (16u << 10)
#define PATH_SIZE	       (4096 + 128)
#define US		       1000000LL
/* Before the next try to open a file that could not be: looking costs more than a packet. */
#define PAUSE_US US

int evidence_open(struct evidence *evidence, const char *directory, uint64_t budget,
		  struct evidence_position *position, const struct journal_region *region,
		  struct anonymiser *anonymiser, struct failure *failure)
{
	*evidence = (struct evidence){
		.budget = budget,
		.position = position,
		.region = region,
		.anonymiser = anonymiser,
		.file = {{.descriptor = -1}, {.descriptor = -1}},
		.try_again_us = INT64_MIN,
	};
	if (!position)
		evidence->position = &evidence->own;
	snprintf(evidence->directory, sizeof evidence->directory, "%s", directory);
	return budget ? make_directories(directory, failure) : 0;
}

static void day_path(const struct evidence *evidence, int64_t day, char path[PATH_SIZE])
{
	char date[TIMESTAMP_TEXT_SIZE];
	snprintf(path, PATH_SIZE, "%s/%s.pcap", evidence->directory,
		 day == EVIDENCE_CLOCK_STEPPED ? "clock-stepped"
					       : timestamp_format_date(day * 86400, date));
}

static int fail_file(const struct evidence *evidence, int64_t day, const char *what,
		     struct failure *failure)
{
	char path[PATH_SIZE];
	int error = errno;
	day_path(evidence, day, path);
	return fail(failure, EXIT_FAILED, "%s: cannot %s it: %s", path, what,
		    error ? strerror(error) : "no room");
}

static bool write_all(int descriptor, const void *bytes, size_t length, uint64_t at)
{
	errno = 0;
	return pwrite(descriptor, bytes, length, (off_t)at) == (ssize_t)length;
}

/* --- a day's file ----------------------------------------------------------------------------- */

/* The length of the file up to its last whole record: a run that was killed leaves a torn one,
 * behind which nothing would be readable. -1 when the file is not one of ours. */
static off_t whole_length(int descriptor)
{
	struct pcap_file_header found;
	ssize_t length = pread(descriptor, &found, sizeof found, 0);
	if (length < (ssize_t)sizeof found)
		return length < 0 ? -1 : 0;
	if (memcmp(&found, &evidence_file_header, sizeof found) != 0)
		return -1;
	off_t whole = (off_t)sizeof found;
	for (;;) {
		uint8_t block[32 << 10];
		length = pread(descriptor, block, sizeof block, whole);
		size_t records = length > 0 ? evidence_whole_records(block, (size_t)length) : 0;
		if (records == 0)
			return whole;
		whole += (off_t)records;
	}
}

static int flush(struct evidence *evidence, struct evidence_file *file, struct failure *failure)
{
	const struct evidence_day *position = &evidence->position->day[file->day & 1];
	uint32_t buffered = file->buffered;
	file->buffered = file->packets = 0;
	if (buffered == 0 ||
	    write_all(file->descriptor, file->buffer, buffered, position->used - buffered))
		return 0;
	return fail_file(evidence, file->day, "write", failure);
}

static int close_file(struct evidence *evidence, struct evidence_file *file,
		      struct failure *failure)
{
	int result = 0;
	if (file->descriptor < 0)
		return 0;
	if (file->buffer)
		result = flush(evidence, file, failure);
	if (close(file->descriptor) != 0 && result == 0)
		result = fail_file(evidence, file->day, "write", failure);
	file->descriptor = -1;
	free(file->buffer);
	file->buffer = NULL;
	return result;
}

/* How much of the file counts: what the position says, if it is of this day and there is so much;
 * what was there when an opening began that was undone; otherwise what is whole. -1 when the file
 * is none of ours. */
static off_t find_end(const struct evidence *evidence, const struct evidence_file *file)
{
	const struct evidence_day *position = &evidence->position->day[file->day & 1];
	off_t size = lseek(file->descriptor, 0, SEEK_END);
	if (position->day == file->day && position->used && (uint64_t)size >= position->used)
		return (off_t)position->used;
	if (position->day != file->day && position->opened_day == file->day &&
	    position->opened_end && (uint64_t)size >= position->opened_end)
		return (off_t)position->opened_end;
	return whole_length(file->descriptor);
}

/* In this order: a kill between the two leaves no end that belongs to another day. */
static void note_opened(struct evidence_day *position, int64_t day, uint64_t end)
{
	position->opened_end = 0;
	atomic_signal_fence(memory_order_seq_cst);
	position->opened_day = day;
	atomic_signal_fence(memory_order_seq_cst);
	position->opened_end = end;
}

static uint32_t buffer_size(const struct evidence *evidence)
{
	return evidence->region ? BUFFER_SIZE_JOURNALLED : BUFFER_SIZE;
}

static int prepare_file(struct evidence *evidence, struct evidence_file *file,
			struct failure *failure)
{
	struct evidence_day *position = &evidence->position->day[file->day & 1];
	bool same_day = position->day == file->day;
	off_t end = find_end(evidence, file);
	if (end < 0) {
		char path[PATH_SIZE];
		day_path(evidence, file->day, path);
		return fail(failure, EXIT_FAILED,
			    "%s: not an evidence file of stalenode: move it out of the way", path);
	}
	if (ftruncate(file->descriptor, end) != 0)
		return fail_file(evidence, file->day, "write", failure);
	if (end == 0) {
		if (!write_all(file->descriptor, &evidence_file_header, sizeof evidence_file_header,
			       0))
			return fail_file(evidence, file->day, "write", failure);
		end = (off_t)sizeof evidence_file_header;
	}
	file->buffer = malloc(buffer_size(evidence));
	if (!file->buffer)
		return fail(failure, EXIT_FAILED, "out of memory");
	note_opened(position, file->day, (uint64_t)end);
	journal_keep(evidence->region, position, offsetof(struct evidence_day, opened_day));
	position->day = file->day;
	position->used = (uint64_t)end;
	position->cut = same_day ? position->cut : 0;
	return 0;
}

static int open_day(struct evidence *evidence, int64_t day, struct failure *failure)
{
	struct evidence_file *file = &evidence->file[day & 1];
	char path[PATH_SIZE];
	if (close_file(evidence, file, failure) != 0)
		return -1;
	day_path(evidence, day, path);
	file->day = day;
	file->buffered = file->packets = 0;
	file->descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (file->descriptor < 0)
		return fail_file(evidence, day, "open", failure);
	if (prepare_file(evidence, file, failure) == 0)
		return 0;
	close(file->descriptor);
	file->descriptor = -1;
	free(file->buffer);
	file->buffer = NULL;
	return -1;
}

/* --- a packet --------------------------------------------------------------------------------- */

/* Lost, which is said when it begins. */
static enum evidence_result lose(struct evidence *evidence, uint64_t packets,
				 const struct failure *why)
{
	if (!evidence->failing)
		say_warning("%s: packets are counted, and not kept as evidence until it can be "
			    "written",
			    why->text);
	evidence->failing = true;
	journal_keep(evidence->region, &evidence->position->lost, sizeof evidence->position->lost);
	evidence->position->lost += packets;
	return EVIDENCE_LOST;
}

static void say_kept_again(struct evidence *evidence)
{
	if (evidence->failing)
		say_warning("%s: evidence is kept again; %" PRIu64 " packets were not",
			    evidence->directory, evidence->position->lost);
	evidence->failing = false;
}

/* What could not be written does not count as used. */
static enum evidence_result settle(struct evidence *evidence, struct evidence_file *file)
{
	struct evidence_day *position = &evidence->position->day[file->day & 1];
	uint32_t buffered = file->buffered, packets = file->packets;
	struct failure why = {0};
	if (buffered == 0)
		return EVIDENCE_KEPT;
	if (flush(evidence, file, &why) == 0) {
		say_kept_again(evidence);
		return EVIDENCE_KEPT;
	}
	journal_keep(evidence->region, &position->used, sizeof position->used);
	position->used -= buffered;
	return lose(evidence, packets, &why);
}

enum evidence_result evidence_settle(struct evidence *evidence)
{
	enum evidence_result even = settle(evidence, &evidence->file[0]);
	enum evidence_result odd = settle(evidence, &evidence->file[1]);
	return even == EVIDENCE_KEPT ? odd : even;
}

static enum evidence_result append(struct evidence *evidence, struct evidence_file *file,
				   const uint8_t *record, uint32_t length, struct failure *failure)
{
	struct evidence_day *position = &evidence->position->day[file->day & 1];
	enum evidence_result result = EVIDENCE_KEPT;
	if (file->buffered + length > buffer_size(evidence)) {
		if (evidence->region)
			result = settle(evidence, file);
		else if (flush(evidence, file, failure) != 0)
			return EVIDENCE_FAILED;
	}
	memcpy(file->buffer + file->buffered, record, length);
	file->buffered += length;
	file->packets++;
	journal_keep(evidence->region, &position->used, sizeof position->used);
	position->used += length;
	return result;
}

static enum evidence_result keep(struct evidence *evidence, int64_t day, int64_t time_us,
				 const uint8_t *packet, uint32_t captured_length,
				 uint32_t original_length, struct failure *failure)
{
	struct evidence_file *file = &evidence->file[day & 1];
	struct evidence_day *position = &evidence->position->day[day & 1];
	if ((file->descriptor < 0 || file->day != day) && open_day(evidence, day, failure) != 0)
		return EVIDENCE_FAILED;
	uint8_t record[sizeof(struct pcap_record_header) + EVIDENCE_PACKET_MAX];
	if (captured_length > EVIDENCE_PACKET_MAX)
		captured_length = EVIDENCE_PACKET_MAX;
	uint8_t *copy = record + sizeof(struct pcap_record_header);
	memcpy(copy, packet, captured_length);
	if (evidence->anonymiser)
		captured_length = anonymise_packet(evidence->anonymiser, copy, captured_length);
	const struct pcap_record_header header = {
		(uint32_t)(time_us / US),
		(uint32_t)(time_us % US),
		captured_length,
		original_length,
	};
	memcpy(record, &header, sizeof header);
	uint32_t length = (uint32_t)sizeof header + captured_length;
	if (position->used + length > evidence->budget) {
		journal_keep(evidence->region, &position->cut, sizeof position->cut);
		position->cut = 1;
		return EVIDENCE_CUT;
	}
	return append(evidence, file, record, length, failure);
}

enum evidence_result evidence_write(struct evidence *evidence, int64_t day, int64_t time_us,
				    const uint8_t *packet, uint32_t captured_length,
				    uint32_t original_length, struct failure *failure)
{
	struct failure why = {0};
	if (!evidence->budget)
		return EVIDENCE_KEPT;
	if (evidence_is_cut(evidence, day))
		return EVIDENCE_CUT;
	/* A clock that stepped back must not put the next try off. */
	if (time_us < evidence->try_again_us && time_us >= evidence->try_again_us - PAUSE_US)
		return lose(evidence, 1, &why);
	enum evidence_result result =
		keep(evidence, day, time_us, packet, captured_length, original_length, &why);
	if (result == EVIDENCE_FAILED) {
		if (evidence->file[day & 1].descriptor < 0)
			evidence->try_again_us = time_us + PAUSE_US;
		if (evidence->region)
			return lose(evidence, 1, &why);
		fail(failure, why.status, "%s", why.text);
		return result;
	}
	return result;
}

void evidence_close_over(struct evidence *evidence, int64_t now)
{
	for (size_t i = 0; i < 2; i++)
		if (evidence->file[i].descriptor >= 0 &&
		    (evidence->file[i].day + 1) * 86400 + EVIDENCE_GRACE <= now)
			close_file(evidence, &evidence->file[i], NULL);
}

int evidence_close(struct evidence *evidence, struct failure *failure)
{
	int result = 0;
	for (size_t i = 0; i < 2 && evidence->position; i++)
		if (close_file(evidence, &evidence->file[i], failure) != 0)
			result = -1;
	return result;
}
