/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/alerts/cluster_table.h"
#include "alerts.h"
#include "slowness.h"

#include <stdlib.h>
#include <string.h>

#define HOST "192.0.2.1"

static int begin(void **state)
{
	*state = cluster_table_new();
	return *state ? 0 : -1;
}

static int end(void **state)
{
	cluster_table_free(*state);
	return 0;
}

static void add(struct cluster_table *table, const struct alert *alert)
{
	assert_true(cluster_table_add(table, alert, false));
}

static void add_syn(struct cluster_table *table, const char *source, int32_t port, int64_t seconds)
{
	struct alert alert = syn_of(source, HOST, port, seconds);
	add(table, &alert);
}

/* A SYN-ACK, as hosts send them that somebody called in this host's name. */
static void add_answer(struct cluster_table *table, const char *source, int32_t port)
{
	struct alert alert = syn_of(source, HOST, port, NOON);
	alert.source_port = 80;
	alert.tcp_flags = TCP_SYN | TCP_ACK;
	add(table, &alert);
}

/* The one of a TCP port, NULL when there is none. */
static const struct cluster *find(const struct cluster_table *table, int32_t port,
				  enum cluster_kind kind)
{
	for (size_t i = 0; i < cluster_table_count(table); i++) {
		const struct cluster *cluster = cluster_table_at(table, i);
		if (cluster->key.port == port && cluster->key.kind == kind &&
		    cluster->key.protocol == PROTOCOL_TCP)
			return cluster;
	}
	return NULL;
}

static const struct cluster *requests_of(struct cluster_table *table, int32_t port)
{
	const struct cluster *found = find(table, port, CLUSTER_REQUEST);
	assert_non_null(found);
	return found;
}

static void direction_protocol_address_port_and_kind_tell_clusters_apart(void **state)
{
	struct cluster_table *table = *state;
	struct alert alert = syn_of("198.51.100.7", HOST, 4662, NOON);
	for (int i = 0; i < 9; i++)
		add(table, &alert);
	alert.source = address_of("198.51.100.8");
	alert.source_port = 40001;
	add(table, &alert); /* another source, the same cluster */
	alert.protocol = PROTOCOL_UDP;
	for (int i = 0; i < 8; i++)
		add(table, &alert);
	alert.protocol = PROTOCOL_TCP;
	alert.destination_port = 4663;
	for (int i = 0; i < 7; i++)
		add(table, &alert);
	alert.destination = address_of("192.0.2.2");
	for (int i = 0; i < 6; i++)
		add(table, &alert);
	alert.tcp_flags = TCP_RST;
	for (int i = 0; i < 25; i++) /* more than four times the requests */
		add(table, &alert);
	alert.tcp_flags = TCP_SYN;
	for (int i = 0; i < 5; i++)
		assert_true(cluster_table_add(table, &alert, true));
	assert_true(cluster_table_finish(table));
	static const struct {
		uint64_t events;
		const char *local;
		int32_t port;
		uint8_t protocol, outgoing, kind;
	} wanted[] = {
		{25, "192.0.2.2", 4663, PROTOCOL_TCP, false, CLUSTER_REPLY},
		{10, HOST, 4662, PROTOCOL_TCP, false, CLUSTER_REQUEST},
		{8, HOST, 4662, PROTOCOL_UDP, false, CLUSTER_REQUEST},
		{7, HOST, 4663, PROTOCOL_TCP, false, CLUSTER_REQUEST},
		{6, "192.0.2.2", 4663, PROTOCOL_TCP, false, CLUSTER_REQUEST},
		{5, "198.51.100.8", 4663, PROTOCOL_TCP, true, CLUSTER_REQUEST},
	};
	assert_int_equal(cluster_table_count(table), sizeof wanted / sizeof wanted[0]);
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		const struct cluster *cluster = cluster_table_at(table, i);
		char text[ADDRESS_TEXT_SIZE];
		assert_int_equal(cluster->events, wanted[i].events);
		assert_string_equal(address_format(&cluster->key.local, text), wanted[i].local);
		assert_int_equal(cluster->key.port, wanted[i].port);
		assert_int_equal(cluster->key.protocol, wanted[i].protocol);
		assert_int_equal(cluster->key.outgoing, wanted[i].outgoing);
		assert_int_equal(cluster->key.kind, wanted[i].kind);
	}
	assert_int_equal(cluster_table_totals(table)->events, 61);
	assert_int_equal(cluster_table_totals(table)->local_addresses, 3);
}

