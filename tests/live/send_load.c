/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * send_load: sends SYNs and their company over a packet socket at given rates until it is told to
 * stop, and prints what it sent as "name count" lines, in the ledger's words. Every frame is its
 * own: a SYN is known by its sequence number (the attempt) and its IPv4 identification (which of
 * the attempt's SYNs it is), so that a capture or the evidence tells which of them arrived.
 *
 *	send_load INTERFACE SOURCE_MAC DESTINATION_MAC [--rates N,N...] [--phase SECONDS]
 *		[--seconds SECONDS] [--packets N] [--repeat N] [--first N] [--to KIND]
 *
 * The rates (packets a second; 0: as fast as it goes) take turns, each for a phase. An attempt is
 * sent --repeat times in all (8), interleaved with 255 others. --first numbers the first attempt.
 * KIND: target (SYNs to 198.51.100.7 port 7743), mix (of 16 frames 10 such, 2 SYNs to another port
 * of it, 2 datagrams to the port, 2 SYNs to 198.51.100.8 port 4662), ports (SYNs to other ports of
 * the target), beside (SYNs to addresses of 198.18.0.0/15), flood (each SYN to the target an
 * attempt of its own from a source of its own).
 *
 * SIGTERM and SIGINT end it, after the frame that is on its way. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TARGET	      0xc6336407u /* 198.51.100.7 */
#define OTHER_TARGET  0xc6336408u
#define BESIDE	      0xc6120000u /* 198.18.0.0/15 */
#define SOURCES	      0xcb007100u /* 203.0.113.0/24 */
#define SYN_LENGTH    74	  /* with the options of a usual SYN */
#define UDP_LENGTH    60
#define GROUP	      256 /* attempts whose SYNs are interleaved */
#define BATCH	      32  /* frames a system call, at most */
#define RATES_MAX     16
#define TCP_OFFSET    34
#define NS_PER_SECOND 1000000000LL

enum kind { TO_TARGET, TO_MIX, TO_PORTS, TO_BESIDE, TO_FLOOD, KINDS };
static const char *const kind_name[KINDS] = {"target", "mix", "ports", "beside", "flood"};

struct load {
	int socket;
	struct sockaddr_ll link;
	uint8_t head[TCP_OFFSET]; /* Ethernet and IPv4, of which only a few bytes change */
	enum kind kind;
	uint64_t packets_max;
	uint32_t repeat, first;
	double seconds, phase;
	uint32_t rate[RATES_MAX];
	size_t rates;
};

struct sent {
	uint64_t packets, syn, attempts, other_syn, udp, beside;
	uint64_t syn_other_target, attempts_other_target;
	uint64_t numbered; /* SYNs to the target in sending order, which name their attempts */
};

struct batch {
	uint8_t frame[BATCH][SYN_LENGTH];
	struct iovec vector[BATCH];
	struct mmsghdr message[BATCH];
};

static volatile sig_atomic_t stop_wanted;

static void note_signal(int number)
{
	(void)number;
	stop_wanted = 1;
}

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

static uint32_t mixed(uint32_t value)
{
	value = (value ^ value >> 16) * 0x7feb352dU;
	value = (value ^ value >> 15) * 0x846ca68bU;
	return value ^ value >> 16;
}

static void put_ipv4(uint8_t *frame, const struct load *load, size_t length, uint8_t protocol,
		     uint32_t from, uint32_t to, uint32_t identification)
{
	uint8_t *ip = frame + 14;
	memcpy(frame, load->head, TCP_OFFSET);
	put16(ip + 2, (uint32_t)length - 14);
	put16(ip + 4, identification);
	ip[9] = protocol;
	put32(ip + 12, from);
	put32(ip + 16, to);
	uint32_t sum = 0;
	for (size_t i = 0; i < 20; i += 2)
		sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~(sum + (sum >> 16)) & 0xffff);
}

static size_t put_syn(uint8_t *frame, const struct load *load, uint32_t from, uint32_t from_port,
		      uint32_t to, uint32_t to_port, uint32_t sequence, uint32_t identification)
{
	static const uint8_t rest[] = {
		0,    0,    0,	  0,	0xa0, 0x02, 0xfa, 0xf0, 0, 0, 0, 0, 0x02, 0x04, 0x05, 0xb4,
		0x04, 0x02, 0x08, 0x0a, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, 0x01, 0x03, 0x03, 0x07};
	put_ipv4(frame, load, SYN_LENGTH, 6, from, to, identification);
	put16(frame + TCP_OFFSET, from_port);
	put16(frame + TCP_OFFSET + 2, to_port);
	put32(frame + TCP_OFFSET + 4, sequence);
	memcpy(frame + TCP_OFFSET + 8, rest, sizeof rest);
	return SYN_LENGTH;
}

