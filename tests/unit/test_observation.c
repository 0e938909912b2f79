/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/observation.h"

#include "frames.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define US     INT64_C(1000000)
#define START  INT64_C(1203465600) /* a multiple of 300 */
#define HOST   0xc6336407	   /* 198.51.100.7 */
#define OTHER  0xcb007115	   /* 203.0.113.21 */
#define SOURCE 0xc0000200	   /* 192.0.2.0 */
#define TARGET "a=198.51.100.7/7743,7744"

/* One run of the observer, into the directory "state". */
struct run {
	struct observation observation;
	struct target target[4];
	struct targets targets;
	size_t closed;
};

static void note_closed(void *context, const struct observed_target *target,
			const struct bucket_record *record)
{
	struct run *run = context;
	run->closed++;
	assert_non_null(target->target);
	assert_true(record->observed_seconds <= BUCKET_SECONDS);
}

/* Targets in the form of --target, several separated by blanks. */
static struct run *begin(const char *targets, size_t attempts, uint64_t evidence)
{
	struct failure failure = {0};
	struct run *run = calloc(1, sizeof *run);
	char copy[512], *rest = copy;
	snprintf(copy, sizeof copy, "%s", targets);
	for (char *one = strsep(&rest, " "); one; one = strsep(&rest, " "))
		if (target_parse(&run->target[run->targets.targets++], one, &failure) != 0)
			fail_msg("%s", failure.text);
	run->targets.target = run->target;
	struct observation_options options = {.attempt_capacity = attempts,
					      .evidence_budget = evidence};
	if (observation_open(&run->observation, "state", &run->targets, &options, &failure) != 0)
		fail_msg("%s", failure.text);
	run->observation.closed = note_closed;
	run->observation.closed_context = run;
	return run;
}

static void cover(struct run *run, int64_t from_us, int64_t to_us)
{
	struct failure failure = {0};
	if (observation_cover(&run->observation, START * US + from_us, START * US + to_us,
			      &failure) != 0)
		fail_msg("%s", failure.text);
}

/* Times are microseconds after START. */
static enum observation_result give(struct run *run, int64_t time_us, const struct octets *packet)
{
	struct failure failure = {0};
	uint8_t *copy = exact_copy(packet->bytes, packet->length);
	enum observation_result result = observation_packet(
		&run->observation, START * US + time_us, LINK_RAW, copy, (uint32_t)packet->length,
		(uint32_t)packet->length, false, &failure);
	free(copy);
	if (result == OBSERVATION_FAILED)
		fail_msg("%s", failure.text);
	return result;
}

static enum observation_result tcp(struct run *run, int64_t time_us, uint32_t source, unsigned port,
				   uint32_t sequence, unsigned flags)
{
	struct octets packet = tcp_packet(source, HOST, 40000, port, sequence, flags);
	return give(run, time_us, &packet);
}

static enum observation_result syn(struct run *run, int64_t time_us, uint32_t source,
				   uint32_t sequence)
{
	return tcp(run, time_us, source, 7743, sequence, FLAG_SYN);
}

static void end(struct run *run)
{
	struct failure failure = {0};
	if (observation_finish(&run->observation, &failure) != 0)
		fail_msg("%s", failure.text);
	observation_close(&run->observation);
	free(run);
}

/* The run dies: nothing is finished. */
static void kill_run(struct run *run)
{
	observation_close(&run->observation);
	free(run);
}

static struct ledger ledger_of(const char *name)
{
	struct failure failure = {0};
	struct ledger ledger;
	char path[128];
	snprintf(path, sizeof path, "state/%s/ledger", name);
	if (ledger_read(&ledger, path, &failure) != 0)
		fail_msg("%s", failure.text);
	assert_int_equal(ledger.damaged_lines + ledger.torn_bytes, 0);
	return ledger;
}

