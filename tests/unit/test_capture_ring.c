/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_ring.h"
#include "octets.h"

#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

#define START_US    INT64_C(1203465600123456)
#define BLOCK_BYTES 1024
#define BLOCKS	    8
#define KILLS	    300

/* A packet of 8 bytes or more needs 96 + 8 in the ring: 9 of them fill a block of 1024 bytes, of
 * which 48 are the block's own. */
#define PACKETS_IN_BLOCK 9

/* Packet number n: 8 to 11 bytes that begin with its number, a microsecond after the one before
 * it. */
static bool append(struct fake_ring *fake, uint64_t n)
{
	uint8_t bytes[11];
	memset(bytes, 0xa5, sizeof bytes);
	memcpy(bytes, &n, sizeof n);
	return fake_ring_append(fake, &(struct fake_packet){.time_us = START_US + (int64_t)n,
							    .bytes = bytes,
							    .captured_length = 8,
							    .original_length = 60,
							    .ethertype = 0x0800});
}

static void append_all(struct fake_ring *fake, uint64_t from, uint64_t to)
{
	for (uint64_t n = from; n < to; n++)
		assert_true(append(fake, n));
}

static uint64_t number_of(const struct captured_packet *packet)
{
	uint64_t n;
	memcpy(&n, packet->bytes, sizeof n);
	return n;
}

/* The number of the next packet, and steps over it; UINT64_MAX when there is none. */
static uint64_t take(struct capture_ring *ring, struct capture_position *position)
{
	struct captured_packet packet;
	if (!capture_ring_peek(ring, position, &packet))
		return UINT64_MAX;
	uint64_t n = number_of(&packet);
	assert_int_equal(packet.time_us, START_US + (int64_t)n);
	assert_int_equal(packet.captured_length, 8);
	capture_position_advance(position);
	return n;
}

static void assert_takes(struct capture_ring *ring, struct capture_position *position,
			 uint64_t from, uint64_t to)
{
	for (uint64_t n = from; n < to; n++)
		assert_int_equal(take(ring, position), n);
}

/* As the next process finds the ring: nothing remembered but the mapping. */
static struct capture_ring inherited(const struct fake_ring *fake)
{
	struct capture_ring ring = fake->ring;
	ring.cursor.block = UINT64_MAX;
	ring.released = 0;
	return ring;
}

static bool is_readable(const struct fake_ring *fake)
{
	struct pollfd descriptor = {.fd = fake->ring.descriptor, .events = POLLIN};
	return poll(&descriptor, 1, 0) == 1;
}

static void a_packet_is_shown_as_the_kernel_wrote_it(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct capture_position position = {0};
	struct captured_packet packet;
	const struct fake_packet in = {START_US, (const uint8_t *)"first", 5, 1500, 0x86dd, false,
				       0};
	const struct fake_packet out = {INT64_C(4000000000) * 1000000 + 999999,
					(const uint8_t *)"",
					0,
					54,
					0x0800,
					true,
					0};
	fake_ring_open(&fake, 4096, 4, 0, LINK_ETHERTYPE(0));
	assert_true(fake_ring_append(&fake, &in) && fake_ring_append(&fake, &out));
	fake_ring_retire(&fake);
	for (int again = 0; again < 2; again++) { /* looking takes nothing away */
		assert_true(capture_ring_peek(&fake.ring, &position, &packet));
		assert_int_equal(packet.time_us, START_US);
		assert_int_equal(packet.link_type, LINK_ETHERTYPE(0x86dd));
		assert_int_equal(packet.captured_length, 5);
		assert_int_equal(packet.original_length, 1500);
		assert_false(packet.outgoing);
		assert_memory_equal(packet.bytes, "first", 5);
	}
	capture_position_advance(&position);
	assert_true(capture_ring_peek(&fake.ring, &position, &packet));
	/* Seconds are unsigned: past 2038. */
	assert_int_equal(packet.time_us, INT64_C(4000000000999999));
	assert_int_equal(packet.link_type, LINK_ETHERTYPE(0x0800));
	assert_int_equal(packet.captured_length, 0);
	assert_true(packet.outgoing);
	capture_position_advance(&position);
	assert_false(capture_ring_peek(&fake.ring, &position, &packet));
	fake_ring_close(&fake);

	fake_ring_open(&fake, 4096, 4, 0, LINK_TYPE_ETHERNET);
	assert_true(fake_ring_append(&fake, &in));
	fake_ring_retire(&fake);
	assert_true(capture_ring_peek(&fake.ring, &position, &packet));
	assert_int_equal(packet.link_type, LINK_TYPE_ETHERNET);
	fake_ring_close(&fake);
}

