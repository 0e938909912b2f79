/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capture_file: the packets of a capture file, pcap (micro- and nanoseconds, both byte orders,
 * the "modified" form) or pcapng (any mix of interfaces and link types), plain, gzip or
 * Zstandard, or from standard input ("-"). */
#ifndef STALENODE_CAPTURE_FILE_H
#define STALENODE_CAPTURE_FILE_H

#include "base/failure.h"
#include "byte_stream.h"

#include <stdbool.h>
#include <stdint.h>

struct capture_packet {
	int64_t time_us;	  /* UTC microseconds since 1970, finer digits cut off */
	uint64_t number;	  /* 1 for the first packet of its file */
	uint32_t captured_length; /* bytes[] */
	uint32_t original_length; /* on the wire */
	int link_type;		  /* LINKTYPE_ value */
	bool has_time;		  /* false: a pcapng simple packet block, it carries none */
	const uint8_t *bytes;	  /* valid until the next call */
};

enum capture_next {
	CAPTURE_PACKET,
	CAPTURE_END,
	CAPTURE_FAILED, /* cut off, damaged or unreadable from here on: see *failure */
};

struct capture_file;

/* Opens path and reads the file's header. EXIT_FAILED with what it is instead when it is no
 * capture. *file is to be closed with capture_file_close(). */
int capture_file_open(struct capture_file **file, const char *path, struct failure *failure);
/* The same over a stream already open, of which nothing has been read: it belongs to *file from
 * here on, also after a failure. path is for messages. */
int capture_file_open_stream(struct capture_file **file, struct byte_stream *stream,
			     const char *path, struct failure *failure);
/* True when a file that begins with these bytes is a capture. */
bool capture_file_recognise(const uint8_t magic[4]);
enum capture_next capture_file_next(struct capture_file *file, struct capture_packet *packet,
				    struct failure *failure);
/* "pcap" or "pcapng". */
const char *capture_file_format(const struct capture_file *file);
/* The path, "standard input" for "-". */
const char *capture_file_name(const struct capture_file *file);
/* Bytes of the file read so far, and its size (0 for a pipe), for progress. */
uint64_t capture_file_consumed(const struct capture_file *file);
uint64_t capture_file_size(const struct capture_file *file);
void capture_file_close(struct capture_file *file);

#endif
