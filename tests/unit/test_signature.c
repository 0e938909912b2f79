/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makers by their marks, in lines as their manuals show them, shortened. */
#include "../../analysis/alerts/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* In memory of exactly its length, so that valgrind sees a step past its end. */
static const char *maker_of(const char *line)
{
	size_t length = strlen(line);
	char *copy = malloc(length ? length : 1);
	assert_non_null(copy);
	memcpy(copy, line, length);
	enum alert_format format = signature_of(copy, copy + length, FORMAT_SENTENCE);
	free(copy);
	return alert_format_name(format);
}

static void every_mark_names_its_maker(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		enum alert_format format;
	} known[] = {
		{"CEF:0|Ubiquiti|UniFi Network|9.3|201|Threat|4|src=198.51.100.7", FORMAT_UNIFI},
		{"LEEF:1.0|Lancope|StealthWatch|1.0|41|src=198.51.100.7", FORMAT_LEEF},
		{"CEF:0|Example|Wall|1.0|100|drop|5|src=198.51.100.7", FORMAT_CEF},
		{"%ASA-4-106023: Deny tcp src outside:198.51.100.7/40001", FORMAT_CISCO_ASA},
		{"gate : ASA-6-302013: Built inbound TCP connection", FORMAT_CISCO_ASA},
		{"%PIX-2-106001: Inbound TCP connection denied", FORMAT_CISCO_ASA},
		{"%FWSM-4-106023: Deny udp", FORMAT_CISCO_ASA},
		{"%FTD-4-106023: Deny tcp", FORMAT_CISCO_FTD},
		{"%NGIPS-1-430002: AccessControlRuleAction: Block", FORMAT_CISCO_FTD},
		{"%SEC-6-IPACCESSLOGP: list 101 denied tcp", FORMAT_CISCO_IOS},
		{"%IPS-4-SIGNATURE: Sig:3051", FORMAT_CISCO_IOS},
		{"%FW-6-DROP_PKT: Dropping tcp session", FORMAT_CISCO_IOS},
		{"RT_FLOW_SESSION_DENY: session denied", FORMAT_JUNIPER},
		{"RT_IDS: RT_SCREEN_TCP: SYN flood!", FORMAT_JUNIPER},
		{"RT_IDP: IDP_ATTACK_LOG_EVENT", FORMAT_JUNIPER},
		{"RT_UTM: WEBFILTER_URL_BLOCKED", FORMAT_JUNIPER},
		{"x [junos@2636.1.1.1.2.26 source-address=\"198.51.100.7\"]", FORMAT_JUNIPER},
		{"ns5gt: NetScreen device_id=ns5gt system-notification-00257", FORMAT_NETSCREEN},
		{"CheckPoint 1234 - [action:\"Drop\"]", FORMAT_CHECK_POINT},
		{"product=Check Point VPN-1 & FireWall-1", FORMAT_CHECK_POINT},
		{"loguid={0x0,0x0,0x0,0x0}", FORMAT_CHECK_POINT},
		{"devname=\"gate\" srcip=198.51.100.7", FORMAT_FORTIGATE},
		{"devid=FGT50 srcip=198.51.100.7", FORMAT_FORTIGATE},
		{"type=\"traffic\" subtype=\"local\"", FORMAT_FORTIGATE},
		{"type=traffic subtype=local", FORMAT_FORTIGATE},
		{"eventtime=1795694400 srcip=198.51.100.7", FORMAT_FORTIGATE},
		{"log_component=\"Firewall Rule\"", FORMAT_SOPHOS},
		{"id=firewall startime=\"2026-11-26 12:00:00\"", FORMAT_STORMSHIELD},
		{"slotlevel=2 ruleid=1", FORMAT_STORMSHIELD},
		{"id=firewall fw=192.0.2.1 pri=5", FORMAT_SONICWALL},
		{"BLOCK 198.51.100.7 > 192.0.2.1 SPORT:40001", FORMAT_NEC},
		{"Refused NAT 198.51.100.7", FORMAT_NEC},
		{"input: in:ether1, connection-state:new", FORMAT_MIKROTIK},
		{"forward: in:ether1, src-mac 00:00:5e:00:53:01", FORMAT_MIKROTIK},
		{"input: in:ether1 out:(unknown 0), proto TCP", FORMAT_MIKROTIK},
		{"firewall,info input", FORMAT_MIKROTIK},
		{"PP[01] Rejected at IN(1000) filter: TCP", FORMAT_YAMAHA},
		{"PP[01] Passed at OUT(1000) filter: TCP", FORMAT_YAMAHA},
		{"[INSPECT] PP[01][in] TCP", FORMAT_YAMAHA},
		{"rule 1/0(match): block in on em0:", FORMAT_PF},
		{"x block in on em0: 198.51.100.7.40001 >", FORMAT_PF},
		{"x pass in on em0: ", FORMAT_PF},
		{"x block out on em0: ", FORMAT_PF},
		{"x pass out on em0: ", FORMAT_PF},
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(maker_of(known[i].line), alert_format_name(known[i].format)) != 0)
			fail_msg("%s: taken for %s", known[i].line, maker_of(known[i].line));
}

static void an_envelope_counts_before_what_is_in_it(void **state)
{
	(void)state;
	assert_string_equal(maker_of("CEF:0|Fortinet|Fortigate|7|1|x|3|devid=FGT src=198.51.100.7"),
			    alert_format_name(FORMAT_CEF));
	assert_string_equal(maker_of("devid=FGT CEF:0|Fortinet|Fortigate|7|1|x|3|"),
			    alert_format_name(FORMAT_CEF));
	assert_string_equal(maker_of("LEEF:1.0|x|y|1|z|msg=CEF:"), alert_format_name(FORMAT_LEEF));
}

static void a_line_without_a_mark_is_what_the_caller_says(void **state)
{
	(void)state;
	static const char *const lines[] = {"",
					    " ",
					    "CEF",
					    "%AS",
					    "fw=192.0.2.1",
					    "RT_FLO",
					    "drop 198.51.100.7 -> 192.0.2.1",
					    "cef:0|x"};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		assert_string_equal(maker_of(lines[i]), alert_format_name(FORMAT_SENTENCE));
	const char *text = "nothing";
	assert_int_equal(signature_of(text, text + 7, FORMAT_JSON), FORMAT_JSON);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mark_names_its_maker),
		cmocka_unit_test(an_envelope_counts_before_what_is_in_it),
		cmocka_unit_test(a_line_without_a_mark_is_what_the_caller_says),
	};
	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
