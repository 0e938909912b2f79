/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explanation: what a log's alerts were: its clusters and the diagnosis of each. */
#ifndef STALENODE_EXPLANATION_H
#define STALENODE_EXPLANATION_H

#include "alert_input.h"
#include "cluster_table.h"
#include "diagnosis.h"
#include "known_clients.h"
#include "local_side.h"

#include "../language.h"

#define EXPLANATION_FORMAT_SIZE 32

struct explanation {
	struct cluster_table *table;
	struct local_side side;
	struct known_clients known; /* to be added to after explanation_begin() */
	/* Of all inputs together. */
	struct alert_input_counts counts;
	char format[EXPLANATION_FORMAT_SIZE]; /* of the input with the most alerts */
	uint64_t format_alerts;
	struct alert *early; /* kept until the local side is known */
	size_t early_count;
	int64_t observed_until; /* UTC seconds; 0 where the last alert has to tell it */
	bool learnt;
	bool anonymised; /* addresses in it are known not to be the real ones */
};

/* local[]: the addresses that are observed; none where they are to be found out. */
int explanation_begin(struct explanation *explanation, const struct address *local, size_t locals,
		      struct failure *failure);
/* Reads one input to its end. A damaged end is a failure; what was read before it counts. */
int explanation_read(struct explanation *explanation, const char *path,
		     const struct alert_input_request *request, struct failure *failure);
int explanation_finish(struct explanation *explanation, struct failure *failure);
void explanation_free(struct explanation *explanation);

size_t explanation_clusters(const struct explanation *explanation);
/* Most events first. */
void explanation_diagnose(const struct explanation *explanation, size_t index,
			  struct diagnosis *diagnosis);

#endif
