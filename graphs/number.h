/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * number: numbers as a report's reader wants them: few digits, no exponents, a dash for what is
 * unknown: the same in every language. */
#ifndef STALENODE_NUMBER_H
#define STALENODE_NUMBER_H

#include "../analysis/analysis.h"

#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT_SIZE 64
/* Every function writes into text[NUMBER_TEXT_SIZE] and returns it. */

/* "51,840". */
char *count_text(uint64_t count, char *text);
/* Three significant digits: "1,234", "20.1", "3.04", "0.0123"; below a millionth "<
 * 0.000001"; an en dash for NAN, "∞" for infinity. */
char *rate_text(double rate, char *text);
/* "20.1–23.4". */
char *range_text(double low, double high, char *text);
/* "93 %", "99.8 %", "< 0.1 %" for a share of 1. */
char *percent_text(double share, char *text);
/* The same for a forecast, which is never certain: what rounds to 100 % is "> 99.9 %". */
char *probability_text(double probability, char *text);
/* "13.2 (12.1–15.0)", or an en dash when it is not known. */
char *interval_text(const struct interval *interval, char *text);

#endif
