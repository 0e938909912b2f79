/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * evidence: the facts that a cluster shows, each with what it is worth for and against each
 * verdict: the natural logarithm of how many times more often the fact is seen where the verdict
 * is true than elsewhere. evidence_weights.c has the table, and where each row comes from. */
#ifndef STALENODE_EVIDENCE_H
#define STALENODE_EVIDENCE_H

#include "cluster_table.h"
#include "verdict.h"

#include <stdbool.h>

enum fact_kind {
	FACT_OUTGOING,	       /* remote addresses */
	FACT_ESTABLISHED,      /* share: neither SYN-ACK nor RST */
	FACT_ANSWERS,	       /* share; remotes */
	FACT_ANSWERS_SPREAD,   /* ports */
	FACT_FLAGS_SPREAD,     /* ports; remotes: TCP without SYN to many ports: a scan */
	FACT_ICMP_ERRORS,      /* events */
	FACT_TO_ALL,	       /* events */
	FACT_FROM_NEAR,	       /* events, of a protocol that hosts speak among themselves */
	FACT_FLOOD,	       /* events in the busiest second; sources */
	FACT_FLOOD_MILD,       /* likewise */
	FACT_BURST,	       /* events in the busiest second, of all events */
	FACT_ONE_SOURCE,       /* events */
	FACT_ONE_SOURCE_HEAVY, /* share; events */
	FACT_FEW_SOURCES,      /* sources: 2 to 4 on one port */
	FACT_MANY_SOURCES,     /* sources: on one port */
	FACT_PORT_P2P,	       /* port */
	FACT_PORT_SCAN,
	FACT_PORT_WORM,
	FACT_PORT_BRUTE_FORCE,
	FACT_PORT_MAIL,
	FACT_PORT_WEB,
	FACT_PORT_FLOOD_TARGET,
	FACT_PORT_BENIGN,
	FACT_PORT_UNLISTED_HIGH,
	FACT_PORT_UNLISTED_LOW,
	FACT_P2P_SOURCE_PORTS,	/* share */
	FACT_FIXED_SOURCE_PORT, /* share; port */
	FACT_BARE_SYNS,		/* share */
	FACT_FULL_SYNS,		/* share */
	FACT_ONE_WINDOW,	/* share; window */
	FACT_REPEATED,		/* share of attempts */
	FACT_NOT_REPEATED,	/* attempts */
	FACT_SEVERAL_TRIES,	/* attempts per source */
	FACT_MANY_TRIES,	/* likewise */
	FACT_RETURN,		/* share of sources */
	FACT_HARDLY_RETURN,	/* share of sources; days */
	FACT_DECAYS,		/* hours in which it halves */
	FACT_DECAYS_SLOWLY,	/* hours in which it halves, more than a month */
	FACT_STEADY,		/* days */
	FACT_SCANNERS,		/* share of sources */
	FACT_ONLY_THIS_PORT,	/* share of sources that touch nothing else */
	FACT_STANDS_OUT,	/* sources; 19 of 20 other ports have at most so many */
	FACT_LIKE_OTHER_PORTS,	/* likewise */
	FACT_NEIGHBOURS_TOO,	/* addresses */
	FACT_ONLY_THIS_ADDRESS, /* share; addresses */
	FACT_PING,		/* ICMP echo requests */
	FACT_CALLED_BEFORE,	/* this host's own calls to where the answers come from */
	FACT_OUT_TO_ALL,	/* packets of this host to a network */
	FACT_MANY_PORTS,	/* ports; sources */
	FACTS,
};

struct fact {
	enum fact_kind kind;
	double number[2]; /* as above; shares are 0 to 1 */
};

struct evidence {
	struct fact fact[FACTS];
	size_t facts;
	/* Of the later half of its time, which alone tells how it goes on: a first fall from a
	 * plateau is steep, and what is left then lasts. */
	double decay_hours;    /* in which the rate halves; NAN: not shown to decay */
	double decay_error;    /* standard error of the decay constant, per hour */
	double rate_at_end;    /* attempts per hour */
	uint64_t observations; /* attempts: what is repeated is seen once */
};

/* from, to: UTC seconds in which the log was kept. */
void evidence_collect(struct evidence *evidence, const struct cluster_table *table,
		      const struct cluster *cluster, int64_t from, int64_t to);

/* What a fact is worth for a verdict; 0: nothing. */
double evidence_weight(enum fact_kind kind, enum verdict verdict);
/* Where the weights of a fact come from. */
const char *evidence_origin(enum fact_kind kind);

/* A fact that one packet tells and no further one could undo: which way it goes, whom it is for,
 * whether it is an answer. Others are of a sample. */
bool evidence_is_certain(enum fact_kind kind);

/* How often a verdict is true of clusters of which nothing is known. */
double evidence_prior(enum verdict verdict);

#endif
