/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import.h"

#include "base/decimal.h"
#include "base/progress.h"
#include "base/timestamp.h"
#include "capture_set.h"
#include "observation.h"
#include "recovery.h"
#include "store/state_directory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define US 1000000LL

/* Remembers 1.3 million attempts in 16 MB: at 120 s each, more than 10,000 new ones a second. */
#define IMPORT_ATTEMPTS 1300000

/* No capture is older than this, 2000-01-01T00:00:00Z, with a clock that was set: the clocks of
 * small devices start in 1970 or at their maker's date. */
#define TIME_EARLIEST 946684800
#define DAY_SECONDS   86400
/* Nobody's capture is silent for longer on a line that is up. */
#define SILENCE_MAX_DAYS 366

static const struct verb_option options[] = {
	{"state", "DIR", "the state directory; made when it is absent", 0},
	{"target", "NAME=ADDR/PORT[,PORT...][:key=value...]",
	 "a retired node; may be given several times. Keys: retired=TIME, started=TIME, "
	 "client=TEXT, "
	 "version=TEXT, policy=drop|rst, exclude=PORT[,PORT...], address=ADDR",
	 0},
	{"covers", "FROM/TO",
	 "the time that the captures cover, when it is longer than from the first packet to the "
	 "last",
	 0},
	{"country", "FILE", "count by country too, with this database in MaxMind's format (.mmdb)",
	 0},
	{"as", "FILE", "count by autonomous system too, with this database", 0},
	{"evidence", "MIB",
	 "keep the counted SYNs up to so many MiB per target and day (16); 0 keeps none", 0},
	{"anonymise", NULL,
	 "replace the addresses in them, prefix by prefix, with the key in DIR/anonymise.key", 0},
	{0},
};

struct import {
	const char *state_path;
	struct target given[TARGETS_MAX];
	size_t targets;
	char **files; /* owned array of argv's strings */
	size_t file_count;
	bool covers;
	int64_t covers_from_us, covers_to_us; /* [from, to) */
	uint64_t evidence_budget;
	struct geo_options geo;
	bool anonymise;
	int64_t latest; /* UTC seconds: no packet can be later */

	struct state_directory state;
	struct observation observation;
	struct capture_set *captures;
	int64_t reached_us;  /* the stream has come so far; INT64_MIN before the first packet */
	uint64_t outside;    /* packets outside of --covers */
	size_t failed_files; /* cut off or damaged */
};

static int parse_covers(struct import *import, const char *text)
{
	char from[64];
	const char *slash = strchr(text, '/');
	int64_t begin, end;
	if (slash && (size_t)(slash - text) < sizeof from) {
		snprintf(from, sizeof from, "%.*s", (int)(slash - text), text);
		if (timestamp_parse(from, &begin) && timestamp_parse(slash + 1, &end) &&
		    begin < end) {
			import->covers = true;
			import->covers_from_us = begin * US;
			import->covers_to_us = end * US;
			return 0;
		}
	}
	return verb_wrong_use(&import_verb,
			      "--covers '%s': write FROM/TO, like "
			      "2008-02-20T00:00:00Z/2008-08-18T00:00:00Z, FROM before TO",
			      text);
}

static int parse_option(void *context, const char *name, const char *value)
{
	struct import *import = context;
	if (strcmp(name, "state") == 0) {
		import->state_path = value;
		return 0;
	}
	if (strcmp(name, "anonymise") == 0) {
		import->anonymise = true;
		return 0;
	}
	if (strcmp(name, "country") == 0) {
		import->geo.countries = value;
		return 0;
	}
	if (strcmp(name, "as") == 0) {
		import->geo.systems = value;
		return 0;
	}
	if (strcmp(name, "covers") == 0)
		return parse_covers(import, value);
	if (strcmp(name, "evidence") == 0) {
		uint64_t mebibytes;
		if (!decimal_parse(value, strlen(value), 1 << 20, &mebibytes))
			return verb_wrong_use(&import_verb,
					      "--evidence '%s': a number of MiB, 0 to 1048576",
					      value);
		import->evidence_budget = mebibytes << 20;
		return 0;
	}
	struct failure failure = {0};
	if (targets_append_given(import->given, &import->targets, value, &failure) != 0)
		return verb_wrong_use(&import_verb, "%s", failure.text);
	return 0;
}

