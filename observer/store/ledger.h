/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ledger: STATE/<target>/ledger, the truth. One line per closed 5-minute bucket, tab-separated,
 * append-only, CRC-32C of the line last. A bucket that has no line was not observed: unknown,
 * never zero. When a bucket has several lines, the last one stands (its revision is higher):
 * a later import added to a bucket that was covered in part.
 *
 * File: line 1 "stalenode-ledger 1", line 2 the column names after a '#', then records. */
#ifndef STALENODE_LEDGER_H
#define STALENODE_LEDGER_H

#include "../base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define BUCKET_SECONDS 300

enum bucket_flag {
	BUCKET_FIRST = 1 << 0,		/* first bucket of a run of the observer */
	BUCKET_LAST = 1 << 1,		/* last bucket of a run */
	BUCKET_CLOCK_STEPPED = 1 << 2,	/* timestamps went back more than the grace */
	BUCKET_LINK_DOWN = 1 << 3,	/* the interface was away for a part of it */
	BUCKET_RESTARTED = 1 << 4,	/* the observer was restarted in it */
	BUCKET_ATTEMPTS_UPPER = 1 << 5, /* attempt table overflowed: attempts is an upper bound */
	BUCKET_SOURCES_ESTIMATED = 1 << 6, /* sources by HyperLogLog, standard error 1.6 % */
	BUCKET_NEW_SOURCES_LOWER = 1
				   << 7, /* memory of sources full: new_sources is a lower bound */
	BUCKET_MERGED = 1 << 8,		 /* of two runs: attempts and sources are upper bounds */
	BUCKET_EVIDENCE_CUT = 1 << 9,	 /* the day's evidence budget was used up */
};

struct bucket_record {
	int64_t start;		   /* UTC seconds, a multiple of BUCKET_SECONDS */
	uint32_t revision;	   /* 0 for the first line of a bucket */
	uint32_t observed_seconds; /* 1 to 300: distinct clock seconds covered */
	uint32_t covered_from_us;  /* first covered instant, microseconds after start */
	uint32_t covered_to_us;	   /* last covered instant, microseconds after start, <= 300e6 */
	uint64_t syn;		   /* SYN set, ACK clear, to a port of the target */
	uint64_t attempts;	   /* connection attempts begun in this bucket */
	uint64_t sources;	   /* distinct source addresses of those SYNs */
	uint64_t new_sources;	   /* of these, never seen before since retirement */
	uint64_t udp;		   /* UDP datagrams to a port of the target */
	uint64_t other_syn;	   /* SYNs to other ports of the address: the background */
	uint64_t other_udp;	   /* UDP datagrams to other ports */
	uint64_t backscatter;	   /* SYN-ACK, RST and ICMP errors to the address */
	uint64_t malformed;	   /* SYN+FIN and SYN+RST to the address */
	uint64_t excluded;	   /* packets of the host's own services, by rule */
	uint64_t answered;	   /* SYN-ACKs that left from a port of the target: client alive */
	uint64_t kernel_drops;	   /* packets that the kernel could not hand over */
	uint64_t evictions;	   /* attempts forgotten early because the table was full */
	uint32_t flags;		   /* bits of enum bucket_flag */
};

/* A text of the flags, "first,merged" or "-", into text; returns text. */
char *bucket_flags_format(uint32_t flags, char *text, size_t size);

/* Ordered set of buckets as read: ascending start, one record per bucket (the last revision). */
struct ledger {
	struct bucket_record *record; /* owned */
	size_t records;
	size_t lines;	      /* record lines read, revisions included */
	size_t damaged_lines; /* lines set aside in the middle: bad CRC or not parseable */
	size_t first_damaged; /* line number of the first of them, 0 for none */
	size_t torn_bytes;    /* bytes of a torn last line, not part of the ledger */
};

/* Reads a whole ledger. A torn last line and damaged lines in the middle are counted, not an
 * error; a file that is not a ledger, or unreadable, is. *ledger is to be freed with
 * ledger_free() after success. */
int ledger_read(struct ledger *ledger, const char *path, struct failure *failure);
void ledger_free(struct ledger *ledger);
/* The record of the bucket that starts at `start`, or NULL. */
const struct bucket_record *ledger_find(const struct ledger *ledger, int64_t start);

/* One line with its newline and CRC into line (LEDGER_LINE_SIZE bytes); returns its length. */
#define LEDGER_LINE_SIZE 512
size_t ledger_format_line(const struct bucket_record *record, char line[LEDGER_LINE_SIZE]);
/* Reads one line without its newline; 0, or -1 when it is damaged. */
int ledger_parse_line(const char *line, size_t length, struct bucket_record *record);

/* The version line and the line of column names that begin every ledger. */
const char *ledger_header_text(void);

#endif
