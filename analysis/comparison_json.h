/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * comparison_json: a comparison as the member "comparison" of `stalenode analyze --compare --json`.
 * Times are hours since retirement; what is unknown or infinite is null.
 *
 *   { "counts":"syn", "policies_differ":false, "ages_hours":[0,6,24,168,720,2160,8760],
 *     "series": [ {"name":..,"client":..,"covered_hours":..,"count":..      ,"steady_hours":..,
 *                  "phases":{"steady":1,..},"last_syn_hours":..,"half_life_hours":{value,ci95},
 *                  "hours_to_one_a_day":{..},"residual_total":{..},"silent_next_30d":..,
 *                  "per_hour_at_age":[..]} ],
 *     "clients": [ {"name":..,"series":2,"half_life_hours":{..},"hours_to_one_a_day":{..}} ],
 *     "pairs": [ {"first":"Winny","second":"Share","verdict":"slower|faster|undecided|unknown",
 *                 "half_life_ratio":{..},"hours_to_one_a_day_ratio":{..},
 *                 "hours_to_one_a_day_difference":{..}} ] }
 *
 * A verdict is of the second against the first. */
#ifndef STALENODE_COMPARISON_JSON_H
#define STALENODE_COMPARISON_JSON_H

#include "comparison.h"

#include <jansson.h>

/* A new reference, the caller's; NULL when memory is short. */
json_t *comparison_to_json(const struct comparison *comparison);

#endif
