/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * retransmission: when the SYNs of one connection attempt leave, by the sender's operating system
 * and by how the called host answers. All SYNs of one attempt share source, source port,
 * destination port and sequence number.
 *
 * At a silent host:
 *   Windows 2000 to 7   0 3 9 s               TcpMaxConnectRetransmissions 2, initial timeout 3 s,
 *                                             doubling (Microsoft, registry reference cc758896)
 *   Linux 2.6           0 3 9 21 45 93 s      initial timeout of RFC 1122, tcp_syn_retries 5
 *   Linux 3.1 to 6.4    0 1 3 7 15 31 s       initial timeout of RFC 6298
 *   Linux 6.5 and later 0 1 2 3 4 5 7 11 19 s tcp_syn_linear_timeouts 4
 * At a host that answers RST the operating system's attempt is over with its first SYN. */
#ifndef STALENODE_RETRANSMISSION_H
#define STALENODE_RETRANSMISSION_H

#include "random_stream.h"

#include <stddef.h>
#include <stdint.h>

enum host_policy { POLICY_DROP, POLICY_RST };

enum sender_system {
	SENDER_WINDOWS_XP,
	SENDER_WINDOWS_VISTA,
	SENDER_LINUX_2_6,
	SENDER_LINUX_3_1,
	SENDER_LINUX_6_5,
	SENDER_SYSTEMS
};

#define RETRANSMISSION_SYNS_MAX 9

struct retransmission_schedule {
	size_t syns;				    /* of one attempt, the first included */
	int64_t offset_us[RETRANSMISSION_SYNS_MAX]; /* since the first SYN */
	int64_t timer_us;    /* a retransmission leaves up to this much early or late */
	int64_t gives_up_us; /* the application learns of the failure this long after the start */
};

const struct retransmission_schedule *retransmission_schedule(enum sender_system system,
							      enum host_policy policy);

/* When SYN number `index` arrives, in microseconds since the first one left: the schedule, the
 * sender's timer and the way through the network, which is a few milliseconds and now and then a
 * multiple. Never out of order within an attempt. */
int64_t retransmission_arrival_us(const struct retransmission_schedule *schedule, size_t index,
				  struct random_stream *random);

#endif
