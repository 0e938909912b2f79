/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "packet_frame.h"

#include "random_stream.h"

#include <string.h>

#define ETHERNET_SIZE	  14
#define IPV4_SIZE	  20
#define TCP_SIZE	  20
#define UDP_SIZE	  8
#define ICMP_SIZE	  8
#define ICMP_QUOTED	  (IPV4_SIZE + 8)
#define FRAME_SHORTEST	  60 /* what a network card hands over of a 64-byte frame */
#define SOURCE_RANGE	  UINT32_C(0xc6120000) /* 198.18.0.0 */
#define SOURCE_RANGE_MASK UINT32_C(0xfffe0000)

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)(value >> 16));
	put16(at + 2, (uint16_t)value);
}

uint16_t internet_checksum(const uint8_t *bytes, size_t length, uint32_t sum)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (length % 2)
		sum += (uint32_t)bytes[length - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* The pseudo header that TCP and UDP checksums begin with, as a partial sum. */
static uint32_t pseudo_header_sum(const struct packet *packet, uint8_t protocol, size_t length)
{
	return (packet->source >> 16) + (packet->source & 0xffff) + (packet->destination >> 16) +
	       (packet->destination & 0xffff) + protocol + (uint32_t)length;
}

static void put_ipv4(uint8_t *at, uint8_t protocol, size_t payload, uint16_t identification,
		     uint8_t time_to_live, uint32_t source, uint32_t destination)
{
	at[0] = 0x45;
	at[1] = 0;
	put16(at + 2, (uint16_t)(IPV4_SIZE + payload));
	put16(at + 4, identification);
	put16(at + 6, 0x4000); /* do not fragment, as all of these systems set it */
	at[8] = time_to_live;
	at[9] = protocol;
	put16(at + 10, 0);
	put32(at + 12, source);
	put32(at + 16, destination);
	put16(at + 10, internet_checksum(at, IPV4_SIZE, 0));
}

/* Kinds of options: 1 NOP, 2 MSS, 3 window scale, 4 SACK permitted, 8 timestamps. */
static size_t put_options(const struct packet *packet, uint8_t *at)
{
	const uint8_t mss[4] = {2, 4, (uint8_t)(packet->segment_size >> 8),
				(uint8_t)packet->segment_size};
	const uint8_t nop_scale[4] = {1, 3, 3, packet->window_scale};
	const uint8_t nop_nop_sack[4] = {1, 1, 4, 2};
	if (packet->options == OPTIONS_NONE)
		return 0;
	memcpy(at, mss, 4);
	switch ((enum packet_options)packet->options) {
	case OPTIONS_WINDOWS_XP:
		memcpy(at + 4, nop_nop_sack, 4);
		return 8;
	case OPTIONS_WINDOWS_VISTA:
		memcpy(at + 4, nop_scale, 4);
		memcpy(at + 8, nop_nop_sack, 4);
		return 12;
	case OPTIONS_LINUX:
		memcpy(at + 4, (const uint8_t[]){4, 2, 8, 10}, 4);
		put32(at + 8, packet->timestamp);
		put32(at + 12, 0);
		memcpy(at + 16, nop_scale, 4);
		return 20;
	default:
		return 4;
	}
}

static size_t put_tcp(const struct packet *packet, uint8_t *at)
{
	enum { SYN = 0x02, RST = 0x04, ACK = 0x10 };
	static const uint8_t flags[] = {
		[PACKET_SYN] = SYN, [PACKET_SYN_ACK] = SYN | ACK, [PACKET_RST] = RST | ACK};
	size_t length = TCP_SIZE;
	if (packet->kind != PACKET_RST)
		length += put_options(packet, at + TCP_SIZE);
	put16(at, packet->source_port);
	put16(at + 2, packet->destination_port);
	put32(at + 4, packet->sequence);
	put32(at + 8, packet->kind == PACKET_SYN ? 0 : packet->acknowledgement);
	at[12] = (uint8_t)(length / 4 << 4);
	at[13] = flags[packet->kind];
	put16(at + 14, packet->kind == PACKET_RST ? 0 : packet->window);
	put32(at + 16, 0); /* checksum, urgent pointer */
	put16(at + 16,
	      internet_checksum(at, length, pseudo_header_sum(packet, PROTOCOL_TCP, length)));
	return length;
}

static size_t put_random_payload(const struct packet *packet, uint8_t *at)
{
	size_t length = packet->payload_length;
	if (length > PACKET_PAYLOAD_MAX)
		length = PACKET_PAYLOAD_MAX;
	struct random_stream random;
	random_stream_begin(&random, packet->payload_seed, 0);
	uint64_t bits = 0;
	for (size_t i = 0; i < length; i++, bits >>= 8) {
		if (i % 8 == 0)
			bits = random_bits(&random);
		at[i] = (uint8_t)bits;
	}
	/* Two bytes of a number below 256 and a kind, so that nothing takes it for a protocol that
	 * is known by its first byte. */
	if (length > 2) {
		at[0] = 0;
		at[2] = 2;
	}
	return length;
}

/* The queries are well-formed: header with one question (RFC 1035, RFC 1002 4.2.17), its name,
 * type and class; the byte that asks an SQL Server for its instances (MS-SQLR 2.2.2). */
static size_t put_payload(const struct packet *packet, uint8_t *at)
{
	static const uint8_t netbios[] = "\x12\x34\0\0\0\1\0\0\0\0\0\0"
					 " CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0"
					 "\0\x21\0\1";
	static const uint8_t dns[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0"
				     "\7version\4bind\0"
				     "\0\x10\0\3";
	switch ((enum packet_payload)packet->payload) {
	case PAYLOAD_RANDOM:
		return put_random_payload(packet, at);
	case PAYLOAD_NETBIOS_STATUS:
		memcpy(at, netbios, sizeof netbios - 1);
		return sizeof netbios - 1;
	case PAYLOAD_DNS_VERSION:
		memcpy(at, dns, sizeof dns - 1);
		return sizeof dns - 1;
	case PAYLOAD_SQL_DISCOVERY:
		at[0] = 2;
		return 1;
	case PAYLOAD_EMPTY:
		break;
	}
	return 0;
}

static size_t put_udp(const struct packet *packet, uint8_t *at)
{
	size_t length = UDP_SIZE + put_payload(packet, at + UDP_SIZE);
	put16(at, packet->source_port);
	put16(at + 2, packet->destination_port);
	put16(at + 4, (uint16_t)length);
	put16(at + 6, 0);
	uint16_t checksum =
		internet_checksum(at, length, pseudo_header_sum(packet, PROTOCOL_UDP, length));
	put16(at + 6, checksum ? checksum : 0xffff); /* 0 would mean that there is none */
	return length;
}

/* Port unreachable, quoting the header and first 8 bytes of a UDP datagram that claimed to come
 * from the destination. */
static size_t put_icmp(const struct packet *packet, uint8_t *at)
{
	size_t length = ICMP_SIZE + ICMP_QUOTED;
	uint8_t *quoted = at + ICMP_SIZE;
	memset(at, 0, length);
	at[0] = 3;
	at[1] = 3;
	put_ipv4(quoted, PROTOCOL_UDP, UDP_SIZE, packet->identification, packet->time_to_live,
		 packet->destination, packet->source);
	put16(quoted + IPV4_SIZE, packet->destination_port);
	put16(quoted + IPV4_SIZE + 2, packet->source_port);
	put16(quoted + IPV4_SIZE + 4, UDP_SIZE);
	put16(at + 2, internet_checksum(at, length, 0));
	return length;
}

size_t packet_frame(const struct packet *packet, uint8_t frame[FRAME_SIZE_MAX])
{
	/* Destination (the retired host) and source (its gateway), both locally administered. */
	static const uint8_t ethernet[ETHERNET_SIZE] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};
	uint8_t *payload = frame + ETHERNET_SIZE + IPV4_SIZE;
	uint8_t protocol = PROTOCOL_TCP;
	size_t length;
	switch ((enum packet_kind)packet->kind) {
	case PACKET_UDP:
		protocol = PROTOCOL_UDP;
		length = put_udp(packet, payload);
		break;
	case PACKET_ICMP_UNREACHABLE:
		protocol = PROTOCOL_ICMP;
		length = put_icmp(packet, payload);
		break;
	default:
		length = put_tcp(packet, payload);
	}
	memcpy(frame, ethernet, ETHERNET_SIZE);
	put_ipv4(frame + ETHERNET_SIZE, protocol, length, packet->identification,
		 packet->time_to_live, packet->source, packet->destination);
	length += ETHERNET_SIZE + IPV4_SIZE;
	if (length < FRAME_SHORTEST) {
		memset(frame + length, 0, FRAME_SHORTEST - length);
		length = FRAME_SHORTEST;
	}
	return length;
}

uint32_t simulated_source(uint32_t number)
{
	/* A bijection of 17 bits: xor with a shift and multiplication by an odd number both are,
	 * and so is flipping the bits below the top one by something of the top one. */
	uint32_t mixed = number % SIMULATED_SOURCES;
	for (int i = 0; i < 3; i++) {
		mixed ^= mixed >> 9;
		mixed = mixed * UINT32_C(0x9e3b5) % SIMULATED_SOURCES;
	}
	return SOURCE_RANGE | (mixed ^ mixed >> 8);
}

bool simulated_source_range(uint32_t address)
{
	return (address & SOURCE_RANGE_MASK) == SOURCE_RANGE;
}
