/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture_file.h"

#include "capture_format.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct capture_format *const formats[] = {&pcap_format, &pcapng_format};

#define FORMATS (sizeof formats / sizeof formats[0])

bool capture_file_recognise(const uint8_t magic[4])
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->recognise(magic))
			return true;
	return false;
}

static int begin(struct capture_file *file, struct failure *failure)
{
	struct capture_buffer *buffer = &file->buffer;
	ssize_t held = capture_buffer_need(buffer, 4, failure);
	if (held < 0)
		return -1;
	if (held == 0)
		return fail(failure, EXIT_FAILED,
			    "%s: empty, not a capture file: name another file", file->name);
	for (size_t i = 0; held >= 4 && i < FORMATS; i++)
		if (formats[i]->recognise(buffer->bytes)) {
			file->format = formats[i];
			return file->format->begin(file, failure);
		}
	return fail(failure, EXIT_FAILED,
		    "%s: not a capture file: give pcap or pcapng, plain, .gz or .zst", file->name);
}

int capture_file_open_stream(struct capture_file **opened, struct byte_stream *stream,
			     const char *path, struct failure *failure)
{
	*opened = NULL;
	struct capture_file *file = malloc(sizeof *file);
	if (!file) {
		byte_stream_close(stream);
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	}
	memset(file, 0, offsetof(struct capture_file, buffer.bytes));
	snprintf(file->path, sizeof file->path, "%s",
		 strcmp(path, "-") == 0 ? "standard input" : path);
	file->name = file->path;
	file->buffer.stream = stream;
	if (begin(file, failure) != 0) {
		capture_file_close(file);
		return -1;
	}
	*opened = file;
	return 0;
}

int capture_file_open(struct capture_file **opened, const char *path, struct failure *failure)
{
	*opened = NULL;
	struct byte_stream *stream;
	if (byte_stream_open(&stream, path, failure) != 0)
		return -1;
	return capture_file_open_stream(opened, stream, path, failure);
}

enum capture_next capture_file_next(struct capture_file *file, struct capture_packet *packet,
				    struct failure *failure)
{
	return file->format->next(file, packet, failure);
}

enum capture_next capture_cut_off(const struct capture_file *file, struct failure *failure)
{
	fail(failure, EXIT_FAILED,
	     "%s: cut off inside packet %" PRIu64 ": the %" PRIu64 " before it are whole",
	     file->name, file->packets + 1, file->packets);
	return CAPTURE_FAILED;
}

const char *capture_file_format(const struct capture_file *file)
{
	return file->format->name;
}

const char *capture_file_name(const struct capture_file *file)
{
	return file->name;
}

uint64_t capture_file_consumed(const struct capture_file *file)
{
	return byte_stream_consumed(file->buffer.stream);
}

uint64_t capture_file_size(const struct capture_file *file)
{
	return byte_stream_size(file->buffer.stream);
}

void capture_file_close(struct capture_file *file)
{
	if (!file)
		return;
	byte_stream_close(file->buffer.stream);
	free(file);
}
