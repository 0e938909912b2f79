/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/decode.h"

#include "frames.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SOURCE	    0xc6336407 /* 198.51.100.7 */
#define DESTINATION 0xcb007115 /* 203.0.113.21 */
#define SEQUENCE    0x89abcdef

enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51, DESTINATION_OPTIONS = 60 };

/* A frame cut anywhere never reads beyond its bytes, and never decodes into something else: a
 * prefix decodes fully or says what is missing. */
static void assert_cut_safely(int link_type, const struct octets *frame,
			      const struct packet_summary *whole)
{
	for (size_t length = 0; length < frame->length; length++) {
		uint8_t *cut = exact_copy(frame->bytes, length);
		struct packet_summary summary;
		enum decode_result result = decode_packet(link_type, cut, length, &summary);
		if (result == DECODED && summary.has_transport) {
			assert_memory_equal(&summary.source, &whole->source, 16);
			assert_memory_equal(&summary.destination, &whole->destination, 16);
			assert_int_equal(summary.protocol, whole->protocol);
			assert_int_equal(summary.destination_port, whole->destination_port);
			assert_int_equal(summary.tcp_flags, whole->tcp_flags);
		} else {
			assert_true(result == DECODE_TRUNCATED || result == DECODE_NOT_IP ||
				    result == DECODED);
		}
		free(cut);
	}
}

static struct packet_summary decoded(int link_type, const struct octets *frame)
{
	struct packet_summary summary;
	uint8_t *copy = exact_copy(frame->bytes, frame->length);
	memset(&summary, 0xee, sizeof summary);
	enum decode_result result = decode_packet(link_type, copy, frame->length, &summary);
	free(copy);
	if (result != DECODED)
		fail_msg("link type %d: %s", link_type, decode_result_name(result));
	assert_cut_safely(link_type, frame, &summary);
	return summary;
}

static enum decode_result refused(int link_type, const struct octets *frame)
{
	struct packet_summary summary;
	uint8_t *copy = exact_copy(frame->bytes, frame->length);
	enum decode_result result = decode_packet(link_type, copy, frame->length, &summary);
	free(copy);
	return result;
}

static void assert_address(const struct address *address, bool ipv4, uint32_t expected)
{
	uint8_t bytes[16] = {0};
	if (ipv4)
		bytes[10] = bytes[11] = 0xff;
	else
		memcpy(bytes, "\x20\x01\x0d\xb8", 4);
	for (int i = 0; i < 4; i++)
		bytes[12 + i] = (uint8_t)(expected >> (24 - 8 * i));
	assert_memory_equal(address->bytes, bytes, 16);
}

static void assert_syn(const struct packet_summary *summary, bool ipv4)
{
	assert_address(&summary->source, ipv4, SOURCE);
	assert_address(&summary->destination, ipv4, DESTINATION);
	assert_int_equal(summary->protocol, PROTOCOL_TCP);
	assert_true(summary->has_transport);
	assert_false(summary->later_fragment);
	assert_int_equal(summary->tcp_flags, FLAG_SYN);
	assert_int_equal(summary->source_port, 40000);
	assert_int_equal(summary->destination_port, 7743);
	assert_int_equal(summary->tcp_sequence, SEQUENCE);
	assert_int_equal(summary->icmp_type, 0);
}

static void put_syn(struct octets *frame, bool ipv4)
{
	if (ipv4)
		put_ipv4(frame, SOURCE, DESTINATION, 6, 20, 0x4000);
	else
		put_ipv6(frame, SOURCE, DESTINATION, 6, 20);
	put_tcp(frame, 40000, 7743, SEQUENCE, FLAG_SYN);
}

