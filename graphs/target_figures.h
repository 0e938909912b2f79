/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_figures: the figures of one target in a report: which of them its record allows, and how
 * the page shows each, or says in one sentence why it is not there. */
#ifndef STALENODE_TARGET_FIGURES_H
#define STALENODE_TARGET_FIGURES_H

#include "figure.h"
#include "report_target.h"

#include <stdio.h>

/* In the order of the page. */
enum target_figure {
	TARGET_DECAY,
	TARGET_WINDOW,
	TARGET_SURVIVAL,
	TARGET_BACKGROUND,
	TARGET_PORTS,
	TARGET_COUNTRIES,
	TARGET_FIGURES
};

const struct figure *target_figure(enum target_figure which);
/* What it is drawn by; it points into the target. */
struct figure_request target_figure_request(const struct report_target *target,
					    enum language language);
/* "winny-decay": how its files are called, without a suffix. */
char *target_figure_file(const struct report_target *target, enum target_figure which,
			 char file[128]);

/* Whether the record has what it draws; and how many such figures there are. */
bool target_has_figure(const struct report_target *target, enum target_figure which);
size_t target_figures_count(const struct report_target *target);

/* The figure with its caption, or the sentence in its place. `first` is the number of the target's
 * first figure in the report. */
void target_figure_write(FILE *page, const struct report_target *target, enum target_figure which,
			 enum language language, size_t first);

#endif
