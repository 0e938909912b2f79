/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client_profile_file.h"

#include "../observer/base/ini_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOURS_MOST 1e6 /* of a record: a hundred years */
#define COUNT_MOST 1e12
#define ROUNDING   1e-5 /* written with 6 digits, a number may lie so much beyond its limit */
#define TIMES_MOST 1e12 /* of half-lives: the furthest that family_time_of_rate() looks */

enum part { PART_NONE, PART_CLIENT, PART_DECAY, PART_RECORD };

struct reading {
	struct client_profile *profile;
	enum part part;
	bool family_known, likelihood_known, counts_known;
};

/* A number of a record or of the whole. */
struct number {
	const char *name;
	double minimum, maximum;
	double *value;
};

/* Text that is still empty is not given yet. */
static int take_text(char *text, size_t size, const char *key, const char *value,
		     struct failure *failure)
{
	if (text[0])
		return fail(failure, EXIT_WRONG_USE, "%.40s is given twice: keep one", key);
	if (!client_profile_text_valid(value) || strlen(value) >= size)
		return fail(failure, EXIT_WRONG_USE,
			    "%.40s: 1 to %zu printable characters without ';' are allowed", key,
			    size - 1);
	memcpy(text, value, strlen(value) + 1);
	return 0;
}

bool client_profile_text_valid(const char *text)
{
	size_t length = strlen(text);
	if (length == 0 || length >= CLIENT_PROFILE_TEXT_SIZE || text[0] == ' ' ||
	    text[length - 1] == ' ')
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f || text[i] == ';')
			return false;
	return true;
}

/* Numbers separated by blanks; false unless there are exactly `count`. */
static bool read_numbers(const char *text, double *number, size_t count)
{
	char *end;
	for (size_t i = 0; i < count; i++) {
		number[i] = strtod(text, &end);
		if (end == text || isnan(number[i]))
			return false;
		text = end;
	}
	return *text == '\0';
}

static int take_number(const struct number *number, const char *text, struct failure *failure)
{
	double value;
	if (!isnan(*number->value))
		return fail(failure, EXIT_WRONG_USE, "%s is given twice: keep one", number->name);
	if (!read_numbers(text, &value, 1) || value < number->minimum * (1 - ROUNDING) ||
	    value > number->maximum * (1 + ROUNDING))
		return fail(failure, EXIT_WRONG_USE,
			    "%s is '%.40s': a number from %g to %g is allowed", number->name, text,
			    number->minimum, number->maximum);
	*number->value = fmin(fmax(value, number->minimum), number->maximum);
	return 0;
}

/* "VALUE LOW HIGH", LOW <= VALUE <= HIGH; HIGH may be "inf". */
static int take_estimate(struct interval *interval, const char *key, double minimum, double maximum,
			 const char *text, struct failure *failure)
{
	double number[3];
	if (interval->known)
		return fail(failure, EXIT_WRONG_USE, "%.40s is given twice: keep one", key);
	if (!read_numbers(text, number, 3) || number[0] < minimum * (1 - ROUNDING) ||
	    number[0] > maximum * (1 + ROUNDING) || number[1] < 0 || number[1] > number[0] ||
	    number[2] < number[0])
		return fail(failure, EXIT_WRONG_USE,
			    "%.40s is '%.60s': an estimate from %g to %g and its interval are "
			    "allowed, as in '9 8.5 9.5'",
			    key, text, minimum, maximum);
	*interval = (struct interval){number[0], number[1], number[2], true};
	return 0;
}

static int take_client(struct client_profile *profile, const char *key, const char *value,
		       struct failure *failure)
{
	if (strcmp(key, "name") == 0)
		return take_text(profile->client, sizeof profile->client, key, value, failure);
	if (strcmp(key, "version") == 0)
		return take_text(profile->version, sizeof profile->version, key, value, failure);
	if (strcmp(key, "origin") == 0)
		return take_text(profile->origin, sizeof profile->origin, key, value, failure);
	if (strcmp(key, "policy") == 0) {
		if (strcmp(value, "drop") != 0 && strcmp(value, "rst") != 0)
			return fail(failure, EXIT_WRONG_USE, "policy is '%.40s': drop or rst",
				    value);
		return take_text(profile->policy, sizeof profile->policy, key, value, failure);
	}
	if (strcmp(key, "ports") == 0) {
		if (profile->ports > 0)
			return fail(failure, EXIT_WRONG_USE, "ports is given twice: keep one");
		if (!target_parse_ports(value, profile->port, TARGET_PORTS_MAX, &profile->ports)) {
			profile->ports = 0;
			return fail(failure, EXIT_WRONG_USE,
				    "ports is '%.60s': 1 to %d ports are allowed, as in 4662,4672",
				    value, TARGET_PORTS_MAX);
		}
		return 0;
	}
	return fail(failure, EXIT_WRONG_USE,
		    "%.40s is no key of [client]: name, version, policy, ports, origin", key);
}

