/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/alerts/client_table.h"
#include "../../analysis/alerts/diagnosis.h"
#include "alerts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400

/* Calls of peers that each call again every four hours, and of whom fewer and fewer are left: their
 * number halves in half_life seconds. As many come as whole numbers can. */
static struct cluster_table *calls(int32_t port, double per_hour, double half_life, int64_t seconds)
{
	struct cluster_table *table = cluster_table_new();
	double due = 0;
	uint32_t count = 0;
	assert_non_null(table);
	for (int64_t at = 0; at < seconds; at += 60) {
		due += per_hour / 60 * exp2(-(double)at / half_life);
		for (; due >= 1; due--, count++) {
			struct alert alert =
				syn_of("198.51.100.0", "192.0.2.1", port, NOON + at + 7);
			/* Later calls come from earlier callers. */
			alert.source = address_number(count % 200);
			alert.source_port = (int32_t)(1024 + count * 37 % 60000);
			alert.tcp_window = count % 3 ? 8192 : 64240;
			alert.length = 52;
			assert_true(cluster_table_add(table, &alert, false));
			alert.time_us += 3000000; /* and again after 3 s */
			assert_true(cluster_table_add(table, &alert, false));
		}
	}
	assert_true(cluster_table_finish(table));
	return table;
}

/* One source, every port. */
static struct cluster_table *scan(int32_t ports)
{
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	for (int32_t port = 1; port <= ports; port++) {
		struct alert alert = syn_of("198.51.100.7", "192.0.2.1", port, NOON + port / 100);
		alert.length = 40;
		assert_true(cluster_table_add(table, &alert, false));
	}
	assert_true(cluster_table_finish(table));
	return table;
}

static void diagnose(struct diagnosis *diagnosis, const struct cluster_table *table,
		     int64_t seconds)
{
	diagnosis_make(diagnosis, table, cluster_table_at(table, 0), NOON, NOON + seconds);
}

static double of_group(const struct diagnosis *diagnosis, const char *group)
{
	double sum = 0;
	for (int v = 0; v < VERDICTS; v++)
		if (strcmp(verdict_group((enum verdict)v), group) == 0)
			sum += diagnosis->probability[v];
	return sum;
}

/* Whatever the cluster is, the numbers of its diagnosis agree with each other. */
static void check_consistent(const struct diagnosis *diagnosis)
{
	double sum = 0, most = 0;
	for (int v = 0; v < VERDICTS; v++) {
		assert_true(diagnosis->probability[v] > 0 && diagnosis->probability[v] < 1);
		sum += diagnosis->probability[v];
		most = fmax(most, of_group(diagnosis, verdict_group((enum verdict)v)));
	}
	assert_true(fabs(sum - 1) < 1e-12);
	assert_true(fabs(diagnosis->group_probability - most) < 1e-12);
	const char *group = verdict_group(diagnosis->likeliest);
	assert_true(fabs(of_group(diagnosis, group) - most) < 1e-12);
	for (int v = 0; v < VERDICTS; v++)
		if (strcmp(verdict_group((enum verdict)v), group) == 0)
			assert_true(diagnosis->probability[v] <=
				    diagnosis->probability[diagnosis->likeliest]);
	assert_int_equal(diagnosis->verdict, most >= 0.5 ? diagnosis->likeliest : VERDICT_UNCLEAR);
	/* Those that speak for it, then those against; of both the strongest first. */
	assert_true(diagnosis->reasons <= 2 * DIAGNOSIS_REASONS);
	bool against = false;
	size_t side = 0;
	for (size_t i = 0; i < diagnosis->reasons; i++) {
		const struct reason *reason = &diagnosis->reason[i];
		assert_true(reason->weight > 0);
		if ((reason->for_ != diagnosis->likeliest) != against) {
			assert_false(against);
			against = true;
			side = 0;
			assert_string_not_equal(verdict_group(reason->for_), group);
		}
		/* What makes the verdict likelier is no objection to it. */
		assert_true(!against ||
			    evidence_weight(reason->fact.kind, diagnosis->likeliest) < 0);
		assert_true(side == 0 || reason->weight <= reason[-1].weight);
		assert_true(++side <= DIAGNOSIS_REASONS);
	}
	double clients = 0;
	for (size_t i = 0; i < diagnosis->clients; i++) {
		assert_true(diagnosis->client[i].probability >= 0.1);
		assert_true(i == 0 || diagnosis->client[i].probability <=
					      diagnosis->client[i - 1].probability);
		clients += diagnosis->client[i].probability;
	}
	assert_true(clients <= 1 + 1e-12);
}

