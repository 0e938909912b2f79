/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * log_clock: which second the times of a log are that have no year, or no offset. */
#ifndef STALENODE_LOG_CLOCK_H
#define STALENODE_LOG_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* A time as written; year 0 is unknown. */
struct log_moment {
	uint32_t year, month, day;
	uint32_t hour, minute, second, microsecond;
	bool has_offset;
	int32_t offset;
};

/* What times without a year need: they are read in the order of the log. */
struct log_clock {
	int32_t offset_seconds; /* east of Greenwich */
	int year;		/* of the first of them, when it is given; else 0 */
	int64_t latest;		/* seconds; where no year is given, none is later */
	int64_t last;		/* seconds, the last one of them; TIME_UNKNOWN before any */
};

/* year 0: the year is the last one in which the first of these times is not later than `written`,
 * UTC seconds, with a day of grace for clocks and zones. Further times go on from there: a step of
 * more than half a year back is a New Year; a step forward that is a few days back from the year
 * before is a line out of order. */
void log_clock_begin(struct log_clock *clock, int year, int64_t written, int32_t offset_seconds);

/* UTC microseconds since 1970; ALERT_TIME_UNKNOWN where there is no such day or second. */
int64_t log_clock_read(struct log_clock *clock, const struct log_moment *moment);

#endif
