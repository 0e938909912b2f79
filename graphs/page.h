/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * page: what any page of ours has: head with its one style sheet, tables, foot. Plain HTML5
 * without scripts, light and dark, on paper A4. */
#ifndef STALENODE_PAGE_H
#define STALENODE_PAGE_H

#include <stddef.h>
#include <stdio.h>

void page_begin(FILE *page, const char *title);
void page_end(FILE *page);

/* A table with its caption and column heads (ours, plain text; NULL ends them). Columns whose
 * head begins with '#' hold numbers and are set flush right. */
void page_table_begin(FILE *page, const char *caption, const char *const *heads);
void page_table_end(FILE *page);

#endif
