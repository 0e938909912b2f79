/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * live_capture: packets from an interface through libpcap, as a long-running observer needs
 * them: a block ring with a timeout (not immediate mode, which costs five times the processor
 * time), a filter in the kernel that only widens (it sees neither inside QinQ and PPPoE nor past
 * IPv6 extension headers: the decoder decides), inbound only, the first bytes of each packet. */
#ifndef STALENODE_LIVE_CAPTURE_H
#define STALENODE_LIVE_CAPTURE_H

#include "base/failure.h"

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

/* Ethernet, two tags, PPPoE, IPv6 with an extension header or two, TCP with its options. */
#define LIVE_SNAPSHOT_LENGTH 128
/* A block is handed over when full or after this time; 0 would hold packets of a quiet link
 * back for ever. */
#define LIVE_TIMEOUT_MS 300
/* Holds 228 ms of the fastest flood that a small machine can receive (460,000 packets/s). */
#define LIVE_RING_MIB_DEFAULT 16

struct live_capture {
	pcap_t *handle; /* NULL when closed */
	char interface[64];
	int descriptor;
	int link_type;
	int query;	/* a socket to ask for the state of the link; -1 when closed */
	uint32_t drops; /* pcap_stats' 32-bit counter as last read */
};

/* EXIT_FAILED with the mend when the interface is absent, down or not allowed. */
int live_capture_open(struct live_capture *capture, const char *interface, int ring_mib,
		      struct failure *failure);
/* Hands what is there to the callback, at most one ring; 0, or -1 when the interface failed. */
int live_capture_dispatch(struct live_capture *capture, pcap_handler handler, void *context,
			  struct failure *failure);
/* Whether the interface is up and has a carrier. libpcap goes on silently without: a cable that
 * is out would be counted as zeros. True for "any", which has neither. */
bool live_capture_link_is_up(const struct live_capture *capture);
/* Packets lost by the kernel since the last call. */
uint64_t live_capture_new_drops(struct live_capture *capture);
void live_capture_close(struct live_capture *capture);

#endif
