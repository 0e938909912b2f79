/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * months DAYS DIRECTORY FILE: runs the worker's own loop for so many days in some seconds: over a
 * ring that this program fills, by clocks that it sets, into a state directory in DIRECTORY. What
 * was sent goes into FILE as "name count" lines, with what the process had of memory and
 * descriptors when the second day was over and an hour before the end.
 *
 * In each five minutes come four attempts of two SYNs, a SYN to another port, and a datagram; each
 * night the link is down from 04:00 to 04:20, and the kernel loses three packets. */
#include "../../observer/worker.h"
#include "../unit/fake_ring.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#define US	 INT64_C(1000000)
#define BEGIN	 INT64_C(1767225600) /* 2026-01-01T00:00:00Z */
#define TARGET	 0xc6336407u	     /* 198.51.100.7 */
#define SOURCES	 0xcb007100u	     /* 203.0.113.0/24 */
#define NIGHT	 (4 * 3600)
#define NIGHT_S	 1200
#define STEP_S	 15 /* between two looks; a second where the link changes */
#define ATTEMPTS 16384

struct months {
	struct fake_ring fake;
	const struct live_state *state; /* the worker's */
	int64_t now_s, end_s;
	int64_t next_s; /* of the next five minutes to be filled */
	uint32_t number;
	uint64_t syn, attempts, other_syn, udp, drops;
	uint64_t looks; /* of the worker, when time last went on */
	int noted;	/* times that the process was looked at */
	FILE *results;
};

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

/* A frame of 14 + 20 + 20 bytes; of UDP the last 12 are data. */
static void send_frame(struct months *months, int64_t time_us, uint8_t protocol, uint32_t number,
		       uint32_t port)
{
	uint8_t frame[54] = {[12] = 0x08, [14] = 0x45, [22] = 57};
	put16(frame + 16, sizeof frame - 14);
	frame[23] = protocol;
	put32(frame + 26, SOURCES + 1 + number % 200);
	put32(frame + 30, TARGET);
	put16(frame + 34, 1024 + number % 60000);
	put16(frame + 36, port);
	if (protocol == 6) {
		put32(frame + 38, number);
		put16(frame + 46, 0x5002);
	} else {
		put16(frame + 38, 20);
	}
	struct fake_packet packet = {
		.time_us = time_us,
		.bytes = frame,
		.captured_length = sizeof frame,
		.original_length = sizeof frame,
		.ethertype = 0x0800,
		.link_header = 14,
	};
	if (!fake_ring_append(&months->fake, &packet)) {
		fprintf(stderr, "months: the ring is full\n");
		exit(1);
	}
}

static bool is_night(int64_t time_s)
{
	return time_s % 86400 >= NIGHT && time_s % 86400 < NIGHT + NIGHT_S;
}

/* What comes in the five minutes from next_s on, 60 s between two attempts. */
static void fill(struct months *months)
{
	int64_t begin = months->next_s;
	months->next_s += BUCKET_SECONDS;
	if (is_night(begin))
		return;
	for (int i = 0; i < 4; i++) {
		int64_t time_us = (begin + 7 + i * 60) * US;
		uint32_t number = months->number++;
		send_frame(months, time_us, 6, number, 7743);
		send_frame(months, time_us + US, 6, number, 7743);
		months->attempts++;
		months->syn += 2;
	}
	send_frame(months, (begin + 200) * US, 6, months->number, 22222);
	send_frame(months, (begin + 201) * US, 17, months->number, 7743);
	months->other_syn++;
	months->udp++;
}

static uint64_t descriptors(void)
{
	uint64_t open = 0;
	for (int i = 0; i < 1024; i++)
		open += fcntl(i, F_GETFD) >= 0;
	return open;
}

static void note_process(const struct months *months, const char *when)
{
	char line[256];
	FILE *status = fopen("/proc/self/status", "re");
	while (status && fgets(line, sizeof line, status)) {
		unsigned long kilobytes;
		if (sscanf(line, "RssAnon: %lu", &kilobytes) == 1)
			fprintf(months->results, "anonymous_kb_%s %lu\n", when, kilobytes);
		if (sscanf(line, "VmRSS: %lu", &kilobytes) == 1)
			fprintf(months->results, "resident_kb_%s %lu\n", when, kilobytes);
	}
	if (status)
		fclose(status);
	fprintf(months->results, "descriptors_%s %" PRIu64 "\n", when, descriptors());
}

