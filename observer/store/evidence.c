/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence.h"

#include "../base/timestamp.h"
#include "../base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LINKTYPE_RAW 101

struct pcap_file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t reserved[2];
	uint32_t snapshot_length;
	uint32_t link_type;
};

struct pcap_record_header {
	uint32_t seconds, microseconds, captured_length, original_length;
};

static const struct pcap_file_header file_header = {
	0xa1b2c3d4, 2, 4, {0, 0}, EVIDENCE_PACKET_MAX, LINKTYPE_RAW,
};

int evidence_open(struct evidence *evidence, const char *directory, uint64_t budget,
		  struct failure *failure)
{
	*evidence = (struct evidence){.budget = budget};
	snprintf(evidence->directory, sizeof evidence->directory, "%s", directory);
	return budget ? make_directories(directory, failure) : 0;
}

/* The length of the file up to its last whole record: a run that was killed leaves a torn one,
 * behind which nothing would be readable. -1 when the file is not one of ours. */
static off_t whole_length(FILE *stream)
{
	struct pcap_file_header found;
	if (fread(&found, sizeof found, 1, stream) != 1)
		return 0;
	if (memcmp(&found, &file_header, sizeof found) != 0)
		return -1;
	off_t whole = (off_t)sizeof found;
	struct pcap_record_header record;
	uint8_t packet[EVIDENCE_PACKET_MAX];
	while (fread(&record, sizeof record, 1, stream) == 1 &&
	       record.captured_length <= sizeof packet &&
	       fread(packet, 1, record.captured_length, stream) == record.captured_length)
		whole += (off_t)(sizeof record + record.captured_length);
	return whole;
}

static int open_day(struct evidence *evidence, int64_t day, struct failure *failure)
{
	char date[TIMESTAMP_TEXT_SIZE];
	if (evidence_close(evidence, failure) != 0)
		return -1;
	snprintf(evidence->path, sizeof evidence->path, "%s/%s.pcap", evidence->directory,
		 timestamp_format_date(day * 86400, date));
	int descriptor = open(evidence->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	FILE *stream = descriptor >= 0 ? fdopen(descriptor, "r+") : NULL;
	if (!stream) {
		fail(failure, EXIT_FAILED, "%s: cannot open it: %s", evidence->path,
		     strerror(errno));
		if (descriptor >= 0)
			close(descriptor);
		return -1;
	}
	off_t whole = whole_length(stream);
	if (whole < 0) {
		fclose(stream);
		return fail(failure, EXIT_FAILED,
			    "%s: not an evidence file of stalenode: move it out of the way",
			    evidence->path);
	}
	evidence->stream = stream;
	evidence->day = day;
	evidence->used = (uint64_t)whole;
	bool ready = fseeko(stream, whole, SEEK_SET) == 0 && ftruncate(descriptor, whole) == 0;
	if (ready && whole == 0) {
		ready = fwrite(&file_header, sizeof file_header, 1, stream) == 1;
		evidence->used = sizeof file_header;
	}
	return ready ? 0
		     : fail(failure, EXIT_FAILED, "%s: cannot write it: %s", evidence->path,
			    strerror(errno));
}

int evidence_write(struct evidence *evidence, int64_t time_us, const uint8_t *packet,
		   uint32_t captured_length, uint32_t original_length, struct failure *failure)
{
	if (evidence_is_cut(evidence, time_us))
		return 1;
	if (!evidence->budget)
		return 0;
	int64_t day = time_us / 1000000 / 86400;
	if ((!evidence->stream || evidence->day != day) && open_day(evidence, day, failure) != 0)
		return -1;
	if (captured_length > EVIDENCE_PACKET_MAX)
		captured_length = EVIDENCE_PACKET_MAX;
	struct pcap_record_header record = {
		(uint32_t)(time_us / 1000000),
		(uint32_t)(time_us % 1000000),
		captured_length,
		original_length,
	};
	if (evidence->used + sizeof record + captured_length > evidence->budget) {
		evidence->cut_from_us = time_us;
		evidence->cut_until_us = (day + 1) * 86400 * 1000000;
		return 1;
	}
	if (fwrite(&record, sizeof record, 1, evidence->stream) != 1 ||
	    fwrite(packet, 1, captured_length, evidence->stream) != captured_length)
		return fail(failure, EXIT_FAILED, "%s: cannot write it: %s", evidence->path,
			    strerror(errno));
	evidence->used += sizeof record + captured_length;
	return 0;
}

int evidence_close(struct evidence *evidence, struct failure *failure)
{
	FILE *stream = evidence->stream;
	evidence->stream = NULL;
	if (stream && fclose(stream) != 0)
		return fail(failure, EXIT_FAILED, "%s: cannot write it: %s", evidence->path,
			    strerror(errno));
	return 0;
}
