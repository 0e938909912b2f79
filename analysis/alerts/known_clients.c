/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "known_clients.h"

#include "client_table.h"

#include "../client_profile_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOURS_MAX  (5 * 365 * 24.0) /* what is further away is not told */
#define HOURS_FINE 0.5

void known_clients_begin(struct known_clients *known)
{
	*known = (struct known_clients){.retired = TIME_UNKNOWN};
}

int known_clients_add(struct known_clients *known, const char *path, struct failure *failure)
{
	if (known->profiles == KNOWN_CLIENTS_MAX)
		return fail(failure, EXIT_WRONG_USE, "%s: more than %d profiles", path,
			    KNOWN_CLIENTS_MAX);
	struct client_profile *profile = malloc(sizeof *profile);
	if (!profile)
		return fail(failure, EXIT_FAILED, "%s: no memory for a profile", path);
	if (client_profile_read(profile, path, failure) < 0) {
		free(profile);
		return -1;
	}
	known->profile[known->profiles++] = profile;
	return 0;
}

void known_clients_free(struct known_clients *known)
{
	for (size_t i = 0; i < known->profiles; i++)
		free(known->profile[i]);
	known->profiles = 0;
}

/* The table tells versions apart, as in "Skype (before 2014)". */
static bool is_of(const struct client_profile *profile, const char *client)
{
	size_t length = strlen(profile->client);
	return strncasecmp(client, profile->client, length) == 0 &&
	       (client[length] == '\0' || strncmp(client + length, " (", 2) == 0);
}

static const struct client_profile *find(const struct known_clients *known,
					 const struct diagnosis *diagnosis)
{
	const char *client = known->client;
	if (!client[0] && diagnosis->clients > 0)
		client = client_table_name(diagnosis->client[0].index);
	if (!client[0])
		return known->profiles == 1 ? known->profile[0] : NULL;
	for (size_t i = 0; i < known->profiles; i++)
		if (is_of(known->profile[i], client))
			return known->profile[i];
	return NULL;
}

static double quiet_at(const struct client_profile *profile, double hours)
{
	return client_profile_quiet(profile, hours, CLIENT_PROFILE_SILENCE_HOURS).value;
}

/* Age from which there is, with QUIET_PROBABILITY, no call for 30 days; `from` or later. INFINITY
 * when it is further away than is told. */
static double quiet_age(const struct client_profile *profile, double from)
{
	double low = from, high = fmax(HOURS_MAX, from);
	if (quiet_at(profile, low) >= QUIET_PROBABILITY)
		return low;
	if (!(quiet_at(profile, high) >= QUIET_PROBABILITY))
		return INFINITY;
	while (high - low > HOURS_FINE) {
		double middle = (low + high) / 2;
		if (quiet_at(profile, middle) >= QUIET_PROBABILITY)
			high = middle;
		else
			low = middle;
	}
	return high;
}

void known_clients_forecast(const struct known_clients *known, const struct cluster *cluster,
			    int64_t to, struct diagnosis *diagnosis)
{
	if (diagnosis->likeliest != VERDICT_RESIDUAL_P2P || cluster->first_us == ALERT_TIME_UNKNOWN)
		return;
	const struct client_profile *profile = find(known, diagnosis);
	if (!profile)
		return;
	int64_t began =
		known->retired != TIME_UNKNOWN ? known->retired : cluster->first_us / 1000000;
	bool own = diagnosis->quiet != QUIET_UNKNOWN;
	double now = fmax((double)(to - began) / 3600, 0), age = quiet_age(profile, now);
	if (!isfinite(age) || (own && now >= profile->hours_to_daily.value))
		return;
	int64_t day = age > now ? began + (int64_t)(age * 3600) : to;
	if (own && day <= diagnosis->quiet_by)
		return;
	diagnosis->profile = profile;
	diagnosis->quiet = age > now ? QUIET_BY : QUIET_ALREADY;
	diagnosis->quiet_by = day;
	diagnosis->quiet_probability = age > now ? QUIET_PROBABILITY : quiet_at(profile, now);
}