/* Who begins, and who answers: RFC 9293, RFC 792, RFC 4443. */
static void requests_and_replies_are_told_by_their_form(void **state)
{
	(void)state;
	static const struct {
		uint8_t protocol;
		int32_t flags, icmp_type, source_port, port;
		enum cluster_kind kind;
	} packets[] = {
		{PROTOCOL_TCP, TCP_SYN, -1, 40000, 4662, CLUSTER_REQUEST},
		{PROTOCOL_TCP, -1, -1, 40000, 4662, CLUSTER_REQUEST},
		{PROTOCOL_TCP, TCP_SYN | TCP_ACK, -1, 80, 4662, CLUSTER_REPLY},
		{PROTOCOL_TCP, TCP_RST, -1, 80, 4662, CLUSTER_REPLY},
		{PROTOCOL_TCP, TCP_SYN | TCP_RST, -1, 80, 4662, CLUSTER_REPLY},
		{PROTOCOL_TCP, TCP_ACK, -1, 80, 4662, CLUSTER_REPLY},
		{PROTOCOL_TCP, TCP_FIN, -1, 80, 4662, CLUSTER_REPLY},
		{PROTOCOL_TCP, 0, -1, 80, 4662, CLUSTER_REPLY},
		{PROTOCOL_UDP, -1, -1, 40000, 4662, CLUSTER_REQUEST},
		{PROTOCOL_UDP, -1, -1, 53, 40000, CLUSTER_REPLY},
		{PROTOCOL_UDP, -1, -1, 123, 40000, CLUSTER_REPLY},
		{PROTOCOL_UDP, -1, -1, 123, 123, CLUSTER_REQUEST},
		{PROTOCOL_UDP, -1, -1, 53, 1023, CLUSTER_REQUEST},
		{PROTOCOL_UDP, -1, -1, 53, 1024, CLUSTER_REPLY},
		{PROTOCOL_UDP, -1, -1, 53, 4672, CLUSTER_REQUEST}, /* a port of eMule's */
		{PROTOCOL_UDP, -1, -1, 54, 40000, CLUSTER_REQUEST},
		{PROTOCOL_ICMP, -1, 0, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMP, -1, 3, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMP, -1, 5, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMP, -1, 8, -1, -1, CLUSTER_REQUEST},
		{PROTOCOL_ICMP, -1, 11, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMP, -1, 12, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMP, -1, 13, -1, -1, CLUSTER_REQUEST},
		{PROTOCOL_ICMP, -1, -1, -1, -1, CLUSTER_REQUEST},
		{PROTOCOL_ICMPV6, -1, 1, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMPV6, -1, 4, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMPV6, -1, 127, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMPV6, -1, 128, -1, -1, CLUSTER_REQUEST},
		{PROTOCOL_ICMPV6, -1, 129, -1, -1, CLUSTER_REPLY},
		{PROTOCOL_ICMPV6, -1, 135, -1, -1, CLUSTER_REQUEST},
		{PROTOCOL_ICMPV6, -1, -1, -1, -1, CLUSTER_REQUEST},
		{132, -1, -1, 40000, 4662, CLUSTER_REQUEST},
		{ALERT_PROTOCOL_UNKNOWN, -1, -1, 40000, 4662, CLUSTER_REQUEST},
	};
	for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
		struct cluster_table *table = cluster_table_new();
		struct alert alert = syn_of("198.51.100.7", HOST, packets[i].port, NOON);
		assert_non_null(table);
		alert.protocol = packets[i].protocol;
		alert.tcp_flags = packets[i].flags;
		alert.icmp_type = packets[i].icmp_type;
		alert.source_port = packets[i].source_port;
		add(table, &alert);
		const struct cluster *cluster = cluster_table_at(table, 0);
		if (cluster->key.kind != packets[i].kind)
			fail_msg("packet %zu: kind %d", i, cluster->key.kind);
		assert_int_equal(cluster->key.port, packets[i].port);
		cluster_table_free(table);
	}
}

