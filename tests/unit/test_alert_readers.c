/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each reader of alerts on lines of its own and of others. What the lines mean is what the makers'
 * manuals say, written out here by hand. */
#include "../../analysis/alerts/alert_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NOON INT64_C(1795694400000000) /* 26 November 2026, 12:00 UTC */

static struct alert_lines lines;

static int begin(void **state)
{
	(void)state;
	memset(&lines, 0, sizeof lines);
	log_clock_begin(&lines.clock, 2026, 0, 0);
	return 0;
}

/* In memory of exactly its length, so that valgrind sees a step past its end. */
static enum alert_line read_line(const char *text, struct alert *alert, enum alert_format *format)
{
	size_t length = strlen(text);
	char *copy = malloc(length ? length : 1);
	assert_non_null(copy);
	memcpy(copy, text, length);
	enum alert_line kind = alert_line_read(&lines, copy, copy + length, alert, format);
	free(copy);
	return kind;
}

static struct alert read_as(enum alert_format wanted, const char *text)
{
	struct alert alert;
	enum alert_format format = FORMAT_NONE;
	assert_int_equal(read_line(text, &alert, &format), ALERT_LINE);
	assert_string_equal(alert_format_name(format), alert_format_name(wanted));
	return alert;
}

static void check_unknown(const char *text)
{
	struct alert alert;
	enum alert_format format;
	if (read_line(text, &alert, &format) != ALERT_LINE_UNKNOWN)
		fail_msg("taken for an alert: %s", text);
}

static void check_pair(const struct alert *alert, const char *source, int source_port,
		       const char *destination, int destination_port)
{
	char text[ADDRESS_TEXT_SIZE];
	assert_string_equal(address_format(&alert->source, text), source);
	assert_string_equal(address_format(&alert->destination, text), destination);
	assert_int_equal(alert->source_port, source_port);
	assert_int_equal(alert->destination_port, destination_port);
}

static void netfilter_tells_all_of_a_syn(void **state)
{
	(void)state;
	struct alert alert =
		read_as(FORMAT_UFW,
			"Nov 26 12:00:00 gate kernel: [1.5] [UFW BLOCK] IN=eth0 OUT= MAC= "
			"SRC=198.51.100.7 DST=192.0.2.1 LEN=52 TTL=113 ID=1 DF PROTO=TCP "
			"SPT=40001 DPT=4662 SEQ=4294967295 ACK=0 WINDOW=8192 RES=0x00 SYN URGP=0");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
	assert_int_equal(alert.time_us, NOON);
	assert_int_equal(alert.direction, ALERT_INCOMING);
	assert_int_equal(alert.action, ALERT_BLOCKED);
	assert_int_equal(alert.tcp_flags, 2);
	assert_int_equal(alert.tcp_sequence, 4294967295);
	assert_int_equal(alert.tcp_window, 8192);
	assert_int_equal(alert.tcp_options_length, 12);
	assert_int_equal(alert.time_to_live, 113);
	assert_int_equal(alert.length, 52);
}

static void netfilter_keeps_the_packet_inside_an_icmp_error_out(void **state)
{
	(void)state;
	struct alert alert =
		read_as(FORMAT_NETFILTER,
			"IN=eth0 OUT= SRC=192.0.2.9 DST=192.0.2.1 LEN=80 PROTO=ICMP TYPE=3 CODE=3 "
			"[SRC=192.0.2.1 DST=198.51.100.7 LEN=52 PROTO=TCP SPT=4662 DPT=40001 ]");
	check_pair(&alert, "192.0.2.9", ALERT_UNKNOWN, "192.0.2.1", ALERT_UNKNOWN);
	assert_int_equal(alert.icmp_type, 3);
	assert_int_equal(alert.protocol, 1);
}

/* "IN=" alone, and words of a prefix that begin like it. */
static void netfilter_tells_prefixes_from_interfaces(void **state)
{
	(void)state;
	static const char *const prefixes[] = {"[UFW BLOCK] ", "IPTABLES DROP: ", "IN_DROP ",
					       "I DROP ", "iN= DROP "};
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		char text[300];
		struct alert alert;
		enum alert_format format;
		snprintf(text, sizeof text,
			 "Nov 26 12:00:00 gate kernel: %sIN= OUT=eth0 SRC=192.0.2.1 "
			 "DST=198.51.100.7 LEN=52 TTL=64 PROTO=TCP SPT=40001 DPT=80",
			 prefixes[i]);
		assert_int_equal(read_line(text, &alert, &format), ALERT_LINE);
		if (alert.direction != ALERT_OUTGOING || alert.action != ALERT_BLOCKED)
			fail_msg("%s: direction %d, action %d", prefixes[i], alert.direction,
				 alert.action);
	}
}

