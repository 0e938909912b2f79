/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stalenode: the front desk. One table of verbs, nothing else. */
#include "analysis/analyze.h"
#include "analysis/simulate.h"
#include "graphs/explain.h"
#include "graphs/graph.h"
#include "graphs/report.h"
#include "observer/base/verb.h"
#include "observer/doctor.h"
#include "observer/import.h"
#include "observer/observe.h"
#include "observer/retire.h"
#include "observer/status.h"
#include "observer/store/store_verbs.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#ifndef STALENODE_VERSION
#define STALENODE_VERSION "unknown"
#endif

static const struct verb *const verbs[] = {
	&import_verb, &observe_verb, &status_verb,   &retire_verb,  &doctor_verb,
	&check_verb,  &rebuild_verb, &dump_verb,     &analyze_verb, &explain_verb,
	&graph_verb,  &report_verb,  &simulate_verb,
};
#define VERBS (sizeof verbs / sizeof verbs[0])

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

static void print_overview(FILE *stream)
{
	fprintf(stream, "stalenode observes what still arrives at an address after its P2P node is "
			"gone.\n\nUsage: stalenode VERB ...\n\n");
	for (size_t i = 0; i < VERBS; i++)
		fprintf(stream, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
	fprintf(stream,
		"\n'stalenode VERB --help' tells more, 'stalenode --version' the version.\n");
}

/* "help", "help VERB", and for the making of man pages "help --man VERB". */
static int run_help(int argc, char **argv)
{
	bool manual = argc > 2 && strcmp(argv[1], "--man") == 0;
	const char *name = argc > 1 + manual ? argv[1 + manual] : NULL;
	if (!name) {
		print_overview(stdout);
		return EXIT_DONE;
	}
	const struct verb *verb = find_verb(name);
	if (!verb) {
		say_error("unknown verb '%s': see 'stalenode help'", name);
		return EXIT_WRONG_USE;
	}
	if (manual)
		verb_print_manual(verb);
	else
		verb_print_help(verb);
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	/* Texts of the C library and of librrd stay as the files need them, whatever the caller's
	 * language: a decimal comma would spoil an RRD update. */
	setlocale(LC_ALL, "C");
	if (argc < 2) {
		print_overview(stderr);
		return EXIT_WRONG_USE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("stalenode %s\n", STALENODE_VERSION);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return run_help(argc - 1, argv + 1);
	const struct verb *verb = find_verb(argv[1]);
	if (verb)
		return verb->run(argc - 1, argv + 1);
	say_error("unknown verb '%s': see 'stalenode help'", argv[1]);
	return EXIT_WRONG_USE;
}