/* The record of the n-th bucket after START. */
static struct bucket_record bucket_of(const char *name, int number)
{
	struct ledger ledger = ledger_of(name);
	const struct bucket_record *found = ledger_find(&ledger, START + number * BUCKET_SECONDS);
	if (!found)
		fail_msg("bucket %d of %s is unknown", number, name);
	struct bucket_record record = *found;
	ledger_free(&ledger);
	return record;
}

static bool is_unknown(const char *name, int number)
{
	struct ledger ledger = ledger_of(name);
	bool unknown = !ledger_find(&ledger, START + number * BUCKET_SECONDS);
	ledger_free(&ledger);
	return unknown;
}

static void a_packet_belongs_to_the_bucket_of_its_own_time(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 1000, 0);
	cover(run, 0, 900 * US);
	end(run);
	run = begin("b=198.51.100.7/7743", 1000, 0);
	cover(run, 0, 0);
	syn(run, 0, SOURCE, 1);
	cover(run, 0, 299999999);
	syn(run, 299999999, SOURCE, 2);
	cover(run, 299999999, 300000000);
	syn(run, 300000000, SOURCE, 3);
	syn(run, 300000000, SOURCE, 4);
	cover(run, 300000000, 900 * US);
	end(run);
	assert_int_equal(bucket_of("b", 0).syn, 2);
	assert_int_equal(bucket_of("b", 1).syn, 2);
	assert_int_equal(bucket_of("b", 2).syn, 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(bucket_of("a", i).syn, 0);
		assert_int_equal(bucket_of("a", i).observed_seconds, 300);
	}
	assert_true(is_unknown("a", -1) && is_unknown("a", 4));
}

static void time_that_was_not_observed_is_unknown_and_silence_is_zero(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 1000, 0);
	cover(run, 100 * US, 130 * US);
	cover(run, 250 * US, 260 * US);
	cover(run, 1500 * US, 2000 * US);
	end(run);
	struct bucket_record first = bucket_of("a", 0), last = bucket_of("a", 6);
	assert_int_equal(first.observed_seconds, 40);
	assert_int_equal(first.covered_from_us, 100 * US);
	assert_int_equal(first.covered_to_us, 260 * US);
	assert_int_equal(first.flags, BUCKET_FIRST);
	assert_true(is_unknown("a", 1) && is_unknown("a", 4));
	assert_int_equal(bucket_of("a", 5).observed_seconds, 300);
	assert_int_equal(bucket_of("a", 5).flags, 0);
	assert_int_equal(last.observed_seconds, 200);
	assert_int_equal(last.flags, BUCKET_LAST);
	assert_true(is_unknown("a", 7));
}

static void late_packets_find_their_bucket_within_the_grace(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 1000, 0);
	cover(run, 0, 300 * US + GRACE_US - 1);
	assert_int_equal(syn(run, 299 * US, SOURCE, 1), OBSERVATION_COUNTED);
	assert_int_equal(syn(run, 0, SOURCE, 2), OBSERVATION_COUNTED);
	assert_int_equal(run->closed, 0);
	cover(run, 300 * US + GRACE_US - 1, 300 * US + GRACE_US);
	assert_int_equal(run->closed, 1);
	assert_int_equal(syn(run, 299 * US, SOURCE, 3), OBSERVATION_TOO_OLD);
	assert_int_equal(syn(run, 301 * US, SOURCE, 4), OBSERVATION_COUNTED);
	assert_int_equal(run->observation.packets, 3);
	end(run);
	assert_int_equal(bucket_of("a", 0).syn, 2);
	assert_int_equal(bucket_of("a", 1).syn, 1);
}