static void filterlog_may_end_behind_the_window(void **state)
{
	(void)state;
	struct alert alert =
		read_as(FORMAT_FILTERLOG, "4,,,103,em0,match,block,in,4,0x0,,64,1,0,DF,6,tcp,52,"
					  "198.51.100.7,192.0.2.1,40001,4662,0,S,7,,8192");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
	assert_int_equal(alert.tcp_flags, 2);
	assert_int_equal(alert.tcp_sequence, 7);
	assert_int_equal(alert.tcp_window, 8192);
}

static void flags_may_be_several_words(void **state)
{
	(void)state;
	struct alert alert =
		read_as(FORMAT_CISCO_ASA, "%ASA-6-106015: Deny TCP (no connection) from "
					  "198.51.100.7/80 to 192.0.2.1/40001 flags SYN ACK on "
					  "interface outside");
	check_pair(&alert, "198.51.100.7", 80, "192.0.2.1", 40001);
	assert_int_equal(alert.tcp_flags, 0x12);
	alert = read_as(FORMAT_CISCO_ASA, "%ASA-6-106015: Deny TCP (no connection) from "
					  "198.51.100.7/80 to 192.0.2.1/40001 flags FIN PSH ACK");
	assert_int_equal(alert.tcp_flags, 0x19);
}

/* 192.0.2.128/25 is a network, or port 25 of a host: behind an interface it is the host's, and
 * where the other end has a number behind its slash that can be a port alone. */
static void a_network_is_no_endpoint_and_a_port_is_no_network(void **state)
{
	(void)state;
	struct alert alert = read_as(FORMAT_CISCO_ASA,
				     "%ASA-4-106023: Deny tcp src outside:198.51.100.7/40001 dst "
				     "inside:192.0.2.128/25 by access-group \"in\"");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.128", 25);
	static const struct {
		const char *destination;
		int port; /* -1: it is a network */
	} ends[] = {
		{"192.0.2.0/24", -1},	{"192.0.2.128/25", 25},	  {"192.0.2.129/25", 25},
		{"192.0.2.192/25", 25}, {"192.0.2.4/30", 30},	  {"192.0.2.6/30", 30},
		{"192.0.2.1/32", 32},	{"192.0.2.1/33", 33},	  {"192.0.2.0/23", -1},
		{"192.0.3.0/23", 23},	{"2001:db8::/64", -1},	  {"2001:db8::1/64", 64},
		{"2001:db8::/80", -1},	{"2001:db8::1/128", 128}, {"2001:db8::/129", 129},
	};
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		char text[200];
		enum alert_format format;
		bool six = strchr(ends[i].destination, ':') != NULL;
		snprintf(text, sizeof text, "deny tcp %s/40001 -> %s",
			 six ? "2001:db8::7" : "198.51.100.7", ends[i].destination);
		enum alert_line kind = read_line(text, &alert, &format);
		if (kind != (ends[i].port < 0 ? ALERT_LINE_UNKNOWN : ALERT_LINE) ||
		    (ends[i].port >= 0 && alert.destination_port != ends[i].port))
			fail_msg("%s: port %d", text, alert.destination_port);
	}
	check_unknown("deny tcp 198.51.100.7/32 -> 192.0.2.128/25");
	check_unknown("deny tcp 198.51.100.7:40001 -> 192.0.2.128/25");
	check_unknown("deny tcp 198.51.100.7 -> 192.0.2.128/25, 11/26/2026");
	alert = read_as(FORMAT_CISCO_ASA, "%ASA-2-106001: Inbound TCP connection denied from "
					  "198.51.100.7/33 to 192.0.2.128/25 flags SYN on "
					  "interface outside");
	check_pair(&alert, "198.51.100.7", 33, "192.0.2.128", 25);
	/* Of a line that begins with it, too. */
	alert = read_as(FORMAT_CISCO_ASA, "%ASA-6-106015: Deny TCP (no connection) from "
					  "192.0.2.128/25 to 198.51.100.7/40001 flags RST");
	check_pair(&alert, "192.0.2.128", 25, "198.51.100.7", 40001);
}

