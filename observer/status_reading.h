/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * status_reading: what is found in a state directory at one moment: its targets, their health, the
 * disk. Reads only, and takes no lock: an observer may be at work meanwhile. */
#ifndef STALENODE_STATUS_READING_H
#define STALENODE_STATUS_READING_H

#include "health.h"
#include "store/targets.h"

struct status_reading {
	const char *path;	      /* not owned */
	int64_t at, now;	      /* the moment that is judged, the clock; UTC seconds */
	struct targets targets;	      /* owned */
	struct target_health *health; /* owned: one for each target */
	int64_t *rrd_updated;	      /* owned: end of the last bucket in counts.rrd, or
				       * TIME_UNKNOWN */
	struct agent *agent;	      /* owned: those that are or were at work */
	size_t agents;
	struct disk_space disk;
	struct health whole; /* of the directory */
};

/* `path` must outlive the reading. -1 and *failure when it is no state directory; what is wrong
 * with one target is that target's health. Free with status_reading_free(). */
int status_reading_take(struct status_reading *reading, const char *path, int64_t at, int64_t now,
			struct failure *failure);
void status_reading_free(struct status_reading *reading);

#endif
