/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode.h"

#include <string.h>

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_8021Q = 0x8100,
	ETHERTYPE_8021AD = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100, /* what 802.1ad equipment sent before the standard */
	ETHERTYPE_PPPOE_SESSION = 0x8864,
	ETHERNET_LENGTH_MAX = 1500, /* a smaller "type" is an 802.3 length (IEEE 802.3, 3.2.6) */
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
};

/* More than the two tags of QinQ are seen in the field; more than these are an attack. */
#define VLAN_TAGS_MAX 4
/* RFC 8200 names each extension header once, destination options twice; room for a few more. */
#define EXTENSION_HEADERS_MAX 10

/* What is left of the frame: a cursor that no reader moves past the end. */
struct bytes {
	const uint8_t *at;
	size_t left;
};

static uint16_t read16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t read32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void skip(struct bytes *bytes, size_t length)
{
	bytes->at += length;
	bytes->left -= length;
}

static enum decode_result decode_tcp(const struct bytes *bytes, struct packet_summary *summary)
{
	if (bytes->left < 14)
		return DECODE_TRUNCATED;
	summary->source_port = read16(bytes->at);
	summary->destination_port = read16(bytes->at + 2);
	summary->tcp_sequence = read32(bytes->at + 4);
	summary->tcp_flags = bytes->at[13];
	summary->has_transport = true;
	return DECODED;
}

static enum decode_result decode_transport(const struct bytes *bytes,
					   struct packet_summary *summary)
{
	if (summary->later_fragment)
		return DECODED;
	switch (summary->protocol) {
	case PROTOCOL_TCP:
		return decode_tcp(bytes, summary);
	case PROTOCOL_UDP:
		if (bytes->left < 4)
			return DECODE_TRUNCATED;
		summary->source_port = read16(bytes->at);
		summary->destination_port = read16(bytes->at + 2);
		summary->has_transport = true;
		return DECODED;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		if (bytes->left < 1)
			return DECODE_TRUNCATED;
		summary->icmp_type = bytes->at[0];
		summary->has_transport = true;
		return DECODED;
	default:
		return DECODED;
	}
}

/* Steps over IPv6 extension headers (RFC 8200, 4) and the authentication header of either
 * version (RFC 4302) to the transport header. */
static enum decode_result decode_extensions(struct bytes *bytes, struct packet_summary *summary)
{
	enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51, DESTINATION = 60 };

	for (int count = 0; count < EXTENSION_HEADERS_MAX; count++) {
		size_t length;
		switch (summary->protocol) {
		case HOP_BY_HOP:
		case ROUTING:
		case DESTINATION:
			if (bytes->left < 2)
				return DECODE_TRUNCATED;
			length = ((size_t)bytes->at[1] + 1) * 8;
			break;
		case AUTHENTICATION:
			if (bytes->left < 2)
				return DECODE_TRUNCATED;
			length = ((size_t)bytes->at[1] + 2) * 4;
			break;
		case FRAGMENT:
			if (bytes->left < 8)
				return DECODE_TRUNCATED;
			summary->later_fragment = (read16(bytes->at + 2) & 0xfff8) != 0;
			length = 8;
			break;
		default:
			return decode_transport(bytes, summary);
		}
		if (bytes->left < length)
			return DECODE_TRUNCATED;
		summary->protocol = bytes->at[0];
		skip(bytes, length);
		if (summary->later_fragment)
			return DECODED;
	}
	return DECODE_MALFORMED;
}

/* Until the IP header is found, network_offset holds the length of the frame: what is left then
 * tells the offset. */
static void begin_summary(const struct bytes *bytes, struct packet_summary *summary)
{
	bool outgoing = summary->outgoing;
	uint32_t frame_length = summary->network_offset;
	*summary = (struct packet_summary){
		.outgoing = outgoing,
		.network_offset = frame_length - (uint32_t)bytes->left,
	};
}

static void set_ipv4(struct address *address, const uint8_t *at)
{
	address->bytes[10] = address->bytes[11] = 0xff;
	memcpy(address->bytes + 12, at, 4);
}

