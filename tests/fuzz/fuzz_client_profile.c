/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is the profile of a client. What is taken answers within its bounds and comes back from
 * what is written of it; what is refused says where. */
#include "../../analysis/client_profile_file.h"

#include "harness.h"

#include <math.h>

static void check_range(struct profile_range range)
{
	promise(range.low <= range.high && range.low >= 0);
	promise(range.value >= 0 && !isnan(range.value));
}

static void check_answers(const struct client_profile *profile)
{
	static const double ages[] = {0, 0.5, 24, 337, 4320, 1e5};
	promise(profile->records >= 1 && profile->records <= CLIENT_PROFILE_RECORDS_MAX);
	for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
		check_range(client_profile_per_day(profile, ages[i]));
		struct profile_range quiet = client_profile_quiet(profile, ages[i], 720);
		check_range(quiet);
		promise(quiet.high <= 1 && quiet.value <= 1 + 1e-9);
	}
	check_range(client_profile_hours_to_rate(profile, 1));
	promise(client_profile_silent_after(profile, 0.1) <=
		client_profile_silent_after(profile, 0.9));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct client_profile profile, back;
	struct failure failure = {0};
	char path[64], again[64];
	int file = memory_file(data, size, path);
	if (client_profile_read(&profile, path, &failure) == 0) {
		check_answers(&profile);
		snprintf(again, sizeof again, "/tmp/stalenode-fuzz-%ld.conf", (long)getpid());
		promise(client_profile_write(&profile, again, &failure) == 0);
		if (client_profile_read(&back, again, &failure) != 0)
			fprintf(stderr, "%s\n", failure.text);
		promise(failure.status == EXIT_DONE && back.records == profile.records &&
			back.family == profile.family && back.ports == profile.ports);
		promise(strcmp(back.client, profile.client) == 0 &&
			strcmp(back.origin, profile.origin) == 0);
		unlink(again);
	} else {
		size_t length = strlen(path);
		promise(failure.status == EXIT_WRONG_USE);
		promise(strncmp(failure.text, path, length) == 0 && failure.text[length] == ':');
	}
	close(file);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const char *const seeds[] = {
		"[client]\nname = Winny\nversion = 2b71\npolicy = drop\nports = 7743,80\n"
		"origin = made\n\n[decay]\nfamily = plateau_exp\nlikelihood = nb1\n"
		"counts = attempts\nsyn_per_attempt = 2.9\nA1 = 80 79 81\nT = 9 9 9\n"
		"A2 = 2 1 3\ntau = 60 50 inf\nphi = 1 0.5 2\nhalf_life_hours = 9 8.5 9.5\n"
		"hours_to_one_a_day = 300 200 400\n\n[record winny-1]\nspan_hours = 4320\n"
		"observed_hours = 4319.5\ncount = 1200\nlast_hours = 598\n"
		"silent_after_hours = 598\nday_dispersion = 3\nA1 = 80\nT = 9\nA2 = 2\n"
		"tau = 60\nphi = 1\n",
		"[client]\nname=S\n[decay]\nfamily=omori\nlikelihood=nb2\ncounts=syn\n[record a]\n"
		"span_hours=1\nobserved_hours=1\ncount=9\nlast_hours=1\nday_dispersion=0\n"
		"A=1\nc=1\np=0.9\nalpha=0.1\n[record b]\nspan_hours=1\nobserved_hours=1\n"
		"count=9\nlast_hours=1\nday_dispersion=1\nA=1e3\nc=1\np=1\nalpha=9\n",
		"[client]\nname=S\n[decay]\nfamily=weibull\nlikelihood=poisson\ncounts=syn\n"
		"[record a]\nspan_hours=9\nobserved_hours=1\ncount=9\nlast_hours=1\n"
		"day_dispersion=0\nA=1\ntau=2\nbeta=0.4\n",
		"[client]\nname=S\n[decay]\nfamily=biexp\nlikelihood=poisson\ncounts=syn\n"
		"[record a]\nspan_hours=9\nobserved_hours=1\ncount=9\nlast_hours=1\n"
		"day_dispersion=0\nA1=1\ntau1=2\nA2=0.1\ntau2=300\n",
	};
	*seed = (struct octets){0};
	if (number >= sizeof seeds / sizeof seeds[0])
		return false;
	put_bytes(seed, seeds[number], strlen(seeds[number]));
	return true;
}
