/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * words: what figures say, in English and Japanese. $1 and $2 are places that word_fill() fills. */
#ifndef STALENODE_WORDS_H
#define STALENODE_WORDS_H

#include "../analysis/family.h"
#include "../analysis/language.h"

enum word {
	/* What is counted, and how a title and an axis say it. */
	WORD_SYN,
	WORD_ATTEMPTS,
	WORD_PER_BUCKET,
	WORD_OVER,
	WORD_FIRST,
	/* The line below a title. */
	WORD_RETIRED,
	WORD_COUNTED_FROM,
	WORD_DROPPED,
	WORD_REFUSED,
	/* Time axes. */
	WORD_DAYS_SINCE,
	WORD_HOURS_SINCE,
	WORD_MINUTES_SINCE,
	WORD_TIME_SINCE,
	WORD_ROOT_SCALE,
	WORD_LOG_SCALE,
	WORD_DATES_UTC,
	WORD_DATE_UTC,
	/* Rates on the right side. */
	WORD_A_SECOND,
	WORD_A_MINUTE,
	WORD_AN_HOUR,
	WORD_A_DAY,
	WORD_A_WEEK,
	WORD_A_MONTH,
	WORD_A_YEAR,
	/* Keys. */
	WORD_NOT_OBSERVED,
	WORD_NONE_CAME,
	WORD_ACTIVE_MEAN,
	WORD_ALL_MEAN,
	WORD_BACKGROUND,
	WORD_BEST_FIT,
	WORD_FIT_BAND,
	WORD_EACH_BUCKET,
	WORD_HOUR_MEAN,
	WORD_LAST_SYN,
	WORD_LAST_AT_ONCE,
	WORD_ONE_CALL,
	WORD_OWN_PORT,
	WORD_OWN_PORT_NONE,
	WORD_OTHER_PORTS,
	WORD_OTHER_PORTS_NONE,
	WORD_ESTIMATED_BACKGROUND,
	WORD_BACKGROUND_ABOUT,
	WORD_COMPARE_ABOUT,
	WORD_COMPARE_FITS,
	WORD_COMPARE_MEANS,
	WORD_SURVIVAL_ABOUT,
	WORD_STILL_TO_COME,
	WORD_SINCE_LAST,
	WORD_COUNTED,
	WORD_COUNTED_FORECAST,
	WORD_LONGEST_PAUSE,
	WORD_PORTS_ABOUT,
	WORD_PORTS_ABOUT_ONE,
	WORD_PORTS_BELOW,
	WORD_UP_TO,
	WORD_PACKETS_A_DAY,
	WORD_OTHER_PORTS_SHORT,
	WORD_ITS_OWN,
	WORD_SOURCES_ABOUT,
	WORD_SOURCES_BELOW,
	WORD_SHARE_OF_SOURCES,
	WORD_COUNTRIES,
	WORD_PROVIDERS,
	WORD_UNKNOWN,
	WORD_OTHERS,
	/* The drawing of the mechanism. */
	WORD_MECHANISM_ABOUT,
	WORD_MECHANISM_BELOW,
	WORD_HELD_BY_A,
	WORD_HELD_BY_NONE,
	WORD_HELD_BY_OTHER,
	WORD_CALLS_ANSWERED,
	WORD_NO_CALLS,
	WORD_CALLS_STRANGE,
	WORD_STEP_ONLINE,
	WORD_STEP_ONLINE_MORE,
	WORD_STEP_STOPPED,
	WORD_STEP_STOPPED_MORE,
	WORD_STEP_RECYCLED,
	WORD_STEP_RECYCLED_MORE,
	WORD_SAVED_LIST,
	/* What a figure says to who cannot see it. */
	WORD_DECAY_TEXT,
	WORD_LOGLOG_TEXT,
	WORD_WINDOW_TEXT,
	WORD_BACKGROUND_TEXT,
	WORD_COMPARE_TEXT,
	WORD_SURVIVAL_TEXT,
	WORD_PORTS_TEXT,
	WORD_SOURCES_TEXT,
	WORD_MECHANISM_TEXT,
	WORDS
};

const char *word(enum language language, enum word which);

#define WORD_TEXT_SIZE 400
/* The word with its places filled (NULL: nothing) into text[WORD_TEXT_SIZE]; returns text. */
char *word_fill(enum language language, enum word which, const char *first, const char *second,
		char *text);

/* "plateau, exponential": how a figure calls a family; its identifier is family_name(). */
const char *word_family(enum language language, enum family family);

/* "9.5 h", "14 d", "5 min"; in full "9.5 hours"; Japanese knows one form. */
char *word_duration(enum language language, double hours, char *text, size_t size);
char *word_duration_in_full(enum language language, double hours, char *text, size_t size);

#endif