static int take_file(void *context, const char *value)
{
	struct import *import = context;
	import->files[import->file_count++] = (char *)(uintptr_t)value;
	return EXIT_DONE;
}

/* VERB_GO_ON, or the exit status to end with. */
static int parse_arguments(struct import *import, int argc, char **argv)
{
	int status = verb_read_arguments(&import_verb, argc, argv, parse_option, take_file, import);
	if (status != VERB_GO_ON)
		return status;
	if (!import->state_path)
		return verb_wrong_use(&import_verb, "--state DIR is missing: where to count into");
	if (!import->targets)
		return verb_wrong_use(&import_verb,
				      "--target NAME=ADDR/PORT is missing: what to count");
	if (!import->file_count)
		return verb_wrong_use(&import_verb,
				      "no capture file is named; '-' reads standard input");
	return VERB_GO_ON;
}

static int refuse_time(const struct capture_set_packet *packet, const char *what, const char *mend,
		       struct failure *failure)
{
	char text[TIMESTAMP_TEXT_SIZE];
	return fail(failure, EXIT_FAILED,
		    "%s: packet %" PRIu64 " of %s %s: nothing was imported: %s", packet->file,
		    packet->packet->number, timestamp_format(packet->packet->time_us / US, text),
		    what, mend);
}

/* A capture whose clock was wrong would put counts where none were: it is refused as a whole. */
static int check_time(const struct import *import, const struct capture_set_packet *packet,
		      struct failure *failure)
{
	int64_t seconds = packet->packet->time_us / US;
	if (seconds < TIME_EARLIEST)
		return refuse_time(packet, "lies before the year 2000: its clock was not set",
				   "shift its time with editcap -t SECONDS", failure);
	if (seconds > import->latest)
		return refuse_time(packet, "lies in the future: its clock was wrong",
				   "shift its time with editcap -t -SECONDS", failure);
	if (!import->covers && !packet->after_gap && import->reached_us != INT64_MIN &&
	    packet->packet->time_us - import->reached_us > SILENCE_MAX_DAYS * DAY_SECONDS * US)
		return refuse_time(
			packet, "comes more than a year after the one before it",
			"was the clock set in between? cut the file with editcap -A or -B, or "
			"say with --covers what it covers",
			failure);
	return 0;
}

static int cover_until(struct import *import, const struct capture_set_packet *packet,
		       struct failure *failure)
{
	int64_t time_us = packet->packet->time_us;
	int64_t from_us = packet->after_gap && !import->covers ? time_us : import->reached_us;
	if (time_us < from_us)
		return 0;
	import->reached_us = time_us;
	return observation_cover(&import->observation, from_us, time_us, failure);
}

static int count_packet(struct import *import, const struct capture_set_packet *packet,
			struct failure *failure)
{
	const struct capture_packet *captured = packet->packet;
	if (check_time(import, packet, failure) != 0)
		return -1;
	if (import->covers && (captured->time_us < import->covers_from_us ||
			       captured->time_us >= import->covers_to_us)) {
		import->outside++;
		return 0;
	}
	int64_t reached_us = import->reached_us;
	if (cover_until(import, packet, failure) != 0)
		return -1;
	switch (observation_packet(&import->observation, captured->time_us, captured->link_type,
				   captured->bytes, captured->captured_length,
				   captured->original_length, false, failure)) {
	case OBSERVATION_COUNTED:
		return 0;
	case OBSERVATION_FAILED:
		return -1;
	case OBSERVATION_TOO_OLD:
		break;
	}
	char what[80];
	snprintf(what, sizeof what, "goes back by %" PRId64 " s",
		 (int64_t)((reached_us - captured->time_us) / US));
	return refuse_time(packet, what, "put the packets in order first: reordercap FILE SORTED",
			   failure);
}

