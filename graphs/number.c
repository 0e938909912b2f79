/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define EN_DASH "\xE2\x80\x93"

char *count_text(uint64_t count, char *text)
{
	char digits[24];
	int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
	size_t used = 0;
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = '\0';
	return text;
}

char *rate_text(double rate, char *text)
{
	double size = fabs(rate);
	if (isnan(rate))
		snprintf(text, NUMBER_TEXT_SIZE, EN_DASH);
	else if (isinf(rate))
		snprintf(text, NUMBER_TEXT_SIZE, "\xE2\x88\x9E");
	else if (size >= 999.5 && size < 1e15 && rate > 0)
		count_text((uint64_t)llround(rate), text);
	else if (size >= 99.95)
		snprintf(text, NUMBER_TEXT_SIZE, "%.0f", rate);
	else if (size > 0 && size < 1e-6)
		snprintf(text, NUMBER_TEXT_SIZE, "< 0.000001");
	else if (size > 0)
		snprintf(text, NUMBER_TEXT_SIZE, "%.*f",
			 size >= 9.995 ? 1 : (int)(2 - floor(log10(size * 1.0005))), rate);
	else
		snprintf(text, NUMBER_TEXT_SIZE, "0");
	return text;
}

char *range_text(double low, double high, char *text)
{
	char from[NUMBER_TEXT_SIZE], to[NUMBER_TEXT_SIZE];
	if (isnan(low) || isnan(high))
		return rate_text(NAN, text);
	snprintf(text, NUMBER_TEXT_SIZE, "%.28s" EN_DASH "%.28s", rate_text(low, from),
		 rate_text(high, to));
	return text;
}

char *percent_text(double share, char *text)
{
	/* A sum of shares misses 1 by its rounding. */
	double percent = fabs(share - 1) < 1e-9 ? 100 : share * 100;
	if (isnan(share))
		return rate_text(NAN, text);
	if (percent > 0 && percent < 0.1)
		snprintf(text, NUMBER_TEXT_SIZE, "< 0.1 %%");
	else if (percent < 100 && percent > 99.9)
		snprintf(text, NUMBER_TEXT_SIZE, "> 99.9 %%");
	else
		snprintf(text, NUMBER_TEXT_SIZE, "%.*f %%",
			 (percent > 0 && percent < 10) || (percent > 99 && percent < 100) ? 1 : 0,
			 percent);
	return text;
}

char *probability_text(double probability, char *text)
{
	return percent_text(probability > 0.99999 ? 0.99999 : probability, text);
}

char *interval_text(const struct interval *interval, char *text)
{
	char value[NUMBER_TEXT_SIZE], range[NUMBER_TEXT_SIZE];
	if (!interval->known)
		return rate_text(NAN, text);
	snprintf(text, NUMBER_TEXT_SIZE, "%.18s (%.40s)", rate_text(interval->value, value),
		 range_text(interval->low, interval->high, range));
	return text;
}
