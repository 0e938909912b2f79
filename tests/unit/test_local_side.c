/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/alerts/local_side.h"
#include "alerts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool goes_out(const struct local_side *side, const char *source, const char *destination,
		     enum alert_direction direction)
{
	struct alert alert = syn_of(source, destination, 4662, NOON);
	alert.direction = direction;
	return local_side_outgoing(side, &alert);
}

static void an_address_that_is_given_decides_before_the_log(void **state)
{
	(void)state;
	struct local_side side = {.address = {address_of("192.0.2.1"), address_of("2001:db8::1")},
				  .addresses = 2};
	assert_false(goes_out(&side, "198.51.100.7", "192.0.2.1", ALERT_OUTGOING));
	assert_true(goes_out(&side, "192.0.2.1", "198.51.100.7", ALERT_INCOMING));
	assert_true(goes_out(&side, "2001:db8::1", "2001:db8::2", ALERT_DIRECTION_UNKNOWN));
	/* Between both of them, it arrives. */
	assert_false(goes_out(&side, "192.0.2.1", "2001:db8::1", ALERT_OUTGOING));
	/* Of neither, the log decides. */
	assert_true(goes_out(&side, "203.0.113.5", "198.51.100.7", ALERT_OUTGOING));
	assert_false(goes_out(&side, "203.0.113.5", "198.51.100.7", ALERT_INCOMING));
}

static void without_a_word_a_private_address_that_calls_a_public_one_is_local(void **state)
{
	(void)state;
	static const struct {
		const char *source, *destination;
		bool out;
	} pairs[] = {
		{"192.168.0.9", "198.51.100.7", true},
		{"198.51.100.7", "192.168.0.9", false},
		{"192.168.0.9", "192.168.0.10", false},
		{"198.51.100.7", "203.0.113.5", false},
		{"10.1.2.3", "198.51.100.7", true},
		{"172.15.0.1", "198.51.100.7", false},
		{"172.16.0.1", "198.51.100.7", true},
		{"172.31.255.255", "198.51.100.7", true},
		{"172.32.0.1", "198.51.100.7", false},
		{"100.64.0.1", "198.51.100.7", true},
		{"100.128.0.1", "198.51.100.7", false},
		{"169.254.1.1", "198.51.100.7", true},
		{"169.253.1.1", "198.51.100.7", false},
		{"127.0.0.1", "198.51.100.7", true},
		{"0.0.0.0", "198.51.100.7", true},
		{"fd00::1", "2001:db8::1", true},
		{"fc00::1", "2001:db8::1", true},
		{"fe00::1", "2001:db8::1", false},
		{"fe80::1", "2001:db8::1", true},
		{"febf::1", "2001:db8::1", true},
		{"fec0::1", "2001:db8::1", false},
		{"192.168.0.9", "255.255.255.255", false}, /* broadcast and multicast are here */
		{"192.168.0.9", "224.0.0.251", false},
		{"192.168.0.9", "239.255.255.250", false},
		{"192.168.0.9", "240.0.0.1", true},
		{"fe80::1", "ff02::fb", false},
	};
	struct local_side side = {0};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (goes_out(&side, pairs[i].source, pairs[i].destination,
			     ALERT_DIRECTION_UNKNOWN) != pairs[i].out)
			fail_msg("%s to %s", pairs[i].source, pairs[i].destination);
	assert_true(goes_out(&side, "198.51.100.7", "192.168.0.9", ALERT_OUTGOING));
	assert_false(goes_out(&side, "192.168.0.9", "198.51.100.7", ALERT_INCOMING));
}

/* 192.0.2.1 is in so many of ten alerts, once as a source; the rest is among others. */
static struct local_side learnt_of(size_t with_host, enum alert_direction direction)
{
	struct alert alert[10];
	char other[32];
	for (size_t i = 0; i < 10; i++) {
		snprintf(other, sizeof other, "198.51.100.%zu", i + 1);
		alert[i] = syn_of(other, i < with_host ? "192.0.2.1" : "203.0.113.9", 4662, NOON);
		if (i == 0) {
			alert[i].source = alert[i].destination;
			alert[i].destination = address_of(other);
		}
		if (i >= with_host)
			alert[i].destination.bytes[15] = (uint8_t)(100 + i);
		alert[i].direction = direction;
	}
	struct local_side side = {0};
	assert_true(local_side_learn(&side, alert, 10));
	return side;
}

static void an_address_in_six_of_ten_alerts_is_the_host(void **state)
{
	(void)state;
	struct local_side side = learnt_of(6, ALERT_DIRECTION_UNKNOWN);
	assert_int_equal(side.addresses, 1);
	assert_true(side.guessed);
	assert_true(goes_out(&side, "192.0.2.1", "198.51.100.7", ALERT_DIRECTION_UNKNOWN));
	assert_false(goes_out(&side, "198.51.100.7", "192.0.2.1", ALERT_DIRECTION_UNKNOWN));
	/* What was guessed is less than what the log says. */
	assert_false(goes_out(&side, "192.0.2.1", "198.51.100.7", ALERT_INCOMING));
	assert_int_equal(learnt_of(5, ALERT_DIRECTION_UNKNOWN).addresses, 0);
	assert_int_equal(learnt_of(5, ALERT_FORWARDED).addresses, 0);
	assert_int_equal(learnt_of(6, ALERT_FORWARDED).addresses, 1);
}

