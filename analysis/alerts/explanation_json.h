/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explanation_json: an explanation as JSON:
 *   input {events, skipped, format, from, to, lines, time_unknown, overflow, local},
 *   clusters [ {proto, src, dst, dport, direction, events, attempts, sources, ports, from, to,
 *     verdict, group, confidence, group_confidence, alternatives, evidence, clients,
 *     expected_quiet, advice} ]
 * What is unknown is null. Sentences are in the language asked for. */
#ifndef STALENODE_EXPLANATION_JSON_H
#define STALENODE_EXPLANATION_JSON_H

#include "explanation.h"

#include <jansson.h>

/* NULL when memory is short. */
json_t *explanation_to_json(const struct explanation *explanation, enum language language);

#endif
