/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "local_side.h"

#include "address_kind.h"

#include "../../observer/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 65536 /* more than two addresses of each alert that is learnt from */
/* The observed host is in nearly all alerts of a capture at it; neighbours' broadcasts are not. */
#define SHARE_NUMERATOR	  6
#define SHARE_DENOMINATOR 10
/* One that calls and that nobody calls may as well be somebody who scans the observed network. */
#define CALLERS_LEAST 20

struct occurrence {
	struct address address;
	uint32_t alerts; /* 0: free */
	uint32_t called; /* of these, to it */
};

static void count(struct occurrence *table, const struct address *address, bool called)
{
	size_t at = fingerprint_address(address) % SLOTS;
	while (table[at].alerts && memcmp(&table[at].address, address, sizeof *address) != 0)
		at = (at + 1) % SLOTS;
	table[at].address = *address;
	table[at].alerts++;
	table[at].called += called;
}

bool local_side_learn(struct local_side *side, const struct alert *alert, size_t alerts)
{
	if (side->addresses > 0)
		return true;
	struct occurrence *table = calloc(SLOTS, sizeof *table);
	if (!table)
		return false;
	size_t counted = 0;
	for (size_t i = 0; i < alerts && counted < LOCAL_SIDE_LEARNS; i++) {
		if (alert[i].direction == ALERT_INCOMING || alert[i].direction == ALERT_OUTGOING)
			continue;
		counted++;
		count(table, &alert[i].source, false);
		if (memcmp(&alert[i].source, &alert[i].destination, sizeof(struct address)) != 0)
			count(table, &alert[i].destination, true);
	}
	const struct occurrence *most = &table[0];
	for (size_t i = 1; i < SLOTS; i++)
		if (table[i].alerts > most->alerts)
			most = &table[i];
	/* Of two that talk to each other alone neither is the one. */
	size_t equals = 0;
	for (size_t i = 0; i < SLOTS; i++)
		equals += table[i].alerts == most->alerts;
	bool enough = most->called > 0 || most->alerts >= CALLERS_LEAST;
	if (most->alerts > 0 && equals == 1 && enough &&
	    (uint64_t)most->alerts * SHARE_DENOMINATOR >= (uint64_t)counted * SHARE_NUMERATOR) {
		side->address[0] = most->address;
		side->addresses = 1;
		side->guessed = true;
	}
	free(table);
	return true;
}

static bool is_given(const struct local_side *side, const struct address *address)
{
	for (size_t i = 0; i < side->addresses; i++)
		if (memcmp(&side->address[i], address, sizeof *address) == 0)
			return true;
	return false;
}

bool local_side_outgoing(const struct local_side *side, const struct alert *alert)
{
	if (side->addresses > 0 && !side->guessed) {
		if (is_given(side, &alert->destination))
			return false;
		if (is_given(side, &alert->source))
			return true;
	}
	if (alert->direction == ALERT_INCOMING)
		return false;
	if (alert->direction == ALERT_OUTGOING)
		return true;
	if (is_given(side, &alert->destination))
		return false;
	if (is_given(side, &alert->source))
		return true;
	return address_is_private(&alert->source) && !address_is_private(&alert->destination) &&
	       !address_is_for_many(&alert->destination);
}