/* The bytes before the IP header, per link type and kind, for IPv4 and IPv6. */
static size_t put_link(struct octets *frame, int kind, bool ipv4, int *link_type)
{
	unsigned type = ipv4 ? 0x0800 : 0x86dd, ppp = ipv4 ? 0x0021 : 0x0057;
	unsigned length = ipv4 ? 40 : 60;
	*link_type = LINK_ETHERNET;
	switch (kind) {
	case 0:
		put_ethernet(frame, type);
		break;
	case 1:
		put_ethernet(frame, 0x8100);
		put_vlan(frame, type);
		break;
	case 2:
		put_ethernet(frame, 0x88a8);
		put_vlan(frame, 0x8100);
		put_vlan(frame, type);
		break;
	case 3:
		put_ethernet(frame, 0x9100);
		put_vlan(frame, 0x8100);
		put_vlan(frame, 0x8100);
		put_vlan(frame, 0x8100);
		put_vlan(frame, type);
		break;
	case 4:
		put_ethernet(frame, 0x8864);
		put_pppoe(frame, 0, ppp, length);
		break;
	case 5:
		put_ethernet(frame, 0x88a8);
		put_vlan(frame, 0x8100);
		put_vlan(frame, 0x8864);
		put_pppoe(frame, 0, ppp, length);
		break;
	case 6: /* LLC and SNAP */
		put_ethernet(frame, 8 + length);
		put_bytes(frame, "\xaa\xaa\x03\0\0\0", 6);
		put16(frame, type);
		break;
	case 7: /* Linux cooked v1 */
		*link_type = 113;
		put16(frame, 0);
		put16(frame, 1);
		put16(frame, 6);
		put_zeros(frame, 8);
		put16(frame, type);
		break;
	case 8: /* Linux cooked v2 */
		*link_type = 276;
		put16(frame, type);
		put16(frame, 0);
		put32(frame, 3);
		put16(frame, 1);
		put8(frame, 0);
		put8(frame, 6);
		put_zeros(frame, 8);
		break;
	case 9:
		*link_type = LINK_RAW;
		break;
	case 10:
		*link_type = 12;
		break;
	case 11:
		*link_type = 14;
		break;
	case 12:
		*link_type = ipv4 ? 228 : 229;
		break;
	case 13: /* NULL, written on a little-endian machine */
		*link_type = 0;
		put8(frame, ipv4 ? 2 : 10);
		put_zeros(frame, 3);
		break;
	case 14: /* NULL, written on a big-endian machine */
		*link_type = 0;
		put32(frame, ipv4 ? 2 : 30);
		break;
	case 15:
		*link_type = 108;
		put32(frame, ipv4 ? 2 : 24);
		break;
	case 16:
		*link_type = 9;
		put16(frame, 0xff03);
		put16(frame, ppp);
		break;
	case 17: /* address, control and the upper byte of the protocol left out */
		*link_type = 9;
		put8(frame, ppp);
		break;
	case 18:
		*link_type = 50;
		put16(frame, 0xff03);
		put16(frame, ppp);
		break;
	case 19:
		*link_type = 51;
		put_pppoe(frame, 0, ppp, length);
		break;
	case 20: /* a VLAN inside a cooked capture */
		*link_type = 113;
		put_zeros(frame, 14);
		put16(frame, 0x8100);
		put_vlan(frame, type);
		break;
	case 21: /* no link header at all: what the kernel tells of a packet of a tunnel */
		*link_type = LINK_ETHERTYPE((int)type);
		break;
	case 22: /* the same of a frame whose outer tag it took out */
		*link_type = LINK_ETHERTYPE(0x8100);
		put_vlan(frame, type);
		break;
	case 23:
		*link_type = LINK_ETHERTYPE(0x8864);
		put_pppoe(frame, 0, ppp, length);
		break;
	default:
		fail();
	}
	return frame->length;
}
#define LINK_KINDS 24

static void a_syn_is_found_behind_every_link(void **state)
{
	(void)state;
	for (int kind = 0; kind < LINK_KINDS; kind++)
		for (int ipv4 = 0; ipv4 < 2; ipv4++) {
			struct octets frame = {0};
			int link_type;
			size_t offset = put_link(&frame, kind, ipv4, &link_type);
			put_syn(&frame, ipv4);
			assert_true(decode_link_known(link_type));
			struct packet_summary summary = decoded(link_type, &frame);
			assert_syn(&summary, ipv4);
			assert_int_equal(summary.network_offset, offset);
			assert_false(summary.outgoing);
			/* Ethernet pads short frames; the padding is no transport. */
			put_zeros(&frame, 20);
			summary = decoded(link_type, &frame);
			assert_syn(&summary, ipv4);
		}
}

