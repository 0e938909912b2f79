/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture_filter.h"
#include "capture_ring.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* Nothing in this version of the ring depends on it, but the kernel checks it. */
#define FRAME_BYTES 2048

static int refuse(const struct capture_ring *ring, const char *what, struct failure *failure)
{
	return fail(failure, EXIT_FAILED, "interface %s: %s", ring->interface, what);
}

static int refuse_absent(const struct capture_ring *ring, struct failure *failure)
{
	return refuse(ring, "no such interface: 'ip link' lists the interfaces", failure);
}

static int refuse_memory(const struct capture_ring *ring, struct failure *failure)
{
	return fail(failure, EXIT_FAILED,
		    "interface %s: no memory for a ring of %zu MiB (%s): lower 'ring'",
		    ring->interface, ring->mapped_bytes >> 20, strerror(errno));
}

static bool is_any(const char *interface)
{
	return strcmp(interface, "any") == 0;
}

/* Asks the kernel of this socket's network namespace about the interface of that name. */
static int ask_interface(const struct capture_ring *ring, unsigned long question,
			 struct ifreq *answer)
{
	*answer = (struct ifreq){0};
	memcpy(answer->ifr_name, ring->interface, sizeof answer->ifr_name);
	return ioctl(ring->descriptor, question, answer);
}

/* It receives nothing before it is bound. Whole frames for every kind of interface: packets without
 * their link header (SOCK_DGRAM) would be simpler, but for those newer kernels (seen with Linux
 * 6.18) name the protocol behind all VLAN tags, and yet leave the inner tag of QinQ in front. */
static int open_socket(struct capture_ring *ring, struct failure *failure)
{
	struct ifreq answer;
	ring->descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (ring->descriptor < 0)
		return fail(failure, EXIT_FAILED, "interface %s: %s%s", ring->interface,
			    strerror(errno),
			    errno == EPERM ? ": run it as root or with the capability CAP_NET_RAW"
					   : "");
	if (is_any(ring->interface))
		return 0;
	if (ask_interface(ring, SIOCGIFINDEX, &answer) != 0)
		return refuse_absent(ring, failure);
	ring->interface_index = answer.ifr_ifindex;
	return 0;
}

static int map_ring(struct capture_ring *ring, int ring_mib, struct failure *failure)
{
	int version = TPACKET_V3;
	ring->mapped_bytes = (size_t)ring_mib << 20;
	ring->block_bytes = CAPTURE_BLOCK_BYTES;
	ring->blocks = (uint32_t)(ring->mapped_bytes / CAPTURE_BLOCK_BYTES);
	struct tpacket_req3 request = {
		.tp_block_size = ring->block_bytes,
		.tp_block_nr = ring->blocks,
		.tp_frame_size = FRAME_BYTES,
		.tp_frame_nr = ring->block_bytes / FRAME_BYTES * ring->blocks,
		.tp_retire_blk_tov = CAPTURE_BLOCK_MS,
	};
	if (setsockopt(ring->descriptor, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0)
		return fail(failure, EXIT_FAILED, "interface %s: the kernel has no block ring: %s",
			    ring->interface, strerror(errno));
	if (setsockopt(ring->descriptor, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) != 0)
		return refuse_memory(ring, failure);
	void *memory = mmap(NULL, ring->mapped_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			    ring->descriptor, 0);
	if (memory == MAP_FAILED)
		return refuse_memory(ring, failure);
	ring->memory = memory;
	return 0;
}

static int socket_error(const struct capture_ring *ring)
{
	int error = 0;
	socklen_t size = sizeof error;
	if (getsockopt(ring->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return errno;
	return error;
}

static int bind_ring(struct capture_ring *ring, struct failure *failure)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = ring->interface_index,
	};
	int error = bind(ring->descriptor, (const struct sockaddr *)&address, sizeof address) == 0
			    ? socket_error(ring)
			    : errno;
	if (error == ENODEV)
		return refuse_absent(ring, failure);
	if (error == ENETDOWN)
		return fail(failure, EXIT_FAILED,
			    "interface %s: it is down: 'ip link set %s up' brings it up",
			    ring->interface, ring->interface);
	return error == 0 ? 0 : refuse(ring, strerror(error), failure);
}

static int kernel_drops(struct capture_ring *ring, uint64_t *drops)
{
	struct tpacket_stats_v3 statistics;
	socklen_t size = sizeof statistics;
	*drops = 0;
	if (getsockopt(ring->descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) != 0)
		return -1;
	*drops = statistics.tp_drops;
	return 0;
}

static bool kernel_link_is_up(const struct capture_ring *ring)
{
	struct ifreq answer;
	return is_any(ring->interface) ||
	       (ask_interface(ring, SIOCGIFFLAGS, &answer) == 0 && (answer.ifr_flags & IFF_UP) &&
		(answer.ifr_flags & IFF_RUNNING));
}

static int kernel_failure(struct capture_ring *ring, struct failure *failure)
{
	struct ifreq answer;
	int error = socket_error(ring);
	if (!is_any(ring->interface)) {
		if (ask_interface(ring, SIOCGIFINDEX, &answer) != 0)
			return refuse(ring, "it is gone", failure);
		if (answer.ifr_ifindex != ring->interface_index)
			return refuse(ring, "it was removed and made again", failure);
	}
	if (error == ENETDOWN)
		return refuse(ring, "it went down", failure);
	return error == 0 ? 0 : refuse(ring, strerror(error), failure);
}

static const struct capture_kernel kernel = {kernel_drops, kernel_link_is_up, kernel_failure};

int capture_ring_open(struct capture_ring *ring, const char *interface, int ring_mib,
		      int snapshot_bytes, struct failure *failure)
{
	*ring = (struct capture_ring){.descriptor = -1, .kernel = &kernel};
	ring->cursor.block = UINT64_MAX;
	if (strlen(interface) >= sizeof ring->interface)
		return fail(failure, EXIT_WRONG_USE, "interface %.40s...: the name is too long",
			    interface);
	snprintf(ring->interface, sizeof ring->interface, "%s", interface);
	while (ring->identity == 0)
		if (getrandom(&ring->identity, sizeof ring->identity, 0) < 0 && errno != EINTR)
			return refuse(ring, strerror(errno), failure);
	/* Bound last: nothing slips past the filter or the ring. */
	if (open_socket(ring, failure) == 0 &&
	    capture_filter_attach(ring->descriptor, snapshot_bytes, failure) == 0 &&
	    map_ring(ring, ring_mib, failure) == 0 && bind_ring(ring, failure) == 0)
		return 0;
	capture_ring_close(ring);
	return -1;
}
