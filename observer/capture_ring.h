/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capture_ring: live packets from an interface, through a packet socket's block ring
 * (TPACKET_V3, packet(7)) that the kernel fills and this process reads in place.
 *
 * Its life: the monitor opens it; a worker, forked with the mapping and the descriptor, reads it.
 * How far it was read is a struct capture_position, which the caller keeps in memory that outlives
 * the worker: the successor of a killed worker goes on at the very packet, and what came meanwhile
 * waits in the ring. Reading is three steps:
 *
 *	while (capture_ring_peek(ring, &position, &packet)) {
 *		count the packet
 *		capture_position_advance(&position);
 *	}
 *	make what was counted and the position last
 *	capture_ring_release(ring, &position);
 *
 * Nothing is given back to the kernel before capture_ring_release(), so that a worker that is
 * killed before, or in the middle of it, takes nothing along.
 *
 * In a flood most of the processor time is wake-ups, one for each block. Who sleeps 10 ms before
 * waiting takes several blocks at once, at half the cost or less (46 instead of 127 ns a packet at
 * 400,000 SYNs/s, decoded).
 *
 * The kernel hands a block over when it is full, or CAPTURE_BLOCK_MS after its first packet; never
 * an empty one. A ring holds blocks * CAPTURE_BLOCK_MS on a quiet link, where every block may hold
 * a single packet (13 MiB: 208 blocks, 62 s, more than the longest pause before a worker is started
 * again), and 83,000 SYNs in a flood. What finds no room is lost and told as a drop.
 *
 * What passes: capture_filter.h. A packet of an interface of type Ethernet, or of lo, is a whole
 * frame; of every other kind (PPP, tunnels) it begins at the network header, and the EtherType that
 * the kernel tells is its link type. "any" is all interfaces, of whatever kinds; it sees a packet
 *on each interface that it passes: twice on eth0 and its VLAN eth0.7. A VLAN tag that the kernel or
 * the card took out of a frame is not put back. */
#ifndef STALENODE_CAPTURE_RING_H
#define STALENODE_CAPTURE_RING_H

#include "base/failure.h"

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A block is handed over at the latest so long after its first packet. 0 would hold packets of a
 * quiet link back for ever; each block costs a wake-up of 40 us. */
#define CAPTURE_BLOCK_MS 300
/* Small, because a quiet link uses one for each packet; yet it holds 400 SYNs, so that a flood
 * costs a wake-up per millisecond at most. */
#define CAPTURE_BLOCK_BYTES (64u << 10)
/* Ethernet, two tags, PPPoE, IPv6 with an extension header or two, TCP with its options. */
#define CAPTURE_SNAPSHOT_BYTES 128

/* How far a ring was read. No pointers: it lives in mapped memory. All zero bytes is one that has
 * not begun: it begins at the oldest block of whatever ring it is first used with. */
struct capture_position {
	uint64_t ring; /* identity of the ring that it belongs to; 0 for none */
	/* Blocks wholly read since the ring was opened, times 2^24, plus packets read of the block
	 * after them. One word, so that a kill never leaves half a step behind. */
	uint64_t place;
};

struct captured_packet {
	int64_t time_us;	  /* UTC microseconds since 1970, when the kernel received it */
	int link_type;		  /* LINK_TYPE_ETHERNET or LINK_ETHERTYPE(), see decode.h */
	uint32_t captured_length; /* bytes[] */
	uint32_t original_length; /* on the wire, from bytes[0] on */
	bool outgoing;		  /* this host sent it */
	const uint8_t *bytes;	  /* in the ring: valid until its block is released */
};

struct capture_ring;

/* What is asked of the kernel besides packets; a test puts its own answers here. */
struct capture_kernel {
	int (*new_drops)(struct capture_ring *ring, uint64_t *drops);
	bool (*link_is_up)(const struct capture_ring *ring);
	int (*failure)(struct capture_ring *ring, struct failure *failure);
};

struct capture_ring {
	uint8_t *memory; /* the blocks, shared with the kernel; NULL when closed */
	size_t mapped_bytes;
	uint32_t block_bytes, blocks;
	int descriptor;	   /* -1 when closed */
	uint64_t identity; /* random: no two rings have the same */
	const struct capture_kernel *kernel;
	char interface[IFNAMSIZ];
	int interface_index; /* 0 for "any" */
	bool damaged;	     /* a block contradicts itself; capture_ring_failure() tells */
	/* Only to save searching, for one process: where the packet last looked at stands. */
	struct {
		uint64_t block; /* UINT64_MAX for none */
		uint32_t packet, packets, offset;
	} cursor;
	uint64_t released; /* blocks before are known to be given back */
};

/* Opens a ring of ring_mib MiB on an interface that is up, or on "any". EXIT_FAILED with the mend
 * when the interface is absent or down, the user may not, or there is no memory. */
int capture_ring_open(struct capture_ring *ring, const char *interface, int ring_mib,
		      int snapshot_bytes, struct failure *failure);

/* The packet at the position, or false when there is none yet. Moves the position over blocks
 * that are wholly read, without giving them back, and a position of another ring to the oldest
 * block of this one; over blocks that were given back already it steps, too. */
bool capture_ring_peek(struct capture_ring *ring, struct capture_position *position,
		       struct captured_packet *packet);

/* Over the packet that capture_ring_peek() gave. */
static inline void capture_position_advance(struct capture_position *position)
{
	position->place++;
}

/* Gives the blocks before the position back to the kernel. It may be repeated, by any process; a
 * position of another ring gives nothing back. To be called before waiting: the descriptor is
 * readable as long as the block that was handed over last is not given back. */
void capture_ring_release(struct capture_ring *ring, const struct capture_position *committed);

/* *drops = packets lost by the kernel since the last call, by whichever process: the kernel's
 * counter begins anew at each look, so that a process killed between this call and its writing
 * them down takes them along. -1, and 0 drops, when the kernel does not answer. */
int capture_ring_new_drops(struct capture_ring *ring, uint64_t *drops);

/* Whether the interface is up and has a carrier. True for "any", which has neither. */
bool capture_ring_link_is_up(const struct capture_ring *ring);

/* 0, or -1 with what happened when the ring will bring nothing more: its interface went down, is
 * gone, or was removed and made again under the same name; the ring is damaged. "Went down" is
 * told once. What came before is still handed over, the last of it within CAPTURE_BLOCK_MS: it is
 * to be read before the ring is closed. */
int capture_ring_failure(struct capture_ring *ring, struct failure *failure);

void capture_ring_close(struct capture_ring *ring);

#endif