static void link_types_that_are_not_understood_are_known_as_such(void **state)
{
	(void)state;
	struct octets frame = {0};
	put_syn(&frame, true);
	static const int unknown[] = {-1,
				      2,
				      105,
				      127,
				      147,
				      189,
				      65535,
				      65536 | 0x0800,
				      1 << 30,
				      LINK_ETHERTYPE(0) - 1,
				      LINK_ETHERTYPE(0x10000)};
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		assert_false(decode_link_known(unknown[i]));
		assert_int_equal(refused(unknown[i], &frame), DECODE_UNKNOWN_LINK);
	}
}

static void what_is_no_ip_is_not_counted_as_damage(void **state)
{
	(void)state;
	static const unsigned types[] = {0x0806, 0x8863, 0x88cc, 0x0600, 0x05dd};
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct octets frame = {0};
		put_ethernet(&frame, types[i]);
		put_zeros(&frame, 46);
		assert_int_equal(refused(LINK_ETHERNET, &frame), DECODE_NOT_IP);
		assert_int_equal(refused(LINK_ETHERTYPE((int)types[i]), &frame), DECODE_NOT_IP);
	}
	struct octets discovery = {0}, control = {0}, bridge = {0}, appletalk = {0}, raw = {0};
	put_ethernet(&discovery, 0x8864);
	put_pppoe(&discovery, 0xa7, 0, 0);
	assert_int_equal(refused(LINK_ETHERNET, &discovery), DECODE_NOT_IP);
	put_ethernet(&control, 0x8864);
	put_pppoe(&control, 0, 0xc021, 8);
	put_zeros(&control, 8);
	assert_int_equal(refused(LINK_ETHERNET, &control), DECODE_NOT_IP);
	put_ethernet(&bridge, 38);
	put_bytes(&bridge, "\x42\x42\x03", 3);
	put_zeros(&bridge, 35);
	assert_int_equal(refused(LINK_ETHERNET, &bridge), DECODE_NOT_IP);
	put32(&appletalk, 16);
	put_zeros(&appletalk, 40);
	assert_int_equal(refused(0, &appletalk), DECODE_NOT_IP);
	put_zeros(&raw, 40);
	assert_int_equal(refused(LINK_RAW, &raw), DECODE_NOT_IP);
}

static void headers_that_contradict_themselves_are_malformed(void **state)
{
	(void)state;
	struct octets frame = tcp_packet(SOURCE, DESTINATION, 1, 2, 3, FLAG_SYN);
	frame.bytes[0] = 0x44; /* a header of 16 bytes */
	assert_int_equal(refused(LINK_RAW, &frame), DECODE_MALFORMED);
	frame.bytes[0] = 0x45;
	frame.bytes[3] = 19; /* shorter than its own header */
	assert_int_equal(refused(LINK_RAW, &frame), DECODE_MALFORMED);
	frame.bytes[3] = 40;
	frame.bytes[0] = 0x65;
	assert_int_equal(refused(228, &frame), DECODE_MALFORMED);
	assert_int_equal(refused(229, &(struct octets){.length = 60}), DECODE_MALFORMED);

	struct octets pppoe = {0}, tags = {0};
	put_ethernet(&pppoe, 0x8864);
	put_pppoe(&pppoe, 0, 0x0021, 40);
	put_syn(&pppoe, true);
	pppoe.bytes[14] = 0x21;
	assert_int_equal(refused(LINK_ETHERNET, &pppoe), DECODE_MALFORMED);
	put_ethernet(&tags, 0x8100);
	for (int i = 0; i < 4; i++)
		put_vlan(&tags, 0x8100);
	put_vlan(&tags, 0x0800);
	put_syn(&tags, true);
	assert_int_equal(refused(LINK_ETHERNET, &tags), DECODE_MALFORMED);
}