static void a_packet_proves_that_its_own_second_was_observed(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 1000, 0);
	syn(run, 10 * US + 5, SOURCE, 1);
	syn(run, 20 * US, SOURCE, 2);
	syn(run, 15 * US, SOURCE, 3);
	syn(run, 1000 * US, SOURCE, 4);
	assert_int_equal(syn(run, 10 * US, SOURCE, 5), OBSERVATION_TOO_OLD);
	end(run);
	assert_int_equal(bucket_of("a", 0).observed_seconds, 3);
	assert_int_equal(bucket_of("a", 0).syn, 3);
	assert_int_equal(bucket_of("a", 3).observed_seconds, 1);
	assert_true(is_unknown("a", 1) && is_unknown("a", 2));
}

static void each_kind_of_packet_is_counted_as_what_it_is(void **state)
{
	(void)state;
	struct run *run = begin(TARGET ":exclude=22,123", 1000, 0);
	cover(run, 0, 200 * US);
	for (unsigned extra = 0; extra < 4; extra++) /* with ECE and CWR in every combination */
		tcp(run, 1, SOURCE + extra, extra % 2 ? 7743 : 7744, extra, FLAG_SYN | extra << 6);
	tcp(run, 2, SOURCE, 80, 1, FLAG_SYN);
	tcp(run, 3, SOURCE, 7743, 1, FLAG_SYN | FLAG_ACK);
	tcp(run, 3, SOURCE, 1024, 1, FLAG_RST | FLAG_ACK);
	tcp(run, 3, SOURCE, 1024, 1, FLAG_RST);
	tcp(run, 4, SOURCE, 7743, 1, FLAG_SYN | FLAG_FIN);
	tcp(run, 4, SOURCE, 7743, 1, FLAG_SYN | FLAG_RST);
	tcp(run, 4, SOURCE, 80, 1, FLAG_SYN | FLAG_FIN | FLAG_ACK);
	tcp(run, 5, SOURCE, 7743, 1, FLAG_ACK); /* neither: the rest of a connection */
	tcp(run, 5, SOURCE, 7743, 1, FLAG_FIN | FLAG_ACK);
	tcp(run, 6, SOURCE, 22, 1, FLAG_SYN);
	tcp(run, 6, SOURCE, 22, 1, FLAG_ACK);
	static const unsigned udp_ports[] = {7743, 7744, 53, 123};
	for (size_t i = 0; i < 4; i++) {
		struct octets udp = {0};
		put_ipv4(&udp, SOURCE, HOST, 17, 8, 0);
		put_udp(&udp, 5000, udp_ports[i]);
		give(run, 7, &udp);
	}
	for (unsigned type = 0; type < 20; type++) { /* 3, 4, 11 and 12 are errors */
		struct octets icmp = {0};
		put_ipv4(&icmp, SOURCE, HOST, 1, 8, 0);
		put_icmp(&icmp, type);
		give(run, 8, &icmp);
	}
	struct octets fragment = {0};
	put_ipv4(&fragment, SOURCE, HOST, 6, 20, 0x00ff);
	put_tcp(&fragment, 40000, 7743, 1, FLAG_SYN);
	give(run, 9, &fragment);
	struct octets elsewhere = tcp_packet(SOURCE, HOST + 1, 1, 7743, 1, FLAG_SYN);
	give(run, 9, &elsewhere);
	end(run);
	struct bucket_record record = bucket_of("a", 0);
	assert_int_equal(record.syn, 4);
	assert_int_equal(record.attempts, 4);
	assert_int_equal(record.sources, 4);
	assert_int_equal(record.new_sources, 4);
	assert_int_equal(record.other_syn, 1);
	assert_int_equal(record.malformed, 3);
	assert_int_equal(record.backscatter, 3 + 4);
	assert_int_equal(record.excluded, 3);
	assert_int_equal(record.udp, 2);
	assert_int_equal(record.other_udp, 1);
	assert_int_equal(record.answered, 0);
}

