/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report_files: the files of a report's directory: index.html, figures/, data/. Its targets are
 * added a few at a time, in their order, so that no more of them need be in memory with all their
 * buckets. Each file is written whole or not at all, the page last, so that a page never names a
 * file that is not there. Files that it does not write stay as they are. The same report gives the
 * same bytes. */
#ifndef STALENODE_REPORT_FILES_H
#define STALENODE_REPORT_FILES_H

#include "overview.h"

#include "../analysis/comparison.h"

struct report_files {
	const struct report *report;
	const char *directory;
	FILE *sections; /* of the targets so far, in memory */
	char *text;
	size_t length;
	size_t next_figure; /* its number */
	struct comparison comparison;
};

/* Makes the directory and those below it where they are absent; fails where they cannot be written.
 */
int report_files_make_places(const char *directory, struct failure *failure);

/* Writes nothing yet. report_files_end() follows in any case; report and directory must outlive
 * it. */
int report_files_begin(struct report_files *files, const struct report *report,
		       const char *directory, struct failure *failure);
/* The next `targets` of the report, analysed; after report_files_make_places(). The figure that
 * compares needs all of them in one call. */
int report_files_add(struct report_files *files, size_t first, size_t targets,
		     struct failure *failure);
/* The page, after all targets. */
int report_files_finish(struct report_files *files, struct failure *failure);
void report_files_end(struct report_files *files);

#endif
