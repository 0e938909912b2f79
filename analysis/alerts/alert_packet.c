/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alert_packet.h"

#include "../../observer/decode.h"

static uint32_t read16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

/* From the IP header, which the decoder has seen to be there: RFC 791, 3.1, and RFC 8200, 3. */
static void read_network(const uint8_t *header, struct alert *alert)
{
	if (header[0] >> 4 == 4) {
		alert->length = (int32_t)read16(header + 2);
		alert->time_to_live = header[8];
	} else {
		alert->length = (int32_t)read16(header + 4) + 40;
		alert->time_to_live = header[7];
	}
}

/* Where the TCP header begins is the decoder's secret behind IPv6 extension headers; behind an IPv4
 * header, and an IPv6 header alone, it is plain. */
static size_t transport_offset(const uint8_t *header)
{
	if (header[0] >> 4 == 4)
		return (size_t)(header[0] & 15) * 4;
	return header[6] == PROTOCOL_TCP ? 40 : 0;
}

/* RFC 9293, 3.1. */
static void read_tcp(const uint8_t *header, size_t length, struct alert *alert)
{
	size_t offset = transport_offset(header);
	if (!offset || length < offset + 20)
		return;
	header += offset;
	uint32_t header_length = (uint32_t)(header[12] >> 4) * 4;
	alert->tcp_window = (int32_t)read16(header + 14);
	if (header_length >= 20)
		alert->tcp_options_length = (int32_t)header_length - 20;
}

bool alert_packet(const struct capture_packet *packet, struct alert *alert)
{
	struct packet_summary summary = {0};
	enum decode_result result =
		decode_packet(packet->link_type, packet->bytes, packet->captured_length, &summary);
	alert_clear(alert);
	if (result != DECODED)
		return false;
	if (packet->has_time)
		alert->time_us = packet->time_us;
	alert->source = summary.source;
	alert->destination = summary.destination;
	alert->protocol = summary.protocol;
	alert->direction = summary.outgoing ? ALERT_OUTGOING : ALERT_DIRECTION_UNKNOWN;
	const uint8_t *header = packet->bytes + summary.network_offset;
	read_network(header, alert);
	if (!summary.has_transport)
		return true;
	if (summary.protocol == PROTOCOL_TCP || summary.protocol == PROTOCOL_UDP) {
		alert->source_port = summary.source_port;
		alert->destination_port = summary.destination_port;
	}
	if (summary.protocol == PROTOCOL_ICMP || summary.protocol == PROTOCOL_ICMPV6)
		alert->icmp_type = summary.icmp_type;
	if (summary.protocol == PROTOCOL_TCP) {
		alert->tcp_flags = summary.tcp_flags;
		alert->tcp_sequence = summary.tcp_sequence;
		read_tcp(header, packet->captured_length - summary.network_offset, alert);
	}
	return true;
}