static void the_targets_own_answers_show_that_it_lives(void **state)
{
	(void)state;
	struct run *run = begin(TARGET ":address=2001:db8::7", 1000, 0);
	struct octets answer = tcp_packet(HOST, SOURCE, 7743, 50000, 1, FLAG_SYN | FLAG_ACK);
	struct octets other_port = tcp_packet(HOST, SOURCE, 80, 50000, 1, FLAG_SYN | FLAG_ACK);
	struct octets own_syn = tcp_packet(HOST, SOURCE, 7743, 50000, 1, FLAG_SYN);
	struct octets ipv6 = {0};
	put_ipv6(&ipv6, 7, 8, 6, 20);
	put_tcp(&ipv6, 7744, 50000, 1, FLAG_SYN | FLAG_ACK);
	give(run, 0, &answer);
	give(run, 1, &other_port);
	give(run, 2, &own_syn);
	give(run, 3, &ipv6);
	end(run);
	assert_int_equal(bucket_of("a", 0).answered, 2);
	assert_int_equal(bucket_of("a", 0).syn, 0);
	assert_int_equal(bucket_of("a", 0).backscatter, 0);
}

/* A cooked capture says which packets the host sent itself, whoever they are addressed to. */
static void what_the_host_itself_sends_is_no_arrival(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 1000, 0);
	struct octets frame = {0};
	struct failure failure = {0};
	put16(&frame, 4);
	put_zeros(&frame, 12);
	put16(&frame, 0x0800);
	put_ipv4(&frame, SOURCE, HOST, 6, 20, 0);
	put_tcp(&frame, 1, 7743, 1, FLAG_SYN);
	for (int outgoing = 0; outgoing < 2; outgoing++) {
		frame.bytes[1] = outgoing ? 4 : 0;
		assert_int_equal(observation_packet(&run->observation, START * US, 113, frame.bytes,
						    (uint32_t)frame.length, (uint32_t)frame.length,
						    false, &failure),
				 OBSERVATION_COUNTED);
	}
	end(run);
	assert_int_equal(bucket_of("a", 0).syn, 1);
}

static void retransmissions_are_syns_and_no_attempts_across_buckets_too(void **state)
{
	(void)state;
	static const int schedule[] = {0, 1, 3, 7, 15, 31, 63};
	struct run *run = begin(TARGET, 1000, 0);
	for (size_t i = 0; i < 7; i++) {
		cover(run, 0, (270 + schedule[i]) * US);
		syn(run, (270 + schedule[i]) * US, SOURCE, 77);
	}
	end(run);
	assert_int_equal(bucket_of("a", 0).syn, 5);
	assert_int_equal(bucket_of("a", 0).attempts, 1);
	assert_int_equal(bucket_of("a", 1).syn, 2);
	assert_int_equal(bucket_of("a", 1).attempts, 0);
	assert_int_equal(bucket_of("a", 1).sources, 1);
	assert_int_equal(bucket_of("a", 1).new_sources, 0);
}

static void another_port_sequence_or_target_is_another_attempt(void **state)
{
	(void)state;
	struct run *run = begin(TARGET " b=198.51.100.7/7743,9000", 1000, 0);
	syn(run, 0, SOURCE, 1);
	syn(run, 0, SOURCE, 1);
	syn(run, 0, SOURCE, 2);
	syn(run, 0, SOURCE + 1, 1);
	tcp(run, 0, SOURCE, 7744, 1, FLAG_SYN);
	struct octets other = tcp_packet(SOURCE, HOST, 40001, 7743, 1, FLAG_SYN);
	give(run, 0, &other);
	end(run);
	assert_int_equal(bucket_of("a", 0).syn, 6);
	assert_int_equal(bucket_of("a", 0).attempts, 5);
	assert_int_equal(bucket_of("b", 0).syn, 5);
	assert_int_equal(bucket_of("b", 0).attempts, 4);
}

