/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/census.h"

#include "mmdb.h"
#include "workspace.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START	   INT64_C(1203465600) /* 2008-02-20 */
#define DAY	   INT64_C(86400)
#define HEADER	   "#protocol\tport\tpackets\tsources\tsources_exact\n"
#define PLACES	   "\tsyn\tsyn_sources\tudp\tudp_sources\tsources_exact"
#define FIRST_DAY  "census/2008-02-20.tsv"
#define SECOND_DAY "census/2008-02-21.tsv"
#define THIRD_DAY  "census/2008-02-22.tsv"

static const struct census_capacity capacity = {.ports = CENSUS_PORTS_MAX,
						.sources = 50000,
						.countries = CENSUS_COUNTRIES_MAX,
						.systems = 40};
static struct journal_log log_;
static struct journal_region region;
static struct census_queue queue;
static struct geo *geo;

/* An empty block, to be freed. */
static void *block(void)
{
	void *memory = calloc(1, census_memory_size(&capacity));
	assert_non_null(memory);
	region = (struct journal_region){&log_, memory, census_memory_size(&capacity), 0, NULL};
	return memory;
}

static struct census begin(void *memory, bool journalled)
{
	struct failure failure = {0};
	struct census census;
	if (census_open(&census, "census", memory, &capacity, journalled ? &region : NULL, geo,
			&failure) != 0)
		fail_msg("%s", failure.text);
	return census;
}

static struct census_packet packet(int64_t seconds, unsigned protocol, unsigned port,
				   uint64_t source)
{
	return (struct census_packet){
		.seconds = seconds,
		.protocol = (uint8_t)protocol,
		.port = (uint16_t)port,
		.source = source,
	};
}

static void note(struct census *census, int64_t seconds, unsigned protocol, unsigned port,
		 uint64_t source)
{
	struct failure failure = {0};
	struct census_packet noted = packet(seconds, protocol, port, source);
	if (census_note(census, &queue, &noted, &failure) != 0)
		fail_msg("%s", failure.text);
}

static void commit(void)
{
	census_settle(&queue);
	journal_commit(&log_);
}

static void end(struct census *census)
{
	struct failure failure = {0};
	commit();
	if (census_finish(census, &failure) != 0)
		fail_msg("%s", failure.text);
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
	void *memory = block();
	struct census census = begin(memory, false);
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
	free(memory);
}

static void a_day_goes_on_in_its_memory_and_stays_exact(void **state)
{
	(void)state;
	void *memory = block();
	for (int run = 0; run < 3; run++) {
		struct census census = begin(memory, true);
		note(&census, START + run, 6, 80, 1);
		note(&census, START + run, 6, 80, 10 + (uint64_t)run);
		end(&census);
	}
	assert_content(FIRST_DAY, HEADER "tcp\t80\t6\t4\tyes\n");
	assert_int_equal(entries_of("census"), 1);
	free(memory);
}

static void what_another_run_wrote_is_added_to_and_bounds_the_sources(void **state)
{
	(void)state;
	for (int run = 0; run < 2; run++) {
		void *memory = block();
		struct census census = begin(memory, run);
		note(&census, START + 86399, 6, 80, 1);
		note(&census, START + 86400, 6, 80, 1);
		note(&census, START + 86400, 6, 80, 1);
		if (run == 0)
			note(&census, START + 86400, 17, 53, 1);
		end(&census);
		free(memory);
	}
	/* Nothing was added to the second day's datagrams: they are exact. */
	assert_content(FIRST_DAY, HEADER "tcp\t80\t2\t2\tno\n");
	assert_content(SECOND_DAY, HEADER "tcp\t80\t4\t2\tno\nudp\t53\t1\t1\tyes\n");
}

/* As it was written before: a block of lines for each run. */
static void lines_that_repeat_are_added_up(void **state)
{
	(void)state;
	assert_int_equal(mkdir("census", 0755), 0);
	write_text(FIRST_DAY,
		   HEADER "tcp\t80\t2\t1\tyes\nudp\t53\t1\t1\tyes\ntcp\t80\t5\t3\tyes\n");
	void *memory = block();
	struct census census = begin(memory, true);
	note(&census, START, 17, 53, 7);
	end(&census);
	assert_content(FIRST_DAY, HEADER "tcp\t80\t7\t4\tno\nudp\t53\t2\t2\tno\n");
	free(memory);
}

