/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * evidence: STATE/<target>/evidence/DATE.pcap, the counted SYNs themselves, one standard pcap per
 * UTC day. The link layer is left out (LINKTYPE_RAW), so that packets of any link fit in one
 * file. Budgeted per day: beyond the budget only counting goes on, and the caller is told.
 *
 * How far a day's file is written may live in memory that outlives a killed process, changed
 * under the journal: then packets are written at that place by evidence_settle(), which comes
 * before each commit. Who starts after a kill cuts what stands behind it, and the packets that were
 * under way are written there anew: the file holds each packet once. What cannot be written (a full
 * disk) is lost, counted, and said once; writing goes on when it can, and counting never stops.
 * Without such memory (import) packets are buffered, and an error is a failure.
 *
 * With an anonymiser, addresses are replaced before they are written: see anonymise.h.
 *
 * Packets whose time is not believed (EVIDENCE_CLOCK_STEPPED for a day) go to clock-stepped.pcap,
 * which has one budget for all of them, so that no day gets packets that were not of it.
 *
 * A day that is over is packed into DATE.pcap.zst: see evidence_pack.h. */
#ifndef STALENODE_EVIDENCE_H
#define STALENODE_EVIDENCE_H

#include "../base/failure.h"
#include "anonymise.h"
#include "journal.h"
#include "store_path.h"

#include <stdbool.h>
#include <stdint.h>

/* Some 200,000 SYNs a day and target; the published clients stay under 10,000. */
#define EVIDENCE_BUDGET_DEFAULT (16u << 20)
/* IP header with options or extensions and the TCP header; a SYN seldom has more. */
#define EVIDENCE_PACKET_MAX 256
/* A day's file is not written to any more, so long after its end: seconds. */
#define EVIDENCE_GRACE 3600

/* A day of none. */
#define EVIDENCE_CLOCK_STEPPED INT64_C(-1)

static inline int64_t evidence_day_of(int64_t time_us)
{
	return time_us / 1000000 / 86400;
}

/* How far the file of a day is written. */
struct evidence_day {
	int64_t day;   /* UTC days since 1970 */
	uint64_t used; /* bytes of the file that count; 0 when it was not opened yet */
	uint64_t cut;  /* 1: the day's budget is used up */
	/* Where the file of a day ended when it was opened. Never undone: when the opening is, this
	 * still tells which bytes were there before. */
	int64_t opened_day;
	uint64_t opened_end;
};

/* Of the latest even and the latest odd day, so that a late packet finds its
 * day. All zero bytes is the beginning. */
struct evidence_position {
	struct evidence_day day[2];
	uint64_t lost; /* packets that could not be written */
};

struct evidence_file {
	int64_t day;
	int descriptor;		    /* -1 when closed */
	uint8_t *buffer;	    /* owned */
	uint32_t buffered, packets; /* bytes and packets in it; they are part of `used` already */
};

struct evidence {
	char directory[STORE_PATH_SIZE];
	uint64_t budget;		     /* bytes per UTC day; 0 keeps none */
	struct evidence_position *position;  /* not owned, or &own */
	const struct journal_region *region; /* not owned; NULL without a journal */
	struct anonymiser *anonymiser;	     /* not owned; NULL leaves addresses as they came */
	struct evidence_position own;
	struct evidence_file file[2]; /* by evenness of the day, as the positions */
	bool failing;		      /* the last packet was lost, and that was said */
	int64_t try_again_us;	      /* after a file could not be opened */
};

enum evidence_result {
	EVIDENCE_FAILED = -1,
	EVIDENCE_KEPT = 0,
	EVIDENCE_CUT = 1,  /* the day's budget is used up */
	EVIDENCE_LOST = 2, /* it could not be written; only with a journal */
};

/* Creates the directory. `position` and `region` are NULL without a journal; what is not NULL must
 * outlive the evidence, which must not be moved. */
int evidence_open(struct evidence *evidence, const char *directory, uint64_t budget,
		  struct evidence_position *position, const struct journal_region *region,
		  struct anonymiser *anonymiser, struct failure *failure);
/* Writes one packet, from its IP header on, into the file of `day`: evidence_day_of() its time, or
 * EVIDENCE_CLOCK_STEPPED. EVIDENCE_FAILED with *failure. */
enum evidence_result evidence_write(struct evidence *evidence, int64_t day, int64_t time_us,
				    const uint8_t *packet, uint32_t captured_length,
				    uint32_t original_length, struct failure *failure);
/* With a journal, before each commit: what was handed in since goes to the file. EVIDENCE_LOST when
 * it could not. */
enum evidence_result evidence_settle(struct evidence *evidence);
/* Whether the budget of that day is known to be used up: saves the call. */
static inline bool evidence_is_cut(const struct evidence *evidence, int64_t day)
{
	const struct evidence_day *position = &evidence->position->day[day & 1];
	return position->cut && position->day == day;
}
/* Closes the files of days that ended EVIDENCE_GRACE before `now`, UTC seconds: before they are
 * packed. */
void evidence_close_over(struct evidence *evidence, int64_t now);
int evidence_close(struct evidence *evidence, struct failure *failure);

#endif