static void two_targets_on_one_address_count_each_their_own_ports(void **state)
{
	(void)state;
	struct run *run = begin(
		TARGET " b=198.51.100.7/80 c=203.0.113.21/7743:address=198.51.100.7", 1000, 0);
	for (uint32_t i = 0; i < 5; i++)
		syn(run, 0, SOURCE + i, i);
	tcp(run, 1, SOURCE, 80, 1, FLAG_SYN);
	struct octets other = tcp_packet(SOURCE, OTHER, 1, 7743, 1, FLAG_SYN);
	give(run, 1, &other);
	end(run);
	assert_int_equal(bucket_of("a", 0).syn, 5);
	assert_int_equal(bucket_of("a", 0).other_syn, 1);
	assert_int_equal(bucket_of("b", 0).syn, 1);
	assert_int_equal(bucket_of("b", 0).other_syn, 5);
	assert_int_equal(bucket_of("c", 0).syn, 6);
	assert_int_equal(bucket_of("c", 0).other_syn, 1);
}

/* Reads a capture of 1,000 s in one run or in two; what it counts must not depend on it. */
static void give_capture(struct run *run, int64_t from_us, int64_t to_us)
{
	uint64_t random = 3;
	cover(run, from_us, from_us);
	int64_t reached = from_us;
	for (int64_t time_us = 0; time_us <= to_us;
	     time_us += (int64_t)(next_number(&random) % 3000000)) {
		uint32_t source = SOURCE + (uint32_t)(next_number(&random) % 40);
		uint32_t sequence = (uint32_t)(next_number(&random) % 3);
		if (time_us < from_us)
			continue;
		cover(run, reached, time_us);
		reached = time_us;
		assert_int_equal(syn(run, time_us, source, sequence), OBSERVATION_COUNTED);
	}
	cover(run, reached, to_us);
}

static void a_second_run_over_the_same_time_changes_nothing(void **state)
{
	(void)state;
	size_t length, evidence_length, again, evidence_again;
	struct run *run = begin(TARGET, 10000, 1 << 20);
	give_capture(run, 0, 1000 * US);
	end(run);
	char *ledger = read_bytes("state/a/ledger", &length);
	char *evidence = read_bytes("state/a/evidence/2008-02-20.pcap", &evidence_length);
	for (int round = 0; round < 3; round++) {
		run = begin(TARGET, 10000, 1 << 20);
		give_capture(run, round * 200 * US, (1000 - round * 100) * US);
		assert_int_equal(run->observation.target[0].buckets, 0);
		end(run);
		char *after = read_bytes("state/a/ledger", &again);
		char *evidence_after =
			read_bytes("state/a/evidence/2008-02-20.pcap", &evidence_again);
		assert_int_equal(again, length);
		assert_memory_equal(after, ledger, length);
		assert_int_equal(evidence_again, evidence_length);
		free(after);
		free(evidence_after);
	}
	assert_int_equal(entries_of("state/a/census"), 1);
	free(ledger);
	free(evidence);
}

static void a_second_run_adds_what_the_first_did_not_see(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 10000, 0);
	give_capture(run, 0, 1000 * US);
	end(run);
	run = begin("whole=198.51.100.7/7743", 10000, 0);
	give_capture(run, 0, 1000 * US);
	end(run);
	run = begin("parts=198.51.100.7/7743", 10000, 0);
	give_capture(run, 0, 450 * US);
	end(run);
	run = begin("parts=198.51.100.7/7743", 10000, 0);
	give_capture(run, 400 * US, 1000 * US); /* from before the end of the first */
	end(run);
	for (int i = 0; i < 4; i++) {
		struct bucket_record whole = bucket_of("whole", i), parts = bucket_of("parts", i);
		assert_int_equal(parts.syn, whole.syn);
		/* The attempts of the first run are remembered from its known time on. */
		assert_int_equal(parts.observed_seconds, whole.observed_seconds);
		assert_int_equal(parts.covered_from_us, whole.covered_from_us);
		assert_int_equal(parts.covered_to_us, whole.covered_to_us);
		assert_int_equal(parts.new_sources, whole.new_sources);
		assert_true(parts.sources >= whole.sources);
		assert_true(parts.attempts >= whole.attempts);
		if (i == 1) {
			assert_int_equal(parts.revision, 1);
			assert_true(parts.flags & BUCKET_MERGED);
		} else {
			assert_int_equal(parts.sources, whole.sources);
			assert_int_equal(parts.revision, 0);
			assert_false(parts.flags & BUCKET_MERGED);
		}
	}
	assert_int_equal(bucket_of("a", 0).syn, bucket_of("whole", 0).syn);
}

