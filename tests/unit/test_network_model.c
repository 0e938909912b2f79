/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/client_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RETIRED	  INT64_C(1203465600) /* 2008-02-20T00:00:00Z */
#define HOUR_US	  INT64_C(3600000000)
#define DAY_US	  (24 * HOUR_US)
#define CALLS_MAX 200000

static struct attempt call[CALLS_MAX];

/* All calls of the first `days` in call[]; their number. */
static size_t calls_of(const struct client_parameters *client, enum host_policy policy,
		       uint64_t seed, int64_t days)
{
	struct failure failure = {0};
	struct client_model model;
	size_t calls = 0;
	assert_int_equal(
		client_model_begin(&model, client, policy, RETIRED * 1000000, seed, &failure), 0);
	while (client_model_next(&model, &call[calls]) && call[calls].time_us < days * DAY_US) {
		assert_true(call[calls].time_us >= 0 &&
			    (calls == 0 || call[calls].time_us >= call[calls - 1].time_us));
		assert_true(call[calls].peer < model.peers);
		assert_true(++calls < CALLS_MAX);
	}
	client_model_free(&model);
	return calls;
}

/* Nodes that are never off, do not gossip, and forget nothing by age. */
static struct client_parameters network(void)
{
	struct client_parameters client = *client_parameters_published("winny");
	client.running_peers = client.returning_peers = client.last_call_day = 0;
	client.network_nodes = 100;
	client.network_list = 101; /* never full: no entry makes room for another */
	client.network_always_on = 1;
	client.network_retry_minutes = 60;
	client.network_retry_jitter = 0;
	client.network_drop_failures = 9;
	client.network_forget_days = 1000;
	client.network_gossip_entries = 0;
	client.network_run_links = 30;
	return client;
}

/* Tries in hours at a pace of one per hour: the plateau is tries long, and sharp. */
static void running_nodes_burn_their_tries_at_their_pace(void **state)
{
	(void)state;
	struct client_parameters client = network();
	size_t calls = calls_of(&client, POLICY_DROP, 3, 100);
	int64_t before[101], made[101] = {0};
	size_t callers = 0;
	for (size_t i = 0; i < calls; i++) {
		uint32_t peer = call[i].peer;
		if (made[peer]++)
			/* Within a look an entry's place shifts its dial by seconds. */
			assert_true(llabs(call[i].time_us - before[peer] - HOUR_US) < HOUR_US / 30);
		before[peer] = call[i].time_us;
	}
	for (int peer = 0; peer < 100; peer++) {
		assert_true(made[peer] == 0 || made[peer] == 9);
		callers += made[peer] == 9;
	}
	assert_true(callers >= 25);
	assert_true(call[calls - 1].time_us < 9 * HOUR_US + HOUR_US / 30);
	assert_true(call[calls - 1].time_us > 8 * HOUR_US);
}

/* With everybody always on, nobody that had not reached the node by then calls later. */
static void network_without_restarts_is_silent_after_the_plateau(void **state)
{
	(void)state;
	struct client_parameters client = network();
	client.network_gossip_entries = 5;
	size_t calls = calls_of(&client, POLICY_DROP, 4, 20);
	assert_true(calls > 0 && call[calls - 1].time_us < 11 * HOUR_US);
}

static void restarts_make_a_tail_and_forgetting_ends_it(void **state)
{
	(void)state;
	struct client_parameters client = network();
	client.network_always_on = 0.1;
	client.network_off_hours = 60;
	client.network_off_spread = 1.5;
	client.network_gossip_entries = 10;
	client.network_forget_days = 10;
	size_t calls = calls_of(&client, POLICY_DROP, 5, 60), tail = 0;
	for (size_t i = 0; i < calls; i++)
		tail += call[i].time_us > DAY_US;
	assert_true(tail > 10);
	/* A call may be on its way when its entry is dropped, at most a look later. */
	assert_true(call[calls - 1].time_us < 10 * DAY_US + 2 * HOUR_US);
	client.network_forget_days = 30;
	size_t longer = calls_of(&client, POLICY_DROP, 5, 60);
	assert_true(longer > calls && call[longer - 1].time_us > 10 * DAY_US + 2 * HOUR_US);
}

