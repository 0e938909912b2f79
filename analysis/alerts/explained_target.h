/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explained_target: a target's own store as what is to be explained: the SYNs that it kept as
 * evidence, from its retirement on. */
#ifndef STALENODE_EXPLAINED_TARGET_H
#define STALENODE_EXPLAINED_TARGET_H

#include "explanation.h"

#include "../../observer/store/evidence_list.h"

/* Its addresses, as they are and as evidence has them that was anonymised. */
#define EXPLAINED_ADDRESSES_MAX 4

struct explained_target {
	struct evidence_list evidence;
	struct address local[EXPLAINED_ADDRESSES_MAX];
	size_t locals; /* 0 when it cannot be told how they are written there */
	char client[65];
	int64_t retired;	/* UTC seconds, or TIME_UNKNOWN */
	int64_t observed_until; /* end of the last bucket of its ledger, UTC seconds; 0 unknown */
	bool anonymised;	/* some of the addresses in it are not the real ones */
};

/* Whether the path is a directory, as no log is. */
bool explained_target_recognise(const char *path);
/* STATE/NAME. -1 with the mend when it is no target, or kept no evidence. Free with
 * explained_target_free(). */
int explained_target_open(struct explained_target *target, const char *path,
			  struct failure *failure);
/* Adds all its evidence to an explanation that was begun with its addresses. A file that is damaged
 * is said as a warning, and the others are read; -1 when none could be. */
int explained_target_read(const struct explained_target *target, struct explanation *explanation,
			  const struct alert_input_request *request, struct failure *failure);
void explained_target_free(struct explained_target *target);

#endif
