/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explain_words: every word that an explanation of alerts says, a table for each language. $1, $2
 * are filled in (language.h). */
#ifndef STALENODE_EXPLAIN_WORDS_H
#define STALENODE_EXPLAIN_WORDS_H

#include "evidence.h"

#include "../language.h"

struct explain_words {
	const char *fact[FACTS];	   /* numbers of the fact, as text */
	const char *verdict[VERDICTS + 1]; /* a heading */
	const char *meaning[VERDICTS + 1]; /* a sentence or two for a worried person */
	const char *advice[VERDICTS + 1];  /* what to do */
	const char *needs_address;	   /* what would decide: how a log gets clearer */
	const char *needs_time;
	const char *needs_events;
	const char *almost_sure, *likely, *perhaps, *unclear;
	const char *quiet_by;	   /* day, percent */
	const char *quiet_already; /* percent */
	const char *quiet_profile; /* day, percent, client, records */
	const char *quiet_never;
	const char *quiet_unknown_p2p;
	const char *incoming;	      /* protocol, port, address */
	const char *incoming_ports;   /* protocol, ports, address */
	const char *incoming_no_port; /* protocol, address */
	const char *outgoing;	      /* protocol, port, address */
	const char *outgoing_no_port;
	const char *counts;		 /* events, attempts, sources, from, to */
	const char *counts_without_time; /* events, attempts, sources */
	const char *reasons, *against, *could_be, *clients, *what_to_do, *when;
	const char *countries, *other_countries, *country_unknown;
	const char *alternative;       /* verdict, percent */
	const char *alternative_alike; /* verdict, percent, percent of its group */
	const char *read;	       /* events, format, from, to */
	const char *read_without_time; /* events, format */
	const char *nothing;	       /* no alert in the log */
	const char *skipped;	       /* lines, all lines */
	const char *skipped_line;      /* line number, text */
	const char *guessed;	       /* address */
	const char *anonymised;
	const char *overflow; /* events */
	const char *more;     /* clusters, events */
	const char *table_title;
	const char *column[7];		  /* of the table */
	const char *page_title, *picture; /* of the page; caption: $1 width of a bar */
};

const struct explain_words *explain_words_of(enum language language);

#endif
