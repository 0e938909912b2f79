/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client_model.h"

#include "daily_wave.h"

#include <math.h>
#include <stdlib.h>

#define SECOND_US 1e6
#define MINUTE_US 60e6
#define HOUR_US	  3600e6
#define DAY_US	  86400e6

/* Number of the stream that shuffles what belongs to the population as a whole. */
#define POPULATION_STREAM UINT64_C(0x100000000)

/* A person's own starts vary by this sigma of the logarithm around the person's median. */
#define AWAY_SPREAD_OWN 0.5

/* An anchor's call keeps this far from the ends of its day, so that all its SYNs are on it. */
#define ANCHOR_MARGIN_DAYS 0.02

/* Nothing is simulated past this; far behind the longest period. */
#define NEVER_US 1e15

static double wave_at(const struct client_model *model, const struct peer *peer, int64_t time_us,
		      double amplitude)
{
	return daily_wave(model->retired_us + time_us, (double)peer->zone_hours, amplitude);
}

/* People start programs when they are at home and awake: a time is taken with the probability of
 * its hour, else a random one of the 24 hours that follow is tried, which makes the hours of the
 * day as frequent as the wave says. */
static double at_a_busy_hour(struct client_model *model, struct peer *peer, double time_us,
			     double amplitude)
{
	while (amplitude > 0 && time_us < NEVER_US &&
	       !random_chance(&peer->random,
			      wave_at(model, peer, (int64_t)time_us, amplitude) / (1 + amplitude)))
		time_us += random_uniform(&peer->random) * DAY_US;
	return time_us;
}

static void schedule(struct client_model *model, uint32_t number, double time_us)
{
	struct peer *peer = &model->peer[number];
	if (time_us < NEVER_US && time_us < (double)peer->forget_us)
		time_heap_push(&model->next, (int64_t)time_us, number);
}

static void schedule_first(struct client_model *model, uint32_t number, double place)
{
	const struct client_parameters *client = model->client;
	struct peer *peer = &model->peer[number];
	struct random_stream *random = &peer->random;
	double time_us = 0;
	switch ((enum peer_role)peer->role) {
	case PEER_RUNNING:
		peer->tries_left = (uint32_t)client->running_retries;
		time_us = place * client->running_interval_minutes * MINUTE_US /
			  wave_at(model, peer, 0, client->running_wave);
		break;
	case PEER_RETURNING:
		peer->tries_left = (uint32_t)client->returning_starts;
		peer->away_hours = random_lognormal(random, client->returning_away_hours,
						    client->returning_away_spread);
		peer->forget_us = (int64_t)((client->returning_forget_days +
					     client->returning_forget_spread_days *
						     random_between(random, -1, 1)) *
					    DAY_US);
		/* The node stops at a random moment of the peer's absence. */
		time_us = random_uniform(random) *
			  random_lognormal(random, peer->away_hours, AWAY_SPREAD_OWN) * HOUR_US;
		time_us = at_a_busy_hour(model, peer, time_us, client->returning_wave);
		break;
	case PEER_KEEPER:
		peer->tries_left = UINT32_MAX;
		time_us = place * client->keeper_interval_days * DAY_US;
		time_us = at_a_busy_hour(model, peer, time_us, client->returning_wave);
		break;
	case PEER_ANCHOR:
		peer->tries_left = 1;
		do
			time_us = (client->last_call_day - 1 +
				   random_between(random, ANCHOR_MARGIN_DAYS,
						  1 - ANCHOR_MARGIN_DAYS)) *
				  DAY_US;
		while (!random_chance(random, wave_at(model, peer, (int64_t)time_us, 0.5) / 1.5));
		break;
	}
	schedule(model, number, time_us);
}

/* Further attempts of the same start: an application that is refused may dial again at once, one
 * that hears nothing may dial again when its operating system has given up. */
static void begin_start(struct client_model *model, struct peer *peer)
{
	const struct client_parameters *client = model->client;
	peer->redials_left = 0;
	if (peer->role == PEER_ANCHOR)
		return;
	if (model->policy == POLICY_RST)
		peer->redials_left =
			(uint8_t)random_below(&peer->random, (uint32_t)client->quick_retries + 1);
	else if (peer->role == PEER_RETURNING)
		peer->redials_left =
			(uint8_t)random_chance(&peer->random, client->returning_second_try);
}

static void schedule_following(struct client_model *model, uint32_t number, double now_us)
{
	const struct client_parameters *client = model->client;
	struct peer *peer = &model->peer[number];
	struct random_stream *random = &peer->random;
	peer->redials = peer->redials_left > 0;
	if (peer->redials) {
		peer->redials_left--;
		const struct retransmission_schedule *attempt =
			retransmission_schedule((enum sender_system)peer->system, model->policy);
		schedule(model, number,
			 now_us + (double)attempt->gives_up_us +
				 random_between(random, 0.7, 2.0) * SECOND_US);
		return;
	}
	if (--peer->tries_left == 0)
		return;
	double wait_us = 0;
	if (peer->role == PEER_RUNNING) {
		double jitter = client->running_interval_jitter * random_between(random, -1, 1);
		double wave = wave_at(model, peer, (int64_t)now_us, client->running_wave);
		wait_us = client->running_interval_minutes * MINUTE_US * (1 + jitter) / wave;
	} else if (peer->role == PEER_KEEPER) {
		double jitter = client->keeper_interval_jitter * random_between(random, -1, 1);
		wait_us = client->keeper_interval_days * DAY_US * (1 + jitter);
	} else {
		wait_us = random_lognormal(random, peer->away_hours, AWAY_SPREAD_OWN) * HOUR_US;
	}
	double time_us = now_us + fmax(wait_us, (double)CLIENT_REDIAL_US);
	if (peer->role != PEER_RUNNING)
		time_us = at_a_busy_hour(model, peer, time_us, client->returning_wave);
	schedule(model, number, time_us);
}

