/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * overview: the parts of a report that speak of all its targets: opening, summary, methods and
 * limits. */
#ifndef STALENODE_OVERVIEW_H
#define STALENODE_OVERVIEW_H

#include "chart.h"
#include "live_note.h"
#include "report_target.h"

#include <stdio.h>

/* A target that has nothing to report yet, and why. */
struct report_absent {
	char name[TARGET_NAME_SIZE];
	char reason[256];
};

struct report {
	struct report_target *target; /* owned by the verb */
	size_t targets;
	struct report_absent *absent;
	size_t absents;
	bool show_sources;
	enum language language;
	struct chart_code chart; /* owned by the verb */
	struct live live;
};

void overview_write_opening(FILE *page, const struct report *report);
void overview_write_methods(FILE *page, const struct report *report);

#endif
