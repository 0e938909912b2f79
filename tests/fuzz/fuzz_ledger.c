/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a ledger. It is read twice: as it is, and with the CRC of every line put right, so
 * that what lies behind the CRC is reached too. */
#include "../../observer/store/crc32c.h"
#include "../../observer/store/ledger.h"

#include "harness.h"

#include <inttypes.h>

static void check_record(const struct bucket_record *record)
{
	char line[LEDGER_LINE_SIZE];
	struct bucket_record back;
	size_t length = ledger_format_line(record, line);
	promise(length < LEDGER_LINE_SIZE && line[length - 1] == '\n');
	promise(ledger_parse_line(line, length - 1, &back) == 0);
	promise(back.start == record->start && back.syn == record->syn &&
		back.revision == record->revision && back.flags == record->flags &&
		back.evictions == record->evictions);
	promise(record->start % BUCKET_SECONDS == 0 && record->start >= 0);
	promise(record->observed_seconds <= BUCKET_SECONDS);
	promise(record->covered_from_us <= record->covered_to_us);
}

static void read_whole(const uint8_t *data, size_t size)
{
	char path[64];
	int descriptor = memory_file(data, size, path);
	struct failure failure = {0};
	struct ledger ledger;
	if (ledger_read(&ledger, path, &failure) == 0) {
		promise(ledger.records <= ledger.lines);
		promise(ledger.torn_bytes < size);
		promise((ledger.damaged_lines == 0) == (ledger.first_damaged == 0));
		for (size_t i = 0; i < ledger.records; i++) {
			promise(i == 0 || ledger.record[i - 1].start < ledger.record[i].start);
			promise(ledger_find(&ledger, ledger.record[i].start) == &ledger.record[i]);
			check_record(&ledger.record[i]);
		}
		ledger_free(&ledger);
	} else {
		promise(failure.status == EXIT_FAILED && failure.text[0]);
	}
	close(descriptor);
}

/* Writes hexadecimal CRCs over the last eight bytes of every line. */
static void sign_lines(uint8_t *data, size_t size)
{
	for (size_t start = 0; start < size;) {
		const uint8_t *newline = memchr(data + start, '\n', size - start);
		size_t length = newline ? (size_t)(newline - data) - start : size - start;
		char crc[9];
		if (length >= 8) {
			snprintf(crc, sizeof crc, "%08" PRIx32, crc32c(data + start, length - 8));
			memcpy(data + start + length - 8, crc, 8);
		}
		start += length + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bucket_record record;
	uint8_t *line = exact_copy(data, size);
	if (ledger_parse_line((const char *)line, size, &record) == 0)
		check_record(&record);
	free(line);
	read_whole(data, size);
	size_t header = strlen(ledger_header_text());
	uint8_t *signed_lines = malloc(header + size);
	promise(signed_lines != NULL);
	memcpy(signed_lines, ledger_header_text(), header);
	if (size)
		memcpy(signed_lines + header, data, size);
	sign_lines(signed_lines + header, size);
	read_whole(signed_lines, header + size);
	free(signed_lines);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	*seed = (struct octets){0};
	if (number > 3)
		return false;
	if (number % 2)
		put_bytes(seed, ledger_header_text(), strlen(ledger_header_text()));
	for (unsigned i = 0; i < 4; i++) {
		struct bucket_record record = {
			.start = 1203465600 + BUCKET_SECONDS * (int64_t)(i ^ number),
			.revision = i / 3,
			.observed_seconds = 300 - i,
			.covered_to_us = 300000000,
			.syn = UINT64_C(1) << (i * 15),
			.flags = 0x3ffu >> (i * 3),
		};
		char line[LEDGER_LINE_SIZE];
		put_bytes(seed, line, ledger_format_line(&record, line));
	}
	return true;
}