static void filterlog_adds_the_header_of_ipv6(void **state)
{
	(void)state;
	struct alert alert = read_as(
		FORMAT_FILTERLOG, "4,,,103,em0,match,block,in,6,0x00,0x00000,60,TCP,6,32,"
				  "2001:db8::7,2001:db8:1::1,40001,4662,0,S,1:33,,8192,,mss;nop");
	check_pair(&alert, "2001:db8::7", 40001, "2001:db8:1::1", 4662);
	assert_int_equal(alert.length, 72);
	assert_int_equal(alert.tcp_options_length, 12);
	assert_int_equal(alert.tcp_sequence, 1);
	assert_int_equal(alert.time_to_live, 60);
	assert_int_equal(alert.direction, ALERT_INCOMING);
}

static void filterlog_of_icmp_has_no_ports(void **state)
{
	(void)state;
	struct alert alert =
		read_as(FORMAT_FILTERLOG, "4,,,103,em0,match,pass,out,4,0x0,,64,1,0,none,1,icmp,84,"
					  "192.0.2.1,198.51.100.7,request,1,2");
	check_pair(&alert, "192.0.2.1", ALERT_UNKNOWN, "198.51.100.7", ALERT_UNKNOWN);
	assert_int_equal(alert.action, ALERT_ALLOWED);
	check_unknown("4,,,103,em0,match,pass,out,4,0x0,,64,1,0,none,6,tcp,84,192.0.2.1");
	check_unknown("4,,,103,em0,match,pass,in,6,");
}

static void pan_os_counts_columns_behind_quotes(void **state)
{
	(void)state;
	struct alert alert = read_as(
		FORMAT_PALO_ALTO,
		"1,2026/11/26 12:00:00,1,THREAT,scan,1,2026/11/26 "
		"12:00:00,198.51.100.7,192.0.2.1,,,"
		"\"a, b\",,,app,v,u,t,e1,,l,2026/11/26 12:00:00,0,4,40001,4662,0,0,0x0,tcp,deny");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
	assert_int_equal(alert.repeats, 4);
	assert_int_equal(alert.time_us, NOON);
	check_unknown("1,2026/11/26 12:00:00,1,TRAFFIC,end,1,2026/11/26 12:00:00,198.51.100.7");
}

static void named_values_come_in_any_order_and_quotes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum alert_format format;
	} cases[] = {
		{"devid=F dstport=4662 dstip=192.0.2.1 proto=6 srcip=198.51.100.7 srcport=40001",
		 FORMAT_FORTIGATE},
		{"[action:\"Drop\"; loguid:\"{0x0}\"; src:\"198.51.100.7\"; dst:\"192.0.2.1\"; "
		 "proto:\"6\"; s_port:\"40001\"; service:\"4662\"]",
		 FORMAT_CHECK_POINT},
		{"{\"MESSAGE\":\"src=\\\"198.51.100.7\\\" dst=\\\"192.0.2.1\\\" "
		 "spt=\\\"40001\\\" dpt=\\\"4662\\\" proto=\\\"tcp\\\"\"}",
		 FORMAT_JSON},
		{"LEEF:1.0|a|b|1|2|src=198.51.100.7#011srcPort=40001#011dst=192.0.2.1#011"
		 "dstPort=4662#011proto=tcp",
		 FORMAT_LEEF},
		{"P:6(TCP) SRC:198.51.100.7 DST:192.0.2.1 SPORT:40001(unknown) DPORT:4662(x)",
		 FORMAT_NEC},
		{"%FTD-1-430005: SrcIP: 198.51.100.7, DstIP: 192.0.2.1, SrcPort: 40001, "
		 "DstPort: 4662, Protocol: tcp",
		 FORMAT_CISCO_FTD},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct alert alert = read_as(cases[i].format, cases[i].text);
		check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
		assert_int_equal(alert.protocol, 6);
	}
}

/* SonicWall's cnt is the number of the message. */
static void only_cef_folds_equal_events(void **state)
{
	(void)state;
	static const char rest[] = "5|src=198.51.100.7 dst=192.0.2.1 dpt=22 proto=TCP cnt=7";
	char text[200];
	snprintf(text, sizeof text, "CEF:0|Maker|Firewall|1|2|dropped|%s", rest);
	assert_int_equal(read_as(FORMAT_CEF, text).repeats, 7);
	snprintf(text, sizeof text, "CEF:0|SonicWall|NSa|1|2|dropped|%s", rest);
	assert_int_equal(read_as(FORMAT_CEF, text).repeats, 1);
}

