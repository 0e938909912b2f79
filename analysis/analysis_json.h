/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * analysis_json: an analysis as the JSON object of `stalenode analyze --json`. What is unknown
 * or infinite is null. */
#ifndef STALENODE_ANALYSIS_JSON_H
#define STALENODE_ANALYSIS_JSON_H

#include "analysis.h"

#include <jansson.h>

/* A new reference, the caller's; NULL when memory is short. */
json_t *analysis_to_json(const struct analysis *analysis);

#endif
