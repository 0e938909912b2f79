/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * analysis_text: an analysis as a page of text for a person, in English or Japanese (UTF-8). */
#ifndef STALENODE_ANALYSIS_TEXT_H
#define STALENODE_ANALYSIS_TEXT_H

#include "analysis.h"
#include "language.h"

#include <stdio.h>

/* Errors of the stream are left to its owner. */
/* The table of phases alone, under the name of the series. */
void analysis_print_phases(const struct analysis *analysis, enum language language, FILE *stream);
/* All of it. */
void analysis_print(const struct analysis *analysis, enum language language, FILE *stream);

#endif