static void a_file_that_is_none_of_ours_is_refused_or_set_aside(void **state)
{
	(void)state;
	static const char *const damaged[] = {
		"a diary\n",
		HEADER "tcp\t80\t1\t1\n",
		HEADER "tcp\t80\t1\t1\tyes\tmore\n",
		HEADER "tcp\t80\t1\t1\tperhaps\n",
		HEADER "icmp\t80\t1\t1\tyes\n",
		HEADER "tcp\t65536\t1\t1\tyes\n",
		HEADER "tcp\t80\t-1\t1\tyes\n",
		HEADER "tcp\t80\t1\t1\tyes",
	};
	assert_int_equal(mkdir("census", 0755), 0);
	for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
		struct failure failure = {0};
		write_text(FIRST_DAY, damaged[i]);
		void *memory = block();
		struct census census = begin(memory, false);
		struct census_packet noted = packet(START, 6, 80, 1);
		assert_int_equal(census_note(&census, &queue, &noted, &failure), -1);
		assert_non_null(strstr(failure.text, FIRST_DAY));
		census_free(&census);
		free(memory);
		assert_content(FIRST_DAY, damaged[i]);

		memory = block();
		census = begin(memory, true);
		int kept = divert_output(2, "warning");
		note(&census, START, 6, 80, 1);
		restore_output(2, kept);
		end(&census);
		free(memory);
		assert_content(FIRST_DAY ".damaged", damaged[i]);
		assert_content(FIRST_DAY, HEADER "tcp\t80\t1\t1\tyes\n");
	}
}

static void a_day_without_packets_has_no_file(void **state)
{
	(void)state;
	void *memory = block();
	struct census census = begin(memory, true);
	end(&census);
	assert_int_equal(entries_of("census"), 0);
	free(memory);
}

/* A random day, with plain tables beside it. */
static void counts_agree_with_plain_tables(void **state)
{
	(void)state;
	enum { PORTS = 500, SOURCES = 40 };
	static uint64_t packets[2][PORTS];
	static bool seen[2][PORTS][SOURCES];
	void *memory = block();
	struct census census = begin(memory, false);
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
	free(memory);
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
	void *memory = block();
	struct census census = begin(memory, false);
	for (unsigned port = 1; port <= 30000; port++) {
		note(&census, START, 6, port, 1);
		note(&census, START, 17, port, 1);
	}
	assert_int_equal(census.header->side[census.header->current].ports, CENSUS_PORTS_MAX);
	end(&census);
	free(memory);
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
	void *memory = block();
	struct census census = begin(memory, false);
	uint64_t random = 7;
	note(&census, START, 17, 53, 1);
	for (unsigned i = 0; i < capacity.sources + 1000; i++)
		note(&census, START, 6, 7743, next_number(&random) | 1);
	end(&census);
	free(memory);
	char expected[256];
	snprintf(expected, sizeof expected, HEADER "tcp\t7743\t%u\t%u\tno\nudp\t53\t1\t1\tyes\n",
		 capacity.sources + 1000, capacity.sources - 1);
	assert_content(FIRST_DAY, expected);
}

/* A retransmission needs no look-up, but after midnight its attempt stands in another file. */
static void a_retransmission_is_a_packet_and_no_new_source(void **state)
{
	(void)state;
	struct failure failure = {0};
	void *memory = block();
	struct census census = begin(memory, false);
	struct census_packet again = packet(START + 86393, 6, 80, 1);
	again.repeated = true;
	note(&census, START + 86390, 6, 80, 1);
	assert_int_equal(census_note(&census, &queue, &again, &failure), 0);
	again.seconds = START + 86402;
	assert_int_equal(census_note(&census, &queue, &again, &failure), 0);
	end(&census);
	free(memory);
	assert_content(FIRST_DAY, HEADER "tcp\t80\t2\t1\tyes\n");
	assert_content(SECOND_DAY, HEADER "tcp\t80\t1\t1\tyes\n");
}

static void a_late_packet_counts_on_its_day_and_its_source_is_not_looked_up(void **state)
{
	(void)state;
	void *memory = block();
	struct census census = begin(memory, true);
	note(&census, START, 6, 80, 1);
	note(&census, START, 6, 22, 1);
	note(&census, START + DAY, 6, 80, 1);
	note(&census, START + DAY - 1, 6, 80, 2);
	note(&census, START + DAY - 1, 6, 443, 2);
	note(&census, START + DAY, 6, 80, 1);
	end(&census);
	assert_content(FIRST_DAY,
		       HEADER "tcp\t80\t2\t1\tno\ntcp\t22\t1\t1\tyes\ntcp\t443\t1\t0\tno\n");
	assert_content(SECOND_DAY, HEADER "tcp\t80\t2\t1\tyes\n");
	/* The day was written and forgotten: one that comes even later is added to the file. */
	census = begin(memory, true);
	note(&census, START + DAY - 1, 6, 22, 3);
	note(&census, START + DAY, 6, 80, 1);
	end(&census);
	assert_content(FIRST_DAY,
		       HEADER "tcp\t22\t2\t1\tno\ntcp\t80\t2\t1\tno\ntcp\t443\t1\t0\tno\n");
	assert_content(SECOND_DAY, HEADER "tcp\t80\t3\t1\tyes\n");
	free(memory);
}

