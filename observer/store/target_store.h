/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_store: the record of one target, STATE/<target>/: its ledger and counts.rrd, the view of
 * it, opened together for one run of the observer. */
#ifndef STALENODE_TARGET_STORE_H
#define STALENODE_TARGET_STORE_H

#include "../base/failure.h"
#include "../target.h"
#include "ledger.h"
#include "ledger_writer.h"
#include "store_path.h"

#include <stdbool.h>

#define TARGET_STORE_RECENT    4
#define TARGET_STORE_PATH_SIZE (STORE_PATH_SIZE + 64)

struct target_store {
	char directory[STORE_PATH_SIZE];
	struct ledger ledger; /* as it was at the opening */
	struct ledger_writer writer;
	int64_t last_appended;	   /* start of the latest bucket in the ledger, or TIME_UNKNOWN */
	struct bucket_record last; /* the line of that bucket */
	struct bucket_record written; /* the last line written; all zero before */
	/* What the RRD lacks: the latest records while they are few and follow it in order, as an
	 * agent appends them; otherwise the whole ledger is read again. */
	struct bucket_record recent[TARGET_STORE_RECENT];
	size_t recents;
	bool view_behind;	/* there is more than recent[] */
	bool view_out_of_order; /* a bucket before the RRD's last one was appended */
};

/* Opens and creates what is missing. A torn last line of the ledger is cut, damaged lines are
 * warned of. `whole`: reads the ledger; otherwise only its last line. */
int target_store_open(struct target_store *store, const char *state_directory,
		      const struct target *target, bool whole, struct failure *failure);
/* Appends a closed bucket. Not durable before target_store_synchronise(). */
int target_store_append(struct target_store *store, const struct bucket_record *record,
			struct failure *failure);
/* An agent's way, one line at a time and durable at once; half a line is taken back. *line is the
 * line for a bucket: merged with the one that the ledger has of it already. */
int target_store_line(const struct target_store *store, const struct bucket_record *record,
		      struct bucket_record *line, struct failure *failure);
/* Whether that line is the last one of the ledger already. */
bool target_store_has(const struct target_store *store, const struct bucket_record *line);
int target_store_write(struct target_store *store, const struct bucket_record *line,
		       struct failure *failure);
/* Looks whether the ledger is still the file at its path, and opens it anew when it is not. */
int target_store_stay(struct target_store *store, struct failure *failure);
/* counts.rrd had every line of the ledger when the last process ended: when it ends with it still,
 * it need not be compared row by row. */
void target_store_trust_view(struct target_store *store);

/* Makes the ledger durable. */
int target_store_synchronise(struct target_store *store, struct failure *failure);
/* New sources that the ledger, as it was at the opening, accounts for since that time. */
uint64_t target_store_sources(const struct target_store *store, int64_t since);
/* Brings counts.rrd up to the ledger; after the transaction is committed, if there is one. */
int target_store_update_view(struct target_store *store, struct failure *failure);
/* Frees everything. What was not finished is not written. */
void target_store_close(struct target_store *store);

#endif