static void a_syn_that_is_sent_again_is_one_attempt(void **state)
{
	struct cluster_table *table = *state;
	static const struct {
		int32_t port;
		int64_t pause[3];
		uint64_t attempts, repeated;
	} series[] = {
		{1001, {3, 6, 0}, 1, 1},   /* Windows */
		{1002, {1, 2, 4}, 1, 1},   /* Linux */
		{1003, {20, 0, 0}, 1, 0},  /* no system waits so long the first time */
		{1004, {1, 200, 0}, 2, 1}, /* after its memory: another attempt */
		{1005, {7, 0, 0}, 1, 1},   /* 6 or 8, told in whole seconds */
		{1006, {10, 0, 0}, 1, 0},  /* between 8 and 12, more than a second off both */
		{1007, {50, 0, 0}, 1, 0},  /* more than a second after 48 */
		{1008, {49, 0, 0}, 1, 1},  /* a second after 48 */
		{1009, {200, 3, 0}, 2, 1}, /* the second attempt is repeated */
		{1010, {3, 200, 3}, 2, 2}, /* both are */
	};
	for (size_t i = 0; i < sizeof series / sizeof series[0]; i++) {
		int64_t at = NOON;
		add_syn(table, "198.51.100.7", series[i].port, at);
		for (int j = 0; j < 3 && series[i].pause[j]; j++)
			add_syn(table, "198.51.100.7", series[i].port, at += series[i].pause[j]);
		const struct cluster *cluster = requests_of(table, series[i].port);
		if (cluster->attempts != series[i].attempts ||
		    cluster->repeated != series[i].repeated)
			fail_msg("port %d: %d attempts, %d repeated", series[i].port,
				 (int)cluster->attempts, (int)cluster->repeated);
	}
}

static void what_makes_an_attempt_another_one(void **state)
{
	struct cluster_table *table = *state;
	struct alert alert = syn_of("198.51.100.7", HOST, 4662, NOON);
	const struct cluster *cluster;
	add(table, &alert);
	add(table, &alert); /* in the same second: once again, but on no schedule */
	cluster = requests_of(table, 4662);
	assert_int_equal(cluster->attempts, 1);
	assert_int_equal(cluster->repeated, 0);
	alert.source_port++;
	add(table, &alert);
	assert_int_equal(cluster->attempts, 2);
	alert.tcp_sequence = 1;
	add(table, &alert);
	assert_int_equal(cluster->attempts, 3);
	alert.tcp_sequence = 2;
	add(table, &alert);
	assert_int_equal(cluster->attempts, 4);
	alert.source = address_of("198.51.100.8");
	add(table, &alert);
	assert_int_equal(cluster->attempts, 5);
	/* Without a time nothing can be told apart, and each counts. */
	alert.time_us = ALERT_TIME_UNKNOWN;
	alert.repeats = 3;
	add(table, &alert);
	assert_int_equal(cluster->attempts, 8);
	assert_int_equal(cluster->events, 9);
	/* Nor can datagrams. */
	alert = syn_of("198.51.100.7", HOST, 53, NOON);
	alert.protocol = PROTOCOL_UDP;
	for (int i = 0; i < 4; i++)
		add(table, &alert);
	assert_int_equal(cluster_table_at(table, 1)->attempts, 4);
}

static void who_comes_back_after_half_an_hour_or_on_another_day_is_counted_once(void **state)
{
	struct cluster_table *table = *state;
	int64_t midnight = NOON + 12 * 3600;
	add_syn(table, "198.51.100.1", 4662, NOON);
	add_syn(table, "198.51.100.1", 4662, NOON + 1799);
	add_syn(table, "198.51.100.2", 4662, NOON);
	add_syn(table, "198.51.100.2", 4662, NOON + 1800);
	add_syn(table, "198.51.100.2", 4662, NOON + 3600);
	add_syn(table, "198.51.100.3", 4662, midnight - 2);
	add_syn(table, "198.51.100.3", 4662, midnight + 1);
	add_syn(table, "198.51.100.4", 4662, NOON + 3600);
	add_syn(table, "198.51.100.4", 4662, NOON); /* a log out of order */
	assert_true(cluster_table_finish(table));
	const struct cluster *cluster = requests_of(table, 4662);
	assert_int_equal(cluster->remotes, 4);
	assert_int_equal(cluster->returned, 1);
	assert_int_equal(cluster->returned_days, 1);
}

