/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#define DIGITS_MAX 10

/* A table begins with its name, an object that holds one with its number. */
static bool begins_table(const char *bytes)
{
	return memcmp(bytes, "xref\n", 5) == 0 || (bytes[0] >= '1' && bytes[0] <= '9');
}

/* Whether "startxref", a number and a line's end stand before `end`, and the number is that of a
 * table: a picture may hold the mark itself. */
static bool ends_there(const char *bytes, size_t end)
{
	static const char key[] = "startxref\n";
	size_t place = end, number = 0, digits = 0, power = 1;
	if (place == 0 || bytes[--place] != '\n')
		return false;
	for (;
	     place > 0 && digits < DIGITS_MAX && bytes[place - 1] >= '0' && bytes[place - 1] <= '9';
	     place--, digits++, power *= 10)
		number += power * (size_t)(bytes[place - 1] - '0');
	return digits > 0 && place >= sizeof key - 1 &&
	       memcmp(bytes + place - (sizeof key - 1), key, sizeof key - 1) == 0 &&
	       number < place && begins_table(bytes + number);
}

size_t pdf_length(const char *bytes, size_t length)
{
	static const char beginning[] = "%PDF-", mark[] = "%%EOF";
	if (length < sizeof beginning - 1 || memcmp(bytes, beginning, sizeof beginning - 1) != 0)
		return 0;
	for (size_t from = 0; from < length;) {
		const char *found = memmem(bytes + from, length - from, mark, sizeof mark - 1);
		if (!found)
			return 0;
		size_t place = (size_t)(found - bytes), end = place + sizeof mark - 1;
		if (ends_there(bytes, place))
			return end < length && bytes[end] == '\n' ? end + 1 : end;
		from = place + 1;
	}
	return 0;
}

void pdf_set_date(char *bytes, size_t length, int64_t seconds)
{
	static const char key[] = "/CreationDate (D:";
	char *found = memmem(bytes, length, key, sizeof key - 1);
	time_t instant = (time_t)seconds;
	struct tm utc;
	char date[16];
	if (!found || !gmtime_r(&instant, &utc) ||
	    strftime(date, sizeof date, "%Y%m%d%H%M%S", &utc) != 14)
		return;
	found += sizeof key - 1;
	if (length - (size_t)(found - bytes) >= 14)
		memcpy(found, date, 14);
}