static int count_all(struct import *import, struct failure *failure)
{
	struct progress progress;
	struct capture_set_packet packet;
	uint64_t packets = 0;
	int result = 0;
	import->reached_us = import->covers ? import->covers_from_us : INT64_MIN;
	progress_begin(&progress, "import");
	struct failure cut = {0};
	while (result == 0) {
		enum capture_next next = capture_set_next(import->captures, &packet, &cut);
		if (next == CAPTURE_END)
			break;
		if (next == CAPTURE_FAILED) {
			progress_end(&progress);
			say_error("%s", cut.text);
			import->failed_files++;
			cut = (struct failure){0};
			continue;
		}
		result = count_packet(import, &packet, failure);
		if ((++packets & 0xfff) == 0)
			progress_show(&progress, capture_set_consumed(import->captures),
				      capture_set_size(import->captures), "bytes");
	}
	progress_end(&progress);
	if (result == 0 && import->covers)
		result = observation_cover(&import->observation, import->reached_us,
					   import->covers_to_us - 1, failure);
	if (result == 0 && packets == 0 && !import->covers)
		return fail(failure, EXIT_FAILED,
			    "%s: holds no packet, so it covers no time: say with --covers FROM/TO "
			    "when it ran",
			    import->files[0]);
	return result;
}

static void report_target(const struct observed_target *target, uint64_t packets)
{
	char text[ADDRESS_TEXT_SIZE];
	const char *name = target->target->name;
	if (target->buckets)
		printf("%s: %" PRIu64 " buckets, %" PRIu64 " SYN, %" PRIu64 " attempts, %" PRIu64
		       " new sources\n",
		       name, target->buckets, target->syn, target->attempts, target->new_sources);
	else
		printf("%s: nothing new: the ledger covers this time already\n", name);
	if (target->buckets && target->known)
		printf("%s: %" PRIu64
		       " packets lie in time that the ledger covered before: not counted "
		       "again\n",
		       name, target->known);
	if (target->arrivals == 0 && packets)
		say_warning("%s: none of %" PRIu64 " packets came to %s: is the address right?",
			    name, packets, address_format(&target->target->address[0], text));
}

static void report(const struct import *import)
{
	const struct observation *observation = &import->observation;
	for (size_t i = 0; i < observation->targets; i++)
		for (size_t j = 0; j < import->targets; j++)
			if (strcmp(observation->target[i].target->name, import->given[j].name) == 0)
				report_target(&observation->target[i], observation->packets);
	if (capture_set_copies(import->captures))
		say_warning("%zu files are copies of others and were read once",
			    capture_set_copies(import->captures));
	if (import->outside)
		say_warning("%" PRIu64 " packets lie outside of --covers and were not counted",
			    import->outside);
	if (observation->undecoded[DECODE_TRUNCATED])
		say_warning("%" PRIu64
			    " packets are cut before their ports and count as nothing: capture "
			    "at least the first 128 bytes of each (tcpdump -s 128)",
			    observation->undecoded[DECODE_TRUNCATED]);
	if (observation->undecoded[DECODE_MALFORMED])
		say_warning("%" PRIu64
			    " packets contradict themselves in their headers and count as "
			    "nothing",
			    observation->undecoded[DECODE_MALFORMED]);
	if (observation->undecoded[DECODE_UNKNOWN_LINK])
		say_warning("%" PRIu64 " packets of unknown link types were not counted",
			    observation->undecoded[DECODE_UNKNOWN_LINK]);
}