static void a_source_that_touches_five_ports_or_addresses_is_a_scanner(void **state)
{
	struct cluster_table *table = *state;
	for (int32_t port = 1; port <= 4; port++) {
		add_syn(table, "198.51.100.4", 4000 + port, NOON);
		add_syn(table, "198.51.100.5", 4000 + port, NOON);
	}
	add_syn(table, "198.51.100.5", 4005, NOON);
	/* Three that call nothing else, lest the port is taken for a scan's. */
	for (int32_t port = 1; port <= 5; port++)
		for (int i = 1; i <= 3; i++) {
			struct alert alert = syn_of("203.0.113.0", HOST, 4000 + port, NOON);
			alert.source.bytes[15] = (uint8_t)(10 * port + i);
			add(table, &alert);
		}
	assert_true(cluster_table_finish(table));
	assert_int_equal(requests_of(table, 4001)->scanners, 1);
	assert_int_equal(requests_of(table, 4001)->remotes, 5);
	assert_int_equal(requests_of(table, 4005)->scanners, 1);
	assert_int_equal(requests_of(table, 4005)->remotes, 4);
}

static void ports_that_only_a_scanner_touched_are_put_together(void **state)
{
	struct cluster_table *table = *state;
	for (int32_t port = 1; port <= 6; port++)
		for (int again = 0; again < 2; again++)
			add_syn(table, "198.51.100.5", 5000 + port, NOON + 300 * port + again);
	add_syn(table, "198.51.100.6", 5001, NOON); /* two sources, one of them no scanner */
	assert_true(cluster_table_finish(table));
	assert_int_equal(cluster_table_count(table), 2);
	const struct cluster *group = cluster_table_at(table, 0);
	assert_int_equal(group->key.group_of_ports, 1);
	assert_int_equal(group->key.port, CLUSTER_NO_PORT);
	assert_int_equal(group->ports, 5);
	assert_int_equal(group->events, 10);
	assert_int_equal(group->attempts, 5);
	assert_int_equal(group->remotes, 1); /* in five ports one */
	assert_int_equal(group->scanners, 1);
	assert_int_equal(group->most_events, 10);
	assert_int_equal(group->first_us, (NOON + 600) * 1000000);
	assert_int_equal(group->last_us, (NOON + 1801) * 1000000);
	assert_int_equal(requests_of(table, 5001)->events, 3);
}

static void replies_to_five_ports_are_put_together_and_to_four_are_not(void **state)
{
	struct cluster_table *table = *state;
	for (int32_t port = 1; port <= 4; port++)
		add_answer(table, "198.51.100.5", 40000 + port);
	struct cluster_table *more = cluster_table_new();
	assert_non_null(more);
	for (int32_t port = 1; port <= 5; port++)
		add_answer(more, port == 5 ? "198.51.100.6" : "198.51.100.5", 40000 + port);
	assert_true(cluster_table_finish(table) && cluster_table_finish(more));
	assert_int_equal(cluster_table_count(table), 4);
	assert_int_equal(cluster_table_count(more), 1);
	const struct cluster *group = cluster_table_at(more, 0);
	assert_int_equal(group->ports, 5);
	assert_int_equal(group->events, 5);
	assert_int_equal(group->answers, 5);
	assert_int_equal(group->remotes, 2);
	assert_int_equal(group->most_events, 4);
	cluster_table_free(more);
}

