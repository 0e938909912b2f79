/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a log, read as lines that tell of two endpoints in words. */
#include "alert_harness.h"

const char *const fuzz_seeds[] = {
	("Nov 26 12:00:00.000000 rule 4/0(match): block in on em0: 198.51.100.7.40001 > "
	 "192.0.2.1.4662: Flags [S], seq 12345, win 8192, options [mss 1460], length 0"),
	("Nov 26 12:00:00.000000 rule 4/(match) [uid 0, pid 1] block in on em0: 2001:db8::7.40001 "
	 "> 2001:db8:1::1.4662: S 12345:12345(0) win 8192 <mss 1440>"),
	("Nov 26 2026 12:00:00 gate : %ASA-4-106023: Deny tcp src outside:198.51.100.7/40001 dst "
	 "inside:192.0.2.1/4662 by access-group \"outside_in\" [0x0, 0x0]"),
	("<166>Nov 26 2026 12:00:00: %ASA-2-106001: Inbound TCP connection denied from "
	 "198.51.100.7/40001 to 192.0.2.1/4662 flags SYN  on interface outside"),
	("Nov 26 12:00:00 gate %ASA-6-106100: access-list outside denied tcp "
	 "outside/198.51.100.7(40001) -> inside/192.0.2.1(4662) hit-cnt 3 300-second interval "
	 "[0x0, 0x0]"),
	("Nov 26 12:00:00 gate %ASA-6-302013: Built outbound TCP connection 9 for "
	 "outside:198.51.100.7/4662 (198.51.100.7/4662) to inside:192.0.2.1/40001 "
	 "(203.0.113.1/40001)"),
	("Nov 26 12:00:00 gate 123: *Nov 26 12:00:00.000: %SEC-6-IPACCESSLOGP: list 102 denied tcp "
	 "198.51.100.7(40001) -> 192.0.2.1(4662), 2 packets"),
	("<189>55: gate: Nov 26 12:00:00.000: %IPV6_ACL-6-ACCESSLOGP: list in/20 denied tcp "
	 "2001:DB8::7(40001) -> 2001:DB8:1::1(4662), 1 packet"),
	("2026-11-26T12:00:00+00:00 gate firewall,info drop-in input: in:ether1 out:(unknown 0), "
	 "connection-state:new src-mac 00:00:5e:00:53:02, proto TCP (SYN), "
	 "198.51.100.7:40001->192.0.2.1:4662, len 52"),
	("2026-11-26T12:00:00+00:00 gate firewall,info drop forward: in:ether1 out:bridge, "
	 "connection-state:new proto UDP, [2001:db8::7]:40001->[2001:db8:1::1]:4672, len 61"),
	("2026/11/26 12:00:00: PP[01] Rejected at IN(2000) filter: TCP 198.51.100.7:40001 > "
	 "192.0.2.1:4662"),
	("[INSPECT] LAN2[out][31] TCP 2001:db8:1::1.40001 > 2001:db8::7.443 (2026/11/26 12:00:00)"),
	("2026-11-26 12:00:00 FIREWALL TCP connection denied from 198.51.100.7:40001 to "
	 "192.0.2.1:4662"),
	("Nov 26 12:00:00 gate scanlogd: 192.0.2.1 to 198.51.100.7 ports 80, 81, 83, ..., "
	 "f????uxy, TOS 00, TTL 49 @20:44:43"),
};

FUZZ_READER(sentence_read);
