/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log_time.h"

#include "alert.h"
#include "field.h"

/* The time stands somewhere in so many characters; not an address or a rule far behind. */
#define LINE_TIME_WITHIN 160

static char at_or_zero(const char *at, const char *end)
{
	return at < end ? *at : '\0';
}

static bool is_word(char character)
{
	return is_letter(character) || is_digit(character);
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	return at;
}

/* ".5", ",123456789": in microseconds, finer digits are cut off. */
static const char *scan_fraction(const char *at, const char *end, uint32_t *microsecond)
{
	if (end - at < 2 || (*at != '.' && *at != ',') || !is_digit(at[1]))
		return at;
	uint32_t unit = 100000;
	for (at++; at < end && is_digit(*at); at++, unit /= 10)
		*microsecond += (uint32_t)(*at - '0') * unit;
	return at;
}

static const char *scan_clock(const char *at, const char *end, struct log_moment *moment)
{
	const char *colon = scan_number(at, end, 99, &moment->hour);
	if (!colon || at_or_zero(colon, end) != ':')
		return NULL;
	at = scan_number(colon + 1, end, 99, &moment->minute);
	if (!at || at - colon != 3)
		return NULL;
	if (at_or_zero(at, end) == ':') {
		colon = at;
		at = scan_number(colon + 1, end, 99, &moment->second);
		if (!at || at - colon != 3)
			return NULL;
		at = scan_fraction(at, end, &moment->microsecond);
	}
	const char *half = skip_blanks(at, end);
	bool afternoon = begins_with(half, end, "PM");
	if ((afternoon || begins_with(half, end, "AM")) && !is_word(at_or_zero(half + 2, end))) {
		if (moment->hour > 12 || moment->hour == 0)
			moment->hour = 24; /* 13 AM is no hour */
		else
			moment->hour = moment->hour % 12 + (afternoon ? 12 : 0);
		at = half + 2;
	}
	return at;
}

static const char *scan_signed_offset(const char *at, const char *end, int32_t *seconds)
{
	int32_t sign = *at == '-' ? -1 : 1;
	uint32_t value, minutes = 0;
	const char *digits = at + 1, *behind = scan_number(digits, end, 9999, &value);
	if (!behind)
		return NULL;
	if (behind - digits > 2) {
		minutes = value % 100;
		value /= 100;
	} else if (at_or_zero(behind, end) == ':') {
		const char *colon = behind;
		behind = scan_number(colon + 1, end, 59, &minutes);
		if (!behind)
			return NULL;
	}
	if (value > 14 || minutes > 59)
		return NULL;
	*seconds = sign * (int32_t)(value * 3600 + minutes * 60);
	return behind;
}

const char *log_time_scan_offset(const char *at, const char *end, int32_t *seconds)
{
	/* Only names that mean one zone wherever they are written (not CST, IST, BST). */
	static const struct {
		const char *name;
		int32_t hours;
	} zones[] = {{"UTC", 0}, {"GMT", 0},  {"Z", 0},	   {"JST", 9},	{"CET", 1},  {"CEST", 2},
		     {"EET", 2}, {"EEST", 3}, {"EST", -5}, {"EDT", -4}, {"PST", -8}, {"PDT", -7}};
	if (at == end)
		return NULL;
	if (*at == '+' || *at == '-')
		return scan_signed_offset(at, end, seconds);
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
		const char *behind = at + strlen(zones[i].name);
		if (begins_with(at, end, zones[i].name) && !is_word(at_or_zero(behind, end))) {
			*seconds = zones[i].hours * 3600;
			return behind;
		}
	}
	return NULL;
}

/* An offset directly behind the clock, or a zone or four digits behind a blank. */
static const char *scan_zone(const char *at, const char *end, struct log_moment *moment)
{
	char first = at_or_zero(at, end), second = end - at > 1 ? at[1] : '\0';
	const char *zone = first == ' ' ? at + 1 : at;
	bool far_sign = first == ' ' && (second == '+' || second == '-');
	if (far_sign && (end - at < 5 || !is_digit(at[2]) || !is_digit(at[3])))
		return at;
	if (first == ' ' && !far_sign && !(second >= 'A' && second <= 'Z'))
		return at;
	const char *behind = log_time_scan_offset(zone, end, &moment->offset);
	moment->has_offset = behind != NULL;
	return behind ? behind : at;
}

