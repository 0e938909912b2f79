/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert_harness: the fuzz target of one reader of alerts. The data is a log; each of its lines is
 * given to the reader alone, in memory that ends where the line ends, and to all readers in their
 * order. What comes out is within its bounds, and the same when it is read again. */
#ifndef STALENODE_ALERT_HARNESS_H
#define STALENODE_ALERT_HARNESS_H

#include "../../analysis/alerts/alert_line.h"

#include "harness.h"

#include <string.h>

/* Of the file that includes this one. */
extern const alert_reader fuzz_reader;
extern const char *const fuzz_seeds[];
extern const size_t fuzz_seed_count;

static void within(int64_t value, int64_t limit)
{
	promise(value == ALERT_UNKNOWN || (value >= 0 && value <= limit));
}

static void check_alert(const struct alert *alert, enum alert_format format)
{
	promise(format > FORMAT_NONE && format < ALERT_FORMATS && *alert_format_name(format));
	/* From before any year that is written to behind 9999, or the longest count of seconds. */
	promise(alert->time_us == ALERT_TIME_UNKNOWN ||
		(alert->time_us > -INT64_C(100000000000) * 1000000 &&
		 alert->time_us < INT64_C(1000000000000) * 1000000));
	promise(alert->direction <= ALERT_FORWARDED && alert->action <= ALERT_ALLOWED);
	promise(alert->repeats >= 1);
	within(alert->source_port, 65535);
	within(alert->destination_port, 65535);
	within(alert->icmp_type, 255);
	within(alert->tcp_flags, 255);
	within(alert->tcp_sequence, UINT32_MAX);
	within(alert->tcp_window, 65535);
	within(alert->tcp_options_length, 65536);
	within(alert->time_to_live, 255);
	within(alert->length, 0x10ffff + 40);
}

static void begin(struct alert_lines *lines)
{
	memset(lines, 0, sizeof *lines);
	log_clock_begin(&lines->clock, 0, INT64_C(1800000000), 0);
}

static void read_alone(const char *text, size_t length, struct alert_lines *lines)
{
	struct alert alert;
	int64_t time_us;
	const char *body = log_time_of_line(&lines->clock, text, text + length, &time_us);
	promise(body >= text && body <= text + length);
	struct log_line line = {text, text + length, body, &lines->clock, &lines->columns};
	alert_clear(&alert);
	alert.time_us = time_us;
	enum alert_format format = fuzz_reader(&line, &alert);
	if (format != FORMAT_NONE)
		check_alert(&alert, format);
}

static void read_by_all(const char *text, size_t length, struct alert_lines *lines)
{
	struct alert alert, again;
	enum alert_format format, format_again;
	struct alert_lines before = *lines;
	enum alert_line kind = alert_line_read(lines, text, text + length, &alert, &format);
	promise(kind == alert_line_read(&before, text, text + length, &again, &format_again));
	if (kind != ALERT_LINE)
		return;
	check_alert(&alert, format);
	promise(format == format_again && memcmp(&alert, &again, sizeof alert) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct alert_lines alone, all;
	begin(&alone);
	begin(&all);
	while (size) {
		const uint8_t *newline = memchr(data, '\n', size);
		size_t length = newline ? (size_t)(newline - data) : size;
		char *text = malloc(length ? length : 1);
		promise(text != NULL);
		memcpy(text, data, length);
		/* As alert_line_read() does: a header or a blank line comes to no reader. */
		if (length && !column_header(&alone.columns, text, text + length))
			read_alone(text, length, &alone);
		read_by_all(text, length, &all);
		free(text);
		length += newline != NULL;
		data += length;
		size -= length;
	}
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	*seed = (struct octets){0};
	if (number >= fuzz_seed_count)
		return false;
	put_bytes(seed, fuzz_seeds[number], strlen(fuzz_seeds[number]));
	return true;
}

#define FUZZ_READER(reader)                                                                        \
	const alert_reader fuzz_reader = (reader);                                                 \
	const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof fuzz_seeds[0]

#endif
