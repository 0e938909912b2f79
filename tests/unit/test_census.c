/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/census.h"

#include "octets.h"
#include "workspace.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START	  INT64_C(1203465600) /* 2008-02-20 */
#define HEADER	  "#protocol\tport\tpackets\tsources\tsources_exact\n"
#define FIRST_DAY "census/2008-02-20.tsv"

static struct census begin(void)
{
	struct failure failure = {0};
	struct census census;
	assert_int_equal(census_open(&census, "census", &failure), 0);
	return census;
}

static void note(struct census *census, int64_t seconds, unsigned protocol, unsigned port,
		 uint64_t source)
{
	struct failure failure = {0};
	assert_int_equal(census_note(census, seconds, (uint8_t)protocol, (uint16_t)port, source,
				     false, &failure),
			 0);
}

static void end(struct census *census)
{
	struct failure failure = {0};
	assert_int_equal(census_flush(census, &failure), 0);
	census_free(census);
}

static void assert_content(const char *path, const char *expected)
{
	size_t length;
	char *content = read_bytes(path, &length);
	assert_non_null(content);
	assert_string_equal(content, expected);
	free(content);
}

static void packets_and_sources_per_port_the_busiest_first(void **state)
{
	(void)state;
	struct census census = begin();
	for (uint64_t i = 0; i < 5; i++)
		note(&census, START, 6, 7743, 100 + i % 2);
	for (uint64_t i = 0; i < 7; i++)
		note(&census, START + 86399, 17, 53, 100 + i);
	note(&census, START, 6, 80, 100);
	note(&census, START, 17, 80, 100);
	note(&census, START, 6, 22, 100);
	end(&census);
	assert_content(FIRST_DAY, HEADER "udp\t53\t7\t7\tyes\n"
					 "tcp\t7743\t5\t2\tyes\n"
					 "tcp\t22\t1\t1\tyes\n"
					 "tcp\t80\t1\t1\tyes\n"
					 "udp\t80\t1\t1\tyes\n");
}

static void each_utc_day_has_its_file_and_each_run_its_block(void **state)
{
	(void)state;
	for (int run = 0; run < 2; run++) {
		struct census census = begin();
		note(&census, START + 86399, 6, 80, 1);
		note(&census, START + 86400, 6, 80, 1);
		note(&census, START + 86400, 6, 80, 1);
		end(&census);
	}
	assert_content(FIRST_DAY, HEADER "tcp\t80\t1\t1\tyes\ntcp\t80\t1\t1\tyes\n");
	assert_content("census/2008-02-21.tsv", HEADER "tcp\t80\t2\t1\tyes\ntcp\t80\t2\t1\tyes\n");
}

static void a_day_without_packets_has_no_file(void **state)
{
	(void)state;
	struct census census = begin();
	end(&census);
	assert_int_equal(entries_of("census"), 0);
}

/* A random day, with plain tables beside it. */
static void counts_agree_with_plain_tables(void **state)
{
	(void)state;
	enum { PORTS = 500, SOURCES = 40 };
	static uint64_t packets[2][PORTS];
	static bool seen[2][PORTS][SOURCES];
	struct census census = begin();
	uint64_t random = 1;
	for (int i = 0; i < 50000; i++) {
		size_t udp = next_number(&random) % 2;
		uint64_t draw = next_number(&random) % PORTS;
		size_t port = draw * draw / PORTS, source = next_number(&random) % SOURCES;
		packets[udp][port]++;
		seen[udp][port][source] = true;
		note(&census, START + i, udp ? 17 : 6, (unsigned)(port * 131 + 1), source + 1);
	}
	end(&census);
	FILE *stream = fopen(FIRST_DAY, "r");
	char line[128], protocol[8], exact[8];
	unsigned port, sources, ports = 0;
	uint64_t count, before = UINT64_MAX;
	assert_non_null(fgets(line, sizeof line, stream));
	while (fgets(line, sizeof line, stream)) {
		assert_int_equal(sscanf(line, "%7s %u %" SCNu64 " %u %7s", protocol, &port, &count,
					&sources, exact),
				 5);
		size_t udp = protocol[0] == 'u', index = (port - 1) / 131;
		unsigned expected = 0;
		for (size_t i = 0; i < SOURCES; i++)
			expected += seen[udp][index][i];
		assert_int_equal(count, packets[udp][index]);
		assert_int_equal(sources, expected);
		assert_string_equal(exact, "yes");
		assert_true(count <= before);
		before = count;
		packets[udp][index] = 0;
		ports++;
	}
	fclose(stream);
	for (size_t i = 0; i < PORTS; i++)
		assert_int_equal(packets[0][i] + packets[1][i], 0);
	assert_true(ports > 500);
}