static void a_day_is_written_when_it_is_over_and_not_before(void **state)
{
	(void)state;
	struct failure failure = {0};
	void *memory = block();
	struct census census = begin(memory, true);
	note(&census, START, 6, 80, 1);
	note(&census, START + DAY, 6, 80, 1);
	commit();
	assert_int_equal(census_write(&census, START + DAY + CENSUS_GRACE - 1, &failure), 0);
	assert_false(exists(FIRST_DAY));
	assert_int_equal(census_write(&census, START + DAY + CENSUS_GRACE, &failure), 0);
	assert_true(exists(FIRST_DAY));
	assert_false(exists(SECOND_DAY));
	unlink(FIRST_DAY); /* and not a second time */
	assert_int_equal(census_write(&census, START + DAY + CENSUS_GRACE + 9, &failure), 0);
	assert_false(exists(FIRST_DAY));
	/* A day after which nothing came is over, too. */
	assert_int_equal(census_write(&census, START + 5 * DAY, &failure), 0);
	assert_content(SECOND_DAY, HEADER "tcp\t80\t1\t1\tyes\n");
	census_free(&census);
	free(memory);
}

static void what_cannot_be_written_waits_and_only_a_third_day_is_lost(void **state)
{
	(void)state;
	struct failure failure = {0};
	void *memory = block();
	struct census census = begin(memory, true);
	note(&census, START, 6, 80, 1);
	note(&census, START + DAY, 6, 81, 1);
	commit();
	assert_int_equal(rename("census", "away"), 0);
	assert_int_equal(census_write(&census, START + 2 * DAY, &failure), -1);
	assert_non_null(strstr(failure.text, FIRST_DAY));
	assert_int_equal(rename("away", "census"), 0);
	failure = (struct failure){0};
	assert_int_equal(census_write(&census, START + 2 * DAY, &failure), 0);
	assert_content(FIRST_DAY, HEADER "tcp\t80\t1\t1\tyes\n");
	assert_int_equal(census_days_lost(&census), 0);

	assert_int_equal(rename("census", "away"), 0);
	int kept = divert_output(2, "warning");
	note(&census, START + 2 * DAY, 6, 82, 1);
	note(&census, START + 3 * DAY, 6, 83, 1);
	restore_output(2, kept);
	commit();
	assert_int_equal(census_days_lost(&census), 1);
	size_t length;
	char *warning = read_bytes("warning", &length);
	assert_non_null(strstr(warning, SECOND_DAY));
	assert_non_null(strstr(warning, "lost"));
	free(warning);
	assert_int_equal(rename("away", "census"), 0);
	end(&census);
	assert_false(exists(SECOND_DAY));
	assert_content(THIRD_DAY, HEADER "tcp\t82\t1\t1\tyes\n");
	free(memory);
}

/* Without a journal there is no second try: the run fails. */
static void a_private_census_that_cannot_be_written_fails(void **state)
{
	(void)state;
	struct failure failure = {0};
	void *memory = block();
	struct census census = begin(memory, false);
	note(&census, START, 6, 80, 1);
	note(&census, START + DAY, 6, 80, 1);
	assert_int_equal(rename("census", "away"), 0);
	struct census_packet third = packet(START + 2 * DAY, 6, 80, 1);
	assert_int_equal(census_note(&census, &queue, &third, &failure), -1);
	assert_non_null(strstr(failure.text, FIRST_DAY));
	census_settle(&queue);
	census_free(&census);
	free(memory);
}

static void a_released_day_is_taken_up_from_its_file(void **state)
{
	(void)state;
	struct failure failure = {0};
	void *memory = block(), *other = calloc(1, census_memory_size(&capacity));
	struct census census = begin(memory, true);
	note(&census, START, 6, 80, 1);
	commit();
	assert_int_equal(census_release(&census, &failure), 0);
	struct census imported = begin(other, false);
	note(&imported, START, 6, 80, 2);
	note(&imported, START, 6, 22, 2);
	end(&imported);
	note(&census, START + 9, 6, 80, 3);
	end(&census);
	assert_content(FIRST_DAY, HEADER "tcp\t80\t3\t3\tno\ntcp\t22\t1\t1\tyes\n");
	free(memory);
	free(other);
}

