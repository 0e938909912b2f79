/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Packets written out octet by octet (RFC 791, RFC 8200, RFC 9293), as alerts. */
#include "../../analysis/alerts/alert_packet.h"
#include "alerts.h"

#include <stdlib.h>
#include <string.h>

#define LINKTYPE_RAW 101 /* tcpdump.org/linktypes.html */

/* 198.51.100.7:40001 to 192.0.2.1:4662, SYN, sequence 0x01020304, window 8192; no options. */
static const uint8_t four[40] = {
	0x45, 0,    0,	  40,	0, 1, 0x40, 0, 113, 6, 0, 0, 198,  51,	 100,  7, 192, 0, 2, 1,
	0x9c, 0x41, 0x12, 0x36, 1, 2, 3,    4, 0,   0, 0, 0, 0x50, 0x02, 0x20, 0, 0,   0, 0, 0};

/* In memory of exactly its length, so that valgrind sees a step past its end. */
static bool read_packet(const uint8_t *bytes, size_t length, struct alert *alert)
{
	uint8_t *copy = malloc(length ? length : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, length);
	struct capture_packet packet = {.time_us = NOON * 1000000,
					.has_time = true,
					.captured_length = (uint32_t)length,
					.original_length = (uint32_t)length,
					.link_type = LINKTYPE_RAW,
					.bytes = copy};
	bool read = alert_packet(&packet, alert);
	free(copy);
	return read;
}

static void a_syn_without_options_is_told_from_one_with_some(void **state)
{
	(void)state;
	struct alert alert;
	struct address source = address_of("198.51.100.7"), destination = address_of("192.0.2.1");
	assert_true(read_packet(four, sizeof four, &alert));
	assert_memory_equal(&alert.source, &source, sizeof source);
	assert_memory_equal(&alert.destination, &destination, sizeof destination);
	assert_int_equal(alert.source_port, 40001);
	assert_int_equal(alert.destination_port, 4662);
	assert_int_equal(alert.tcp_flags, TCP_SYN);
	assert_int_equal(alert.tcp_sequence, 0x01020304);
	assert_int_equal(alert.tcp_window, 8192);
	assert_int_equal(alert.tcp_options_length, 0);
	assert_int_equal(alert.time_to_live, 113);
	assert_int_equal(alert.length, 40);
	assert_int_equal(alert.time_us, NOON * 1000000);
	assert_int_equal(alert.direction, ALERT_DIRECTION_UNKNOWN);
	/* Three words of options, of the header and behind it. */
	uint8_t with[52] = {0};
	memcpy(with, four, sizeof four);
	with[3] = 52;
	with[32] = 0x80;
	assert_true(read_packet(with, sizeof with, &alert));
	assert_int_equal(alert.tcp_options_length, 12);
	/* A word of options of the IP header moves all that. */
	uint8_t moved[44] = {0};
	memcpy(moved, four, 20);
	memcpy(moved + 24, four + 20, 20);
	moved[0] = 0x46;
	moved[3] = 44;
	assert_true(read_packet(moved, sizeof moved, &alert));
	assert_int_equal(alert.tcp_options_length, 0);
	assert_int_equal(alert.tcp_window, 8192);
	assert_int_equal(alert.destination_port, 4662);
}

static void what_was_not_captured_is_unknown(void **state)
{
	(void)state;
	struct alert alert;
	for (size_t length = 0; length < sizeof four; length++) {
		if (!read_packet(four, length, &alert))
			continue;
		assert_true(length >= 20);
		assert_int_equal(alert.tcp_window, ALERT_UNKNOWN);
		assert_int_equal(alert.tcp_options_length, ALERT_UNKNOWN);
		assert_int_equal(alert.length, 40); /* the header told it */
	}
	/* A header that says it is shorter than one can be. */
	uint8_t wrong[40];
	memcpy(wrong, four, sizeof four);
	wrong[32] = 0x40;
	if (read_packet(wrong, sizeof wrong, &alert))
		assert_int_equal(alert.tcp_options_length, ALERT_UNKNOWN);
}

static void over_ipv6_the_length_has_its_header(void **state)
{
	(void)state;
	struct alert alert;
	struct address source = address_of("2001:db8::7"), destination = address_of("2001:db8::1");
	uint8_t six[60] = {0x60, 0, 0, 0, 0, 20, 6, 61};
	memcpy(six + 8, &source, 16);
	memcpy(six + 24, &destination, 16);
	memcpy(six + 40, four + 20, 20);
	assert_true(read_packet(six, sizeof six, &alert));
	assert_memory_equal(&alert.source, &source, sizeof source);
	assert_int_equal(alert.length, 60);
	assert_int_equal(alert.time_to_live, 61);
	assert_int_equal(alert.tcp_window, 8192);
	assert_int_equal(alert.tcp_options_length, 0);
	assert_int_equal(alert.destination_port, 4662);
}

static void icmp_has_a_type_and_no_ports(void **state)
{
	(void)state;
	struct alert alert;
	uint8_t ping[28];
	memcpy(ping, four, 20);
	memcpy(ping + 20, "\x08\0\0\0\0\1\0\1", 8);
	ping[3] = 28;
	ping[9] = 1;
	assert_true(read_packet(ping, sizeof ping, &alert));
	assert_int_equal(alert.protocol, PROTOCOL_ICMP);
	assert_int_equal(alert.icmp_type, 8);
	assert_int_equal(alert.source_port, ALERT_UNKNOWN);
	assert_int_equal(alert.destination_port, ALERT_UNKNOWN);
	assert_int_equal(alert.tcp_flags, ALERT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_syn_without_options_is_told_from_one_with_some),
		cmocka_unit_test(what_was_not_captured_is_unknown),
		cmocka_unit_test(over_ipv6_the_length_has_its_header),
		cmocka_unit_test(icmp_has_a_type_and_no_ports),
	};
	return cmocka_run_group_tests_name("alert_packet", tests, NULL, NULL);
}