static void a_link_header_that_is_not_ethernet_is_left_out(void **state)
{
	(void)state;
	for (uint32_t captured = 0; captured < 12; captured++) {
		struct fake_ring fake;
		struct capture_position position = {0};
		struct captured_packet packet;
		const struct fake_packet in = {.bytes = (const uint8_t *)"linkpacket..",
					       .captured_length = captured,
					       .original_length = 104,
					       .ethertype = 0x0800,
					       .link_header = 4};
		fake_ring_open(&fake, 4096, 4, 0, LINK_ETHERTYPE(0));
		assert_true(fake_ring_append(&fake, &in));
		fake_ring_retire(&fake);
		assert_true(capture_ring_peek(&fake.ring, &position, &packet));
		assert_int_equal(packet.link_type, LINK_ETHERTYPE(0x0800));
		if (captured < 4) { /* cut within the link header */
			assert_int_equal(packet.captured_length, 0);
		} else {
			assert_int_equal(packet.captured_length, captured - 4);
			assert_int_equal(packet.original_length, 100);
			assert_memory_equal(packet.bytes, "packet..", captured - 4);
		}
		fake_ring_close(&fake);
		fake_ring_open(&fake, 4096, 4, 0, LINK_TYPE_ETHERNET);
		assert_true(fake_ring_append(&fake, &in));
		fake_ring_retire(&fake);
		assert_true(capture_ring_peek(&fake.ring, &position, &packet));
		assert_int_equal(packet.captured_length, captured);
		assert_memory_equal(packet.bytes, "linkpacket..", captured);
		fake_ring_close(&fake);
	}
}

static void a_block_is_seen_when_it_is_handed_over_and_no_earlier(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct capture_position position = {0};
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
	fake_ring_retire(&fake); /* an empty block is not handed over */
	assert_int_equal(take(&fake.ring, &position), UINT64_MAX);
	append_all(&fake, 0, 3);
	assert_int_equal(take(&fake.ring, &position), UINT64_MAX);
	assert_false(is_readable(&fake));
	fake_ring_retire(&fake);
	assert_true(is_readable(&fake));
	assert_takes(&fake.ring, &position, 0, 3);
	append_all(&fake, 3, 4);
	assert_int_equal(take(&fake.ring, &position), UINT64_MAX);
	capture_ring_release(&fake.ring, &position);
	assert_true(fake_ring_is_read(&fake));
	assert_false(is_readable(&fake));
	fake_ring_retire(&fake);
	assert_takes(&fake.ring, &position, 3, 4);
	fake_ring_close(&fake);
}

static void a_process_that_comes_new_finds_every_packet_of_a_block(void **state)
{
	(void)state;
	enum { MANY = 5000 };
	struct fake_ring fake;
	fake_ring_open(&fake, 1 << 20, 2, 0, LINK_TYPE_ETHERNET);
	append_all(&fake, 0, MANY);
	fake_ring_retire(&fake);
	for (uint64_t first = 0; first < MANY; first += 311) {
		struct capture_ring ring = inherited(&fake);
		struct capture_position position = {fake.ring.identity, first};
		assert_takes(&ring, &position, first, MANY);
		assert_int_equal(take(&ring, &position), UINT64_MAX);
		/* Backwards in the same block, as after an undone packet. */
		position.place = first / 2;
		assert_takes(&ring, &position, first / 2, first / 2 + 2);
		ring = inherited(&fake);
		position = (struct capture_position){fake.ring.identity, first + 1};
		assert_takes(&ring, &position, first + 1, first + 3);
		position.place = first;
		assert_takes(&ring, &position, first, first + 5);
	}
	fake_ring_close(&fake);
}

static void a_full_ring_keeps_what_it_has_until_it_is_given_back(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct capture_position position = {0}, begun;
	uint64_t drops = 7, n = 0;
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
	while (append(&fake, n))
		n++;
	assert_int_equal(n, BLOCKS * PACKETS_IN_BLOCK);
	assert_int_equal(capture_ring_new_drops(&fake.ring, &drops), 0);
	assert_int_equal(drops, 1);
	assert_int_equal(capture_ring_new_drops(&fake.ring, &drops), 0);
	assert_int_equal(drops, 0);
	assert_takes(&fake.ring, &position, 0, 1);
	begun = position;
	assert_takes(&fake.ring, &position, 1, n);
	assert_int_equal(take(&fake.ring, &position), UINT64_MAX);
	assert_false(append(&fake, n)); /* read, but not given back */
	/* Of a block that is not wholly read nothing is given back. */
	capture_ring_release(&fake.ring, &begun);
	assert_false(append(&fake, n));
	capture_ring_release(&fake.ring, &position);
	assert_true(append(&fake, n));
	fake_ring_retire(&fake);
	assert_takes(&fake.ring, &position, n, n + 1);
	fake_ring_close(&fake);
}