static void a_sentence_of_cisco_names_the_peer_first_when_it_was_called(void **state)
{
	(void)state;
	struct alert alert = read_as(
		FORMAT_CISCO_ASA,
		"%ASA-6-302013: Built outbound TCP connection 9 for outside:198.51.100.7/22 "
		"(198.51.100.7/22) to inside:192.0.2.1/40001 (203.0.113.1/1025)");
	check_pair(&alert, "192.0.2.1", 40001, "198.51.100.7", 22);
	assert_int_equal(alert.direction, ALERT_OUTGOING);
	alert = read_as(
		FORMAT_CISCO_ASA,
		"%ASA-6-302013: Built inbound TCP connection 9 for outside:198.51.100.7/4000 "
		"(198.51.100.7/4000) to inside:192.0.2.1/22 (203.0.113.1/22)");
	check_pair(&alert, "198.51.100.7", 4000, "192.0.2.1", 22);
	assert_int_equal(alert.direction, ALERT_INCOMING);
}

static void the_address_of_a_relay_is_no_source(void **state)
{
	(void)state;
	struct alert alert = read_as(FORMAT_CISCO_IOS,
				     "Nov 26 12:00:00 203.0.113.9 %SEC-6-IPACCESSLOGP: list 102 "
				     "denied udp 198.51.100.7(40001) -> 192.0.2.1(53), 3 packets");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 53);
	assert_int_equal(alert.protocol, 17);
	assert_int_equal(alert.repeats, 3);
	assert_int_equal(alert.action, ALERT_BLOCKED);
}

static void tcpdump_writes_ports_behind_dots(void **state)
{
	(void)state;
	struct alert alert = read_as(
		FORMAT_PF, "Nov 26 12:00:00.000000 rule 4/0(match): block in on em0: "
			   "2001:db8::7.40001 > 2001:db8:1::1.4662: Flags [S.], seq 1, length 0");
	check_pair(&alert, "2001:db8::7", 40001, "2001:db8:1::1", 4662);
	assert_int_equal(alert.tcp_flags, 0x12);
	assert_int_equal(alert.protocol, 6);
}

static void ports_may_have_names_and_protocols_numbers(void **state)
{
	(void)state;
	struct alert alert = read_as(
		FORMAT_YAMAHA,
		"PP[01] Rejected at IN(2000) filter: TCP 198.51.100.7:40001 > 192.0.2.1:telnet");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 23);
	alert = read_as(FORMAT_CISCO_ASA, "%ASA-6-605004: Login denied from 198.51.100.7/40001 to "
					  "outside:192.0.2.1/ssh for user \"root\"");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 22);
	alert = read_as(
		FORMAT_SENTENCE,
		"ACCEPT-LOG denied:(100)17 198.51.100.7(40001) -> 192.0.2.1(53), 3 packets");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 53);
	assert_int_equal(alert.protocol, 17);
	assert_int_equal(alert.action, ALERT_BLOCKED);
	assert_int_equal(alert.repeats, 3);
	check_unknown("%ASA-5-304001: 192.0.2.9 Accessed URL 198.51.100.7:http://example.org/");
}

static void talk_of_addresses_is_no_alert(void **state)
{
	(void)state;
	check_unknown("sshd[1]: Failed password for root from 198.51.100.7 port 40001 ssh2");
	check_unknown("app: upgraded from 1.2.3.4 to 1.2.3.5");
	check_unknown("Policy (5, Trust->Untrust, 192.0.2.0/24->198.51.100.0/24,ANY) was modified");
	check_unknown("GET /?src=192.0.2.1&dst=192.0.2.2:80 HTTP/1.1");
}