static void replies_to_a_port_that_is_called_belong_to_it_unless_they_are_most(void **state)
{
	struct cluster_table *table = *state;
	add_syn(table, "198.51.100.5", 1001, NOON);
	add_syn(table, "198.51.100.5", 1002, NOON);
	for (int i = 0; i < 4; i++)
		add_answer(table, "198.51.100.6", 1001);
	for (int i = 0; i < 5; i++)
		add_answer(table, "198.51.100.6", 1002);
	assert_true(cluster_table_finish(table));
	assert_int_equal(cluster_table_count(table), 3);
	assert_int_equal(requests_of(table, 1001)->replies, 4);
	assert_int_equal(requests_of(table, 1001)->events, 1);
	assert_null(find(table, 1001, CLUSTER_REPLY));
	assert_int_equal(requests_of(table, 1002)->replies, 0);
	assert_int_equal(find(table, 1002, CLUSTER_REPLY)->events, 5);
}

static void a_port_knows_how_it_fares_on_other_addresses(void **state)
{
	struct cluster_table *table = *state;
	static const char *const hosts[] = {"192.0.2.1", "192.0.2.2", "192.0.2.3"};
	size_t alike = 0;
	for (uint32_t i = 0; i < 3; i++)
		for (uint32_t source = 0; source <= i; source++) {
			struct alert alert = syn_of("198.51.100.5", hosts[i], 445, NOON);
			alert.source = address_number(source);
			add(table, &alert);
		}
	add_syn(table, "198.51.100.5", 4662, NOON);
	/* The same number, but of another protocol, an answer, and outwards: none of these. */
	struct alert other = syn_of("198.51.100.5", "192.0.2.2", 445, NOON);
	other.protocol = PROTOCOL_UDP;
	add(table, &other);
	other = syn_of("192.0.2.2", "198.51.100.5", 445, NOON);
	assert_true(cluster_table_add(table, &other, true));
	other = syn_of("198.51.100.5", "192.0.2.4", 445, NOON);
	other.tcp_flags = TCP_RST;
	add(table, &other);
	assert_true(cluster_table_finish(table));
	for (size_t i = 0; i < cluster_table_count(table); i++) {
		const struct cluster *cluster = cluster_table_at(table, i);
		if (cluster->key.outgoing || cluster->key.protocol == PROTOCOL_UDP ||
		    cluster->key.kind == CLUSTER_REPLY)
			assert_int_equal(cluster->neighbours, 1);
		alike += cluster->neighbours == 3;
	}
	assert_int_equal(alike, 3);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(cluster_table_at(table, i)->neighbours, 3);
		assert_int_equal(cluster_table_at(table, i)->remotes_with_neighbours, 6);
	}
	assert_int_equal(requests_of(table, 4662)->neighbours, 1);
	assert_int_equal(requests_of(table, 4662)->remotes_with_neighbours, 1);
	assert_int_equal(cluster_table_totals(table)->local_addresses, 4);
}

/* Ports 20001 and on, the n-th with n sources. */
static uint32_t usual_of(int32_t ports)
{
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	for (int32_t port = 1; port <= ports; port++)
		for (int32_t source = 0; source < port; source++) {
			struct alert alert = syn_of("198.51.100.5", HOST, 20000 + port, NOON);
			alert.source = address_number((uint32_t)(100 * port + source));
			add(table, &alert);
		}
	for (uint32_t source = 0; source < 99; source++) { /* a known port has no part in it */
		struct alert alert = syn_of("198.51.100.5", HOST, 4662, NOON);
		alert.source = address_number(source);
		add(table, &alert);
	}
	assert_true(cluster_table_finish(table));
	uint32_t usual = cluster_table_usual_remotes(table, PROTOCOL_TCP);
	assert_int_equal(cluster_table_usual_remotes(table, PROTOCOL_UDP), 0);
	assert_int_equal(cluster_table_usual_remotes(table, PROTOCOL_ICMP), 0);
	cluster_table_free(table);
	return usual;
}

static void what_nineteen_in_twenty_ports_have_at_most_is_usual(void **state)
{
	(void)state;
	assert_int_equal(usual_of(19), 0);
	assert_int_equal(usual_of(20), 19);
	assert_int_equal(usual_of(21), 20); /* 19 of 21 are less than 19 in 20 */
	assert_int_equal(usual_of(40), 38);
}

