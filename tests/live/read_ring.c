/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * read_ring INTERFACE SECONDS [ring=MIB] [wait=SECONDS] [kills=N]: reads a capture ring as the
 * agent does, for so long, and tells on standard output, in this order: "open" when it listens;
 * "failure TEXT" and "link down" when they come; at the end "KIND COUNT" lines: packets, outgoing,
 * incoming and outgoing frames by what they are ("in syn 203.0.113.5 9"), the longest time in ms
 * from a packet's arrival to its reading, and drops.
 *
 * wait: does not read before so long after opening. kills: the reading is done by a child, which is
 * killed so many times at random moments, while the position and the counts stay in memory that
 * outlives it. SIGTERM ends it early, after what the ring still has. */
#include "../../observer/capture_ring.h"
#include "../../observer/decode.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KINDS 128

/* One kind of packet, named as it is printed. */
struct kind {
	char name[80];
	uint64_t count;
};

struct counts {
	struct capture_position position;
	uint64_t packets, outgoing, longest_us;
	uint32_t kinds;
	struct kind kind[KINDS];
};

/* Two halves, of which one is true: it changes by one store. */
struct shared {
	struct counts half[2];
	uint32_t current;
};

static volatile sig_atomic_t stop;

static void note_stop(int number)
{
	(void)number;
	stop = 1;
}

