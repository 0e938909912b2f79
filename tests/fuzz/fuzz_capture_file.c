/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a capture file: pcap, pcapng or anything else, plain or compressed. */
#include "../../observer/capture_file.h"

#include "../unit/captures.h"
#include "harness.h"

#include <zlib.h>
#include <zstd.h>

/* Compressed data may unpack to far more than itself. */
#define PACKETS_MAX 100000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int descriptor = memory_file(data, size, path);
	struct failure failure = {0};
	struct capture_file *file;
	if (capture_file_open(&file, path, &failure) == 0) {
		struct capture_packet packet;
		enum capture_next next = CAPTURE_PACKET;
		unsigned sum = 0;
		uint64_t number = 0;
		while (number < PACKETS_MAX &&
		       (next = capture_file_next(file, &packet, &failure)) == CAPTURE_PACKET) {
			promise(packet.number == ++number);
			promise(packet.captured_length <= 262144 + 65536);
			/* Within the years that a time can be of, and far from an overflow. */
			promise(packet.time_us < INT64_MAX / 16 && packet.time_us > INT64_MIN / 16);
			for (uint32_t i = 0; i < packet.captured_length; i++)
				sum += packet.bytes[i];
		}
		promise((next == CAPTURE_FAILED) == (failure.status != EXIT_DONE));
		promise(capture_file_consumed(file) <= size);
		promise(sum <= UINT32_MAX);
		capture_file_close(file);
	} else {
		promise(failure.status == EXIT_FAILED && failure.text[0] && !file);
	}
	close(descriptor);
	return 0;
}

static void put_pcap(struct octets *file, uint32_t magic)
{
	put_pcap_header(file, magic, 1);
	for (uint32_t i = 0; i < 4; i++)
		put_pcap_record(file, magic, 1203465600 + i, i, "0123456789abcdef", 4 * i);
}

static void put_pcapng(struct octets *file)
{
	put_section(file);
	put_interface(file, 1, 9, 0);
	put_interface(file, 113, -1, 3600);
	put_enhanced(file, 0, UINT64_C(1203465600000000000), "0123456789", 10);
	put_simple(file, "0123456789", 9);
	put_old_packet(file, 1, UINT64_C(1203465600000000), "0123456789", 8);
	put_enhanced(file, 1, UINT64_C(1203465600000000), "", 0);
}

static void compress_seed(struct octets *seed, bool zstandard)
{
	struct octets plain = *seed;
	*seed = (struct octets){0};
	if (zstandard) {
		seed->length = ZSTD_compress(seed->bytes, sizeof seed->bytes, plain.bytes,
					     plain.length, 3);
		promise(!ZSTD_isError(seed->length));
		return;
	}
	z_stream stream = {0};
	promise(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	stream.next_in = plain.bytes;
	stream.avail_in = (uInt)plain.length;
	stream.next_out = seed->bytes;
	stream.avail_out = sizeof seed->bytes;
	promise(deflate(&stream, Z_FINISH) == Z_STREAM_END);
	seed->length = stream.total_out;
	deflateEnd(&stream);
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const uint32_t magics[] = {PCAP_MICROSECONDS, PCAP_NANOSECONDS, PCAP_MODIFIED};

	*seed = (struct octets){.little = number % 2};
	if (number < 6)
		put_pcap(seed, magics[number / 2]);
	else if (number < 10)
		put_pcapng(seed);
	else if (number < 12)
		put_pcap(seed, PCAP_MICROSECONDS);
	else
		return false;
	if (number >= 8)
		compress_seed(seed, number % 2);
	return true;
}
