/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * log_time: the times of firewall logs, as UTC microseconds since 1970. Forms:
 *
 *   Nov 26 10:25:00             RFC 3164, no year; with a fraction, "*" before it, a zone behind
 *   Nov 26 2026 10:25:00        Cisco
 *   Thu Nov 26 10:25:00 2026    ctime, dmesg -T
 *   26 Nov 2026 10:25:00        also 26/Nov/2026:10:25:00 +0900
 *   2026-11-26T10:25:00.5Z      ISO 8601, RFC 5424; a blank for the T, "/" for "-", any offset
 *   11/26/2026 10:25:00         United States; day first where the month would be above 12
 *   1795688700.5                seconds since 1970; 13, 16 or 19 digits are finer units
 *
 * A time without an offset is the clock's (log_clock.offset_seconds). A day that does not exist
 * and an hour above 23 give ALERT_TIME_UNKNOWN. */
#ifndef STALENODE_LOG_TIME_H
#define STALENODE_LOG_TIME_H

#include "log_clock.h"

#include <stdint.h>

/* The time at `at`: the first character behind it, NULL when it is not one of these forms. */
const char *log_time_scan(struct log_clock *clock, const char *at, const char *end,
			  int64_t *time_us);
/* The time of a line: at its beginning, behind "<134>", "<134>1 ", a quote or a bracket; else the
 * first within its first part. One with a year behind one without wins: a relay wrote the first.
 * The first character behind it, or `at` with ALERT_TIME_UNKNOWN. */
const char *log_time_of_line(struct log_clock *clock, const char *at, const char *end,
			     int64_t *time_us);
/* "+09:00", "-0300", "+2", "Z", "UTC", "JST", ...: the first character behind it, or NULL. */
const char *log_time_scan_offset(const char *at, const char *end, int32_t *seconds);

#endif