static void udp_has_what_is_usual_of_its_own(void **state)
{
	struct cluster_table *table = *state;
	for (int32_t port = 1; port <= 20; port++)
		for (uint32_t source = 0; source < 2; source++) {
			struct alert alert = syn_of("198.51.100.5", HOST, 20000 + port, NOON);
			alert.protocol = PROTOCOL_UDP;
			alert.source = address_number(100 * (uint32_t)port + source);
			add(table, &alert);
		}
	assert_true(cluster_table_finish(table));
	assert_int_equal(cluster_table_usual_remotes(table, PROTOCOL_UDP), 2);
	assert_int_equal(cluster_table_usual_remotes(table, PROTOCOL_TCP), 0);
}

/* SYN-ACK, RST and ICMP errors answer; an ACK or a FIN goes on with a conversation. */
static void answers_are_told_from_what_goes_on(void **state)
{
	struct cluster_table *table = *state;
	static const int32_t flags[] = {TCP_SYN | TCP_ACK, TCP_RST, TCP_RST | TCP_ACK,
					TCP_ACK,	   TCP_FIN, TCP_FIN | TCP_ACK};
	struct alert alert = syn_of("198.51.100.5", HOST, 40000, NOON);
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		alert.tcp_flags = flags[i];
		add(table, &alert);
	}
	assert_int_equal(cluster_table_at(table, 0)->events, 6);
	assert_int_equal(cluster_table_at(table, 0)->answers, 3);
	alert.protocol = PROTOCOL_ICMP;
	alert.icmp_type = 3;
	add(table, &alert);
	assert_int_equal(cluster_table_at(table, 1)->answers, 1);
}

static void calls_to_where_replies_come_from_are_found(void **state)
{
	struct cluster_table *table = *state;
	struct alert call = syn_of(HOST, "198.51.100.6", 80, NOON);
	for (int i = 0; i < 3; i++)
		assert_true(cluster_table_add(table, &call, true));
	call.source = address_of("192.0.2.2"); /* another's calls are its own */
	assert_true(cluster_table_add(table, &call, true));
	call = syn_of(HOST, "198.51.100.6", 81, NOON);
	assert_true(cluster_table_add(table, &call, true));
	add_answer(table, "198.51.100.6", 40000);
	assert_true(cluster_table_finish(table));
	assert_int_equal(cluster_table_called(table, find(table, 40000, CLUSTER_REPLY)), 3);
}

static void facts_of_form_are_counted_where_they_are_known(void **state)
{
	struct cluster_table *table = *state;
	struct alert alert = syn_of("198.51.100.5", HOST, 4662, NOON);
	const struct cluster *cluster;
	add(table, &alert); /* nothing is known of its size */
	cluster = requests_of(table, 4662);
	assert_int_equal(cluster->length_known, 0);
	alert.length = 40; /* an IPv4 header and a TCP header */
	add(table, &alert);
	alert.length = 44;
	add(table, &alert);
	assert_int_equal(cluster->length_known, 2);
	assert_int_equal(cluster->without_options, 1);
	alert.tcp_options_length = 0; /* says more than the length */
	add(table, &alert);
	assert_int_equal(cluster->without_options, 2);
	alert.action = ALERT_BLOCKED;
	alert.repeats = 5;
	alert.source_port = 4662; /* of another source's program */
	add(table, &alert);
	assert_int_equal(cluster->blocked, 5);
	assert_int_equal(cluster->p2p_source_ports, 1);
	assert_int_equal(cluster->in_second, 9);
	assert_int_equal(cluster->busiest_second, 9);
	add_syn(table, "192.168.0.9", 4662, NOON + 1);
	assert_int_equal(cluster->from_near, 1);
	assert_int_equal(cluster->to_all, 0);
	assert_int_equal(cluster->answers, 0); /* requests */
	assert_int_equal(cluster->busiest_second, 9);
	assert_int_equal(cluster->most_events, 9);
	struct address most = address_of("198.51.100.5");
	assert_memory_equal(&cluster->most, &most, sizeof most);
	struct alert six = syn_of("2001:db8::7", "2001:db8::1", 4662, NOON);
	six.length = 60;
	add(table, &six);
	six.length = 64;
	add(table, &six);
	cluster = cluster_table_at(table, 1);
	assert_int_equal(cluster->length_known, 2);
	assert_int_equal(cluster->without_options, 1);
	struct alert all = syn_of("198.51.100.5", "255.255.255.255", 9999, NOON);
	add(table, &all);
	assert_int_equal(cluster_table_at(table, 2)->to_all, 1);
}

