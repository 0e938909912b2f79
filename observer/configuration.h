/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * configuration: what the agent is told by its file, data/stalenode.conf being an example:
 * sections [agent], [interface NAME], [target NAME], [evidence], [geo]. It only says what is
 * wanted; whoever uses it says what of it he cannot do. */
#ifndef STALENODE_CONFIGURATION_H
#define STALENODE_CONFIGURATION_H

#include "base/failure.h"
#include "target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIGURATION_PATH_SIZE	     192 /* a line of the file holds no longer one */
#define CONFIGURATION_INTERFACES_MAX 8
#define INTERFACE_NAME_SIZE	     16 /* IFNAMSIZ: the kernel's own bound */

/* Standard value and bounds of each number. */
/* Attempts remembered at a time, 13 bytes each. An address that is only called by old
 * acquaintances needs a fraction of the standard, which is 2 MiB and serves 1,300 new attempts a
 * second. */
#define CONFIGURATION_ATTEMPTS	     163840
#define CONFIGURATION_ATTEMPTS_LEAST 1024
#define CONFIGURATION_ATTEMPTS_MOST  16777216
/* Sources remembered over all targets, to tell new ones, 16 bytes each; one target has half of them
 * at most. */
#define CONFIGURATION_SOURCES	    131072
#define CONFIGURATION_SOURCES_LEAST 1024
#define CONFIGURATION_SOURCES_MOST  16777216
/* MiB that the kernel may fill while the agent is busy, see capture_ring.h. The standard outlasts
 * the longest pause before a worker is started again (60 s), and holds 180 ms of the fastest flood
 * that a small machine can receive (460,000 packets/s). It is half of what the agent has of the
 * memory. */
#define CONFIGURATION_RING	 13
#define CONFIGURATION_RING_LEAST 1
#define CONFIGURATION_RING_MOST	 1024
/* Bytes of each packet. Two VLAN tags, PPPoE and plain IPv6 and TCP take 90. */
#define CONFIGURATION_SNAPSHOT	     128
#define CONFIGURATION_SNAPSHOT_LEAST 96
#define CONFIGURATION_SNAPSHOT_MOST  65535
/* MiB of evidence per target and UTC day; 0 keeps none. */
#define CONFIGURATION_EVIDENCE	     16
#define CONFIGURATION_EVIDENCE_LEAST 0
#define CONFIGURATION_EVIDENCE_MOST  1048576

struct interface_configuration {
	char name[INTERFACE_NAME_SIZE]; /* "any" for all */
	uint32_t ring_mib;
	uint32_t snapshot_bytes;
};

struct configuration {
	char state[CONFIGURATION_PATH_SIZE]; /* the state directory */
	uint32_t attempts;		     /* capacity of the attempt table */
	uint32_t sources;		     /* capacity of the memories of sources together */
	struct interface_configuration interface[CONFIGURATION_INTERFACES_MAX];
	size_t interfaces;		   /* 1 or more */
	struct target target[TARGETS_MAX]; /* names differ; `retired = auto` is TIME_UNKNOWN */
	size_t targets;			   /* 1 or more */
	/* The interface of each target, by index; where there is one, all are on it. */
	uint32_t target_interface[TARGETS_MAX];
	uint32_t evidence_mib;
	bool anonymise;				 /* the addresses in evidence */
	char countries[CONFIGURATION_PATH_SIZE]; /* .mmdb of countries; "" for none */
	char systems[CONFIGURATION_PATH_SIZE];	 /* .mmdb of autonomous systems; "" for none */
};

/* Reads a configuration file, all or nothing: *configuration is left alone on a mistake, which is
 * one line, EXIT_WRONG_USE: file, line, key, what is allowed. Opens no other file than this. */
int configuration_read(struct configuration *configuration, const char *path,
		       struct failure *failure);

const struct target *configuration_find(const struct configuration *configuration,
					const char *name);

#endif
