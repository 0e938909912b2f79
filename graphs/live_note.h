/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * live_note: what a page that is made anew all the time says of itself: when that was, how old it
 * has become under the reader's eyes, that it is out of date when nobody renews it, and which
 * records have fallen behind. It asks nothing of a network: the page loads itself again. */
#ifndef STALENODE_LIVE_NOTE_H
#define STALENODE_LIVE_NOTE_H

#include "../analysis/language.h"

#include <stdint.h>
#include <stdio.h>

#define LIVE_EVERY_SECONDS     300 /* unless told otherwise: the width of a bucket */
#define LIVE_EVERY_SECONDS_MIN 10
#define LIVE_EVERY_SECONDS_MAX 86400

struct live {
	int64_t rendered; /* UTC seconds */
	int every;	  /* seconds from one making to the next; 0: the page is not live */
};

/* What the script of such a page has to hold. */
const char *live_script(void);

void live_note_write(FILE *page, enum language language, const struct live *live);

/* Whether a record that ends there (UTC seconds) has fallen behind: the agent closes a bucket
 * within seconds of its end. */
int live_is_behind(const struct live *live, int64_t record_end);

#endif
