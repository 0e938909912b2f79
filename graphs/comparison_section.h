/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * comparison_section: the part of a report that puts its targets side by side: in one figure,
 * target by target, client by client, and which client dies away more slowly than another. */
#ifndef STALENODE_COMPARISON_SECTION_H
#define STALENODE_COMPARISON_SECTION_H

#include "overview.h"

#include "../analysis/comparison.h"

/* Figures of the whole report: how calls come about, and, of 2 targets or more, their comparison.
 * Their numbers are 1 and the last. */
bool report_has_comparison_figure(const struct report *report);
/* What the comparison is drawn of, one after the other (malloc'd, the caller frees; they share what
 * they point to with the report's); NULL when there is no memory. */
struct analysis *report_compared(const struct report *report);

/* `comparison` is finished and holds the report's targets; `number` is that of the figure. */
int comparison_section_write(FILE *page, const struct report *report,
			     const struct comparison *comparison, size_t number,
			     struct failure *failure);

#endif
