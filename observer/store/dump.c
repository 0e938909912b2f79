/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"
#include "store_verbs.h"
#include "target_path.h"

#include <inttypes.h>
#include <stdio.h>

static void print_record(const struct bucket_record *record)
{
	char flags[160];
	printf("%" PRId64 ",%" PRIu32, record->start, record->observed_seconds);
	const uint64_t counts[] = {
		record->syn,	   record->attempts,  record->sources,	 record->new_sources,
		record->udp,	   record->other_syn, record->other_udp, record->backscatter,
		record->malformed, record->excluded,  record->answered,	 record->kernel_drops,
		record->evictions,
	};
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		printf(",%" PRIu64, counts[i]);
	bucket_flags_format(record->flags, flags, sizeof flags);
	/* Flags are separated by commas in the ledger; in CSV a blank keeps them one field. */
	for (char *c = flags; *c; c++)
		if (*c == ',')
			*c = ' ';
	printf(",%s\n", flags);
}

static int dump(const char *path)
{
	struct failure failure = {0};
	struct target_path split;
	struct ledger ledger;
	if (target_path_split(&split, path, &failure) != 0 ||
	    ledger_read(&ledger, split.ledger, &failure) != 0)
		return failure_report(&failure);
	printf("bucket_start_unix,observed_seconds,syn,attempts,sources,new_sources,udp,other_syn,"
	       "other_udp,backscatter,malformed,excluded,answered,kernel_drops,evictions,flags\n");
	for (size_t i = 0; i < ledger.records; i++)
		print_record(&ledger.record[i]);
	int status = EXIT_DONE;
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say_error("standard output: cannot write");
		status = EXIT_FAILED;
	}
	if (ledger.damaged_lines) {
		say_error("%s:%zu: %zu damaged lines were left out: import their captures again",
			  split.ledger, ledger.first_damaged, ledger.damaged_lines);
		status = EXIT_FAILED;
	}
	ledger_free(&ledger);
	return status;
}

static int take_operand(void *context, const char *value)
{
	const char **path = context;
	if (*path)
		return verb_wrong_use(&dump_verb, "one target at a time, not also '%s'", value);
	*path = value;
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	const char *path = NULL;
	int status = verb_read_arguments(&dump_verb, argc, argv, NULL, take_operand, &path);
	if (status != VERB_GO_ON)
		return status;
	return path ? dump(path) : verb_wrong_use(&dump_verb, "name a target as STATE/NAME");
}

const struct verb dump_verb = {
	.name = "dump",
	.summary = "print a ledger as CSV",
	.synopsis = "STATE/NAME",
	.description =
		"Prints one line per observed bucket of 5 minutes, with a header that names "
		"the columns.\nA bucket that is not in the output was not observed: unknown, "
		"not zero.",
	.options = NULL,
	.example = "stalenode dump obs/winny > winny.csv",
	.run = run,
};
