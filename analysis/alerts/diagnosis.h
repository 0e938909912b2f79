/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * diagnosis: the verdict on one cluster, how sure it is, why, whose nodes may call, and when it
 * will be quiet. */
#ifndef STALENODE_DIAGNOSIS_H
#define STALENODE_DIAGNOSIS_H

#include "evidence.h"

#define DIAGNOSIS_REASONS 3
#define DIAGNOSIS_CLIENTS 5
#define QUIET_PROBABILITY 0.9

struct client_profile;

enum quiet_kind {
	QUIET_UNKNOWN,	     /* it cannot be told yet */
	QUIET_BY,	     /* by `quiet_by`, with `quiet_probability` */
	QUIET_NOT_BY_ITSELF, /* it will not stop: scans, a wrong index */
	QUIET_ALREADY,	     /* by what is seen it is over, with `quiet_probability` */
};

struct reason {
	struct fact fact;
	enum verdict for_; /* it speaks for this one */
	double weight;
};

struct diagnosis {
	enum verdict verdict;	/* VERDICT_UNCLEAR when no group has half of the probability */
	enum verdict likeliest; /* of the likeliest group, also when unclear */
	double probability[VERDICTS];
	double group_probability;		     /* of the likeliest's group */
	struct reason reason[2 * DIAGNOSIS_REASONS]; /* strongest first; for, then against */
	size_t reasons;
	struct {
		size_t index; /* client_table.h */
		double probability;
	} client[DIAGNOSIS_CLIENTS]; /* of residual P2P only */
	size_t clients;
	enum quiet_kind quiet;
	int64_t quiet_by; /* UTC seconds */
	double quiet_probability;
	const struct client_profile
		*profile; /* what that rests on; NULL: the cluster's own decay */
	struct evidence evidence;
};

/* from, to: UTC seconds in which the log was kept. */
void diagnosis_make(struct diagnosis *diagnosis, const struct cluster_table *table,
		    const struct cluster *cluster, int64_t from, int64_t to);

/* A part of it: which programs the nodes that are called may have run, by port, source ports,
 * countries and how long the calls go on, where they are calls to a P2P node. The weights are rough
 * odds of our own; a port alone makes a program twenty times as likely, no more. */
void diagnosis_name_clients(struct diagnosis *diagnosis, const struct cluster *cluster);

#endif
