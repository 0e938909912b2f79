/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chart: the interactive charts of a report. uPlot draws them, chart.js drives it; both are copied
 * into the page, which so asks nothing of a network. They are files beside the program: in
 * DIR/chart of the build, in ../share/stalenode/chart of an installation. */
#ifndef STALENODE_CHART_H
#define STALENODE_CHART_H

#include "../analysis/analysis.h"
#include "../analysis/language.h"

#include <stdio.h>

/* What a page takes over; both NULL where the files are not there: a page without charts. */
struct chart_code {
	char *style, *script;
};

/* Reads them, from `directory` or, where that is NULL, from beside the program. Absent files are
 * no failure; -1 when they cannot be read or would end the page's script element. Free with
 * chart_code_free(). */
int chart_code_read(struct chart_code *code, const char *directory, struct failure *failure);
void chart_code_free(struct chart_code *code);

/* The words of all charts; once in a page, before its script. */
int chart_write_words(FILE *page, enum language language, struct failure *failure);
/* The place of one chart, with its data; `targets` share the page. */
int chart_write(FILE *page, const struct analysis *analysis, enum language language, size_t targets,
		struct failure *failure);

#endif
