/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * timestamp: UTC seconds since 1970 (int64_t) as text and back. Text is ISO 8601 in UTC or
 * plain Unix seconds, everywhere where a person gives or reads a time. */
#ifndef STALENODE_TIMESTAMP_H
#define STALENODE_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMESTAMP_TEXT_SIZE 32

/* Reads "2008-02-20", "2008-02-20T09:30", "2008-02-20T09:30:00Z", with a blank for the T, with
 * an offset ("+09:00", "+0900"; none means UTC), a fraction of a second (cut off), or Unix
 * seconds ("1203465600"). Years 1970 to 9999. Returns false and leaves *seconds alone when the
 * whole text is not a time. */
bool timestamp_parse(const char *text, int64_t *seconds);

/* "2008-02-20T09:30:00Z" into text[TIMESTAMP_TEXT_SIZE]; returns text. */
char *timestamp_format(int64_t seconds, char text[TIMESTAMP_TEXT_SIZE]);

/* "2008-02-20" into text[TIMESTAMP_TEXT_SIZE]; returns text. */
char *timestamp_format_date(int64_t seconds, char text[TIMESTAMP_TEXT_SIZE]);

/* Days from 1970-01-01 to a date of the Gregorian calendar, years 1970 to 9999; false when there is
 * no such day. */
bool timestamp_days(int64_t year, int64_t month, int64_t day, int64_t *days);

/* CLOCK_REALTIME in whole seconds. Only main functions and verbs read a clock: what they call
 * takes the time as a value. */
int64_t timestamp_now(void);

#endif
