/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explanation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int explanation_begin(struct explanation *explanation, const struct address *local, size_t locals,
		      struct failure *failure)
{
	*explanation = (struct explanation){.table = cluster_table_new()};
	known_clients_begin(&explanation->known);
	explanation->early = malloc(LOCAL_SIDE_LEARNS * sizeof *explanation->early);
	if (!explanation->table || !explanation->early) {
		explanation_free(explanation);
		return fail(failure, EXIT_FAILED, "no memory for the clusters of alerts");
	}
	for (size_t i = 0; i < locals && i < LOCAL_SIDE_GIVEN_MAX; i++)
		explanation->side.address[explanation->side.addresses++] = local[i];
	explanation->learnt = locals > 0;
	return 0;
}

void explanation_free(struct explanation *explanation)
{
	cluster_table_free(explanation->table);
	free(explanation->early);
	known_clients_free(&explanation->known);
	*explanation = (struct explanation){0};
}

static bool add(struct explanation *explanation, const struct alert *alert)
{
	return cluster_table_add(explanation->table, alert,
				 local_side_outgoing(&explanation->side, alert));
}

/* Once enough alerts are there, or all of them. */
static bool learn(struct explanation *explanation)
{
	bool memory =
		local_side_learn(&explanation->side, explanation->early, explanation->early_count);
	explanation->learnt = true;
	for (size_t i = 0; memory && i < explanation->early_count; i++)
		memory = add(explanation, &explanation->early[i]);
	explanation->early_count = 0;
	return memory;
}

static bool take(struct explanation *explanation, const struct alert *alert)
{
	if (explanation->learnt)
		return add(explanation, alert);
	explanation->early[explanation->early_count++] = *alert;
	return explanation->early_count < LOCAL_SIDE_LEARNS || learn(explanation);
}

static void add_counts(struct explanation *explanation, const struct alert_input *input)
{
	const struct alert_input_counts *from = alert_input_counts(input);
	struct alert_input_counts *counts = &explanation->counts;
	counts->lines += from->lines;
	counts->alerts += from->alerts;
	counts->skipped += from->skipped;
	counts->too_long += from->too_long;
	counts->time_unknown += from->time_unknown;
	for (size_t i = 0; i < from->shown && counts->shown < ALERT_INPUT_SHOWN; i++)
		counts->show[counts->shown++] = from->show[i];
	if (from->alerts > explanation->format_alerts) {
		explanation->format_alerts = from->alerts;
		snprintf(explanation->format, sizeof explanation->format, "%s",
			 alert_input_format(input));
	}
}

static bool is_before(const struct alert *alert, int64_t since)
{
	return since != 0 && alert->time_us != ALERT_TIME_UNKNOWN &&
	       alert->time_us < since * 1000000;
}

int explanation_read(struct explanation *explanation, const char *path,
		     const struct alert_input_request *request, struct failure *failure)
{
	struct alert_input *input;
	struct alert alert;
	enum alert_next next;
	if (alert_input_open(&input, path, request, failure) < 0)
		return -1;
	while ((next = alert_input_next(input, &alert, failure)) == ALERT_NEXT)
		if (!is_before(&alert, request->since) && !take(explanation, &alert)) {
			alert_input_close(input);
			return fail(failure, EXIT_FAILED, "%s: no memory", path);
		}
	add_counts(explanation, input);
	alert_input_close(input);
	return next == ALERT_END ? 0 : -1;
}

int explanation_finish(struct explanation *explanation, struct failure *failure)
{
	if ((!explanation->learnt && !learn(explanation)) ||
	    !cluster_table_finish(explanation->table))
		return fail(failure, EXIT_FAILED, "no memory for the clusters of alerts");
	return 0;
}

size_t explanation_clusters(const struct explanation *explanation)
{
	return cluster_table_count(explanation->table);
}

void explanation_diagnose(const struct explanation *explanation, size_t index,
			  struct diagnosis *diagnosis)
{
	const struct cluster_totals *totals = cluster_table_totals(explanation->table);
	int64_t from = totals->from_us == ALERT_TIME_UNKNOWN ? 0 : totals->from_us / 1000000;
	int64_t to = totals->to_us == ALERT_TIME_UNKNOWN ? 0 : totals->to_us / 1000000 + 1;
	if (to < explanation->observed_until)
		to = explanation->observed_until;
	const struct cluster *cluster = cluster_table_at(explanation->table, index);
	diagnosis_make(diagnosis, explanation->table, cluster, from, to);
	known_clients_forecast(&explanation->known, cluster, to, diagnosis);
}
