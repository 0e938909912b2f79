/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_profile_file: a profile on disk: INI text, see ini_file.h.
 *
 *   [client]       name; if known version, policy, ports, origin
 *   [decay]        family and likelihood, then counts (attempts or syn), syn_per_attempt, and
 *                  estimates with their 95 % interval ("9 8.5 9.5"): the parameters,
 *                  half_life_hours, hours_to_one_a_day
 *   [record NAME]  one for each record, at least one: span_hours, observed_hours, count,
 *                  last_hours, silent_after_hours (absent when it was not silent),
 *                  day_dispersion, and the parameters
 *
 * The sections stand in this order. Every number has a range; parameters that of family.h. */
#ifndef STALENODE_CLIENT_PROFILE_FILE_H
#define STALENODE_CLIENT_PROFILE_FILE_H

#include "client_profile.h"

/* -1 and EXIT_WRONG_USE with file, line and what is allowed on any mistake; *profile is then
 * undefined. */
int client_profile_read(struct client_profile *profile, const char *path, struct failure *failure);
/* Whole or not at all. Numbers are written with 6 digits. */
int client_profile_write(const struct client_profile *profile, const char *path,
			 struct failure *failure);

/* What may stand in name, version and origin: one line of up to 128 bytes, printable, no ';', no
 * blank at either end. */
bool client_profile_text_valid(const char *text);

#endif