static void options_of_every_length_are_stepped_over(void **state)
{
	(void)state;
	for (unsigned words = 0; words <= 10; words++) {
		struct octets frame = {0};
		put_ipv4(&frame, SOURCE, DESTINATION, 6, 20 + words * 4, 0);
		frame.bytes[0] = (uint8_t)(0x45 + words);
		for (unsigned i = 0; i < words * 4; i++)
			put8(&frame, 1);
		put_tcp(&frame, 40000, 7743, SEQUENCE, FLAG_SYN);
		struct packet_summary summary = decoded(LINK_RAW, &frame);
		assert_syn(&summary, true);
	}
}

static void lengths_left_to_the_hardware_are_taken_from_the_frame(void **state)
{
	(void)state;
	for (int ipv4 = 0; ipv4 < 2; ipv4++) {
		struct octets frame = {0};
		put_syn(&frame, ipv4);
		frame.bytes[ipv4 ? 2 : 4] = frame.bytes[ipv4 ? 3 : 5] = 0;
		struct packet_summary summary = decoded(LINK_RAW, &frame);
		assert_syn(&summary, ipv4);
	}
}

/* A datagram that says it ends before its transport header, with padding behind it. */
static void padding_is_not_taken_for_transport(void **state)
{
	(void)state;
	struct octets frame = tcp_packet(SOURCE, DESTINATION, 40000, 7743, SEQUENCE, FLAG_SYN);
	struct packet_summary summary;
	for (unsigned total = 20; total < 34; total++) {
		frame.bytes[3] = (uint8_t)total;
		assert_int_equal(decode_packet(LINK_RAW, frame.bytes, frame.length, &summary),
				 DECODE_TRUNCATED);
		assert_false(summary.has_transport);
		assert_address(&summary.destination, true, DESTINATION);
	}
	frame.bytes[3] = 34;
	assert_int_equal(decode_packet(LINK_RAW, frame.bytes, frame.length, &summary), DECODED);
}

static void put_extension(struct octets *frame, unsigned kind, unsigned next, unsigned extra)
{
	put8(frame, next);
	switch (kind) {
	case FRAGMENT:
		put8(frame, 0);
		put16(frame, extra);
		put32(frame, 0x12345678);
		break;
	case AUTHENTICATION: /* counted in words of 4 bytes, less 2 */
		put8(frame, 1 + extra);
		put_zeros(frame, 10 + extra * 4);
		break;
	default:
		put8(frame, extra);
		put_zeros(frame, 6 + extra * 8);
	}
}

/* The chain, then TCP: lengths are filled in afterwards. */
static struct octets with_extensions(const unsigned *kinds, size_t count, unsigned extra)
{
	struct octets frame = {0};
	put_ipv6(&frame, SOURCE, DESTINATION, count ? kinds[0] : 6, 0);
	for (size_t i = 0; i < count; i++)
		put_extension(&frame, kinds[i], i + 1 < count ? kinds[i + 1] : 6,
			      kinds[i] == FRAGMENT ? 1 : extra);
	put_tcp(&frame, 40000, 7743, SEQUENCE, FLAG_SYN);
	frame.bytes[4] = (uint8_t)((frame.length - 40) >> 8);
	frame.bytes[5] = (uint8_t)(frame.length - 40);
	return frame;
}

static void extension_headers_are_stepped_over_in_any_order(void **state)
{
	(void)state;
	static const unsigned kinds[] = {HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION,
					 DESTINATION_OPTIONS};
	uint64_t random = 1;
	for (int round = 0; round < 300; round++) {
		unsigned chain[9];
		size_t count = next_number(&random) % 10;
		for (size_t i = 0; i < count; i++)
			chain[i] = kinds[next_number(&random) % 5];
		struct octets frame =
			with_extensions(chain, count, (unsigned)(next_number(&random) % 4));
		struct packet_summary summary = decoded(LINK_RAW, &frame);
		assert_syn(&summary, false);
	}
	/* The longest header there is. */
	struct octets frame = with_extensions((const unsigned[]){DESTINATION_OPTIONS}, 1, 255);
	struct packet_summary summary = decoded(LINK_RAW, &frame);
	assert_syn(&summary, false);
}

