/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * local_side: which end of an alert is the observed one. Addresses that are given are; a log that
 * names its interfaces says it; a private address that talks to a public one is. Where all that is
 * silent (a capture, a CSV), the first alerts tell: an address that most of them have is the
 * observed host, if it is called or calls 20 times; without one it is a network that is observed,
 * and destinations are local. */
#ifndef STALENODE_LOCAL_SIDE_H
#define STALENODE_LOCAL_SIDE_H

#include "alert.h"

#include <stdbool.h>
#include <stddef.h>

#define LOCAL_SIDE_GIVEN_MAX 256
/* So many alerts are looked at before the first is decided on. */
#define LOCAL_SIDE_LEARNS 20000

struct local_side {
	struct address address[LOCAL_SIDE_GIVEN_MAX];
	size_t addresses;
	bool guessed; /* address[0] was found, not given */
};

/* From alerts whose own direction is unknown; one of a given set stays. False when out of memory.
 */
bool local_side_learn(struct local_side *side, const struct alert *alert, size_t alerts);
/* Whether the alert goes out from here. */
bool local_side_outgoing(const struct local_side *side, const struct alert *alert);

#endif
