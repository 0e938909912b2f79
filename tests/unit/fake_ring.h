/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fake_ring: a capture ring without a kernel. The test plays the kernel: it appends packets with
 * times of its own making, and retires blocks, as net/packet/af_packet.c does; whoever reads it,
 * also in forked processes that are killed, sees what a real one would show. An eventfd stands for
 * the packet socket: readable while a block waits.
 *
 * One process writes. The ring's memory and the answers are shared over fork(). */
#ifndef STALENODE_TEST_FAKE_RING_H
#define STALENODE_TEST_FAKE_RING_H

#include "../../observer/capture_ring.h"
#include "../../observer/decode.h"

#include <arpa/inet.h>
#include <assert.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

/* The answers of the "kernel", in the memory behind the blocks. The test sets them as it likes. */
struct fake_answers {
	uint64_t drops; /* not yet told; capture_ring_new_drops() takes them */
	bool link_is_down;
	bool went_down; /* told once by capture_ring_failure() */
};

struct fake_ring {
	struct capture_ring ring;
	struct fake_answers *answers;
	uint64_t block;	      /* the one being filled, or to be filled next */
	bool is_open;	      /* it has begun; false while its place is not given back */
	uint32_t offset;      /* where the next packet goes */
	uint32_t last_offset; /* of the last packet, 0 for none */
	uint64_t lost;	      /* packets that found no room, in all */
	int link_type;
};

static inline struct fake_answers *fake_answers_of(const struct capture_ring *ring)
{
	return (struct fake_answers *)(void *)(ring->memory +
					       (size_t)ring->blocks * ring->block_bytes);
}

static inline int fake_new_drops(struct capture_ring *ring, uint64_t *drops)
{
	*drops = __atomic_exchange_n(&fake_answers_of(ring)->drops, 0, __ATOMIC_ACQ_REL);
	return 0;
}

static inline bool fake_link_is_up(const struct capture_ring *ring)
{
	return !__atomic_load_n(&fake_answers_of(ring)->link_is_down, __ATOMIC_ACQUIRE);
}

static inline int fake_failure(struct capture_ring *ring, struct failure *failure)
{
	if (!__atomic_exchange_n(&fake_answers_of(ring)->went_down, false, __ATOMIC_ACQ_REL))
		return 0;
	return fail(failure, EXIT_FAILED, "interface %s: it went down", ring->interface);
}

static const struct capture_kernel fake_kernel = {fake_new_drops, fake_link_is_up, fake_failure};

static inline struct tpacket_block_desc *fake_block(const struct fake_ring *fake, uint64_t block)
{
	return (struct tpacket_block_desc *)(void *)(fake->ring.memory +
						     block % fake->ring.blocks *
							     fake->ring.block_bytes);
}

static inline bool fake_is_free(const struct fake_ring *fake, uint64_t block)
{
	const uint32_t *status = &fake_block(fake, block)->hdr.bh1.block_status;
	return !(__atomic_load_n(status, __ATOMIC_ACQUIRE) & TP_STATUS_USER);
}

/* prb_open_block() */
static inline void fake_open_block(struct fake_ring *fake)
{
	if (!fake_is_free(fake, fake->block))
		return;
	struct tpacket_block_desc *header = fake_block(fake, fake->block);
	header->version = TPACKET_V3;
	header->offset_to_priv = sizeof *header;
	header->hdr.bh1.num_pkts = 0;
	header->hdr.bh1.blk_len = sizeof *header;
	header->hdr.bh1.offset_to_first_pkt = sizeof *header;
	__atomic_store_n((uint64_t *)&header->hdr.bh1.seq_num, fake->block + 1, __ATOMIC_RELAXED);
	fake->offset = sizeof *header;
	fake->last_offset = 0;
	fake->is_open = true;
}

/* A ring whose first block has the given number (0 for one that was just opened). block_bytes is
 * a multiple of 8. With LINK_TYPE_ETHERNET its packets are Ethernet frames; otherwise they begin at
 * the network header, and each has its EtherType. */