static void a_chain_without_end_is_malformed(void **state)
{
	(void)state;
	unsigned chain[60];
	for (size_t i = 0; i < 60; i++)
		chain[i] = DESTINATION_OPTIONS;
	struct octets frame = with_extensions(chain, 60, 0);
	assert_int_equal(refused(LINK_RAW, &frame), DECODE_MALFORMED);
}

static void only_the_first_fragment_has_ports(void **state)
{
	(void)state;
	static const struct {
		unsigned ipv4, ipv6; /* the field that holds the offset */
		bool later;
	} cases[] = {
		{0x0000, 0x0000, false}, /* whole */
		{0x2000, 0x0001, false}, /* more to come */
		{0x4000, 0x0006, false}, /* do not fragment; reserved bits */
		{0x2001, 0x0009, true},	 {0x0001, 0x0008, true}, {0x1fff, 0xfff8, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int ipv4 = 0; ipv4 < 2; ipv4++) {
			struct octets frame = {0};
			if (ipv4) {
				put_ipv4(&frame, SOURCE, DESTINATION, 6, 20, cases[i].ipv4);
			} else {
				put_ipv6(&frame, SOURCE, DESTINATION, FRAGMENT, 28);
				put_extension(&frame, FRAGMENT, 6, cases[i].ipv6);
			}
			put_tcp(&frame, 40000, 7743, SEQUENCE, FLAG_SYN);
			struct packet_summary summary = decoded(LINK_RAW, &frame);
			assert_int_equal(summary.later_fragment, cases[i].later);
			assert_int_equal(summary.has_transport, !cases[i].later);
			assert_int_equal(summary.protocol, PROTOCOL_TCP);
			assert_int_equal(summary.destination_port, cases[i].later ? 0 : 7743);
			if (!cases[i].later)
				assert_syn(&summary, ipv4);
		}
}

static void an_authentication_header_of_ipv4_is_stepped_over(void **state)
{
	(void)state;
	for (unsigned extra = 0; extra < 5; extra++) {
		struct octets frame = {0};
		put_ipv4(&frame, SOURCE, DESTINATION, AUTHENTICATION, 20 + 12 + extra * 4, 0);
		put_extension(&frame, AUTHENTICATION, 6, extra);
		put_tcp(&frame, 40000, 7743, SEQUENCE, FLAG_SYN);
		struct packet_summary summary = decoded(LINK_RAW, &frame);
		assert_syn(&summary, true);
	}
}

static void every_tcp_flag_is_handed_on(void **state)
{
	(void)state;
	for (unsigned flags = 0; flags < 256; flags++) {
		struct octets frame = tcp_packet(SOURCE, DESTINATION, 1, 2, 3, flags);
		assert_int_equal(decoded(LINK_RAW, &frame).tcp_flags, flags);
	}
	assert_int_equal(TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK,
			 FLAG_FIN | FLAG_SYN | FLAG_RST | FLAG_ACK);
}

static void udp_and_icmp_have_their_own_fields_and_no_others(void **state)
{
	(void)state;
	struct octets udp = {0}, icmp = {0}, icmpv6 = {0}, other = {0};
	put_ipv4(&udp, SOURCE, DESTINATION, 17, 8, 0);
	put_udp(&udp, 53, 21047);
	struct packet_summary summary = decoded(LINK_RAW, &udp);
	assert_int_equal(summary.protocol, PROTOCOL_UDP);
	assert_int_equal(summary.source_port, 53);
	assert_int_equal(summary.destination_port, 21047);
	assert_int_equal(summary.tcp_flags, 0);
	assert_true(summary.has_transport);

	put_ipv4(&icmp, SOURCE, DESTINATION, 1, 8, 0);
	put_icmp(&icmp, 11);
	summary = decoded(LINK_RAW, &icmp);
	assert_int_equal(summary.icmp_type, 11);
	assert_int_equal(summary.destination_port, 0);
	put_ipv6(&icmpv6, SOURCE, DESTINATION, 58, 8);
	put_icmp(&icmpv6, 3);
	summary = decoded(LINK_RAW, &icmpv6);
	assert_int_equal(summary.protocol, PROTOCOL_ICMPV6);
	assert_int_equal(summary.icmp_type, 3);

	put_ipv4(&other, SOURCE, DESTINATION, 47, 20, 0);
	put_tcp(&other, 1, 2, 3, FLAG_SYN);
	summary = decoded(LINK_RAW, &other);
	assert_int_equal(summary.protocol, 47);
	assert_false(summary.has_transport);
	assert_int_equal(summary.tcp_flags, 0);
}

static void what_the_host_sent_itself_is_marked_as_the_capture_says(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < 6; kind++) {
		struct octets v1 = {0}, v2 = {0};
		put16(&v1, kind);
		put_zeros(&v1, 12);
		put16(&v1, 0x0800);
		put_syn(&v1, true);
		assert_int_equal(decoded(113, &v1).outgoing, kind == 4);
		put16(&v2, 0x86dd);
		put_zeros(&v2, 8);
		put8(&v2, kind);
		put_zeros(&v2, 9);
		put_syn(&v2, false);
		assert_int_equal(decoded(276, &v2).outgoing, kind == 4);
	}
}

