/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * send_frames INTERFACE SOURCE_MAC DESTINATION_MAC ROUNDS: sends frames of every kind that a
 * retired host on a broadband line meets, ROUNDS times, through a packet socket, and prints what
 * it sent as "name count" lines, in the ledger's words. The frames are written here byte by byte:
 * nothing is shared with the decoder that is to count them.
 *
 * Target: 198.51.100.7 and 2001:db8::7, port 7743. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TARGET_PORT  7743
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define FLAG_FIN     0x01
#define FLAG_SYN     0x02
#define FLAG_RST     0x04
#define FLAG_ACK     0x10
#define FLAG_ECE_CWR 0xc0

struct frame {
	uint8_t byte[256];
	size_t length;
};

struct sender {
	int socket;
	struct sockaddr_ll link;
	uint8_t source[6], destination[6];
};

struct sent {
	unsigned syn, attempts, udp, other_syn, other_udp, backscatter, malformed;
};

enum wrapping { PLAIN, VLAN, QINQ, PPPOE, PPPOE_IN_VLAN, WRAPPINGS };

static void put8(struct frame *frame, unsigned value)
{
	frame->byte[frame->length++] = (uint8_t)value;
}

static void put16(struct frame *frame, unsigned value)
{
	put8(frame, value >> 8);
	put8(frame, value & 0xff);
}

static void put32(struct frame *frame, uint32_t value)
{
	put16(frame, value >> 16);
	put16(frame, value & 0xffff);
}

static void put_bytes(struct frame *frame, const uint8_t *bytes, size_t length)
{
	memcpy(frame->byte + frame->length, bytes, length);
	frame->length += length;
}

static void put_link(struct frame *frame, const struct sender *sender, enum wrapping wrapping,
		     bool ipv6, size_t payload)
{
	put_bytes(frame, sender->destination, 6);
	put_bytes(frame, sender->source, 6);
	if (wrapping == QINQ) {
		put16(frame, 0x88a8);
		put16(frame, 100);
	}
	if (wrapping == VLAN || wrapping == QINQ || wrapping == PPPOE_IN_VLAN) {
		put16(frame, 0x8100);
		put16(frame, 7);
	}
	if (wrapping == PPPOE || wrapping == PPPOE_IN_VLAN) {
		put16(frame, 0x8864);
		put16(frame, 0x1100); /* version 1, type 1, session data */
		put16(frame, 0x0042); /* session */
		put16(frame, (unsigned)payload + 2);
		put16(frame, ipv6 ? 0x0057 : 0x0021);
	} else {
		put16(frame, ipv6 ? 0x86dd : 0x0800);
	}
}

