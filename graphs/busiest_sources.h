/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * busiest_sources: who called a target most since its retirement, from the evidence that its
 * directory keeps: the ledger knows only how many there were. Evidence has a budget a day, so it
 * may hold fewer SYNs than were counted, and what does hold says so. Addresses: for reports that
 * were asked for them, and no other. */
#ifndef STALENODE_BUSIEST_SOURCES_H
#define STALENODE_BUSIEST_SOURCES_H

#include "../observer/base/failure.h"
#include "../observer/geo.h"
#include "../observer/target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUSIEST_SOURCES_MAX 20
/* Told apart; SYNs of those that come when there are so many are counted, but rank nobody. */
#define BUSIEST_SOURCES_KNOWN (1u << 18)
/* Files of evidence, the latest: ten years of days. */
#define BUSIEST_SOURCES_FILES 4096

struct busiest_source {
	struct address address;
	char country[3];     /* ISO 3166-1; "" when unknown */
	int64_t first, last; /* UTC seconds, of its SYNs since retirement */
	uint64_t syn, attempts;
};

struct busiest_sources {
	bool known;	     /* false: there was no evidence to read; all below is 0 */
	bool countries;	     /* a database was asked */
	bool anonymised;     /* the addresses are stand-ins: see anonymise.h */
	bool attempts_upper; /* too many at once: attempts are an upper bound */
	uint64_t syn;	     /* in the evidence, since retirement */
	uint64_t sources;    /* told apart, at most BUSIEST_SOURCES_KNOWN */
	uint64_t syn_left;   /* of sources beyond */
	size_t busiest;
	struct busiest_source source[BUSIEST_SOURCES_MAX]; /* busiest first */
};

/* Reads STATE/NAME/evidence of the target at `path`; `retired` in UTC seconds. Without a database
 * (NULL) and of anonymised addresses no country is known. Files that cannot be read are said as
 * warnings, and it goes without; -1 only when memory is lacking. */
int busiest_sources_read(struct busiest_sources *busiest, const char *path, int64_t retired,
			 struct geo *geo, struct failure *failure);

#endif
