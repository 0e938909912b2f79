/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * country_names: what the product calls each code of two letters that it knows, a line each: code,
 * English, Japanese, with tabs between. */
#include "../../analysis/country_name.h"

#include <stdio.h>

int main(void)
{
	for (char first = 'A'; first <= 'Z'; first++)
		for (char second = 'A'; second <= 'Z'; second++) {
			const char code[3] = {first, second, '\0'};
			const char *english = country_name(code, LANGUAGE_ENGLISH);
			if (english != code)
				printf("%s\t%s\t%s\n", code, english,
				       country_name(code, LANGUAGE_JAPANESE));
		}
	return 0;
}