static void memory_that_contradicts_itself_begins_anew(void **state)
{
	(void)state;
	void *memory = block();
	struct census census = begin(memory, true);
	note(&census, START, 6, 80, 1);
	commit();
	census_free(&census);
	struct census_header *header = memory;
	header->side[0].ports = CENSUS_PORTS_MAX + 1;
	int kept = divert_output(2, "warning");
	census = begin(memory, true);
	restore_output(2, kept);
	note(&census, START, 6, 81, 1);
	end(&census);
	assert_content(FIRST_DAY, HEADER "tcp\t81\t1\t1\tyes\n");
	free(memory);
}

static void the_sources_of_an_agent_are_shared_out(void **state)
{
	(void)state;
	assert_int_equal(census_capacity_shared(0).sources, 131072);
	assert_int_equal(census_capacity_shared(2).sources, 131072);
	assert_int_equal(census_capacity_shared(100).sources, 2621);
	assert_int_equal(census_capacity_shared(256).sources, 2048);
	assert_int_equal(census_capacity_shared(5000).sources, 2048);
}

/* --- countries and systems ------------------------------------------------------------------ */

static void write_database(struct mmdb *mmdb, const char *path)
{
	struct octets file;
	mmdb_end(mmdb, &file);
	write_bytes(path, file.bytes, file.length);
}

/* 198.18.N.0/24: N 0 to 3 in JP, 4 to 7 in DE, each a system of its own, 64500 + N; the rest of
 * the world is unknown. */
static void open_geo(void)
{
	struct failure failure = {0};
	static struct mmdb mmdb;
	mmdb_begin(&mmdb);
	uint32_t jp = mmdb_country(&mmdb, "JP"), de = mmdb_country(&mmdb, "DE");
	for (uint32_t n = 0; n < 8; n++)
		mmdb_insert_ipv4(&mmdb, 0xc6120000 + (n << 8), 24, n < 4 ? jp : de);
	write_database(&mmdb, "c.mmdb");
	mmdb_begin(&mmdb);
	for (uint32_t n = 0; n < 8; n++) {
		char name[16];
		snprintf(name, sizeof name, "Net %u", n);
		mmdb_insert_ipv4(&mmdb, 0xc6120000 + (n << 8), 24,
				 mmdb_system(&mmdb, 64500 + n, name));
	}
	write_database(&mmdb, "a.mmdb");
	struct geo_options options = {"c.mmdb", "a.mmdb"};
	if (geo_open(&geo, &options, "copies", &failure) != 0)
		fail_msg("%s", failure.text);
}

static void close_geo(void)
{
	geo_close(geo);
	geo = NULL;
}

static struct census_packet called(int64_t seconds, unsigned protocol, unsigned network,
				   unsigned host)
{
	struct census_packet noted =
		packet(seconds, protocol, 7743, network << 8 | host | 1u << 20);
	noted.to_target = true;
	noted.address = (struct address){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 198, 18,
					  (uint8_t)network, (uint8_t)host}};
	return noted;
}

static void note_called(struct census *census, int64_t seconds, unsigned protocol, unsigned network,
			unsigned host)
{
	struct failure failure = {0};
	struct census_packet noted = called(seconds, protocol, network, host);
	assert_int_equal(census_note(census, &queue, &noted, &failure), 0);
}

static void packets_and_sources_per_country_and_system(void **state)
{
	(void)state;
	open_geo();
	void *memory = block();
	struct census census = begin(memory, true);
	for (int i = 0; i < 4; i++)
		note_called(&census, START, 6, 1, 7); /* JP, one source */
	note_called(&census, START, 6, 2, 7);
	note_called(&census, START, 17, 1, 7); /* the same source, by UDP */
	note_called(&census, START, 17, 5, 1);
	note_called(&census, START, 17, 5, 2);
	note_called(&census, START, 6, 99, 1);
	note(&census, START, 6, 80, 1); /* not to the target's ports */
	end(&census);
	assert_content("census/2008-02-20.countries.tsv",
		       "#country" PLACES "\nJP\t5\t2\t1\t1\tyes\n-\t1\t1\t0\t0\tyes\n"
		       "DE\t0\t0\t2\t2\tyes\n");
	assert_content("census/2008-02-20.systems.tsv",
		       "#system" PLACES "\tname\n64501\t4\t1\t1\t1\tyes\tNet 1\n"
		       "64502\t1\t1\t0\t0\tyes\tNet 2\n-\t1\t1\t0\t0\tyes\t-\n"
		       "64505\t0\t0\t2\t2\tyes\tNet 5\n");
	free(memory);

	/* A second run from its own memory adds to the files. */
	memory = block();
	census = begin(memory, true);
	note_called(&census, START, 6, 1, 7);
	end(&census);
	assert_content("census/2008-02-20.countries.tsv",
		       "#country" PLACES "\nJP\t6\t3\t1\t1\tno\n-\t1\t1\t0\t0\tyes\n"
		       "DE\t0\t0\t2\t2\tyes\n");
	free(memory);
	close_geo();
}

