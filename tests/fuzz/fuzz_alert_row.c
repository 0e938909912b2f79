/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a log, read as rows without names. */
#include "alert_harness.h"

const char *const fuzz_seeds[] = {
	("2026-11-26 12:00:00 DROP TCP 198.51.100.7 192.0.2.1 40001 4662 52 S 12345 0 8192 - - - "
	 "RECEIVE"),
	("2026-11-26 12:00:00 DROP UDP 198.51.100.7 192.0.2.1 40001 4672 61 - - - - - - - RECEIVE "
	 "4"),
	("2026-11-26 12:00:00 Security gate Block: "
	 "FWD|TCP|eth0|198.51.100.7|40001|00:00:5e:00:53:02|192.0.2.1|4662|||rest|0|||0|0|0|0|0|0||"
	 "||||"),
	("2 123456789012 eni-0 198.51.100.7 192.0.2.1 40001 4662 6 1 52 1795694400 1795694460 "
	 "REJECT OK"),
	("INFO TCP 198.51.100.7 40001 192.0.2.1 80 ALLOW rest"),
	("FW: ge-0/0/0.0   D icmp 192.0.2.1 198.51.100.7     8     0 (1 packets)"),
};

FUZZ_READER(row_read);
