/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report_files: the files of a report's directory: index.html, figures/, data/. */
#ifndef STALENODE_REPORT_FILES_H
#define STALENODE_REPORT_FILES_H

#include "overview.h"

/* Writes them all into the directory (made when absent); each file whole or not at all, the page
 * last, so that a page never names a file that is not there. Files that it does not write stay
 * as they are. The same report gives the same bytes. */
int report_files_write(const struct report *report, const char *directory, struct failure *failure);

#endif