static int take_family(struct reading *reading, const char *value, struct failure *failure)
{
	for (int f = FAMILY_CONST + 1; f < FAMILIES; f++)
		if (strcmp(family_name((enum family)f), value) == 0 && !reading->family_known) {
			reading->profile->family = (enum family)f;
			reading->family_known = true;
			return 0;
		}
	return fail(failure, EXIT_WRONG_USE,
		    "family is '%.40s': once one of exp, biexp, weibull, omori, logistic, "
		    "plateau_exp and plateau_omori",
		    value);
}

static int take_likelihood(struct reading *reading, const char *value, struct failure *failure)
{
	for (int l = 0; l < LIKELIHOODS; l++)
		if (strcmp(likelihood_name((enum likelihood)l), value) == 0 &&
		    !reading->likelihood_known) {
			reading->profile->likelihood = (enum likelihood)l;
			reading->likelihood_known = true;
			return 0;
		}
	return fail(failure, EXIT_WRONG_USE,
		    "likelihood is '%.40s': once one of poisson, nb1 and nb2", value);
}

static int take_counts(struct reading *reading, const char *value, struct failure *failure)
{
	reading->profile->counts_attempts = strcmp(value, "attempts") == 0;
	if (reading->counts_known ||
	    (strcmp(value, "syn") != 0 && !reading->profile->counts_attempts))
		return fail(failure, EXIT_WRONG_USE, "counts is '%.40s': once attempts or syn",
			    value);
	reading->counts_known = true;
	return 0;
}

/* Index of a parameter, or -1. */
static int find_parameter(const struct client_profile *profile, const char *key)
{
	for (int i = 0; i < client_profile_parameters(profile); i++)
		if (strcmp(client_profile_parameter_name(profile, i), key) == 0)
			return i;
	return -1;
}

static const struct parameter *box_of(const struct client_profile *profile, int index)
{
	return family_parameter(profile->family, client_profile_place(profile, index));
}

static int take_decay(struct reading *reading, const char *key, const char *value,
		      struct failure *failure)
{
	struct client_profile *profile = reading->profile;
	if (strcmp(key, "family") == 0)
		return take_family(reading, value, failure);
	if (strcmp(key, "likelihood") == 0)
		return take_likelihood(reading, value, failure);
	if (!reading->family_known || !reading->likelihood_known)
		return fail(failure, EXIT_WRONG_USE,
			    "%.40s stands before family and likelihood: write them first", key);
	if (strcmp(key, "counts") == 0)
		return take_counts(reading, value, failure);
	if (strcmp(key, "syn_per_attempt") == 0) {
		struct number number = {key, 1, 1e3, &profile->syn_per_attempt};
		return take_number(&number, value, failure);
	}
	if (strcmp(key, "half_life_hours") == 0)
		return take_estimate(&profile->half_life_hours, key, 0, TIMES_MOST, value, failure);
	if (strcmp(key, "hours_to_one_a_day") == 0)
		return take_estimate(&profile->hours_to_daily, key, 0, TIMES_MOST, value, failure);
	int index = find_parameter(profile, key);
	if (index < 0)
		return fail(failure, EXIT_WRONG_USE,
			    "%.40s is no key of [decay], and no parameter of %s under %s", key,
			    family_name(profile->family), likelihood_name(profile->likelihood));
	const struct parameter *box = box_of(profile, index);
	return take_estimate(&profile->parameter[client_profile_place(profile, index)], key,
			     box->low, box->high, value, failure);
}

static int take_record(struct reading *reading, const char *key, const char *value,
		       struct failure *failure)
{
	struct client_profile *profile = reading->profile;
	struct profile_record *record = &profile->record[profile->records - 1];
	const struct number numbers[] = {
		{"span_hours", 1.0 / 12, HOURS_MOST, &record->span_hours},
		{"observed_hours", 1.0 / 3600, HOURS_MOST, &record->observed_hours},
		{"count", 1, COUNT_MOST, &record->count},
		{"last_hours", 0, HOURS_MOST, &record->last_hours},
		{"silent_after_hours", 0, HOURS_MOST, &record->silent_after_hours},
		{"day_dispersion", 0, COUNT_MOST, &record->day_dispersion},
	};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (strcmp(numbers[i].name, key) == 0)
			return take_number(&numbers[i], value, failure);
	int index = find_parameter(profile, key);
	if (index < 0)
		return fail(failure, EXIT_WRONG_USE,
			    "%.40s is no key of a record, and no parameter of %s under %s", key,
			    family_name(profile->family), likelihood_name(profile->likelihood));
	const struct parameter *box = box_of(profile, index);
	struct number number = {key, box->low, box->high,
				client_profile_value(profile, record, index)};
	return take_number(&number, value, failure);
}

