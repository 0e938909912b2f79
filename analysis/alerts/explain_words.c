/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain_words_parts.h"

const struct explain_words *explain_words_of(enum language language)
{
	return language == LANGUAGE_JAPANESE ? &explain_japanese : &explain_english;
}