static void ports_beyond_the_table_are_summed_under_port_zero(void **state)
{
	(void)state;
	struct census census = begin();
	for (unsigned port = 1; port <= 30000; port++) {
		note(&census, START, 6, port, 1);
		note(&census, START, 17, port, 1);
	}
	assert_int_equal(census.ports, CENSUS_PORTS_MAX);
	end(&census);
	FILE *stream = fopen(FIRST_DAY, "r");
	char line[128];
	uint64_t count, sum = 0, others[2] = {0, 0};
	unsigned lines = 0, port;
	char protocol[8];
	assert_non_null(fgets(line, sizeof line, stream));
	for (; fgets(line, sizeof line, stream); lines++) {
		assert_int_equal(sscanf(line, "%7s %u %" SCNu64, protocol, &port, &count), 3);
		sum += count;
		if (port == 0)
			others[protocol[0] == 'u'] += count;
	}
	fclose(stream);
	assert_int_equal(lines, CENSUS_PORTS_MAX);
	assert_int_equal(sum, 60000);
	assert_int_equal(others[0], 30000 - (CENSUS_PORTS_MAX - 2) / 2);
	assert_int_equal(others[1], 30000 - (CENSUS_PORTS_MAX - 2) / 2);
}

static void sources_beyond_the_table_make_a_lower_bound_that_says_so(void **state)
{
	(void)state;
	struct census census = begin();
	uint64_t random = 7;
	note(&census, START, 17, 53, 1);
	for (int i = 0; i < CENSUS_SOURCES_MAX + 1000; i++)
		note(&census, START, 6, 7743, next_number(&random) | 1);
	end(&census);
	char expected[256];
	snprintf(expected, sizeof expected, HEADER "tcp\t7743\t%d\t%d\tno\nudp\t53\t1\t1\tyes\n",
		 CENSUS_SOURCES_MAX + 1000, CENSUS_SOURCES_MAX - 1);
	assert_content(FIRST_DAY, expected);
}

/* A retransmission needs no look-up, but after midnight its attempt stands in another file. */
static void a_retransmission_is_a_packet_and_no_new_source(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct census census = begin();
	note(&census, START + 86390, 6, 80, 1);
	assert_int_equal(census_note(&census, START + 86393, 6, 80, 1, true, &failure), 0);
	assert_int_equal(census_note(&census, START + 86402, 6, 80, 1, true, &failure), 0);
	end(&census);
	assert_content(FIRST_DAY, HEADER "tcp\t80\t2\t1\tyes\n");
	assert_content("census/2008-02-21.tsv", HEADER "tcp\t80\t1\t1\tyes\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(packets_and_sources_per_port_the_busiest_first),
		in_workspace(each_utc_day_has_its_file_and_each_run_its_block),
		in_workspace(a_day_without_packets_has_no_file),
		in_workspace(counts_agree_with_plain_tables),
		in_workspace(ports_beyond_the_table_are_summed_under_port_zero),
		in_workspace(sources_beyond_the_table_make_a_lower_bound_that_says_so),
		in_workspace(a_retransmission_is_a_packet_and_no_new_source),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