static void note_when_due(struct months *months)
{
	static const char *const when[] = {"early", "late"};
	const int64_t due_s[] = {BEGIN + INT64_C(2) * 86400, months->end_s - 3600};
	if (months->noted < 2 && months->now_s >= due_s[months->noted])
		note_process(months, when[months->noted++]);
}

static void go_on(struct months *months)
{
	/* As in life, the disk has the last bucket before the next one closes. */
	while (closed_queue_waiting(&months->state->queue) > 0)
		nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
	int64_t of_day = (months->now_s + STEP_S) % 86400;
	bool near = of_day >= NIGHT && of_day <= NIGHT + NIGHT_S + 2 * STEP_S &&
		    (of_day <= NIGHT + 2 * STEP_S || of_day >= NIGHT + NIGHT_S);
	months->now_s += near ? 1 : STEP_S;
	while (months->next_s + BUCKET_SECONDS <= months->now_s && months->next_s < months->end_s)
		fill(months);
	fake_ring_retire(&months->fake);
	bool down = is_night(months->now_s);
	if (down && !months->fake.answers->link_is_down) {
		months->fake.answers->drops += 3;
		months->drops += 3;
	}
	months->fake.answers->link_is_down = down;
	note_when_due(months);
}

/* Both clocks go on when the worker has looked, whichever of them it then asks first. */
static int64_t seconds_now(struct months *months)
{
	if (months->state->progress.looks != months->looks) {
		months->looks = months->state->progress.looks;
		go_on(months);
	}
	return months->now_s;
}

static int64_t real_us(void *context)
{
	return seconds_now(context) * US;
}

static int64_t boot_us(void *context)
{
	return (seconds_now(context) - BEGIN + 1000) * US;
}

static void must(int result, const struct failure *failure)
{
	if (result == 0)
		return;
	fprintf(stderr, "months: %s\n", failure->text);
	exit(1);
}

static int64_t run(struct months *months, const char *directory, int64_t days)
{
	static struct target target;
	static const struct targets targets = {&target, 1};
	struct failure failure = {0};
	struct live_memory live;
	struct observation_memory memory;
	must(chdir(directory), &(struct failure){.text = "no such directory"});
	must(target_parse(&target, "retired=198.51.100.7/7743", &failure), &failure);
	must(targets_write(&targets, ".", &failure), &failure);
	must(mkdir("retired", 0755), &(struct failure){.text = "it is not empty"});
	live_memory_begin(&live, ".", geteuid(), getegid());
	must(observation_memory_plan(&live, "fake0", &targets, ATTEMPTS, &failure), &failure);
	must(live_memory_prepare(&live, &failure), &failure);
	observation_memory_take(&memory, &live, ATTEMPTS);
	months->state = memory.state;
	months->now_s = months->next_s = BEGIN;
	months->end_s = BEGIN + days * 86400;
	fake_ring_open(&months->fake, CAPTURE_BLOCK_BYTES, 64, 0, LINK_TYPE_ETHERNET);
	const uint64_t one = 1; /* never read: no look waits */
	must(write(months->fake.ring.descriptor, &one, sizeof one) == sizeof one ? 0 : -1,
	     &(struct failure){.text = "eventfd"});
	struct worker_plan plan = {
		.state_path = ".",
		.targets = &targets,
		.all = &targets,
		.options = {.attempt_capacity = ATTEMPTS, .evidence_budget = 1 << 20},
		.stays_as_it_is = true,
		.boot = "months",
		.until_boot_us = (days * 86400 + 1000 + 60) * US,
		.clock = {real_us, boot_us, months},
	};
	int end = (int)worker_run(&plan, &months->fake.ring, &live, 0);
	live_memory_end(&live);
	fake_ring_close(&months->fake);
	return end;
}

int main(int argc, char **argv)
{
	static struct months months;
	int64_t days = argc == 4 ? strtoll(argv[1], NULL, 10) : 0;
	if (days < 1 || days > 1000) {
		fprintf(stderr, "usage: months DAYS DIRECTORY FILE\n");
		return 2;
	}
	months.results = fopen(argv[3], "we");
	if (!months.results || !freopen("/dev/null", "w", stdout)) {
		perror("months");
		return 1;
	}
	int64_t end = run(&months, argv[2], days);
	fprintf(months.results,
		"end %" PRId64 "\nsyn %" PRIu64 "\nattempts %" PRIu64 "\nother_syn %" PRIu64
		"\nudp %" PRIu64 "\nkernel_drops %" PRIu64 "\n",
		end, months.syn, months.attempts, months.other_syn, months.udp, months.drops);
	return fclose(months.results) == 0 && end == WORKER_DONE ? 0 : 1;
}
