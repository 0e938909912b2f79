/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a log, read as lines of OPNsense and pfSense. */
#include "alert_harness.h"

const char *const fuzz_seeds[] = {
	("Nov 26 12:00:00 gate filterlog[123]: "
	 "4,,,1000000103,em0,match,block,in,4,0x0,,113,1,0,DF,6,tcp,52,198.51.100.7,192.0.2.1,"
	 "40001,4662,0,S,12345,,8192,,mss;nop;wscale;nop;nop;sackOK"),
	("<134>1 2026-11-26T12:00:00+00:00 gate filterlog 123 - [meta sequenceId=\"1\"] "
	 "7,,,00000000000000000000000000000001,igb0,match,pass,out,4,0x0,,64,1,0,none,17,udp,61,"
	 "192.0.2.1,198.51.100.7,4672,40001,41"),
	("4,,,1000000105,em0,match,block,in,6,0x00,0x00000,60,TCP,6,32,2001:db8::7,2001:db8:1::1,"
	 "40001,4662,0,S,12345,,8192,,mss"),
};

FUZZ_READER(filterlog_read);
