/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client_profile_file.h"

#include "../observer/base/whole_file.h"

#include <math.h>

static void write_estimate(FILE *stream, const char *name, const struct interval *interval)
{
	if (interval->known && isfinite(interval->value))
		fprintf(stream, "%s = %.6g %.6g %.6g\n", name, interval->value, interval->low,
			interval->high);
}

static void write_decay(const struct client_profile *profile, FILE *stream)
{
	fprintf(stream, "\n[decay]\nfamily = %s\nlikelihood = %s\ncounts = %s\n",
		family_name(profile->family), likelihood_name(profile->likelihood),
		profile->counts_attempts ? "attempts" : "syn");
	if (!isnan(profile->syn_per_attempt))
		fprintf(stream, "syn_per_attempt = %.6g\n", profile->syn_per_attempt);
	for (int i = 0; i < client_profile_parameters(profile); i++)
		write_estimate(stream, client_profile_parameter_name(profile, i),
			       &profile->parameter[client_profile_place(profile, i)]);
	write_estimate(stream, "half_life_hours", &profile->half_life_hours);
	write_estimate(stream, "hours_to_one_a_day", &profile->hours_to_daily);
}

static void write_record(const struct client_profile *profile, struct profile_record record,
			 FILE *stream)
{
	fprintf(stream,
		"\n[record %s]\nspan_hours = %.6g\nobserved_hours = %.6g\ncount = %.12g\n"
		"last_hours = %.6g\n",
		record.name, record.span_hours, record.observed_hours, record.count,
		record.last_hours);
	if (!isnan(record.silent_after_hours))
		fprintf(stream, "silent_after_hours = %.6g\n", record.silent_after_hours);
	fprintf(stream, "day_dispersion = %.6g\n", record.day_dispersion);
	for (int i = 0; i < client_profile_parameters(profile); i++)
		fprintf(stream, "%s = %.6g\n", client_profile_parameter_name(profile, i),
			*client_profile_value(profile, &record, i));
}

int client_profile_write(const struct client_profile *profile, const char *path,
			 struct failure *failure)
{
	struct whole_file file;
	if (whole_file_open(&file, path, failure) < 0)
		return -1;
	FILE *stream = file.stream;
	fprintf(stream,
		"# What %zu record%s of one client's retired nodes say of it, as 'stalenode "
		"analyze "
		"--write-profile'\n# wrote it. Hours are since the retirement, rates are counts "
		"per hour; of three numbers the last\n# two are the 95 %% interval of the first.\n"
		"\n[client]\nname = %s\n",
		profile->records, profile->records == 1 ? "" : "s", profile->client);
	if (profile->version[0])
		fprintf(stream, "version = %s\n", profile->version);
	if (profile->policy[0])
		fprintf(stream, "policy = %s\n", profile->policy);
	for (size_t i = 0; i < profile->ports; i++)
		fprintf(stream, "%s%u%s", i ? "," : "ports = ", (unsigned)profile->port[i],
			i + 1 == profile->ports ? "\n" : "");
	if (profile->origin[0])
		fprintf(stream, "origin = %s\n", profile->origin);
	write_decay(profile, stream);
	for (size_t i = 0; i < profile->records; i++)
		write_record(profile, profile->record[i], stream);
	return whole_file_close(&file, failure);
}
