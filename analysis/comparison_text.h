/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * comparison_text: a comparison as tables and sentences for a person, in English or Japanese. */
#ifndef STALENODE_COMPARISON_TEXT_H
#define STALENODE_COMPARISON_TEXT_H

#include "comparison.h"
#include "language.h"

#include <stdio.h>

#define COMPARISON_ESTIMATE_SIZE 192
#define COMPARISON_LINE_SIZE	 1024

/* "13 h (12 h to 15 h)", "-" when it is not known, of hours since retirement; text or a constant.
 */
const char *comparison_estimate_text(const struct interval *hours, enum language language,
				     char text[COMPARISON_ESTIMATE_SIZE]);
/* The sentence on whether the second is slower than the first; returns text. */
char *comparison_pair_text(const struct comparison *comparison, const struct comparison_pair *pair,
			   enum language language, char text[COMPARISON_LINE_SIZE]);

/* Errors of the stream are left to its owner. */
void comparison_print(const struct comparison *comparison, enum language language, FILE *stream);

#endif