static inline void fake_ring_open(struct fake_ring *fake, uint32_t block_bytes, uint32_t blocks,
				  uint64_t first_block, int link_type)
{
	static uint64_t identity = 0x5eed;
	*fake = (struct fake_ring){.block = first_block, .link_type = link_type};
	fake->ring = (struct capture_ring){
		.mapped_bytes = (size_t)blocks * block_bytes + sizeof(struct fake_answers),
		.block_bytes = block_bytes,
		.blocks = blocks,
		.descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
		.identity = ++identity,
		.kernel = &fake_kernel,
		.interface = "fake0",
		.interface_index = 1,
		.cursor.block = UINT64_MAX,
	};
	void *memory = mmap(NULL, fake->ring.mapped_bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert(memory != MAP_FAILED && fake->ring.descriptor >= 0);
	fake->ring.memory = memory;
	fake->answers = fake_answers_of(&fake->ring);
	fake_open_block(fake);
}

/* Hands the open block over, as the kernel's timer does: an empty one stays. */
static inline void fake_ring_retire(struct fake_ring *fake)
{
	const uint64_t one = 1;
	struct tpacket_hdr_v1 *header = &fake_block(fake, fake->block)->hdr.bh1;
	if (!fake->is_open) {
		fake_open_block(fake);
		return;
	}
	if (header->num_pkts == 0)
		return;
	__atomic_store_n(&header->block_status, TP_STATUS_USER | TP_STATUS_BLK_TMO,
			 __ATOMIC_RELEASE);
	ssize_t written = write(fake->ring.descriptor, &one, sizeof one);
	assert(written == sizeof one);
	fake->is_open = false;
	fake->block++;
	fake_open_block(fake);
}

/* Whether everything that was handed over was given back; the descriptor is not readable then. */
static inline bool fake_ring_is_read(const struct fake_ring *fake)
{
	uint64_t count;
	for (uint32_t place = 0; place < fake->ring.blocks; place++)
		if (!fake_is_free(fake, place))
			return false;
	ssize_t ignored = read(fake->ring.descriptor, &count, sizeof count);
	(void)ignored; /* there may be nothing to take */
	return true;
}

struct fake_packet {
	int64_t time_us;
	const uint8_t *bytes;
	uint32_t captured_length, original_length;
	uint16_t ethertype;
	bool outgoing;
	uint16_t link_header; /* so many of the bytes, and of both lengths */
};

/* False, and counted as lost, when the ring is full. */
static inline bool fake_ring_append(struct fake_ring *fake, const struct fake_packet *packet)
{
	/* As the kernel places the address and, aligned, the bytes. */
	const uint32_t address_at = 48, bytes_at = 96;
	uint32_t need = (bytes_at + packet->captured_length + 7) & ~7u;
	assert(sizeof(struct tpacket_block_desc) + need <= fake->ring.block_bytes);
	if (fake->is_open && fake->offset + need > fake->ring.block_bytes)
		fake_ring_retire(fake);
	if (!fake->is_open)
		fake_open_block(fake);
	if (!fake->is_open) {
		fake->lost++;
		__atomic_add_fetch(&fake->answers->drops, 1, __ATOMIC_ACQ_REL);
		return false;
	}
	uint8_t *block = (uint8_t *)fake_block(fake, fake->block);
	struct tpacket3_hdr *header = (struct tpacket3_hdr *)(void *)(block + fake->offset);
	*header = (struct tpacket3_hdr){
		.tp_sec = (uint32_t)(packet->time_us / 1000000),
		.tp_nsec = (uint32_t)(packet->time_us % 1000000 * 1000),
		.tp_snaplen = packet->captured_length,
		.tp_len = packet->original_length,
		.tp_mac = (uint16_t)bytes_at,
		.tp_net = (uint16_t)(bytes_at + packet->link_header),
	};
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(packet->ethertype),
		.sll_hatype = fake->link_type == LINK_TYPE_ETHERNET ? ARPHRD_ETHER : ARPHRD_NONE,
		.sll_pkttype = packet->outgoing ? PACKET_OUTGOING : PACKET_HOST,
	};
	memcpy((uint8_t *)header + address_at, &address, sizeof address);
	memcpy((uint8_t *)header + bytes_at, packet->bytes, packet->captured_length);
	if (fake->last_offset)
		((struct tpacket3_hdr *)(void *)(block + fake->last_offset))->tp_next_offset =
			fake->offset - fake->last_offset;
	fake->last_offset = fake->offset;
	fake->offset += need;
	fake_block(fake, fake->block)->hdr.bh1.num_pkts++;
	fake_block(fake, fake->block)->hdr.bh1.blk_len = fake->offset;
	return true;
}

static inline void fake_ring_close(struct fake_ring *fake)
{
	capture_ring_close(&fake->ring);
	fake->answers = NULL;
}

#endif
