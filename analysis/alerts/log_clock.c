/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log_clock.h"

#include "alert.h"

#include "../../observer/base/timestamp.h"

#include <time.h>

#define DAY INT64_C(86400)
/* How far lines may be out of order around a New Year. */
#define DISORDER    (7 * DAY)
#define HALF_A_YEAR (183 * DAY)

void log_clock_begin(struct log_clock *clock, int year, int64_t written, int32_t offset_seconds)
{
	*clock = (struct log_clock){
		.offset_seconds = offset_seconds,
		.year = year,
		.latest = written + DAY,
		.last = TIME_UNKNOWN,
	};
}

static int64_t year_of(int64_t seconds)
{
	struct tm parts;
	time_t value = (time_t)seconds;
	return gmtime_r(&value, &parts) ? parts.tm_year + 1900 : 1970;
}

static bool seconds_in(const struct log_moment *moment, int64_t year, int32_t offset,
		       int64_t *seconds)
{
	int64_t days;
	if (!timestamp_days(year, moment->month, moment->day, &days))
		return false;
	*seconds = days * DAY + moment->hour * 3600 + moment->minute * 60 + moment->second - offset;
	return true;
}

/* 29 February may be eight years away (1900 and 2100 were and are none). */
static bool not_later(const struct log_moment *moment, int32_t offset, int64_t latest,
		      int64_t *seconds)
{
	int64_t year = year_of(latest + DAY);
	for (int64_t back = 0; back <= 8; back++)
		if (seconds_in(moment, year - back, offset, seconds) && *seconds <= latest)
			return true;
	return false;
}

static bool resolve(struct log_clock *clock, const struct log_moment *moment, int32_t offset,
		    int64_t *seconds)
{
	if (clock->last == TIME_UNKNOWN) {
		if (clock->year ? !seconds_in(moment, clock->year, offset, seconds)
				: !not_later(moment, offset, clock->latest, seconds))
			return false;
		clock->last = *seconds;
		return true;
	}
	int64_t year = year_of(clock->last + offset), other;
	bool exists = seconds_in(moment, year, offset, seconds);
	if (!exists || *seconds > clock->last + HALF_A_YEAR) {
		if (seconds_in(moment, year - 1, offset, &other) &&
		    other >= clock->last - DISORDER && other <= clock->last) {
			*seconds = other;
			exists = true;
		}
	}
	if (!exists || *seconds < clock->last - HALF_A_YEAR) {
		if (seconds_in(moment, year + 1, offset, &other) &&
		    (clock->year || other <= clock->latest)) {
			*seconds = other;
			exists = true;
		}
	}
	if (exists)
		clock->last = *seconds;
	return exists;
}

int64_t log_clock_read(struct log_clock *clock, const struct log_moment *moment)
{
	int32_t offset = moment->has_offset ? moment->offset : clock->offset_seconds;
	int64_t seconds;
	/* A leap second is written as 60. */
	if (moment->hour > 23 || moment->minute > 59 || moment->second > 60)
		return ALERT_TIME_UNKNOWN;
	if (moment->year ? !seconds_in(moment, moment->year, offset, &seconds)
			 : !resolve(clock, moment, offset, &seconds))
		return ALERT_TIME_UNKNOWN;
	return seconds * 1000000 + moment->microsecond;
}
