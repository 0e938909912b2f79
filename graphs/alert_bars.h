/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert_bars: how many alerts came when, as bars over the time that the log covers: a drawing that
 * stands in the page itself. */
#ifndef STALENODE_ALERT_BARS_H
#define STALENODE_ALERT_BARS_H

#include "../analysis/alerts/time_bins.h"

#include <stdio.h>

/* The rules that the page's style sheet needs. */
extern const char alert_bars_style[];

/* from, to: UTC seconds of the axis, from <= to. label: what it shows, for those who do not see. */
void alert_bars_write(FILE *page, const struct time_bins *bins, int64_t from, int64_t to,
		      const char *label);

#endif
