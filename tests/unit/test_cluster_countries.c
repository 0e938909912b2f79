/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The countries of the addresses that call, and what they say of the program that they call for. */
#include "../../analysis/alerts/client_table.h"
#include "../../analysis/alerts/cluster_table.h"
#include "../../analysis/alerts/diagnosis.h"
#include "../../analysis/alerts/explanation_words.h"
#include "../../observer/geo.h"
#include "alerts.h"
#include "mmdb.h"
#include "workspace.h"

#include <string.h>

static struct mmdb mmdb;
static struct geo *geo;

/* 10.0.0.0/24 Japan, 10.0.1.0/24 Brazil, and 10.0.2.x, .3.x, ...: one of six more. */
static void open_countries(void)
{
	static const char *const codes[] = {"JP", "BR", "AD", "DE", "FR", "ZW", "US", "CL"};
	const struct geo_options options = {.countries = "c.mmdb"};
	struct failure failure = {0};
	struct octets file;
	mmdb_begin(&mmdb);
	for (uint32_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		mmdb_insert_ipv4(&mmdb, 0x0a000000 + (i << 8), 24, mmdb_country(&mmdb, codes[i]));
	mmdb_end(&mmdb, &file);
	write_bytes("c.mmdb", file.bytes, file.length);
	if (geo_open(&geo, &options, "copies", &failure) != 0)
		fail_msg("%s", failure.text);
}

static struct cluster_table *new_table(void)
{
	open_countries();
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	cluster_table_locate(table, geo);
	return table;
}

static void free_table(struct cluster_table *table)
{
	cluster_table_free(table);
	geo_close(geo);
}

/* `count` callers of 10.0.`net`.0/24, each twice. */
static void call(struct cluster_table *table, int32_t port, uint32_t net, uint32_t count)
{
	for (uint32_t i = 0; i < 2 * count; i++) {
		struct alert alert =
			syn_of("198.51.100.0", "192.0.2.1", port, NOON + i * 100 + net);
		alert.source = address_number(net << 8 | i % count);
		assert_true(cluster_table_add(table, &alert, false));
	}
}

static void check(const struct cluster *cluster, size_t place, const char *code, uint32_t addresses)
{
	assert_string_equal(cluster->country[place].code, code);
	assert_int_equal(cluster->country[place].addresses, addresses);
}

static void each_address_counts_once_in_its_country(void **state)
{
	(void)state;
	char text[512];
	struct cluster_table *table = new_table();
	call(table, 7743, 0, 80);
	call(table, 7743, 1, 10);
	call(table, 7743, 9, 10); /* nobody's */
	call(table, 23, 1, 3);
	assert_true(cluster_table_finish(table));
	const struct cluster *cluster = cluster_table_at(table, 0);
	assert_int_equal(cluster->key.port, 7743);
	assert_int_equal(cluster->located, 90);
	check(cluster, 0, "JP", 80);
	check(cluster, 1, "BR", 10);
	check(cluster, 2, "", 0);
	words_countries(cluster, LANGUAGE_ENGLISH, text, sizeof text);
	assert_string_equal(text, "Japan 80 %, Brazil 10 %, not known 10 %");
	words_countries(cluster, LANGUAGE_JAPANESE, text, sizeof text);
	assert_string_equal(text, "日本 80 %、ブラジル 10 %、不明 10 %");
	check(cluster_table_at(table, 1), 0, "BR", 3);
	free_table(table);
}

static void the_five_of_most_addresses_are_named_and_the_rest_summed_up(void **state)
{
	(void)state;
	char text[512];
	struct cluster_table *table = new_table();
	for (uint32_t net = 0; net < 8; net++)
		call(table, 7743, net, net < 2 ? 20 : 10);
	assert_true(cluster_table_finish(table));
	const struct cluster *cluster = cluster_table_at(table, 0);
	assert_int_equal(cluster->located, 100);
	/* Of as many addresses, by the alphabet. */
	words_countries(cluster, LANGUAGE_ENGLISH, text, sizeof text);
	assert_string_equal(text, "Brazil 20 %, Japan 20 %, Andorra 10 %, Chile 10 %, "
				  "Germany 10 %, others 30 %");
	free_table(table);
}

/* One scanner of many ports is one address of its country, not one for each port. */
static void a_scanner_counts_once_in_a_group_of_ports(void **state)
{
	(void)state;
	struct cluster_table *table = new_table();
	for (int32_t port = 2000; port < 2030; port++)
		call(table, port, 1, 1);
	assert_true(cluster_table_finish(table));
	assert_int_equal(cluster_table_count(table), 1);
	const struct cluster *group = cluster_table_at(table, 0);
	assert_true(group->key.group_of_ports);
	check(group, 0, "BR", 1);
	free_table(table);
}

static void without_a_database_no_country_is_known(void **state)
{
	(void)state;
	char text[512];
	struct cluster_table *table = cluster_table_new();
	assert_non_null(table);
	call(table, 7743, 0, 80);
	assert_true(cluster_table_finish(table));
	assert_false(cluster_table_locates(table));
	words_countries(cluster_table_at(table, 0), LANGUAGE_ENGLISH, text, sizeof text);
	assert_string_equal(text, "");
	cluster_table_free(table);
}

/* The probability that a cluster is of Winny, whose nodes have any port and are in Japan; 0 when it
 * is not told. */
static double winny(const struct cluster *cluster)
{
	struct diagnosis diagnosis = {.likeliest = VERDICT_RESIDUAL_P2P};
	diagnosis_name_clients(&diagnosis, cluster);
	for (size_t i = 0; i < diagnosis.clients; i++)
		if (strcmp(client_table_name(diagnosis.client[i].index), "Winny") == 0)
			return diagnosis.client[i].probability;
	return 0;
}

static struct cluster cluster_of(int32_t port, uint32_t japanese, uint32_t located, int days)
{
	struct cluster cluster = {
		.key = {.port = port, .protocol = PROTOCOL_TCP},
		.remotes = located,
		.located = located,
		.country = {{"JP", japanese}},
		.first_us = NOON * 1000000,
		.last_us = (NOON + days * INT64_C(86400)) * 1000000,
	};
	return cluster;
}

static void a_program_of_one_country_is_named_by_its_country(void **state)
{
	(void)state;
	struct cluster japanese = cluster_of(7743, 80, 100, 3);
	struct cluster foreign = cluster_of(7743, 2, 100, 3);
	struct cluster few = cluster_of(7743, 9, 9, 3);
	struct cluster unknown = cluster_of(7743, 0, 0, 3);
	assert_true(winny(&japanese) > 0.15);
	assert_true(winny(&foreign) == 0);
	/* Nine addresses tell no more than none. */
	assert_true(winny(&few) == winny(&unknown));
}

/* The port of another program weighs more than the country. */
static void a_default_port_outweighs_a_country(void **state)
{
	(void)state;
	struct diagnosis diagnosis = {.likeliest = VERDICT_RESIDUAL_P2P};
	struct cluster cluster = cluster_of(51413, 80, 100, 3);
	diagnosis_name_clients(&diagnosis, &cluster);
	assert_string_equal(client_table_name(diagnosis.client[0].index),
			    "BitTorrent (Transmission)");
}

/* Nodes of Winny have stopped calling after 25 days, those of Share have not after half a year. */
static void calls_that_go_on_too_long_are_of_another_program(void **state)
{
	(void)state;
	struct diagnosis diagnosis = {.likeliest = VERDICT_RESIDUAL_P2P};
	struct cluster young = cluster_of(7743, 80, 100, 49);
	struct cluster old = cluster_of(7743, 80, 100, 51);
	assert_true(winny(&young) > 0.15);
	assert_true(winny(&old) < winny(&young) / 3);
	diagnosis_name_clients(&diagnosis, &old);
	assert_string_equal(client_table_name(diagnosis.client[0].index), "Share");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(each_address_counts_once_in_its_country),
		in_workspace(the_five_of_most_addresses_are_named_and_the_rest_summed_up),
		in_workspace(a_scanner_counts_once_in_a_group_of_ports),
		cmocka_unit_test(without_a_database_no_country_is_known),
		cmocka_unit_test(a_program_of_one_country_is_named_by_its_country),
		cmocka_unit_test(a_default_port_outweighs_a_country),
		cmocka_unit_test(calls_that_go_on_too_long_are_of_another_program),
	};
	return cmocka_run_group_tests_name("cluster_countries", tests, NULL, NULL);
}
