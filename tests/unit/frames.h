/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frames: headers of captured frames, from the outside in, as the standards write them down. */
#ifndef STALENODE_TEST_FRAMES_H
#define STALENODE_TEST_FRAMES_H

#include "octets.h"

enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16, FLAG_ECE = 64, FLAG_CWR = 128 };

/* LINKTYPE_ values. */
enum { LINK_ETHERNET = 1, LINK_RAW = 101 };

static inline void put_ethernet(struct octets *frame, unsigned type)
{
	put_bytes(frame, "\x02\0\0\0\0\1\x02\0\0\0\0\2", 12);
	put16(frame, type);
}

static inline void put_vlan(struct octets *frame, unsigned type)
{
	put16(frame, 0x0064);
	put16(frame, type);
}

static inline void put_pppoe(struct octets *frame, unsigned code, unsigned protocol,
			     unsigned length)
{
	put8(frame, 0x11);
	put8(frame, code);
	put16(frame, 0x0001);
	put16(frame, length + 2);
	put16(frame, protocol);
}

/* IPv4 without options; `fragment` is the flags and the offset as they stand in the header. */
static inline void put_ipv4(struct octets *frame, uint32_t source, uint32_t destination,
			    unsigned protocol, unsigned payload, unsigned fragment)
{
	put16(frame, 0x4500);
	put16(frame, 20 + payload);
	put16(frame, 0x1234);
	put16(frame, fragment);
	put8(frame, 64);
	put8(frame, protocol);
	put16(frame, 0); /* checksum: nothing here verifies it */
	put32(frame, source);
	put32(frame, destination);
}

/* IPv6 from and to 2001:db8::N. */
static inline void put_ipv6(struct octets *frame, uint32_t source, uint32_t destination,
			    unsigned next, unsigned payload)
{
	put32(frame, 0x60000000);
	put16(frame, payload);
	put8(frame, next);
	put8(frame, 64);
	for (int i = 0; i < 2; i++) {
		put32(frame, 0x20010db8);
		put_zeros(frame, 8);
		put32(frame, i ? destination : source);
	}
}

static inline void put_tcp(struct octets *frame, unsigned source_port, unsigned port,
			   uint32_t sequence, unsigned flags)
{
	put16(frame, source_port);
	put16(frame, port);
	put32(frame, sequence);
	put32(frame, 0);
	put8(frame, 5 << 4);
	put8(frame, flags);
	put16(frame, 65535);
	put32(frame, 0);
}

static inline void put_udp(struct octets *frame, unsigned source_port, unsigned port)
{
	put16(frame, source_port);
	put16(frame, port);
	put16(frame, 8);
	put16(frame, 0);
}

static inline void put_icmp(struct octets *frame, unsigned type)
{
	put8(frame, type);
	put_zeros(frame, 7);
}

/* A whole TCP packet without a link layer. */
static inline struct octets tcp_packet(uint32_t source, uint32_t destination, unsigned source_port,
				       unsigned port, uint32_t sequence, unsigned flags)
{
	struct octets frame = {0};
	put_ipv4(&frame, source, destination, 6, 20, 0);
	put_tcp(&frame, source_port, port, sequence, flags);
	return frame;
}

#endif
