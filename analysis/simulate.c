/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate.h"

#include "../observer/base/progress.h"
#include "../observer/base/timestamp.h"
#include "../observer/base/whole_file.h"
#include "packet_writer.h"
#include "simulated_traffic.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 2008-02-20T00:00:00Z: no clock is read, so that the same options make the same bytes. */
#define RETIRED_STANDARD INT64_C(1203465600)
#define DAYS_MAX	 3650
#define DAY_SECONDS	 86400
#define LAST_CAPTURED	 INT64_C(0xffffffff) /* a capture file holds 32-bit seconds */

/* Write errors and the progress line are looked at once per so many packets. */
#define PACKETS_PER_LOOK 16384

struct request {
	const char *client_name, *target, *out, *format_name;
	struct client_parameters client;
	struct simulation simulation;
	int64_t days; /* 0 until given */
	bool seed_given;
	bool attempts;
	enum output_format format;
};

/* A whole number in decimal digits alone; false when it is not one or above the maximum. */
static bool parse_whole(const char *text, uint64_t maximum, uint64_t *number)
{
	if (*text == '\0' || strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	unsigned long long parsed = strtoull(text, NULL, 10);
	if (errno == ERANGE || parsed > maximum)
		return false;
	*number = parsed;
	return true;
}

static int read_option(struct request *request, const char *name, const char *value)
{
	uint64_t number;
	if (strcmp(name, "attempts") == 0) {
		request->attempts = true;
	} else if (strcmp(name, "client") == 0) {
		request->client_name = value;
	} else if (strcmp(name, "target") == 0) {
		request->target = value;
	} else if (strcmp(name, "out") == 0) {
		request->out = value;
	} else if (strcmp(name, "format") == 0) {
		if (strcmp(value, "pcap") != 0 && strcmp(value, "csv") != 0)
			return verb_wrong_use(&simulate_verb, "--format '%s': give pcap or csv",
					      value);
		request->format_name = value;
	} else if (strcmp(name, "days") == 0) {
		if (!parse_whole(value, DAYS_MAX, &number) || number == 0)
			return verb_wrong_use(&simulate_verb,
					      "--days '%s': give a whole number from 1 to %d",
					      value, DAYS_MAX);
		request->days = (int64_t)number;
	} else if (strcmp(name, "seed") == 0) {
		if (!parse_whole(value, UINT64_MAX, &request->simulation.seed))
			return verb_wrong_use(&simulate_verb,
					      "--seed '%s': give a whole number from 0 to %" PRIu64,
					      value, UINT64_MAX);
		request->seed_given = true;
	} else if (strcmp(name, "retired") == 0) {
		if (!timestamp_parse(value, &request->simulation.retired))
			return verb_wrong_use(
				&simulate_verb,
				"--retired '%s': give ISO 8601 or Unix seconds, as in "
				"2008-02-20T00:00:00Z",
				value);
	} else if (strcmp(name, "policy") == 0) {
		if (strcmp(value, "drop") != 0 && strcmp(value, "rst") != 0)
			return verb_wrong_use(&simulate_verb, "--policy '%s': give drop or rst",
					      value);
		request->simulation.policy = value[0] == 'd' ? POLICY_DROP : POLICY_RST;
	}
	return EXIT_DONE;
}

static bool ends_in(const char *text, const char *suffix)
{
	size_t length = strlen(text), end = strlen(suffix);
	return length > end && strcmp(text + length - end, suffix) == 0;
}

static int choose_format(struct request *request)
{
	const char *format = request->format_name;
	if (!format && ends_in(request->out, ".pcap"))
		format = "pcap";
	if (!format && ends_in(request->out, ".csv"))
		format = "csv";
	if (!format)
		return verb_wrong_use(&simulate_verb,
				      "--out '%s' ends in neither .pcap nor .csv: add --format",
				      request->out);
	request->format = strcmp(format, "csv") == 0 ? OUTPUT_CSV : OUTPUT_PCAP;
	if (strcmp(request->out, "-") == 0 && request->format == OUTPUT_PCAP &&
	    isatty(STDOUT_FILENO))
		return verb_wrong_use(&simulate_verb,
				      "a capture is not for a terminal: redirect standard output");
	return EXIT_DONE;
}

static int choose_client(struct request *request)
{
	struct failure failure = {0};
	const struct client_parameters *published =
		client_parameters_published(request->client_name);
	const char *allowed;
	if (published)
		request->client = *published;
	else if (access(request->client_name, F_OK) != 0)
		return verb_wrong_use(
			&simulate_verb,
			"--client '%s': neither skype, winny or share nor a client file",
			request->client_name);
	else if (client_parameters_read(&request->client, request->client_name, &failure) != 0)
		return failure_report(&failure);
	if (request->target && client_target_parse(request->target, &request->client.address,
						   &request->client.port, &allowed) != 0)
		return verb_wrong_use(&simulate_verb, "--target '%s': give %s", request->target,
				      allowed);
	request->simulation.client = &request->client;
	return EXIT_DONE;
}

/* EXIT_DONE, an error status, or -1 when help was printed. */
static int read_arguments(struct request *request, int argc, char **argv)
{
	struct verb_arguments arguments;
	const struct verb_option *option;
	const char *value;
	enum verb_argument kind;
	int status;
	verb_arguments_begin(&arguments, &simulate_verb, argc, argv);
	while ((kind = verb_arguments_next(&arguments, &option, &value)) != VERB_ARGUMENT_END) {
		if (kind == VERB_ARGUMENT_HELP)
			return -1;
		if (kind == VERB_ARGUMENT_WRONG)
			return EXIT_WRONG_USE;
		if (kind == VERB_ARGUMENT_OPERAND)
			return verb_wrong_use(&simulate_verb, "unexpected '%s'", value);
		if ((status = read_option(request, option->name, value)) != EXIT_DONE)
			return status;
	}
	const char *missing = !request->client_name  ? "client"
			      : !request->days	     ? "days"
			      : !request->seed_given ? "seed"
			      : !request->out	     ? "out"
						     : NULL;
	if (missing)
		return verb_wrong_use(&simulate_verb, "--%s is missing", missing);
	struct simulation *simulation = &request->simulation;
	simulation->seconds = request->days * DAY_SECONDS;
	if (simulation->retired > LAST_CAPTURED - simulation->seconds)
		return verb_wrong_use(
			&simulate_verb,
			"the period ends after 2106-02-07T06:28:15Z, the last time that "
			"a capture file holds: give an earlier --retired or fewer --days");
	if ((status = choose_format(request)) != EXIT_DONE)
		return status;
	return choose_client(request);
}

static int write_traffic(struct packet_writer *writer, const struct request *request, FILE *stream,
			 struct failure *failure)
{
	const struct simulation *simulation = &request->simulation;
	struct simulated_traffic traffic;
	if (simulated_traffic_begin(&traffic, simulation, failure) != 0)
		return -1;
	packet_writer_begin(writer, stream, request->format, simulation->retired,
			    simulation->retired + simulation->seconds, request->client.port,
			    request->attempts);
	struct progress progress;
	progress_begin(&progress, "simulate");
	struct packet packet;
	while (simulated_traffic_next(&traffic, &packet)) {
		packet_writer_add(writer, &packet);
		if (writer->packets % PACKETS_PER_LOOK != 0)
			continue;
		if (ferror(stream))
			break;
		progress_show(&progress, (uint64_t)packet.time_us, (uint64_t)traffic.period_us,
			      "us");
	}
	if (!ferror(stream))
		packet_writer_end(writer);
	progress_end(&progress);
	simulated_traffic_free(&traffic);
	return 0;
}

static int write_to_standard_output(const struct request *request, struct failure *failure)
{
	struct packet_writer writer;
	if (write_traffic(&writer, request, stdout, failure) != 0)
		return -1;
	if (ferror(stdout) || fflush(stdout) != 0)
		return fail(failure, EXIT_FAILED, "standard output: cannot write: %s",
			    strerror(errno));
	return 0;
}

static int write_to_file(const struct request *request, struct failure *failure)
{
	struct whole_file file;
	struct packet_writer writer;
	if (whole_file_open(&file, request->out, failure) != 0)
		return -1;
	if (write_traffic(&writer, request, file.stream, failure) != 0) {
		whole_file_abandon(&file);
		return -1;
	}
	if (whole_file_close(&file, failure) != 0)
		return -1;
	const struct simulation *simulation = &request->simulation;
	const struct client_parameters *client = &request->client;
	char from[TIMESTAMP_TEXT_SIZE], to[TIMESTAMP_TEXT_SIZE];
	printf("%s: %" PRIu64 " packets from %s to %s, %" PRIu64 " SYN to %s at %d.%d.%d.%d/%d\n",
	       request->out, writer.packets, timestamp_format(simulation->retired, from),
	       timestamp_format(simulation->retired + simulation->seconds, to), writer.syn,
	       client->name, (int)(client->address >> 24), (int)(client->address >> 16 & 255),
	       (int)(client->address >> 8 & 255), (int)(client->address & 255), (int)client->port);
	return 0;
}

static int run(int argc, char **argv)
{
	struct failure failure = {0};
	struct request request = {
		.simulation = {.retired = RETIRED_STANDARD, .policy = POLICY_DROP}};
	int status = read_arguments(&request, argc, argv);
	if (status != EXIT_DONE)
		return status < 0 ? EXIT_DONE : status;
	if (strcmp(request.out, "-") == 0)
		status = write_to_standard_output(&request, &failure);
	else
		status = write_to_file(&request, &failure);
	return status == 0 ? EXIT_DONE : failure_report(&failure);
}

static const struct verb_option options[] = {
	{"client", "NAME|FILE", "skype, winny, share, or a client file", 0},
	{"days", "N", "length of the period after the retirement, 1 to 3650", 0},
	{"seed", "N", "the same seed and options make the same bytes", 0},
	{"retired", "TIME", "when the client stopped (2008-02-20T00:00:00Z)", 0},
	{"target", "ADDR/PORT", "the retired node, IPv4 (the client's)", 0},
	{"policy", "drop|rst", "how the host answers the SYNs (drop)", 0},
	{"out", "FILE", "FILE.pcap, FILE.csv, or - for standard output", 'o'},
	{"attempts", NULL, "CSV: a fourth column, attempts", 0},
	{"format", "pcap|csv", "what to write when the name does not say it", 0},
	{0},
};

const struct verb simulate_verb = {
	.name = "simulate",
	.summary = "make a capture or series of a simulated retired node",
	.synopsis = "--client NAME|FILE --days N --seed N --out FILE.pcap|FILE.csv",
	.description =
		"Makes the packets that arrive at an address after its P2P client is gone: "
		"connection attempts\nof peers that still have the node on their saved lists, "
		"with the SYN retransmissions of their\noperating systems, and the background "
		"of scans that every address gets.\n\n"
		"skype, winny and share behave as in the published experiment; "
		"data/clients/*.conf hold the\nsame values as client files, with every key "
		"explained, to copy and change. A client file can\nalso describe a whole network "
		"(data/clients/network-*.conf): its nodes have sessions, saved lists,\nretries and "
		"gossip, and the calls come out of what they do; or an index that gives out the\n"
		"address for ever (contaminated-index.conf), which does not decay. Sources are "
		"taken\nfrom 198.18.0.0/15. A "
		"capture file holds Ethernet frames in time order and covers the whole\n"
		"period; CSV holds the SYNs to the target's port per 5 minutes "
		"(bucket_start_unix, syn,\nobserved_seconds).",
	.options = options,
	.example = "stalenode simulate --client winny --days 180 --seed 1 --out winny.pcap\n"
		   "stalenode simulate --client share --days 30 --seed 7 --policy rst --out - "
		   "--format csv",
	.run = run,
};
