/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * known_clients: what client profiles say of when the calls to a P2P node that is gone end, for a
 * cluster that is too young to say it by its own decay. */
#ifndef STALENODE_KNOWN_CLIENTS_H
#define STALENODE_KNOWN_CLIENTS_H

#include "diagnosis.h"

#include "../client_profile.h"

#define KNOWN_CLIENTS_MAX 16

struct known_clients {
	struct client_profile *profile[KNOWN_CLIENTS_MAX]; /* owned */
	size_t profiles;
	/* Of a target's own store, where it is known which client it ran, and until when. */
	char client[65]; /* "" unknown */
	int64_t retired; /* UTC seconds, or TIME_UNKNOWN */
};

void known_clients_begin(struct known_clients *known);
/* Reads one more profile. EXIT_WRONG_USE with what is wrong in it, or when there are too many. */
int known_clients_add(struct known_clients *known, const char *path, struct failure *failure);
void known_clients_free(struct known_clients *known);

/* When calls to a node end, by the profile of the client that they most likely are of, or that the
 * target is known to have run; a profile given alone is taken where neither is known. It counts
 * where the cluster's own decay tells nothing, and, where that ends earlier, for a log younger than
 * the age at which one call a day is left: such a log cannot see the end. From the day told on
 * there is, with QUIET_PROBABILITY, no call for 30 days. Ages are from the retirement, or else from
 * the first alert, which comes after it: the day told is then late rather than early. `to`: UTC
 * seconds of the end of the log. */
void known_clients_forecast(const struct known_clients *known, const struct cluster *cluster,
			    int64_t to, struct diagnosis *diagnosis);

#endif
