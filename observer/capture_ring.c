/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture_ring.h"

#include "decode.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <sys/mman.h>
#include <unistd.h>

/* A block of 1 MiB has no more than 2^14 packets; 2^40 blocks are 200 years of a flood. */
#define PACKET_BITS 24
#define PACKET_MASK ((UINT64_C(1) << PACKET_BITS) - 1)
#define NO_BLOCK    UINT64_MAX

/* Behind each packet's header the kernel puts the address that it came from. */
enum {
	ADDRESS_OFFSET = (sizeof(struct tpacket3_hdr) + 15) / 16 * 16,
	HEADER_BYTES = ADDRESS_OFFSET + sizeof(struct sockaddr_ll), /* TPACKET3_HDRLEN */
	PACKET_ALIGNMENT = 8,
};

static struct tpacket_hdr_v1 *block_header(const struct capture_ring *ring, uint64_t block)
{
	uint8_t *at = ring->memory + (size_t)(block % ring->blocks) * ring->block_bytes;
	return &((struct tpacket_block_desc *)(void *)at)->hdr.bh1;
}

/* The kernel numbers its blocks from 1 in the order in which it opens them, which is that of
 * their places. */
static uint64_t block_in_place(const struct tpacket_hdr_v1 *header)
{
	return __atomic_load_n((const uint64_t *)&header->seq_num, __ATOMIC_RELAXED) - 1;
}

/* Whether the kernel has handed over what stands in the header's place. After true, all that it
 * wrote before is seen. */
