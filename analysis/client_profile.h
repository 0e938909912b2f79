/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_profile: what the records of one client's retired nodes say together of the client, for
 * an address whose own record is too young or too small to say it: how many calls to expect at an
 * age, how likely silence is, when one call a day is left.
 *
 * Times are hours since retirement, rates are counts per hour unless a name says per_day. What is
 * counted is attempts or SYNs, as the profile says; the background of an address is no property of
 * a client and not in it. Every answer is of the records' own fits of one family: the median (of
 * probabilities the mean), and the lowest and highest of them. With one record these are the same:
 * how much addresses differ is then not known. */
#ifndef STALENODE_CLIENT_PROFILE_H
#define STALENODE_CLIENT_PROFILE_H

#include "fit.h"

#include "../observer/target.h"

#define CLIENT_PROFILE_RECORDS_MAX 64
#define CLIENT_PROFILE_TEXT_SIZE   129
/* Silence is so many observed hours without a count: 30 days. */
#define CLIENT_PROFILE_SILENCE_HOURS 720.0

struct profile_record {
	char name[TARGET_NAME_SIZE];
	double span_hours; /* to the end of the record */
	double observed_hours;
	double count;
	double last_hours;	   /* the last count; within span_hours */
	double silent_after_hours; /* the last count before the first silence; NAN: not in it */
	double day_dispersion;	   /* phi of days where they vary together, else 0 */
	/* Of the profile's family and likelihood, the background left out (at its floor). */
	double parameter[FAMILY_PARAMETERS_MAX];
	double dispersion;
};

struct client_profile {
	char client[65];
	char version[33];		       /* "" when unknown, or when the records differ */
	char policy[8];			       /* likewise */
	char origin[CLIENT_PROFILE_TEXT_SIZE]; /* what the records are, in words; "" unknown */
	uint16_t port[TARGET_PORTS_MAX];       /* the first so many different ones */
	size_t ports;
	bool counts_attempts;
	double syn_per_attempt; /* NAN when unknown */
	enum family family;	/* never const */
	enum likelihood likelihood;
	/* Means over the records with the 95 % interval of these means; the dispersion last of the
	 * family's. */
	struct interval parameter[FAMILY_PARAMETERS_MAX + 1];
	struct interval half_life_hours, hours_to_daily;
	struct profile_record record[CLIENT_PROFILE_RECORDS_MAX];
	size_t records; /* 1 or more */
};

/* Over the records. */
struct profile_range {
	double value, low, high; /* INFINITY: never */
};

/* Expected counts per day at an age. */
struct profile_range client_profile_per_day(const struct client_profile *profile, double hours);
/* Probability of no count from that age on, for so many hours. */
struct profile_range client_profile_quiet(const struct client_profile *profile, double hours,
					  double for_hours);
/* Age at which so many counts per day are left. */
struct profile_range client_profile_hours_to_rate(const struct client_profile *profile,
						  double per_day);
/* Age at which a share (0 to 1) of the records had fallen silent; INFINITY when fewer did. */
double client_profile_silent_after(const struct client_profile *profile, double share);
size_t client_profile_silent_records(const struct client_profile *profile);
/* Length of the longest record: what is said of later is extrapolated. */
double client_profile_longest(const struct client_profile *profile);

/* Parameters that records and profile hold: those of the family without the background, and the
 * dispersion of the likelihood, if any. */
int client_profile_parameters(const struct client_profile *profile);
/* Name, and place in profile->parameter[]; in a record, the dispersion stands apart. */
const char *client_profile_parameter_name(const struct client_profile *profile, int index);
int client_profile_place(const struct client_profile *profile, int index);
double *client_profile_value(const struct client_profile *profile, struct profile_record *record,
			     int index);

#endif
