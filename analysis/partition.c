/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "partition.h"

#include <math.h>
#include <stdlib.h>

/* An edge between two hours where a segment may end. Within a run of empty hours an edge is
 * never better than one at the run's ends, because the cost is concave in its place: so only
 * edges next to an hour with counts are considered. */
struct edge {
	size_t hour;  /* hours before it */
	double count; /* summed before it */
	double observed;
	double best;	 /* cost of the best partition of what is before it */
	size_t previous; /* edge where its last segment begins */
};

double partition_cost(double count, double observed)
{
	return count > 0 ? count - count * log(count / observed) : 0;
}

static size_t collect_edges(struct edge *edge, const struct hour_count *hour, size_t hours)
{
	size_t edges = 1;
	double count = 0, observed = 0;
	edge[0] = (struct edge){0};
	for (size_t i = 0; i < hours; i++) {
		count += hour[i].count;
		observed += hour[i].observed;
		if (i + 1 == hours || hour[i].count > 0 || hour[i + 1].count > 0)
			edge[edges++] = (struct edge){i + 1, count, observed, INFINITY, 0};
	}
	return edges;
}

static void minimise(struct edge *edge, size_t edges, size_t *candidate, double *reach,
		     double penalty)
{
	size_t candidates = 1;
	candidate[0] = 0;
	edge[0].best = -penalty;
	for (size_t j = 1; j < edges; j++) {
		for (size_t c = 0; c < candidates; c++) {
			const struct edge *begin = &edge[candidate[c]];
			reach[c] = begin->best + partition_cost(edge[j].count - begin->count,
								edge[j].observed - begin->observed);
			if (reach[c] + penalty < edge[j].best) {
				edge[j].best = reach[c] + penalty;
				edge[j].previous = candidate[c];
			}
		}
		size_t kept = 0;
		for (size_t c = 0; c < candidates; c++)
			if (reach[c] <= edge[j].best + 1e-9)
				candidate[kept++] = candidate[c];
		candidate[kept++] = j;
		candidates = kept;
	}
}

int partition_find(struct partition *partition, const struct hour_count *hour, size_t hours,
		   double penalty, struct failure *failure)
{
	struct edge *edge = calloc(hours + 1, sizeof *edge);
	size_t *candidate = calloc(hours + 1, sizeof *candidate);
	double *reach = calloc(hours + 1, sizeof *reach);
	*partition = (struct partition){.end = calloc(hours + 1, sizeof *partition->end)};
	if (!edge || !candidate || !reach || !partition->end) {
		free(edge);
		free(candidate);
		free(reach);
		partition_free(partition);
		return fail(failure, EXIT_FAILED, "no memory to divide %zu hours into phases",
			    hours);
	}
	if (hours > 0) {
		size_t edges = collect_edges(edge, hour, hours), segments = 0;
		minimise(edge, edges, candidate, reach, penalty);
		partition->cost = edge[edges - 1].best;
		for (size_t j = edges - 1; j > 0; j = edge[j].previous)
			partition->end[segments++] = edge[j].hour;
		partition->segments = segments;
		for (size_t i = 0; i < segments / 2; i++) {
			size_t swapped = partition->end[i];
			partition->end[i] = partition->end[segments - 1 - i];
			partition->end[segments - 1 - i] = swapped;
		}
	}
	free(edge);
	free(candidate);
	free(reach);
	return 0;
}

void partition_free(struct partition *partition)
{
	free(partition->end);
	*partition = (struct partition){0};
}
