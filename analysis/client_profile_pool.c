/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client_profile_pool.h"

#include "choice.h"
#include "client_profile_file.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct client_profile_pool {
	struct client_profile profile;
	struct fit fit[CLIENT_PROFILE_RECORDS_MAX][LIKELIHOODS][FAMILIES];
	/* Of the last record, with its intervals. */
	struct fit best;
	struct interval half_life, to_daily;
	double counted, syn;
};

struct client_profile_pool *client_profile_pool_new(void)
{
	return calloc(1, sizeof(struct client_profile_pool));
}

void client_profile_pool_free(struct client_profile_pool *pool)
{
	free(pool);
}

/* The end of the last bucket with a count, and that before the first silence. */
static void find_silence(struct profile_record *record, const struct series *series)
{
	double quiet = 0;
	record->silent_after_hours = NAN;
	for (size_t i = series->first; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		if (row->count > 0) {
			record->last_hours = (double)(row->start + 300 - series->retired) / 3600;
			quiet = 0;
			continue;
		}
		quiet += row->observed_seconds / 3600.0;
		if (quiet >= CLIENT_PROFILE_SILENCE_HOURS && isnan(record->silent_after_hours))
			record->silent_after_hours = record->last_hours;
	}
}

static void add_ports(struct client_profile *profile, const struct series *series)
{
	for (size_t i = 0; i < series->ports; i++) {
		bool known = false;
		for (size_t j = 0; j < profile->ports; j++)
			known = known || profile->port[j] == series->port[i];
		if (!known && profile->ports < TARGET_PORTS_MAX)
			profile->port[profile->ports++] = series->port[i];
	}
}

static int check(const struct client_profile *profile, const struct analysis *analysis,
		 struct failure *failure)
{
	const struct series *series = analysis->series;
	if (!series->client[0])
		return fail(failure, EXIT_FAILED,
			    "%s: of no known client, so of no profile: import it with "
			    ":client=NAME, and give its target directory",
			    series->name);
	if (!client_profile_text_valid(series->client))
		return fail(failure, EXIT_FAILED,
			    "%s: a profile cannot hold its client's name '%s': name it without ';'",
			    series->name, series->client);
	if (profile->records > 0 && strcasecmp(profile->client, series->client) != 0)
		return fail(failure, EXIT_FAILED,
			    "%s: of %s, and the series before of %s: a profile is of one client",
			    series->name, series->client, profile->client);
	if (choice_evidence(analysis) < CHOICE_FEWEST)
		return fail(failure, EXIT_FAILED,
			    "%s: %zu attempts (or buckets with a SYN) are too few for a profile, "
			    "which takes %d: leave it out",
			    series->name, choice_evidence(analysis), CHOICE_FEWEST);
	if (profile->records == CLIENT_PROFILE_RECORDS_MAX)
		return fail(failure, EXIT_FAILED,
			    "%s: more than %d series for one profile: leave some out", series->name,
			    CLIENT_PROFILE_RECORDS_MAX);
	for (size_t i = 0; i < profile->records; i++)
		if (strcmp(profile->record[i].name, series->name) == 0)
			return fail(failure, EXIT_FAILED,
				    "%s: two series of this name: a profile takes each once",
				    series->name);
	if (!target_name_valid(series->name))
		return fail(failure, EXIT_FAILED,
			    "%.80s: not a name that a profile can hold: 1 to 64 of A-Z a-z 0-9 . _ "
			    "-",
			    series->name);
	return 0;
}

static void take_client(struct client_profile *profile, const struct series *series)
{
	if (profile->records == 0) {
		snprintf(profile->client, sizeof profile->client, "%s", series->client);
		snprintf(profile->version, sizeof profile->version, "%s", series->version);
		snprintf(profile->policy, sizeof profile->policy, "%s", series->policy);
		profile->counts_attempts = series->counts_attempts;
	}
	if (strcmp(profile->version, series->version) != 0 ||
	    !client_profile_text_valid(profile->version))
		profile->version[0] = '\0';
	if (strcmp(profile->policy, series->policy) != 0)
		profile->policy[0] = '\0';
	add_ports(profile, series);
}

int client_profile_pool_add(struct client_profile_pool *pool, const struct analysis *analysis,
			    struct failure *failure)
{
	struct client_profile *profile = &pool->profile;
	const struct series *series = analysis->series;
	size_t place = profile->records;
	if (check(profile, analysis, failure) < 0)
		return -1;
	take_client(profile, series);
	struct profile_record *record = &profile->record[profile->records++];
	snprintf(record->name, sizeof record->name, "%.64s", series->name);
	record->span_hours = analysis->span_hours;
	record->observed_hours = analysis->covered_hours;
	record->count = (double)analysis->count;
	record->day_dispersion = analysis->clustered ? fmax(analysis->fano[3] - 1, 0) : 0;
	find_silence(record, series);
	memcpy(pool->fit[place], analysis->fit, sizeof pool->fit[place]);
	pool->best = analysis->best;
	pool->half_life = analysis->half_life_hours;
	pool->to_daily = analysis->hours_to_daily;
	pool->counted += (double)analysis->count;
	pool->syn += (double)analysis->syn;
	return 0;
}

