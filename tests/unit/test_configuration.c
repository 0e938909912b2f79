/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/configuration.h"

#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define AGENT	  "[agent]\nstate = obs\n"
#define INTERFACE "[interface eth0]\n"
#define TARGET	  "[target winny]\naddress = 198.51.100.7\nports = 7743\n"
#define LEAST	  AGENT INTERFACE TARGET /* 6 lines */

static struct configuration *read_good(const char *text)
{
	struct failure failure = {0};
	struct configuration *configuration = test_malloc(sizeof *configuration);
	write_text("a.conf", text);
	if (configuration_read(configuration, "a.conf", &failure) != 0)
		fail_msg("refused: %s", failure.text);
	return configuration;
}

/* One line, EXIT_WRONG_USE, and the configuration is as it was. */
static void assert_refused(const char *text, const char *said)
{
	struct failure failure = {0};
	struct configuration *configuration = test_malloc(sizeof *configuration);
	struct configuration *before = test_malloc(sizeof *before);
	memset(configuration, 0xa5, sizeof *configuration);
	memset(before, 0xa5, sizeof *before);
	write_text("a.conf", text);
	assert_int_equal(configuration_read(configuration, "a.conf", &failure), -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
	if (strncmp(failure.text, said, strlen(said)) != 0)
		fail_msg("says: %s", failure.text);
	assert_memory_equal(configuration, before, sizeof *before);
	test_free(configuration);
	test_free(before);
}

static void what_is_not_said_has_its_standard_value(void **state)
{
	(void)state;
	struct configuration *got = read_good(LEAST);
	assert_string_equal(got->state, "obs");
	assert_int_equal(got->attempts, 163840);
	assert_int_equal(got->sources, 131072);
	assert_int_equal(got->interfaces, 1);
	assert_string_equal(got->interface[0].name, "eth0");
	assert_int_equal(got->interface[0].ring_mib, 13);
	assert_int_equal(got->interface[0].snapshot_bytes, 128);
	assert_int_equal(got->evidence_mib, 16);
	assert_false(got->anonymise);
	assert_string_equal(got->countries, "");
	assert_string_equal(got->systems, "");
	assert_int_equal(got->targets, 1);
	assert_string_equal(got->target[0].name, "winny");
	assert_string_equal(got->target[0].client, "");
	assert_true(got->target[0].started == TIME_UNKNOWN);
	assert_true(got->target[0].retired == TIME_UNKNOWN);
	assert_int_equal(got->target[0].excluded_ports, 0);
	test_free(got);
}

static void every_key_reaches_its_place(void **state)
{
	(void)state;
	struct configuration *got = read_good(
		"[geo]\ncountry = /g/c.mmdb\nas = /g/a.mmdb\n"
		"[evidence]\nbudget = 0\nanonymise = yes\n"
		"[target a]\naddress = 198.51.100.7 , 2001:db8::7\nports = 80, 7743 ,65535\n"
		"client = Share, the EX2\nversion = 1.0 a\nstarted = 1970-01-02\nretired = 172800\n"
		"policy = rst\nexclude = 22, 443\ninterface = any\n"
		"[interface ppp0]\nring = 1024\nsnapshot = 96\n[interface any]\n"
		"[target b]\naddress = 192.0.2.1\nports = 1\nretired = auto\ninterface = ppp0\n"
		"[agent]\nstate = /var/lib/obs\nattempts = 1024\nsources = 2048\n");
	assert_string_equal(got->state, "/var/lib/obs");
	assert_int_equal(got->attempts, 1024);
	assert_int_equal(got->sources, 2048);
	assert_int_equal(got->interfaces, 2);
	assert_string_equal(got->interface[0].name, "ppp0");
	assert_int_equal(got->interface[0].ring_mib, 1024);
	assert_int_equal(got->interface[0].snapshot_bytes, 96);
	assert_string_equal(got->interface[1].name, "any");
	assert_int_equal(got->interface[1].ring_mib, 13);
	assert_int_equal(got->evidence_mib, 0);
	assert_true(got->anonymise);
	assert_string_equal(got->countries, "/g/c.mmdb");
	assert_string_equal(got->systems, "/g/a.mmdb");
	assert_int_equal(got->targets, 2);
	assert_int_equal(got->target_interface[0], 1);
	assert_int_equal(got->target_interface[1], 0);
	const struct target *target = configuration_find(got, "a");
	struct failure failure = {0};
	struct target expected;
	assert_int_equal(target_parse(&expected,
				      "a=198.51.100.7/80,7743,65535:address=2001:db8::7:client="
				      "Share, the EX2:version=1.0 a:started=86400:retired=172800"
				      ":policy=rst:exclude=22,443",
				      &failure),
			 0);
	assert_ptr_equal(target, &got->target[0]);
	assert_memory_equal(target->address, expected.address, sizeof expected.address);
	assert_int_equal(target->addresses, 2);
	assert_memory_equal(target->port, expected.port, sizeof expected.port);
	assert_int_equal(target->ports, 3);
	assert_memory_equal(target->excluded_port, expected.excluded_port,
			    sizeof expected.excluded_port);
	assert_int_equal(target->excluded_ports, 2);
	assert_string_equal(target->client, expected.client);
	assert_string_equal(target->version, expected.version);
	assert_string_equal(target->policy, "rst");
	assert_true(target->started == 86400 && target->retired == 172800);
	assert_true(got->target[1].retired == TIME_UNKNOWN);
	assert_null(configuration_find(got, "c"));
	test_free(got);
}

static void each_mistake_names_line_key_and_what_is_allowed(void **state)
{
	(void)state;
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"", "a.conf:1: [agent] state is missing: give"},
		{INTERFACE TARGET, "a.conf:4: [agent] state is missing"},
		{"\n[agent]\nattempts = 1024\n" INTERFACE TARGET, "a.conf:2: [agent] state"},
		{AGENT TARGET, "a.conf:5: [interface NAME] is missing"},
		{AGENT INTERFACE, "a.conf:3: [target NAME] is missing"},
		{LEAST "[target x]\nports = 1\n", "a.conf:7: [target x] address is missing"},
		{LEAST "[target x]\naddress = 1.2.3.4\n", "a.conf:7: [target x] ports is missing"},
		{LEAST "[colour]\n",
		 "a.conf:7: [colour] is unknown: allowed are [agent], [interface NAME], [target "
		 "NAME], [evidence], [geo]"},
		{LEAST "[agent x]\n", "a.conf:7: [agent x] is unknown"},
		{LEAST "[agen]\n", "a.conf:7: [agen] is unknown"},
		{LEAST "[]\n", "a.conf:7: [] is unknown"},
		{LEAST "[agent]\n", "a.conf:7: [agent] stands in line 1 already"},
		{LEAST "[interface]\n", "a.conf:7: [interface]: allowed is [interface NAME]"},
		{LEAST "[interface a b]\n", "a.conf:7: [interface a b]: allowed is"},
		{LEAST "[interface a/b]\n", "a.conf:7: [interface a/b]: allowed is"},
		{LEAST "[interface a123456789012345]\n", "a.conf:7: [interface a12"},
		{LEAST "[interface eth0]\n", "a.conf:7: [interface eth0] stands in line 3"},
		{LEAST "[target]\n", "a.conf:7: [target]: allowed is [target NAME], 1 to 64"},
		{LEAST "[target ../x]\n", "a.conf:7: [target ../x]: allowed is"},
		{LEAST "[target lock]\n", "a.conf:7: [target lock]: allowed is"},
		{LEAST "[target winny]\n", "a.conf:7: [target winny] stands in line 4"},
		{LEAST "color = x\n", "a.conf:7: [target winny] unknown key 'color': allowed are "
				      "interface, client, version, "
				      "address, ports, started, retired, policy, exclude"},
		{LEAST "ring = 4\n", "a.conf:7: [target winny] unknown key 'ring'"},
		{LEAST "ports = 4\n", "a.conf:7: [target winny] ports is given twice"},
		{LEAST "policy = shrug\n",
		 "a.conf:7: [target winny] policy 'shrug': write drop or rst"},
		{LEAST "started = soon\n", "a.conf:7: [target winny] started 'soon' is not a time"},
		{LEAST "exclude = 22,x\n",
		 "a.conf:7: [target winny] exclude '22,x': ports 1 to 65535"},
		{LEAST "exclude = 22, 7743\n",
		 "a.conf:7: [target winny] exclude: port 7743 is one of the target's ports"},
		{LEAST "started = 10\nretired = 9\n",
		 "a.conf:8: [target winny] retired lies before started"},
		{LEAST "retired = 9\nstarted = 10\n",
		 "a.conf:8: [target winny] retired lies before started"},
		{LEAST "client = "
		       "12345678901234567890123456789012345678901234567890123456789012345\n",
		 "a.conf:7: [target winny] client '"},
		{LEAST "[target x]\naddress = 1.2.3\n",
		 "a.conf:8: [target x] address: '1.2.3' is not an IPv4 or IPv6 address"},
		{LEAST "[target x]\naddress = 1.2.3.4, 1.2.3.4\n",
		 "a.conf:8: [target x] address 1.2.3.4 is given twice"},
		{LEAST "[target x]\naddress = 1.2.3.4,1.2.3.5,1.2.3.6\n",
		 "a.conf:8: [target x] address: more than two addresses"},
		{LEAST "[target x]\naddress =\n", "a.conf:8: [target x] address: ''"},
		{LEAST "[target x]\nports = 0\n",
		 "a.conf:8: [target x] ports '0': allowed are numbers 1 to 65535, separated by "
		 "commas, at most 16"},
		{LEAST "[target x]\nports = 80 81\n", "a.conf:8: [target x] ports '80 81'"},
		{LEAST "[target x]\nports = 80,\n", "a.conf:8: [target x] ports '80,'"},
		{LEAST "[target x]\nports = 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n",
		 "a.conf:8: [target x] ports '1,2"},
		{LEAST "[evidence]\nbudget = 1048577\n",
		 "a.conf:8: [evidence] budget '1048577': allowed is a number of MiB, 0 to 1048576"},
		{LEAST "[evidence]\nbudget = -1\n", "a.conf:8: [evidence] budget '-1': allowed is"},
		{LEAST "[evidence]\nanonymise = perhaps\n",
		 "a.conf:8: [evidence] anonymise 'perhaps': allowed is yes or no"},
		{LEAST "[geo]\ncountry =\n", "a.conf:8: [geo] country '': allowed is the name of"},
		{LEAST "[geo]\nas = a\tb\n", "a.conf:8: [geo] as 'a?b': allowed is the name of"},
		{"[agent]\nattempts = 1023\n",
		 "a.conf:2: [agent] attempts '1023': allowed is a number of attempts, 1024 to "
		 "16777216"},
		{"[agent]\nattempts = 1e6\n", "a.conf:2: [agent] attempts '1e6': allowed is"},
		{LEAST "[interface eth1]\n",
		 "a.conf:4: [target winny] interface is missing: there are several"},
		{LEAST "interface = eth1\n",
		 "a.conf:4: [target winny] interface 'eth1': allowed is the name of an"},
		{LEAST "interface = a123456789012345\n",
		 "a.conf:7: [target winny] interface 'a123456789012345': allowed is the name"},
		{"[geo]\ncountry = c.mmdb\n", "a.conf:2: [geo] country 'c.mmdb': allowed is the "
					      "name of a file .mmdb that begins"},
		{"[interface x]\nring = 0\n",
		 "a.conf:2: [interface x] ring '0': allowed is a number of MiB, 1 to 1024"},
		{"[interface x]\nsnapshot = 65536\n",
		 "a.conf:2: [interface x] snapshot '65536': allowed is a number of bytes, 96 to "
		 "65535"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_refused(cases[i].text, cases[i].said);
}

static void what_retired_allows_names_auto(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct configuration *configuration = test_malloc(sizeof *configuration);
	write_text("a.conf", LEAST "retired = never\n");
	assert_int_equal(configuration_read(configuration, "a.conf", &failure), -1);
	assert_string_equal(failure.text, "a.conf:7: [target winny] retired 'never' is not a time: "
					  "write 2008-02-20T00:00:00Z or Unix seconds, or auto");
	test_free(configuration);
}

/* inih would cut the names of both after 49 bytes, and make one target of them. */
static void targets_with_long_names_are_told_apart(void **state)
{
	(void)state;
	char name[65] = "", text[600];
	memset(name, 'n', 64);
	snprintf(text, sizeof text,
		 AGENT INTERFACE "[target %s]\naddress = 1.2.3.4\nports = 1\n"
				 "[target %.63sm]\naddress = 1.2.3.5\nports = 1\n",
		 name, name);
	struct configuration *got = read_good(text);
	assert_int_equal(got->targets, 2);
	assert_string_equal(got->target[0].name, name);
	assert_non_null(configuration_find(got, name));
	test_free(got);
	snprintf(text, sizeof text, LEAST "[target %sn]\n", name);
	assert_refused(text, "a.conf:7: [target nnn");
}

static void as_many_targets_as_allowed_are_taken_and_no_more(void **state)
{
	(void)state;
	FILE *stream = fopen("many.conf", "w");
	fputs(AGENT INTERFACE, stream);
	for (int i = 0; i < TARGETS_MAX; i++)
		fprintf(stream, "[target t%d]\naddress = 192.0.2.1\nports = %d\n", i, i + 1);
	fclose(stream);
	struct failure failure = {0};
	struct configuration *configuration = test_malloc(sizeof *configuration);
	assert_int_equal(configuration_read(configuration, "many.conf", &failure), 0);
	assert_int_equal(configuration->targets, TARGETS_MAX);
	assert_int_equal(configuration->target[TARGETS_MAX - 1].port[0], TARGETS_MAX);
	stream = fopen("many.conf", "a");
	fputs("[target more]\n", stream);
	fclose(stream);
	assert_int_equal(configuration_read(configuration, "many.conf", &failure), -1);
	assert_string_equal(failure.text, "many.conf:772: [target more]: allowed are 256 targets");
	test_free(configuration);
}

static void as_many_interfaces_as_allowed_are_taken_and_no_more(void **state)
{
	(void)state;
	char text[600] = AGENT TARGET "interface = e7\n";
	for (int i = 0; i < CONFIGURATION_INTERFACES_MAX; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "[interface e%d]\n", i);
	struct configuration *got = read_good(text);
	assert_int_equal(got->interfaces, CONFIGURATION_INTERFACES_MAX);
	assert_int_equal(got->target_interface[0], CONFIGURATION_INTERFACES_MAX - 1);
	test_free(got);
	snprintf(text + strlen(text), sizeof text - strlen(text), "[interface more]\n");
	assert_refused(text, "a.conf:15: [interface more]: allowed are 8 interfaces");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(what_is_not_said_has_its_standard_value),
		in_workspace(every_key_reaches_its_place),
		in_workspace(each_mistake_names_line_key_and_what_is_allowed),
		in_workspace(what_retired_allows_names_auto),
		in_workspace(targets_with_long_names_are_told_apart),
		in_workspace(as_many_targets_as_allowed_are_taken_and_no_more),
		in_workspace(as_many_interfaces_as_allowed_are_taken_and_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
