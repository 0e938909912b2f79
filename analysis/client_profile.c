/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client_profile.h"

#include "forecast.h"

#include <math.h>
#include <stdlib.h>

#define DAY_HOURS 24.0

static int by_value(const void *left, const void *right)
{
	double one = *(const double *)left, other = *(const double *)right;
	return (one > other) - (one < other);
}

/* Sorts the values: their median, lowest and highest. */
static struct profile_range range_of(double *value, size_t count)
{
	qsort(value, count, sizeof *value, by_value);
	double below = value[(count - 1) / 2], above = value[count / 2];
	double middle = isfinite(above) ? below + (above - below) / 2 : above;
	return (struct profile_range){middle, value[0], value[count - 1]};
}

struct profile_range client_profile_per_day(const struct client_profile *profile, double hours)
{
	double value[CLIENT_PROFILE_RECORDS_MAX];
	for (size_t i = 0; i < profile->records; i++)
		value[i] = DAY_HOURS *
			   family_rate(profile->family, profile->record[i].parameter, hours);
	return range_of(value, profile->records);
}

struct profile_range client_profile_hours_to_rate(const struct client_profile *profile,
						  double per_day)
{
	double value[CLIENT_PROFILE_RECORDS_MAX];
	for (size_t i = 0; i < profile->records; i++)
		value[i] = family_time_of_rate(profile->family, profile->record[i].parameter,
					       per_day / DAY_HOURS);
	return range_of(value, profile->records);
}

/* Where days vary together, silence goes by the dispersion of days, see forecast.h. */
static double quiet(const struct client_profile *profile, const struct profile_record *record,
		    double from, double to)
{
	struct fit fit = {.done = true,
			  .family = profile->family,
			  .likelihood = profile->likelihood,
			  .dispersion = record->dispersion};
	for (int i = 0; i < FAMILY_PARAMETERS_MAX; i++)
		fit.parameter[i] = record->parameter[i];
	if (record->day_dispersion > 0) {
		fit.likelihood = LIKELIHOOD_NB1;
		fit.dispersion = record->day_dispersion;
	}
	return forecast_silence(&fit, from, to);
}

struct profile_range client_profile_quiet(const struct client_profile *profile, double hours,
					  double for_hours)
{
	double value[CLIENT_PROFILE_RECORDS_MAX], sum = 0;
	for (size_t i = 0; i < profile->records; i++) {
		value[i] = quiet(profile, &profile->record[i], hours, hours + for_hours);
		sum += value[i];
	}
	struct profile_range range = range_of(value, profile->records);
	range.value = sum / (double)profile->records;
	return range;
}

size_t client_profile_silent_records(const struct client_profile *profile)
{
	size_t silent = 0;
	for (size_t i = 0; i < profile->records; i++)
		silent += isnan(profile->record[i].silent_after_hours) ? 0 : 1;
	return silent;
}

double client_profile_silent_after(const struct client_profile *profile, double share)
{
	double value[CLIENT_PROFILE_RECORDS_MAX];
	size_t needed = (size_t)ceil(share * (double)profile->records - 1e-9);
	for (size_t i = 0; i < profile->records; i++) {
		double after = profile->record[i].silent_after_hours;
		value[i] = isnan(after) ? INFINITY : after;
	}
	qsort(value, profile->records, sizeof *value, by_value);
	needed = needed < 1 ? 1 : needed > profile->records ? profile->records : needed;
	return value[needed - 1];
}

double client_profile_longest(const struct client_profile *profile)
{
	double longest = 0;
	for (size_t i = 0; i < profile->records; i++)
		longest = fmax(longest, profile->record[i].span_hours);
	return longest;
}

int client_profile_parameters(const struct client_profile *profile)
{
	return family_parameters(profile->family) - 1 + likelihood_dispersions(profile->likelihood);
}

static bool is_dispersion(const struct client_profile *profile, int index)
{
	return index == family_parameters(profile->family) - 1;
}

const char *client_profile_parameter_name(const struct client_profile *profile, int index)
{
	return is_dispersion(profile, index) ? likelihood_dispersion_name(profile->likelihood)
					     : family_parameter_name(profile->family, index);
}

int client_profile_place(const struct client_profile *profile, int index)
{
	return is_dispersion(profile, index) ? family_parameters(profile->family) : index;
}

double *client_profile_value(const struct client_profile *profile, struct profile_record *record,
			     int index)
{
	return is_dispersion(profile, index) ? &record->dispersion : &record->parameter[index];
}
