/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * analysis_text: an analysis as a page of text for a person. */
#ifndef STALENODE_ANALYSIS_TEXT_H
#define STALENODE_ANALYSIS_TEXT_H

#include "analysis.h"

#include <stdio.h>

/* Errors of the stream are left to its owner. */
void analysis_print(const struct analysis *analysis, FILE *stream);

#endif
