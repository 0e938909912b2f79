/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/client_parameters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void published_clients_equal_their_client_files(void **state)
{
	(void)state;
	const char *names[] = {"skype", "winny", "share"};
	for (int i = 0; i < 3; i++) {
		char path[64];
		struct failure failure = {0};
		struct client_parameters file;
		const struct client_parameters *built_in = client_parameters_published(names[i]);
		snprintf(path, sizeof path, "data/clients/%s.conf", names[i]);
		assert_int_equal(client_parameters_read(&file, path, &failure), 0);
		assert_string_equal(file.name, built_in->name);
		assert_int_equal(file.address, built_in->address);
		assert_int_equal(file.port, built_in->port);
		for (const struct client_key *key = client_keys; key->section; key++) {
			double a, b;
			memcpy(&a, (const char *)&file + key->offset, sizeof a);
			memcpy(&b, (const char *)built_in + key->offset, sizeof b);
			if (a != b)
				fail_msg("%s: [%s] %s: file %g, built in %g", names[i],
					 key->section, key->name, a, b);
		}
	}
	assert_null(client_parameters_published("kazaa"));
}

/* Every double of the struct has a key: none can be forgotten in the comparison above. */
static void every_parameter_has_a_key(void **state)
{
	(void)state;
	size_t first = offsetof(struct client_parameters, udp_share);
	size_t keys = 0;
	for (const struct client_key *key = client_keys; key->section; key++, keys++)
		assert_int_equal(key->offset, first + keys * sizeof(double));
	assert_int_equal(first + keys * sizeof(double), sizeof(struct client_parameters));
}

/* Reads a client file of this text; the message lands in text, the result is returned. */
static int read_text(const char *content, struct client_parameters *client, char *text, size_t size)
{
	char path[] = "/tmp/test_client_model.XXXXXX";
	int descriptor = mkstemp(path);
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, content, strlen(content)), strlen(content));
	close(descriptor);
	struct failure failure = {0};
	int result = client_parameters_read(client, path, &failure);
	unlink(path);
	if (result != 0)
		assert_int_equal(failure.status, EXIT_WRONG_USE);
	/* The file's random name is left out. */
	snprintf(text, size, "%s", result != 0 ? failure.text + strlen(path) : "");
	return result;
}

#define GOOD "[client]\nname = x\ntarget = 192.0.2.1/80\n[systems]\nwindows_xp = 1\n"

static void a_short_client_file_gets_standard_values(void **state)
{
	(void)state;
	struct client_parameters client;
	char text[1024];
	assert_int_equal(read_text(GOOD "; a comment\n# another\n[running]\npeers=3 ; three\n",
				   &client, text, sizeof text),
			 0);
	assert_string_equal(client.name, "x");
	assert_int_equal(client.address, 0xc0000201);
	assert_int_equal(client.port, 80);
	assert_true(client.running_peers == 3);
	assert_true(client.running_interval_minutes == 60);
	assert_true(client.background_syn == 4);
	assert_int_equal(client_parameters_peers(&client), 3);
}

static void mistakes_name_line_key_and_what_is_allowed(void **state)
{
	(void)state;
	const struct {
		const char *content, *message;
	} wrong[] = {
		{GOOD "[running]\npeers = many\n",
		 ":7: [running] peers is 'many'; allowed: a whole number from 0 to 65536"},
		{GOOD "[running]\npeers = 2.5\n",
		 ":7: [running] peers is '2.5'; allowed: a whole number from 0 to 65536"},
		{GOOD "[running]\npeers = 70000\n",
		 ":7: [running] peers is '70000'; allowed: a whole number from 0 to 65536"},
		{GOOD "[client]\nloss = nan\n",
		 ":7: [client] loss is 'nan'; allowed: a number from 0 to 0.9"},
		{GOOD "[client]\nloss =\n",
		 ":7: [client] loss is ''; allowed: a number from 0 to 0.9"},
		{GOOD "\n\n[returning]\npears = 3\n",
		 ":9: [returning] pears is not a key of a client file; allowed: the keys of "
		 "data/clients/winny.conf"},
		{GOOD "windows_xp = 2\n",
		 ":6: [systems] windows_xp is given twice; allowed: each key once, on one line"},
		{GOOD "no equals sign here\n[running]\npeers = many\n",
		 ":6: neither 'key = value' nor '[section]'"},
		{GOOD "[running\n", ":6: neither 'key = value' nor '[section]'"},
		{"[client]\nname = a b\n",
		 ":2: [client] name is not a name; allowed: 1 to 32 of A-Z "
		 "a-z 0-9 . _ -"},
		{"[client]\nname = x\n[systems]\nlinux_6_5 = 1\n",
		 ": [client] target is missing; give it"},
		{"[client]\ntarget = 192.0.2.1/80\n", ": [client] name is missing; give it"},
		{"[client]\nname = x\ntarget = 192.0.2.1/80\n",
		 ": [systems] gives no operating system a weight; give one, as in windows_xp = 1"},
		{GOOD "[running]\npeers = 65536\n[keepers]\npeers = 1\n",
		 ": 65537 peers in all; allowed: up to 65536, the anchor's included"},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct client_parameters client;
		char text[1024];
		assert_int_equal(read_text(wrong[i].content, &client, text, sizeof text), -1);
		assert_string_equal(text, wrong[i].message);
	}
}

static void targets_are_ipv4_addresses_outside_the_source_range(void **state)
{
	(void)state;
	const char *wrong[] = {"",
			       "192.0.2.1",
			       "192.0.2.1/",
			       "192.0.2.1/0",
			       "192.0.2/80",
			       "192.0.2.1/65536",
			       "192.0.2.1/80x",
			       "192.0.2.1/ 80",
			       "198.18.0.1/80",
			       "198.19.255.255/80",
			       "2001:db8::1/80",
			       "192.0.2.1/+80"};
	uint32_t address = 7;
	uint16_t port = 7;
	const char *allowed;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(client_target_parse(wrong[i], &address, &port, &allowed), -1);
	assert_int_equal(address, 7);
	assert_int_equal(client_target_parse("198.20.0.1/65535", &address, &port, &allowed), 0);
	assert_int_equal(address, 0xc6140001);
	assert_int_equal(port, 65535);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_clients_equal_their_client_files),
		cmocka_unit_test(every_parameter_has_a_key),
		cmocka_unit_test(a_short_client_file_gets_standard_values),
		cmocka_unit_test(mistakes_name_line_key_and_what_is_allowed),
		cmocka_unit_test(targets_are_ipv4_addresses_outside_the_source_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
