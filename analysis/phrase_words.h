/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phrase_words: every word that phrase.h says, a table for each language. $1, $2 ...
 * are filled in, in whatever order the language wants them; NULL fields do not exist. */
#ifndef STALENODE_PHRASE_WORDS_H
#define STALENODE_PHRASE_WORDS_H

#include "language.h"

/* A phase inside a story: how it reads as the first one, after another, and with what it ends when
 * a further clause of the sentence follows or when the sentence is over. */
struct clause {
	const char *first, *later;
	const char *going_on, *over;
};

struct phrase_words {
	const char *minutes, *hour, *hours, *days, *weeks, *months; /* number */
	const char *about;					    /* number */
	const char *about_duration;				    /* duration */
	const char *range;					    /* number, number */
	const char *syn, *attempts;	       /* rate: with what the language puts behind it */
	const char *syns_come, *attempts_come; /* subject of the first clause */
	const char *steady;		       /* duration, rate */
	const char *intermittent;	       /* duration, rate */
	const char *sporadic;		       /* duration, calls, day of the last */
	const char *monthly;		       /* duration, rate */
	const char *monthly_falling;	       /* duration, rate, rate at the end */
	const char *one_call;		       /* day */
	const char *calls_one_day;	       /* calls, day */
	const char *calls_days;		       /* calls, first day, last day */
	const char *silence;		       /* duration */
	const char *silence_to_the_end;	       /* duration, rounded down */
	const char *silence_throughout;	       /* duration, rounded down */
	const char *silence_from_start;	       /* duration */
	const char *kind[4];		       /* of enum phase_kind, as a heading */

	const char *late_begin;	    /* duration: a record that begins after the stop */
	const char *nothing_at_all; /* duration */
	const char *between;	    /* sentences */
	/* The same arguments as above, and the subject as $4. */
	struct clause steady_clause, intermittent_clause, sporadic_clause, monthly_clause,
		monthly_falling_clause, one_call_clause, calls_one_day_clause, calls_days_clause,
		silence_clause, silence_to_the_end_clause;
	size_t clauses_per_sentence;
};

const struct phrase_words *phrase_words_of(enum language language);

#endif