static void a_run_that_comes_before_the_record_is_put_in_its_place(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 10000, 0);
	cover(run, 600 * US, 899 * US);
	syn(run, 700 * US, SOURCE, 1);
	end(run);
	run = begin(TARGET, 10000, 0);
	cover(run, 0, 299 * US);
	syn(run, 100 * US, SOURCE, 1);
	syn(run, 100 * US, SOURCE + 1, 2);
	end(run);
	assert_int_equal(bucket_of("a", 0).syn, 2);
	assert_int_equal(bucket_of("a", 2).syn, 1);
	assert_true(is_unknown("a", 1));
	/* One of the two was heard of before, if later. */
	assert_int_equal(bucket_of("a", 0).new_sources, 1);
}

static void sources_are_new_once_over_all_runs(void **state)
{
	(void)state;
	for (uint32_t day = 0; day < 4; day++) {
		struct run *run = begin(TARGET, 10000, 0);
		for (uint32_t i = 0; i < 10; i++)
			syn(run, (int64_t)day * 86400 * US, SOURCE + day * 5 + i, day);
		end(run);
		assert_int_equal(bucket_of("a", (int)day * 288).new_sources, day ? 5 : 10);
		assert_int_equal(bucket_of("a", (int)day * 288).sources, 10);
	}
}

static void sources_are_new_again_after_the_retirement(void **state)
{
	(void)state;
	char target[128];
	/* On a bucket's boundary and within a bucket; with the retirement observed and in a gap. */
	for (int within = 0; within < 2; within++)
		for (int gap = 0; gap < 2; gap++) {
			int64_t retired = 600 + (within ? 100 : 0);
			snprintf(target, sizeof target, "t%d%d=198.51.100.7/7743:retired=%lld",
				 within, gap, (long long)(START + retired));
			struct run *run = begin(target, 10000, 0);
			cover(run, 0, gap ? 500 * US : (retired - 1) * US);
			for (uint32_t i = 0; i < 10; i++)
				syn(run, (gap ? 400 : retired - 10) * US, SOURCE + i, i);
			cover(run, (gap ? 1800 : retired - 1) * US, 2000 * US);
			for (uint32_t i = 0; i < 13; i++)
				syn(run, 1950 * US, SOURCE + i, 100 + i);
			end(run);
			target[strcspn(target, "=")] = '\0';
			assert_int_equal(bucket_of(target, 6).new_sources, 13);
		}
}

static void a_bucket_with_the_retirement_in_it_counts_new_sources_from_there_on(void **state)
{
	(void)state;
	char target[128];
	snprintf(target, sizeof target, "a=198.51.100.7/7743:retired=%lld",
		 (long long)(START + 100));
	struct run *run = begin(target, 10000, 0);
	cover(run, 0, 250 * US);
	for (uint32_t i = 0; i < 10; i++)
		syn(run, 99999999, SOURCE + i, i);
	for (uint32_t i = 5; i < 12; i++)
		syn(run, 100 * US, SOURCE + i, 100 + i);
	end(run);
	run = begin(target, 10000, 0);
	for (uint32_t i = 0; i < 12; i++)
		syn(run, 1000 * US, SOURCE + i, 200 + i);
	end(run);
	assert_int_equal(bucket_of("a", 0).syn, 17);
	assert_int_equal(bucket_of("a", 0).new_sources, 7);
	assert_int_equal(bucket_of("a", 3).new_sources, 5);
}

