/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * page_figure: a figure in the page: the picture, its caption, and where to get it as a file. */
#ifndef STALENODE_PAGE_FIGURE_H
#define STALENODE_PAGE_FIGURE_H

#include "figure.h"

#include <stdio.h>

struct page_figure {
	const struct figure *figure;
	const struct figure_request *request; /* that it is drawn by */
	const char *file;		      /* figures/FILE.svg and the other formats */
	size_t number;			      /* in the report, from 1 */
	const char *caption;		      /* plain text */
};

void page_figure_write(FILE *page, const struct page_figure *picture);

#endif