static size_t put_datagram(uint8_t *frame, const struct load *load, uint32_t from)
{
	put_ipv4(frame, load, UDP_LENGTH, 17, from, TARGET, 0);
	memset(frame + TCP_OFFSET, 0, UDP_LENGTH - TCP_OFFSET);
	put16(frame + TCP_OFFSET, 40000);
	put16(frame + TCP_OFFSET + 2, 7743);
	put16(frame + TCP_OFFSET + 4, UDP_LENGTH - TCP_OFFSET);
	return UDP_LENGTH;
}

/* The next SYN to the target. Groups of attempts are sent over and over, `repeat` times. */
static size_t put_call(uint8_t *frame, const struct load *load, struct sent *sent)
{
	uint64_t in_group = sent->numbered % (GROUP * load->repeat);
	uint64_t group = sent->numbered / (GROUP * load->repeat);
	uint32_t again = (uint32_t)(in_group / GROUP);
	uint32_t attempt = load->first + (uint32_t)(group * GROUP + in_group % GROUP);
	sent->numbered++;
	sent->syn++;
	sent->attempts += again == 0;
	return put_syn(frame, load, SOURCES + 1 + attempt % 200, 1024 + attempt % 60000, TARGET,
		       7743, attempt, again);
}

static size_t put_next(uint8_t *frame, const struct load *load, struct sent *sent)
{
	uint32_t number = (uint32_t)sent->packets++;
	uint32_t random = mixed(number + load->first);
	switch (load->kind) {
	case TO_PORTS:
		sent->other_syn++;
		return put_syn(frame, load, SOURCES + 1 + number % 200, 40000, TARGET,
			       8000 + random % 50000, number, 0);
	case TO_BESIDE:
		sent->beside++;
		return put_syn(frame, load, SOURCES + 1 + number % 200, 40000,
			       BESIDE + random % 0x20000, 7743, number, 0);
	case TO_FLOOD:
		sent->syn++;
		sent->attempts++;
		return put_syn(frame, load, BESIDE + random % 0x20000, 1024 + (random >> 17),
			       TARGET, 7743, number, 0);
	case TO_MIX:
		if (number % 16 == 3 || number % 16 == 11) {
			sent->other_syn++;
			return put_syn(frame, load, SOURCES + 1 + number % 200, 40000, TARGET,
				       22222, number, 0);
		}
		if (number % 16 == 5 || number % 16 == 13) {
			sent->udp++;
			return put_datagram(frame, load, SOURCES + 1 + number % 200);
		}
		if (number % 16 == 7 || number % 16 == 15) {
			sent->syn_other_target++;
			sent->attempts_other_target += number % 512 == 7;
			return put_syn(frame, load, SOURCES + 1 + number / 512 % 200, 40000,
				       OTHER_TARGET, 4662, load->first + number / 512,
				       number % 512);
		}
		return put_call(frame, load, sent);
	default:
		return put_call(frame, load, sent);
	}
}

static void send_batch(const struct load *load, struct batch *batch, unsigned frames)
{
	unsigned done = 0;
	for (int tries = 0; done < frames && tries < 1000;) {
		int result = sendmmsg(load->socket, batch->message + done, frames - done, 0);
		if (result > 0) {
			done += (unsigned)result;
		} else if (errno == ENOBUFS || errno == EAGAIN) {
			tries++;
			nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
		} else if (errno != EINTR) {
			perror("send_load: sendmmsg");
			exit(1);
		}
	}
	if (done < frames) {
		fprintf(stderr, "send_load: the queue stayed full\n");
		exit(1);
	}
}

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

/* How many frames are due: of what the rate asks for until now, what was not sent yet. */
static unsigned due(uint32_t rate, int64_t in_phase_ns, uint64_t in_phase)
{
	if (rate == 0)
		return BATCH;
	uint64_t wanted = (uint64_t)((double)rate * (double)in_phase_ns / NS_PER_SECOND) + 1;
	uint64_t missing = wanted > in_phase ? wanted - in_phase : 0;
	return missing > BATCH ? BATCH : (unsigned)missing;
}

