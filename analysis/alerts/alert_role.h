/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert_role: what a named value means to an alert. Makers of firewalls name the same things
 * differently: src, srcip, src_ip, source-address, SourceAddress. One table knows the names, for
 * columns and for key=value alike. */
#ifndef STALENODE_ALERT_ROLE_H
#define STALENODE_ALERT_ROLE_H

#include "alert.h"
#include "field.h"
#include "log_time.h"

enum alert_role {
	ROLE_NONE,
	ROLE_ACTION,
	ROLE_CLOCK,	  /* hour and minute, or a whole time */
	ROLE_DATE,	  /* the day alone, or a whole time */
	ROLE_DESTINATION, /* maybe with the port: "192.0.2.1:22" */
	ROLE_DESTINATION_PORT,
	ROLE_DIRECTION,
	ROLE_EPOCH, /* seconds since 1970 or finer units */
	ROLE_FLAGS, /* of TCP */
	ROLE_ICMP_TYPE,
	ROLE_LENGTH,
	ROLE_OFFSET, /* of the zone from UTC */
	ROLE_PROTOCOL,
	ROLE_REPEATS,
	ROLE_SEQUENCE,
	ROLE_SOURCE, /* maybe with the port */
	ROLE_SOURCE_PORT,
	ROLE_TIME_TO_LIVE,
	ROLE_WINDOW,
};

/* Names are compared without case, '-', '_' and blanks. */
enum alert_role alert_role_of(struct slice name);

/* An alert in the making. */
struct alert_draft {
	struct alert *alert;
	bool has_source, has_destination, has_protocol;
	struct slice date, clock, epoch, offset; /* text NULL: not seen */
};

/* Takes a value in. Of two for one role the first that can be read stays; one that cannot be read
 * is not there. */
void alert_draft_take(struct alert_draft *draft, enum alert_role role, struct slice value);
/* Puts the time together, which replaces the line's. True when it has both addresses and either a
 * protocol or ports; without a protocol it is TCP when flags say so, else ALERT_PROTOCOL_UNKNOWN.
 */
bool alert_draft_end(struct alert_draft *draft, struct log_clock *clock);

#endif
