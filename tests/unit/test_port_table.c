/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is compiled in of data/ports.tsv and data/clients.tsv, beside those files read anew. */
#include "../../analysis/alerts/client_table.h"
#include "../../analysis/alerts/port_table.h"
#include "../../observer/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PORTS 65536

/* Columns of a line, cut in place; their number. */
static size_t split(char *line, char separator, char *column[], size_t most)
{
	size_t columns = 0;
	for (char *at = line; at && columns < most;) {
		char *next = strchr(at, separator);
		column[columns++] = at;
		if (next)
			*next++ = '\0';
		at = next;
	}
	return columns;
}

/* The next row of data, without comments and the head. */
static bool next_row(FILE *file, const char *head, char *line, size_t size)
{
	while (fgets(line, (int)size, file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '#' && strncmp(line, head, strlen(head)) != 0)
			return true;
	}
	return false;
}

static void parse_range(const char *text, long *first, long *last)
{
	char *after;
	*first = *last = strtol(text, &after, 10);
	if (*after == '-')
		*last = strtol(after + 1, &after, 10);
	assert_true(*first >= 0 && *first <= *last && *last < PORTS);
}

static enum port_class class_of(const char *name)
{
	static const char *const names[] = {
		[PORT_UNKNOWN] = "unknown",
		[PORT_P2P] = "p2p",
		[PORT_SCAN] = "scan",
		[PORT_WORM] = "worm",
		[PORT_BRUTE_FORCE] = "brute-force",
		[PORT_MAIL] = "mail",
		[PORT_WEB] = "web",
		[PORT_FLOOD_TARGET] = "flood-target",
		[PORT_BENIGN] = "benign",
	};
	for (int i = PORT_UNKNOWN; i <= PORT_BENIGN; i++)
		if (strcmp(names[i], name) == 0)
			return (enum port_class)i;
	fail_msg("no class: %s", name);
	return PORT_UNLISTED;
}

/* The first row of a port counts. */
static void every_port_is_what_its_first_row_says(void **state)
{
	(void)state;
	static struct {
		enum port_class class;
		char program[80];
	} wanted[2][PORTS];
	static const uint8_t protocols[] = {PROTOCOL_TCP, PROTOCOL_UDP};
	char line[1024];
	size_t rows = 0;
	FILE *file = fopen("data/ports.tsv", "r");
	assert_non_null(file);
	for (; next_row(file, "ports\t", line, sizeof line); rows++) {
		char *column[6], *range[64];
		assert_int_equal(split(line, '\t', column, 6), 5);
		size_t ranges = split(column[0], ',', range, 64);
		bool of[2] = {strstr(column[1], "tcp") != NULL, strstr(column[1], "udp") != NULL};
		assert_true(of[0] || of[1]);
		for (size_t i = 0; i < ranges; i++) {
			long first, last;
			parse_range(range[i], &first, &last);
			for (long port = first; port <= last; port++)
				for (int p = 0; p < 2; p++) {
					if (!of[p] || wanted[p][port].class != PORT_UNLISTED)
						continue;
					wanted[p][port].class = class_of(column[4]);
					snprintf(wanted[p][port].program,
						 sizeof wanted[p][port].program, "%s", column[2]);
				}
		}
	}
	fclose(file);
	assert_true(rows > 30);
	for (int p = 0; p < 2; p++)
		for (long port = 0; port < PORTS; port++) {
			uint16_t number = (uint16_t)port;
			if (port_table_class(protocols[p], number) != wanted[p][port].class)
				fail_msg("protocol %u, port %ld", protocols[p], port);
			assert_string_equal(port_table_program(protocols[p], number),
					    wanted[p][port].program);
			assert_int_equal(port_table_what_comes(protocols[p], number)[0] != '\0',
					 wanted[p][port].class != PORT_UNLISTED);
		}
}

static void a_port_of_another_protocol_is_unlisted(void **state)
{
	(void)state;
	assert_int_equal(port_table_class(PROTOCOL_TCP, 4662), PORT_P2P);
	assert_int_equal(port_table_class(PROTOCOL_UDP, 4662), PORT_UNLISTED);
	assert_int_equal(port_table_class(PROTOCOL_ICMP, 4662), PORT_UNLISTED);
	assert_int_equal(port_table_class(255, 4662), PORT_UNLISTED);
	assert_string_equal(port_table_program(132, 22), "");
	assert_string_equal(port_table_what_comes(132, 22), "");
}

static void every_client_has_the_ports_and_days_of_its_row(void **state)
{
	(void)state;
	char line[2048];
	size_t index = 0;
	FILE *file = fopen("data/clients.tsv", "r");
	assert_non_null(file);
	for (; next_row(file, "client\t", line, sizeof line); index++) {
		static bool wanted[2][PORTS];
		char *column[9], *range[16];
		memset(wanted, 0, sizeof wanted);
		assert_int_equal(split(line, '\t', column, 9), 8);
		assert_true(index < client_table_count());
		assert_string_equal(client_table_name(index), column[0]);
		assert_int_equal(client_table_days(index),
				 strtoul(column[5], NULL, 10)); /* "-": 0 */
		/* "-": of no one country. */
		if (strcmp(client_table_country(index), "") == 0)
			assert_string_equal(column[6], "-");
		else
			assert_memory_equal(client_table_country(index), column[6], 2);
		bool has = strcmp(column[1], "-") != 0;
		assert_int_equal(client_table_has_default(index), has);
		size_t ranges = has ? split(column[1], ',', range, 16) : 0;
		for (size_t i = 0; i < ranges; i++) {
			long first, last;
			bool tcp = strstr(range[i], "/tcp") != NULL;
			assert_true(tcp || strstr(range[i], "/udp"));
			*strchr(range[i], '/') = '\0';
			parse_range(range[i], &first, &last);
			for (long port = first; port <= last; port++)
				wanted[!tcp][port] = true;
		}
		for (long port = 0; port < PORTS; port++) {
			uint16_t number = (uint16_t)port;
			if (client_table_has_port(index, PROTOCOL_TCP, number) != wanted[0][port] ||
			    client_table_has_port(index, PROTOCOL_UDP, number) != wanted[1][port])
				fail_msg("%s, port %ld", column[0], port);
			if (client_table_has_port(index, PROTOCOL_ICMP, number))
				fail_msg("%s has an ICMP port", column[0]);
		}
	}
	fclose(file);
	assert_int_equal(index, client_table_count());
	assert_true(index > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_port_is_what_its_first_row_says),
		cmocka_unit_test(a_port_of_another_protocol_is_unlisted),
		cmocka_unit_test(every_client_has_the_ports_and_days_of_its_row),
	};
	return cmocka_run_group_tests_name("port_table", tests, NULL, NULL);
}
