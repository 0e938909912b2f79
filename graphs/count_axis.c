/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "count_axis.h"

#include <math.h>

#define TICKS_MOST   7
#define SCALED_ABOVE 10000 /* what is below has four letters at most */

char *count_axis_text(double number, char *text)
{
	static const struct {
		double scale;
		const char *letter;
	} unit[] = {{1e12, " T"}, {1e9, " G"}, {1e6, " M"}, {1e3, " k"}};
	size_t i = 0;
	while (i < sizeof unit / sizeof unit[0] && number < unit[i].scale)
		i++;
	if (number < SCALED_ABOVE)
		snprintf(text, COUNT_AXIS_TEXT_SIZE, "%g", number);
	else
		snprintf(text, COUNT_AXIS_TEXT_SIZE, "%g%s", number / unit[i].scale,
			 unit[i].letter);
	return text;
}

/* The least of 1, 2, 5 x 10^n, and no part of a count, that gives few enough ticks. */
static double choose_step(double highest)
{
	static const double leading[] = {1, 2, 5};
	for (double decade = 1; isfinite(decade); decade *= 10)
		for (size_t i = 0; i < sizeof leading / sizeof leading[0]; i++)
			if (highest / (leading[i] * decade) <= TICKS_MOST)
				return leading[i] * decade;
	return highest;
}

void count_axis_write(double highest, FILE *script)
{
	double step = choose_step(highest);
	fputs("set ytics ('0' 0", script);
	for (int i = 1; i * step <= highest; i++) {
		char text[COUNT_AXIS_TEXT_SIZE];
		fprintf(script, ", '%s' %.9g", count_axis_text(i * step, text), i * step);
	}
	fputs(")\n", script);
}
