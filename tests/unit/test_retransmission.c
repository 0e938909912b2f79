/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/retransmission.h"
#include "../../analysis/simulated_traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static void assert_offsets(enum sender_system system, size_t syns, const int *seconds)
{
	const struct retransmission_schedule *schedule =
		retransmission_schedule(system, POLICY_DROP);
	assert_int_equal(schedule->syns, syns);
	for (size_t i = 0; i < syns; i++)
		assert_int_equal(schedule->offset_us[i], seconds[i] * SECOND);
}

static void windows_sends_at_0_3_9_seconds(void **state)
{
	(void)state;
	assert_offsets(SENDER_WINDOWS_XP, 3, (const int[]){0, 3, 9});
	assert_offsets(SENDER_WINDOWS_VISTA, 3, (const int[]){0, 3, 9});
}

/* SYN n leaves at initial * (2^n - 1): the sum of doubling timeouts. */
static void older_linux_doubles_its_timeout(void **state)
{
	(void)state;
	const enum sender_system systems[] = {SENDER_LINUX_2_6, SENDER_LINUX_3_1};
	const int initial[] = {3, 1};
	for (int s = 0; s < 2; s++) {
		int seconds[6];
		for (int i = 0; i < 6; i++)
			seconds[i] = initial[s] * ((1 << i) - 1);
		assert_offsets(systems[s], 6, seconds);
	}
}

static void linux_6_5_begins_with_linear_timeouts(void **state)
{
	(void)state;
	assert_offsets(SENDER_LINUX_6_5, 9, (const int[]){0, 1, 2, 3, 4, 5, 7, 11, 19});
}

static void a_refused_attempt_has_one_syn(void **state)
{
	(void)state;
	for (int system = 0; system < SENDER_SYSTEMS; system++)
		assert_int_equal(
			retransmission_schedule((enum sender_system)system, POLICY_RST)->syns, 1);
}

static void arrivals_keep_their_order_and_stay_near_the_schedule(void **state)
{
	(void)state;
	struct random_stream random;
	random_stream_begin(&random, 7, 0);
	for (int system = 0; system < SENDER_SYSTEMS; system++) {
		const struct retransmission_schedule *schedule =
			retransmission_schedule((enum sender_system)system, POLICY_DROP);
		for (int round = 0; round < 2000; round++) {
			int64_t before = -1;
			for (size_t i = 0; i < schedule->syns; i++) {
				int64_t at = retransmission_arrival_us(schedule, i, &random);
				int64_t early = schedule->offset_us[i] - at;
				assert_true(at > before);
				assert_true(early <= 100000 && early >= -300000);
				before = at;
			}
			assert_true(before < schedule->gives_up_us);
		}
	}
}

/* What the packets of a run say about one peer's attempts. */
struct observed_attempt {
	uint32_t source, sequence;
	uint16_t port;
	int64_t first_us, last_us;
	int syns;
};

/* Runs a day of `client` and collects its attempts in order of their first SYN. */
static size_t collect(const struct client_parameters *client, enum host_policy policy,
		      struct observed_attempt *attempt, size_t capacity)
{
	struct failure failure = {0};
	struct simulated_traffic traffic;
	struct simulation simulation = {client, policy, 1203465600, 86400, 3};
	assert_int_equal(simulated_traffic_begin(&traffic, &simulation, &failure), 0);
	struct packet packet;
	size_t attempts = 0;
	while (simulated_traffic_next(&traffic, &packet)) {
		if (packet.kind != PACKET_SYN || packet.destination_port != client->port)
			continue;
		size_t i = attempts;
		while (i > 0 && (attempt[i - 1].source != packet.source ||
				 attempt[i - 1].port != packet.source_port ||
				 attempt[i - 1].sequence != packet.sequence))
			i--;
		if (i == 0) {
			assert_true(attempts < capacity);
			attempt[attempts++] = (struct observed_attempt){
				packet.source,	packet.sequence, packet.source_port,
				packet.time_us, packet.time_us,	 0};
			i = attempts;
		}
		attempt[i - 1].syns++;
		attempt[i - 1].last_us = packet.time_us;
	}
	simulated_traffic_free(&traffic);
	return attempts;
}

static struct client_parameters one_system(enum sender_system system)
{
	struct client_parameters client = *client_parameters_published("skype");
	memset(client.system_weight, 0, sizeof client.system_weight);
	client.system_weight[system] = 1;
	client.loss = 0;
	return client;
}

