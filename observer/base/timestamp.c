/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timestamp.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* 9999-12-31T23:59:59Z: later years have five digits, and could not be read back. */
#define SECONDS_MAX INT64_C(253402300799)

/* Days since 1970-01-01 of a date of the Gregorian calendar. Own arithmetic because timegm()
 * is no standard function and accepts 31 February. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = year / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static int days_in_month(int64_t year, int64_t month)
{
	static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

bool timestamp_days(int64_t year, int64_t month, int64_t day, int64_t *days)
{
	if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	*days = days_from_civil(year, month, day);
	return true;
}

/* Reads exactly `digits` decimal digits at *text and steps over them. */
static bool read_digits(const char **text, int digits, int64_t *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++, (*text)++) {
		if (!isdigit((unsigned char)**text))
			return false;
		*value = *value * 10 + (**text - '0');
	}
	return true;
}

static bool parse_unix_seconds(const char *text, int64_t *seconds)
{
	size_t length = strlen(text);
	if (length == 0 || length > 12 || strspn(text, "0123456789") != length)
		return false;
	int64_t value = 0;
	for (const char *digit = text; *digit; digit++)
		value = value * 10 + (*digit - '0');
	if (value > SECONDS_MAX)
		return false;
	*seconds = value;
	return true;
}

/* "", "Z", "+hh", "+hhmm", "+hh:mm" and the same with a minus sign. */
static bool parse_offset(const char *text, int64_t *offset)
{
	*offset = 0;
	if (*text == '\0' || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
		return true;
	if (*text != '+' && *text != '-')
		return false;
	int64_t sign = *text++ == '-' ? -1 : 1;
	int64_t hours, minutes = 0;
	if (!read_digits(&text, 2, &hours))
		return false;
	bool colon = *text == ':';
	text += colon;
	if ((colon || *text) && !read_digits(&text, 2, &minutes))
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return *text == '\0' && hours <= 14 && minutes < 60;
}

bool timestamp_parse(const char *text, int64_t *seconds)
{
	if (parse_unix_seconds(text, seconds))
		return true;
	int64_t year, month, day, days, hour = 0, minute = 0, second = 0, offset;
	if (!read_digits(&text, 4, &year) || *text++ != '-' || !read_digits(&text, 2, &month) ||
	    *text++ != '-' || !read_digits(&text, 2, &day))
		return false;
	if (!timestamp_days(year, month, day, &days))
		return false;
	if (*text == 'T' || *text == 't' || *text == ' ') {
		text++;
		if (!read_digits(&text, 2, &hour) || *text++ != ':' ||
		    !read_digits(&text, 2, &minute))
			return false;
		if (*text == ':') {
			text++;
			if (!read_digits(&text, 2, &second))
				return false;
			if (*text == '.' || *text == ',') {
				text++;
				if (!isdigit((unsigned char)*text))
					return false;
				while (isdigit((unsigned char)*text))
					text++;
			}
		}
	}
	/* A leap second (60) is the first second of the next minute, as POSIX time has it. */
	if (hour > 23 || minute > 59 || second > 60 || !parse_offset(text, &offset))
		return false;
	int64_t value = days * 86400 + hour * 3600 + minute * 60 + second - offset;
	if (value < 0 || value > SECONDS_MAX)
		return false;
	*seconds = value;
	return true;
}

char *timestamp_format(int64_t seconds, char text[TIMESTAMP_TEXT_SIZE])
{
	time_t time = (time_t)seconds;
	struct tm parts;
	if (!gmtime_r(&time, &parts) ||
	    strftime(text, TIMESTAMP_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		snprintf(text, TIMESTAMP_TEXT_SIZE, "%lld", (long long)seconds);
	return text;
}

char *timestamp_format_date(int64_t seconds, char text[TIMESTAMP_TEXT_SIZE])
{
	timestamp_format(seconds, text);
	text[strcspn(text, "T")] = '\0';
	return text;
}

int64_t timestamp_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}
