/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * analyze_request: what the command line of `stalenode analyze` asks for. */
#ifndef STALENODE_ANALYZE_REQUEST_H
#define STALENODE_ANALYZE_REQUEST_H

#include "analysis.h"
#include "language.h"

#define PATHS_MAX 1024 /* more series than TARGETS_MAX targets and room to compare */
struct analyze_request {
	bool json;
	bool phases_only;
	bool compare_only; /* of text; in JSON the comparison beside the series */
	enum language language;
	struct series_options series;
	struct analysis_options analysis;
	const char *profile_path;	/* of the client's profile; NULL for none */
	const char *write_profile_path; /* where to write one; NULL for nowhere */
	const char *origin;		/* what its records are, in words; NULL for unknown */
	const char *path[PATHS_MAX];
	size_t paths;
};

/* Reads the arguments; the paths stay those of argv. EXIT_DONE with *stop set when the verb is to
 * end after help; EXIT_WRONG_USE after a mistake, which is told. */
int analyze_request_read(struct analyze_request *request, int argc, char **argv, bool *stop);

#endif