/* One of `count` names of three letters: its number from 1, 0 for none. */
static uint32_t name_number(const char *at, const char *end, const char *names, uint32_t count)
{
	if (end - at < 4)
		return 0;
	char first = lower_case(at[0]), second = lower_case(at[1]), third = lower_case(at[2]);
	for (uint32_t i = 0; i < count; i++, names += 3)
		if (first == names[0] && second == names[1] && third == names[2])
			return i + 1;
	return 0;
}

static uint32_t month_number(const char *at, const char *end)
{
	return name_number(at, end, "janfebmaraprmayjunjulaugsepoctnovdec", 12);
}

static const char *scan_year(const char *at, const char *end, uint32_t *year)
{
	uint32_t value;
	const char *behind = scan_number(at, end, 9999, &value);
	if (!behind || behind - at != 4 || value < 1970)
		return NULL;
	*year = value;
	return behind;
}

/* "Nov 26", "Nov 26 2026", and the clock. */
static const char *scan_month_first(const char *at, const char *end, struct log_moment *moment)
{
	moment->month = month_number(at, end);
	if (!moment->month || at[3] != ' ')
		return NULL;
	at = scan_number(skip_blanks(at + 3, end), end, 99, &moment->day);
	if (!at || (at_or_zero(at, end) != ' ' && at_or_zero(at, end) != ','))
		return NULL;
	at = skip_blanks(at + 1, end);
	const char *behind = scan_year(at, end, &moment->year);
	if (behind && at_or_zero(behind, end) == ' ')
		at = skip_blanks(behind, end);
	else
		moment->year = 0;
	return scan_clock(at, end, moment);
}

/* What stands between a date and its clock. */
static const char *skip_to_clock(const char *at, const char *end)
{
	char character = at_or_zero(at, end);
	if (character == ',')
		at++;
	else if (character == 'T' || character == ':' || character == '-')
		return at + 1;
	else if (character != ' ')
		return NULL;
	return skip_blanks(at, end);
}

/* "26 Nov 2026", "26/Nov/2026", "26-Nov-2026", "11/26/2026", "26/11/2026", and the clock. */
static const char *scan_day_first(const char *at, const char *end, struct log_moment *moment)
{
	const char *behind = scan_number(at, end, 99, &moment->day);
	char separator = behind ? at_or_zero(behind, end) : '\0';
	if (separator != ' ' && separator != '/' && separator != '-')
		return NULL;
	at = behind + 1;
	moment->month = month_number(at, end);
	if (moment->month) {
		at += 3;
	} else {
		uint32_t first = moment->day;
		if (separator != '/' || !(at = scan_number(at, end, 99, &moment->day)))
			return NULL;
		moment->month = first;
		if (first > 12) {
			moment->month = moment->day;
			moment->day = first;
		}
	}
	if (at_or_zero(at, end) != separator || !(at = scan_year(at + 1, end, &moment->year)))
		return NULL;
	at = skip_to_clock(at, end);
	return at ? scan_clock(at, end, moment) : NULL;
}

static const char *scan_year_first(const char *at, const char *end, struct log_moment *moment)
{
	at = scan_year(at, end, &moment->year);
	char separator = at ? at_or_zero(at, end) : '\0';
	if (separator != '-' && separator != '/' && separator != '.')
		return NULL;
	at = scan_number(at + 1, end, 99, &moment->month);
	if (!at || at_or_zero(at, end) != separator)
		return NULL;
	at = scan_number(at + 1, end, 99, &moment->day);
	at = at ? skip_to_clock(at, end) : NULL;
	return at ? scan_clock(at, end, moment) : NULL;
}

