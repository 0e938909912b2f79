/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void names_are_words_that_can_be_directories(void **state)
{
	(void)state;
	char longest[TARGET_NAME_SIZE + 1];
	memset(longest, 'a', sizeof longest - 1);
	longest[64] = '\0';
	static const char *const good[] = {"winny", "Winny-2.0b7_1", "0", "-", "a.b..c"};
	static const char *const bad[] = {"", ".", "..", ".hidden", "a/b", "a b", "a\tb", "a=b",
					  "a:b", "\xc3\xa9", "a\n",
					  /* files of the state directory itself */
					  "targets", "lock", "import.undo"};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(target_name_valid(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (target_name_valid(bad[i]))
			fail_msg("'%s' is taken for a name", bad[i]);
	assert_true(target_name_valid(longest));
	longest[64] = 'a';
	longest[65] = '\0';
	assert_false(target_name_valid(longest));
}

static void addresses_of_both_versions_come_back_in_their_shortest_form(void **state)
{
	(void)state;
	static const struct {
		const char *given, *written;
		bool ipv4;
	} cases[] = {
		{"198.51.100.7", "198.51.100.7", true},
		{"::ffff:198.51.100.7", "198.51.100.7", true},
		{"2001:0DB8:0:0::7", "2001:db8::7", false},
		{"::", "::", false},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct address address;
		char text[ADDRESS_TEXT_SIZE];
		assert_true(address_parse(cases[i].given, &address));
		assert_string_equal(address_format(&address, text), cases[i].written);
		assert_int_equal(address_is_ipv4(&address), cases[i].ipv4);
	}
	static const char *const bad[] = {
		"",	     "198.51.100",  "198.51.100.256", "198.51.100.07x",
		"1.2.3.4/8", "2001:db8::g", "fe80::1%eth0",   "host"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct address address;
		assert_false(address_parse(bad[i], &address));
	}
}

static void a_whole_target_is_read(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct target target;
	char text[ADDRESS_TEXT_SIZE];
	assert_int_equal(
		target_parse(
			&target,
			"winny=198.51.100.7/7743,65535,1:client=Winny 2: the second:version=2.0b7.1"
			":started=2007-01-01T00:00:00Z:retired=2008-02-20T09:00:00+09:00"
			":policy=drop:exclude=22,80:address=2001:db8::7",
			&failure),
		0);
	assert_string_equal(target.name, "winny");
	assert_string_equal(target.client, "Winny 2: the second");
	assert_string_equal(target.version, "2.0b7.1");
	assert_int_equal(target.addresses, 2);
	assert_string_equal(address_format(&target.address[0], text), "198.51.100.7");
	assert_string_equal(address_format(&target.address[1], text), "2001:db8::7");
	assert_int_equal(target.ports, 3);
	assert_int_equal(target.port[0], 7743);
	assert_int_equal(target.port[1], 65535);
	assert_int_equal(target.port[2], 1);
	assert_int_equal(target.excluded_ports, 2);
	assert_int_equal(target.excluded_port[0], 22);
	assert_int_equal(target.excluded_port[1], 80);
	assert_int_equal(target.started, 1167609600);
	assert_int_equal(target.retired, 1203465600);
	assert_string_equal(target.policy, "drop");
}

static void what_is_not_given_is_unknown(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct target target;
	assert_int_equal(target_parse(&target, "a=2001:db8::7/80", &failure), 0);
	assert_int_equal(target.addresses, 1);
	assert_true(target.retired == TIME_UNKNOWN && target.started == TIME_UNKNOWN);
	assert_string_equal(target.client, "");
	assert_string_equal(target.policy, "");
	assert_int_equal(target.excluded_ports, 0);
}

static void every_mistake_is_wrong_use_and_told(void **state)
{
	(void)state;
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"", "NAME=ADDRESS/PORT"},
		{"winny", "NAME=ADDRESS/PORT"},
		{"winny=198.51.100.7", "NAME=ADDRESS/PORT"},
		{"198.51.100.7/80", "NAME=ADDRESS/PORT"},
		{"=198.51.100.7/80", "the name ''"},
		{"a b=198.51.100.7/80", "the name 'a b'"},
		{"lock=198.51.100.7/80", "the name 'lock'"},
		{"a=198.51.100/80", "'198.51.100' is not an IPv4 or IPv6 address"},
		{"a=/80", "'' is not an IPv4 or IPv6 address"},
		{"a=198.51.100.7/", "ports ''"},
		{"a=198.51.100.7/0", "ports '0'"},
		{"a=198.51.100.7/65536", "ports '65536'"},
		{"a=198.51.100.7/80,", "ports '80,'"},
		{"a=198.51.100.7/80, 81", "ports '80, 81'"},
		{"a=198.51.100.7/1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "at most 16"},
		{"a=198.51.100.7/80:colour=red", "unknown key 'colour'"},
		{"a=198.51.100.7/80:retired=yesterday", "retired 'yesterday' is not a time"},
		{"a=198.51.100.7/80:retired=", "retired '' is not a time"},
		{"a=198.51.100.7/80:policy=reject", "policy 'reject': write drop or rst"},
		{"a=198.51.100.7/80:exclude=ssh", "exclude 'ssh'"},
		{"a=198.51.100.7/80:client=tab\there", "client 'tab?here'"},
		{"a=198.51.100.7/80:client=0123456789012345678901234567890123456789012345678901234"
		 "5678901234",
		 "at most 64 bytes"},
		{"a=198.51.100.7/80:address=2001:db8::1:address=2001:db8::2", "more than two"},
		{"a=198.51.100.7/80:address=nowhere", "'nowhere' is not an IPv4 or IPv6 address"},
		/* Twice the same would count every packet twice. */
		{"a=198.51.100.7/80:address=198.51.100.7", "198.51.100.7 is given twice"},
		{"a=198.51.100.7/80:address=::ffff:198.51.100.7", "198.51.100.7 is given twice"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct failure failure = {0};
		struct target target;
		if (target_parse(&target, cases[i].text, &failure) == 0)
			fail_msg("'%s' is taken", cases[i].text);
		assert_int_equal(failure.status, EXIT_WRONG_USE);
		if (!strstr(failure.text, cases[i].said))
			fail_msg("'%s' says: %s", cases[i].text, failure.text);
	}
	char text[2000];
	struct failure failure = {0};
	struct target target;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(target_parse(&target, text, &failure), -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
}

static void as_many_ports_as_fit_are_read(void **state)
{
	(void)state;
	uint16_t port[3];
	size_t ports = 9;
	assert_true(target_parse_ports("1,2,65535", port, 3, &ports));
	assert_int_equal(ports, 3);
	assert_int_equal(port[2], 65535);
	assert_false(target_parse_ports("1,2,3,4", port, 3, &ports));
	assert_true(target_parse_ports("00080", port, 3, &ports));
	assert_int_equal(port[0], 80);
	assert_false(target_parse_ports("-1", port, 3, &ports));
	assert_false(target_parse_ports("80;81", port, 3, &ports));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_words_that_can_be_directories),
		cmocka_unit_test(addresses_of_both_versions_come_back_in_their_shortest_form),
		cmocka_unit_test(a_whole_target_is_read),
		cmocka_unit_test(what_is_not_given_is_unknown),
		cmocka_unit_test(every_mistake_is_wrong_use_and_told),
		cmocka_unit_test(as_many_ports_as_fit_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
