/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* stalenoded stands beside stalenode, as in the build directory, or in sbin beside its bin. */
static int run(int argc, char **argv)
{
	char self[3800], path[sizeof self + 64];
	ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
	(void)argc;
	if (length > 0) {
		self[length] = '\0';
		snprintf(path, sizeof path, "%sd", self);
		execv(path, argv);
		snprintf(path, sizeof path, "%s/../sbin/stalenoded", dirname(self));
		execv(path, argv);
	}
	execvp("stalenoded", argv);
	say_error("cannot start stalenoded: %s: install it beside stalenode", strerror(errno));
	return EXIT_FAILED;
}

static const struct verb_option options[] = {
	{"config", "FILE",
	 "interface, state directory, targets and evidence as this file says, in place of all "
	 "options but --seconds; SIGHUP reads it again",
	 0},
	{"interface", "NAME", "the interface to listen on; 'any' for all", 'i'},
	{"state", "DIR", "the state directory; made when it is absent", 0},
	{"target", "NAME=ADDR/PORT[,PORT...][:key=value...]",
	 "a retired node; may be given several times. Keys: retired=TIME, started=TIME, "
	 "client=TEXT, "
	 "version=TEXT, policy=drop|rst, exclude=PORT[,PORT...], address=ADDR",
	 0},
	{"seconds", "N", "stop after so many seconds; the default is to go on until interrupted",
	 0},
	{"ring", "MIB", "memory that the kernel may fill while the observer is busy (16)", 0},
	{"evidence", "MIB",
	 "keep the counted SYNs up to so many MiB per target and day (16); 0 keeps none", 0},
	{0},
};

const struct verb observe_verb = {
	.name = "observe",
	.summary = "count live on an interface, in the foreground",
	.synopsis = "--config FILE | -i INTERFACE --state DIR --target "
		    "NAME=ADDR/PORT[,PORT...] [--target ...]",
	.description =
		"Counts what comes to the targets, with a line per closed 5-minute bucket, into "
		"the\n"
		"same state directory and through the same decoder as import. Ends at SIGINT or\n"
		"SIGTERM; the last bucket then carries the seconds that were covered. When the\n"
		"interface goes away it is opened again as soon as it is back; the time between "
		"is\n"
		"unknown, not zero.\n"
		"\n"
		"With --config FILE, SIGHUP reads the file again: what it knows of the running "
		"targets\n"
		"(client, version, started, retired, policy) is recorded at once, and what waits "
		"for\n"
		"the next start is named. A file with a mistake is refused and changes nothing.\n"
		"\n"
		"Needs root or the capability CAP_NET_RAW.",
	.options = options,
	.example = "stalenode observe -i eth0 --state obs --target winny=198.51.100.7/7743\n"
		   "stalenode observe --config /etc/stalenode.conf",
	.run = run,
};