/* Seconds since 1970 from 2001 on, so that no serial number or uptime is taken for them. */
static const char *scan_epoch(const char *at, const char *end, int64_t *time_us)
{
	uint64_t value = 0;
	const char *begin = at;
	for (; at < end && is_digit(*at) && at - begin < 19; at++)
		value = value * 10 + (uint64_t)(*at - '0');
	if (at < end && (is_digit(*at) || is_letter(*at)))
		return NULL;
	uint32_t fraction = 0;
	switch (at - begin) {
	case 10:
		at = scan_fraction(at, end, &fraction);
		*time_us = (int64_t)value * 1000000 + fraction;
		break;
	case 13:
		*time_us = (int64_t)value * 1000;
		break;
	case 16:
		*time_us = (int64_t)value;
		break;
	case 19:
		*time_us = (int64_t)(value / 1000);
		break;
	default:
		return NULL;
	}
	return value && *begin != '0' ? at : NULL;
}

static const char *scan_calendar(struct log_clock *clock, const char *at, const char *end,
				 int64_t *time_us, bool *has_year)
{
	struct log_moment moment = {0};
	bool weekday = false;
	if (at == end)
		return NULL;
	if (is_letter(*at) && name_number(at, end, "montuewedthufrisatsun", 7)) {
		weekday = true;
		at = skip_blanks(at + 3 + (at[3] == ','), end);
		if (at == end)
			return NULL;
	}
	if (is_letter(*at))
		at = scan_month_first(at, end, &moment);
	else if (!is_digit(*at))
		return NULL;
	else if (end - at > 4 && is_digit(at[1]) && is_digit(at[2]))
		at = scan_year_first(at, end, &moment);
	else
		at = scan_day_first(at, end, &moment);
	if (!at)
		return NULL;
	at = scan_zone(at, end, &moment);
	if (weekday && !moment.year && at_or_zero(at, end) == ' ') {
		const char *behind = scan_year(at + 1, end, &moment.year);
		at = behind ? behind : at;
	}
	*has_year = moment.year != 0;
	*time_us = log_clock_read(clock, &moment);
	return at;
}

const char *log_time_scan(struct log_clock *clock, const char *at, const char *end,
			  int64_t *time_us)
{
	bool has_year;
	const char *behind = scan_calendar(clock, at, end, time_us, &has_year);
	return behind ? behind : scan_epoch(at, end, time_us);
}

/* A relay's time without a year, then a host, then the device's own with one. */
static const char *prefer_year(struct log_clock *clock, const char *at, const char *end,
			       int64_t *time_us)
{
	const char *word = at;
	bool has_year;
	for (int words = 0; words < 4; words++) {
		while (word < end && *word != ' ')
			word++;
		word = skip_blanks(word, end);
		int64_t other;
		if (end - word < 5 || !is_digit(*word) || (word[4] != '-' && word[4] != '/'))
			continue;
		const char *behind = scan_calendar(clock, word, end, &other, &has_year);
		if (behind && other != ALERT_TIME_UNKNOWN) {
			*time_us = other;
			return behind;
		}
	}
	return at;
}

/* "<134>", "<134>1 ". */
static const char *skip_priority(const char *at, const char *end)
{
	uint32_t number;
	if (at_or_zero(at, end) != '<')
		return at;
	const char *behind = scan_number(at + 1, end, 191, &number);
	if (!behind || at_or_zero(behind, end) != '>')
		return at;
	behind++;
	return begins_with(behind, end, "1 ") ? behind + 2 : behind;
}

const char *log_time_of_line(struct log_clock *clock, const char *at, const char *end,
			     int64_t *time_us)
{
	bool has_year;
	const char *first = skip_priority(at, end);
	while (first < end && memchr(" *.[\"'(", *first, 7))
		first++;
	const char *behind = scan_calendar(clock, first, end, time_us, &has_year);
	if (!behind && (behind = scan_epoch(first, end, time_us)) != NULL)
		return behind;
	const char *within = end - first > LINE_TIME_WITHIN ? first + LINE_TIME_WITHIN : end;
	for (const char *word = first + 1; !behind && word < within; word++)
		if (is_word(*word) && !is_word(word[-1]))
			behind = scan_calendar(clock, word, end, time_us, &has_year);
	if (!behind) {
		*time_us = ALERT_TIME_UNKNOWN;
		return at;
	}
	return has_year ? behind : prefer_year(clock, behind, end, time_us);
}
