/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chart_data: what the interactive chart of one target draws, as JSON inside the page:
 *
 *   { "name":"winny", "attempts":false, "from":-120, "hours":4320.0, "step":300, "steps":51840,
 *     "counts":[skip,count, ...], "short":[skip,steps,seconds, ...],
 *     "fits":[{"name":"exp","weight":0.9,"best":true,"curve":[...]}], "background":0.01|null }
 *
 * Steps of `step` seconds begin `from` seconds after the retirement (0 or less). "counts" holds
 * the steps with a count, each as the steps skipped since the one before and its count; "short"
 * those runs of steps that were observed for less than `step` seconds: 0 is unknown. A curve holds
 * the fit at hours (i / last)^3 of the record as differences of round(1000 ln(SYN per 5 minutes)),
 * never below ln = -20. */
#ifndef STALENODE_CHART_DATA_H
#define STALENODE_CHART_DATA_H

#include "../analysis/analysis.h"

#include <jansson.h>

/* The numbers of "counts" and "short" together stay below this, or the steps grow: at most 140 kB
 * for one target, and for a page of many targets 700 kB in all. */
#define CHART_NUMBERS_TARGET 20000
#define CHART_NUMBERS_PAGE   100000

/* How many numbers each of so many targets in one page may have. */
size_t chart_numbers(size_t targets);

/* NULL when memory is short. The caller frees it with json_decref(). `numbers` is a limit that
 * only a record too long for the widest step (a week) exceeds. */
json_t *chart_data(const struct analysis *analysis, size_t numbers);

#endif
