/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decimal.h"

bool decimal_parse(const char *text, size_t length, uint64_t limit, uint64_t *value)
{
	uint64_t number = 0;
	if (length == 0)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		unsigned digit = (unsigned)(text[i] - '0');
		if (number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	if (number > limit)
		return false;
	*value = number;
	return true;
}

size_t decimal_format(uint64_t value, char text[DECIMAL_SIZE])
{
	char digit[DECIMAL_SIZE];
	size_t digits = 0;
	do {
		digit[digits++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	for (size_t i = 0; i < digits; i++)
		text[i] = digit[digits - 1 - i];
	return digits;
}
