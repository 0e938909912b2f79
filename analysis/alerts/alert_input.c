/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alert_input.h"

#include "alert_line.h"
#include "alert_packet.h"
#include "line_reader.h"

#include "../../observer/byte_stream.h"
#include "../../observer/capture_file.h"

#include <stdlib.h>

struct alert_input {
	struct capture_file *capture; /* NULL: lines */
	struct byte_stream *stream;   /* of the lines; a capture owns its own */
	enum alert_format capture_format;
	struct alert_input_counts counts;
	uint64_t of_format[ALERT_FORMATS];
	struct alert_lines lines;
	struct line_reader reader;
};

static int open_capture(struct alert_input *input, struct byte_stream *stream, const char *path,
			struct failure *failure)
{
	if (capture_file_open_stream(&input->capture, stream, path, failure) != 0)
		return -1;
	input->capture_format = strcmp(capture_file_format(input->capture), "pcapng") == 0
					? FORMAT_PCAPNG
					: FORMAT_PCAP;
	return 0;
}

static void open_lines(struct alert_input *input, struct byte_stream *stream, const uint8_t *begin,
		       size_t length, const struct alert_input_request *request)
{
	int64_t written = request->now;
	byte_stream_modified(stream, &written);
	input->stream = stream;
	line_reader_begin(&input->reader, stream, begin, length);
	log_clock_begin(&input->lines.clock, request->year, written, request->offset_seconds);
}

int alert_input_open(struct alert_input **opened, const char *path,
		     const struct alert_input_request *request, struct failure *failure)
{
	*opened = NULL;
	struct byte_stream *stream;
	if (byte_stream_open(&stream, path, failure) != 0)
		return -1;
	uint8_t magic[BYTE_STREAM_PEEK];
	ssize_t length = byte_stream_peek(stream, magic, failure);
	struct alert_input *input = length < 0 ? NULL : calloc(1, sizeof *input);
	if (!input) {
		byte_stream_close(stream);
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	}
	if (length < BYTE_STREAM_PEEK || !capture_file_recognise(magic)) {
		open_lines(input, stream, magic, (size_t)length, request);
	} else if (open_capture(input, stream, path, failure) != 0) {
		alert_input_close(input);
		return -1;
	}
	*opened = input;
	return 0;
}

/* Printable ASCII stays; a log may be in any encoding, so what is left of others is '?'. */
static void show_line(struct alert_input_counts *counts, const struct line *line)
{
	if (counts->shown == ALERT_INPUT_SHOWN)
		return;
	counts->show[counts->shown].line = counts->lines;
	char *text = counts->show[counts->shown++].text;
	size_t length = 0;
	for (const char *at = line->begin; at < line->end && length < ALERT_INPUT_SHOWN_MAX; at++)
		text[length++] = *at == '\t' ? ' ' : *at < ' ' || *at > '~' ? '?' : *at;
	text[length] = '\0';
}

static void count_alert(struct alert_input *input, const struct alert *alert,
			enum alert_format format)
{
	input->counts.alerts++;
	input->counts.time_unknown += alert->time_us == ALERT_TIME_UNKNOWN;
	input->of_format[format]++;
}

static enum alert_next next_packet(struct alert_input *input, struct alert *alert,
				   struct failure *failure)
{
	struct capture_packet packet;
	enum capture_next next;
	while ((next = capture_file_next(input->capture, &packet, failure)) == CAPTURE_PACKET) {
		input->counts.lines++;
		if (alert_packet(&packet, alert)) {
			count_alert(input, alert, input->capture_format);
			return ALERT_NEXT;
		}
		input->counts.skipped++;
	}
	return next == CAPTURE_END ? ALERT_END : ALERT_FAILED;
}

/* What editors of Windows put before the first line of UTF-8. */
static void skip_byte_order_mark(struct line *line)
{
	if (line->end - line->begin >= 3 && memcmp(line->begin, "\xEF\xBB\xBF", 3) == 0)
		line->begin += 3;
}

static enum alert_next next_line(struct alert_input *input, struct alert *alert,
				 struct failure *failure)
{
	struct line line;
	int got;
	while ((got = line_reader_next(&input->reader, &line, failure)) > 0) {
		enum alert_format format;
		enum alert_line kind = ALERT_LINE_UNKNOWN;
		if (input->counts.lines++ == 0)
			skip_byte_order_mark(&line);
		if (!line.cut)
			kind = alert_line_read(&input->lines, line.begin, line.end, alert, &format);
		if (kind == ALERT_LINE) {
			count_alert(input, alert, format);
			return ALERT_NEXT;
		}
		if (kind == ALERT_LINE_UNKNOWN) {
			input->counts.skipped++;
			input->counts.too_long += line.cut;
			show_line(&input->counts, &line);
		}
	}
	return got == 0 ? ALERT_END : ALERT_FAILED;
}

enum alert_next alert_input_next(struct alert_input *input, struct alert *alert,
				 struct failure *failure)
{
	return input->capture ? next_packet(input, alert, failure)
			      : next_line(input, alert, failure);
}

const struct alert_input_counts *alert_input_counts(const struct alert_input *input)
{
	return &input->counts;
}

const char *alert_input_format(const struct alert_input *input)
{
	enum alert_format most = FORMAT_NONE;
	for (int format = 0; format < ALERT_FORMATS; format++)
		if (input->of_format[format] > input->of_format[most])
			most = (enum alert_format)format;
	return alert_format_name(most);
}

void alert_input_close(struct alert_input *input)
{
	if (!input)
		return;
	capture_file_close(input->capture);
	byte_stream_close(input->stream);
	free(input);
}
