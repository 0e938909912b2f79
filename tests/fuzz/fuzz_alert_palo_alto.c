/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a log, read as logs of PAN-OS. */
#include "alert_harness.h"

const char *const fuzz_seeds[] = {
	("Nov 26 12:00:00 gate 1,2026/11/26 12:00:00,000000000001,TRAFFIC,drop,2049,2026/11/26 "
	 "12:00:00,198.51.100.7,192.0.2.1,0.0.0.0,0.0.0.0,rest,,,not-applicable,vsys1,untrust,"
	 "trust,ethernet1/1,,log,2026/11/26 12:00:00,0,1,40001,4662,0,0,0x0,tcp,deny,52,52,0,1"),
	("1,2026/11/26 12:00:00,000000000001,THREAT,scan,2049,2026/11/26 "
	 "12:00:00,198.51.100.7,192.0.2.1,,,\"rule, with "
	 "comma\",,,not-applicable,vsys1,untrust,trust,ethernet1/1,,log,2026/11/26 "
	 "12:00:00,0,4,40001,4662,0,0,0x0,tcp,reset-both,,Scan(8001)"),
};

FUZZ_READER(palo_alto_read);