enum { ATTEMPTS_MAX = 2000 };

static void every_packet_of_an_attempt_is_sent_when_none_is_lost(void **state)
{
	(void)state;
	struct observed_attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	for (int system = 0; system < SENDER_SYSTEMS; system++) {
		struct client_parameters client = one_system((enum sender_system)system);
		const struct retransmission_schedule *schedule =
			retransmission_schedule((enum sender_system)system, POLICY_DROP);
		size_t attempts = collect(&client, POLICY_DROP, attempt, ATTEMPTS_MAX);
		assert_int_equal(attempts, 32 * 6);
		for (size_t i = 0; i < attempts; i++) {
			int64_t length = attempt[i].last_us - attempt[i].first_us;
			assert_int_equal(attempt[i].syns, schedule->syns);
			assert_true(llabs(length - schedule->offset_us[schedule->syns - 1]) <
				    SECOND / 2);
		}
	}
	free(attempt);
}

static void a_new_attempt_has_a_new_port_and_sequence_number(void **state)
{
	(void)state;
	struct observed_attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = one_system(SENDER_WINDOWS_XP);
	size_t attempts = collect(&client, POLICY_DROP, attempt, ATTEMPTS_MAX);
	size_t pairs = 0;
	for (size_t i = 0; i < attempts; i++)
		for (size_t j = i + 1; j < attempts; j++)
			if (attempt[i].source == attempt[j].source) {
				pairs++;
				assert_int_not_equal(attempt[i].sequence, attempt[j].sequence);
				/* Ports may come round again, not within an hour. */
				if (attempt[j].first_us - attempt[i].first_us < 3600 * SECOND)
					assert_int_not_equal(attempt[i].port, attempt[j].port);
			}
	assert_int_equal(pairs, 32 * (6 * 5 / 2));
	free(attempt);
}

static void a_refusing_host_gets_single_syns_and_quick_new_attempts(void **state)
{
	(void)state;
	struct observed_attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = one_system(SENDER_WINDOWS_XP);
	client.quick_retries = 2;
	size_t attempts = collect(&client, POLICY_RST, attempt, ATTEMPTS_MAX);
	size_t quick = 0;
	for (size_t i = 0; i < attempts; i++) {
		assert_int_equal(attempt[i].syns, 1);
		for (size_t j = i + 1; j < attempts; j++)
			quick += attempt[i].source == attempt[j].source &&
				 attempt[j].first_us - attempt[i].first_us < 3 * SECOND;
	}
	/* 192 retries, each with 0 to 2 quick ones, all alike likely: 192 more on average,
	 * standard deviation 11; pairs of the first with the third count too when close. */
	assert_in_range(attempts, 384 - 50, 384 + 50);
	assert_true(quick >= attempts - 192);
	free(attempt);
}

static void losses_thin_the_syns_by_their_probability(void **state)
{
	(void)state;
	struct observed_attempt *attempt = calloc(ATTEMPTS_MAX, sizeof *attempt);
	struct client_parameters client = one_system(SENDER_LINUX_6_5);
	client.last_call_day = 0;
	client.loss = 0.25;
	size_t attempts = collect(&client, POLICY_DROP, attempt, ATTEMPTS_MAX);
	int syns = 0;
	for (size_t i = 0; i < attempts; i++)
		syns += attempt[i].syns;
	/* 1728 SYNs sent, 1296 expected, standard deviation 18. */
	assert_in_range(syns, 1296 - 80, 1296 + 80);
	free(attempt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_sends_at_0_3_9_seconds),
		cmocka_unit_test(older_linux_doubles_its_timeout),
		cmocka_unit_test(linux_6_5_begins_with_linear_timeouts),
		cmocka_unit_test(a_refused_attempt_has_one_syn),
		cmocka_unit_test(arrivals_keep_their_order_and_stay_near_the_schedule),
		cmocka_unit_test(every_packet_of_an_attempt_is_sent_when_none_is_lost),
		cmocka_unit_test(a_new_attempt_has_a_new_port_and_sequence_number),
		cmocka_unit_test(a_refusing_host_gets_single_syns_and_quick_new_attempts),
		cmocka_unit_test(losses_thin_the_syns_by_their_probability),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
