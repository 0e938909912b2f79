/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * comparison_text: a comparison as tables and sentences for a person, in English or Japanese. */
#ifndef STALENODE_COMPARISON_TEXT_H
#define STALENODE_COMPARISON_TEXT_H

#include "comparison.h"
#include "language.h"

#include <stdio.h>

/* Errors of the stream are left to its owner. */
void comparison_print(const struct comparison *comparison, enum language language, FILE *stream);

#endif
