/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * progress: one line on standard error that tells how far a long job is; only on a terminal,
 * and only after its first second. */
#ifndef STALENODE_PROGRESS_H
#define STALENODE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what; /* "import": not owned */
	bool wanted;	  /* standard error is a terminal */
	bool shown;
	int64_t started_ms; /* CLOCK_MONOTONIC */
	int64_t next_ms;
};

void progress_begin(struct progress *progress, const char *what);
/* done of total; total 0 when it is not known. Cheap enough to be called some thousand times a
 * second. */
void progress_show(struct progress *progress, uint64_t done, uint64_t total, const char *unit);
/* Clears the line. */
void progress_end(struct progress *progress);

#endif
