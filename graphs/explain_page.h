/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explain_page: an explanation of alerts as one page that a person reads, prints or hands on: the
 * answers, the alerts over time, how an address inherits calls, and a table of all. It needs no
 * other file. */
#ifndef STALENODE_EXPLAIN_PAGE_H
#define STALENODE_EXPLAIN_PAGE_H

#include "../analysis/alerts/explanation.h"

/* Written whole or not at all. The same explanation gives the same bytes. */
int explain_page_write(const char *path, const struct explanation *explanation,
		       enum language language, struct failure *failure);

#endif