static void rows_are_told_by_where_the_numbers_stand(void **state)
{
	(void)state;
	struct alert alert = read_as(
		FORMAT_WINDOWS, "2026-11-26 12:00:00 DROP TCP 198.51.100.7 192.0.2.1 40001 4662 "
				"52 S 7 0 8192 - - - RECEIVE 4");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
	assert_int_equal(alert.direction, ALERT_INCOMING);
	assert_int_equal(alert.tcp_sequence, 7);
	alert = read_as(FORMAT_BARRACUDA,
			"Block: FWD|UDP|eth0|198.51.100.7|40001|00:00:5e:00:53:01|192.0.2.1|53|||");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 53);
	alert = read_as(FORMAT_ROW, "2 1 eni-0 198.51.100.7 192.0.2.1 40001 4662 6 1 52 REJECT OK");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
	assert_int_equal(alert.action, ALERT_BLOCKED);
	alert = read_as(FORMAT_ROW,
			"FW: ge-0/0/0.0 A icmp 192.0.2.1 198.51.100.7  8  0 (1 packets)");
	check_pair(&alert, "192.0.2.1", ALERT_UNKNOWN, "198.51.100.7", ALERT_UNKNOWN);
	assert_int_equal(alert.icmp_type, 8);
}

static void columns_have_the_order_of_their_header(void **state)
{
	(void)state;
	struct alert alert;
	enum alert_format format;
	assert_int_equal(read_line("dport;src;dst;proto;time", &alert, &format), ALERT_LINE_EMPTY);
	alert = read_as(FORMAT_CSV, "4662;198.51.100.7;192.0.2.1;tcp;2026-11-26T12:00:00Z");
	check_pair(&alert, "198.51.100.7", ALERT_UNKNOWN, "192.0.2.1", 4662);
	assert_int_equal(alert.time_us, NOON);
	check_unknown("4662;198.51.100.7");
	assert_int_equal(read_line("#Fields: date time action protocol src-ip dst-ip src-port "
				   "dst-port size tcpflags",
				   &alert, &format),
			 ALERT_LINE_EMPTY);
	alert = read_as(FORMAT_WINDOWS,
			"2026-11-26 12:00:00 DROP UDP 198.51.100.7 192.0.2.1 40001 4672 61 -");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4672);
	assert_int_equal(alert.tcp_flags, ALERT_UNKNOWN);
}

static void blanks_around_values_of_a_table_do_not_count(void **state)
{
	(void)state;
	struct alert alert;
	enum alert_format format;
	assert_int_equal(read_line(" src , dst\t,dport", &alert, &format), ALERT_LINE_EMPTY);
	alert = read_as(FORMAT_CSV, " 198.51.100.7 ,\t192.0.2.1\t, 4662 ");
	check_pair(&alert, "198.51.100.7", ALERT_UNKNOWN, "192.0.2.1", 4662);
	assert_int_equal(alert.protocol, ALERT_PROTOCOL_UNKNOWN); /* no column tells it */
}

/* A quote behind a backslash does not end a text, so no name in it is read. */
static void names_within_quoted_text_are_text(void **state)
{
	(void)state;
	struct alert alert =
		read_as(FORMAT_FORTIGATE,
			"devname=\"x\" msg=\"said \\\"srcip=203.0.113.9 dstport=9\\\" once\" "
			"srcip=198.51.100.7 dstip=192.0.2.1 dstport=4662 proto=6 action=\"deny\"");
	check_pair(&alert, "198.51.100.7", ALERT_UNKNOWN, "192.0.2.1", 4662);
	assert_int_equal(alert.action, ALERT_BLOCKED);
}

/* Names of ports and protocols as IANA's registries have them. */
static void names_mean_what_the_registries_say(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int number;
	} ports[] = {{"bootpc", 68},	   {"bootps", 67},	{"domain", 53},
		     {"ftp", 21},	   {"ftp-data", 20},	{"http", 80},
		     {"https", 443},	   {"ident", 113},	{"imap4", 143},
		     {"isakmp", 500},	   {"ldap", 389},	{"microsoft-ds", 445},
		     {"netbios-dgm", 138}, {"netbios-ns", 137}, {"netbios-ssn", 139},
		     {"netbios_ssn", 139}, {"nntp", 119},	{"ntp", 123},
		     {"pop3", 110},	   {"sip", 5060},	{"smtp", 25},
		     {"snmp", 161},	   {"ssh", 22},		{"sunrpc", 111},
		     {"syslog", 514},	   {"telnet", 23},	{"tftp", 69},
		     {"www", 80},	   {"nosuch", -1},	{"wwww", -1}},
	  protocols[] = {{"tcp", 6},	    {"udp", 17},      {"icmp", 1},   {"icmp6", 58},
			 {"igmp", 2},	    {"gre", 47},      {"esp", 50},   {"ah", 51},
			 {"sctp", 132},	    {"udplite", 136}, {"ospf", 89},  {"pim", 103},
			 {"ipv6", 41},	    {"ipip", 4},      {"vrrp", 112}, {"dccp", 33},
			 {"ipv6-icmp", 58}, {"icmpv6", 58}};
	char text[200];
	for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
		snprintf(text, sizeof text, "deny tcp 198.51.100.7/40001 -> 192.0.2.1/%s",
			 ports[i].name);
		struct alert alert = read_as(FORMAT_SENTENCE, text);
		if (alert.destination_port != ports[i].number)
			fail_msg("%s: %d", ports[i].name, alert.destination_port);
	}
	struct alert alert;
	enum alert_format format;
	read_line("src,dst,proto", &alert, &format);
	for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
		snprintf(text, sizeof text, "198.51.100.7,192.0.2.1,%s", protocols[i].name);
		alert = read_as(FORMAT_CSV, text); /* of ports nothing is known */
		if (alert.protocol != protocols[i].number)
			fail_msg("%s: %d", protocols[i].name, alert.protocol);
	}
}