static void a_run_that_died_leaves_no_source_known_that_its_ledger_lacks(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 10000, 0);
	cover(run, 0, 299 * US);
	for (uint32_t i = 0; i < 10; i++)
		syn(run, 100 * US, SOURCE + i, i);
	end(run);
	run = begin(TARGET, 10000, 0);
	cover(run, 300 * US, 400 * US);
	for (uint32_t i = 0; i < 20; i++)
		syn(run, 400 * US, SOURCE + i, 100 + i);
	struct failure failure = {0};
	assert_int_equal(target_store_synchronise(&run->observation.target[0].store, &failure), 0);
	kill_run(run);
	assert_true(is_unknown("a", 1));
	run = begin(TARGET, 10000, 0);
	cover(run, 300 * US, 400 * US);
	for (uint32_t i = 0; i < 20; i++)
		syn(run, 400 * US, SOURCE + i, 100 + i);
	end(run);
	assert_int_equal(bucket_of("a", 1).new_sources, 10);
}

static void bounds_that_are_reached_are_flagged(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 5, 24 + 3 * 56); /* 5 attempts, 3 packets of evidence */
	for (uint32_t i = 0; i < 600; i++)
		syn(run, 0, SOURCE + i * 7, i);
	end(run);
	struct bucket_record record = bucket_of("a", 0);
	assert_int_equal(record.syn, 600);
	assert_int_equal(record.evictions, 595);
	assert_true(record.flags & BUCKET_ATTEMPTS_UPPER);
	assert_true(record.flags & BUCKET_SOURCES_ESTIMATED);
	assert_true(record.flags & BUCKET_EVIDENCE_CUT);
	assert_true(record.sources > 512 && record.sources < 700);
	assert_int_equal(record.new_sources, 600);
	size_t length;
	free(read_bytes("state/a/evidence/2008-02-20.pcap", &length));
	assert_int_equal(length, 24 + 3 * 56);
}

static void drops_and_flags_belong_to_the_bucket_that_they_happened_in(void **state)
{
	(void)state;
	struct run *run = begin(TARGET, 10000, 0);
	observation_flag(&run->observation, BUCKET_RESTARTED);
	cover(run, 0, 100 * US);
	observation_kernel_drops(&run->observation, 5);
	observation_flag(&run->observation, BUCKET_CLOCK_STEPPED);
	cover(run, 100 * US, 400 * US);
	observation_kernel_drops(&run->observation, 7);
	observation_kernel_drops(&run->observation, 1);
	end(run);
	assert_int_equal(bucket_of("a", 0).kernel_drops, 5);
	assert_int_equal(bucket_of("a", 0).flags,
			 BUCKET_FIRST | BUCKET_RESTARTED | BUCKET_CLOCK_STEPPED);
	assert_int_equal(bucket_of("a", 1).kernel_drops, 8);
	assert_int_equal(bucket_of("a", 1).flags, BUCKET_LAST);
}

static void what_cannot_be_decoded_is_told_apart_and_not_counted(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct run *run = begin(TARGET, 10000, 0);
	struct octets packet = tcp_packet(SOURCE, HOST, 1, 7743, 1, FLAG_SYN);
	for (uint32_t length = 1; length < 34; length++) {
		uint8_t *cut = exact_copy(packet.bytes, length);
		assert_int_equal(observation_packet(&run->observation, START * US, LINK_RAW, cut,
						    length, 40, false, &failure),
				 OBSERVATION_COUNTED);
		free(cut);
	}
	assert_int_equal(observation_packet(&run->observation, START * US, 147, packet.bytes, 40,
					    40, false, &failure),
			 OBSERVATION_COUNTED);
	assert_int_equal(run->observation.undecoded[DECODE_TRUNCATED], 33);
	assert_int_equal(run->observation.undecoded[DECODE_UNKNOWN_LINK], 1);
	end(run);
	assert_int_equal(bucket_of("a", 0).syn, 0);
	assert_int_equal(bucket_of("a", 0).observed_seconds, 1);
}

