/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cluster: alerts that belong together: of one direction, protocol, local address and local port
 * (outgoing ones: of one remote port), requests apart from replies. No pointers. */
#ifndef STALENODE_CLUSTER_H
#define STALENODE_CLUSTER_H

#include "alert.h"
#include "common_values.h"
#include "time_bins.h"

#include <stdbool.h>

#define CLUSTER_NO_PORT	  (-1)
#define CLUSTER_COUNTRIES 5

enum cluster_kind {
	CLUSTER_REQUEST, /* SYN, a datagram, an echo request: somebody begins */
	CLUSTER_REPLY, /* TCP without a bare SYN, ICMP errors: an answer, or what looks like one */
};

struct cluster_key {
	struct address local; /* of one that covers several addresses: all zero */
	int32_t port;	      /* CLUSTER_NO_PORT: none, or several that were put together */
	uint8_t protocol;     /* IANA number, or ALERT_PROTOCOL_UNKNOWN */
	uint8_t outgoing;
	uint8_t kind;
	uint8_t group_of_ports; /* several ports were put together */
};

struct cluster {
	struct cluster_key key;
	uint64_t events;
	uint64_t attempts;	   /* retransmissions folded; datagrams are attempts of their own */
	uint64_t repeated;	   /* attempts of which a later SYN came when a system repeats it */
	uint64_t blocked;	   /* events that the log says were blocked */
	uint64_t answers;	   /* SYN-ACK, RST and ICMP errors */
	uint64_t length_known;	   /* SYNs of known size */
	uint64_t without_options;  /* of these, SYNs that are nothing but a header */
	uint64_t p2p_source_ports; /* events from a port that P2P programs have by default */
	uint64_t replies;	   /* to the same port, not among the events */
	uint64_t to_all;	   /* events to a broadcast or multicast address */
	uint64_t from_near;	   /* events from private or link-local addresses */
	struct common_values source_ports, windows;
	int64_t first_us, last_us; /* ALERT_TIME_UNKNOWN: no event had a time */
	int64_t second;		   /* the current one, and its events; the busiest one's */
	uint32_t in_second, busiest_second;
	struct time_bins bins;
	uint32_t ports;	  /* put together; 1 else */
	uint32_t remotes; /* different remote addresses; a lower bound where the table was full */
	bool folded;	  /* into a cluster of requests, as its replies */
	struct address most; /* the remote address of most events, and its events */
	uint32_t most_events;
	/* Found at the end, of the remotes that are remembered: */
	uint32_t scanners;	/* that also touched many other ports here */
	uint32_t returned;	/* came back half an hour later or more */
	uint32_t returned_days; /* came on another UTC day, too */
	uint32_t neighbours;	/* local addresses that get the same, this one among them */
	uint64_t remotes_with_neighbours; /* of all of these */
	/* Where the remotes are, by cluster_table_locate(): those whose country is known, and the
	 * countries of most of them, most first. */
	uint32_t located;
	struct {
		char code[3]; /* ISO 3166-1, two capital letters; "": no more */
		uint32_t addresses;
	} country[CLUSTER_COUNTRIES];
};

#endif