static void send_all(const struct load *load, struct sent *sent)
{
	static struct batch batch;
	int64_t began = now_ns(), phase_began = began;
	uint64_t in_phase = 0;
	size_t rate = 0;
	for (int64_t now = began; !stop_wanted; now = now_ns()) {
		if (load->seconds > 0 && now - began >= (int64_t)(load->seconds * NS_PER_SECOND))
			break;
		if (now - phase_began >= (int64_t)(load->phase * NS_PER_SECOND)) {
			phase_began = now;
			in_phase = 0;
			rate = (rate + 1) % load->rates;
		}
		unsigned frames = due(load->rate[rate], now - phase_began, in_phase);
		if (load->packets_max && frames > load->packets_max - sent->packets)
			frames = (unsigned)(load->packets_max - sent->packets);
		for (unsigned i = 0; i < frames; i++) {
			batch.vector[i] = (struct iovec){batch.frame[i],
							 put_next(batch.frame[i], load, sent)};
			batch.message[i].msg_hdr =
				(struct msghdr){.msg_iov = &batch.vector[i], .msg_iovlen = 1};
		}
		if (frames)
			send_batch(load, &batch, frames);
		else if (load->packets_max && sent->packets >= load->packets_max)
			break;
		else
			nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
		in_phase += frames;
	}
	printf("milliseconds %lld\n", (long long)((now_ns() - began) / 1000000));
}

static bool open_socket(struct load *load, const char *interface)
{
	int on = 1;
	load->socket = socket(AF_PACKET, SOCK_RAW, 0);
	load->link = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(interface),
	};
	/* Without the queue in between a frame is at the other end when the call returns. */
	return load->socket >= 0 && load->link.sll_ifindex != 0 &&
	       setsockopt(load->socket, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) == 0 &&
	       bind(load->socket, (struct sockaddr *)&load->link, sizeof load->link) == 0;
}

static bool parse_mac(const char *text, uint8_t *mac)
{
	unsigned part[6];
	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &part[0], &part[1], &part[2], &part[3],
		   &part[4], &part[5]) != 6)
		return false;
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)part[i];
	return true;
}

static bool parse_option(struct load *load, int option)
{
	char *rest = optarg;
	switch (option) {
	case 'r':
		load->rates = 0;
		do {
			if (load->rates == RATES_MAX)
				return false;
			load->rate[load->rates++] = (uint32_t)strtoul(rest, &rest, 10);
		} while (*rest++ == ',');
		return rest[-1] == '\0';
	case 'p':
		load->phase = strtod(optarg, NULL);
		return load->phase > 0;
	case 's':
		load->seconds = strtod(optarg, NULL);
		return load->seconds > 0;
	case 'n':
		load->packets_max = strtoull(optarg, NULL, 10);
		return load->packets_max > 0;
	case 'R':
		load->repeat = (uint32_t)strtoul(optarg, NULL, 10);
		return load->repeat > 0;
	case 'f':
		load->first = (uint32_t)strtoul(optarg, NULL, 10);
		return true;
	case 't':
		for (int kind = 0; kind < KINDS; kind++)
			if (strcmp(optarg, kind_name[kind]) == 0) {
				load->kind = (enum kind)kind;
				return true;
			}
		return false;
	default:
		return false;
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"rates", 1, NULL, 'r'},   {"phase", 1, NULL, 'p'},  {"seconds", 1, NULL, 's'},
		{"packets", 1, NULL, 'n'}, {"repeat", 1, NULL, 'R'}, {"first", 1, NULL, 'f'},
		{"to", 1, NULL, 't'},	   {NULL, 0, NULL, 0}};
	struct load load = {.repeat = 8, .phase = 1, .rate = {1000}, .rates = 1};
	struct sent sent = {0};
	bool good = true;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
		good = good && parse_option(&load, option);
	if (!good || argc - optind != 3 || !parse_mac(argv[optind + 2], load.head) ||
	    !parse_mac(argv[optind + 1], load.head + 6)) {
		fprintf(stderr, "usage: send_load INTERFACE SOURCE_MAC DESTINATION_MAC "
				"[--rates N,N...] [--phase SECONDS] [--seconds SECONDS] "
				"[--packets N] [--repeat N] [--first N] "
				"[--to target|mix|ports|beside|flood]\n");
		return 2;
	}
	static const uint8_t type_and_ip[] = {0x08, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 57};
	memcpy(load.head + 12, type_and_ip, sizeof type_and_ip);
	struct sigaction action = {.sa_handler = note_signal};
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	if (!open_socket(&load, argv[optind])) {
		perror("send_load");
		return 1;
	}
	send_all(&load, &sent);
	printf("packets %llu\nsyn %llu\nattempts %llu\nother_syn %llu\nudp %llu\nbeside %llu\n"
	       "syn_other_target %llu\nattempts_other_target %llu\n",
	       (unsigned long long)sent.packets, (unsigned long long)sent.syn,
	       (unsigned long long)sent.attempts, (unsigned long long)sent.other_syn,
	       (unsigned long long)sent.udp, (unsigned long long)sent.beside,
	       (unsigned long long)sent.syn_other_target,
	       (unsigned long long)sent.attempts_other_target);
	return 0;
}
