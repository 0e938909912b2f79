/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * program: runs another program without a shell: bytes in, bytes out. The program gets an
 * environment of our own (UTC, C.UTF-8, no user settings), so that its output does not depend on
 * who runs it. */
#ifndef STALENODE_PROGRAM_H
#define STALENODE_PROGRAM_H

#include "../observer/base/failure.h"

#include <stddef.h>

struct program {
	const char *const *arguments; /* arguments[0] is looked up in PATH; NULL ends them */
	const char *mend;	      /* what to do when it is absent: "apt install gnuplot-nox" */
	int seconds;		      /* longest time that it may take; it is killed then */
	size_t output_limit;	      /* most bytes that it may write */
};

/* Gives input[length] to its standard input and collects its standard output into *output
 * (malloc'd, NUL-terminated, the caller frees) and *output_length. -1 and *failure when it
 * cannot be started, takes too long, writes too much, or does not exit with 0; the failure
 * quotes the last line that it wrote to standard error. */
int program_run(const struct program *program, const char *input, size_t length, char **output,
		size_t *output_length, struct failure *failure);

#endif
