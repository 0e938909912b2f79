/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/evidence_keeper.h"

#include "frames.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DAY   INT64_C(86400)
#define START INT64_C(1203465600) /* 2008-02-20 */

static struct observation observation;
static struct target target[2];
static const struct targets targets = {target, 2};

static void begin(void)
{
	struct failure failure = {0};
	struct observation_options options = {.attempt_capacity = 100, .evidence_budget = 1 << 20};
	assert_int_equal(target_parse(&target[0], "a=198.51.100.7/7743", &failure), 0);
	assert_int_equal(target_parse(&target[1], "b=198.51.100.8/7743", &failure), 0);
	assert_int_equal(observation_open(&observation, ".", &targets, &options, &failure), 0);
}

static void count(int64_t seconds, uint32_t host)
{
	struct failure failure = {0};
	struct octets packet = tcp_packet(0xc6120001, 0xc6336400 + host, 1, 7743, 5, FLAG_SYN);
	assert_int_equal(
		observation_cover(&observation, seconds * 1000000, seconds * 1000000, &failure), 0);
	assert_int_equal(observation_packet(&observation, seconds * 1000000, LINK_RAW, packet.bytes,
					    (uint32_t)packet.length, (uint32_t)packet.length, false,
					    &failure),
			 OBSERVATION_COUNTED);
}

static void days_are_packed_when_their_files_are_closed_and_not_before(void **state)
{
	(void)state;
	struct evidence_keeper keeper = {0};
	struct failure failure = {0};
	begin();
	for (int day = 0; day < 3; day++) {
		count(START + day * DAY, 7);
		count(START + day * DAY, 8);
	}
	/* Long ago by any clock, but nobody has closed anything yet. */
	assert_false(evidence_keeper_work(&keeper, &observation));
	assert_int_equal(entries_of("a/evidence") + entries_of("b/evidence"), 6);
	observation_turn_census(&observation, START + 2 * DAY + EVIDENCE_GRACE);
	while (evidence_keeper_work(&keeper, &observation))
		;
	static const char *const directories[] = {"a/evidence", "b/evidence"};
	for (size_t i = 0; i < 2; i++) {
		char path[64];
		assert_int_equal(entries_of(directories[i]), 3);
		for (int day = 0; day < 3; day++) {
			snprintf(path, sizeof path, "%s/2008-02-2%d.pcap%s", directories[i], day,
				 day < 2 ? ".zst" : "");
			assert_true(exists(path));
		}
	}
	/* The day that goes on is whole. */
	count(START + 2 * DAY + 9, 7);
	assert_int_equal(observation_finish(&observation, &failure), 0);
	observation_close(&observation);
	size_t length;
	free(read_bytes("a/evidence/2008-02-22.pcap", &length));
	assert_int_equal(length, 24 + 2 * (16 + 40));
	evidence_keeper_end(&keeper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(days_are_packed_when_their_files_are_closed_and_not_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