static enum decode_result decode_ipv4(struct bytes bytes, struct packet_summary *summary)
{
	begin_summary(&bytes, summary);
	if (bytes.left < 20)
		return DECODE_TRUNCATED;
	size_t header_length = (size_t)(bytes.at[0] & 15) * 4;
	size_t total_length = read16(bytes.at + 2);
	if (bytes.at[0] >> 4 != 4 || header_length < 20)
		return DECODE_MALFORMED;
	/* A total length of 0 is a packet that the sender's hardware was to cut (TSO). */
	if (total_length && total_length < header_length)
		return DECODE_MALFORMED;
	set_ipv4(&summary->source, bytes.at + 12);
	set_ipv4(&summary->destination, bytes.at + 16);
	summary->protocol = bytes.at[9];
	summary->later_fragment = (read16(bytes.at + 6) & 0x1fff) != 0;
	/* What follows the packet in its frame is padding, not transport. */
	if (total_length && total_length < bytes.left)
		bytes.left = total_length;
	if (bytes.left < header_length)
		return DECODE_TRUNCATED;
	skip(&bytes, header_length);
	if (summary->protocol == 51 && !summary->later_fragment)
		return decode_extensions(&bytes, summary);
	return decode_transport(&bytes, summary);
}

static enum decode_result decode_ipv6(struct bytes bytes, struct packet_summary *summary)
{
	begin_summary(&bytes, summary);
	if (bytes.left < 40)
		return DECODE_TRUNCATED;
	if (bytes.at[0] >> 4 != 6)
		return DECODE_MALFORMED;
	size_t payload_length = read16(bytes.at + 4);
	summary->protocol = bytes.at[6];
	memcpy(summary->source.bytes, bytes.at + 8, 16);
	memcpy(summary->destination.bytes, bytes.at + 24, 16);
	skip(&bytes, 40);
	/* A payload length of 0 is a jumbogram (RFC 2675) or a packet not yet cut by hardware. */
	if (payload_length && payload_length < bytes.left)
		bytes.left = payload_length;
	return decode_extensions(&bytes, summary);
}

static enum decode_result decode_raw_ip(struct bytes bytes, struct packet_summary *summary)
{
	if (bytes.left < 1)
		return DECODE_TRUNCATED;
	switch (bytes.at[0] >> 4) {
	case 4:
		return decode_ipv4(bytes, summary);
	case 6:
		return decode_ipv6(bytes, summary);
	default:
		return DECODE_NOT_IP;
	}
}

/* PPP (RFC 1661): an optional address and control field, a protocol of one or two bytes. */
static enum decode_result decode_ppp(struct bytes bytes, struct packet_summary *summary)
{
	if (bytes.left >= 2 && bytes.at[0] == 0xff && bytes.at[1] == 0x03)
		skip(&bytes, 2);
	if (bytes.left < 2)
		return DECODE_TRUNCATED;
	/* An odd first byte is a compressed protocol field (RFC 1661, 6.5). */
	size_t length = bytes.at[0] & 1 ? 1 : 2;
	uint16_t protocol = length == 1 ? bytes.at[0] : read16(bytes.at);
	skip(&bytes, length);
	if (protocol == PPP_IPV4)
		return decode_ipv4(bytes, summary);
	if (protocol == PPP_IPV6)
		return decode_ipv6(bytes, summary);
	return DECODE_NOT_IP;
}

/* PPPoE session (RFC 2516): version, type, code 0, session, length, then PPP. */
static enum decode_result decode_pppoe(struct bytes bytes, struct packet_summary *summary)
{
	if (bytes.left < 8)
		return DECODE_TRUNCATED;
	if (bytes.at[0] != 0x11)
		return DECODE_MALFORMED;
	if (bytes.at[1] != 0)
		return DECODE_NOT_IP;
	skip(&bytes, 6);
	return decode_ppp(bytes, summary);
}

/* From an EtherType on: VLAN tags, then IP or PPPoE. */
static enum decode_result decode_ethertype(uint16_t type, struct bytes bytes,
					   struct packet_summary *summary)
{
	for (int tags = 0; tags <= VLAN_TAGS_MAX; tags++) {
		switch (type) {
		case ETHERTYPE_IPV4:
			return decode_ipv4(bytes, summary);
		case ETHERTYPE_IPV6:
			return decode_ipv6(bytes, summary);
		case ETHERTYPE_PPPOE_SESSION:
			return decode_pppoe(bytes, summary);
		case ETHERTYPE_8021Q:
		case ETHERTYPE_8021AD:
		case ETHERTYPE_QINQ_OLD:
			if (bytes.left < 4)
				return DECODE_TRUNCATED;
			type = read16(bytes.at + 2);
			skip(&bytes, 4);
			break;
		default:
			return DECODE_NOT_IP;
		}
	}
	return DECODE_MALFORMED;
}

static enum decode_result decode_ethernet(struct bytes bytes, struct packet_summary *summary)
{
	static const uint8_t snap[6] = {0xaa, 0xaa, 0x03, 0, 0, 0}; /* RFC 1042 */

