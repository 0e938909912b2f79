/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * background_traffic: what arrives at any address: scanners and worms with one SYN each, some
 * UDP, rarely backscatter of forged packets. A Poisson process with a daily wave, never to the
 * target's port. One SYN arrives in the first and one in the last second of the period, so that
 * a capture covers all of it. */
#ifndef STALENODE_BACKGROUND_TRAFFIC_H
#define STALENODE_BACKGROUND_TRAFFIC_H

#include "client_parameters.h"
#include "packet_frame.h"
#include "random_stream.h"

struct background_traffic {
	const struct client_parameters *client;
	int64_t retired_us; /* since 1970 */
	struct random_stream random;
	int64_t poisson_us; /* next of the process, since the retirement */
	int64_t edge_us[2]; /* the SYNs of the first and the last second; INT64_MAX when over */
};

void background_traffic_begin(struct background_traffic *background,
			      const struct client_parameters *client, int64_t retired_us,
			      int64_t period_us, uint64_t seed);
/* Time of the next packet, since the retirement. */
int64_t background_traffic_next_us(const struct background_traffic *background);
/* Takes the next packet. */
void background_traffic_take(struct background_traffic *background, struct packet *packet);

#endif
