/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index_model.h"

#include "daily_wave.h"

#include <math.h>
#include <stdlib.h>

#define MINUTE_US     60e6
#define HOUR_US	      3600e6
#define DAY_US	      86400e6
#define INDEX_STREAM  UINT64_C(0x100000003)
#define RETURN_HOURS  48
#define RETURN_SPREAD 1
#define TRY_JITTER    0.3

/* A Poisson process with a daily wave, by thinning. */
static void schedule_arrival(struct index_model *index)
{
	const struct client_parameters *client = index->client;
	double peak = 1 + client->index_wave, time_us = (double)index->arrival_us, kept;
	do {
		time_us += random_exponential(&index->random) * DAY_US /
			   (client->index_visitors * peak);
		kept = daily_wave(index->retired_us + (int64_t)time_us, client->zone_hours,
				  client->index_wave) /
		       peak;
	} while (!random_chance(&index->random, kept));
	index->arrival_us = (int64_t)time_us;
}

static void arrive(struct index_model *index)
{
	uint32_t number = (uint32_t)(index->visitors++ % CLIENT_PEERS_MAX);
	struct index_visitor *visitor = &index->visitor[number];
	if (visitor->tries_left == 0) {
		random_stream_begin(&visitor->random, index->seed, index->visitors);
		visitor->tries_left = (uint16_t)index->client->index_tries;
		visitor->calls_left = 0;
		time_heap_push(&index->next, index->arrival_us, number);
	}
	schedule_arrival(index);
}

/* When the visitor calls again, or -1: never. */
static int64_t following(struct index_model *index, struct index_visitor *visitor, int64_t now_us)
{
	const struct client_parameters *client = index->client;
	struct random_stream *random = &visitor->random;
	if (visitor->calls_left == 0 && index->policy == POLICY_RST)
		visitor->calls_left =
			(uint8_t)(1 + random_below(random, (uint32_t)client->quick_retries + 1));
	if (visitor->calls_left > 0 && --visitor->calls_left > 0)
		return now_us + (int64_t)(random_between(random, 0.8, 2.1) * 1e6);
	if (--visitor->tries_left > 0) {
		double jitter = 1 + TRY_JITTER * random_between(random, -1, 1);
		return now_us + (int64_t)fmax(client->index_minutes * MINUTE_US * jitter,
					      (double)CLIENT_REDIAL_US);
	}
	if (!random_chance(random, client->index_returns))
		return -1;
	visitor->tries_left = (uint16_t)client->index_tries;
	double away_us = random_lognormal(random, RETURN_HOURS, RETURN_SPREAD) * HOUR_US;
	return now_us + (int64_t)fmax(away_us, (double)CLIENT_REDIAL_US);
}

void index_model_next(struct index_model *index, int64_t *time_us, uint32_t *caller)
{
	const struct time_heap_entry *first = time_heap_first(&index->next);
	while (!first || first->time_us >= index->arrival_us) {
		arrive(index);
		first = time_heap_first(&index->next);
	}
	*time_us = first->time_us;
	*caller = first->number;
	time_heap_pop(&index->next);
	int64_t again_us = following(index, &index->visitor[*caller], *time_us);
	if (again_us >= 0)
		time_heap_push(&index->next, again_us, *caller);
}

int index_model_begin(struct index_model *index, const struct client_parameters *client,
		      enum host_policy policy, int64_t retired_us, uint64_t seed,
		      struct failure *failure)
{
	*index = (struct index_model){
		.client = client, .policy = policy, .retired_us = retired_us, .seed = seed};
	index->visitor = calloc(CLIENT_PEERS_MAX, sizeof *index->visitor);
	if (!index->visitor || time_heap_begin(&index->next, CLIENT_PEERS_MAX, failure) != 0) {
		index_model_free(index);
		return fail(failure, EXIT_FAILED, "out of memory for the visitors of an index");
	}
	random_stream_begin(&index->random, seed, INDEX_STREAM);
	schedule_arrival(index);
	return 0;
}

void index_model_free(struct index_model *index)
{
	time_heap_free(&index->next);
	free(index->visitor);
	*index = (struct index_model){0};
}
