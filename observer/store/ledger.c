/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"

#include "../base/decimal.h"
#include "crc32c.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEDGER_VERSION_LINE "stalenode-ledger 1"
#define LEDGER_COLUMNS	    20		 /* the CRC included */
#define START_MAX	    253402300500 /* the last bucket of the year 9999 */

static const char header[] = LEDGER_VERSION_LINE
	"\n#bucket_start_unix\trevision\tobserved_seconds\tcovered_from_us\tcovered_to_us\tsyn"
	"\tattempts\tsources\tnew_sources\tudp\tother_syn\tother_udp\tbackscatter\tmalformed"
	"\texcluded\tanswered\tkernel_drops\tevictions\tflags\tcrc32c\n";

const char *ledger_header_text(void)
{
	return header;
}

size_t ledger_format_line(const struct bucket_record *record, char line[LEDGER_LINE_SIZE])
{
	char flags[160];
	int length = snprintf(line, LEDGER_LINE_SIZE - 16,
			      "%" PRId64 "\t%" PRIu32 "\t%" PRIu32 "\t%" PRIu32 "\t%" PRIu32
			      "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
			      "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
			      "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\t",
			      record->start, record->revision, record->observed_seconds,
			      record->covered_from_us, record->covered_to_us, record->syn,
			      record->attempts, record->sources, record->new_sources, record->udp,
			      record->other_syn, record->other_udp, record->backscatter,
			      record->malformed, record->excluded, record->answered,
			      record->kernel_drops, record->evictions,
			      bucket_flags_format(record->flags, flags, sizeof flags));
	uint32_t crc = crc32c(line, (size_t)length);
	length += snprintf(line + length, 16, "%08" PRIx32 "\n", crc);
	return (size_t)length;
}

/* Cuts the line into its tab-separated columns; false unless there are exactly as many. */
static bool split_columns(const char *line, size_t length, const char *column[LEDGER_COLUMNS],
			  size_t width[LEDGER_COLUMNS])
{
	size_t columns = 0, begin = 0;
	for (size_t i = 0; i <= length; i++) {
		if (i < length && line[i] != '\t')
			continue;
		if (columns == LEDGER_COLUMNS)
			return false;
		column[columns] = line + begin;
		width[columns++] = i - begin;
		begin = i + 1;
	}
	return columns == LEDGER_COLUMNS;
}

int ledger_parse_line(const char *line, size_t length, struct bucket_record *record)
{
	const char *column[LEDGER_COLUMNS];
	size_t width[LEDGER_COLUMNS];
	if (length >= LEDGER_LINE_SIZE || !split_columns(line, length, column, width))
		return -1;
	char crc[9];
	if (width[LEDGER_COLUMNS - 1] != 8)
		return -1;
	snprintf(crc, sizeof crc, "%08" PRIx32, crc32c(line, length - 8));
	if (memcmp(crc, column[LEDGER_COLUMNS - 1], 8) != 0)
		return -1;
	uint64_t value[LEDGER_COLUMNS - 2];
	for (int i = 0; i < LEDGER_COLUMNS - 2; i++)
		if (!decimal_parse(column[i], width[i], INT64_MAX, &value[i]))
			return -1;
	*record = (struct bucket_record){
		.start = (int64_t)value[0],
		.revision = (uint32_t)value[1],
		.observed_seconds = (uint32_t)value[2],
		.covered_from_us = (uint32_t)value[3],
		.covered_to_us = (uint32_t)value[4],
		.syn = value[5],
		.attempts = value[6],
		.sources = value[7],
		.new_sources = value[8],
		.udp = value[9],
		.other_syn = value[10],
		.other_udp = value[11],
		.backscatter = value[12],
		.malformed = value[13],
		.excluded = value[14],
		.answered = value[15],
		.kernel_drops = value[16],
		.evictions = value[17],
	};
	bool sane = value[0] % BUCKET_SECONDS == 0 && value[0] <= START_MAX &&
		    value[1] <= UINT32_MAX && value[2] <= BUCKET_SECONDS && value[3] <= value[4] &&
		    value[4] <= BUCKET_SECONDS * 1000000ull;
	return sane && bucket_flags_parse(column[18], width[18], &record->flags) ? 0 : -1;
}

static int compare_records(const void *left, const void *right)
{
	const struct bucket_record *a = left, *b = right;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->revision < b->revision ? -1 : a->revision > b->revision;
}

/* Sorts by bucket and keeps the highest revision of each. Appended in order, as an agent does,
 * a ledger is sorted already and the sort is one pass. */
