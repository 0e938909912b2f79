/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target: a retired node: a name, one or two addresses, the ports its client listened on, and
 * what is known of its life. */
#ifndef STALENODE_TARGET_H
#define STALENODE_TARGET_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TARGET_NAME_SIZE    65 /* 64 characters of [A-Za-z0-9._-] */
#define TARGET_PORTS_MAX    16
#define TARGET_EXCLUDED_MAX 16
#define TARGETS_MAX	    256
#define TIME_UNKNOWN	    INT64_MIN

/* An IP address of either version; IPv4 as ::ffff:a.b.c.d, so that one comparison does. */
struct address {
	uint8_t bytes[16];
};

struct target {
	char name[TARGET_NAME_SIZE];
	char client[65];  /* "Winny", "" when unknown */
	char version[33]; /* "2b71", "" when unknown */
	struct address address[2];
	size_t addresses; /* 1 or 2 */
	uint16_t port[TARGET_PORTS_MAX];
	size_t ports;
	uint16_t excluded_port[TARGET_EXCLUDED_MAX]; /* the host's own services */
	size_t excluded_ports;
	int64_t started; /* UTC seconds, or TIME_UNKNOWN */
	int64_t retired; /* UTC seconds, or TIME_UNKNOWN */
	char policy[8];	 /* "drop", "rst", or "" when unknown */
};

/* An empty target: no name, times unknown. */
void target_clear(struct target *target);

bool target_name_valid(const char *name);
/* "192.0.2.1" or "2001:db8::1"; false when it is neither. */
bool address_parse(const char *text, struct address *address);
#define ADDRESS_TEXT_SIZE 46
char *address_format(const struct address *address, char text[ADDRESS_TEXT_SIZE]);
bool address_is_ipv4(const struct address *address);

/* Reads "NAME=ADDR/PORT[,PORT...][:key=value...]", the form of --target. Keys: retired=TIME,
 * started=TIME, client=TEXT, version=TEXT, policy=drop|rst, exclude=PORT[,PORT...],
 * address=ADDR (a second one). EXIT_WRONG_USE with what is allowed on any mistake.
 * target_set() sets one key. */
int target_set(struct target *target, const char *key, const char *value, struct failure *failure);
/* Reads "PORT[,PORT...]" into port[capacity]; false when it is anything else. */
bool target_parse_ports(const char *text, uint16_t *port, size_t capacity, size_t *ports);
int target_parse(struct target *target, const char *text, struct failure *failure);

#endif