static void a_sentence_tells_what_it_can(void **state)
{
	(void)state;
	struct alert alert =
		read_as(FORMAT_SENTENCE, "deny tcp fd00::7/40001 -> fd00::1/80 ttl 61");
	check_pair(&alert, "fd00::7", 40001, "fd00::1", 80);
	assert_int_equal(alert.time_to_live, 61);
	/* Cisco writes type and identifier where ports would be. */
	alert = read_as(FORMAT_SENTENCE, "deny icmp 198.51.100.7/8 -> 192.0.2.1/513");
	check_pair(&alert, "198.51.100.7", ALERT_UNKNOWN, "192.0.2.1", ALERT_UNKNOWN);
	alert = read_as(FORMAT_SENTENCE, "deny icmp6 2001:db8::7/128 -> 2001:db8::1/513");
	check_pair(&alert, "2001:db8::7", ALERT_UNKNOWN, "2001:db8::1", ALERT_UNKNOWN);
	alert = read_as(FORMAT_SENTENCE, "deny tcp 198.51.100.7/65536 -> 192.0.2.1/65535");
	check_pair(&alert, "198.51.100.7", ALERT_UNKNOWN, "192.0.2.1", 65535);
	alert = read_as(FORMAT_SENTENCE, "deny tcp 198.51.100.7/9 -> 192.0.2.1/80, 0 packets");
	assert_int_equal(alert.repeats, 1); /* it happened */
	alert = read_as(FORMAT_SENTENCE, "deny tcp 198.51.100.7/9 -> 192.0.2.1/80, 2 packets");
	assert_int_equal(alert.repeats, 2);
}

/* In the two encodings of Japanese logs, whose second octets are ASCII at times. */
static void text_in_other_encodings_does_not_disturb(void **state)
{
	(void)state;
	struct alert alert = read_as(
		FORMAT_YAMAHA,
		"2026/11/26 12:00:00 \x92\xca\x90\x4d\x8b\x91\x94\xdb PP[01] Rejected at "
		"IN(2000) filter: TCP 198.51.100.7:40001 > 192.0.2.1:4662 \x83\x5c\x83\x7c");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
	assert_int_equal(alert.time_us, NOON);
	alert = read_as(FORMAT_NEC, "\xb5\xf1\xc8\xdd P:6(TCP) SRC:198.51.100.7 DST:192.0.2.1 "
				    "SPORT:40001(\xc9\xd4\xcc\xc0) DPORT:4662(\xc9\xd4\xcc\xc0)");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
	alert = read_as(FORMAT_NETFILTER,
			"\x8e\xd5\x92\x66: IN=eth0 OUT= SRC=198.51.100.7 DST=192.0.2.1 "
			"LEN=52 PROTO=TCP SPT=40001 DPT=4662");
	check_pair(&alert, "198.51.100.7", 40001, "192.0.2.1", 4662);
}