static void a_late_packet_counts_in_its_country(void **state)
{
	(void)state;
	open_geo();
	void *memory = block();
	struct census census = begin(memory, true);
	note_called(&census, START, 6, 1, 7);
	note_called(&census, START + DAY, 6, 1, 7);
	note_called(&census, START + DAY - 1, 6, 6, 7);
	end(&census);
	assert_content("census/2008-02-20.countries.tsv",
		       "#country" PLACES "\nDE\t1\t0\t0\t0\tno\nJP\t1\t1\t0\t0\tyes\n");
	free(memory);
	close_geo();
}

static void systems_beyond_the_table_are_summed_as_others(void **state)
{
	(void)state;
	struct failure failure = {0};
	static struct mmdb mmdb;
	mmdb_begin(&mmdb);
	for (uint32_t n = 0; n < 60; n++)
		mmdb_insert_ipv4(&mmdb, 0xc6120000 + (n << 8), 24, mmdb_system(&mmdb, 1 + n, "N"));
	write_database(&mmdb, "a.mmdb");
	struct geo_options options = {NULL, "a.mmdb"};
	assert_int_equal(geo_open(&geo, &options, "copies", &failure), 0);
	void *memory = block();
	struct census census = begin(memory, true);
	for (unsigned n = 0; n < 61; n++)
		note_called(&census, START, 6, n, 1);
	end(&census);
	FILE *stream = fopen("census/2008-02-20.systems.tsv", "r");
	char line[128];
	unsigned lines = 0, sum = 0, packets;
	bool others = false, unknown = false;
	assert_non_null(fgets(line, sizeof line, stream));
	for (; fgets(line, sizeof line, stream); lines++) {
		assert_int_equal(sscanf(line, "%*s %u", &packets), 1);
		sum += packets;
		/* 40 entries less the two kept for these. */
		others = others || strcmp(line, "others\t22\t22\t0\t0\tyes\t-\n") == 0;
		unknown = unknown || strcmp(line, "-\t1\t1\t0\t0\tyes\t-\n") == 0;
	}
	fclose(stream);
	assert_int_equal(lines, capacity.systems);
	assert_int_equal(sum, 61);
	assert_true(others && unknown);
	assert_false(exists("census/2008-02-20.countries.tsv"));
	free(memory);
	close_geo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(packets_and_sources_per_port_the_busiest_first),
		in_workspace(a_day_goes_on_in_its_memory_and_stays_exact),
		in_workspace(what_another_run_wrote_is_added_to_and_bounds_the_sources),
		in_workspace(lines_that_repeat_are_added_up),
		in_workspace(a_file_that_is_none_of_ours_is_refused_or_set_aside),
		in_workspace(a_day_without_packets_has_no_file),
		in_workspace(counts_agree_with_plain_tables),
		in_workspace(ports_beyond_the_table_are_summed_under_port_zero),
		in_workspace(sources_beyond_the_table_make_a_lower_bound_that_says_so),
		in_workspace(a_retransmission_is_a_packet_and_no_new_source),
		in_workspace(a_late_packet_counts_on_its_day_and_its_source_is_not_looked_up),
		in_workspace(a_day_is_written_when_it_is_over_and_not_before),
		in_workspace(what_cannot_be_written_waits_and_only_a_third_day_is_lost),
		in_workspace(a_private_census_that_cannot_be_written_fails),
		in_workspace(a_released_day_is_taken_up_from_its_file),
		in_workspace(memory_that_contradicts_itself_begins_anew),
		in_workspace(the_sources_of_an_agent_are_shared_out),
		in_workspace(packets_and_sources_per_country_and_system),
		in_workspace(a_late_packet_counts_in_its_country),
		in_workspace(systems_beyond_the_table_are_summed_as_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