static void calls_that_fade_are_of_a_node_that_is_gone_and_end(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	double half_life = 12 * 3600;
	struct cluster_table *table = calls(4662, 400, half_life, 4 * DAY);
	diagnose(&diagnosis, table, 4 * DAY);
	check_consistent(&diagnosis);
	assert_int_equal(diagnosis.verdict, VERDICT_RESIDUAL_P2P);
	assert_true(diagnosis.clients > 0);
	assert_non_null(strstr(client_table_name(diagnosis.client[0].index), "eMule"));
	/* After four days, eight half-lives, 400 / 256 calls an hour are left, which go on halving:
	 * of rate r and mean time tau r tau e^(-t / tau) are still to come, and none with 0.9. */
	double tau = half_life / log(2), rate = 400.0 / 3600 / 256;
	double wanted = tau * log(rate * tau / -log(0.9));
	assert_int_equal(diagnosis.quiet, QUIET_BY);
	double found = (double)(diagnosis.quiet_by - (NOON + 4 * DAY));
	/* The half-life is known from 7,000 calls, to 1 %; the rate at the end to some more. */
	if (fabs(found / wanted - 1) > 0.1)
		fail_msg("%g h, wanted %g h", found / 3600, wanted / 3600);
	assert_true(fabs(diagnosis.evidence.decay_hours / 12 - 1) < 0.03);
	cluster_table_free(table);
}

static void calls_that_have_faded_are_over(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	struct cluster_table *table = calls(4662, 400, 6 * 3600, 20 * DAY);
	diagnose(&diagnosis, table, 20 * DAY);
	check_consistent(&diagnosis);
	assert_int_equal(diagnosis.verdict, VERDICT_RESIDUAL_P2P);
	assert_int_equal(diagnosis.quiet, QUIET_ALREADY);
	assert_true(diagnosis.quiet_probability >= 0.9 && diagnosis.quiet_probability <= 1);
	assert_int_equal(diagnosis.quiet_by, NOON + 20 * DAY);
	cluster_table_free(table);
}

static void one_address_that_keeps_calling_is_not_contradicted_by_its_tries(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	for (int i = 0; i < 50; i++) {
		struct alert alert = syn_of("198.51.100.7", "192.0.2.1", 7743, NOON + 60 * i);
		alert.source_port = 40000 + i;
		alert.length = 60;
		assert_true(cluster_table_add(table, &alert, false));
	}
	assert_true(cluster_table_finish(table));
	diagnose(&diagnosis, table, 3600);
	check_consistent(&diagnosis);
	assert_int_equal(diagnosis.verdict, VERDICT_SINGLE_SOURCE);
	for (size_t i = 0; i < diagnosis.reasons; i++)
		assert_true(diagnosis.reason[i].fact.kind != FACT_MANY_TRIES ||
			    diagnosis.reason[i].for_ == VERDICT_SINGLE_SOURCE);
	cluster_table_free(table);
}

static void a_scan_does_not_stop_by_itself_and_names_no_program(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	struct cluster_table *table = scan(2000);
	diagnose(&diagnosis, table, 3600);
	check_consistent(&diagnosis);
	assert_int_equal(diagnosis.verdict, VERDICT_SCAN);
	assert_int_equal(diagnosis.quiet, QUIET_NOT_BY_ITSELF);
	assert_int_equal(diagnosis.clients, 0);
	cluster_table_free(table);
}

/* One SYN to a port of no known program tells hardly anything. */
static void of_one_packet_little_is_said(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	struct alert alert = syn_of("198.51.100.7", "192.0.2.1", 40017, NOON);
	assert_true(cluster_table_add(table, &alert, false));
	assert_true(cluster_table_finish(table));
	diagnose(&diagnosis, table, 1);
	check_consistent(&diagnosis);
	assert_true(isnan(diagnosis.evidence.decay_hours));
	assert_int_not_equal(diagnosis.quiet, QUIET_BY);
	assert_int_not_equal(diagnosis.quiet, QUIET_ALREADY);
	cluster_table_free(table);
}

/* Ports of every kind, few or many calls, in whatever form: nothing of it disagrees with itself. */
static void every_diagnosis_agrees_with_itself(void **state)
{
	(void)state;
	static const int32_t ports[] = {22, 80, 445, 1433, 4662, 6881, 7743, 27015, 40017};
	static const double rates[] = {0.5, 20, 600};
	for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
		for (size_t j = 0; j < sizeof rates / sizeof rates[0]; j++) {
			struct diagnosis diagnosis;
			struct cluster_table *table = calls(ports[i], rates[j], 1e9, DAY / 2);
			diagnose(&diagnosis, table, DAY / 2);
			check_consistent(&diagnosis);
			assert_int_not_equal(diagnosis.quiet, QUIET_ALREADY);
			cluster_table_free(table);
		}
}

