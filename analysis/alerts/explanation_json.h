/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explanation_json: an explanation as JSON:
 *   input {events, skipped, format, from, to, lines, time_unknown, overflow, local, sources_exact},
 *   clusters [ {proto, src, dst, dport, direction, events, attempts, sources, ports, from, to,
 *     verdict, group, confidence, group_confidence, alternatives, evidence, clients,
 *     expected_quiet, advice} ]
 * What is unknown is null. Sentences are in the language asked for. */
#ifndef STALENODE_EXPLANATION_JSON_H
#define STALENODE_EXPLANATION_JSON_H

#include "explanation.h"

#include <stdio.h>

/* -1 when it cannot be written, or memory is short: errno. */
int explanation_print_json(const struct explanation *explanation, enum language language,
			   FILE *stream);

#endif