static void times_are_those_of_the_log_and_whole_minutes_are_no_seconds(void **state)
{
	struct cluster_table *table = *state;
	const struct cluster_totals *totals = cluster_table_totals(table);
	struct alert alert = syn_of("198.51.100.5", HOST, 4662, NOON);
	alert.time_us = ALERT_TIME_UNKNOWN;
	add(table, &alert);
	assert_true(totals->from_us == ALERT_TIME_UNKNOWN && totals->to_us == ALERT_TIME_UNKNOWN);
	add_syn(table, "198.51.100.5", 4662, NOON + 60);
	add_syn(table, "198.51.100.5", 4662, NOON);
	assert_int_equal(totals->from_us, NOON * 1000000);
	assert_int_equal(totals->to_us, (NOON + 60) * 1000000);
	assert_false(totals->by_the_second);
	add_syn(table, "198.51.100.5", 4662, NOON + 1);
	assert_true(totals->by_the_second);
}

static void counts_that_are_full_do_not_begin_anew(void **state)
{
	struct cluster_table *table = *state;
	struct alert alert = syn_of("198.51.100.5", HOST, 4662, NOON);
	alert.repeats = 1000000000;
	for (int i = 0; i < 5; i++)
		add(table, &alert);
	const struct cluster *cluster = requests_of(table, 4662);
	assert_true(cluster->events == UINT64_C(5000000000));
	assert_int_equal(cluster->most_events, UINT32_MAX);
	assert_int_equal(cluster->busiest_second, UINT32_MAX);
	assert_int_equal(cluster->bins.count[0], UINT32_MAX);
}

static void events_beyond_the_last_cluster_are_counted_as_such(void **state)
{
	struct cluster_table *table = *state;
	struct alert alert = syn_of("198.51.100.5", HOST, 0, NOON);
	for (int32_t i = 0; i < CLUSTERS_MAX; i++) {
		alert.destination_port = i;
		add(table, &alert);
	}
	assert_int_equal(cluster_table_totals(table)->overflow, 0);
	alert.destination_port = CLUSTERS_MAX;
	alert.repeats = 4;
	add(table, &alert);
	assert_int_equal(cluster_table_count(table), CLUSTERS_MAX);
	assert_int_equal(cluster_table_totals(table)->overflow, 4);
	assert_int_equal(cluster_table_totals(table)->events, CLUSTERS_MAX + 4);
	/* Those that are there go on. */
	alert.destination_port = 0;
	add(table, &alert);
	assert_int_equal(cluster_table_totals(table)->overflow, 4);
	assert_true(cluster_table_finish(table));
	assert_int_equal(cluster_table_count(table), 1); /* a scan */
	assert_int_equal(cluster_table_at(table, 0)->ports, CLUSTERS_MAX);
	assert_int_equal(cluster_table_at(table, 0)->events, CLUSTERS_MAX + 4);
}

static void add_numbered(struct cluster_table *table, uint32_t source, int32_t port)
{
	struct alert alert = syn_of("198.51.100.5", HOST, port, NOON);
	alert.source = address_number(source);
	add(table, &alert);
}

