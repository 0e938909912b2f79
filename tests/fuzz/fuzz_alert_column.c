/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a table with a header. */
#include "alert_harness.h"

const char *const fuzz_seeds[] = {
	("time,proto,src,sport,dst,dport\n2026-11-26T12:00:00Z,tcp,198.51.100.7,40001,192.0.2.1,"
	 "4662\n2026-11-26 12:00:01,17,2001:db8::7,40001,2001:db8:1::1,4672"),
	("#Version: 1.5\n#Fields: date time action protocol src-ip dst-ip src-port dst-port size "
	 "tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path\n2026-11-26 12:00:00 DROP TCP "
	 "198.51.100.7 192.0.2.1 40001 4662 52 S 12345 0 8192 - - - RECEIVE"),
	("\"src_ip\";\"dst_ip\";\"dst_port\";\"epoch\";\"tz\"\n\"198.51.100.7\";\"192.0.2.1\";"
	 "\"4662\";1795694400;\"+0900\""),
	("srcaddr\tdstaddr\tdstport\tprotocol\tpackets\n198.51.100.7\t192.0.2.1\t4662\t6\t3"),
};

FUZZ_READER(column_read);