static void nothing_is_lost_over_many_rounds_of_the_ring(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct capture_position position = {0};
	uint64_t random = 11, written = 0, read = 0;
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
	while (read < 100000) {
		for (uint64_t count = next_number(&random) % 40; count && append(&fake, written);
		     count--)
			written++;
		if (next_number(&random) % 2)
			fake_ring_retire(&fake);
		for (uint64_t count = next_number(&random) % 60; count; count--) {
			uint64_t n = take(&fake.ring, &position);
			if (n == UINT64_MAX)
				break;
			assert_int_equal(n, read++);
		}
		if (next_number(&random) % 2)
			capture_ring_release(&fake.ring, &position);
	}
	/* More blocks than the ring has were needed for them. */
	assert_true(fake.block > 100 * BLOCKS);
	fake_ring_close(&fake);
}

static void giving_back_twice_takes_no_newer_block_away(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct capture_position position = {0}, old;
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
	append_all(&fake, 0, 3 * PACKETS_IN_BLOCK);
	fake_ring_retire(&fake);
	assert_takes(&fake.ring, &position, 0, 3 * PACKETS_IN_BLOCK);
	assert_int_equal(take(&fake.ring, &position), UINT64_MAX);
	old = position;
	capture_ring_release(&fake.ring, &position);
	assert_true(fake_ring_is_read(&fake));
	/* The same places are filled again, to the last. */
	append_all(&fake, 27, 27 + BLOCKS * PACKETS_IN_BLOCK);
	assert_false(append(&fake, 0));
	capture_ring_release(&fake.ring, &old);
	struct capture_ring successor = inherited(&fake);
	capture_ring_release(&successor, &old);
	capture_ring_release(&successor, &old);
	assert_false(append(&fake, 0));
	assert_takes(&successor, &position, 27, 27 + BLOCKS * PACKETS_IN_BLOCK);
	fake_ring_close(&fake);
}

static void a_kill_between_commit_and_release_is_made_good_by_the_next_process(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct capture_position position = {0};
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
	append_all(&fake, 0, BLOCKS * PACKETS_IN_BLOCK);
	assert_false(append(&fake, 0));
	struct capture_ring killed = inherited(&fake);
	assert_takes(&killed, &position, 0, 4 * PACKETS_IN_BLOCK + 2);
	struct capture_ring successor = inherited(&fake);
	capture_ring_release(&successor, &position);
	append_all(&fake, BLOCKS * PACKETS_IN_BLOCK, (BLOCKS + 4) * PACKETS_IN_BLOCK);
	assert_false(append(&fake, 0));
	assert_takes(&successor, &position, 4 * PACKETS_IN_BLOCK + 2,
		     (BLOCKS + 4) * PACKETS_IN_BLOCK);
	fake_ring_close(&fake);
}

static void a_position_of_another_ring_begins_at_the_oldest_block(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct capture_position reader = {0};
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
	append_all(&fake, 0, BLOCKS * PACKETS_IN_BLOCK);
	fake_ring_retire(&fake);
	assert_takes(&fake.ring, &reader, 0, 5 * PACKETS_IN_BLOCK + 1);
	capture_ring_release(&fake.ring, &reader);
	append_all(&fake, 72, 72 + 3 * PACKETS_IN_BLOCK);
	fake_ring_retire(&fake);
	/* Blocks 5 to 7 and, in the places of 0 to 2, 8 to 10. */
	struct capture_position other = {fake.ring.identity + 1000, 9 << 24 | 3};
	capture_ring_release(&fake.ring, &other); /* gives nothing back */
	assert_takes(&fake.ring, &other, 5 * PACKETS_IN_BLOCK, 11 * PACKETS_IN_BLOCK);
	assert_int_equal(other.ring, fake.ring.identity);
	fake_ring_close(&fake);
}