static bool is_handed_over(const struct tpacket_hdr_v1 *header)
{
	return __atomic_load_n(&header->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER;
}

static bool is_readable(const struct capture_ring *ring, uint64_t block)
{
	const struct tpacket_hdr_v1 *header = block_header(ring, block);
	return is_handed_over(header) && block_in_place(header) == block;
}

static uint64_t lowest_block(const struct capture_ring *ring, uint64_t from)
{
	uint64_t lowest = NO_BLOCK;
	for (uint32_t place = 0; place < ring->blocks; place++) {
		const struct tpacket_hdr_v1 *header = block_header(ring, place);
		if (!is_handed_over(header))
			continue;
		uint64_t block = block_in_place(header);
		if (block >= from && block < lowest)
			lowest = block;
	}
	return lowest;
}

/* The oldest readable block from `from` on, or NO_BLOCK. The first look may pass a place just
 * before its block is handed over, and then find a later one. Blocks are handed over in order: a
 * second look, after any was seen, sees all that are before it. */
static uint64_t oldest_block(const struct capture_ring *ring, uint64_t from)
{
	return lowest_block(ring, from) == NO_BLOCK ? NO_BLOCK : lowest_block(ring, from);
}

/* Whether `block` was given back already: the kernel has begun the one after it, or a later one in
 * that place. (A place that was never used has sequence 0.) */
static bool is_over(const struct capture_ring *ring, uint64_t block)
{
	uint64_t next = block_in_place(block_header(ring, block + 1));
	return next != NO_BLOCK && next > block;
}

static bool begin_position(const struct capture_ring *ring, struct capture_position *position)
{
	uint64_t oldest = oldest_block(ring, 0);
	if (oldest == NO_BLOCK)
		return false;
	/* In this order: whoever is killed in between begins once more. */
	position->place = oldest << PACKET_BITS;
	__atomic_store_n(&position->ring, ring->identity, __ATOMIC_RELEASE);
	return true;
}

static void damage(struct capture_ring *ring)
{
	ring->damaged = true;
	ring->cursor.packets = ring->cursor.packet; /* what is left of the block is not to be had */
}

static const struct tpacket3_hdr *packet_header(const struct capture_ring *ring)
{
	const uint8_t *block = (const uint8_t *)block_header(ring, ring->cursor.block) -
			       offsetof(struct tpacket_block_desc, hdr);
	return (const struct tpacket3_hdr *)(const void *)(block + ring->cursor.offset);
}

/* Nothing outside the block is ever touched: a former worker could have written into it. */
static bool packet_is_inside(const struct capture_ring *ring, uint32_t offset)
{
	return offset % PACKET_ALIGNMENT == 0 && offset >= sizeof(struct tpacket_block_desc) &&
	       offset <= ring->block_bytes - HEADER_BYTES;
}

static void begin_block(struct capture_ring *ring, uint64_t block)
{
	const struct tpacket_hdr_v1 *header = block_header(ring, block);
	ring->cursor.block = block;
	ring->cursor.packet = 0;
	ring->cursor.packets = header->num_pkts;
	ring->cursor.offset = header->offset_to_first_pkt;
	if (header->num_pkts && !packet_is_inside(ring, header->offset_to_first_pkt))
		damage(ring);
}

static void next_packet(struct capture_ring *ring)
{
	uint32_t step = packet_header(ring)->tp_next_offset;
	ring->cursor.packet++;
	if (ring->cursor.packet >= ring->cursor.packets)
		return;
	if (step < HEADER_BYTES || step > ring->block_bytes ||
	    !packet_is_inside(ring, ring->cursor.offset + step))
		damage(ring);
	else
		ring->cursor.offset += step;
}

/* Points the cursor at a packet of a readable block, or behind its last one: then false. */
static bool seek_packet(struct capture_ring *ring, uint64_t block, uint32_t packet)
{
	if (ring->cursor.block != block || ring->cursor.packet > packet)
		begin_block(ring, block);
	while (ring->cursor.packet < packet && ring->cursor.packet < ring->cursor.packets)
		next_packet(ring);
	return packet < ring->cursor.packets;
}

static bool show_packet(struct capture_ring *ring, struct captured_packet *packet)
{
	const struct tpacket3_hdr *header = packet_header(ring);
	const uint8_t *begin = (const uint8_t *)header;
	const struct sockaddr_ll *address =
		(const struct sockaddr_ll *)(const void *)(begin + ADDRESS_OFFSET);
	bool is_ethernet =
		address->sll_hatype == ARPHRD_ETHER || address->sll_hatype == ARPHRD_LOOPBACK;
	/* What of the captured bytes is a link header that nobody has to understand. */
	uint32_t skipped = is_ethernet ? 0 : (uint32_t)header->tp_net - header->tp_mac;
	if ((uint64_t)header->tp_mac + header->tp_snaplen >
		    ring->block_bytes - ring->cursor.offset ||
	    header->tp_snaplen > header->tp_len ||
	    (!is_ethernet && header->tp_net < header->tp_mac)) {
		damage(ring);
		return false;
	}
	if (skipped > header->tp_snaplen)
		skipped = header->tp_snaplen;
	*packet = (struct captured_packet){
		.time_us = (int64_t)header->tp_sec * 1000000 + header->tp_nsec / 1000,
		.link_type = is_ethernet ? LINK_TYPE_ETHERNET
					 : LINK_ETHERTYPE(ntohs(address->sll_protocol)),
		.captured_length = header->tp_snaplen - skipped,
		.original_length = header->tp_len - skipped,
		.outgoing = address->sll_pkttype == PACKET_OUTGOING,
		.bytes = begin + header->tp_mac + skipped,
	};
	return true;
}

bool capture_ring_peek(struct capture_ring *ring, struct capture_position *position,
		       struct captured_packet *packet)
{
	if (position->ring != ring->identity && !begin_position(ring, position))
		return false;
	for (;;) {
		uint64_t block = position->place >> PACKET_BITS;
		if (ring->cursor.block != block && !is_readable(ring, block)) {
			uint64_t oldest = NO_BLOCK;
			if (is_over(ring, block))
				oldest = oldest_block(ring, block);
			if (oldest == NO_BLOCK)
				return false;
			if (oldest != block) /* else it was handed over just now */
				position->place = oldest << PACKET_BITS;
			continue;
		}
		if (seek_packet(ring, block, (uint32_t)(position->place & PACKET_MASK)) &&
		    show_packet(ring, packet))
			return true;
		position->place = (block + 1) << PACKET_BITS;
	}
}

void capture_ring_release(struct capture_ring *ring, const struct capture_position *committed)
{
	uint64_t end = committed->place >> PACKET_BITS;
	if (committed->ring != ring->identity)
		return;
	uint64_t block = end > ring->blocks ? end - ring->blocks : 0;
	if (block < ring->released)
		block = ring->released;
	for (; block < end; block++) {
		struct tpacket_hdr_v1 *header = block_header(ring, block);
		/* Given back before, its place may have been filled anew: that block is not ours.
		 */
		if (is_handed_over(header) && block_in_place(header) == block)
			__atomic_store_n(&header->block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	}
	if (end > ring->released)
		ring->released = end;
	if (ring->cursor.block < end)
		ring->cursor.block = NO_BLOCK;
}

int capture_ring_new_drops(struct capture_ring *ring, uint64_t *drops)
{
	return ring->kernel->new_drops(ring, drops);
}

bool capture_ring_link_is_up(const struct capture_ring *ring)
{
	return ring->kernel->link_is_up(ring);
}

int capture_ring_failure(struct capture_ring *ring, struct failure *failure)
{
	if (ring->damaged)
		return fail(failure, EXIT_FAILED, "interface %s: its ring is damaged",
			    ring->interface);
	return ring->kernel->failure(ring, failure);
}

void capture_ring_close(struct capture_ring *ring)
{
	if (ring->memory)
		munmap(ring->memory, ring->mapped_bytes);
	ring->memory = NULL;
	if (ring->descriptor >= 0)
		close(ring->descriptor);
	ring->descriptor = -1;
}
