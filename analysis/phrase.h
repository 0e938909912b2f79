/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phrase: the phases of a series in words, as a report tells them: "about 9 hours at about 20
 * per 5 minutes", "one call on day 5", "then silence for over 5 months (to the end of the
 * record)". Days are counted from the retirement: day 1 is its first 24 hours. */
#ifndef STALENODE_PHRASE_H
#define STALENODE_PHRASE_H

#include "analysis.h"

#define PHRASE_SIZE 256

/* "steady", "intermittent", "sporadic", "silent". */
const char *phase_kind_name(enum phase_kind kind);

/* Writes the sentence of analysis->phase[phase], without a full stop; returns its length, or -1
 * when it does not fit (text then holds its beginning). PHRASE_SIZE is enough for every phase. */
int phrase_phase(const struct analysis *analysis, size_t phase, char *text, size_t size);

/* A duration as people say it: "about 40 minutes", "about 9 hours", "about 2 weeks". */
int phrase_duration(double hours, char *text, size_t size);

#endif