/* The header checksum is right, so that nothing on the way may drop the packet for it. */
static void put_ipv4(struct frame *frame, unsigned host, unsigned protocol, size_t payload)
{
	size_t begin = frame->length;
	put16(frame, 0x4500);
	put16(frame, (unsigned)payload + 20);
	put32(frame, 0x4000);
	put8(frame, 57);
	put8(frame, protocol);
	put16(frame, 0);
	put32(frame, 0xcb007100 + host); /* 203.0.113.host */
	put32(frame, 0xc6336407);	 /* 198.51.100.7 */
	uint32_t sum = 0;
	for (size_t i = 0; i < 20; i += 2)
		sum += (uint32_t)(frame->byte[begin + i] << 8 | frame->byte[begin + i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	frame->byte[begin + 10] = (uint8_t)(sum >> 8);
	frame->byte[begin + 11] = (uint8_t)(sum & 0xff);
}

static void put_ipv6(struct frame *frame, unsigned host, unsigned protocol, size_t payload)
{
	static const uint8_t prefix[14] = {0x20, 0x01, 0x0d, 0xb8};
	put32(frame, 0x60000000);
	put16(frame, (unsigned)payload);
	put8(frame, protocol);
	put8(frame, 57);
	put_bytes(frame, prefix, 14);
	put16(frame, 0x0100 + host);
	put_bytes(frame, prefix, 14);
	put16(frame, 7);
}

static void put_tcp(struct frame *frame, unsigned from, unsigned to, uint32_t sequence,
		    unsigned flags)
{
	put16(frame, from);
	put16(frame, to);
	put32(frame, sequence);
	put32(frame, 0);
	put16(frame, 0x5000 | flags);
	put16(frame, 29200);
	put32(frame, 0);
}

static void send_one(const struct sender *sender, const struct frame *frame)
{
	/* A full queue is a reason to wait a little, not to claim a frame that never left. */
	for (int tries = 0; tries < 100; tries++) {
		ssize_t sent = sendto(sender->socket, frame->byte, frame->length, 0,
				      (const struct sockaddr *)&sender->link, sizeof sender->link);
		if (sent == (ssize_t)frame->length)
			return;
		if (sent >= 0 || (errno != ENOBUFS && errno != EAGAIN)) {
			perror("send_frames: sendto");
			exit(1);
		}
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	fprintf(stderr, "send_frames: the queue stayed full\n");
	exit(1);
}

static void send_tcp(const struct sender *sender, enum wrapping wrapping, bool ipv6, unsigned host,
		     unsigned from, unsigned to, uint32_t sequence, unsigned flags)
{
	struct frame frame = {.length = 0};
	put_link(&frame, sender, wrapping, ipv6, (ipv6 ? 40 : 20) + 20);
	if (ipv6)
		put_ipv6(&frame, host, PROTOCOL_TCP, 20);
	else
		put_ipv4(&frame, host, PROTOCOL_TCP, 20);
	put_tcp(&frame, from, to, sequence, flags);
	send_one(sender, &frame);
}

static void send_udp(const struct sender *sender, enum wrapping wrapping, bool ipv6, unsigned host,
		     unsigned to)
{
	struct frame frame = {.length = 0};
	put_link(&frame, sender, wrapping, ipv6, (ipv6 ? 40 : 20) + 12);
	if (ipv6)
		put_ipv6(&frame, host, PROTOCOL_UDP, 12);
	else
		put_ipv4(&frame, host, PROTOCOL_UDP, 12);
	put16(&frame, 40000);
	put16(&frame, to);
	put16(&frame, 12);
	put16(&frame, 0); /* no checksum: allowed over IPv4, and nobody here verifies it */
	put32(&frame, 0x57414c45);
	send_one(sender, &frame);
}

static void send_round(const struct sender *sender, unsigned round, struct sent *sent)
{
	for (int wrapping = 0; wrapping < WRAPPINGS; wrapping++) {
		for (int ipv6 = 0; ipv6 < 2; ipv6++) {
			enum wrapping w = (enum wrapping)wrapping;
			unsigned host = 1 + (unsigned)wrapping * 2 + (unsigned)ipv6;
			uint32_t sequence = round * 1000 + host;
			/* One attempt of two SYNs, the second a retransmission; a second attempt
			 * that asks for ECN. */
			send_tcp(sender, w, ipv6, host, 40000, TARGET_PORT, sequence, FLAG_SYN);
			send_tcp(sender, w, ipv6, host, 40000, TARGET_PORT, sequence, FLAG_SYN);
			send_tcp(sender, w, ipv6, host, 40001, TARGET_PORT, sequence,
				 FLAG_SYN | FLAG_ECE_CWR);
			sent->syn += 3;
			sent->attempts += 2;
			send_tcp(sender, w, ipv6, host, 40002, 22222, sequence, FLAG_SYN);
			sent->other_syn++;
			send_tcp(sender, w, ipv6, host, 80, 50000, sequence, FLAG_SYN | FLAG_ACK);
			send_tcp(sender, w, ipv6, host, 80, 50000, sequence, FLAG_RST | FLAG_ACK);
			sent->backscatter += 2;
			send_tcp(sender, w, ipv6, host, 40003, TARGET_PORT, sequence,
				 FLAG_SYN | FLAG_FIN);
			sent->malformed++;
			send_udp(sender, w, ipv6, host, TARGET_PORT);
			sent->udp++;
			send_udp(sender, w, ipv6, host, 53535);
			sent->other_udp++;
		}
	}
}

static bool parse_mac(const char *text, uint8_t mac[6])
{
	unsigned part[6];
	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &part[0], &part[1], &part[2], &part[3],
		   &part[4], &part[5]) != 6)
		return false;
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)part[i];
	return true;
}

int main(int argc, char **argv)
{
	struct sender sender = {.socket = -1};
	if (argc != 5 || !parse_mac(argv[2], sender.source) ||
	    !parse_mac(argv[3], sender.destination)) {
		fprintf(stderr, "usage: send_frames INTERFACE SOURCE_MAC DESTINATION_MAC ROUNDS\n");
		return 2;
	}
	unsigned long rounds = strtoul(argv[4], NULL, 10);
	sender.socket = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	sender.link = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(argv[1]),
		.sll_halen = 6,
	};
	if (sender.socket < 0 || sender.link.sll_ifindex == 0 || rounds == 0 || rounds > 1000) {
		perror("send_frames");
		return 1;
	}
	struct sent sent = {0};
	for (unsigned round = 0; round < rounds; round++)
		send_round(&sender, round, &sent);
	close(sender.socket);
	printf("syn %u\nattempts %u\nsources %d\nudp %u\nother_syn %u\nother_udp %u\n"
	       "backscatter %u\nmalformed %u\n",
	       sent.syn, sent.attempts, WRAPPINGS * 2, sent.udp, sent.other_syn, sent.other_udp,
	       sent.backscatter, sent.malformed);
	return 0;
}
