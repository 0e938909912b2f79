/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_profile_pool: makes a profile from the analyses of several records of one client.
 *
 * The family and likelihood are those with the lowest BIC summed over the records, without waves:
 * one shape for all, with parameters of its own for each. Parameters, and the half-lives and hours
 * to one count a day that follow from them, are averaged over the records by their logarithms, with
 * Student's interval: each record counts once, because addresses of one client differ by more than
 * the doubt about each. A single record keeps its own intervals. */
#ifndef STALENODE_CLIENT_PROFILE_POOL_H
#define STALENODE_CLIENT_PROFILE_POOL_H

#include "analysis.h"
#include "client_profile.h"

struct client_profile_pool; /* opaque: the fits of each record, 15 kB for each */

/* NULL when memory is short. Free with client_profile_pool_free(), which takes NULL. */
struct client_profile_pool *client_profile_pool_new(void);
void client_profile_pool_free(struct client_profile_pool *pool);

/* Takes what is needed of the analysis. -1 when its series is of no client or of another one, is
 * too small to be fitted, counts something else, or is more than CLIENT_PROFILE_RECORDS_MAX. */
int client_profile_pool_add(struct client_profile_pool *pool, const struct analysis *analysis,
			    struct failure *failure);
/* The profile of what was added; -1 when the calls in it do not decay. */
int client_profile_pool_finish(const struct client_profile_pool *pool,
			       struct client_profile *profile, struct failure *failure);

#endif
