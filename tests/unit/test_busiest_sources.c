/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/busiest_sources.h"

#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define RETIRED INT64_C(1203465600)

static FILE *file;

static void begin(const char *name)
{
	static const uint32_t header[6] = {0xa1b2c3d4, 4 << 16 | 2, 0, 0, 256, 101};
	mkdir("evidence", 0700);
	file = fopen(name, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(header, sizeof header, 1, file), 1);
}

/* From 10.0.0.0 and that number, to 198.51.100.7. */
static void add(int64_t seconds, uint32_t source, uint16_t port)
{
	uint8_t packet[40] = {0x45, 0, 0,  40, 0, 0, 0,	  0,  64,  6,
			      0,    0, 10, 0,  0, 0, 198, 51, 100, 7};
	uint32_t record[4] = {(uint32_t)seconds, 0, sizeof packet, sizeof packet};
	packet[13] = (uint8_t)(source >> 16);
	packet[14] = (uint8_t)(source >> 8);
	packet[15] = (uint8_t)source;
	packet[20] = (uint8_t)(port >> 8);
	packet[21] = (uint8_t)port;
	packet[23] = 80;
	packet[32] = 0x50;
	packet[33] = 2;
	assert_int_equal(fwrite(record, sizeof record, 1, file), 1);
	assert_int_equal(fwrite(packet, sizeof packet, 1, file), 1);
}

static void read_all(struct busiest_sources *busiest)
{
	struct failure failure = {0};
	assert_int_equal(busiest_sources_read(busiest, ".", RETIRED, NULL, &failure), 0);
}

static void expect_source(const struct busiest_source *source, const char *address, uint64_t syn,
			  uint64_t attempts)
{
	char text[ADDRESS_TEXT_SIZE];
	assert_string_equal(address_format(&source->address, text), address);
	assert_int_equal(source->syn, syn);
	assert_int_equal(source->attempts, attempts);
	assert_string_equal(source->country, "");
}

/* Files are read in the order of their packets, and those that are no day's are not read. */
static void the_busiest_come_first_over_all_days(void **state)
{
	(void)state;
	struct busiest_sources busiest;
	begin("evidence/2008-02-21.pcap");
	add(RETIRED + 86400, 2, 1);
	add(RETIRED + 86403, 2, 1);
	add(RETIRED + 86500, 3, 1);
	fclose(file);
	begin("evidence/2008-02-20.pcap");
	add(RETIRED - 1, 2, 9); /* before the retirement */
	add(RETIRED, 1, 1);
	add(RETIRED + 100, 3, 1);
	fclose(file);
	begin("evidence/clock-stepped.pcap");
	add(RETIRED + 5, 7, 1);
	fclose(file);
	begin("evidence/2008-02-19.pcap.zst.new");
	add(RETIRED + 5, 8, 1);
	fclose(file);
	read_all(&busiest);
	assert_true(busiest.known && !busiest.countries && !busiest.anonymised);
	assert_int_equal(busiest.syn, 5);
	assert_int_equal(busiest.sources, 3);
	assert_int_equal(busiest.busiest, 3);
	expect_source(&busiest.source[0], "10.0.0.3", 2, 2);
	expect_source(&busiest.source[1], "10.0.0.2", 2, 1);
	expect_source(&busiest.source[2], "10.0.0.1", 1, 1);
	assert_int_equal(busiest.source[0].first, RETIRED + 100);
	assert_int_equal(busiest.source[0].last, RETIRED + 86500);
}

static void a_full_table_counts_what_it_leaves_out(void **state)
{
	(void)state;
	struct busiest_sources busiest;
	begin("evidence/2008-02-20.pcap");
	for (uint32_t i = 0; i < BUSIEST_SOURCES_KNOWN + 3; i++)
		add(RETIRED + i / 1000, i, 1);
	add(RETIRED + 900, BUSIEST_SOURCES_KNOWN + 1, 2); /* without room, too */
	add(RETIRED + 901, 5, 2);
	fclose(file);
	read_all(&busiest);
	assert_int_equal(busiest.sources, BUSIEST_SOURCES_KNOWN);
	assert_int_equal(busiest.syn, BUSIEST_SOURCES_KNOWN + 5);
	assert_int_equal(busiest.syn_left, 4);
	assert_int_equal(busiest.busiest, BUSIEST_SOURCES_MAX);
	expect_source(&busiest.source[0], "10.0.0.5", 2, 2);
	expect_source(&busiest.source[1], "10.0.0.0", 1, 1);
}

static void without_evidence_nothing_is_known(void **state)
{
	(void)state;
	struct busiest_sources busiest;
	read_all(&busiest);
	assert_false(busiest.known);
	mkdir("evidence", 0700);
	read_all(&busiest);
	assert_false(busiest.known);
}

/* A file that is cut off, as after a kill: what is whole counts. */
static void a_damaged_file_counts_as_far_as_it_goes(void **state)
{
	(void)state;
	struct busiest_sources busiest;
	begin("evidence/2008-02-20.pcap");
	add(RETIRED, 1, 1);
	add(RETIRED, 2, 1);
	fclose(file);
	assert_int_equal(truncate("evidence/2008-02-20.pcap", 24 + 56 + 20), 0);
	read_all(&busiest);
	assert_true(busiest.known);
	assert_int_equal(busiest.syn, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(the_busiest_come_first_over_all_days),
		in_workspace(a_full_table_counts_what_it_leaves_out),
		in_workspace(without_evidence_nothing_is_known),
		in_workspace(a_damaged_file_counts_as_far_as_it_goes),
	};
	return cmocka_run_group_tests_name("busiest_sources", tests, NULL, NULL);
}
