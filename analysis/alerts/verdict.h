/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verdict: what a cluster of alerts most likely was. */
#ifndef STALENODE_VERDICT_H
#define STALENODE_VERDICT_H

enum verdict {
	VERDICT_RESIDUAL_P2P,	    /* nodes call one that is gone */
	VERDICT_CONTAMINATED_INDEX, /* nodes were told a wrong address */
	VERDICT_SCAN,
	VERDICT_WORM,
	VERDICT_SYN_FLOOD,
	VERDICT_BACKSCATTER, /* answers to packets that others sent in this address's name */
	VERDICT_BRUTE_FORCE,
	VERDICT_SINGLE_SOURCE,
	VERDICT_RESIDUAL_SERVICE, /* for a service of who had the address before */
	VERDICT_OWN_CLIENT,	  /* this host calls */
	VERDICT_OWN_REPLIES,	  /* late packets of this host's own connections */
	VERDICT_BENIGN,
	VERDICTS,
	VERDICT_UNCLEAR = VERDICTS,
};

/* "residual-p2p"; also of VERDICT_UNCLEAR. Static strings. */
const char *verdict_name(enum verdict verdict);
/* "p2p-endpoint" */
const char *verdict_group(enum verdict verdict);

#endif
