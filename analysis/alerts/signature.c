/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signature.h"

#include "field.h"

/* The first that the line contains decides: an envelope (CEF, LEEF) before what is in it. */
static const struct {
	const char *letters;
	enum alert_format format;
} signatures[] = {
	{"|Ubiquiti|", FORMAT_UNIFI},
	{"LEEF:", FORMAT_LEEF},
	{"CEF:", FORMAT_CEF},
	{"%ASA-", FORMAT_CISCO_ASA},
	{"ASA-", FORMAT_CISCO_ASA},
	{"%PIX-", FORMAT_CISCO_ASA},
	{"%FWSM-", FORMAT_CISCO_ASA},
	{"%FTD-", FORMAT_CISCO_FTD},
	{"%NGIPS-", FORMAT_CISCO_FTD},
	{"ACCESSLOG", FORMAT_CISCO_IOS},
	{"%IPS-", FORMAT_CISCO_IOS},
	{"%FW-", FORMAT_CISCO_IOS},
	{"RT_FLOW", FORMAT_JUNIPER},
	{"RT_IDS", FORMAT_JUNIPER},
	{"RT_IDP", FORMAT_JUNIPER},
	{"RT_UTM", FORMAT_JUNIPER},
	{"[junos@", FORMAT_JUNIPER},
	{"NetScreen", FORMAT_NETSCREEN},
	{"CheckPoint", FORMAT_CHECK_POINT},
	{"Check Point", FORMAT_CHECK_POINT},
	{"loguid", FORMAT_CHECK_POINT},
	{"devid=", FORMAT_FORTIGATE},
	{"devname=", FORMAT_FORTIGATE},
	{"type=\"traffic\"", FORMAT_FORTIGATE},
	{"type=traffic", FORMAT_FORTIGATE},
	{"eventtime=", FORMAT_FORTIGATE},
	{"log_component=", FORMAT_SOPHOS},
	{"slotlevel=", FORMAT_STORMSHIELD},
	{"startime=", FORMAT_STORMSHIELD},
	{" fw=", FORMAT_SONICWALL},
	{"SPORT:", FORMAT_NEC},
	{"Refused NAT", FORMAT_NEC},
	{"connection-state:", FORMAT_MIKROTIK},
	{", src-mac ", FORMAT_MIKROTIK},
	{" out:(unknown", FORMAT_MIKROTIK},
	{"firewall,info", FORMAT_MIKROTIK},
	{"Rejected at ", FORMAT_YAMAHA},
	{"Passed at ", FORMAT_YAMAHA},
	{"[INSPECT]", FORMAT_YAMAHA},
	{"(match)", FORMAT_PF},
	{" block in on ", FORMAT_PF},
	{" pass in on ", FORMAT_PF},
	{" block out on ", FORMAT_PF},
	{" pass out on ", FORMAT_PF},
};

enum alert_format signature_of(const char *begin, const char *end, enum alert_format otherwise)
{
	for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
		if (find_letters(begin, end, signatures[i].letters))
			return signatures[i].format;
	return otherwise;
}