	if (bytes.left < 14)
		return DECODE_TRUNCATED;
	uint16_t type = read16(bytes.at + 12);
	skip(&bytes, 14);
	if (type <= ETHERNET_LENGTH_MAX) {
		if (bytes.left < 8)
			return DECODE_NOT_IP;
		if (memcmp(bytes.at, snap, sizeof snap) != 0)
			return DECODE_NOT_IP;
		type = read16(bytes.at + 6);
		skip(&bytes, 8);
	}
	return decode_ethertype(type, bytes, summary);
}

enum { COOKED_OUTGOING = 4 }; /* PACKET_OUTGOING of Linux cooked captures */

static enum decode_result decode_cooked_v1(struct bytes bytes, struct packet_summary *summary)
{
	if (bytes.left < 16)
		return DECODE_TRUNCATED;
	summary->outgoing = read16(bytes.at) == COOKED_OUTGOING;
	uint16_t type = read16(bytes.at + 14);
	skip(&bytes, 16);
	return decode_ethertype(type, bytes, summary);
}

static enum decode_result decode_cooked_v2(struct bytes bytes, struct packet_summary *summary)
{
	if (bytes.left < 20)
		return DECODE_TRUNCATED;
	summary->outgoing = bytes.at[10] == COOKED_OUTGOING;
	uint16_t type = read16(bytes.at);
	skip(&bytes, 20);
	return decode_ethertype(type, bytes, summary);
}

/* NULL has the address family in the byte order of the capturing machine, LOOP in network
 * order; a family fits in one byte, so it stands at one end or the other. */
static enum decode_result decode_loopback(struct bytes bytes, struct packet_summary *summary)
{
	if (bytes.left < 4)
		return DECODE_TRUNCATED;
	uint32_t family = read32(bytes.at);
	if (family > 0xffff)
		family = family >> 24 | (family >> 8 & 0xff00);
	skip(&bytes, 4);
	switch (family) {
	case 2: /* AF_INET everywhere */
		return decode_ipv4(bytes, summary);
	case 10: /* AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, macOS */
	case 24:
	case 28:
	case 30:
		return decode_ipv6(bytes, summary);
	default:
		return DECODE_NOT_IP;
	}
}

/* Numbers from the registry of link-layer header types (tcpdump.org/linktypes), and the DLT_
 * values of libpcap where they differ on Linux and the BSDs. */
static const struct link {
	int type;
	enum decode_result (*decode)(struct bytes, struct packet_summary *);
} links[] = {
	{LINK_TYPE_ETHERNET, decode_ethernet},
	{113, decode_cooked_v1}, /* LINUX_SLL */
	{276, decode_cooked_v2}, /* LINUX_SLL2 */
	{101, decode_raw_ip},	 /* RAW */
	{12, decode_raw_ip},	 /* DLT_RAW */
	{14, decode_raw_ip},	 /* DLT_RAW of OpenBSD */
	{228, decode_ipv4},	 /* IPV4 */
	{229, decode_ipv6},	 /* IPV6 */
	{0, decode_loopback},	 /* NULL */
	{108, decode_loopback},	 /* LOOP */
	{9, decode_ppp},	 /* PPP */
	{50, decode_ppp},	 /* PPP_HDLC */
	{51, decode_pppoe},	 /* PPP_ETHER */
};

static const struct link *find_link(int link_type)
{
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
		if (links[i].type == link_type)
			return &links[i];
	return NULL;
}

static bool is_ethertype(int link_type)
{
	return (link_type & ~0xffff) == LINK_ETHERTYPE(0);
}

bool decode_link_known(int link_type)
{
	return is_ethertype(link_type) || find_link(link_type) != NULL;
}

enum decode_result decode_packet(int link_type, const uint8_t *frame, size_t length,
				 struct packet_summary *summary)
{
	const struct link *link = NULL;
	if (!is_ethertype(link_type) && !(link = find_link(link_type)))
		return DECODE_UNKNOWN_LINK;
	summary->outgoing = false;
	summary->network_offset = (uint32_t)length;
	if (!link)
		return decode_ethertype((uint16_t)(link_type & 0xffff),
					(struct bytes){frame, length}, summary);
	return link->decode((struct bytes){frame, length}, summary);
}

const char *decode_result_name(enum decode_result result)
{
	static const char *const names[DECODE_RESULTS] = {
		"decoded", "unknown link type", "not IP", "truncated", "malformed",
	};
	return result < DECODE_RESULTS ? names[result] : "?";
}
