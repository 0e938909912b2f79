/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_section: what a report says of one target: figures, phases, fits, forecast, record. */
#ifndef STALENODE_TARGET_SECTION_H
#define STALENODE_TARGET_SECTION_H

#include "report_target.h"

#include "../analysis/language.h"

#include <stdio.h>

struct section_options {
	bool show_sources;
	size_t first_figure; /* number of the section's first figure in the report */
	enum language language;
	bool charts;	/* an interactive one below the first figure */
	size_t targets; /* that share the page */
};

int target_section_write(FILE *page, const struct report_target *target,
			 const struct section_options *options, struct failure *failure);

/* "Winny 2b71", or "client unknown"; returns text. */
char *section_client(enum language language, const struct report_target *target, char *text,
		     size_t size);

/* "2008-02-20 09:30 UTC" into text[32]; returns text. */
char *section_instant(int64_t seconds, char *text);

#endif