static void alerts_that_have_a_direction_teach_nothing(void **state)
{
	(void)state;
	assert_int_equal(learnt_of(10, ALERT_INCOMING).addresses, 0);
	assert_int_equal(learnt_of(10, ALERT_OUTGOING).addresses, 0);
}

static void of_two_that_talk_to_each_other_alone_neither_is_the_host(void **state)
{
	(void)state;
	struct alert alert[3] = {syn_of("198.51.100.7", "192.0.2.1", 80, NOON),
				 syn_of("192.0.2.1", "198.51.100.7", 80, NOON),
				 syn_of("198.51.100.7", "192.0.2.1", 80, NOON)};
	struct local_side side = {0};
	assert_true(local_side_learn(&side, alert, 3));
	assert_int_equal(side.addresses, 0);
	assert_true(local_side_learn(&side, alert, 0));
	assert_int_equal(side.addresses, 0);
	/* One that talks to itself is in its alert once, as another is. */
	struct alert itself[2] = {syn_of("192.0.2.1", "192.0.2.1", 80, NOON),
				  syn_of("198.51.100.7", "203.0.113.9", 80, NOON)};
	assert_true(local_side_learn(&side, itself, 2));
	assert_int_equal(side.addresses, 0);
}

/* Of few alerts, one that calls many may as well scan the network that is observed. */
static void one_that_only_calls_is_the_host_when_it_calls_often(void **state)
{
	(void)state;
	struct alert alert[20];
	for (size_t i = 0; i < 20; i++) {
		alert[i] = syn_of("203.0.113.9", "192.0.2.1", 4662, NOON);
		alert[i].destination.bytes[15] = (uint8_t)(i + 1);
	}
	struct local_side few = {0}, many = {0}, answered = {0};
	assert_true(local_side_learn(&few, alert, 19));
	assert_int_equal(few.addresses, 0);
	assert_false(goes_out(&few, "203.0.113.9", "192.0.2.1", ALERT_DIRECTION_UNKNOWN));
	assert_true(local_side_learn(&many, alert, 20));
	assert_int_equal(many.addresses, 1);
	assert_true(goes_out(&many, "203.0.113.9", "192.0.2.1", ALERT_DIRECTION_UNKNOWN));
	/* One answer shows where the log was made. */
	alert[5].destination = alert[5].source;
	alert[5].source = address_of("192.0.2.6");
	assert_true(local_side_learn(&answered, alert, 6));
	assert_int_equal(answered.addresses, 1);
}

static void what_is_given_is_not_learnt_anew(void **state)
{
	(void)state;
	struct local_side side = {.address = {address_of("203.0.113.1")}, .addresses = 1};
	struct alert alert = syn_of("198.51.100.7", "192.0.2.1", 80, NOON);
	assert_true(local_side_learn(&side, &alert, 1));
	assert_int_equal(side.addresses, 1);
	assert_false(side.guessed);
}

/* Only so many are looked at: what comes after them does not change who the host is. */
static void the_first_twenty_thousand_alerts_decide(void **state)
{
	(void)state;
	size_t count = 2 * LOCAL_SIDE_LEARNS;
	struct alert *alert = calloc(count, sizeof *alert);
	assert_non_null(alert);
	for (size_t i = 0; i < count; i++) {
		alert[i] = syn_of("198.51.100.7", i < LOCAL_SIDE_LEARNS ? "192.0.2.1" : "192.0.2.2",
				  80, NOON);
		alert[i].source = address_number((uint32_t)i);
	}
	struct local_side side = {0};
	assert_true(local_side_learn(&side, alert, count));
	assert_int_equal(side.addresses, 1);
	struct address first = address_of("192.0.2.1");
	assert_memory_equal(&side.address[0], &first, sizeof first);
	free(alert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_that_is_given_decides_before_the_log),
		cmocka_unit_test(without_a_word_a_private_address_that_calls_a_public_one_is_local),
		cmocka_unit_test(an_address_in_six_of_ten_alerts_is_the_host),
		cmocka_unit_test(alerts_that_have_a_direction_teach_nothing),
		cmocka_unit_test(of_two_that_talk_to_each_other_alone_neither_is_the_host),
		cmocka_unit_test(one_that_only_calls_is_the_host_when_it_calls_often),
		cmocka_unit_test(what_is_given_is_not_learnt_anew),
		cmocka_unit_test(the_first_twenty_thousand_alerts_decide),
	};
	return cmocka_run_group_tests_name("local_side", tests, NULL, NULL);
}