/* The next call of the population that the parameters describe peer by peer. */
static bool population_next(struct client_model *model, struct attempt *attempt)
{
	const struct time_heap_entry *first = time_heap_first(&model->next);
	if (!first)
		return false;
	*attempt = (struct attempt){first->time_us, first->number};
	time_heap_pop(&model->next);
	struct peer *peer = &model->peer[attempt->peer];
	if (!peer->redials)
		begin_start(model, peer);
	schedule_following(model, attempt->peer, (double)attempt->time_us);
	return true;
}

bool client_model_next(struct client_model *model, struct attempt *attempt)
{
	if (model->client->network_nodes > 0)
		return network_model_next(&model->network, &attempt->time_us, &attempt->peer);
	if (model->client->index_visitors <= 0)
		return population_next(model, attempt);
	index_model_next(&model->index, &attempt->time_us, &attempt->peer);
	return true;
}

/* The operating system at `place` (0 to 1) of the weights laid end to end. */
static enum sender_system system_at(const struct client_parameters *client, double place)
{
	double sum = 0;
	for (int i = 0; i < SENDER_SYSTEMS; i++)
		sum += client->system_weight[i];
	int system = 0, last = 0;
	for (double rest = place * sum; system < SENDER_SYSTEMS; system++) {
		if (client->system_weight[system] <= 0)
			continue;
		last = system;
		rest -= client->system_weight[system];
		if (rest < 0)
			break;
	}
	return (enum sender_system)last;
}

static enum sender_system commonest_system(const struct client_parameters *client)
{
	int commonest = 0;
	for (int i = 1; i < SENDER_SYSTEMS; i++)
		if (client->system_weight[i] > client->system_weight[commonest])
			commonest = i;
	return (enum sender_system)commonest;
}

/* Multiples of the golden ratio, modulo 1, are spread evenly however many are taken: every system
 * gets its share of each role, whatever the seed. */
#define GOLDEN_RATIO 0.6180339887498949

/* The nodes of a network or the visitors of an index: they decide for themselves when to call. */
static void populate_others(struct client_model *model, uint64_t seed)
{
	struct random_stream population;
	random_stream_begin(&population, seed, POPULATION_STREAM);
	for (size_t i = 0; i < model->peers; i++)
		model->peer[i] = (struct peer){
			.role = PEER_RUNNING,
			.system = (uint8_t)system_at(model->client, random_uniform(&population))};
}

static void populate(struct client_model *model, uint64_t seed)
{
	const struct client_parameters *client = model->client;
	const size_t count[] = {
		[PEER_RUNNING] = (size_t)client->running_peers,
		[PEER_RETURNING] = (size_t)client->returning_peers,
		[PEER_KEEPER] = (size_t)client->keeper_peers,
		[PEER_ANCHOR] = client->last_call_day > 0 ? 1 : 0,
	};
	struct random_stream population;
	random_stream_begin(&population, seed, POPULATION_STREAM);
	double system_place = random_uniform(&population);
	uint32_t number = 0;
	for (int role = PEER_RUNNING; role <= PEER_ANCHOR; role++) {
		for (size_t i = 0; i < count[role]; i++, number++) {
			struct peer *peer = &model->peer[number];
			*peer = (struct peer){.forget_us = INT64_MAX, .role = (uint8_t)role};
			random_stream_begin(&peer->random, seed, number);
			peer->system = (uint8_t)system_at(client, system_place);
			if (role == PEER_ANCHOR)
				peer->system = (uint8_t)commonest_system(client);
			system_place += GOLDEN_RATIO;
			system_place -= floor(system_place);
			peer->zone_hours =
				(float)(client->zone_hours +
					floor(client->zone_spread_hours *
						      random_between(&peer->random, -1, 1) +
					      0.5));
			/* Evenly spread over the first interval, at random within each share. */
			double place =
				((double)i + random_uniform(&peer->random)) / (double)count[role];
			schedule_first(model, number, place);
		}
	}
}

int client_model_begin(struct client_model *model, const struct client_parameters *client,
		       enum host_policy policy, int64_t retired_us, uint64_t seed,
		       struct failure *failure)
{
	*model = (struct client_model){.client = client,
				       .policy = policy,
				       .retired_us = retired_us,
				       .peers = client_parameters_peers(client)};
	model->peer = calloc(model->peers ? model->peers : 1, sizeof *model->peer);
	if (!model->peer)
		return fail(failure, EXIT_FAILED, "out of memory for %zu peers", model->peers);
	int begun;
	if (client->network_nodes > 0)
		begun = network_model_begin(&model->network, client, policy, retired_us, seed,
					    failure);
	else if (client->index_visitors > 0)
		begun = index_model_begin(&model->index, client, policy, retired_us, seed, failure);
	else
		begun = time_heap_begin(&model->next, model->peers, failure);
	if (begun != 0) {
		client_model_free(model);
		return -1;
	}
	if (client->network_nodes > 0 || client->index_visitors > 0)
		populate_others(model, seed);
	else
		populate(model, seed);
	return 0;
}

void client_model_free(struct client_model *model)
{
	network_model_free(&model->network);
	index_model_free(&model->index);
	time_heap_free(&model->next);
	free(model->peer);
	*model = (struct client_model){0};
}
