/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explanation_text: an explanation for a person: of the clusters with most alerts what they were,
 * why, what to do and when it will stop; then the table of all. */
#ifndef STALENODE_EXPLANATION_TEXT_H
#define STALENODE_EXPLANATION_TEXT_H

#include "explanation.h"

#include <stdio.h>

void explanation_print(const struct explanation *explanation, enum language language, FILE *stream);

#endif