static void where_pairs_are_full_remotes_are_a_lower_bound_and_events_go_on(void **state)
{
	struct cluster_table *table = *state;
	const struct cluster_totals *totals = cluster_table_totals(table);
	if (runs_slowly())
		skip();
	assert_int_equal(CLUSTER_PAIRS_MAX, 2 * CLUSTER_REMOTES_MAX);
	for (int32_t port = 4662; port <= 4663; port++)
		for (uint32_t source = 0; source < CLUSTER_REMOTES_MAX; source++)
			add_numbered(table, source, port);
	assert_false(totals->pairs_full || totals->remotes_full);
	add_numbered(table, 0, 4662); /* known */
	assert_false(totals->pairs_full);
	add_numbered(table, 0, 4664);
	assert_true(totals->pairs_full);
	assert_false(totals->remotes_full);
	add_numbered(table, CLUSTER_REMOTES_MAX, 4662);
	assert_true(cluster_table_finish(table));
	assert_int_equal(totals->events, CLUSTER_PAIRS_MAX + 3);
	assert_int_equal(totals->overflow, 0);
	assert_int_equal(requests_of(table, 4662)->remotes, CLUSTER_REMOTES_MAX);
	assert_int_equal(requests_of(table, 4662)->events, CLUSTER_REMOTES_MAX + 2);
	assert_int_equal(requests_of(table, 4664)->remotes, 0);
	assert_int_equal(requests_of(table, 4664)->events, 1);
}

static void where_remotes_are_full_no_new_one_is_taken_for_a_scanner(void **state)
{
	struct cluster_table *table = *state;
	const struct cluster_totals *totals = cluster_table_totals(table);
	if (runs_slowly())
		skip();
	for (uint32_t source = 0; source < CLUSTER_REMOTES_MAX; source++)
		add_numbered(table, source, 4662);
	assert_false(totals->remotes_full);
	for (int32_t port = 4662; port < 4672; port++) {
		add_numbered(table, CLUSTER_REMOTES_MAX, port); /* one too many */
		add_numbered(table, 0, port);
	}
	assert_true(totals->remotes_full);
	assert_false(totals->pairs_full);
	assert_true(cluster_table_finish(table));
	assert_int_equal(requests_of(table, 4662)->remotes, CLUSTER_REMOTES_MAX + 1);
	assert_int_equal(requests_of(table, 4662)->scanners, 1);
	assert_int_equal(requests_of(table, 4663)->scanners, 1);
	assert_int_equal(requests_of(table, 4663)->remotes, 2);
}

static void an_empty_table_has_nothing_to_tell(void **state)
{
	struct cluster_table *table = *state;
	assert_true(cluster_table_finish(table));
	assert_int_equal(cluster_table_count(table), 0);
	assert_int_equal(cluster_table_totals(table)->events, 0);
	assert_true(cluster_table_totals(table)->from_us == ALERT_TIME_UNKNOWN);
	assert_int_equal(cluster_table_totals(table)->local_addresses, 0);
}

#define with_table(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_table(direction_protocol_address_port_and_kind_tell_clusters_apart),
		cmocka_unit_test(requests_and_replies_are_told_by_their_form),
		with_table(a_syn_that_is_sent_again_is_one_attempt),
		with_table(what_makes_an_attempt_another_one),
		with_table(who_comes_back_after_half_an_hour_or_on_another_day_is_counted_once),
		with_table(a_source_that_touches_five_ports_or_addresses_is_a_scanner),
		with_table(ports_that_only_a_scanner_touched_are_put_together),
		with_table(replies_to_five_ports_are_put_together_and_to_four_are_not),
		with_table(replies_to_a_port_that_is_called_belong_to_it_unless_they_are_most),
		with_table(a_port_knows_how_it_fares_on_other_addresses),
		cmocka_unit_test(what_nineteen_in_twenty_ports_have_at_most_is_usual),
		with_table(udp_has_what_is_usual_of_its_own),
		with_table(answers_are_told_from_what_goes_on),
		with_table(calls_to_where_replies_come_from_are_found),
		with_table(facts_of_form_are_counted_where_they_are_known),
		with_table(times_are_those_of_the_log_and_whole_minutes_are_no_seconds),
		with_table(counts_that_are_full_do_not_begin_anew),
		with_table(events_beyond_the_last_cluster_are_counted_as_such),
		with_table(where_pairs_are_full_remotes_are_a_lower_bound_and_events_go_on),
		with_table(where_remotes_are_full_no_new_one_is_taken_for_a_scanner),
		with_table(an_empty_table_has_nothing_to_tell),
	};
	return cmocka_run_group_tests_name("cluster_table", tests, NULL, NULL);
}
