/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * read_alerts [-y YEAR] [-l] [-n] FILE...: what the readers of alerts make of files, as CSV:
 * format,time,direction,action,proto,src,sport,dst,dport,flags,ttl,length,repeats; what is unknown
 * is empty. Then, for each file, "FILE: N of M lines understood" on standard error with the lines
 * that were not. -l: the line's number first. -n: the counts alone. */
#include "../../analysis/alerts/alert_input.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_number(int64_t value)
{
	if (value == ALERT_UNKNOWN)
		printf(",");
	else
		printf(",%" PRId64, value);
}

static void print_alert(const char *format, const struct alert *alert)
{
	char text[ADDRESS_TEXT_SIZE];
	printf("%s,", format);
	if (alert->time_us != ALERT_TIME_UNKNOWN)
		printf("%" PRId64 ".%06d", alert->time_us / 1000000,
		       (int)(alert->time_us % 1000000));
	printf(",%c,%c,%u", " iof"[alert->direction], " ba"[alert->action], alert -> protocol);
	printf(",%s", address_format(&alert->source, text));
	print_number(alert->source_port);
	printf(",%s", address_format(&alert->destination, text));
	print_number(alert->destination_port);
	print_number(alert->tcp_flags);
	print_number(alert->time_to_live);
	print_number(alert->length);
	printf(",%u\n", alert->repeats);
}

static int read_file(const char *path, int year, int numbered, int quiet)
{
	struct failure failure = {0};
	struct alert_input_request request = {.year = year, .now = INT64_C(1800000000)};
	struct alert_input *input;
	struct alert alert;
	enum alert_next next;
	if (alert_input_open(&input, path, &request, &failure) != 0)
		return failure_report(&failure);
	while ((next = alert_input_next(input, &alert, &failure)) == ALERT_NEXT)
		if (!quiet) {
			if (numbered)
				printf("%" PRIu64 ",", alert_input_counts(input)->lines);
			print_alert(alert_input_format(input), &alert);
		}
	const struct alert_input_counts *counts = alert_input_counts(input);
	fflush(stdout);
	fprintf(stderr, "%s: %" PRIu64 " of %" PRIu64 " lines understood, as %s\n", path,
		counts->alerts, counts->alerts + counts->skipped, alert_input_format(input));
	for (size_t i = 0; i < counts->shown; i++)
		fprintf(stderr, "  line %" PRIu64 ": %s\n", counts->show[i].line,
			counts->show[i].text);
	alert_input_close(input);
	return next == ALERT_FAILED ? failure_report(&failure) : 0;
}

int main(int argc, char **argv)
{
	int status = 0, year = 0, numbered = 0, quiet = 0, i = 1;
	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (strcmp(argv[i], "-n") == 0)
			quiet = 1;
		else if (strcmp(argv[i], "-l") == 0)
			numbered = 1;
		else if (strcmp(argv[i], "-y") == 0 && i + 1 < argc)
			year = (int)strtol(argv[++i], NULL, 10);
	}
	for (; i < argc; i++)
		status |= read_file(argv[i], year, numbered, quiet);
	return status;
}
