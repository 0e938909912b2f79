/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * count_syns FILE: what the capture reader and the decoder make of a file: "packets N",
 * "syn N" (SYN set, ACK clear, to any address and port) and "end" or "failed REASON".
 *
 * count_syns --cuts LENGTH FILE: the same for the file cut to 0, 1, ... LENGTH - 1 bytes, one
 * line "BYTES PACKETS SYNS end|failed|refused" each.
 *
 * Each packet is decoded from a copy of just its captured bytes, so that under AddressSanitizer
 * one byte read past them ends the program. */
#include "../../observer/capture_file.h"
#include "../../observer/decode.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CAPTURE_LIMIT (64u << 20)

struct count {
	uint64_t packets, syns;
	enum { COUNT_END, COUNT_FAILED, COUNT_REFUSED } outcome;
	struct failure failure;
};

static int is_syn(const struct capture_packet *packet)
{
	uint8_t *copy = malloc(packet->captured_length ? packet->captured_length : 1);
	if (!copy) {
		perror("count_syns");
		exit(1);
	}
	memcpy(copy, packet->bytes, packet->captured_length);
	struct packet_summary summary;
	int syn = decode_packet(packet->link_type, copy, packet->captured_length, &summary) ==
			  DECODED &&
		  summary.protocol == PROTOCOL_TCP && summary.has_transport &&
		  (summary.tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	free(copy);
	return syn;
}

static struct count count_file(const char *path)
{
	struct count count = {0};
	struct capture_file *file;
	if (capture_file_open(&file, path, &count.failure) != 0) {
		count.outcome = COUNT_REFUSED;
		return count;
	}
	struct capture_packet packet;
	enum capture_next next;
	while ((next = capture_file_next(file, &packet, &count.failure)) == CAPTURE_PACKET) {
		count.packets++;
		count.syns += (uint64_t)is_syn(&packet);
	}
	count.outcome = next == CAPTURE_END ? COUNT_END : COUNT_FAILED;
	capture_file_close(file);
	return count;
}

static int count_cuts(const char *path, size_t length)
{
	static const char *const outcomes[] = {"end", "failed", "refused"};
	char *content = malloc(length + 1);
	FILE *stream = fopen(path, "rb");
	int descriptor = memfd_create("cut", 0);
	char descriptor_path[64];
	snprintf(descriptor_path, sizeof descriptor_path, "/proc/self/fd/%d", descriptor);
	if (!content || !stream || descriptor < 0 || fread(content, 1, length, stream) != length) {
		fprintf(stderr, "count_syns: %s: cannot read %zu bytes of it\n", path, length);
		return 1;
	}
	fclose(stream);
	for (size_t cut = 0; cut < length; cut++) {
		if (ftruncate(descriptor, 0) != 0 ||
		    pwrite(descriptor, content, cut, 0) != (ssize_t)cut) {
			perror("count_syns: the cut file");
			return 1;
		}
		struct count count = count_file(descriptor_path);
		printf("%zu %" PRIu64 " %" PRIu64 " %s\n", cut, count.packets, count.syns,
		       outcomes[count.outcome]);
		/* A failure without a reason is no clear error. */
		if (count.outcome != COUNT_END && strlen(count.failure.text) < 10) {
			fprintf(stderr, "count_syns: %s: cut at %zu: no reason given\n", path, cut);
			return 1;
		}
	}
	close(descriptor);
	free(content);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "--cuts") == 0) {
		unsigned long length = strtoul(argv[2], NULL, 10);
		return length <= CAPTURE_LIMIT ? count_cuts(argv[3], length) : 2;
	}
	if (argc != 2) {
		fprintf(stderr, "usage: count_syns [--cuts LENGTH] FILE\n");
		return 2;
	}
	struct count count = count_file(argv[1]);
	printf("packets %" PRIu64 "\nsyn %" PRIu64 "\n%s\n", count.packets, count.syns,
	       count.outcome == COUNT_END ? "end" : "failed");
	if (count.outcome != COUNT_END)
		return failure_report(&count.failure);
	return 0;
}