static int64_t now_us(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *transport_name(const struct packet_summary *summary)
{
	if (!summary->has_transport)
		return summary->later_fragment ? "fragment" : "other";
	if (summary->protocol == PROTOCOL_UDP)
		return "udp";
	if (summary->protocol != PROTOCOL_TCP)
		return "icmp";
	switch (summary->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) {
	case TCP_SYN:
		return "syn";
	case TCP_SYN | TCP_ACK:
		return "syn-ack";
	case TCP_RST:
	case TCP_RST | TCP_ACK:
		return "rst";
	default:
		return "tcp";
	}
}

static void name_packet(const struct captured_packet *packet, char name[80])
{
	struct packet_summary summary;
	char address[INET6_ADDRSTRLEN] = "?";
	const char *direction = packet->outgoing ? "out" : "in";
	enum decode_result result =
		decode_packet(packet->link_type, packet->bytes, packet->captured_length, &summary);
	if (result != DECODED) {
		snprintf(name, 80, "%s %s", direction, decode_result_name(result));
		return;
	}
	const uint8_t *source = summary.source.bytes;
	if (source[0] == 0)
		inet_ntop(AF_INET, source + 12, address, sizeof address);
	else
		inet_ntop(AF_INET6, source, address, sizeof address);
	snprintf(name, 80, "%s %s %s", direction, transport_name(&summary), address);
}

static void count_packet(struct counts *counts, const struct captured_packet *packet)
{
	char name[80];
	uint32_t i = 0;
	int64_t late_us = now_us(CLOCK_REALTIME) - packet->time_us;
	counts->packets++;
	counts->outgoing += packet->outgoing;
	if (late_us > (int64_t)counts->longest_us)
		counts->longest_us = (uint64_t)late_us;
	name_packet(packet, name);
	while (i < counts->kinds && strcmp(counts->kind[i].name, name) != 0)
		i++;
	if (i == KINDS)
		return;
	if (i == counts->kinds) {
		memcpy(counts->kind[i].name, name, sizeof name);
		counts->kinds++;
	}
	counts->kind[i].count++;
}

/* A packet and its position are counted by one store into `current`. */
static void read_what_is_there(struct capture_ring *ring, struct shared *shared)
{
	struct captured_packet packet;
	struct counts *counts = &shared->half[shared->current];
	while (capture_ring_peek(ring, &counts->position, &packet)) {
		struct counts *next = &shared->half[!shared->current];
		*next = *counts;
		count_packet(next, &packet);
		capture_position_advance(&next->position);
		__atomic_store_n(&shared->current, !shared->current, __ATOMIC_RELEASE);
		counts = next;
	}
	capture_ring_release(ring, &counts->position);
}

static void wait_for_packets(const struct capture_ring *ring, int milliseconds)
{
	struct pollfd descriptor = {.fd = ring->descriptor, .events = POLLIN};
	if (poll(&descriptor, 1, milliseconds) < 0 && errno != EINTR) {
		perror("read_ring: poll");
		exit(1);
	}
}

static void tell_of_the_link(struct capture_ring *ring, bool *was_up)
{
	struct failure failure = {0};
	bool is_up = capture_ring_link_is_up(ring);
	if (capture_ring_failure(ring, &failure) != 0)
		printf("failure %s\n", failure.text);
	if (is_up != *was_up)
		printf("link %s\n", is_up ? "up" : "down");
	*was_up = is_up;
	fflush(stdout);
}

static void read_until(struct capture_ring *ring, struct shared *shared, int64_t end_us)
{
	bool was_up = true;
	while (!stop && now_us(CLOCK_MONOTONIC) < end_us) {
		read_what_is_there(ring, shared);
		tell_of_the_link(ring, &was_up);
		wait_for_packets(ring, 200);
	}
	poll(NULL, 0, 2 * CAPTURE_BLOCK_MS);
	read_what_is_there(ring, shared);
}

static void read_and_be_killed(struct capture_ring *ring, struct shared *shared, int64_t end_us,
			       long kills)
{
	uint64_t seed = 1;
	for (long i = 0; i < kills && now_us(CLOCK_MONOTONIC) < end_us; i++) {
		pid_t child = fork();
		if (child == 0)
			for (;;) {
				read_what_is_there(ring, shared);
				wait_for_packets(ring, 1000);
			}
		seed = seed * 6364136223846793005 + 1442695040888963407; /* Knuth, MMIX */
		poll(NULL, 0, (int)(seed >> 59));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	read_until(ring, shared, end_us);
}

static long option(int argc, char **argv, const char *name, long otherwise)
{
	size_t length = strlen(name);
	for (int i = 3; i < argc; i++)
		if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=')
			return strtol(argv[i] + length + 1, NULL, 10);
	return otherwise;
}

int main(int argc, char **argv)
{
	struct capture_ring ring;
	struct failure failure = {0};
	uint64_t drops;
	struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (argc < 3 || shared == MAP_FAILED) {
		fprintf(stderr, "usage: read_ring INTERFACE SECONDS [ring=MIB] [wait=SECONDS] "
				"[kills=N]\n");
		return 2;
	}
	set_program_name("read_ring");
	signal(SIGTERM, note_stop);
	if (capture_ring_open(&ring, argv[1], (int)option(argc, argv, "ring", 16),
			      CAPTURE_SNAPSHOT_BYTES, &failure) != 0)
		return failure_report(&failure);
	printf("open\n");
	fflush(stdout);
	int64_t end_us = now_us(CLOCK_MONOTONIC) + strtol(argv[2], NULL, 10) * 1000000;
	poll(NULL, 0, (int)option(argc, argv, "wait", 0) * 1000);
	long kills = option(argc, argv, "kills", 0);
	if (kills)
		read_and_be_killed(&ring, shared, end_us, kills);
	else
		read_until(&ring, shared, end_us);
	const struct counts *counts = &shared->half[shared->current];
	printf("packets %" PRIu64 "\noutgoing %" PRIu64 "\nlongest_ms %" PRIu64 "\n",
	       counts->packets, counts->outgoing, counts->longest_us / 1000);
	for (uint32_t i = 0; i < counts->kinds; i++)
		printf("%s %" PRIu64 "\n", counts->kind[i].name, counts->kind[i].count);
	if (capture_ring_new_drops(&ring, &drops) == 0)
		printf("drops %" PRIu64 "\n", drops);
	capture_ring_close(&ring);
	return 0;
}