/* Random traffic to three targets, beside plain sums by bucket. */
static void counts_agree_with_plain_sums_over_random_traffic(void **state)
{
	(void)state;
	enum { BUCKETS = 12, PACKETS = 30000 };
	static const unsigned ports[] = {7743, 7744, 80, 22};
	uint64_t syns[BUCKETS] = {0}, others[BUCKETS] = {0}, excluded[BUCKETS] = {0};
	bool seen[BUCKETS][64] = {{false}};
	struct run *run = begin(TARGET ":exclude=22", 10000, 0);
	uint64_t random = 21;
	int64_t reached = 0;
	for (int i = 0; i < PACKETS; i++) {
		int64_t now = (int64_t)i * BUCKETS * 300 * US / PACKETS;
		int64_t late =
			next_number(&random) % 20 ? 0 : (int64_t)(next_number(&random) % 9000000);
		int64_t time = late > now ? now : now - late;
		uint32_t source = (uint32_t)(next_number(&random) % 64);
		size_t port = next_number(&random) % 4, bucket = (size_t)(time / (300 * US));
		cover(run, reached, now);
		reached = now;
		assert_int_equal(tcp(run, time, SOURCE + source, ports[port],
				     (uint32_t)next_number(&random), FLAG_SYN),
				 OBSERVATION_COUNTED);
		syns[bucket] += port < 2;
		others[bucket] += port == 2;
		excluded[bucket] += port == 3;
		seen[bucket][source] |= port < 2;
	}
	end(run);
	for (int i = 0; i < BUCKETS; i++) {
		struct bucket_record record = bucket_of("a", i);
		uint64_t sources = 0;
		for (size_t j = 0; j < 64; j++)
			sources += seen[i][j];
		assert_int_equal(record.syn, syns[i]);
		assert_int_equal(record.attempts, syns[i]);
		assert_int_equal(record.other_syn, others[i]);
		assert_int_equal(record.excluded, excluded[i]);
		assert_int_equal(record.sources, sources);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_packet_belongs_to_the_bucket_of_its_own_time),
		in_workspace(time_that_was_not_observed_is_unknown_and_silence_is_zero),
		in_workspace(late_packets_find_their_bucket_within_the_grace),
		in_workspace(a_packet_proves_that_its_own_second_was_observed),
		in_workspace(each_kind_of_packet_is_counted_as_what_it_is),
		in_workspace(the_targets_own_answers_show_that_it_lives),
		in_workspace(what_the_host_itself_sends_is_no_arrival),
		in_workspace(retransmissions_are_syns_and_no_attempts_across_buckets_too),
		in_workspace(another_port_sequence_or_target_is_another_attempt),
		in_workspace(two_targets_on_one_address_count_each_their_own_ports),
		in_workspace(a_second_run_over_the_same_time_changes_nothing),
		in_workspace(a_second_run_adds_what_the_first_did_not_see),
		in_workspace(a_run_that_comes_before_the_record_is_put_in_its_place),
		in_workspace(sources_are_new_once_over_all_runs),
		in_workspace(sources_are_new_again_after_the_retirement),
		in_workspace(a_bucket_with_the_retirement_in_it_counts_new_sources_from_there_on),
		in_workspace(a_run_that_died_leaves_no_source_known_that_its_ledger_lacks),
		in_workspace(bounds_that_are_reached_are_flagged),
		in_workspace(drops_and_flags_belong_to_the_bucket_that_they_happened_in),
		in_workspace(what_cannot_be_decoded_is_told_apart_and_not_counted),
		in_workspace(counts_agree_with_plain_sums_over_random_traffic),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
