/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * failure: what went wrong, as one line for a person. A function that can fail takes a
 * struct failure, fills it through fail() and returns -1; the verb prints it once and exits
 * with its status. The line names the file (and line or packet), what is wrong, and the mend. */
#ifndef STALENODE_FAILURE_H
#define STALENODE_FAILURE_H

enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,    /* the input or the machine is at fault */
	EXIT_WRONG_USE = 2, /* the command line or the configuration is at fault */
};

struct failure {
	enum exit_status status; /* EXIT_DONE while nothing failed */
	char text[1024];	 /* one line, no newline */
};

/* Fills *failure (the first failure stays: later ones are consequences) and returns -1.
 * Control characters in the text, and marks that turn its direction, are replaced by '?', because
 * file content reaches it. */
int fail(struct failure *failure, enum exit_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One line "stalenode: ..." on standard error. */
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* One line "stalenode: warning: ..." on standard error. */
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the failure as an error line and returns its exit status. */
int failure_report(const struct failure *failure);

/* The name that messages begin with: "stalenode" until set. Must outlive the process. */
void set_program_name(const char *name);

#endif