/* Whatever the bytes are: no read beyond them, and the same answer twice. */
static void random_bytes_are_decoded_without_harm(void **state)
{
	(void)state;
	static const int links[] = {0, 1, 9, 12, 14, 50, 51, 101, 108, 113, 228, 229, 276};
	uint64_t random = 9;
	for (int round = 0; round < 20000; round++) {
		struct octets frame = {0};
		int link_type = links[next_number(&random) % 13];
		if (round % 2) { /* half of them with a good beginning */
			put_link(&frame, (int)(next_number(&random) % LINK_KINDS), round % 4 == 1,
				 &link_type);
			put_syn(&frame, round % 4 == 1);
		} else {
			put_zeros(&frame, next_number(&random) % 100);
		}
		for (size_t i = 0; i < frame.length; i++)
			if (round % 2 == 0 || next_number(&random) % 16 == 0)
				frame.bytes[i] = (uint8_t)next_number(&random);
		size_t length = frame.length ? next_number(&random) % (frame.length + 1) : 0;
		uint8_t *copy = exact_copy(frame.bytes, length);
		struct packet_summary first = {0}, second = {0};
		enum decode_result result = decode_packet(link_type, copy, length, &first);
		assert_int_equal(decode_packet(link_type, copy, length, &second), result);
		if (result == DECODED) {
			assert_memory_equal(&first.source, &second.source, 16);
			assert_int_equal(first.destination_port, second.destination_port);
			assert_true(first.network_offset + 20 <= length);
			assert_false(first.has_transport && first.later_fragment);
		}
		free(copy);
	}
}

static void every_result_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < DECODE_RESULTS; i++)
		assert_true(strlen(decode_result_name((enum decode_result)i)) > 1);
	assert_string_equal(decode_result_name(DECODE_RESULTS), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_syn_is_found_behind_every_link),
		cmocka_unit_test(link_types_that_are_not_understood_are_known_as_such),
		cmocka_unit_test(what_is_no_ip_is_not_counted_as_damage),
		cmocka_unit_test(headers_that_contradict_themselves_are_malformed),
		cmocka_unit_test(options_of_every_length_are_stepped_over),
		cmocka_unit_test(lengths_left_to_the_hardware_are_taken_from_the_frame),
		cmocka_unit_test(padding_is_not_taken_for_transport),
		cmocka_unit_test(extension_headers_are_stepped_over_in_any_order),
		cmocka_unit_test(a_chain_without_end_is_malformed),
		cmocka_unit_test(only_the_first_fragment_has_ports),
		cmocka_unit_test(an_authentication_header_of_ipv4_is_stepped_over),
		cmocka_unit_test(every_tcp_flag_is_handed_on),
		cmocka_unit_test(udp_and_icmp_have_their_own_fields_and_no_others),
		cmocka_unit_test(what_the_host_sent_itself_is_marked_as_the_capture_says),
		cmocka_unit_test(random_bytes_are_decoded_without_harm),
		cmocka_unit_test(every_result_has_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
