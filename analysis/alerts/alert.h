/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert: one packet, or one connection, as a firewall told of it: a line of its log, or a packet of
 * a capture taken at the host. What a log does not say is unknown, never zero. No pointers. */
#ifndef STALENODE_ALERT_H
#define STALENODE_ALERT_H

#include "../../observer/target.h"

#include <stdbool.h>
#include <stdint.h>

#define ALERT_TIME_UNKNOWN INT64_MIN
#define ALERT_UNKNOWN	   (-1)
/* Reserved by IANA, so no packet has it. */
#define ALERT_PROTOCOL_UNKNOWN 255

enum alert_direction {
	ALERT_DIRECTION_UNKNOWN,
	ALERT_INCOMING,	 /* to this host or network */
	ALERT_OUTGOING,	 /* from it */
	ALERT_FORWARDED, /* through it: the log names an interface on both sides */
};

enum alert_action { ALERT_ACTION_UNKNOWN, ALERT_BLOCKED, ALERT_ALLOWED };

struct alert {
	int64_t time_us; /* UTC microseconds since 1970, or ALERT_TIME_UNKNOWN */
	struct address source, destination;
	enum alert_direction direction; /* as the log says, not guessed from addresses */
	enum alert_action action;
	uint32_t repeats; /* 1 or more: a log may fold equal lines into one */
	uint8_t protocol; /* IANA number, or ALERT_PROTOCOL_UNKNOWN: not every log says */
	/* The rest is ALERT_UNKNOWN where the log does not say. */
	int32_t source_port, destination_port; /* 0 to 65535; TCP, UDP */
	int32_t icmp_type;
	int32_t tcp_flags;    /* bits of the TCP header's octet of flags */
	int64_t tcp_sequence; /* 0 to 2^32 - 1 */
	int32_t tcp_window;
	int32_t tcp_options_length; /* octets; 0 is a SYN without options */
	int32_t time_to_live;
	int32_t length; /* of the IP packet, octets */
};

/* All unknown, repeats 1. */
void alert_clear(struct alert *alert);

#endif
