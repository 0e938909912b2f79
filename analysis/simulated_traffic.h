/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * simulated_traffic: every packet that arrives at a retired node, in time order: attempts of the
 * client model as trains of SYNs, merged with background traffic. Memory is bounded by the number
 * of peers, never by that of packets: a peer has at most one train under way. */
#ifndef STALENODE_SIMULATED_TRAFFIC_H
#define STALENODE_SIMULATED_TRAFFIC_H

#include "background_traffic.h"
#include "client_model.h"
#include "packet_frame.h"

struct train; /* the SYNs of one peer's attempt */

struct simulated_traffic {
	struct client_model model;
	struct background_traffic background;
	struct attempt attempt; /* the next one of the model ... */
	bool has_attempt;	/* ... if there is one */
	int64_t period_us;
	uint32_t source_shuffle;   /* which peer has which address */
	struct train *train;	   /* owned: one per peer */
	struct time_heap arriving; /* trains by their next packet */
};

struct simulation {
	const struct client_parameters *client; /* must outlive the traffic */
	enum host_policy policy;
	int64_t retired; /* UTC seconds */
	int64_t seconds; /* of the period */
	uint64_t seed;
};

/* EXIT_FAILED when there is no memory. Free with simulated_traffic_free(). */
int simulated_traffic_begin(struct simulated_traffic *traffic, const struct simulation *simulation,
			    struct failure *failure);
void simulated_traffic_free(struct simulated_traffic *traffic);
/* The next packet of the period; false at its end. */
bool simulated_traffic_next(struct simulated_traffic *traffic, struct packet *packet);

#endif
