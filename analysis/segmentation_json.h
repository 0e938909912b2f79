/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * segmentation_json: the exact optimal partitions of a series (partition.h) under plain penalties
 * that need no fit, for comparison with other programs: 3 ln n and 10 ln n per segment after the
 * first, n being the hours with data.
 *
 *   { "3ln_n": {"penalty":..,"total_cost":..,"hours":n,
 *               "segments":[{"from_hours":0,"to_hours":9,"count":1708,"observed_hours":9.0}]},
 *     "10ln_n": {...} }
 *
 * total_cost has the penalties in and constants (ln y!) out. The phases of an analysis use a
 * penalty corrected for dispersion instead: phases.h. */
#ifndef STALENODE_SEGMENTATION_JSON_H
#define STALENODE_SEGMENTATION_JSON_H

#include "series.h"
#include "../observer/base/json_builder.h"

/* A new reference; builder->ok becomes false when memory is short. */
json_t *segmentation_to_json(struct json_builder *builder, const struct series *series);

#endif
