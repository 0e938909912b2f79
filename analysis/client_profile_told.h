/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_profile_told: what a client's profile says of a record at the age that it has: beside the
 * fit of the record, never mixed into it, as JSON (`derived.profile`) and as text. */
#ifndef STALENODE_CLIENT_PROFILE_TOLD_H
#define STALENODE_CLIENT_PROFILE_TOLD_H

#include "analysis.h"
#include "client_profile.h"
#include "language.h"

#include <jansson.h>
#include <stdio.h>

/* Why a record cannot say itself how the calls will go on. */
enum profile_need {
	PROFILE_NOT_NEEDED,
	PROFILE_FEW_ATTEMPTS, /* under CHOICE_FEWEST, see choice.h */
	PROFILE_STILL_STEADY, /* its plateau has not ended */
};
enum profile_need client_profile_need(const struct analysis *analysis);

/* NULL when memory is short. */
json_t *client_profile_to_json(const struct client_profile *profile,
			       const struct analysis *analysis);
void client_profile_print(const struct client_profile *profile, const struct analysis *analysis,
			  enum language language, FILE *stream);

#endif
