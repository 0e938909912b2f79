/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Of addresses: the key and trace that the authors' implementation of Crypto-PAn comes with, as
 * they are reprinted widely; of IPv6, values on which other implementations agree. Of packets:
 * checksums summed up here, header by header. tests/golden/anonymise.test has another oracle. */
#include "../../observer/store/anonymise.h"

#include "../../observer/target.h"
#include "frames.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint8_t sample_key[ANONYMISE_KEY_SIZE] = {
	21,  34,  23,  141, 51,	 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16,
	216, 152, 143, 131, 121, 121, 101, 39,	98, 87, 76, 45, 42, 132, 34,  2};

static struct anonymiser *begin(void)
{
	struct anonymiser *anonymiser = anonymiser_with_key(sample_key);
	assert_non_null(anonymiser);
	return anonymiser;
}

static void assert_becomes(struct anonymiser *anonymiser, const char *original,
			   const char *expected)
{
	struct address address;
	char text[ADDRESS_TEXT_SIZE];
	assert_true(address_parse(original, &address));
	if (address_is_ipv4(&address))
		anonymise_address(anonymiser, address.bytes + 12, 4);
	else
		anonymise_address(anonymiser, address.bytes, 16);
	assert_string_equal(address_format(&address, text), expected);
}

static void the_published_trace_is_reproduced(void **state)
{
	(void)state;
	static const char *const trace[][2] = {
		{"128.11.68.132", "135.242.180.132"},
		{"129.118.74.4", "134.136.186.123"},
		{"130.132.252.244", "133.68.164.234"},
		{"141.223.7.43", "141.167.8.160"},
		{"141.233.145.108", "141.129.237.235"},
		{"152.163.225.39", "151.140.114.167"},
		{"156.29.3.236", "147.225.12.42"},
		{"165.247.96.84", "162.9.99.234"},
		{"166.107.77.190", "160.132.178.185"},
		{"192.102.249.13", "252.138.62.131"},
		{"192.215.32.125", "252.43.47.189"},
		{"24.0.250.221", "100.15.198.226"},
		{"38.15.67.68", "64.3.66.187"},
		{"4.3.88.225", "124.60.155.63"},
		{"63.14.55.111", "95.9.215.7"},
		{"64.14.118.196", "0.255.183.58"},
		{"10.185.25.118", "117.161.29.118"},
		{"216.254.18.172", "235.7.16.162"},
		{"2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"},
		{"2001:db8::2", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c"},
		{"::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"},
	};
	struct anonymiser *anonymiser = begin();
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof trace / sizeof trace[0]; i++)
			assert_becomes(anonymiser, trace[i][0], trace[i][1]);
	anonymiser_close(anonymiser);
}

static unsigned common_bits(const uint8_t *a, const uint8_t *b, size_t size)
{
	for (unsigned i = 0; i < size * 8; i++)
		if ((a[i / 8] ^ b[i / 8]) >> (7 - i % 8) & 1)
			return i;
	return (unsigned)size * 8;
}

