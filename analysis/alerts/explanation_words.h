/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explanation_words: what is known of one cluster as phrases in a language, for the text, the page
 * and the JSON alike. Each writes its text, cut at a whole letter where it does not fit. */
#ifndef STALENODE_EXPLANATION_WORDS_H
#define STALENODE_EXPLANATION_WORDS_H

#include "explanation.h"

#define EXPLANATION_TEXT_SIZE 512

/* "12 alerts (netfilter), ... to ... UTC": what was read. */
void words_read(const struct explanation *explanation, enum language language, char *text,
		size_t size);
/* Which host seems to be observed; "" where that was given or is not told. */
void words_guessed(const struct explanation *explanation, enum language language, char *text,
		   size_t size);
/* "1 of 5 addresses come back ..." */
void words_fact(const struct fact *fact, enum language language, char *text, size_t size);
/* "tcp to port 4662 of 198.51.100.7" */
void words_cluster(const struct cluster *cluster, enum language language, char *text, size_t size);
/* "12 alerts, 5 attempts, 5 addresses, ... to ..." */
void words_counts(const struct cluster *cluster, enum language language, char *text, size_t size);
/* "almost certainly": of the verdict's group. */
const char *words_certainty(const struct diagnosis *diagnosis, enum language language);
/* "Japan 62 %, Brazil 5 %, others 30 %, not known 3 %"; "" where no country is known. */
void words_countries(const struct cluster *cluster, enum language language, char *text,
		     size_t size);
/* "scans (12 %)", or "scans (12 % of these 90 %)" where it is of the verdict's group; false for the
 * verdict itself and for what is hardly possible. */
bool words_alternative(const struct diagnosis *diagnosis, enum verdict verdict,
		       enum language language, char *text, size_t size);
/* When it will stop; "" where there is nothing to say. */
void words_quiet(const struct diagnosis *diagnosis, enum language language, char *text,
		 size_t size);
/* What would decide an unclear case. */
const char *words_needs(const struct diagnosis *diagnosis, const struct cluster *cluster,
			enum language language);
/* "tcp", "udp", "icmp", or the number; "?" when unknown. Static, or text[4]. */
const char *words_protocol(uint8_t protocol, char text[4]);
/* "85 %" of 0.85; never "100 %" of less, nor "0 %" of more. */
void words_percent(double share, char text[16]);
/* Digits in groups of three: "12,345". */
void words_number(double number, char text[32]);

#endif
