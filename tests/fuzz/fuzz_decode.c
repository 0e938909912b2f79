/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first byte picks a link type, the others are the frame. */
#include "../../observer/decode.h"

#include "../unit/frames.h"
#include "harness.h"

static const int links[] = {1,
			    113,
			    276,
			    101,
			    12,
			    14,
			    228,
			    229,
			    0,
			    108,
			    9,
			    50,
			    51,
			    147,
			    LINK_ETHERTYPE(0x0800),
			    LINK_ETHERTYPE(0x86dd),
			    LINK_ETHERTYPE(0x88a8),
			    LINK_ETHERTYPE(0x8864)};
#define LINKS (sizeof links / sizeof links[0])

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	int link_type = links[data[0] % LINKS];
	size_t length = size - 1;
	/* Of exactly this size, so that the sanitiser sees a read of the byte behind it. */
	uint8_t *frame = exact_copy(data + 1, length);
	struct packet_summary summary;
	memset(&summary, 0xaa, sizeof summary);
	enum decode_result result = decode_packet(link_type, frame, length, &summary);
	promise(result >= DECODED && result < DECODE_RESULTS);
	promise((result == DECODE_UNKNOWN_LINK) == !decode_link_known(link_type));
	if (result == DECODED) {
		promise(summary.network_offset + 20u <= length);
		promise(!summary.has_transport || !summary.later_fragment);
		promise(summary.has_transport ||
			(summary.tcp_flags == 0 && summary.icmp_type == 0));
		promise(summary.protocol == PROTOCOL_TCP || summary.tcp_flags == 0);
		unsigned version = frame[summary.network_offset] >> 4;
		promise(version == (address_is_ipv4(&summary.destination) ? 4 : 6) ||
			version == 6); /* an IPv6 header may hold a mapped address */
	}
	/* A longer capture of the same frame finds the same packet. */
	if (result == DECODED && summary.has_transport) {
		uint8_t *longer = exact_copy(data, size);
		struct packet_summary again;
		memmove(longer, frame, length);
		longer[length] = 0xff;
		promise(decode_packet(link_type, longer, length + 1, &again) == DECODED);
		promise(again.protocol == summary.protocol &&
			again.destination_port == summary.destination_port &&
			again.tcp_flags == summary.tcp_flags &&
			again.tcp_sequence == summary.tcp_sequence &&
			again.network_offset == summary.network_offset);
		free(longer);
	}
	free(frame);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const uint8_t snap[8] = {0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x00};

	*seed = (struct octets){0};
	switch (number) {
	case 0:
		put8(seed, 0);
		put_ethernet(seed, 0x0800);
		break;
	case 1:
		put8(seed, 0);
		put_ethernet(seed, 0x88a8);
		put_vlan(seed, 0x8100);
		put_vlan(seed, 0x8864);
		put_pppoe(seed, 0, 0x0021, 40);
		break;
	case 2:
		put8(seed, 0);
		put_ethernet(seed, 48);
		put_bytes(seed, snap, sizeof snap);
		break;
	case 3:
		put8(seed, 1);
		put_zeros(seed, 14);
		put16(seed, 0x0800);
		break;
	case 4:
		put8(seed, 2);
		put16(seed, 0x0800);
		put_zeros(seed, 18);
		break;
	case 5:
		put8(seed, 3);
		break;
	case 6:
		put8(seed, 9);
		put32(seed, 2);
		break;
	case 7:
		put8(seed, 10);
		put32(seed, 0xff030021);
		break;
	case 8: /* IPv6 with a chain of extension headers */
		put8(seed, 7);
		put_ipv6(seed, 1, 2, 0, 64);
		put_bytes(seed, "\x2b\0\0\0\0\0\0\0", 8);
		put_bytes(seed, "\x2c\0\0\0\0\0\0\0", 8);
		put_bytes(seed, "\x33\0\0\1\0\0\0\0", 8);
		put_bytes(seed, "\x3c\1\0\0\0\0\0\0\0\0\0\0", 12);
		put_bytes(seed, "\x06\0\0\0\0\0\0\0", 8);
		put_tcp(seed, 1, 7743, 2, FLAG_SYN);
		return true;
	case 9:
		put8(seed, 3);
		put_ipv4(seed, 1, 2, 17, 8, 0);
		put_udp(seed, 53, 7743);
		return true;
	case 10:
		put8(seed, 7);
		put_ipv6(seed, 1, 2, 58, 8);
		put_icmp(seed, 1);
		return true;
	case 11:
		put8(seed, 16);
		put_vlan(seed, 0x8100);
		put_vlan(seed, 0x0800);
		break;
	default:
		return false;
	}
	put_ipv4(seed, 1, 2, 6, 20, 0);
	put_tcp(seed, 1, 7743, 2, FLAG_SYN);
	return true;
}
