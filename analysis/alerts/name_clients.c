/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis.h"

#include "client_table.h"

#include <string.h>

#define HARDLY_ONE 0.1 /* the least probability that is told */
/* Of the addresses of a program that one country uses, half or more are of it; of others' hardly
 * one in ten, as of all addresses. Of fewer addresses than these nothing is told. */
#define COUNTRY_LEAST	10
#define COUNTRY_MOST	0.5
#define COUNTRY_HARDLY	0.1
#define COUNTRY_FOR	5.0
#define COUNTRY_AGAINST 0.05
/* Calls that go on for twice the days after which a program's nodes hardly call any more. */
#define TOO_LONG	 2
#define TOO_LONG_AGAINST 0.2
#define DAY_US		 (INT64_C(86400) * 1000000)

/* A port that is a default of the program, twenty times a port of one whose port may be any. A
 * source port that is a default tells of who calls, and so of the network. */
static double weigh_ports(const struct cluster *cluster, size_t client)
{
	double weight = client_table_has_default(client) ? 0.3 : 1.0;
	if (client_table_has_port(client, cluster->key.protocol, (uint16_t)cluster->key.port))
		weight = 20.0;
	for (size_t i = 0; i < COMMON_VALUES; i++)
		if (cluster->source_ports.count[i] > 1 &&
		    client_table_has_port(client, cluster->key.protocol,
					  (uint16_t)cluster->source_ports.value[i]))
			weight += 5.0;
	return weight;
}

static double weigh_countries(const struct cluster *cluster, size_t client)
{
	const char *country = client_table_country(client);
	uint32_t of_it = 0;
	if (!country[0] || cluster->located < COUNTRY_LEAST)
		return 1.0;
	for (size_t i = 0; i < CLUSTER_COUNTRIES; i++)
		if (strcmp(cluster->country[i].code, country) == 0)
			of_it = cluster->country[i].addresses;
	double share = (double)of_it / cluster->located;
	return share >= COUNTRY_MOST ? COUNTRY_FOR : share < COUNTRY_HARDLY ? COUNTRY_AGAINST : 1.0;
}

/* The log may begin long after the node stopped: then it lasts longer still. */
static double weigh_duration(const struct cluster *cluster, size_t client)
{
	int64_t days = client_table_days(client);
	if (days == 0 || cluster->first_us == ALERT_TIME_UNKNOWN)
		return 1.0;
	return cluster->last_us - cluster->first_us > TOO_LONG * days * DAY_US ? TOO_LONG_AGAINST
									       : 1.0;
}

/* Keeps the likeliest, most first. */
static void insert(struct diagnosis *diagnosis, size_t client, double weight)
{
	size_t at =
		diagnosis->clients < DIAGNOSIS_CLIENTS ? diagnosis->clients++ : DIAGNOSIS_CLIENTS;
	while (at > 0 && diagnosis->client[at - 1].probability < weight) {
		if (at < DIAGNOSIS_CLIENTS)
			diagnosis->client[at] = diagnosis->client[at - 1];
		at--;
	}
	if (at < DIAGNOSIS_CLIENTS) {
		diagnosis->client[at].index = client;
		diagnosis->client[at].probability = weight;
	}
}

void diagnosis_name_clients(struct diagnosis *diagnosis, const struct cluster *cluster)
{
	double sum = 0.0;
	if (strcmp(verdict_group(diagnosis->likeliest), "p2p-endpoint") != 0 ||
	    cluster->key.port == CLUSTER_NO_PORT)
		return;
	for (size_t i = 0; i < client_table_count(); i++) {
		double weight = weigh_ports(cluster, i) * weigh_countries(cluster, i) *
				weigh_duration(cluster, i);
		sum += weight;
		insert(diagnosis, i, weight);
	}
	for (size_t i = 0; i < diagnosis->clients; i++)
		diagnosis->client[i].probability /= sum;
	while (diagnosis->clients > 0 &&
	       diagnosis->client[diagnosis->clients - 1].probability < HARDLY_ONE)
		diagnosis->clients--;
}