static int entry(void *context, int line, const char *key, const char *value,
		 struct failure *failure)
{
	struct reading *reading = context;
	(void)line;
	if (reading->part == PART_CLIENT)
		return take_client(reading->profile, key, value, failure);
	if (reading->part == PART_DECAY)
		return take_decay(reading, key, value, failure);
	return take_record(reading, key, value, failure);
}

/* What is missing of the section that ends; NULL when it is whole. */
static const char *missing(const struct reading *reading)
{
	struct client_profile *profile = reading->profile;
	if (reading->part == PART_CLIENT)
		return profile->client[0] ? NULL : "name";
	if (reading->part == PART_DECAY)
		return !reading->family_known	    ? "family"
		       : !reading->likelihood_known ? "likelihood"
		       : !reading->counts_known	    ? "counts"
						    : NULL;
	if (reading->part == PART_NONE)
		return NULL;
	struct profile_record *record = &profile->record[profile->records - 1];
	for (int i = 0; i < client_profile_parameters(profile); i++)
		if (isnan(*client_profile_value(profile, record, i)))
			return client_profile_parameter_name(profile, i);
	return isnan(record->span_hours)       ? "span_hours"
	       : isnan(record->observed_hours) ? "observed_hours"
	       : isnan(record->count)	       ? "count"
	       : isnan(record->last_hours)     ? "last_hours"
	       : isnan(record->day_dispersion) ? "day_dispersion"
					       : NULL;
}

static int end_section(const struct reading *reading, struct failure *failure)
{
	const char *key = missing(reading);
	if (key)
		return fail(failure, EXIT_WRONG_USE, "the section before lacks %s: write it", key);
	return 0;
}

static int begin_record(struct client_profile *profile, const char *name, struct failure *failure)
{
	if (profile->records == CLIENT_PROFILE_RECORDS_MAX)
		return fail(failure, EXIT_WRONG_USE, "more than %d records: leave some out",
			    CLIENT_PROFILE_RECORDS_MAX);
	if (!target_name_valid(name))
		return fail(failure, EXIT_WRONG_USE,
			    "[record %.80s]: a name of 1 to 64 of A-Z a-z 0-9 . _ - is allowed",
			    name);
	for (size_t i = 0; i < profile->records; i++)
		if (strcmp(profile->record[i].name, name) == 0)
			return fail(failure, EXIT_WRONG_USE, "[record %s] is given twice: keep one",
				    name);
	struct profile_record *record = &profile->record[profile->records++];
	*record = (struct profile_record){
		.span_hours = NAN,
		.observed_hours = NAN,
		.count = NAN,
		.last_hours = NAN,
		.silent_after_hours = NAN,
		.day_dispersion = NAN,
	};
	memcpy(record->name, name, strlen(name) + 1);
	for (int i = 0; i < client_profile_parameters(profile); i++)
		*client_profile_value(profile, record, i) = NAN;
	int background = family_parameters(profile->family) - 1;
	record->parameter[background] = family_parameter(profile->family, background)->low;
	return 0;
}

static int section(void *context, int line, const char *name, struct failure *failure)
{
	static const char record[] = "record ";
	struct reading *reading = context;
	(void)line;
	if (end_section(reading, failure) < 0)
		return -1;
	if (reading->part == PART_NONE && strcmp(name, "client") == 0) {
		reading->part = PART_CLIENT;
		return 0;
	}
	if (reading->part == PART_CLIENT && strcmp(name, "decay") == 0) {
		reading->part = PART_DECAY;
		return 0;
	}
	if (reading->part >= PART_DECAY && strncmp(name, record, sizeof record - 1) == 0) {
		reading->part = PART_RECORD;
		return begin_record(reading->profile, name + sizeof record - 1, failure);
	}
	return fail(failure, EXIT_WRONG_USE,
		    "[%.40s] here: [client], [decay], then [record NAME] sections are allowed",
		    name);
}

int client_profile_read(struct client_profile *profile, const char *path, struct failure *failure)
{
	static const struct ini_handler handler = {section, entry};
	struct reading reading = {.profile = profile};
	struct failure lacks = {0};
	int lines = 0;
	*profile = (struct client_profile){.syn_per_attempt = NAN};
	if (ini_file_read(path, &handler, &reading, &lines, failure) < 0)
		return -1;
	if (end_section(&reading, &lacks) < 0)
		return fail(failure, EXIT_WRONG_USE, "%s:%d: %s", path, lines, lacks.text);
	if (profile->records == 0)
		return fail(failure, EXIT_WRONG_USE,
			    "%s:%d: no [record NAME]: a profile holds what 1 to %d records say",
			    path, lines, CLIENT_PROFILE_RECORDS_MAX);
	return 0;
}
