/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/packet_writer.h"
#include "../../analysis/simulated_traffic.h"

#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RETIRED INT64_C(1203465600)
#define DAY	86400

static unsigned word_at(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* One's complement addition is addition modulo 65535: a block with its checksum in place is a
 * multiple of it. Another way than the one under test, which folds carries. */
static unsigned modulo_65535(const uint8_t *bytes, size_t length)
{
	unsigned long sum = 0;
	for (size_t i = 0; i < length; i++)
		sum += (unsigned long)bytes[i] << (i % 2 ? 0 : 8);
	return (unsigned)(sum % 65535);
}

static void checksum_of_the_example_of_rfc_1071(void **state)
{
	(void)state;
	const uint8_t example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
	assert_int_equal(internet_checksum(example, sizeof example, 0), (uint16_t)~0xddf2);
	/* An odd length is padded with a zero byte. */
	assert_int_equal(
		internet_checksum(example, 7, 0),
		internet_checksum((const uint8_t[]){0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0}, 8, 0));
}

/* Every option lies within the header, which ends with the last one. */
static void assert_options(const uint8_t *tcp)
{
	size_t header = (size_t)(tcp[12] >> 4) * 4, at = 20;
	while (at < header) {
		size_t length = tcp[at] == 1 ? 1 : tcp[at + 1];
		assert_true(tcp[at] >= 1 && length >= 1);
		at += length;
	}
	assert_int_equal(at, header);
}

static void assert_frame(const struct packet *packet)
{
	uint8_t frame[FRAME_SIZE_MAX];
	size_t length = packet_frame(packet, frame);
	const uint8_t *ip = frame + 14;
	size_t total = word_at(ip + 2);
	assert_true(length >= 60 && length <= sizeof frame);
	assert_int_equal(word_at(frame + 12), 0x0800);
	assert_int_equal(ip[0], 0x45);
	assert_true(total + 14 == length || (total + 14 < 60 && length == 60));
	assert_int_equal(modulo_65535(ip, 20), 0);
	/* Addresses, protocol and length of the pseudo header, then the payload. */
	uint8_t checked[12 + FRAME_SIZE_MAX] = {0};
	size_t payload = total - 20, head = ip[9] == 1 ? 0 : 12;
	if (head) {
		memcpy(checked, ip + 12, 8);
		checked[9] = ip[9];
		checked[10] = (uint8_t)(payload >> 8);
		checked[11] = (uint8_t)payload;
	}
	memcpy(checked + head, ip + 20, payload);
	assert_int_equal(modulo_65535(checked, head + payload), 0);
	if (ip[9] == 6)
		assert_options(ip + 20);
	if (ip[9] == 17)
		assert_int_equal(word_at(ip + 24), payload);
	if (ip[9] == 1)
		assert_int_equal(modulo_65535(ip + 28, 20), 0);
}

static void frames_of_every_kind_are_well_formed(void **state)
{
	(void)state;
	struct random_stream random;
	random_stream_begin(&random, 1, 0);
	for (int round = 0; round < 20000; round++) {
		struct packet packet = {
			.source = (uint32_t)random_bits(&random),
			.destination = (uint32_t)random_bits(&random),
			.sequence = (uint32_t)random_bits(&random),
			.acknowledgement = (uint32_t)random_bits(&random),
			.timestamp = (uint32_t)random_bits(&random),
			.payload_seed = random_bits(&random),
			.source_port = (uint16_t)random_bits(&random),
			.destination_port = (uint16_t)random_bits(&random),
			.identification = (uint16_t)random_bits(&random),
			.window = (uint16_t)random_bits(&random),
			.segment_size = 1460,
			.payload_length = (uint16_t)random_below(&random, PACKET_PAYLOAD_MAX + 1),
			.time_to_live = (uint8_t)random_bits(&random),
			.window_scale = 7,
			.payload = (uint8_t)random_below(&random, PAYLOAD_SQL_DISCOVERY + 1),
			.kind = (uint8_t)random_below(&random, PACKET_ICMP_UNREACHABLE + 1),
			.options = (uint8_t)random_below(&random, OPTIONS_LINUX + 1),
		};
		assert_frame(&packet);
	}
}

static void every_source_has_an_address_of_its_own_in_the_benchmark_range(void **state)
{
	(void)state;
	uint8_t *seen = calloc(SIMULATED_SOURCES, 1);
	for (uint32_t i = 0; i < SIMULATED_SOURCES; i++) {
		uint32_t address = simulated_source(i);
		assert_true(address >= 0xc6120000 && address <= 0xc613ffff);
		assert_true(simulated_source_range(address));
		assert_int_equal(seen[address - 0xc6120000]++, 0);
	}
	assert_false(simulated_source_range(0xc611ffff));
	assert_false(simulated_source_range(0xc6140000));
	free(seen);
}

/* Writes a run into memory; the caller frees. */
static char *written(const char *client, enum host_policy policy, int64_t retired, int64_t days,
		     uint64_t seed, enum output_format format, size_t *size, uint64_t *syn)
{
	struct failure failure = {0};
	struct simulated_traffic traffic;
	struct simulation simulation = {client_parameters_published(client), policy, retired,
					days * DAY, seed};
	char *bytes = NULL;
	FILE *stream = open_memstream(&bytes, size);
	struct packet_writer writer;
	struct packet packet;
	assert_int_equal(simulated_traffic_begin(&traffic, &simulation, &failure), 0);
	packet_writer_begin(&writer, stream, format, retired, retired + days * DAY,
			    simulation.client->port, false);
	while (simulated_traffic_next(&traffic, &packet))
		packet_writer_add(&writer, &packet);
	packet_writer_end(&writer);
	simulated_traffic_free(&traffic);
	*syn = writer.syn;
	fclose(stream);
	return bytes;
}

/* libpcap reads the capture; its records go back into 5-minute counts. */
static void capture_and_csv_hold_the_same_counts(void **state)
{
	(void)state;
	enum { DAYS = 3, BUCKETS = DAYS * 288 };
	uint64_t syn, syn_again, sum = 0;
	size_t size, csv_size;
	unsigned count[BUCKETS] = {0};
	char message[PCAP_ERRBUF_SIZE];
	char *capture = written("share", POLICY_DROP, RETIRED, DAYS, 4, OUTPUT_PCAP, &size, &syn);
	pcap_t *reader = pcap_fopen_offline(fmemopen(capture, size, "r"), message);
	assert_non_null(reader);
	assert_int_equal(pcap_datalink(reader), DLT_EN10MB);
	struct pcap_pkthdr *head;
	const u_char *frame;
	int64_t first = 0, last = 0;
	while (pcap_next_ex(reader, &head, &frame) == 1) {
		int64_t us = (int64_t)head->ts.tv_sec * 1000000 + head->ts.tv_usec;
		assert_true(us >= last && head->ts.tv_usec < 1000000);
		assert_int_equal(head->caplen, head->len);
		first = first ? first : us;
		last = us;
		if (frame[23] == 6 && (frame[47] & 0x12) == 2 && word_at(frame + 36) == 13456)
			count[(head->ts.tv_sec - RETIRED) / 300]++;
	}
	pcap_close(reader);
	free(capture);
	assert_in_range(first / 1000000, RETIRED, RETIRED);
	assert_int_equal(last / 1000000, RETIRED + DAYS * DAY - 1);

	char *csv =
		written("share", POLICY_DROP, RETIRED, DAYS, 4, OUTPUT_CSV, &csv_size, &syn_again);
	char *line = strtok(csv, "\n");
	assert_string_equal(line, "bucket_start_unix,syn,observed_seconds");
	for (int i = 0; i < BUCKETS; i++) {
		char expected[64];
		snprintf(expected, sizeof expected, "%lld,%u,300", (long long)RETIRED + 300 * i,
			 count[i]);
		line = strtok(NULL, "\n");
		assert_string_equal(line, expected);
		sum += count[i];
	}
	assert_null(strtok(NULL, "\n"));
	assert_int_equal(sum, syn);
	assert_int_equal(syn, syn_again);
	free(csv);
}

static void a_period_off_the_bucket_boundary_has_two_part_buckets(void **state)
{
	(void)state;
	size_t size;
	uint64_t syn, sum = 0;
	char *csv = written("winny", POLICY_DROP, RETIRED + 100, 1, 1, OUTPUT_CSV, &size, &syn);
	long long start, expected = RETIRED, observed_sum = 0;
	unsigned count, observed = 0;
	int rows = 0;
	for (char *line = strchr(csv, '\n') + 1; *line; line = strchr(line, '\n') + 1, rows++) {
		assert_int_equal(sscanf(line, "%lld,%u,%u\n", &start, &count, &observed), 3);
		assert_int_equal(start, expected);
		assert_int_equal(observed, rows == 0 ? 200 : rows == 288 ? 100 : 300);
		expected += 300;
		observed_sum += observed;
		sum += count;
	}
	assert_int_equal(rows, 289);
	assert_int_equal(observed_sum, DAY);
	assert_int_equal(sum, syn);
	free(csv);
}

static void the_same_seed_makes_the_same_bytes_and_another_does_not(void **state)
{
	(void)state;
	size_t size[3];
	uint64_t syn;
	char *bytes[3];
	for (int i = 0; i < 3; i++)
		bytes[i] = written("skype", POLICY_RST, RETIRED, 2, i < 2 ? 9 : 10, OUTPUT_PCAP,
				   &size[i], &syn);
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(bytes[0], bytes[1], size[0]);
	assert_false(size[0] == size[2] && memcmp(bytes[0], bytes[2], size[0]) == 0);
	for (int i = 0; i < 3; i++)
		free(bytes[i]);
}

/* The bytes are part of the interface: whoever names client, seed and options names a capture.
 * This changes when a client's parameters or the order of random numbers do, and never between
 * compilers or machines. */
static void the_bytes_of_a_seed_are_the_same_on_every_machine(void **state)
{
	(void)state;
	size_t size;
	uint64_t syn, hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	char *bytes = written("winny", POLICY_DROP, RETIRED, 30, 1, OUTPUT_PCAP, &size, &syn);
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (uint8_t)bytes[i]) * UINT64_C(0x100000001b3);
	free(bytes);
	assert_int_equal(hash, UINT64_C(0x7b0b0be2fbddd84f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksum_of_the_example_of_rfc_1071),
		cmocka_unit_test(frames_of_every_kind_are_well_formed),
		cmocka_unit_test(every_source_has_an_address_of_its_own_in_the_benchmark_range),
		cmocka_unit_test(capture_and_csv_hold_the_same_counts),
		cmocka_unit_test(a_period_off_the_bucket_boundary_has_two_part_buckets),
		cmocka_unit_test(the_same_seed_makes_the_same_bytes_and_another_does_not),
		cmocka_unit_test(the_bytes_of_a_seed_are_the_same_on_every_machine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
