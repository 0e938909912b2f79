/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert_input: the alerts of one file, whatever wrote it: firewall logs of the formats in
 * alert_format.h (also mixed in one file), CSV with a header, pcap, pcapng; plain, gzip or
 * Zstandard; in UTF-8 or UTF-16; or standard input ("-"). Recognised by content, never by name.
 * Reads as a stream: memory does not grow with the file. */
#ifndef STALENODE_ALERT_INPUT_H
#define STALENODE_ALERT_INPUT_H

#include "alert.h"

#include "../../observer/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define ALERT_INPUT_SHOWN     5	  /* lines not understood that are kept to be shown */
#define ALERT_INPUT_SHOWN_MAX 120 /* octets of each, made printable */

enum alert_next {
	ALERT_NEXT,
	ALERT_END,
	ALERT_FAILED, /* unreadable or damaged from here on: see *failure */
};

struct alert_input;

struct alert_input_counts {
	uint64_t lines;	   /* or packets */
	uint64_t alerts;   /* given */
	uint64_t skipped;  /* of no known form, or without the addresses; blank lines are neither */
	uint64_t too_long; /* of the skipped, cut at the longest line that is read */
	uint64_t time_unknown; /* alerts given without a time */
	size_t shown;
	struct {
		uint64_t line;
		char text[ALERT_INPUT_SHOWN_MAX + 1];
	} show[ALERT_INPUT_SHOWN];
};

/* year: of syslog times without one; 0 takes it from the file's own date (standard input: the
 * present, `now`, UTC seconds), and a log that runs past New Year goes on in the next. Times
 * without an offset are UTC unless offset_seconds (east of Greenwich) says otherwise. */
struct alert_input_request {
	int year;
	int32_t offset_seconds;
	int64_t now;
	int64_t since; /* what is timed before is passed over, UTC seconds; 0 for nothing */
};

/* *input is to be closed with alert_input_close(). EXIT_FAILED when the file cannot be read. An
 * empty file has no alerts and is no failure. */
int alert_input_open(struct alert_input **input, const char *path,
		     const struct alert_input_request *request, struct failure *failure);
enum alert_next alert_input_next(struct alert_input *input, struct alert *alert,
				 struct failure *failure);
const struct alert_input_counts *alert_input_counts(const struct alert_input *input);
/* The format of most of its alerts: "ufw", "netfilter", "pcap", ...; "" before any. */
const char *alert_input_format(const struct alert_input *input);
void alert_input_close(struct alert_input *input);

#endif
