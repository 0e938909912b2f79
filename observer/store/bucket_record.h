/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bucket_record: what was counted for one target in one closed bucket of 5 minutes. */
#ifndef STALENODE_BUCKET_RECORD_H
#define STALENODE_BUCKET_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUCKET_SECONDS 300

enum bucket_flag {
	BUCKET_FIRST = 1 << 0,		/* first bucket of a run of the observer */
	BUCKET_LAST = 1 << 1,		/* last bucket of a run */
	BUCKET_CLOCK_STEPPED = 1 << 2,	/* the clock was set: its counts may be of other times */
	BUCKET_LINK_DOWN = 1 << 3,	/* the interface was away for a part of it */
	BUCKET_RESTARTED = 1 << 4,	/* the observer was restarted in it */
	BUCKET_ATTEMPTS_UPPER = 1 << 5, /* attempt table overflowed: attempts is an upper bound */
	BUCKET_SOURCES_ESTIMATED = 1 << 6, /* sources by HyperLogLog, standard error 1.6 % */
	BUCKET_NEW_SOURCES_LOWER = 1
				   << 7, /* memory of sources full: new_sources is a lower bound */
	BUCKET_MERGED = 1 << 8,		 /* of two runs: attempts and sources are upper bounds */
	BUCKET_EVIDENCE_CUT = 1 << 9,	 /* the day's evidence budget was used up */
	BUCKET_EVIDENCE_LOST = 1 << 10,	 /* evidence could not be written: a full disk */
};

#define BUCKET_FLAGS 11 /* bits of enum bucket_flag */

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
/* The flags that `length` bytes of such a text name; false when one is unknown. */
bool bucket_flags_parse(const char *text, size_t length, uint32_t *flags);

/* Whether any packet was counted. */
bool bucket_record_counted(const struct bucket_record *record);

/* Whether its counts were made in its seconds, so that both together are a rate. Not where the
 * clock was set: it counted while the clock stood still, or what had the time of another bucket. */
bool bucket_record_has_rate(const struct bucket_record *record);

/* Adds what a former run had counted in the same bucket, and takes the next revision. The two saw
 * different seconds, but perhaps the same sources and attempts: these sums are upper bounds, and
 * flagged. */
void bucket_record_merge(struct bucket_record *record, const struct bucket_record *prior);

#endif