/* As many SYNs to one port, each so long after the one before, of so many sources in turn; each
 * from a port of its own. */
static struct cluster_table *syns(uint32_t count, int64_t pause_us, uint32_t sources, int32_t port,
				  int32_t length)
{
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	for (uint32_t i = 0; i < count; i++) {
		struct alert alert = syn_of("198.51.100.0", "192.0.2.1", port, NOON);
		alert.source = address_number(i % sources);
		alert.source_port = (int32_t)(2000 + i);
		alert.time_us += i * pause_us;
		alert.length = length;
		assert_true(cluster_table_add(table, &alert, false));
	}
	assert_true(cluster_table_finish(table));
	return table;
}

static bool sees(const struct diagnosis *diagnosis, enum fact_kind kind)
{
	for (size_t i = 0; i < diagnosis->evidence.facts; i++)
		if (diagnosis->evidence.fact[i].kind == kind)
			return true;
	return false;
}

static void diagnose_syns(struct diagnosis *diagnosis, struct cluster_table *table)
{
	diagnose(diagnosis, table, DAY);
	check_consistent(diagnosis);
	cluster_table_free(table);
}

/* By Laplace's rule the next observation is unlike n that agree with 1 / (n + 2): whatever they
 * show, so much rests on what was believed before. */
static void of_few_packets_nothing_is_said_surely(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	double before = evidence_prior(VERDICT_SCAN) + evidence_prior(VERDICT_WORM);
	for (uint32_t count = 1; count <= 40; count++) {
		diagnose_syns(&diagnosis, syns(count, 1800000000, count, 445, 40));
		assert_int_equal(diagnosis.evidence.observations, count);
		double most = 1 - (1 - before) / (count + 2);
		double told = of_group(&diagnosis, "scan-or-worm");
		if (told > most || told < most - 0.15)
			fail_msg("%u SYNs: %g, at most %g", count, told, most);
	}
	/* A SYN that is repeated is no second observation. */
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	for (int64_t after = 0; after < 16; after = 2 * after + 1) {
		struct alert alert = syn_of("198.51.100.7", "192.0.2.1", 4662, NOON + after);
		assert_true(cluster_table_add(table, &alert, false));
	}
	assert_true(cluster_table_finish(table));
	diagnose_syns(&diagnosis, table);
	assert_int_equal(diagnosis.evidence.observations, 1);
	/* Nor is a source alone that had no time for company. */
	assert_false(sees(&diagnosis, FACT_ONE_SOURCE));
	diagnose_syns(&diagnosis, syns(2, 60000000, 1, 4662, 52));
	assert_true(sees(&diagnosis, FACT_ONE_SOURCE));
}

static void what_one_packet_tells_for_certain_is_said_surely(void **state)
{
	(void)state;
	static const struct {
		const char *destination, *group;
		uint32_t flags;
		bool outgoing;
	} packets[] = {
		{"192.0.2.1", "own-client", TCP_SYN, true},
		{"192.0.2.1", "backscatter", TCP_SYN | TCP_ACK, false},
		{"192.0.2.1", "own-replies", TCP_ACK, false},
		{"224.0.0.251", "benign", TCP_SYN, false},
	};
	for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
		struct diagnosis diagnosis;
		struct cluster_table *table = cluster_table_new();
		assert_non_null(table);
		struct alert alert =
			syn_of("198.51.100.7", packets[i].destination, 40017, NOON + 7);
		alert.tcp_flags = (int32_t)packets[i].flags;
		assert_true(cluster_table_add(table, &alert, packets[i].outgoing));
		assert_true(cluster_table_finish(table));
		diagnose_syns(&diagnosis, table);
		if (!(of_group(&diagnosis, packets[i].group) > 0.7))
			fail_msg("%s: %g", packets[i].group,
				 of_group(&diagnosis, packets[i].group));
	}
}