static void a_position_behind_what_was_given_back_goes_on_at_the_oldest_block(void **state)
{
	(void)state;
	for (uint64_t rounds = 1; rounds < 4 * BLOCKS; rounds++) {
		struct fake_ring fake;
		struct capture_position reader = {0};
		fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
		for (uint64_t n = 0; n < rounds; n++) {
			append_all(&fake, n, n + 1);
			fake_ring_retire(&fake);
			assert_takes(&fake.ring, &reader, n, n + 1);
			assert_int_equal(take(&fake.ring, &reader), UINT64_MAX);
			capture_ring_release(&fake.ring, &reader);
		}
		struct capture_ring successor = inherited(&fake);
		struct capture_position old = {fake.ring.identity, 0};
		assert_int_equal(take(&successor, &old), UINT64_MAX);
		/* In the process that gave it back itself it is not seen again, either. */
		struct capture_position last = {fake.ring.identity, (rounds - 1) << 24};
		assert_int_equal(take(&fake.ring, &last), UINT64_MAX);
		append_all(&fake, rounds, rounds + 2);
		fake_ring_retire(&fake);
		assert_takes(&successor, &old, rounds, rounds + 2);
		fake_ring_close(&fake);
	}
}

static void block_numbers_go_on_past_32_bits(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct capture_position position = {0};
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, (UINT64_C(1) << 32) - 20, LINK_TYPE_ETHERNET);
	for (uint64_t n = 0; n < 40; n++) {
		append_all(&fake, 2 * n, 2 * n + 2);
		fake_ring_retire(&fake);
		assert_takes(&fake.ring, &position, 2 * n, 2 * n + 1);
		struct capture_ring successor = inherited(&fake);
		assert_takes(&successor, &position, 2 * n + 1, 2 * n + 2);
		assert_int_equal(take(&successor, &position), UINT64_MAX);
		capture_ring_release(&successor, &position);
		assert_true(fake_ring_is_read(&fake));
	}
	assert_int_equal(position.place >> 24, (UINT64_C(1) << 32) + 20);
	fake_ring_close(&fake);
}

/* Each word of a block in turn is changed to values that point nowhere or outside. */
static void a_damaged_block_is_told_and_the_next_one_read(void **state)
{
	(void)state;
	enum { WORDS = (48 + 2 * 104) / 4 };
	const uint32_t bad[] = {0, 1, 8, 0x3f8, 0x3ff, 0x400, 0x7fffffff, 0xfffffff8, 0xffffffff};
	int told = 0;
	for (int word = 0; word < WORDS; word++) {
		if (word == 2 || word == 6 || word == 7)
			continue; /* its status and number: another block then */
		for (size_t value = 0; value < sizeof bad / sizeof bad[0]; value++) {
			struct fake_ring fake;
			struct capture_position position = {0};
			struct captured_packet packet;
			struct failure failure = {0};
			int seen = 0;
			bool last_seen = false;
			/* The last block of four is the one that is damaged. */
			fake_ring_open(&fake, BLOCK_BYTES, 4, 3, LINK_TYPE_ETHERNET);
			append_all(&fake, 0, PACKETS_IN_BLOCK);
			fake_ring_retire(&fake);
			append_all(&fake, 99, 100);
			fake_ring_retire(&fake);
			uint8_t *block = fake.ring.memory + 3 * BLOCK_BYTES;
			memcpy(block + 4 * word, &bad[value], 4);
			while (seen < 100 && capture_ring_peek(&fake.ring, &position, &packet)) {
				assert_true(packet.bytes >= block ||
					    packet.bytes < fake.ring.memory + BLOCK_BYTES);
				assert_true(packet.bytes + packet.captured_length <=
					    fake.ring.memory + 4 * BLOCK_BYTES);
				last_seen = packet.captured_length >= 8 && number_of(&packet) == 99;
				capture_position_advance(&position);
				seen++;
			}
			assert_true(last_seen && seen <= PACKETS_IN_BLOCK + 1);
			if (capture_ring_failure(&fake.ring, &failure) != 0) {
				assert_non_null(strstr(failure.text, "fake0: its ring is damaged"));
				told++;
			}
			fake_ring_close(&fake);
		}
	}
	assert_true(told > 20);
}

static void what_the_kernel_answers_is_handed_on(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct failure failure = {0};
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
	assert_true(capture_ring_link_is_up(&fake.ring));
	assert_int_equal(capture_ring_failure(&fake.ring, &failure), 0);
	fake.answers->link_is_down = fake.answers->went_down = true;
	assert_false(capture_ring_link_is_up(&fake.ring));
	assert_int_equal(capture_ring_failure(&fake.ring, &failure), -1);
	assert_string_equal(failure.text, "interface fake0: it went down");
	failure = (struct failure){0};
	assert_int_equal(capture_ring_failure(&fake.ring, &failure), 0);
	fake_ring_close(&fake);
	capture_ring_close(&fake.ring); /* twice is once */
}

