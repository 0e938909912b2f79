/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a log, read as lines of named values. */
#include "alert_harness.h"

const char *const fuzz_seeds[] = {
	("<113>Nov 26 2026 12:00:00 gate %FTD-1-430002: EventPriority: Low, "
	 "AccessControlRuleAction: Block, SrcIP: 198.51.100.7, DstIP: 192.0.2.1, SrcPort: 40001, "
	 "DstPort: 4662, Protocol: tcp, IngressInterface: outside"),
	("date=2026-11-26 time=12:00:00 devname=\"gate\" devid=\"FGT0\" logid=\"0000000013\" "
	 "type=\"traffic\" subtype=\"forward\" level=\"notice\" tz=\"+0000\" srcip=198.51.100.7 "
	 "srcport=40001 srcintf=\"wan1\" dstip=192.0.2.1 dstport=4662 dstintf=\"internal\" proto=6 "
	 "action=\"deny\" policyid=0 service=\"tcp/4662\""),
	("<189>date=2026-11-26 time=21:00:00 devname=gate devid=FGT0 tz=\"+0900\" type=traffic "
	 "srcip=2001:db8::7 srcport=40001 dstip=2001:db8:1::1 dstport=4662 proto=6 action=deny"),
	("Nov 26 12:00:00 gate ns5gt: NetScreen device_id=ns5gt  "
	 "[Root]system-notification-00257(traffic): start_time=\"2026-11-26 12:00:00\" duration=0 "
	 "policy_id=320001 service=tcp/port:4662 proto=6 src zone=Untrust dst zone=self "
	 "action=Deny sent=0 rcvd=52 src=198.51.100.7 dst=192.0.2.1 src_port=40001 dst_port=4662"),
	("Nov 26 12:00:00 gate ssg5: NetScreen device_id=ssg5  [Root]system-emergency-00005: SYN "
	 "flood! From 198.51.100.7:40001 to 192.0.2.1:4662, proto TCP (zone Untrust int  "
	 "ethernet0/0). Occurred 5 times. (2026-11-26 12:00:00)"),
	("<134>id=firewall sn=000000000000 time=\"2026-11-26 12:00:00 UTC\" fw=192.0.2.254 pri=5 "
	 "c=64 m=36 msg=\"TCP connection dropped\" n=2686 src=198.51.100.7:40001:X1 "
	 "dst=192.0.2.1:4662:X0 proto=tcp/4662"),
	("<134>1 2026-11-26T12:00:00Z gate CheckPoint 123 - [action:\"Drop\"; flags:\"400644\"; "
	 "ifdir:\"inbound\"; ifname:\"eth0\"; loguid:\"{0x0,0x0,0x0,0x0}\"; "
	 "origin:\"192.0.2.254\"; time:\"1795694400\"; version:\"5\"; dst:\"192.0.2.1\"; "
	 "product:\"VPN-1 & FireWall-1\"; proto:\"6\"; s_port:\"40001\"; service:\"4662\"; "
	 "src:\"198.51.100.7\"]"),
	("time=1795694400|hostname=gate|product=Firewall|action=Drop|ifdir=inbound|ifname=eth0|"
	 "loguid={0x0,0x0}|origin=192.0.2.254|dst=192.0.2.1|proto=6|s_port=40001|service=4662|src="
	 "198.51.100.7"),
	("Nov 26 12:00:00 gate CEF:0|Ubiquiti|UniFi Network|10.0.1|201|Threat Detected and "
	 "Blocked|7|proto=TCP src=198.51.100.7 spt=40001 dst=192.0.2.1 dpt=4662 act=blocked "
	 "UNIFIdirection=incoming UNIFIutcTime=2026-11-26T12:00:00.000Z"),
	("Nov 26 12:00:00 gate CEF:0|Maker|Firewall|1.0|100|Connection dropped|5|rt=1795694400000 "
	 "src=198.51.100.7 spt=40001 dst=192.0.2.1 dpt=4662 proto=TCP act=drop cnt=3"),
	("LEEF:1.0|Maker|Firewall|1.0|100|devTime=Nov 26 2026 12:00:00 "
	 "+0000\tdisp=Deny\tsrc=198.51.100.7\tsrcPort=40001\tdst=192.0.2.1\tdstPort=4662\tip_len="
	 "52\tip_TTL=113\tproto=tcp\ttcp_flag=S"),
	("2026/11/26 12:00:00 Refused NATe P:6(TCP) SRC:198.51.100.7 DST:192.0.2.1 "
	 "SPORT:40001(unknown) DPORT:4662(unknown)"),
	("device=\"SFW\" date=2026-11-26 time=12:00:00 timezone=\"UTC\" log_type=\"Firewall\" "
	 "log_component=\"Firewall Rule\" log_subtype=\"Denied\" status=\"Deny\" "
	 "src_ip=198.51.100.7 dst_ip=192.0.2.1 protocol=\"TCP\" src_port=40001 dst_port=4662"),
	("time=\"2026-11-26 12:00:00\" fw=\"SN0\" tz=+0000 startime=\"2026-11-26 12:00:00\" pri=5 "
	 "slotlevel=2 ipproto=tcp proto=unknown src=198.51.100.7 srcport=40001 dst=192.0.2.1 "
	 "dstport=4662 action=block logtype=\"filter\""),
	("{\"timestamp\":\"2026-11-26T12:00:00.000000+0000\",\"event_type\":\"drop\",\"src_ip\":"
	 "\"198.51.100.7\",\"src_port\":40001,\"dest_ip\":\"192.0.2.1\",\"dest_port\":4662,"
	 "\"proto\":\"TCP\",\"action\":\"blocked\"}"),
	("1795694400.000000000 gate flows deny src=198.51.100.7 dst=192.0.2.1 "
	 "mac=00:00:5E:00:53:02 protocol=tcp sport=40001 dport=4662"),
	("{\"MESSAGE\":\"src=\\\"192.0.2.1\\\" dst=\\\"198.51.100.7\\\" dpt=\\\"22\\\"\"}"),
	("LEEF:1.0|a|b|1|2|src=192.0.2.1#011dst=198.51.100.7#011dstPort=22#011proto=udp"),
};

FUZZ_READER(key_value_read);
