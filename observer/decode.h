/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * decode: a captured frame in, a plain summary of its IP packet out. A pure function: it keeps
 * nothing, changes nothing but *summary, and never reads past the captured bytes. One decoder
 * serves live capture and files alike, because a kernel filter sees neither IPv6 extension
 * headers nor what is inside QinQ and PPPoE.
 *
 * Understood: Ethernet (802.1Q, QinQ, LLC/SNAP), PPPoE session (also inside VLANs), PPP, Linux
 * cooked v1 and v2, raw IP, NULL/LOOP, and packets whose EtherType is told apart; IPv4 with
 * options, IPv6 with extension headers, fragments, authentication headers. Tunnels inside IP are
 * not unwrapped. */
#ifndef STALENODE_DECODE_H
#define STALENODE_DECODE_H

#include "target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum decode_result {
	DECODED,
	DECODE_UNKNOWN_LINK, /* the link type is none of those above */
	DECODE_NOT_IP,	     /* ARP, PPPoE discovery, a PPP control protocol, ... */
	DECODE_TRUNCATED,    /* fewer bytes captured than its headers need */
	DECODE_MALFORMED,    /* a header contradicts itself */
	DECODE_RESULTS,
};

enum tcp_flag { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMPV6 = 58 };

struct packet_summary {
	struct address source, destination;
	uint8_t protocol;	   /* IANA number after all extension headers */
	bool later_fragment;	   /* not the first fragment: it has no ports */
	bool outgoing;		   /* the capture itself says that this host sent it */
	bool has_transport;	   /* the fields below are there */
	uint8_t tcp_flags;	   /* bits of enum tcp_flag and the others; 0 unless TCP */
	uint8_t icmp_type;	   /* 0 unless ICMP or ICMPv6 */
	uint16_t source_port;	   /* TCP and UDP */
	uint16_t destination_port; /* TCP and UDP */
	uint32_t tcp_sequence;
	uint32_t network_offset; /* where the IP header begins in the frame */
};

#define LINK_TYPE_ETHERNET 1
/* A packet without a link header, of that EtherType (0 to 0xffff). No capture file can name it: its
 * link types have 26 bits at most. */
#define LINK_ETHERTYPE(type) (0x20000000 | (type))

/* link_type is a LINKTYPE_ value of a capture file, a DLT_ value of libpcap, or LINK_ETHERTYPE().
 * After DECODED, and after a truncated or malformed transport header (has_transport is false then),
 * *summary is filled; after the other results it is not. */
enum decode_result decode_packet(int link_type, const uint8_t *frame, size_t length,
				 struct packet_summary *summary);

bool decode_link_known(int link_type);
/* "truncated", ... for people and tests. */
const char *decode_result_name(enum decode_result result);

#endif
