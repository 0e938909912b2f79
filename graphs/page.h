/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * page: what any page of ours has: head with its one style sheet, tables, foot. HTML5, light and
 * dark, on paper A4. Its policy lets nothing run but the one script that it is begun with, whatever
 * text from outside says, and nothing be asked of a network. */
#ifndef STALENODE_PAGE_H
#define STALENODE_PAGE_H

#include "../analysis/language.h"

#include <stddef.h>
#include <stdio.h>

/* The text of a page in its language: both stand side by side where they are used, and the
 * compiler checks both as formats. */
#define SAY(language, english, japanese) ((language) == LANGUAGE_JAPANESE ? (japanese) : (english))

/* `style` is added to the style sheet; `script` is what may run, and page_end() writes it: both
 * may be NULL. Without scripts, the page loads itself again after `renewed_seconds` (0: never). */
void page_begin(FILE *page, const char *title, enum language language, const char *style,
		const char *script, int renewed_seconds);
void page_end(FILE *page, const char *script);

/* Opens a div for what may be wider than the screen: it scrolls by itself, by keyboard too. `name`
 * is read to those who do not see it. */
void page_scroll_begin(FILE *page, const char *name);

/* A table with its caption and column heads (ours, plain text; NULL ends them). Columns whose
 * head begins with '#' hold numbers and are set flush right. */
void page_table_begin(FILE *page, const char *caption, const char *const *heads);
void page_table_end(FILE *page);

#endif
