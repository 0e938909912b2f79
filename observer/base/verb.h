/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verb: one word of the command line (`stalenode import ...`). Its help text and its man page
 * come from one description, and its options are read by one reader, so that they cannot drift
 * apart. */
#ifndef STALENODE_VERB_H
#define STALENODE_VERB_H

#include "failure.h"

#include <stdbool.h>

struct verb_option {
	const char *name;     /* long name without "--"; NULL ends the table */
	const char *argument; /* "DIR"; NULL for a switch */
	const char *help;     /* a clause: no capital, no full stop */
	char letter;	      /* '\0', or the short form: 'i' for "-i" */
};

struct verb {
	const char *name;
	const char *summary;		   /* a clause, as in the table of verbs */
	const char *synopsis;		   /* what follows the name */
	const char *description;	   /* paragraphs separated by one empty line */
	const struct verb_option *options; /* may be NULL: "--help" is always understood */
	const char *example;		   /* command lines, one per line */
	int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit status */
	const char *exit_status; /* what it tells where it is not the usual; may be NULL */
};

/* Walks over the arguments. Options may stand before, between and after operands; "--" ends
 * them; "--name=value" and "--name value" are the same. */
struct verb_arguments {
	const struct verb *verb;
	int argc;
	char **argv;
	int position;
	bool options_ended;
};

enum verb_argument {
	VERB_ARGUMENT_END,     /* no more */
	VERB_ARGUMENT_OPERAND, /* *value is it */
	VERB_ARGUMENT_OPTION,  /* *option names it; *value, if it takes one */
	VERB_ARGUMENT_HELP,    /* help was asked for and printed: return EXIT_DONE */
	VERB_ARGUMENT_WRONG,   /* the error line was printed: return EXIT_WRONG_USE */
};

void verb_arguments_begin(struct verb_arguments *arguments, const struct verb *verb, int argc,
			  char **argv);
enum verb_argument verb_arguments_next(struct verb_arguments *arguments,
				       const struct verb_option **option, const char **value);

#define VERB_GO_ON (-1)
/* Hands each option to take_option and each operand to take_operand, until one returns something
 * else than 0: an exit status. A verb without options or operands gives NULL. VERB_GO_ON when all
 * were taken; otherwise the exit status to end with (help was printed, or a mistake told). */
int verb_read_arguments(const struct verb *verb, int argc, char **argv,
			int (*take_option)(void *context, const char *name, const char *value),
			int (*take_operand)(void *context, const char *value), void *context);

/* One error line that ends in "see 'stalenode NAME --help'"; returns EXIT_WRONG_USE. */
int verb_wrong_use(const struct verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void verb_print_help(const struct verb *verb);
/* The man page stalenode-NAME(1) in roff on standard output. */
void verb_print_manual(const struct verb *verb);

#endif