/* INFINITY when not every record has that fit. */
static double summed_bic(const struct client_profile_pool *pool, int likelihood, int family)
{
	double sum = 0;
	for (size_t i = 0; i < pool->profile.records; i++) {
		const struct fit *fit = &pool->fit[i][likelihood][family];
		sum += fit->done ? fit->bic : INFINITY;
	}
	return sum;
}

static int choose(const struct client_profile_pool *pool, struct client_profile *profile,
		  struct failure *failure)
{
	double lowest = INFINITY;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			double bic = summed_bic(pool, l, f);
			if (bic < lowest) {
				lowest = bic;
				profile->likelihood = (enum likelihood)l;
				profile->family = (enum family)f;
			}
		}
	if (!isfinite(lowest) || profile->family == FAMILY_CONST)
		return fail(failure, EXIT_FAILED,
			    "%s: the calls in these records do not decay: there is nothing to "
			    "write into a profile",
			    profile->client);
	return 0;
}

/* The mean of the logarithms and Student's interval; not known when one of them is 0 or infinite.
 */
static struct interval mean_of(const double *value, size_t values)
{
	double sum = 0, squares = 0, count = (double)values;
	for (size_t i = 0; i < values; i++)
		sum += log(value[i]);
	double mean = sum / count;
	if (!isfinite(mean))
		return (struct interval){NAN, NAN, NAN, false};
	for (size_t i = 0; i < values; i++)
		squares += (log(value[i]) - mean) * (log(value[i]) - mean);
	double half = gsl_cdf_tdist_Pinv(0.975, count - 1) * sqrt(squares / (count - 1) / count);
	return (struct interval){exp(mean), exp(mean - half), exp(mean + half), true};
}

/* Parameters, half-life and hours to one count a day, over two records or more. */
static void pool_records(struct client_profile *profile)
{
	double value[CLIENT_PROFILE_RECORDS_MAX], daily[CLIENT_PROFILE_RECORDS_MAX];
	for (int p = 0; p < client_profile_parameters(profile); p++) {
		for (size_t i = 0; i < profile->records; i++)
			value[i] = *client_profile_value(profile, &profile->record[i], p);
		profile->parameter[client_profile_place(profile, p)] =
			mean_of(value, profile->records);
	}
	for (size_t i = 0; i < profile->records; i++) {
		const double *parameter = profile->record[i].parameter;
		double first = family_rate(profile->family, parameter, 0);
		value[i] = family_time_of_rate(profile->family, parameter, first / 2);
		daily[i] = family_time_of_rate(profile->family, parameter, 1.0 / 24);
	}
	profile->half_life_hours = mean_of(value, profile->records);
	profile->hours_to_daily = mean_of(daily, profile->records);
}

/* A single record keeps its own intervals, where its own best fit is the one told. */
static void keep_intervals(const struct client_profile_pool *pool, struct client_profile *profile)
{
	struct fit best = pool->best;
	profile->half_life_hours = pool->half_life;
	profile->hours_to_daily = pool->to_daily;
	if (best.family != profile->family || best.likelihood != profile->likelihood ||
	    best.waves > 0)
		return;
	for (int p = 0; p < client_profile_parameters(profile); p++)
		/* A fit's dispersion comes behind the background. */
		profile->parameter[client_profile_place(profile, p)] =
			*fit_interval(&best, client_profile_place(profile, p));
}

int client_profile_pool_finish(const struct client_profile_pool *pool,
			       struct client_profile *profile, struct failure *failure)
{
	*profile = pool->profile;
	if (choose(pool, profile, failure) < 0)
		return -1;
	int background = family_parameters(profile->family) - 1;
	for (size_t i = 0; i < profile->records; i++) {
		struct profile_record *record = &profile->record[i];
		const struct fit *fit = &pool->fit[i][profile->likelihood][profile->family];
		memcpy(record->parameter, fit->parameter, sizeof record->parameter);
		record->parameter[background] = family_parameter(profile->family, background)->low;
		record->dispersion = fit->dispersion;
	}
	if (profile->records > 1)
		pool_records(profile);
	else
		keep_intervals(pool, profile);
	profile->syn_per_attempt = profile->counts_attempts ? pool->syn / pool->counted : NAN;
	return 0;
}
