/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explain_words_parts: the tables that explain_words_of() chooses from, a file for each language.
 */
#ifndef STALENODE_EXPLAIN_WORDS_PARTS_H
#define STALENODE_EXPLAIN_WORDS_PARTS_H

#include "explain_words.h"

extern const struct explain_words explain_english, explain_japanese;

#endif