static void impossible_addresses_and_ports_are_not_read(void **state)
{
	(void)state;
	check_unknown("IN=eth0 OUT= SRC=198.51.100.256 DST=192.0.2.1 LEN=52 PROTO=TCP SPT=1 DPT=2");
	check_unknown("IN=eth0 OUT= SRC=198.51.100.7 DST=192.0.2 LEN=52 PROTO=TCP SPT=1 DPT=2");
	check_unknown("srcip=1.2.3.4.5 dstip=192.0.2.1 dstport=22 proto=6");
	check_unknown("srcip=2001:db8:::7 dstip=192.0.2.1 dstport=22 proto=6");
	check_unknown("TCP connection denied from 198.51.100.300:1 to 192.0.2.1:2");
	struct alert alert =
		read_as(FORMAT_NETFILTER, "IN=eth0 OUT= SRC=198.51.100.7 DST=192.0.2.1 "
					  "LEN=99999999999 TTL=256 PROTO=TCP SPT=65536 "
					  "DPT=-1");
	check_pair(&alert, "198.51.100.7", ALERT_UNKNOWN, "192.0.2.1", ALERT_UNKNOWN);
	assert_int_equal(alert.length, ALERT_UNKNOWN);
	assert_int_equal(alert.time_to_live, ALERT_UNKNOWN);
}

static void a_folded_line_counts_what_it_folds(void **state)
{
	(void)state;
	read_as(FORMAT_NETFILTER, "Nov 26 12:00:00 gate kernel: IN=e OUT= SRC=198.51.100.7 "
				  "DST=192.0.2.1 LEN=52 PROTO=TCP SPT=1 DPT=2");
	struct alert alert =
		read_as(FORMAT_NETFILTER, "Nov 26 12:00:09 gate message repeated 3 times");
	check_pair(&alert, "198.51.100.7", 1, "192.0.2.1", 2);
	assert_int_equal(alert.repeats, 3);
	assert_int_equal(alert.time_us, NOON + 9000000);
	alert = read_as(FORMAT_NETFILTER, "Nov 26 12:00:39 gate last message repeated 5 times");
	assert_int_equal(alert.repeats, 5);
	alert = read_as(FORMAT_NETFILTER,
			"Nov 26 12:00:40 gate kernel: message repeated 7 times: [IN=e OUT= "
			"SRC=198.51.100.7 DST=192.0.2.1 LEN=52 PROTO=TCP SPT=1 DPT=2 ]");
	assert_int_equal(alert.repeats, 7);
	check_unknown("Nov 26 12:00:10 gate sshd: other");
	check_unknown("Nov 26 12:00:11 gate message repeated 3 times");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(netfilter_tells_all_of_a_syn, begin),
		cmocka_unit_test_setup(netfilter_keeps_the_packet_inside_an_icmp_error_out, begin),
		cmocka_unit_test_setup(netfilter_tells_prefixes_from_interfaces, begin),
		cmocka_unit_test_setup(filterlog_may_end_behind_the_window, begin),
		cmocka_unit_test_setup(flags_may_be_several_words, begin),
		cmocka_unit_test_setup(a_network_is_no_endpoint_and_a_port_is_no_network, begin),
		cmocka_unit_test_setup(filterlog_adds_the_header_of_ipv6, begin),
		cmocka_unit_test_setup(filterlog_of_icmp_has_no_ports, begin),
		cmocka_unit_test_setup(pan_os_counts_columns_behind_quotes, begin),
		cmocka_unit_test_setup(named_values_come_in_any_order_and_quotes, begin),
		cmocka_unit_test_setup(only_cef_folds_equal_events, begin),
		cmocka_unit_test_setup(a_sentence_of_cisco_names_the_peer_first_when_it_was_called,
				       begin),
		cmocka_unit_test_setup(the_address_of_a_relay_is_no_source, begin),
		cmocka_unit_test_setup(tcpdump_writes_ports_behind_dots, begin),
		cmocka_unit_test_setup(ports_may_have_names_and_protocols_numbers, begin),
		cmocka_unit_test_setup(talk_of_addresses_is_no_alert, begin),
		cmocka_unit_test_setup(rows_are_told_by_where_the_numbers_stand, begin),
		cmocka_unit_test_setup(columns_have_the_order_of_their_header, begin),
		cmocka_unit_test_setup(blanks_around_values_of_a_table_do_not_count, begin),
		cmocka_unit_test_setup(names_within_quoted_text_are_text, begin),
		cmocka_unit_test_setup(names_mean_what_the_registries_say, begin),
		cmocka_unit_test_setup(a_sentence_tells_what_it_can, begin),
		cmocka_unit_test_setup(text_in_other_encodings_does_not_disturb, begin),
		cmocka_unit_test_setup(impossible_addresses_and_ports_are_not_read, begin),
		cmocka_unit_test_setup(a_folded_line_counts_what_it_folds, begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