static void settle_revisions(struct ledger *ledger)
{
	bool sorted = true;
	for (size_t i = 1; i < ledger->records && sorted; i++)
		sorted = compare_records(&ledger->record[i - 1], &ledger->record[i]) <= 0;
	if (!sorted)
		qsort(ledger->record, ledger->records, sizeof ledger->record[0], compare_records);
	size_t kept = 0;
	for (size_t i = 0; i < ledger->records; i++) {
		if (kept && ledger->record[kept - 1].start == ledger->record[i].start)
			kept--;
		ledger->record[kept++] = ledger->record[i];
	}
	ledger->records = kept;
}

static bool append_record(struct ledger *ledger, size_t *capacity,
			  const struct bucket_record *record)
{
	if (ledger->records == *capacity) {
		size_t larger = *capacity ? *capacity * 2 : 1024;
		struct bucket_record *grown =
			realloc(ledger->record, larger * sizeof ledger->record[0]);
		if (!grown)
			return false;
		ledger->record = grown;
		*capacity = larger;
	}
	ledger->record[ledger->records++] = *record;
	return true;
}

static int check_header(const char *path, FILE *stream, char *line, struct failure *failure)
{
	if (!fgets(line, LEDGER_LINE_SIZE, stream))
		return fail(failure, EXIT_FAILED,
			    "%s: empty or unreadable, not a ledger: restore it from a backup",
			    path);
	if (strcmp(line, LEDGER_VERSION_LINE "\n") != 0)
		return fail(failure, EXIT_FAILED,
			    "%s:1: not a ledger of this version: the first line should read \"%s\"",
			    path, LEDGER_VERSION_LINE);
	return 0;
}

/* Reads a line of any length; line[] holds its beginning, without the newline. Not fgets(): zero
 * bytes, which a power cut may leave, are bytes of the line like others. */
static bool read_line(FILE *stream, char line[LEDGER_LINE_SIZE], size_t *length, bool *complete)
{
	int byte;
	*length = 0;
	while ((byte = getc_unlocked(stream)) != EOF && byte != '\n') {
		if (*length < LEDGER_LINE_SIZE)
			line[*length] = (char)byte;
		++*length;
	}
	*complete = byte == '\n';
	return *complete || *length;
}

int ledger_read(struct ledger *ledger, const char *path, struct failure *failure)
{
	*ledger = (struct ledger){0};
	FILE *stream = fopen(path, "re");
	if (!stream)
		return fail(failure, EXIT_FAILED, "%s: cannot open the ledger: %s", path,
			    strerror(errno));
	char line[LEDGER_LINE_SIZE];
	if (check_header(path, stream, line, failure) != 0) {
		fclose(stream);
		return -1;
	}
	size_t capacity = 0, length;
	bool complete;
	for (size_t number = 2; read_line(stream, line, &length, &complete); number++) {
		if (!complete) {
			ledger->torn_bytes = length;
			break;
		}
		if (number == 2 && line[0] == '#') /* the names of the columns */
			continue;
		struct bucket_record record;
		if (ledger_parse_line(line, length, &record) != 0) {
			ledger->damaged_lines++;
			if (!ledger->first_damaged)
				ledger->first_damaged = number;
			continue;
		}
		ledger->lines++;
		if (!append_record(ledger, &capacity, &record)) {
			fclose(stream);
			ledger_free(ledger);
			return fail(failure, EXIT_FAILED, "%s: out of memory at line %zu", path,
				    number);
		}
	}
	bool unreadable = ferror(stream);
	fclose(stream);
	if (unreadable) {
		ledger_free(ledger);
		return fail(failure, EXIT_FAILED, "%s: cannot read the ledger to its end", path);
	}
	settle_revisions(ledger);
	return 0;
}

int ledger_read_last(const char *path, struct bucket_record *record, struct failure *failure)
{
	char tail[2 * LEDGER_LINE_SIZE];
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	off_t end = descriptor >= 0 ? lseek(descriptor, 0, SEEK_END) : -1;
	off_t from = end > (off_t)sizeof tail ? end - (off_t)sizeof tail : 0;
	ssize_t length = end >= 0 ? pread(descriptor, tail, sizeof tail, from) : -1;
	int error = errno;
	if (descriptor >= 0)
		close(descriptor);
	if (length < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot read the ledger: %s", path,
			    strerror(error));
	const char *newline = memrchr(tail, '\n', (size_t)length);
	if (!newline)
		return 0;
	const char *before = memrchr(tail, '\n', (size_t)(newline - tail));
	const char *line = before ? before + 1 : tail;
	return ledger_parse_line(line, (size_t)(newline - line), record) == 0;
}

void ledger_free(struct ledger *ledger)
{
	free(ledger->record);
	*ledger = (struct ledger){0};
}

const struct bucket_record *ledger_find(const struct ledger *ledger, int64_t start)
{
	size_t low = 0, high = ledger->records;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ledger->record[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < ledger->records && ledger->record[low].start == start;
	return found ? &ledger->record[low] : NULL;
}