/* What a reader tells, in memory that outlives it: count and position change together, by the
 * one store into `current`. */
struct told {
	struct {
		struct capture_position position;
		uint64_t count;
	} half[2];
	uint32_t current;
	uint64_t number[1 << 20];
};

static void read_until_killed(struct fake_ring *fake, struct told *told)
{
	uint64_t random = told->half[told->current].count;
	for (;;) {
		uint32_t current = told->current;
		struct captured_packet packet;
		/* The lasting position itself is moved over blocks. */
		if (!capture_ring_peek(&fake->ring, &told->half[current].position, &packet)) {
			capture_ring_release(&fake->ring, &told->half[current].position);
			sched_yield();
			continue;
		}
		uint64_t count = told->half[current].count;
		told->number[count] = number_of(&packet);
		told->half[!current] = told->half[current];
		told->half[!current].count = count + 1;
		capture_position_advance(&told->half[!current].position);
		__atomic_store_n(&told->current, !current, __ATOMIC_RELEASE);
		if (next_number(&random) % 64 == 0)
			capture_ring_release(&fake->ring, &told->half[!current].position);
	}
}

static uint64_t count_of(const struct told *told)
{
	return told->half[__atomic_load_n(&told->current, __ATOMIC_ACQUIRE)].count;
}

static void readers_that_are_killed_see_every_packet_exactly_once(void **state)
{
	(void)state;
	struct fake_ring fake;
	struct told *told =
		mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t written = 0, random = 5;
	int killed_behind = 0;
	assert_true(told != MAP_FAILED);
	fake_ring_open(&fake, BLOCK_BYTES, BLOCKS, 0, LINK_TYPE_ETHERNET);
	for (int kill_number = 0; kill_number < KILLS; kill_number++) {
		pid_t reader = fork();
		if (reader == 0)
			read_until_killed(&fake, told);
		/* Some are killed while they start, some while they wait for packets. */
		uint64_t end = written + next_number(&random) % 500;
		while (written < end) {
			if (append(&fake, written))
				written++;
			else
				sched_yield();
			if (next_number(&random) % 16 == 0)
				fake_ring_retire(&fake);
		}
		kill(reader, SIGKILL);
		assert_int_equal(waitpid(reader, NULL, 0), reader);
		killed_behind += count_of(told) < written;
	}
	fake_ring_retire(&fake);
	pid_t reader = fork();
	if (reader == 0)
		read_until_killed(&fake, told);
	for (int i = 0; i < 10000 && (count_of(told) < written || !fake_ring_is_read(&fake)); i++) {
		fake_ring_retire(&fake);
		poll(NULL, 0, 1);
	}
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	assert_int_equal(count_of(told), written);
	for (uint64_t n = 0; n < written; n++)
		assert_int_equal(told->number[n], n);
	assert_true(killed_behind > KILLS / 10);
	munmap(told, sizeof *told);
	fake_ring_close(&fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packet_is_shown_as_the_kernel_wrote_it),
		cmocka_unit_test(a_link_header_that_is_not_ethernet_is_left_out),
		cmocka_unit_test(a_block_is_seen_when_it_is_handed_over_and_no_earlier),
		cmocka_unit_test(a_process_that_comes_new_finds_every_packet_of_a_block),
		cmocka_unit_test(a_full_ring_keeps_what_it_has_until_it_is_given_back),
		cmocka_unit_test(nothing_is_lost_over_many_rounds_of_the_ring),
		cmocka_unit_test(giving_back_twice_takes_no_newer_block_away),
		cmocka_unit_test(
			a_kill_between_commit_and_release_is_made_good_by_the_next_process),
		cmocka_unit_test(a_position_of_another_ring_begins_at_the_oldest_block),
		cmocka_unit_test(a_position_behind_what_was_given_back_goes_on_at_the_oldest_block),
		cmocka_unit_test(block_numbers_go_on_past_32_bits),
		cmocka_unit_test(a_damaged_block_is_told_and_the_next_one_read),
		cmocka_unit_test(what_the_kernel_answers_is_handed_on),
		cmocka_unit_test(readers_that_are_killed_see_every_packet_exactly_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