/* Whoever calls of his own accord hardly meets others in the same second. */
static void strangers_that_meet_in_one_second_are_a_flood(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	for (int32_t length = 40; length <= 60; length += 20) {
		diagnose_syns(&diagnosis, syns(8, 5001, 8, 443, length));
		assert_true(sees(&diagnosis, FACT_BURST));
		assert_int_equal(diagnosis.verdict, VERDICT_SYN_FLOOD);
		diagnose_syns(&diagnosis, syns(8, 600000001, 8, 443, length));
		assert_false(sees(&diagnosis, FACT_BURST));
		assert_int_not_equal(diagnosis.verdict, VERDICT_SYN_FLOOD);
	}
	/* Three may; and of one source it is no flood of strangers. */
	diagnose_syns(&diagnosis, syns(3, 5001, 3, 443, 40));
	assert_false(sees(&diagnosis, FACT_BURST));
	diagnose_syns(&diagnosis, syns(8, 5001, 2, 443, 40));
	assert_false(sees(&diagnosis, FACT_BURST));
	/* So may four of very many: here four among 200. */
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	for (uint32_t i = 0; i < 200; i++) {
		struct alert alert =
			syn_of("198.51.100.0", "192.0.2.1", 443, NOON + 7 + (i < 4 ? 0 : i * 300));
		alert.source = address_number(i);
		assert_true(cluster_table_add(table, &alert, false));
	}
	assert_true(cluster_table_finish(table));
	diagnose_syns(&diagnosis, table);
	assert_false(sees(&diagnosis, FACT_BURST));
	/* Where a log tells whole minutes, nobody knows who met in a second. */
	diagnose_syns(&diagnosis, syns(8, 0, 8, 443, 40));
	assert_false(sees(&diagnosis, FACT_BURST));
}

static void one_that_begins_anew_again_and_again_guesses_passwords(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	diagnose_syns(&diagnosis, syns(8, 7000000, 1, 22, 60));
	assert_true(sees(&diagnosis, FACT_SEVERAL_TRIES));
	assert_int_equal(diagnosis.verdict, VERDICT_BRUTE_FORCE);
	diagnose_syns(&diagnosis, syns(8, 7000000, 4, 22, 60));
	assert_false(sees(&diagnosis, FACT_SEVERAL_TRIES));
	assert_int_equal(diagnosis.verdict, VERDICT_SCAN);
	diagnose_syns(&diagnosis, syns(30, 7000000, 3, 22, 60));
	assert_false(sees(&diagnosis, FACT_SEVERAL_TRIES));
	assert_true(sees(&diagnosis, FACT_MANY_TRIES));
}

/* 30 ports of no known program, each with two callers, and port 6881 with so many. */
static void diagnose_beside_others(struct diagnosis *diagnosis, uint32_t callers)
{
	struct cluster_table *table = cluster_table_new();
	uint32_t number = 0;
	assert_non_null(table);
	for (int32_t port = 0; port <= 30; port++)
		for (uint32_t i = 0; i < (port < 30 ? 2 : callers); i++, number++) {
			struct alert alert =
				syn_of("198.51.100.0", "192.0.2.1", port < 30 ? 40011 + port : 6881,
				       NOON + 7 + number * 613);
			alert.source = address_number(number);
			assert_true(cluster_table_add(table, &alert, false));
		}
	assert_true(cluster_table_finish(table));
	size_t at = 0;
	while (cluster_table_at(table, at)->key.port != 6881)
		at++;
	diagnosis_make(diagnosis, table, cluster_table_at(table, at), NOON, NOON + DAY);
	check_consistent(diagnosis);
	cluster_table_free(table);
}

static void a_port_that_gets_no_more_than_the_others_is_not_called_by_nodes(void **state)
{
	(void)state;
	struct diagnosis diagnosis;
	for (uint32_t callers = 1; callers <= 40; callers++) {
		diagnose_beside_others(&diagnosis, callers);
		bool like_others = sees(&diagnosis, FACT_LIKE_OTHER_PORTS);
		bool stands_out = sees(&diagnosis, FACT_STANDS_OUT);
		if (like_others != (callers <= 2) || stands_out != (callers >= 16))
			fail_msg("%u callers", callers);
		if (callers <= 2)
			assert_int_not_equal(diagnosis.verdict, VERDICT_RESIDUAL_P2P);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_that_fade_are_of_a_node_that_is_gone_and_end),
		cmocka_unit_test(calls_that_have_faded_are_over),
		cmocka_unit_test(one_address_that_keeps_calling_is_not_contradicted_by_its_tries),
		cmocka_unit_test(a_scan_does_not_stop_by_itself_and_names_no_program),
		cmocka_unit_test(of_one_packet_little_is_said),
		cmocka_unit_test(every_diagnosis_agrees_with_itself),
		cmocka_unit_test(of_few_packets_nothing_is_said_surely),
		cmocka_unit_test(what_one_packet_tells_for_certain_is_said_surely),
		cmocka_unit_test(strangers_that_meet_in_one_second_are_a_flood),
		cmocka_unit_test(one_that_begins_anew_again_and_again_guesses_passwords),
		cmocka_unit_test(a_port_that_gets_no_more_than_the_others_is_not_called_by_nodes),
	};
	return cmocka_run_group_tests_name("diagnosis", tests, NULL, NULL);
}
