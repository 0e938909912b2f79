/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote_table.h"

#include "cluster_table.h"

#include "../../observer/fingerprint.h"

#include <stdlib.h>

#define SMALLEST    1024 /* pairs and remotes begin with so many, and double */
#define DAY_SECONDS 86400

struct remote {
	uint64_t fingerprint; /* 0: free */
	uint32_t clusters;
};

bool remote_table_create(struct remote_table *table)
{
	*table = (struct remote_table){.pair_slots = SMALLEST, .remote_slots = SMALLEST};
	table->pair = calloc(table->pair_slots, sizeof *table->pair);
	table->remote = calloc(table->remote_slots, sizeof *table->remote);
	return table->pair && table->remote;
}

void remote_table_free(struct remote_table *table)
{
	free(table->pair);
	free(table->remote);
}

/* Doubles while more than half are taken. At its limit it stays, more than half full. */
static bool grow_pairs(struct remote_table *table)
{
	if (table->pairs * 2 < table->pair_slots || table->pair_slots >= 2 * CLUSTER_PAIRS_MAX)
		return true;
	size_t slots = table->pair_slots * 2;
	struct remote_pair *grown = calloc(slots, sizeof *grown);
	if (!grown)
		return false;
	for (size_t i = 0; i < table->pair_slots; i++) {
		const struct remote_pair *pair = &table->pair[i];
		if (!pair->remote)
			continue;
		size_t at = fingerprint_with(pair->remote, pair->cluster) & (slots - 1);
		while (grown[at].remote)
			at = (at + 1) & (slots - 1);
		grown[at] = *pair;
	}
	free(table->pair);
	table->pair = grown;
	table->pair_slots = slots;
	return true;
}

static bool grow_remotes(struct remote_table *table)
{
	if (table->remotes * 2 < table->remote_slots ||
	    table->remote_slots >= 2 * CLUSTER_REMOTES_MAX)
		return true;
	size_t slots = table->remote_slots * 2;
	struct remote *grown = calloc(slots, sizeof *grown);
	if (!grown)
		return false;
	for (size_t i = 0; i < table->remote_slots; i++) {
		const struct remote *remote = &table->remote[i];
		if (!remote->fingerprint)
			continue;
		size_t at = remote->fingerprint & (slots - 1);
		while (grown[at].fingerprint)
			at = (at + 1) & (slots - 1);
		grown[at] = *remote;
	}
	free(table->remote);
	table->remote = grown;
	table->remote_slots = slots;
	return true;
}

static const struct remote *find_remote(const struct remote_table *table, uint64_t fingerprint)
{
	size_t at = fingerprint & (table->remote_slots - 1);
	while (table->remote[at].fingerprint) {
		if (table->remote[at].fingerprint == fingerprint)
			return &table->remote[at];
		at = (at + 1) & (table->remote_slots - 1);
	}
	return NULL;
}

/* A remote address touched a cluster that it had not touched before. */
static bool note_remote(struct remote_table *table, uint64_t fingerprint)
{
	if (!grow_remotes(table))
		return false;
	size_t at = fingerprint & (table->remote_slots - 1);
	while (table->remote[at].fingerprint && table->remote[at].fingerprint != fingerprint)
		at = (at + 1) & (table->remote_slots - 1);
	if (!table->remote[at].fingerprint) {
		if (table->remotes == CLUSTER_REMOTES_MAX) {
			table->remotes_full = true;
			return true;
		}
		table->remote[at].fingerprint = fingerprint;
		table->remotes++;
	}
	table->remote[at].clusters++;
	return true;
}

struct remote_pair *remote_table_find(struct remote_table *table, uint32_t cluster, uint64_t remote,
				      int64_t seconds, enum remote_found *found)
{
	if (!grow_pairs(table)) {
		*found = REMOTE_NO_MEMORY;
		return NULL;
	}
	size_t at = fingerprint_with(remote, cluster) & (table->pair_slots - 1);
	while (table->pair[at].remote &&
	       (table->pair[at].remote != remote || table->pair[at].cluster != cluster))
		at = (at + 1) & (table->pair_slots - 1);
	struct remote_pair *pair = &table->pair[at];
	*found = REMOTE_KNOWN;
	if (pair->remote)
		return pair;
	if (table->pairs == CLUSTER_PAIRS_MAX) {
		table->pairs_full = true;
		*found = REMOTE_NO_ROOM;
		return NULL;
	}
	*pair = (struct remote_pair){
		.remote = remote,
		.cluster = cluster,
		.last = (uint32_t)seconds,
		.first_day = (uint16_t)(seconds / DAY_SECONDS),
	};
	table->pairs++;
	*found = note_remote(table, remote) ? REMOTE_NEW : REMOTE_NO_MEMORY;
	return *found == REMOTE_NEW ? pair : NULL;
}

bool remote_table_is_scanner(const struct remote_table *table, uint64_t remote)
{
	const struct remote *found = find_remote(table, remote);
	return found && found->clusters >= CLUSTER_SCANNER;
}
