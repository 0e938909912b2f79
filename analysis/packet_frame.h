/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * packet_frame: one simulated packet as the Ethernet frame that a tap at the retired host sees:
 * IPv4 with TCP, UDP or ICMP, right lengths and checksums (RFC 791, 793, 768, 792, 1071), the TCP
 * options of the sender's operating system, padded to the 60 bytes of the shortest frame. */
#ifndef STALENODE_PACKET_FRAME_H
#define STALENODE_PACKET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum packet_kind { PACKET_SYN, PACKET_SYN_ACK, PACKET_RST, PACKET_UDP, PACKET_ICMP_UNREACHABLE };

/* TCP options of a SYN, in the order that the system sends them. */
enum packet_options {
	OPTIONS_NONE,	       /* a scanner with a socket of its own */
	OPTIONS_MSS,	       /* MSS */
	OPTIONS_WINDOWS_XP,    /* MSS, NOP, NOP, SACK permitted */
	OPTIONS_WINDOWS_VISTA, /* MSS, NOP, window scale, NOP, NOP, SACK permitted */
	OPTIONS_LINUX,	       /* MSS, SACK permitted, timestamps, NOP, window scale */
};

enum packet_payload {
	PAYLOAD_RANDOM, /* payload_length bytes of the stream payload_seed: obfuscated P2P */
	PAYLOAD_EMPTY,	/* a port scan */
	PAYLOAD_NETBIOS_STATUS, /* a query for all names, to 137 */
	PAYLOAD_DNS_VERSION,	/* a query for version.bind, to 53 */
	PAYLOAD_SQL_DISCOVERY,	/* a query for instances, to 1434 */
};

#define PACKET_PAYLOAD_MAX 512
/* Ethernet, IPv4 and the longest of TCP with 20 bytes of options and UDP with its payload. */
#define FRAME_SIZE_MAX (14 + 20 + 8 + PACKET_PAYLOAD_MAX)

struct packet {
	int64_t time_us;			/* since the retirement */
	uint32_t source, destination;		/* IPv4, host byte order */
	uint32_t sequence;			/* of TCP */
	uint32_t acknowledgement;		/* of TCP; in SYN-ACK and RST */
	uint32_t timestamp;			/* TSval of OPTIONS_LINUX */
	uint64_t payload_seed;			/* of PAYLOAD_RANDOM */
	uint16_t source_port, destination_port; /* of ICMP: those of the quoted datagram */
	uint16_t identification;		/* of the IPv4 header */
	uint16_t window;
	uint16_t segment_size;	 /* MSS */
	uint16_t payload_length; /* of PAYLOAD_RANDOM, up to PACKET_PAYLOAD_MAX */
	uint8_t time_to_live;	 /* as it arrives */
	uint8_t window_scale;
	uint8_t payload; /* enum packet_payload: of UDP */
	uint8_t kind;	 /* enum packet_kind */
	uint8_t options; /* enum packet_options */
	bool begins;	 /* a SYN: the first of its attempt that arrives */
};

/* Writes the frame and returns its length, 60 to FRAME_SIZE_MAX bytes. */
size_t packet_frame(const struct packet *packet, uint8_t frame[FRAME_SIZE_MAX]);

/* The Internet checksum of RFC 1071 of `length` bytes, added to the partial sum `sum`; host byte
 * order. */
uint16_t internet_checksum(const uint8_t *bytes, size_t length, uint32_t sum);

/* UDP datagrams leave from these ports, to which no protocol of renown belongs, so that tools do
 * not take their payload for one. */
#define UDP_FIRST_PORT 57344
#define UDP_PORTS      8192

/* All simulated sources come from 198.18.0.0/15, which RFC 2544 sets apart for benchmarks: peers
 * from the lower, background from the upper 65,536 numbers of a shuffled range. */
#define SIMULATED_SOURCES 131072
/* The address of source `number` < SIMULATED_SOURCES; different numbers, different addresses. */
uint32_t simulated_source(uint32_t number);
bool simulated_source_range(uint32_t address);

#endif