static void addresses_share_as_many_bits_as_before(void **state)
{
	(void)state;
	struct anonymiser *anonymiser = begin();
	uint64_t random = 1;
	for (int i = 0; i < 4000; i++) {
		size_t size = i % 2 ? 16 : 4;
		uint8_t a[16], b[16], original[2][16];
		for (size_t j = 0; j < 16; j++)
			a[j] = b[j] = (uint8_t)next_number(&random);
		unsigned bit = (unsigned)(next_number(&random) % (size * 8));
		b[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		for (size_t j = bit / 8 + 1; j < size; j++)
			b[j] = (uint8_t)next_number(&random);
		memcpy(original[0], a, 16);
		memcpy(original[1], b, 16);
		anonymise_address(anonymiser, a, size);
		anonymise_address(anonymiser, b, size);
		assert_int_equal(common_bits(a, b, size), bit);
		assert_int_equal(common_bits(original[0], original[1], size), bit);
		assert_memory_not_equal(a, original[0], size);
	}
	anonymiser_close(anonymiser);
}

/* --- packets -------------------------------------------------------------------------------- */

static uint32_t words(const uint8_t *bytes, size_t length)
{
	uint32_t total = 0;
	for (size_t i = 0; i < length; i++)
		total += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return total;
}

static unsigned folded(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* 0xffff where a checksum is right. */
static unsigned ip_sum(const struct octets *packet)
{
	return folded(words(packet->bytes, (size_t)(packet->bytes[0] & 15) * 4));
}

static unsigned tcp_sum(const struct octets *packet, size_t addresses, size_t size, size_t at)
{
	return folded(words(packet->bytes + addresses, size * 2) + 6 +
		      (uint32_t)(packet->length - at) +
		      words(packet->bytes + at, packet->length - at));
}

static void set16(struct octets *packet, size_t at, unsigned value)
{
	packet->bytes[at] = (uint8_t)(value >> 8);
	packet->bytes[at + 1] = (uint8_t)value;
}

static uint32_t anonymise(struct anonymiser *anonymiser, struct octets *packet)
{
	uint32_t length = anonymise_packet(anonymiser, packet->bytes, (uint32_t)packet->length);
	assert_in_range(length, 0, packet->length);
	packet->length = length;
	return length;
}

static void right_checksums_stay_right_and_wrong_ones_wrong(void **state)
{
	(void)state;
	struct anonymiser *anonymiser = begin();
	uint64_t random = 5;
	for (int i = 0; i < 2000; i++) {
		struct octets packet =
			tcp_packet((uint32_t)next_number(&random), (uint32_t)next_number(&random),
				   (unsigned)next_number(&random) & 0xffff, 7743,
				   (uint32_t)next_number(&random), FLAG_SYN);
		set16(&packet, 10, ~ip_sum(&packet) & 0xffff);
		set16(&packet, 36, ~tcp_sum(&packet, 12, 4, 20) & 0xffff);
		struct octets wrong = packet;
		unsigned by = 1 + (unsigned)next_number(&random) % 0xfffe;
		set16(&wrong, 36, folded(by + ((uint32_t)wrong.bytes[36] << 8 | wrong.bytes[37])));
		assert_int_equal(anonymise(anonymiser, &packet), 40);
		anonymise(anonymiser, &wrong);
		assert_int_equal(ip_sum(&packet), 0xffff);
		assert_int_equal(tcp_sum(&packet, 12, 4, 20), 0xffff);
		assert_int_equal(tcp_sum(&wrong, 12, 4, 20), by);
	}
	anonymiser_close(anonymiser);
}

/* A record of the route, which is addresses, and data behind the header. */
static void options_are_blanked_and_data_is_cut_off(void **state)
{
	(void)state;
	struct anonymiser *anonymiser = begin();
	struct octets plain = tcp_packet(0x01020304, 0x05060708, 1, 7743, 9, FLAG_SYN),
		      packet = {0};
	put_bytes(&packet, plain.bytes, 20);
	packet.bytes[0] = 0x47;
	put_bytes(&packet, "\7\7\4\x0a\x0b\x0c\x0d\0", 8);
	put_bytes(&packet, plain.bytes + 20, 20);
	set16(&packet, 10, ~ip_sum(&packet) & 0xffff);
	put_bytes(&packet, "who I am", 8);
	assert_int_equal(anonymise(anonymiser, &packet), 48);
	assert_int_equal(ip_sum(&packet), 0xffff);
	assert_memory_equal(packet.bytes + 20, "\1\1\1\1\1\1\1\1", 8);
	assert_memory_equal(packet.bytes + 28, plain.bytes + 20, 16);
	anonymiser_close(anonymiser);
}

static void ipv6_is_replaced_behind_extension_headers(void **state)
{
	(void)state;
	struct anonymiser *anonymiser = begin();
	struct octets packet = {0};
	put_ipv6(&packet, 1, 2, 60, 44);
	put8(&packet, 6); /* a destination option: the home address (RFC 6275) */
	put8(&packet, 2);
	put_bytes(&packet, "\1\2\0\0\xc9\x10", 6);
	put_bytes(&packet, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x63", 16);
	put_tcp(&packet, 40000, 7743, 9, FLAG_SYN);
	set16(&packet, 80, ~tcp_sum(&packet, 8, 16, 64) & 0xffff);
	assert_int_equal(anonymise(anonymiser, &packet), 84);
	assert_int_equal(tcp_sum(&packet, 8, 16, 64), 0xffff);
	struct octets zeros = {0};
	assert_memory_equal(packet.bytes + 42, zeros.bytes, 22);
	uint8_t expected[16] = {0x44, 0x01, 0x02, 0xbc, 0x60, 0x3f, 0xd9, 0x1d,
				0x02, 0x7f, 0xff, 0x8e, 0xe6, 0xf1, 0xdc, 0x1e};
	assert_memory_equal(packet.bytes + 8, expected, 16);
	anonymiser_close(anonymiser);
}

/* However little of a packet is there, nothing is written behind it. */
static void a_packet_may_be_cut_anywhere(void **state)
{
	(void)state;
	struct anonymiser *anonymiser = begin();
	struct octets packets[2] = {tcp_packet(1, 2, 3, 4, 5, FLAG_SYN), {0}};
	packets[0].bytes[0] = 0x4f; /* a header longer than the packet */
	put_ipv6(&packets[1], 1, 2, 0, 44);
	put_bytes(&packets[1], "\x2b\0\1\4\0\0\0\0\6\0\0\0\0\0\0\0", 16);
	put_tcp(&packets[1], 1, 2, 3, FLAG_SYN);
	for (size_t kind = 0; kind < 2; kind++)
		for (uint32_t length = 0; length <= packets[kind].length; length++) {
			uint8_t *copy = exact_copy(packets[kind].bytes, length);
			uint32_t left = anonymise_packet(anonymiser, copy, length);
			assert_true(left <= length);
			assert_int_equal(left == 0, length < (kind ? 40 : 20));
			free(copy);
		}
	anonymiser_close(anonymiser);
}

/* --- the key ------------------------------------------------------------------------------------
 */

static void a_key_is_made_once_and_for_its_owner_alone(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct anonymiser *anonymiser;
	struct stat status;
	size_t length, again_length;
	uint8_t first[4] = {198, 51, 100, 7}, second[4] = {198, 51, 100, 7};
	umask(0);
	assert_int_equal(anonymiser_open(&anonymiser, ".", &failure), 0);
	anonymise_address(anonymiser, first, 4);
	anonymiser_close(anonymiser);
	assert_int_equal(stat("anonymise.key", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	char *key = read_bytes("anonymise.key", &length);
	assert_int_equal(length, ANONYMISE_KEY_SIZE);
	assert_int_equal(anonymiser_open(&anonymiser, ".", &failure), 0);
	anonymise_address(anonymiser, second, 4);
	anonymiser_close(anonymiser);
	assert_memory_equal(first, second, 4);
	char *again = read_bytes("anonymise.key", &again_length);
	assert_memory_equal(key, again, ANONYMISE_KEY_SIZE);
	assert_int_equal(entries_of("."), 1);
	free(again);
	/* Another directory has another key. */
	assert_int_equal(mkdir("other", 0755), 0);
	assert_int_equal(anonymiser_open(&anonymiser, "other", &failure), 0);
	anonymiser_close(anonymiser);
	again = read_bytes("other/anonymise.key", &again_length);
	assert_memory_not_equal(key, again, ANONYMISE_KEY_SIZE);
	free(again);
	free(key);
}

static void a_key_of_another_length_is_refused_and_left_alone(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "short", "thirty-three bytes are one too many"};
	for (size_t i = 0; i < 3; i++) {
		struct failure failure = {0};
		struct anonymiser *anonymiser;
		size_t length;
		write_text("anonymise.key", wrong[i]);
		assert_int_equal(anonymiser_open(&anonymiser, ".", &failure), -1);
		assert_non_null(strstr(failure.text, "anonymise.key: not a key"));
		char *content = read_bytes("anonymise.key", &length);
		assert_string_equal(content, wrong[i]);
		free(content);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_trace_is_reproduced),
		cmocka_unit_test(addresses_share_as_many_bits_as_before),
		cmocka_unit_test(right_checksums_stay_right_and_wrong_ones_wrong),
		cmocka_unit_test(options_are_blanked_and_data_is_cut_off),
		cmocka_unit_test(ipv6_is_replaced_behind_extension_headers),
		cmocka_unit_test(a_packet_may_be_cut_anywhere),
		in_workspace(a_key_is_made_once_and_for_its_owner_alone),
		in_workspace(a_key_of_another_length_is_refused_and_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
