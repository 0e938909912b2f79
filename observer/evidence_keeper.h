/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * evidence_keeper: packs the days of evidence that are over, of all targets of an observation, on
 * behalf of the thread that writes. See store/evidence_pack.h. */
#ifndef STALENODE_EVIDENCE_KEEPER_H
#define STALENODE_EVIDENCE_KEEPER_H

#include "observation.h"
#include "store/evidence_pack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Looking into the directories of 100 targets takes some 30 ms: not each minute. */
#define EVIDENCE_KEEPER_SECONDS 900
/* Half a second of work, after which ledgers come first again. */
#define EVIDENCE_KEEPER_STEPS 100

struct evidence_keeper {
	struct evidence_packer *packer; /* owned; NULL before the first use */
	int64_t looked;			/* UTC seconds of the last whole look */
	size_t target;			/* where the last call ended */
	bool failing;			/* and that was said */
};

/* True when it should be called again soon. What cannot be packed (a full disk) is said once and
 * tried again at the next look. The time is that of observation_turn_census(), which has closed
 * the files that are packed here. */
bool evidence_keeper_work(struct evidence_keeper *keeper, const struct observation *observation);
void evidence_keeper_end(struct evidence_keeper *keeper);

#endif
