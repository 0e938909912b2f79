/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cluster_table_parts.h"

#define LETTERS	  26
#define COUNTRIES (LETTERS * LETTERS) /* pairs of capital letters */

uint16_t cluster_countries_pack(const char code[3])
{
	return code[0] ? (uint16_t)(1 + (code[0] - 'A') * LETTERS + (code[1] - 'A')) : 0;
}

/* Counts those of one cluster, its pairs being neighbours and each remote address's, too. Of as
 * many addresses, the first of the alphabet comes first. */
static void count(struct cluster *cluster, const struct remote_pair *pair, size_t pairs)
{
	uint32_t addresses[COUNTRIES + 1] = {0};
	for (size_t i = 0; i < pairs; i++)
		if (i == 0 || pair[i].remote != pair[i - 1].remote)
			addresses[pair[i].country]++;
	for (size_t packed = 1; packed <= COUNTRIES; packed++)
		cluster->located += addresses[packed];
	for (size_t i = 0; i < CLUSTER_COUNTRIES; i++) {
		size_t most = 0;
		for (size_t packed = 1; packed <= COUNTRIES; packed++)
			if (addresses[packed] > (most ? addresses[most] : 0))
				most = packed;
		if (!most)
			return;
		cluster->country[i].code[0] = (char)('A' + (most - 1) / LETTERS);
		cluster->country[i].code[1] = (char)('A' + (most - 1) % LETTERS);
		cluster->country[i].addresses = addresses[most];
		addresses[most] = 0;
	}
}

void cluster_countries_count(struct cluster_table *table, const struct remote_pair *pair,
			     size_t pairs)
{
	if (!table->geo)
		return;
	for (size_t i = 0, end; i < pairs; i = end) {
		for (end = i; end < pairs && pair[end].cluster == pair[i].cluster;)
			end++;
		count(&table->cluster[pair[i].cluster], pair + i, end - i);
	}
}
