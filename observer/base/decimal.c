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