/* Everything between the beginning and the end of the transaction. */
static int write_all(struct import *import, const struct targets *given, struct failure *failure)
{
	struct observation_options options_ = {
		.attempt_capacity = IMPORT_ATTEMPTS,
		.evidence_budget = import->evidence_budget,
		.geo = import->geo,
		.anonymise = import->anonymise,
	};
	if (observation_open(&import->observation, import->state.path, given, &options_, failure) !=
	    0)
		return -1;
	if (count_all(import, failure) != 0 ||
	    observation_finish(&import->observation, failure) != 0)
		return -1;
	return targets_write(&import->state.targets, import->state.path, failure);
}

static int import_into(struct import *import, struct failure *failure)
{
	struct targets given = {import->given, import->targets};
	for (size_t i = 0; i < import->targets; i++) {
		if (targets_add(&import->state.targets, &import->given[i], failure) != 0)
			return -1;
		/* What was recorded before stands where nothing else is given. */
		import->given[i] = *targets_find(&import->state.targets, import->given[i].name);
	}
	if (recover_open_buckets(import->state.path, &import->state.targets, NULL, 0, failure) !=
		    0 ||
	    state_transaction_begin(&import->state, failure) != 0)
		return -1;
	if (write_all(import, &given, failure) != 0) {
		observation_close(&import->observation);
		struct failure undo = {0};
		if (state_transaction_undo(&import->state, &undo) != 0)
			failure_report(&undo);
		return -1;
	}
	if (state_transaction_commit(&import->state, failure) != 0)
		return -1;
	for (size_t i = 0; i < import->observation.targets; i++)
		if (target_store_update_view(&import->observation.target[i].store, failure) != 0)
			return -1;
	report(import);
	return 0;
}

static int run_import(struct import *import)
{
	struct failure failure = {0};
	int result =
		capture_set_open(&import->captures, import->files, import->file_count, &failure);
	if (result == 0)
		result = state_directory_open(&import->state, import->state_path, &failure);
	if (result == 0) {
		result = import_into(import, &failure);
		observation_close(&import->observation);
		state_directory_close(&import->state);
	}
	capture_set_close(import->captures);
	if (result != 0)
		return failure_report(&failure);
	return import->failed_files ? EXIT_FAILED : EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct import *import = calloc(1, sizeof *import);
	char **files = calloc((size_t)argc, sizeof files[0]);
	int status = EXIT_FAILED;
	if (import && files) {
		import->files = files;
		import->evidence_budget = EVIDENCE_BUDGET_DEFAULT;
		import->latest = timestamp_now() + DAY_SECONDS;
		status = parse_arguments(import, argc, argv);
		if (status == VERB_GO_ON)
			status = run_import(import);
	} else {
		say_error("out of memory");
	}
	free(files);
	free(import);
	return status;
}

const struct verb import_verb = {
	.name = "import",
	.summary = "count the packets of capture files",
	.synopsis = "--state DIR --target NAME=ADDR/PORT[,PORT...][:retired=TIME] [--target ...] "
		    "FILE|-...",
	.description =
		"Reads capture files (pcap or pcapng, plain, .gz or .zst, '-' for standard "
		"input),\n"
		"counts what came to the targets in 5-minute buckets, and adds them to the state\n"
		"directory. Several files are read as one stream in time order.\n"
		"\n"
		"A capture covers the time from its first packet to its last, or what --covers "
		"says.\n"
		"Outside of it nothing is known; inside, a bucket without a SYN is a true zero. "
		"Time\n"
		"that the ledger covers already is not counted again: a second import of the same\n"
		"file changes nothing and says so.\n"
		"\n"
		"An import lands whole or not at all. It is refused when packets go back in time "
		"by\n"
		"more than a bucket, or lie before 2000 or in the future.",
	.options = options,
	.example = "stalenode import --state obs --target "
		   "winny=198.51.100.7/7743:retired=2008-02-20T00:00:00Z day1.pcap.gz day2.pcap.gz",
	.run = run,
};
