/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture_filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define QINQ_OLD 0x9100 /* what 802.1ad equipment sent before the standard */

/* The numbers of the instructions that are jumped to. */
enum {
	OUTGOING = 9,
	TAGGED = 19,
	PPPOE = 24,
	IPV4 = 28,
	IPV6 = 38,
	TCP = 43,
	TAKE = 47,
	DROP = 48
};

/* What the kernel noted, and bytes from the network header on: at a fixed place, or behind X. */
#define NOTE(what)     (uint32_t)(SKF_AD_OFF + (what))
#define NETWORK(place) (uint32_t)(SKF_NET_OFF + (place))

#define DO(here, code, k) [here] = {(uint16_t)(code), 0, 0, (uint32_t)(k)}
#define IF(here, test, k, then, else)                                                              \
	[here] = {(uint16_t)(BPF_JMP | (test) | BPF_K), (then) - (here)-1, (else) - (here)-1, (k)}

static const struct sock_filter wide_filter[] = {
	DO(0, BPF_LD | BPF_W | BPF_ABS, NOTE(SKF_AD_PKTTYPE)),
	IF(1, BPF_JEQ, PACKET_OUTGOING, OUTGOING, 2),
	DO(2, BPF_LD | BPF_W | BPF_ABS, NOTE(SKF_AD_PROTOCOL)),
	IF(3, BPF_JEQ, ETH_P_IP, TAKE, 4),
	IF(4, BPF_JEQ, ETH_P_IPV6, TAKE, 5),
	IF(5, BPF_JEQ, ETH_P_8021Q, TAKE, 6),
	IF(6, BPF_JEQ, ETH_P_8021AD, TAKE, 7),
	IF(7, BPF_JEQ, QINQ_OLD, TAKE, 8),
	IF(8, BPF_JEQ, ETH_P_PPP_SES, TAKE, DROP),

	/* X becomes the length of what stands before the IP header. */
	DO(OUTGOING, BPF_LD | BPF_W | BPF_ABS, NOTE(SKF_AD_HATYPE)),
	IF(10, BPF_JEQ, ARPHRD_LOOPBACK, DROP, 11),
	DO(11, BPF_LD | BPF_W | BPF_ABS, NOTE(SKF_AD_PROTOCOL)),
	DO(12, BPF_LDX | BPF_IMM, 0),
	IF(13, BPF_JEQ, ETH_P_IP, IPV4, 14),
	IF(14, BPF_JEQ, ETH_P_IPV6, IPV6, 15),
	IF(15, BPF_JEQ, ETH_P_PPP_SES, PPPOE, 16),
	IF(16, BPF_JEQ, ETH_P_8021Q, TAGGED, 17),
	IF(17, BPF_JEQ, ETH_P_8021AD, TAGGED, 18),
	IF(18, BPF_JEQ, QINQ_OLD, TAGGED, DROP),

	/* For what it sends itself the kernel's network header is behind the tags; the upper half
	 * of its first byte tells which it is. */
	DO(TAGGED, BPF_LD | BPF_B | BPF_ABS, NETWORK(0)),
	DO(20, BPF_ALU | BPF_RSH | BPF_K, 4),
	IF(21, BPF_JEQ, 4, IPV4, 22),
	IF(22, BPF_JEQ, 6, IPV6, 23),
	IF(23, BPF_JEQ, 1, PPPOE, DROP),

	/* RFC 2516: six bytes, then the PPP protocol. */
	DO(PPPOE, BPF_LD | BPF_H | BPF_ABS, NETWORK(6)),
	DO(25, BPF_LDX | BPF_IMM, 8),
	IF(26, BPF_JEQ, 0x0021, IPV4, 27),
	IF(27, BPF_JEQ, 0x0057, IPV6, DROP),

	DO(IPV4, BPF_LD | BPF_B | BPF_IND, NETWORK(9)),
	IF(29, BPF_JEQ, 6, 30, DROP),
	DO(30, BPF_LD | BPF_H | BPF_IND, NETWORK(6)),
	IF(31, BPF_JSET, 0x1fff, DROP, 32),
	DO(32, BPF_LD | BPF_B | BPF_IND, NETWORK(0)),
	DO(33, BPF_ALU | BPF_AND | BPF_K, 15),
	DO(34, BPF_ALU | BPF_LSH | BPF_K, 2),
	DO(35, BPF_ALU | BPF_ADD | BPF_X, 0),
	DO(36, BPF_MISC | BPF_TAX, 0),
	DO(37, BPF_JMP | BPF_JA, TCP - 37 - 1),

	DO(IPV6, BPF_LD | BPF_B | BPF_IND, NETWORK(6)),
	IF(39, BPF_JEQ, 6, 40, DROP),
	DO(40, BPF_LD | BPF_IMM, 40),
	DO(41, BPF_ALU | BPF_ADD | BPF_X, 0),
	DO(42, BPF_MISC | BPF_TAX, 0),

	DO(TCP, BPF_LD | BPF_B | BPF_IND, NETWORK(13)),
	IF(44, BPF_JSET, 0x04, TAKE, 45), /* RST */
	DO(45, BPF_ALU | BPF_AND | BPF_K, 0x12),
	IF(46, BPF_JEQ, 0x12, TAKE, DROP), /* SYN and ACK */
	DO(TAKE, BPF_RET | BPF_K, 0),	   /* how much is filled in */
	DO(DROP, BPF_RET | BPF_K, 0),
};

int capture_filter_attach(int socket, int snapshot_bytes, struct failure *failure)
{
	struct sock_filter filter[sizeof wide_filter / sizeof wide_filter[0]];
	const struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
	int locked = 1;
	memcpy(filter, wide_filter, sizeof filter);
	filter[TAKE].k = (uint32_t)snapshot_bytes;
	if (setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
	    setsockopt(socket, SOL_SOCKET, SO_LOCK_FILTER, &locked, sizeof locked) != 0)
		return fail(failure, EXIT_FAILED, "the kernel refuses the capture filter: %s",
			    strerror(errno));
	return 0;
}
