/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phrase: the phases of a series in words, as a report tells them, in English or Japanese: "about 9
 * hours at about 20 per 5 minutes", "one call on day 5", "then silence for over 5 months (to the
 * end of the record)". Days are counted from the retirement: day 1 is its first 24 hours. */
#ifndef STALENODE_PHRASE_H
#define STALENODE_PHRASE_H

#include "analysis.h"
#include "language.h"

#define PHRASE_SIZE	 384
#define STORY_SIZE	 ((size_t)PHRASES_IN_STORY * PHRASE_SIZE)
#define PHRASES_IN_STORY (PHASES_MAX + 1)

/* "steady", "intermittent", "sporadic", "silent". */
const char *phase_kind_name(enum phase_kind kind);

/* Writes the sentence of analysis->phase[phase], without a full stop; returns its length, or -1
 * when it does not fit (text then holds its beginning). PHRASE_SIZE is enough for every phase. */
int phrase_phase(const struct analysis *analysis, size_t phase, enum language language, char *text,
		 size_t size);

/* All phases as one paragraph, as a report would tell them:
 *   "For about 9 hours after the stop SYNs arrived steadily, at about 20 per 5 minutes; then for
 *    about 2 weeks they came intermittently, about 3 in the 5 minutes that had any. ..."
 *   「停止後およそ9時間は、5分間に約20 SYNの割合で一定して届き、その後およそ2週間は、断続的に...」
 * Its length, 0 without a phase, or -1 when it does not fit; STORY_SIZE is enough. */
int phrase_story(const struct analysis *analysis, enum language language, char *text, size_t size);

/* A duration as people say it: "about 40 minutes", "about 9 hours", "about 2 weeks". */
int phrase_duration(double hours, enum language language, char *text, size_t size);

#endif