/* The same network, only that a told entry counts as just reached. */
static void gossip_that_freshens_outlives_the_age(void **state)
{
	(void)state;
	struct client_parameters client = network();
	client.network_always_on = 0.1;
	client.network_off_hours = 60;
	client.network_off_spread = 1.5;
	client.network_gossip_entries = 10;
	client.network_forget_days = 5;
	client.network_forget_failed = 0.5;
	size_t calls = calls_of(&client, POLICY_DROP, 6, 40);
	int64_t last = call[calls - 1].time_us;
	client.network_gossip_fresh = 0.5;
	calls = calls_of(&client, POLICY_DROP, 6, 40);
	assert_true(last < 6 * DAY_US);
	assert_true(call[calls - 1].time_us > last + 5 * DAY_US);
}

static void calls_of_a_node_do_not_overlap_at_a_silent_host(void **state)
{
	(void)state;
	struct client_parameters client = network();
	client.network_retry_minutes = 2;
	client.network_retry_jitter = 0.9;
	client.network_drop_failures = 200;
	size_t calls = calls_of(&client, POLICY_DROP, 7, 3);
	int64_t before[101];
	for (int i = 0; i < 101; i++)
		before[i] = -DAY_US;
	for (size_t i = 0; i < calls; i++) {
		assert_true(call[i].time_us - before[call[i].peer] >= CLIENT_REDIAL_US);
		before[call[i].peer] = call[i].time_us;
	}
	assert_true(calls > 100);
}

static void refused_application_calls_again_at_once(void **state)
{
	(void)state;
	struct client_parameters client = network();
	client.quick_retries = 0;
	size_t without = calls_of(&client, POLICY_RST, 8, 30);
	client.quick_retries = 1;
	size_t with = calls_of(&client, POLICY_RST, 8, 30);
	/* None or one more with equal chance. */
	assert_true(with > without * 13 / 10 && with < without * 17 / 10);
}

static void same_seed_makes_the_same_calls_and_another_others(void **state)
{
	(void)state;
	struct client_parameters client = network();
	client.network_always_on = 0.3;
	size_t calls = calls_of(&client, POLICY_DROP, 9, 30);
	struct attempt *first = calloc(calls, sizeof *first);
	memcpy(first, call, calls * sizeof *first);
	assert_int_equal(calls_of(&client, POLICY_DROP, 9, 30), calls);
	for (size_t i = 0; i < calls; i++)
		assert_true(first[i].time_us == call[i].time_us && first[i].peer == call[i].peer);
	calls_of(&client, POLICY_DROP, 10, 30);
	assert_true(first[0].time_us != call[0].time_us);
	free(first);
}

/* 150 visitors of 2 tries a day; Poisson, with 0.02 of them back for 2 more. */
static void contaminated_index_does_not_decay(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct client_parameters client;
	assert_int_equal(
		client_parameters_read(&client, "data/clients/contaminated-index.conf", &failure),
		0);
	size_t calls = calls_of(&client, POLICY_DROP, 11, 120), half = 0, again = 0;
	static bool seen[CLIENT_PEERS_MAX];
	static int64_t last[CLIENT_PEERS_MAX];
	for (size_t i = 0; i < calls; i++) {
		uint32_t peer = call[i].peer;
		half += call[i].time_us < 60 * DAY_US;
		again += seen[peer] && call[i].time_us - last[peer] > HOUR_US;
		seen[peer] = true;
		last[peer] = call[i].time_us;
	}
	/* 18,000 visitors: standard deviation of the visits 0.7 %, of half of them 1.1 %. */
	double expected = 120 * 150 * 2 * (1 + 0.02 / (1 - 0.02));
	assert_true(fabs((double)calls - expected) < 0.03 * expected);
	assert_true(fabs((double)half * 2 - (double)calls) < 0.04 * (double)calls);
	assert_true(again > 200 && again < 520);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(running_nodes_burn_their_tries_at_their_pace),
		cmocka_unit_test(network_without_restarts_is_silent_after_the_plateau),
		cmocka_unit_test(restarts_make_a_tail_and_forgetting_ends_it),
		cmocka_unit_test(gossip_that_freshens_outlives_the_age),
		cmocka_unit_test(calls_of_a_node_do_not_overlap_at_a_silent_host),
		cmocka_unit_test(refused_application_calls_again_at_once),
		cmocka_unit_test(same_seed_makes_the_same_calls_and_another_others),
		cmocka_unit_test(contaminated_index_does_not_decay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
